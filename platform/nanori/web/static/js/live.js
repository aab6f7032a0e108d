/* Live news of this sign-in. All tabs share one connection where the browser can.

   listen("desk", (ids) => …) hears an event; events are those of /live, and "state" with "open" or "lost".
   While the stream is lost for more than a moment, the page's offline banner is shown. */
import { showStream } from "./connection.js";
import { Stream } from "./live-worker.js";

const PATIENCE = 4000;
const heard = new EventTarget();
let state;
let banner;

export function listen(event, told) {
  heard.addEventListener(event, ({ detail }) => told(detail));
  start();
}

export function isLive() {
  return state === "open";
}

function start() {
  if (state !== undefined) return;
  state = "opening";
  if (typeof SharedWorker === "undefined") {
    new Stream(hear);
    return;
  }
  const port = worker().port;
  port.addEventListener("message", ({ data }) => hear(data));
  port.start();
  addEventListener("pagehide", ({ persisted }) => persisted || port.postMessage("bye"));
}

/* One worker for each sign-in: after another person signs in here, nobody hears the former one's news. */
function worker() {
  const mark = document.querySelector('meta[name="csrf-token"]').content.slice(0, 16);
  const options = { type: "module", name: `nanori-live-${mark}` };
  return new SharedWorker(new URL("live-worker.js", import.meta.url), options);
}

function hear(news) {
  if (news.state) {
    state = news.state;
    showBanner();
  }
  const [event, detail] = news.state ? ["state", news.state] : [news.event, news.ids];
  heard.dispatchEvent(new CustomEvent(event, { detail }));
}

function showBanner() {
  clearTimeout(banner);
  if (state === "open") showStream(false);
  else banner = setTimeout(showStream, PATIENCE, true);
}
