/* The orders beside a call or a mail: the contact's own as soon as the panel is there, others when somebody searches.
   The panel may be put anew at any time, so the document listens. */
import { Refusal, fragment } from "/static/nanori/js/ask.js";

const LOADED = "ordersLoaded";
let turn = 0;

const panelOf = (event) => event.target.closest?.("[data-orders]");
const field = (panel) => panel.querySelector("#orders-q");
const place = (panel) => panel.querySelector("[data-orders-found]");

async function find(panel, asked = "") {
  const mine = ++turn;
  panel.dataset[LOADED] = "";
  panel.querySelector("[data-orders-own]").hidden = !asked;
  place(panel).setAttribute("aria-busy", "true");
  try {
    const answer = await fragment(`${panel.dataset.orders}/found?q=${encodeURIComponent(asked)}`);
    if (mine === turn && panel.isConnected) place(panel).innerHTML = answer;
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    failed(panel, refusal);
  }
  place(panel).removeAttribute("aria-busy");
}

function failed(panel, refusal) {
  const said = document.createElement("p");
  said.className = "panel-body field-error";
  said.textContent = refusal.message || panel.querySelector("[data-orders-failed]").content.textContent;
  place(panel).replaceChildren(said);
}

function look() {
  for (const panel of document.querySelectorAll("[data-orders]")) {
    if (!(LOADED in panel.dataset)) find(panel);
  }
}

function searched(event) {
  const panel = panelOf(event);
  if (!panel || !event.target.matches("[data-orders-search]")) return;
  event.preventDefault();
  find(panel, field(panel).value.trim());
}

function clicked(event) {
  const panel = panelOf(event);
  if (!panel || !event.target.closest("[data-orders-own]")) return;
  field(panel).value = "";
  find(panel);
}

/* An order number that the caller has just read out is looked up at once. */
function captured(event) {
  const panel = document.querySelector("[data-orders]");
  if (!panel || !event.target.matches?.("[data-captured][data-kind=order_number]")) return;
  if (event.target.value.trim()) find(panel, event.target.value.trim());
}

document.addEventListener("desk-change", look);
document.addEventListener("submit", searched);
document.addEventListener("click", clicked);
document.addEventListener("change", captured);
look();
