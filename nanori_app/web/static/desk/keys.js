/* One key for each frequent act. Never while somebody types, never while a dialog is open. */
import { facts } from "./facts.js";
import { openMenu } from "./presence.js";

const TYPING = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";
const ACTING = "button, a[href], summary, [role=button]";

export function startKeys() {
  document.addEventListener("keydown", pressed);
}

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
  const inField = event.target.closest?.(TYPING);
  const isOpen = document.querySelector("dialog[open], :popover-open");
  if (event.key === "Escape") escape(inField, isOpen);
  if (inField || isOpen) return;
  const key = event.key.normalize("NFKC").toLowerCase();
  const target = targetOf(key, event);
  if (!target || target.disabled) return;
  event.preventDefault();
  press(target);
}

/* Out of the field first; only with empty hands it refuses what rings. */
function escape(inField, isOpen) {
  if (isOpen) return;
  if (inField) inField.blur();
  else document.getElementById("do-refuse")?.click();
}

function targetOf(key, event) {
  if (key === "enter") {
    const free = facts().mode === "ringing" && !event.target.closest?.(ACTING);
    return free ? document.getElementById("do-answer") : null;
  }
  if (/^[1-9]$/.test(key)) return document.querySelector(`[data-digit="${key}"]`);
  if (key === "?" && event.target.matches?.("[type=radio]")) return document.getElementById("do-keys");
  return /^[a-z!]$/.test(key) ? document.querySelector(`[data-press="${key}"]`) : null;
}

function press(target) {
  if (target.id === "presence") {
    openMenu();
    return;
  }
  if (target.matches("textarea, [type=radio]")) target.focus();
  if (!target.matches("textarea")) target.click();
}
