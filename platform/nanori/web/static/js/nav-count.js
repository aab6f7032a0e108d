/* Figures in the navigation: drawn by the server, read again when the news named on them comes. */
import { listen } from "./live.js";

export function watchCounts() {
  for (const figure of document.querySelectorAll("[data-count-from]")) {
    const read = () => refresh(figure);
    listen(figure.dataset.countNews, read);
    listen("refresh", read);
  }
}

async function refresh(figure) {
  const answer = await fetch(figure.dataset.countFrom, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const { count } = await answer.json();
  figure.textContent = count;
  figure.hidden = count === 0;
}
