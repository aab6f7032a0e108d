/* Rows that a person adds, takes away and moves. A <template id="x-row"> holds the empty one, #x the list. */

function renumber(list) {
  list.querySelectorAll(":scope > [data-row]").forEach((row, index) => {
    const number = row.querySelector(":scope .row-number");
    if (number) number.textContent = String(index + 1);
  });
}

/* Labels point to ids; each copy needs its own. */
function freshIds(row) {
  const stamp = crypto.randomUUID().slice(0, 8);
  for (const element of row.querySelectorAll("[id]")) {
    const before = element.id;
    element.id = `${before}-${stamp}`;
    for (const label of row.querySelectorAll(`[for="${CSS.escape(before)}"]`)) label.htmlFor = element.id;
  }
}

function addRow(name) {
  const list = document.getElementById(name);
  const copy = document.getElementById(`${name}-row`).content.cloneNode(true);
  const row = copy.querySelector("[data-row]");
  freshIds(row);
  list.append(copy);
  renumber(list);
  row.querySelector("input, textarea, select")?.focus();
}

function removeRow(row) {
  const list = row.parentElement;
  const next = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  renumber(list);
  const focus = next?.querySelector("input, textarea, select") ?? document.querySelector(`[data-add-row="${list.id}"]`);
  focus?.focus();
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
    if (on("[data-add-row]")) addRow(on("[data-add-row]").dataset.addRow);
    if (on("[data-remove-row]")) removeRow(on("[data-row]"));
    if (on("[data-move-up]")) moveRow(on("[data-row]"), true);
    if (on("[data-move-down]")) moveRow(on("[data-row]"), false);
  });
}
