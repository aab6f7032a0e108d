/* What an agent does with a call, and the phone that goes with it. */
import { ask, look } from "/static/nanori/js/ask.js";
import { openSoftphone } from "/static/telephony/softphone.js";
import { facts, isMine, tab } from "./facts.js";
import { refresh } from "./panel.js";
import { notesAreSaved, saveAll } from "./saving.js";
import { isSeen } from "./switch.js";
import { announce, notify, say, withdrawNotice } from "./words.js";

const ARMED_MS = 3000;
const IN_CALL = ["joining", "calling", "talking", "held", "helping"];
const GIVEN_AWAY = ["handover", "transfer"];
let phone;

export function startCalls() {
  document.addEventListener("click", clicked);
  document.addEventListener("submit", submitted);
  addEventListener("beforeunload", (event) => {
    if (phone?.kind === "twilio" && IN_CALL.includes(facts().mode)) event.preventDefault();
  });
}

/* Open the phone before the first call rings, so that answering is quick. */
export async function preparePhone() {
  if (phone || !isMine() || facts().state !== "ready" || byPhone()) return;
  phone = "opening";
  try {
    phone = await openSoftphone({ ask, look });
    phone.on("error", phoneFailed);
  } catch (error) {
    phone = undefined;
    phoneFailed({ kind: "network", message: error.message });
  }
}

/* Do it, say why not, and show how things stand. `button` is busy meanwhile. True when it was done. */
export async function attempt(button, deed) {
  if (button?.getAttribute("aria-busy") === "true") return false;
  button?.setAttribute("aria-busy", "true");
  try {
    await deed();
    withdrawNotice();
    return true;
  } catch (refusal) {
    notify(refusal.message || say("failed"));
    return false;
  } finally {
    await refresh().catch(() => {});
    button?.removeAttribute("aria-busy");
  }
}

function clicked(event) {
  const button = event.target.closest("[data-do]");
  if (!button || button.disabled) return;
  if (button.dataset.do === "acceptance" && !isSeen()) return;
  if ("twice" in button.dataset && event.detail === 0 && !isArmed(button)) return;
  button.closest("dialog")?.close();
  attempt(button, () => deed(button.dataset));
}

/* A key ends a call only when pressed twice: nothing brings a caller back. */
function isArmed(button) {
  if ("armed" in button.dataset) return true;
  const label = button.querySelector("[data-label]");
  const before = label.textContent;
  button.dataset.armed = "";
  label.textContent = say("again");
  announce(label.textContent);
  setTimeout(() => {
    delete button.dataset.armed;
    label.textContent = before;
  }, ARMED_MS);
  return false;
}

async function deed({ do: name, desk, contact }) {
  const { offer, call } = facts();
  if (name === "acceptance") await answer();
  else if (name === "refusal") await ask(`/offers/${offer}/refusal`, { tab: tab.name });
  else await onCall(name, { desk, contact });
}

/* Whoever gets the call reads what was typed until then. */
async function onCall(name, chosen) {
  if (GIVEN_AWAY.includes(name) && !(await saveAll())) throw new Error(say("unsaved"));
  await ask(`/calls/${facts().call}/${name}`, { tab: tab.name, ...chosen });
}

/* Names all that this screen shows: the server refuses when any of it is out of date. */
async function answer() {
  const { offer, call, shop, phrase } = facts();
  const { leg } = await ask(`/offers/${offer}/acceptance`, { tab: tab.name, call, shop, phrase });
  await dialIn(leg);
}

/* Does the agent's own telephone ring instead? Then the browser needs neither microphone nor token. */
function byPhone() {
  return facts().by === "phone";
}

/* The headset into the call that the token names; without one the agent's own telephone rings. */
export async function dialIn(leg) {
  if (!leg) return;
  if (!phone || phone === "opening") phone = await openSoftphone({ ask, look });
  await phone.connect({ leg });
}

/* No phone, no calls: the server takes the agent out of routing, and says on this page what to do. The phone
   is opened anew when the agent takes calls again. */
async function phoneFailed({ kind, message }) {
  const { mode, state } = facts();
  if (!IN_CALL.includes(mode)) phone = undefined;
  if (byPhone()) return;
  if (state !== "ready" && state !== "ringing") {
    notify(kind === "microphone" ? say("microphone") : say("phoneFailed", { why: message }));
    return;
  }
  await ask("/desk/phone-problem", { tab: tab.name, kind }).catch(() => {});
  await refresh().catch(() => {});
}

function submitted(event) {
  if (event.target.id !== "wrapup-form") return;
  event.preventDefault();
  const chosen = event.target.querySelector("[name=reason_id]:checked");
  const first = event.target.querySelector("[name=reason_id]");
  const error = document.getElementById("reason-error");
  if (error) error.hidden = Boolean(chosen);
  if (first && !chosen) {
    first.focus();
    return;
  }
  const next = event.submitter?.value ?? "ready";
  attempt(event.submitter, () => wrapUp(chosen?.value ?? null, next));
}

async function wrapUp(reason, next) {
  const { call, interaction } = facts();
  const field = document.getElementById("notes");
  const isMine = !field.readOnly && field.dataset.notes === "notes";
  const notes = isMine ? { notes: field.value } : {};
  if (!(await saveAll())) throw new Error(say("unsaved"));
  await ask(`/calls/${call}/wrap-up`, { reason_id: reason, ...notes, next });
  notesAreSaved(interaction);
}
