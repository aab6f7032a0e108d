/* A notice to the shop's agents: one press says that it has been read, and the next one takes its place. */
import { ask } from "/static/nanori/js/ask.js";
import { refresh } from "./panel.js";
import { notify, say } from "./words.js";

export function startUnread() {
  document.addEventListener("click", clicked);
}

async function clicked(event) {
  const button = event.target.closest("[data-read-notice]");
  if (!button || button.disabled) return;
  button.disabled = true;
  try {
    await ask(button.dataset.readNotice);
    await refresh();
  } catch (refusal) {
    button.disabled = false;
    notify(refusal.message || say("failed"));
  }
}
