/* Rows that a person adds, takes away and moves.
 *
 * <div data-rows="x"> holds elements with data-row; <template id="x-row"> is the empty one; a button with
 * data-add-row="x" adds it to the list of its own row, otherwise to the one of the page.
 */

function listOf(button, name) {
  const inside = button.closest("[data-row]")?.querySelector(`[data-rows="${name}"]`);
  return inside ?? document.querySelector(`[data-rows="${name}"]`);
}

function renumber(list) {
  list.querySelectorAll(":scope > [data-row]").forEach((row, index) => {
    const number = row.querySelector(".row-number");
    if (number) number.textContent = String(index + 1);
  });
}

/* Labels point to ids; each copy needs its own. */
function freshIds(row) {
  const stamp = crypto.randomUUID().slice(0, 8);
  for (const element of row.querySelectorAll("[id]:not(template)")) {
    const before = element.id;
    element.id = `${before}-${stamp}`;
    for (const label of row.querySelectorAll(`[for="${CSS.escape(before)}"]`)) label.htmlFor = element.id;
  }
  for (const key of row.querySelectorAll("input[data-fresh-key]")) key.value ||= `f-${stamp}`;
}

function focusIn(element) {
  element?.querySelector("input:not([type=hidden]), textarea, select")?.focus();
}

function addRow(button) {
  const name = button.dataset.addRow;
  const list = listOf(button, name);
  const copy = document.getElementById(`${name}-row`).content.cloneNode(true);
  const row = copy.querySelector("[data-row]");
  freshIds(row);
  list.append(copy);
  renumber(list);
  focusIn(row);
}

function removeRow(row) {
  const list = row.parentElement;
  const next = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  renumber(list);
  if (next) focusIn(next);
  else document.querySelector(`[data-add-row="${list.dataset.rows}"]`)?.focus();
}

function moveRow(row, up) {
  const other = up ? row.previousElementSibling : row.nextElementSibling;
  if (!other) return;
  if (up) other.before(row);
  else other.after(row);
  renumber(row.parentElement);
  row.querySelector(up ? "[data-move-up]" : "[data-move-down]")?.focus();
}

export function watchRows() {
  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest(selector);
    if (on("[data-add-row]")) addRow(on("[data-add-row]"));
    if (on("[data-remove-row]")) removeRow(on("[data-row]"));
    if (on("[data-move-up]")) moveRow(on("[data-row]"), true);
    if (on("[data-move-down]")) moveRow(on("[data-row]"), false);
  });
}
