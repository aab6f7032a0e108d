/* Follows the live news: reads again when something happens, when an alarm falls due, and when news may be lost. */
import { isLive, listen } from "/static/nanori/js/live.js";
import { atOnce, facts, readFrom, soon } from "./board.js";

const NEWS = ["call", "callback", "presence", "waiting", "refresh"];
const WITHOUT_NEWS_MS = 5000;
const ANYWAY_MS = 60000;
const AFTER_FAILURE_MS = 3000;
const AFTER_ALARM_MS = 50;
const LONGEST_TIMER_MS = 86400000;
let next;

export function follow(address) {
  readFrom(address);
  for (const news of NEWS) listen(news, soon);
  listen("state", (state) => state === "open" && soon());
  document.addEventListener("board-change", waitForAlarm);
  document.addEventListener("board-failed", () => setTimeout(soon, AFTER_FAILURE_MS));
  document.addEventListener("visibilitychange", () => document.hidden || atOnce());
  addEventListener("online", atOnce);
  setInterval(() => isLive() || soon(), WITHOUT_NEWS_MS);
  setInterval(soon, ANYWAY_MS);
  waitForAlarm();
}

/* An alarm about a wait or a long call needs no news: it comes with time alone. */
function waitForAlarm() {
  clearTimeout(next);
  const { next: at, now } = facts();
  if (!at) return;
  const wait = Date.parse(at) - Date.parse(now) + AFTER_ALARM_MS;
  next = setTimeout(soon, Math.min(wait, LONGEST_TIMER_MS));
}
