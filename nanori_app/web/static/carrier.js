/* The telephone of the demo. The address keeps the call (#CA…/since), so that a reload goes on with it. */
import { ask } from "/static/nanori/js/ask.js";

const eachMs = 1000;
const dial = document.getElementById("dial");
const problem = document.getElementById("carrier-problem");
const drawn = new Map();

function current() {
  const [call = "", since = "0"] = location.hash.slice(1).split("/");
  return { call, since };
}

function choose() {
  history.replaceState(null, "", location.pathname);
  showDial();
  look();
}

function showDial() {
  dial.hidden = current().call !== "";
}

/* Redraw the parts that changed; whoever had the focus keeps it. */
function draw(markup) {
  const page = new DOMParser().parseFromString(markup, "text/html");
  for (const fresh of page.querySelectorAll("[data-part]")) {
    const part = fresh.dataset.part;
    const place = document.querySelector(`[data-part="${part}"]`);
    if (!place || drawn.get(part) === fresh.innerHTML) continue;
    drawn.set(part, fresh.innerHTML);
    replace(place, fresh);
  }
}

function replace(place, fresh) {
  const focused = place.contains(document.activeElement) ? document.activeElement.id : "";
  const open = [...place.querySelectorAll("details[open]")].map((one) => one.id);
  place.replaceChildren(...fresh.childNodes);
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  colour(place);
  if (focused) (document.getElementById(focused) ?? place.querySelector("button"))?.focus();
}

function colour(place) {
  for (const one of place.querySelectorAll("[data-brand]")) {
    one.style.setProperty("--brand", one.dataset.brand);
    one.style.setProperty("--on-brand", one.dataset.onBrand);
  }
}

function say(words) {
  problem.hidden = words === "";
  problem.querySelector("p").textContent = words;
}

async function look() {
  const { call, since } = current();
  const answer = await fetch(`/demo/carrier/lines?call=${encodeURIComponent(call)}&since=${since}`).catch(() => null);
  if (!answer) {
    say(problem.dataset.silent);
    return;
  }
  if (answer.ok) {
    draw(await answer.text());
    say("");
    return;
  }
  if (answer.status === 404 && call) choose();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  say(page.querySelector("[data-problem] p, [data-problem] h1")?.textContent.trim() ?? "");
}

async function place(event) {
  event.preventDefault();
  const error = document.getElementById("from-error");
  error.hidden = true;
  try {
    const { call, since } = await ask("/demo/carrier/calls", Object.fromEntries(new FormData(dial)));
    history.replaceState(null, "", `#${call}/${since}`);
    showDial();
    await look();
    document.getElementById("hang-up")?.focus();
  } catch (refusal) {
    error.textContent = refusal.fields?.from ?? (refusal.message || problem.dataset.silent);
    error.hidden = false;
  }
}

async function act({ sid, deed, digits }) {
  try {
    await ask(`/demo/carrier/legs/${sid}/${deed}`, digits ? { digits } : {});
  } catch (refusal) {
    say(refusal.message);
  }
  await look();
}

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, summary")) return;
  document.querySelector(`.keypad [data-digits="${CSS.escape(event.key)}"]`)?.click();
}

dial.addEventListener("submit", place);
document.addEventListener("keydown", pressed);
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-deed]");
  if (button) act(button.dataset);
  if (event.target.closest("[data-again]")) choose();
});
window.addEventListener("hashchange", () => { showDial(); look(); });
colour(document);
showDial();
look();
setInterval(() => { if (!document.hidden) look(); }, eachMs);
