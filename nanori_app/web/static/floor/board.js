/* Keeps the parts of a page up to date: at most two reads a second, however much happens on the floor. */
import { Refusal } from "/static/nanori/js/ask.js";
import { setServerTime } from "/static/nanori_app/desk/clock.js";
import { morph } from "./morph.js";

const GAP_MS = 500;
const HIDDEN_GAP_MS = 5000;
let source;
let running;
let timer;
let again = false;
let last = 0;

/* Where the parts come from: a function of no arguments, asked before each read. */
export function readFrom(address) {
  source = address;
  setServerTime(facts().now);
}

export function facts() {
  return document.querySelector('[data-part="facts"]').dataset;
}

/* Something has happened: read as soon as the last read is half a second old. */
export function soon() {
  if (running) again = true;
  if (running || timer !== undefined) return;
  const gap = document.hidden ? HIDDEN_GAP_MS : GAP_MS;
  timer = setTimeout(atOnce, Math.max(0, last + gap - Date.now()));
}

/* Read now: somebody has asked for something else, or has come back. */
export function atOnce() {
  clearTimeout(timer);
  timer = undefined;
  if (running) {
    again = true;
    return running;
  }
  last = Date.now();
  running = read().then(() => tell("board-change"), (refusal) => tell("board-failed", refusal)).finally(done);
  return running;
}

function done() {
  running = undefined;
  if (!again) return;
  again = false;
  soon();
}

async function read() {
  const answer = await fetch(source(), { headers: { "HX-Request": "true" } }).catch(() => { throw new Refusal(0); });
  const text = await answer.text();
  if (!answer.ok || !text.includes('data-part="facts"')) throw new Refusal(answer.status);
  const page = new DOMParser().parseFromString(text, "text/html");
  for (const fresh of page.querySelectorAll("[data-part]")) {
    const old = document.querySelector(`[data-part="${fresh.dataset.part}"]`);
    if (old) morph(old, fresh);
  }
  setServerTime(facts().now);
}

function tell(event, detail) {
  document.dispatchEvent(new CustomEvent(event, { detail }));
}
