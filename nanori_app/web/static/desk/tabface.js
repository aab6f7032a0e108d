/* The tab's title and icon, and the page's colour: whose name, seen from the corner of the eye. */
import { facts } from "./facts.js";
import { say } from "./words.js";

const TITLES = {
  ringing: "ringing", joining: "answered", calling: "calling", talking: "answered", held: "onHold", helping: "helping", wrapup: "after",
};

export function showFace() {
  const { mode, shop, name } = facts();
  document.body.dataset.mode = mode;
  if (shop) document.body.dataset.shop = shop;
  else delete document.body.dataset.shop;
  const text = say(TITLES[mode] ?? "idle", { shop: name });
  document.title = `${mode === "ringing" ? "☎ " : ""}${text} · Nanori`;
  showIcon();
}

function showIcon() {
  const icon = document.querySelector('link[rel="icon"]');
  const { shop, name, colour } = facts();
  const wanted = shop ? drawn(name, colour) : "/static/nanori/nanori.svg";
  if (icon.getAttribute("href") !== wanted) icon.setAttribute("href", wanted);
}

/* A shape of its own beside the colour: the shop's first letter. */
function drawn(name, colour) {
  const ink = getComputedStyle(document.querySelector(".ribbon") ?? document.body).color;
  const letter = new Option(Array.from(name)[0]).innerHTML;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="${colour}"/>`
    + `<text x="16" y="23" font-size="20" font-weight="700" font-family="sans-serif" text-anchor="middle" fill="${ink}">${letter}</text></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
