/* What shows the moment moves by itself: when somebody's presence or a queue changes, it is read again, at most once a second. */
import { listen } from "/static/nanori/js/live.js";

let due;

async function readAgain() {
  due = undefined;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-refresh]");
  const shown = document.querySelector("[data-refresh]");
  if (!fresh || !shown || shown.contains(document.activeElement)) return;
  shown.replaceChildren(...fresh.childNodes);
}

function soon() {
  due ??= setTimeout(readAgain, 1000);
}

listen("presence", soon);
listen("waiting", soon);
listen("refresh", soon);
