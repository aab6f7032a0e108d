/* Sentences of the desk's scripts; the template keeps them, in the reader's language. */
export function say(name, values = {}) {
  const text = document.getElementById("desk-words").dataset[name] ?? "";
  return text.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

/* For ears that do not see the page. */
export function announce(text) {
  document.getElementById("desk-said").textContent = text;
}

/* A notice at the top; the next one takes its place. `kind` is bad, warn or good. */
export function notify(text, { kind = "bad", link } = {}) {
  const notice = document.createElement("div");
  notice.className = `notice is-${kind}`;
  notice.setAttribute("role", kind === "bad" ? "alert" : "status");
  const words = document.createElement("p");
  words.textContent = text;
  notice.append(words);
  if (link) notice.append(anchor(link));
  document.getElementById("notices").replaceChildren(notice);
}

export function withdrawNotice() {
  document.getElementById("notices").replaceChildren();
}

function anchor({ href, text }) {
  const made = document.createElement("a");
  made.className = "button is-small";
  made.href = href;
  made.textContent = text;
  return made;
}
