/* The talk script: the way that was gone and the way ahead, one step in sight. Where the talk goes and what was
   shown is the server's to say; without an answer the page goes on along the way that it knows. */
import { ask } from "/static/nanori/js/ask.js";
import { facts } from "./facts.js";
import { refresh } from "./panel.js";
import { saveAll, showKept } from "./saving.js";
import { announce, say } from "./words.js";

let told = Promise.resolve();
let begun;

export function startSteps() {
  document.addEventListener("click", ({ target }) => {
    const title = target.closest("[data-step-open]");
    if (title) open(Number(title.closest(".step").dataset.step));
    const move = target.closest("[data-step-move]");
    if (move) move.dataset.stepMove === "1" ? goOn() : open(current() - 1);
    const offer = target.closest("[data-offer]");
    if (offer) tell({ step: keyOf(current()), outcome: offer.dataset.offer });
  });
  document.addEventListener("keydown", onEnter);
  document.addEventListener("input", markDone);
  document.addEventListener("change", ({ target }) => {
    if (target.matches("[data-captured]") && !target.readOnly) tell({ step: keyOf(current()) });
  });
  document.addEventListener("desk-change", restore);
  restore();
}

/* Enter goes on to the next field, at the last one of a step to the next step. */
async function onEnter(event) {
  if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey) return;
  if (!event.target.matches?.("[data-captured]")) return;
  event.preventDefault();
  const fields = [...event.target.closest(".step").querySelectorAll("[data-captured]")];
  const next = fields[fields.indexOf(event.target) + 1];
  if (next) {
    next.focus();
    return;
  }
  await goOn();
  const step = document.querySelector('.step[aria-current="step"]');
  (step.querySelector("[data-captured]") ?? step.querySelector("[data-step-open]")).focus();
}

/* The answers in sight may lead elsewhere than the page knows: the server says where. */
async function goOn() {
  const before = current();
  if (document.querySelector(`.step[data-locked][data-step="${before}"]`)) remind(before);
  else if (!(await tell({ step: keyOf(before), go: "on" }))) draw(clamped(before + 1));
}

function open(number) {
  const reached = clamped(number);
  draw(reached);
  if (reached < number) remind(reached);
  tell({ step: keyOf(current()) });
}

/* One after the other; true when the server has answered and the page shows what it said. */
function tell(fields) {
  if (!document.querySelector("[data-walked]")) return Promise.resolve(false);
  const path = `/interactions/${facts().interaction}/talk`;
  told = told.then(async () => {
    try {
      await saveAll();
      const { values } = await ask(path, fields);
      showKept(values);
      await composed();
      await refresh();
      return true;
    } catch {
      return false;
    }
  });
  return told;
}

/* What is being written with an input method is not disturbed. */
let composing = false;
document.addEventListener("compositionstart", () => { composing = true; });
document.addEventListener("compositionend", () => { composing = false; });

function composed() {
  if (!composing) return undefined;
  return new Promise((done) => { document.addEventListener("compositionend", done, { once: true }); });
}

function steps() {
  return [...document.querySelectorAll(".step")];
}

function keyOf(number) {
  return document.querySelector(`.step[data-step="${number}"]`)?.dataset.stepKey ?? "";
}

/* Nobody comes past words that have to be read out; the server would refuse it, too. */
function clamped(number) {
  const locked = document.querySelector(".step[data-locked]");
  const last = locked ? Number(locked.dataset.step) : steps().length;
  return Math.min(Math.max(number, 1), last);
}

function remind(number) {
  const button = document.getElementById(`step-${number}-read`);
  if (!button) return;
  announce(say("readFirst"));
  button.focus();
}

function current() {
  return Number(document.querySelector('.step[aria-current="step"]')?.dataset.step ?? 1);
}

/* The first step is in sight as soon as there is a caller: that, too, is kept. */
function restore() {
  if (!steps().length) return;
  draw(current());
  const { interaction } = facts();
  if (interaction === begun || !document.querySelector("[data-walked]")) return;
  begun = interaction;
  tell({ step: keyOf(current()) });
}

function draw(number) {
  const all = steps();
  for (const step of all) {
    const isOpen = Number(step.dataset.step) === number;
    if (isOpen) step.setAttribute("aria-current", "step");
    else step.removeAttribute("aria-current");
    step.querySelector("[data-step-open]").setAttribute("aria-expanded", isOpen);
    step.querySelector(".step-body").hidden = !isOpen;
  }
  const said = document.querySelector("[data-step-said]");
  if (said) said.textContent = say("step", { now: number, all: all.length });
  markDone();
}

/* A step is done when the talk is past it and everything that must be asked is there. */
function markDone() {
  const now = current();
  for (const step of steps()) {
    const missing = [...step.querySelectorAll('[data-captured][aria-required="true"]')].some((field) => !field.value);
    step.toggleAttribute("data-done", Number(step.dataset.step) < now && !missing);
  }
}
