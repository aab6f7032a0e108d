/* Arrow keys walk through the rows of the list that has the focus; from nowhere, into the first desk. */
const STEPS = { ArrowDown: 1, ArrowUp: -1 };

export function startRows() {
  document.addEventListener("keydown", walk);
}

function walk(event) {
  const step = STEPS[event.key];
  if (!step || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.target.closest("input, textarea, select, .drawer")) return;
  const list = event.target.closest("[data-part]") ?? document.querySelector('[data-part="desks"]');
  const links = [...list.querySelectorAll("[data-row] a")];
  if (!links.length) return;
  const now = links.indexOf(event.target);
  const next = now < 0 ? 0 : Math.max(0, Math.min(links.length - 1, now + step));
  event.preventDefault();
  links[next].focus();
  links[next].scrollIntoView({ block: "nearest" });
}
