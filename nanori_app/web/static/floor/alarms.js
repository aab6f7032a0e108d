/* New alarms: said to ears that do not see the page, counted in the tab's title, and heard when that is wanted. */
import { say } from "./words.js";
import { chime } from "./sound.js";

let known = new Set();

export function startAlarms() {
  known = new Set(raised().keys());
  showCount();
  document.addEventListener("board-change", changed);
}

function changed() {
  const now = raised();
  const fresh = [...now].filter(([key]) => !known.has(key));
  known = new Set(now.keys());
  showCount();
  if (!fresh.length) return;
  const urgent = fresh.find(([, row]) => row.classList.contains("is-urgent"));
  const [, row] = urgent ?? fresh[0];
  document.getElementById("floor-said").textContent = say("new", { title: row.dataset.title });
  if (urgent) chime();
}

function raised() {
  const rows = document.querySelectorAll('[data-part="alarms"] [data-row]');
  return new Map([...rows].map((row) => [row.dataset.row, row]));
}

function showCount() {
  const title = `${say("title")} · Nanori`;
  document.title = known.size ? `(${known.size}) ${title}` : title;
}
