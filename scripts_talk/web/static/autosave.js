/* The draft is kept: at once in this tab, soon on the server, again and again until it is there. */
import { ask } from "/static/nanori/js/ask.js";

const PAUSE_MS = 700;
const SLOWEST_MS = 15000;

export function startAutosave(form) {
  const saver = new Saver(form);
  form.addEventListener("input", () => saver.changed());
  new MutationObserver((changes) => {
    if (changes.some(({ target }) => target.matches("[data-rows]"))) saver.changed();
  }).observe(form.querySelector('[data-rows="step"]'), { childList: true, subtree: true });
  form.addEventListener("submit", () => saver.leave());
  addEventListener("online", () => saver.dirty && saver.save());
  addEventListener("beforeunload", (event) => { if (saver.dirty) event.preventDefault(); });
}

class Saver {
  constructor(form) {
    this.form = form;
    this.tries = 0;
    this.problems = undefined;
  }

  changed() {
    this.dirty = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE_MS);
  }

  leave() {
    clearTimeout(this.timer);
    this.dirty = false;
  }

  async save() {
    clearTimeout(this.timer);
    if (this.busy) return;
    this.busy = true;
    this.dirty = false;
    this.#say("saving");
    try {
      this.#saved(await this.#send());
    } catch (refusal) {
      this.dirty = true;
      this.#failed(refusal);
    } finally {
      this.busy = false;
    }
    if (this.dirty && !this.timer) this.changed();
  }

  async #send() {
    this.timer = undefined;
    return ask(this.form.dataset.script, new URLSearchParams(new FormData(this.form)));
  }

  #saved({ revision, problems }) {
    this.tries = 0;
    this.form.elements.seen.value = revision;
    this.#say("saved", { time: new Date().toLocaleTimeString("ja-JP") });
    show(this.form, problems);
  }

  #failed(refusal) {
    if (refusal.mayPass || refusal.isSignedOut) {
      this.#say("unsaved");
      this.timer = setTimeout(() => this.save(), Math.min(1000 * 2 ** this.tries++, SLOWEST_MS));
    } else {
      this.#say("refused", { why: refusal.message });
      this.timer = -1; // somebody has to look first
    }
  }

  #say(name, values = {}) {
    const place = this.form.querySelector("[data-state]");
    place.textContent = this.form.dataset[name].replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
  }
}

/* Each problem at its own row; rows in which nothing was typed are none for the server. */
function show(form, problems) {
  const steps = [...form.querySelectorAll("[data-step-row]")].filter(isMeant);
  for (const old of form.querySelectorAll("[data-problem]")) old.hidden = true;
  for (const step of steps) step.toggleAttribute("data-wrong", false);
  for (const [place, text] of Object.entries(problems)) {
    const [, number, kind, at] = place.match(/^step-(\d+)(?:-(\w+)-(\d+))?$/) ?? [];
    const step = steps[number];
    if (!step) continue;
    step.toggleAttribute("data-wrong", true);
    const row = kind ? step.querySelectorAll(`[data-${kind}-row]`)[at] : step;
    const said = row?.querySelector("[data-problem]");
    if (!said) continue;
    said.hidden = false;
    said.querySelector("span").textContent = text;
  }
}

function isMeant(step) {
  const typed = ["step-title", "step-say", "step-hint", "step-goods"].some((name) => step.querySelector(`[name="${name}"]`).value.trim());
  return typed || step.querySelector("[data-field-row], [data-wording-row], [data-branch-row]") !== null;
}
