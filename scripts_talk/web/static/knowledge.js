/* The search beside a call or a mail, by keyboard alone: type, arrows, Enter opens, Enter inserts, Esc goes back,
   Shift+Enter passes on what has no answer. The panel may be put anew at any time, so the document listens. */
import { fragment } from "/static/nanori/js/ask.js";

const TYPED_MS = 120;
let timer;
let asked = 0;

const panelOf = (event) => event.target.closest?.("[data-knowledge]");
const field = (panel) => panel.querySelector("#knowledge-q");
const list = (panel) => panel.querySelector("#knowledge-found");
const place = (panel) => panel.querySelector("[data-knowledge-reading]");
const options = (panel) => [...list(panel).querySelectorAll("[role=option]")];
const chosen = (panel) => list(panel).querySelector("[aria-selected=true]");
const say = (panel, text) => { panel.querySelector("[data-knowledge-said]").textContent = text; };

async function from(panel, path, fields) {
  try {
    return await fragment(`${panel.dataset.knowledge}/${path}`, fields);
  } catch (refusal) {
    say(panel, refusal.message || panel.querySelector("[data-knowledge-failed]").content.textContent);
    return null;
  }
}

async function search(panel) {
  const turn = ++asked;
  const answer = await from(panel, `found?q=${encodeURIComponent(field(panel).value)}`);
  if (answer === null || turn !== asked || !panel.isConnected) return;
  list(panel).innerHTML = answer;
  show(panel, list(panel));
  choose(panel, options(panel)[0]);
}

/* The list or the article: one of them, or neither. */
function show(panel, part) {
  for (const each of [list(panel), place(panel)]) each.hidden = each !== part;
  field(panel).setAttribute("aria-expanded", String(part === list(panel)));
}

function choose(panel, option) {
  for (const each of options(panel)) each.setAttribute("aria-selected", String(each === option));
  if (option) field(panel).setAttribute("aria-activedescendant", option.id);
  else field(panel).removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

function move(panel, by) {
  const all = options(panel);
  if (all.length) choose(panel, all[(all.indexOf(chosen(panel)) + by + all.length) % all.length]);
}

async function open(panel, option) {
  if (!option) return;
  if ("missing" in option.dataset) {
    await pass(panel);
    return;
  }
  const answer = await from(panel, "uses", { article: option.dataset.article, how: "opened" });
  if (answer === null || !panel.isConnected) return;
  place(panel).innerHTML = answer;
  place(panel).querySelector("[data-knowledge-insert]").hidden = !target(panel);
  show(panel, place(panel));
  place(panel).querySelector("article").focus();
}

/* What nobody can answer goes to the supervisor, with the contact. */
async function pass(panel) {
  if (!field(panel).value.trim()) return;
  const answer = await from(panel, "questions", { asked: field(panel).value });
  if (answer === null) return;
  say(panel, new DOMParser().parseFromString(answer, "text/html").body.textContent.trim());
  close(panel);
}

function target(panel) {
  const into = panel.dataset.insertInto && document.getElementById(panel.dataset.insertInto);
  return into && !into.readOnly ? into : null;
}

function insert(panel) {
  const [into, article] = [target(panel), place(panel).querySelector("article")];
  if (!into || !article) return;
  const before = into.value.slice(0, into.selectionStart);
  const gap = before && !before.endsWith("\n") ? "\n" : "";
  into.setRangeText(`${gap}${article.dataset.plain}\n`, into.selectionStart, into.selectionEnd, "end");
  into.dispatchEvent(new Event("input", { bubbles: true }));
  from(panel, "uses", { article: article.dataset.article, how: "inserted" });
  close(panel);
  into.focus();
}

function close(panel) {
  field(panel).value = "";
  list(panel).replaceChildren();
  show(panel, null);
}

function back(panel) {
  show(panel, list(panel));
  field(panel).focus();
}

function typedKey(panel, event) {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") move(panel, event.key === "ArrowDown" ? 1 : -1);
  else if (event.key === "Enter" && event.shiftKey) pass(panel);
  else if (event.key === "Enter") open(panel, chosen(panel));
  else if (event.key === "Escape" && !list(panel).hidden) close(panel);
  else return false;
  return true;
}

function readingKey(panel, event) {
  if (event.key === "Escape") back(panel);
  else if (event.key === "Enter" && event.target.matches("article") && target(panel)) insert(panel);
  else return false;
  return true;
}

function pressed(event) {
  const panel = panelOf(event);
  if (!panel || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const isDone = event.target === field(panel) ? typedKey(panel, event)
    : place(panel).contains(event.target) && readingKey(panel, event);
  if (!isDone) return;
  event.preventDefault();
  event.stopPropagation();
}

function typed(event) {
  const panel = panelOf(event);
  if (!panel || event.target !== field(panel)) return;
  say(panel, "");
  clearTimeout(timer);
  timer = setTimeout(() => search(panel), TYPED_MS);
}

function clicked(event) {
  const panel = panelOf(event);
  if (!panel) return;
  const option = event.target.closest("[role=option]");
  if (option) open(panel, option);
  else if (event.target.closest("[data-knowledge-insert]")) insert(panel);
  else if (event.target.closest("[data-knowledge-back]")) back(panel);
}

function entered(event) {
  const panel = panelOf(event);
  if (panel && event.target === field(panel) && place(panel).hidden && list(panel).hidden) search(panel);
}

addEventListener("keydown", pressed, { capture: true });
document.addEventListener("input", typed);
document.addEventListener("click", clicked);
document.addEventListener("focusin", entered);
