/* Makes one piece of the page like another, touching only what differs.

   What stays keeps its focus, its scrolling and the mouse that is on its way to it. Rows named by `data-row` are
   found again wherever they have moved. Running clocks and what somebody types in are left alone. */
export function morph(old, fresh) {
  const focused = document.activeElement;
  morphNode(old, fresh);
  if (focused?.isConnected && document.activeElement !== focused) focused.focus({ preventScroll: true });
}

function morphNode(old, fresh) {
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  if (old.nodeType !== Node.ELEMENT_NODE) return;
  const sameClock = old.dataset.since !== undefined && old.dataset.since === fresh.dataset.since;
  morphAttributes(old, fresh);
  if (!sameClock) morphChildren(old, fresh);
}

function morphAttributes(old, fresh) {
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !isOpened(old, name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
}

function isOpened(element, attribute) {
  return element.localName === "details" && attribute === "open";
}

function morphChildren(old, fresh) {
  const wanted = [...fresh.childNodes];
  const names = new Set(wanted.map(nameOf));
  const known = new Map();
  for (const child of [...old.childNodes]) {
    const name = nameOf(child);
    if (name === undefined) continue;
    if (names.has(name)) known.set(name, child);
    else child.remove();
  }
  let place = old.firstChild;
  for (const next of wanted) {
    const name = nameOf(next);
    const match = name === undefined ? (isAlike(place, next) ? place : undefined) : known.get(name);
    if (!match) {
      old.insertBefore(next, place);
      continue;
    }
    if (match === place) place = place.nextSibling;
    else old.insertBefore(match, place);
    morphNode(match, next);
  }
  while (place) {
    const rest = place;
    place = place.nextSibling;
    rest.remove();
  }
}

function nameOf(node) {
  return node.dataset?.row;
}

function isAlike(old, fresh) {
  return old && old.nodeName === fresh.nodeName && nameOf(old) === undefined && (old.id ?? "") === (fresh.id ?? "");
}
