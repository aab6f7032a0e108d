/* What every page does by itself: CSRF for htmx, offline banner, keyboard list, dismissing, adding rows. */
import { watchColours } from "./colour.js";
import { watchConnection } from "./connection.js";
import { watchCounts } from "./nav-count.js";
import { watchRows } from "./rows.js";

const typing = "input, textarea, select, [contenteditable]";

function sendToken(event) {
  const token = document.querySelector('meta[name="csrf-token"]');
  event.detail.headers["X-CSRF-Token"] = token.content;
}

/* An answer that htmx does not swap in (403, 409, 500 …) is said at the top of the page. */
function sayProblem(event) {
  const page = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
  const problem = page.querySelector("[data-problem]");
  const place = document.getElementById("notices");
  if (!problem || !place) return;
  const notice = document.createElement("div");
  notice.className = "notice is-bad";
  notice.setAttribute("role", "alert");
  const words = document.createElement("p");
  words.textContent = (problem.querySelector("h1, p") ?? problem).textContent.trim();
  notice.append(words);
  place.replaceChildren(notice);
  notice.scrollIntoView({ block: "nearest" });
}

function pressed(event) {
  const inField = event.target.closest?.(typing);
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    inField?.form?.requestSubmit();
    return;
  }
  if (inField || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "?") {
    event.preventDefault();
    document.getElementById("keys")?.showModal();
    return;
  }
  if (document.querySelector("dialog[open]")) return;
  const target = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!target || target.disabled) return;
  event.preventDefault();
  if (target.matches(typing)) target.focus();
  else target.click();
}

function clicked(event) {
  const on = (selector) => event.target.closest(selector);
  if (on("[data-dismiss]")) on("[data-dismiss]").closest(on("[data-dismiss]").dataset.dismiss)?.remove();
  if (on("[data-back]")) history.back();
  if (on("[data-opens]")) openDialog(on("[data-opens]").dataset.opens);
  if (on("[data-fill-email]")) fillLogin(on("[data-fill-email]").dataset);
}

function openDialog(id) {
  document.querySelector("[popover]:popover-open")?.hidePopover();
  document.getElementById(id)?.showModal();
}

function fillLogin({ fillEmail, fillPassword }) {
  const email = document.getElementById("email");
  email.value = fillEmail;
  document.getElementById("password").value = fillPassword;
  email.form.requestSubmit();
}

/* A second press on a form that is on its way would do the thing twice. */
function submitted(event) {
  const form = event.target;
  const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    return;
  }
  if (form.method === "post" && !form.hasAttribute("hx-post") && !form.hasAttribute("data-stays")) form.setAttribute("aria-busy", "true");
}

document.addEventListener("htmx:configRequest", sendToken);
document.addEventListener("htmx:responseError", sayProblem);
document.addEventListener("keydown", pressed);
document.addEventListener("click", clicked);
document.addEventListener("submit", submitted);
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[aria-busy]")) form.removeAttribute("aria-busy");
});
watchConnection();
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
watchRows();
watchColours();
watchCounts();
document.querySelector("[data-focus], [aria-invalid=true]")?.focus();
