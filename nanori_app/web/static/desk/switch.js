/* A call for another shop than the one before: its name takes the screen's whole width, and nobody can answer
   before it has been in sight for a moment. Hands that answer by habit would say the other name. */
import { facts } from "./facts.js";
import { announce, say } from "./words.js";

const SEEN_MS = 1300;
let offer = "";
let timer;

export function startSwitch() {
  document.addEventListener("visibilitychange", look);
  look();
}

/* Has the new name been in sight, or is there none to see? */
export function isSeen() {
  return !("switching" in document.body.dataset);
}

/* What rings now, and has it been seen? Time counts only while the page is in sight. */
export function look() {
  const now = facts();
  const switched = now.mode === "ringing" && Boolean(now.from);
  if (!switched) {
    offer = "";
    done();
  } else if (now.offer !== offer) {
    offer = now.offer;
    document.body.dataset.switching = "";
    announce(say("switched", { shop: now.name, before: now.from }));
  }
  clearTimeout(timer);
  if (!isSeen() && !document.hidden) timer = setTimeout(done, SEEN_MS);
}

function done() {
  delete document.body.dataset.switching;
}
