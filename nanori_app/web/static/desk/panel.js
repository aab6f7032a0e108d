/* Brings the page up to date: each part that the server draws differently takes the old one's place.

   A part with `data-keep` holds what somebody types. It stays as long as the server names the same key, so that
   no letter and no cursor is lost. After each change the document hears "desk-change" with the facts before. */
import { Refusal } from "/static/nanori/js/ask.js";
import { setServerTime } from "./clock.js";
import { facts, tab } from "./facts.js";

const shown = new Map();
let running;
let again = false;

/* Read the desk anew. Requests in quick succession become one. Throws Refusal. */
export function refresh() {
  again = Boolean(running);
  running ??= read().finally(() => {
    running = undefined;
    if (again) refresh().catch(() => {});
  });
  return running;
}

export function rememberParts() {
  for (const part of document.querySelectorAll("[data-part]")) shown.set(part.dataset.part, markOf(part));
  setServerTime(facts().now);
}

async function read() {
  const address = `/desk/panel?tab=${encodeURIComponent(tab.name)}`;
  const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => { throw new Refusal(0); });
  const text = await answer.text();
  if (!answer.ok || !text.includes('data-part="facts"')) throw new Refusal(answer.status);
  put(new DOMParser().parseFromString(text, "text/html"));
}

function put(page) {
  const before = { ...facts() };
  const focused = document.activeElement?.id;
  for (const fresh of page.querySelectorAll("[data-part]")) putPart(fresh);
  setServerTime(facts().now);
  bringBackFocus(focused);
  document.dispatchEvent(new CustomEvent("desk-change", { detail: before }));
}

function putPart(fresh) {
  const name = fresh.dataset.part;
  const mark = markOf(fresh);
  if (shown.get(name) === mark) return;
  shown.set(name, mark);
  const old = document.querySelector(`[data-part="${name}"]`);
  if (fresh.dataset.keep && fresh.dataset.keep === old.dataset.keep) return;
  const open = old.querySelector(":popover-open")?.id;
  const asking = old.querySelector("dialog[open]")?.id;
  old.replaceWith(fresh);
  if (open) document.getElementById(open)?.showPopover();
  if (asking) document.getElementById(asking)?.showModal();
}

/* Clocks run on by themselves: their figures are no change. */
function markOf(part) {
  const copy = part.cloneNode(true);
  for (const clock of copy.querySelectorAll("[data-since], [data-until]")) clock.textContent = "";
  return copy.outerHTML;
}

function bringBackFocus(id) {
  if (document.activeElement && document.activeElement !== document.body) return;
  const place = (id && document.getElementById(id)) || document.getElementById("main");
  place.focus({ preventScroll: true });
}
