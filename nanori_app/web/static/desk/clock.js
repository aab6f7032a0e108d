/* Running times. `data-since` counts up, `data-until` down; both are the server's times, and so is now. */
const TICK_MS = 250;
let ahead = 0;

/* By how much the server's clock is ahead of this computer's. */
export function setServerTime(iso) {
  ahead = Date.parse(iso) - Date.now();
  tick();
}

export function startClock() {
  tick();
  setInterval(tick, TICK_MS);
}

/* Milliseconds until a time of the server. */
export function left(iso) {
  return Date.parse(iso) - now();
}

function now() {
  return Date.now() + ahead;
}

function tick() {
  for (const clock of document.querySelectorAll("[data-since]")) {
    write(clock, figures(now() - Date.parse(clock.dataset.since)));
  }
  for (const clock of document.querySelectorAll("[data-until]:not([data-part])")) {
    const rest = left(clock.dataset.until);
    if (clock.localName === "progress") clock.value = Math.max(0, rest / 1000);
    else write(clock, figures(rest + 999));
  }
}

function write(clock, text) {
  if (clock.textContent !== text) clock.textContent = text;
}

function figures(milliseconds) {
  const total = Math.max(0, Math.floor(milliseconds / 1000));
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const seconds = String(total % 60).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${seconds}` : `${minutes}:${seconds}`;
}
