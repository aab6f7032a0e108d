/* A colour as picker and as text: what one says, the other shows. */
const hex = /^#[0-9a-f]{6}$/i;

export function watchColours() {
  document.addEventListener("input", (event) => {
    const field = event.target.closest("[data-colour]");
    if (!field) return;
    const [picker, text] = field.querySelectorAll("input");
    if (event.target === picker) text.value = picker.value;
    else if (hex.test(text.value)) picker.value = text.value;
    if (!hex.test(text.value)) return;
    field.dispatchEvent(new CustomEvent("colour", { bubbles: true, detail: text.value }));
  });
}
