/* Details beside the board. The address keeps what is open behind a #, so that back, reload and bookmarks work. */
import { startForms, fetchDetails, problemOf } from "./forms.js";
import { morph } from "./morph.js";
import { say } from "./words.js";

const MARK = "#/floor/";
const GAP_MS = 500;
const drawer = () => document.getElementById("drawer");
let opener;
let timer;

export function startDrawer() {
  document.addEventListener("click", clicked);
  document.addEventListener("keydown", closeByKey);
  addEventListener("hashchange", show);
  document.addEventListener("board-change", soon);
  startForms(drawer(), put);
  show();
}

function clicked(event) {
  const link = event.target.closest("a[data-drawer]");
  if (event.target.closest("[data-close]")) leave();
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const href = link.getAttribute("href");
  if (!href.startsWith("/floor/")) return;
  event.preventDefault();
  if (!link.closest("#drawer")) opener = link.closest("[data-row]")?.dataset.row;
  location.hash = href;
}

function closeByKey(event) {
  if (event.key !== "Escape" || drawer().hidden || document.querySelector("dialog[open], :popover-open")) return;
  event.preventDefault();
  leave();
}

function leave() {
  history.pushState(null, "", location.pathname + location.search);
  show();
}

async function show() {
  const open = location.hash.startsWith(MARK);
  if (!open) {
    if (drawer().hidden) return;
    drawer().hidden = true;
    drawer().replaceChildren();
    document.querySelector(`[data-row="${CSS.escape(opener ?? "")}"] a`)?.focus();
    return;
  }
  const page = await read();
  if (!page) return;
  drawer().hidden = false;
  drawer().replaceChildren(...page.body.childNodes);
  drawer().scrollTop = 0;
  drawer().querySelector("[data-heading]")?.focus();
}

/* The board has changed: so may have what is open. What somebody fills in stays. */
function soon() {
  if (drawer().hidden || timer) return;
  timer = setTimeout(async () => {
    timer = undefined;
    if (!drawer().hidden && !isFilledIn()) put(await read());
  }, GAP_MS);
}

function isFilledIn() {
  return drawer().querySelector("details[open] form") !== null || document.activeElement?.matches("#drawer :is(input, select)");
}

export async function refreshDrawer() {
  if (!drawer()?.hidden) put(await read());
}

async function read() {
  const address = location.hash.slice(1);
  const answer = await fetchDetails(address).catch(() => undefined);
  if (answer?.ok) return answer.page;
  drawer().hidden = false;
  drawer().textContent = answer ? problemOf(answer.page) : say("failed");
  return undefined;
}

function put(page) {
  if (!page) return;
  const fresh = drawer().cloneNode(false);
  fresh.append(...page.body.childNodes);
  morph(drawer(), fresh);
}
