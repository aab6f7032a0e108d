/* The agent's desk: puts the parts together and follows the live news. */
import { isLive, listen } from "/static/nanori/js/live.js";
import { startCallOut } from "./callout.js";
import { startCalls, preparePhone } from "./calls.js";
import { left, startClock } from "./clock.js";
import { facts } from "./facts.js";
import { startKeys } from "./keys.js";
import { refresh, rememberParts } from "./panel.js";
import { startPresence } from "./presence.js";
import { prepareSound, startRinging, stopRinging } from "./ring.js";
import { startSaving } from "./saving.js";
import { sitDown } from "./seat.js";
import { startSteps } from "./steps.js";
import { look as lookAtSwitch, startSwitch } from "./switch.js";
import { showFace } from "./tabface.js";
import { startUnread } from "./unread.js";
import { announce, notify, say } from "./words.js";

const WITHOUT_NEWS_MS = 5000;
const AFTER_END_MS = 400;
const SOON_MS = 2000;
const CLOSED = 401;
let expiry;

function changed({ detail: before }) {
  showFace();
  const { mode, until } = facts();
  clearTimeout(expiry);
  if (until) expiry = setTimeout(update, Math.max(SOON_MS, left(until) + AFTER_END_MS));
  lookAtSwitch();
  if (mode === "ringing") rings(before);
  else stopRinging();
  if (mode !== before.mode) announce(document.title);
}

/* The call takes the page: nothing open may hide it, and Enter answers wherever the hands are. */
function rings(before) {
  startRinging();
  if (before.mode === "ringing" && before.offer === facts().offer && before.holder === facts().holder) return;
  document.querySelector("dialog[open]")?.close();
  document.querySelector(":popover-open")?.hidePopover();
  document.getElementById("do-answer")?.focus();
  scrollTo({ top: 0 });
}

async function update() {
  try {
    await refresh();
  } catch (refusal) {
    if (refusal.status === CLOSED) signedOut();
  }
}

function signedOut() {
  stopRinging();
  notify(say("signedOut"), { link: { href: "/login?next=/desk", text: say("signIn") } });
}

rememberParts();
startClock();
showFace();
prepareSound();
startSaving();
startSteps();
startCalls();
startCallOut();
startPresence();
startSwitch();
startKeys();
startUnread();
document.addEventListener("desk-change", changed);
document.addEventListener("visibilitychange", () => document.hidden || update());
listen("desk", update);
listen("refresh", update);
listen("state", update);
listen("signed-out", signedOut);
setInterval(() => isLive() || update(), WITHOUT_NEWS_MS);
addEventListener("online", update);
sitDown().then(preparePhone, (refusal) => refusal.isSignedOut ? signedOut() : notify(refusal.message || say("failed")));
