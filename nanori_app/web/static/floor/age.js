/* Says how old the page is as soon as that matters: a board that stands still must not look alive. */
import { listen } from "/static/nanori/js/live.js";
import { say } from "./words.js";

const STALE_MS = 8000;
const TICK_MS = 1000;
let read = Date.now();
let live = true;
let failing = false;

export function startAge() {
  document.addEventListener("board-change", () => { read = Date.now(); failing = false; show(); });
  document.addEventListener("board-failed", ({ detail }) => { failing = true; if (detail.isSignedOut) leave(); });
  listen("state", (state) => { live = state === "open"; show(); });
  listen("signed-out", leave);
  setInterval(show, TICK_MS);
}

function show() {
  const old = Date.now() - read > STALE_MS && (failing || !live);
  const mark = document.getElementById("floor-live");
  if (!mark) return;
  mark.dataset.state = old ? "old" : live && !failing ? "open" : "lost";
  document.body.toggleAttribute("data-stale", old);
  const time = new Date(read).toLocaleTimeString(document.documentElement.lang, { hour12: false });
  const words = mark.querySelector("[data-said]");
  words.dataset.live ??= words.textContent;
  words.textContent = old ? say("old", { time }) : words.dataset.live;
}

function leave() {
  location.assign(`/login?next=${encodeURIComponent(location.pathname)}`);
}
