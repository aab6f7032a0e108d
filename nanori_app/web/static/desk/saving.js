/* What is typed is kept: at once in this tab, soon on the server, again and again until it is there. */
import { ask } from "/static/nanori/js/ask.js";
import { facts } from "./facts.js";
import { announce, say } from "./words.js";

const PAUSE_MS = 600;
const SLOWEST_MS = 15000;
const STORED = "nanori-draft ";
const drafts = new Map();

/* Text of one field on its way to the server. `field` is empty for the notes. */
class Draft {
  constructor(path, field) {
    this.path = path;
    this.field = field;
    this.store = `${STORED}${path} ${field}`;
    this.tries = 0;
  }

  change(value) {
    this.value = value;
    this.dirty = true;
    sessionStorage[this.store] = value;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE_MS);
  }

  /* Send until the newest text has arrived. True when it has. */
  async save() {
    clearTimeout(this.timer);
    if (this.busy) return this.busy;
    if (!this.dirty) return true;
    this.busy = this.#send().finally(() => { this.busy = undefined; });
    const arrived = await this.busy;
    return arrived && this.dirty ? this.save() : arrived;
  }

  async #send() {
    const value = this.value;
    this.#show("saving");
    try {
      await ask(this.path, this.field ? { key: this.field, value } : { notes: value });
    } catch (refusal) {
      this.#failed(refusal);
      return false;
    }
    this.tries = 0;
    if (this.value === value) this.forget();
    this.#show("saved", { time: new Date().toLocaleTimeString("ja-JP") });
    return true;
  }

  #failed(refusal) {
    if (refusal.mayPass || refusal.isSignedOut) {
      this.#show("unsaved");
      this.timer = setTimeout(() => this.save(), Math.min(1000 * 2 ** this.tries++, SLOWEST_MS));
    } else {
      this.#show("refused", { why: refusal.message });
    }
  }

  forget() {
    clearTimeout(this.timer);
    this.dirty = false;
    delete sessionStorage[this.store];
  }

  /* A part that was drawn anew has lost the sentence. */
  showAgain() {
    if (this.said) this.#show(...this.said);
  }

  #show(state, values) {
    this.said = [state, values];
    if (!this.path.includes(facts().interaction)) return;
    const place = document.querySelector(`[data-saved="${this.field ? "captured" : "notes"}"]`);
    if (!place) return;
    place.textContent = say(state, values);
    const bad = state === "unsaved" || state === "refused";
    place.dataset.kind = bad ? "bad" : "";
    if (bad) announce(place.textContent);
  }
}

export function startSaving() {
  document.addEventListener("input", ({ target }) => typed(target));
  document.addEventListener("change", ({ target }) => tidied(target));
  document.addEventListener("desk-change", bringBack);
  addEventListener("online", saveAll);
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(STORED)) restore(...key.slice(STORED.length).split(" "), sessionStorage[key]);
  }
  bringBack();
}

/* Everything typed has reached the server: true, or false when something has not. */
export async function saveAll() {
  const arrived = await Promise.all([...drafts.values()].map((draft) => draft.save()));
  return arrived.every(Boolean);
}

/* Captured values in the shape in which the server keeps them, where nothing newer is being typed. */
export function showKept(values) {
  for (const field of document.querySelectorAll("[data-captured]")) {
    const value = values[field.dataset.captured];
    if (value === undefined || field === document.activeElement) continue;
    if (!drafts.get(`${pathOf(field)} ${field.dataset.captured}`)?.dirty) field.value = value;
  }
}

/* The notes went along with something else. */
export function notesAreSaved(interaction) {
  drafts.get(`/interactions/${interaction}/notes `)?.forget();
}

function typed(field) {
  const path = pathOf(field);
  if (path && !field.readOnly) draft(path, field.dataset.captured ?? "").change(field.value);
}

/* Numbers are wanted in half-width figures, however the keyboard stands. */
function tidied(field) {
  if (!["phone", "order_number"].includes(field.dataset?.kind)) return;
  const tidy = field.value.normalize("NFKC").trim();
  if (tidy === field.value) return;
  field.value = tidy;
  typed(field);
}

function pathOf(field) {
  const { interaction } = facts();
  if (!interaction) return null;
  if (field.matches?.("[data-notes]")) return `/interactions/${interaction}/${field.dataset.notes}`;
  return field.matches?.("[data-captured]") ? `/interactions/${interaction}/captured` : null;
}

function draft(path, field) {
  const key = `${path} ${field}`;
  if (!drafts.has(key)) drafts.set(key, new Draft(path, field));
  return drafts.get(key);
}

function restore(path, field, value) {
  const found = draft(path, field);
  found.value = value;
  found.dirty = true;
  found.save();
}

/* After a reload the fields show what was typed last, even if the server has not got it yet. */
function bringBack() {
  for (const field of document.querySelectorAll("[data-notes], [data-captured]")) {
    const found = drafts.get(`${pathOf(field)} ${field.dataset.captured ?? ""}`);
    if (found?.dirty && field.value !== found.value) field.value = found.value;
    const place = document.querySelector(`[data-saved="${field.dataset.captured ? "captured" : "notes"}"]`);
    if (place?.textContent === "") found?.showAgain();
  }
}
