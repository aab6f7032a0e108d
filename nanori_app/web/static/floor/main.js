/* The supervisor's floor: puts the parts together. */
import { startClock } from "/static/nanori_app/desk/clock.js";
import { startAge } from "./age.js";
import { startAlarms } from "./alarms.js";
import { atOnce } from "./board.js";
import { refreshDrawer, startDrawer } from "./drawer.js";
import { follow } from "./follow.js";
import { startRows } from "./rows.js";
import { startSound } from "./sound.js";
import { startSupervising } from "./supervise.js";

const TYPING_MS = 150;
let typing;

/* What is looked for stays in the address, so that a reload shows the same. */
function parts() {
  const asked = new URLSearchParams(location.search);
  return `/floor/parts?${asked}`;
}

function find() {
  clearTimeout(typing);
  typing = setTimeout(() => {
    const asked = new URLSearchParams(location.search);
    const wanted = document.getElementById("find").value.trim();
    if (wanted) asked.set("find", wanted);
    else asked.delete("find");
    history.replaceState(history.state, "", `/floor${asked.size ? `?${asked}` : ""}${location.hash}`);
    atOnce();
  }, TYPING_MS);
}

startClock();
follow(parts);
startAge();
startSound();
startAlarms();
startRows();
startDrawer();
startSupervising(() => {
  atOnce();
  refreshDrawer();
});
document.addEventListener("input", ({ target }) => target.id === "find" && find());
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-find]")) return;
  event.preventDefault();
  find();
});
