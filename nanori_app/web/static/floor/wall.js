/* The wall display: follows the floor, keeps the screen awake, shows the time, fills the screen. */
import { startClock } from "/static/nanori_app/desk/clock.js";
import { startAge } from "./age.js";
import { follow } from "./follow.js";

const TICK_MS = 1000;

function showTime() {
  const clock = document.querySelector("[data-clock]");
  const format = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: clock.dataset.clock };
  clock.textContent = new Date().toLocaleTimeString("en-GB", format);
}

function stayAwake() {
  if (!document.hidden) navigator.wakeLock?.request("screen").catch(() => {});
}

function fillScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen().catch(() => {});
}

startClock();
follow(() => "/floor/wall/parts");
startAge();
showTime();
stayAwake();
setInterval(showTime, TICK_MS);
document.addEventListener("visibilitychange", stayAwake);
document.querySelector("[data-full]").addEventListener("click", fillScreen);
document.addEventListener("keydown", ({ key, ctrlKey, metaKey, altKey }) => {
  if (key === "f" && !ctrlKey && !metaKey && !altKey) fillScreen();
  if (key === "Escape" && !document.fullscreenElement) location.assign("/floor");
});
