/* The form for a call that the agent makes. */
import { ask } from "/static/nanori/js/ask.js";
import { attempt, dialIn } from "./calls.js";
import { isMine, tab } from "./facts.js";

export function startCallOut() {
  document.addEventListener("click", ({ target }) => {
    if (target.closest("[data-open-callout]")) open();
    if (target.closest("[data-close-callout]")) form().closest("dialog").close();
  });
  document.addEventListener("submit", (event) => {
    if (event.target.id !== "callout-form") return;
    event.preventDefault();
    complain("");
    attempt(event.submitter, call);
  });
  document.addEventListener("desk-change", openAtOnce);
}

function form() {
  return document.getElementById("callout-form");
}

function open() {
  complain("");
  form()?.closest("dialog").showModal();
}

/* The agent came from a page about a shopper: the form is filled in and only asks to be sent. */
function openAtOnce() {
  const dialog = document.querySelector("#callout[data-open-now]");
  if (!dialog || !isMine()) return;
  delete dialog.dataset.openNow;
  history.replaceState(null, "", location.pathname);
  open();
}

/* What is wrong with the number is said beside it; every other refusal goes where refusals go. */
async function call() {
  const { shop, to, about } = Object.fromEntries(new FormData(form()));
  try {
    const { leg } = await ask(`/shops/${shop}/calls`, { to, about, tab: tab.name });
    form().closest("dialog").close();
    form().reset();
    await dialIn(leg);
  } catch (refusal) {
    if (!refusal.fields?.to) {
      form()?.closest("dialog").close();
      throw refusal;
    }
    complain(refusal.fields.to);
  }
}

function complain(text) {
  const field = document.getElementById("callout-to");
  if (!field) return;
  const error = document.getElementById("callout-error");
  error.querySelector("span").textContent = text;
  error.hidden = !text;
  field.toggleAttribute("aria-invalid", Boolean(text));
  if (text) field.focus();
}
