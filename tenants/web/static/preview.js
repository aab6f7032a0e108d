/* Shows the ribbon as agents will see it, while the name and the colour are being chosen. */

const preview = document.querySelector("[data-brand-preview]");
const name = document.getElementById("brand_name");

function showName() {
  const typed = name.value.trim();
  if (!typed) return;
  preview.querySelector("[data-preview-name]").textContent = typed;
  preview.querySelector("[data-preview-mark]").textContent = [...typed][0];
}

/* The server measures which text can be read on the colour; it says so in the verdict. */
function showColour() {
  const verdict = preview.querySelector("[data-brand]");
  if (!verdict) return;
  preview.style.setProperty("--brand", verdict.dataset.brand);
  preview.style.setProperty("--on-brand", verdict.dataset.onBrand);
}

name.addEventListener("input", showName);
preview.addEventListener("htmx:afterSettle", showColour);
showColour();
