/* The presence control: ready, a break with its reason, off duty. */
import { ask } from "/static/nanori/js/ask.js";
import { attempt, preparePhone } from "./calls.js";
import { tab } from "./facts.js";
import { refresh } from "./panel.js";
import { tryRinging } from "./ring.js";
import { takeSeat } from "./seat.js";

export function startPresence() {
  document.addEventListener("click", ({ target }) => {
    const on = (selector) => target.closest(selector);
    if (on("[data-presence]")) choose(on("[data-presence]"));
    if (on("[data-answer-by]")) answerBy(on("[data-answer-by]"));
    if (on("[data-open-breaks]")) openMenu("[data-first]");
    if (on("[data-open-escalate]")) openAsking();
    if (on("[data-try-ring]")) tryRinging();
    if (on("[data-take-seat]")) attempt(on("[data-take-seat]"), takeSeat);
  });
  document.addEventListener("keydown", walk);
  document.addEventListener("desk-change", preparePhone);
}

/* Who is free is read anew while the list is open. */
function openAsking() {
  document.getElementById("escalate")?.showModal();
  refresh().catch(() => {});
}

export function openMenu(first) {
  const menu = document.getElementById("presence-menu");
  menu.showPopover();
  menu.querySelector(first ?? "button")?.focus();
}

function choose(button) {
  document.getElementById("presence-menu").hidePopover();
  const { presence, reason } = button.dataset;
  attempt(button, () => ask("/desk/presence", { state: presence, reason: reason ?? null, tab: tab.name }));
}

/* With the browser's headset or the agent's own telephone; `then` takes calls at once. */
function answerBy(button) {
  document.getElementById("presence-menu").hidePopover();
  const { answerBy: by, then } = button.dataset;
  attempt(button, async () => {
    await ask("/desk/answering", { by, tab: tab.name });
    if (then) await ask("/desk/presence", { state: then, tab: tab.name });
  });
}

/* Arrows walk through the open menu. */
function walk(event) {
  const menu = document.getElementById("presence-menu");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !menu.matches(":popover-open")) return;
  const buttons = [...menu.querySelectorAll("button, a")];
  const next = (buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length;
  event.preventDefault();
  buttons[next].focus();
}
