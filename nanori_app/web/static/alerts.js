/* The list of alerts is read again when it changes, at most once a second; the focus stays where it was. */
import { listen } from "/static/nanori/js/live.js";

let due;

async function readAgain() {
  due = undefined;
  const answer = await fetch("/alerts", { headers: { "HX-Request": "true" } });
  if (!answer.ok) return;
  const list = document.getElementById("alerts");
  const focused = list.contains(document.activeElement) ? document.activeElement.id : "";
  list.innerHTML = await answer.text();
  if (focused) document.getElementById(focused)?.focus();
}

function soon() {
  due ??= setTimeout(readAgain, 1000);
}

listen("alerts", soon);
listen("refresh", soon);
