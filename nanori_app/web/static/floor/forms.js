/* Small forms that act and stay where they are: what comes back takes the place of what was there. */
const OK_OR_FORM = [200, 422];

export function startForms(place, put) {
  place.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-stay]");
    if (!form) return;
    event.preventDefault();
    form.setAttribute("aria-busy", "true");
    const body = new URLSearchParams(new FormData(form, event.submitter));
    const answer = await fetchDetails(form.action, { method: "POST", body }).catch(() => undefined);
    form.removeAttribute("aria-busy");
    if (answer && OK_OR_FORM.includes(answer.status) && answer.isDetails) put(answer.page);
    else showProblem(place, answer ? problemOf(answer.page) : "");
  });
}

/* Page fragment at an address, redirects followed. Rejects when no answer comes. */
export async function fetchDetails(address, options = {}) {
  const answer = await fetch(address, { ...options, headers: { "HX-Request": "true" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const isDetails = page.querySelector("[data-heading]") !== null;
  return { ok: answer.ok && isDetails, status: answer.status, page, isDetails };
}

export function problemOf(page) {
  return (page.querySelector("[data-problem] strong") ?? page.querySelector("[data-problem]") ?? page.body).textContent.trim();
}

function showProblem(place, text) {
  const line = place.querySelector("[data-problem-here]");
  if (!line) return;
  line.textContent = text || document.getElementById("floor-words").dataset.failed;
  line.hidden = false;
  line.scrollIntoView({ block: "nearest" });
}
