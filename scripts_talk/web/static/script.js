/* Choices are asked for only where the field is a choice. */
document.addEventListener("change", (event) => {
  const kind = event.target.closest("[data-field-kind]");
  if (kind) kind.closest("[data-row]").dataset.kind = kind.value;
});
