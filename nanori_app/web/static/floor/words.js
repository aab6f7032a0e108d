/* Sentences of the floor's scripts; the template keeps them, in the reader's language. */
export function say(name, values = {}) {
  const text = document.getElementById("floor-words").dataset[name] ?? "";
  return text.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}
