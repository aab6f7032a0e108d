/* The script's editor: what a row shows follows its kind, targets follow the steps, and drafts save themselves. */
import { startAutosave } from "./autosave.js";
import { startTargets } from "./targets.js";

document.addEventListener("change", ({ target }) => {
  const row = target.dataset.kindOf && target.closest(target.dataset.kindOf);
  if (row) row.dataset.kind = target.value;
});

/* Words that the shop has approved are changed on purpose only. */
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-unlock]");
  if (!button) return;
  const words = button.closest("[data-step-row]").querySelector('[name="step-say"]');
  words.readOnly = false;
  words.focus();
  button.remove();
});

/* Alt with an arrow moves the step in which the hands are. */
document.addEventListener("keydown", (event) => {
  const up = event.key === "ArrowUp";
  if (!event.altKey || !(up || event.key === "ArrowDown")) return;
  const step = event.target.closest("[data-step-row]");
  if (!step) return;
  event.preventDefault();
  const focused = document.activeElement;
  step.querySelector(up ? "[data-move-up]" : "[data-move-down]")?.click();
  focused.focus();
});

const form = document.querySelector("[data-script]");
startTargets();
if (form) startAutosave(form);
