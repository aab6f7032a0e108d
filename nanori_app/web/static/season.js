/* A season's page: results of test calls appear by themselves, and a form that cannot be sent loses nothing. */
import { listen } from "/static/nanori/js/live.js";

const parts = ["tested", "gate", "moves", "data"];
const PATIENCE = 130_000; // by then the page says of a test call whether it was broken off

async function readAgain() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => undefined);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of parts) {
    const fresh = page.getElementById(id);
    const shown = document.getElementById(id);
    if (fresh && shown && !shown.contains(document.activeElement)) shown.replaceWith(fresh);
  }
}

/* News may have come before the page could hear of it: until all is done it is looked for, too. */
async function waitForResults() {
  const until = Date.now() + PATIENCE;
  while (document.querySelector("[data-testing]") && Date.now() < until) {
    await readAgain();
    await new Promise((resolve) => setTimeout(resolve, 2000));
  }
}

function say(form) {
  const place = document.getElementById("notices");
  const notice = document.createElement("div");
  notice.className = "notice is-bad";
  notice.setAttribute("role", "alert");
  const words = document.createElement("p");
  words.textContent = form.dataset.unsent;
  notice.append(words);
  place?.replaceChildren(notice);
  notice.scrollIntoView({ block: "nearest" });
}

/* Before it is sent the house is asked whether it is there: a dead network leaves what was typed where it is. */
async function sent(event) {
  const form = event.target.closest("form[data-unsent]");
  if (!form || event.defaultPrevented || form.dataset.reached) return;
  event.preventDefault();
  if (form.dataset.asking) return;
  form.dataset.asking = "yes";
  const { submitter } = event;
  try {
    await fetch("/static/nanori/nanori.svg", { cache: "no-store" });
    form.dataset.reached = "yes";
    form.setAttribute("aria-busy", "true");
    form.requestSubmit(submitter);
  } catch {
    form.removeAttribute("aria-busy");
    say(form);
  } finally {
    delete form.dataset.asking;
  }
}

/* Back on this page by the browser's own button: it may be sent once more. */
function shown() {
  for (const form of document.querySelectorAll("form[data-reached]")) {
    delete form.dataset.reached;
    form.removeAttribute("aria-busy");
  }
}

/* What the season brings compared with the figure beside it, rounded up; the gate hears of it as if it were typed. */
function propose(event) {
  const typed = event.target.closest("[data-proposes]");
  if (!typed) return;
  const percent = Number(typed.value);
  const target = document.getElementById(typed.dataset.proposes);
  if (!target || !(percent > 0) || percent > 1000) return;
  target.value = String(Math.ceil((Number(typed.dataset.calls) * percent) / 100));
  target.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("input", propose);
document.addEventListener("submit", sent);
window.addEventListener("pageshow", shown);
listen("season", readAgain);
if (document.querySelector("[data-testing]")) waitForResults();
