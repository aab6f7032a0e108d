/* What the server last said about this desk; everybody reads it here. */
export const tab = tabName();

export function facts() {
  return document.getElementById("facts").dataset;
}

export function isMine() {
  return facts().holder === "mine";
}

/* One name for each tab, the same after a reload. A duplicated tab brings its twin's name along: seat.js
   notices and asks for a new one. */
function tabName() {
  sessionStorage.nanoriTab ??= random();
  return { name: sessionStorage.nanoriTab, renew };
}

function renew() {
  tab.name = random();
  sessionStorage.nanoriTab = tab.name;
}

function random() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
