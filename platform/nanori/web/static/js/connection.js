/* The banner of a lost connection: shown while the browser is offline or the stream of news is lost. */
let streamIsLost = false;

function show() {
  document.getElementById("offline")?.toggleAttribute("hidden", navigator.onLine && !streamIsLost);
}

export function showStream(lost) {
  streamIsLost = lost;
  show();
}

export function watchConnection() {
  addEventListener("online", show);
  addEventListener("offline", show);
  show();
}
