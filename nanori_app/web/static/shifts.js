/* The table of shifts: one press fills the working days of a row with its first shift. */

const WORKDAYS = 5;

function fillRow(row) {
  const inputs = [...row.querySelectorAll("input[list]")];
  const first = inputs.find((input) => input.value.trim());
  if (!first) {
    inputs[0]?.focus();
    return;
  }
  for (const input of inputs.slice(0, WORKDAYS)) {
    if (!input.value.trim() && !input.closest(".is-holiday")) input.value = first.value;
  }
}

document.querySelector("[data-shift-grid]")?.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fill-row]");
  if (button) fillRow(button.closest("[data-shift-row]"));
});
