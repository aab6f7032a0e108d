/* The talk script: all steps in sight, one open; where the talk stands survives a reload. */
import { facts } from "./facts.js";
import { say } from "./words.js";

export function startSteps() {
  document.addEventListener("click", ({ target }) => {
    const title = target.closest("[data-step-open]");
    if (title) open(Number(title.closest(".step").dataset.step));
    const move = target.closest("[data-step-move]");
    if (move) open(current() + Number(move.dataset.stepMove));
  });
  document.addEventListener("keydown", onEnter);
  document.addEventListener("input", markDone);
  document.addEventListener("desk-change", restore);
  restore();
}

/* Enter goes on to the next field, at the last one of a step to the next step. */
function onEnter(event) {
  if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey) return;
  if (!event.target.matches?.("[data-captured]")) return;
  event.preventDefault();
  const fields = [...event.target.closest(".step").querySelectorAll("[data-captured]")];
  const next = fields[fields.indexOf(event.target) + 1];
  if (next) {
    next.focus();
    return;
  }
  open(current() + 1);
  const step = document.querySelector('.step[aria-current="step"]');
  (step.querySelector("[data-captured]") ?? step.querySelector("[data-step-open]")).focus();
}

function steps() {
  return [...document.querySelectorAll(".step")];
}

function current() {
  return Number(document.querySelector('.step[aria-current="step"]')?.dataset.step ?? 1);
}

function open(number) {
  const wanted = Math.min(Math.max(number, 1), steps().length);
  if (facts().interaction) sessionStorage[`nanori-step ${facts().interaction}`] = wanted;
  draw(wanted);
}

function restore() {
  if (!steps().length) return;
  draw(Number(sessionStorage[`nanori-step ${facts().interaction}`] ?? 1));
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
