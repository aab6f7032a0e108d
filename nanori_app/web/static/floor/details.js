/* A call, a desk or an agent as a page of its own: clocks run, forms stay, calls can be joined. */
import { listen } from "/static/nanori/js/live.js";
import { setServerTime, startClock } from "/static/nanori_app/desk/clock.js";
import { fetchDetails, startForms } from "./forms.js";
import { morph } from "./morph.js";
import { startSupervising } from "./supervise.js";

const GAP_MS = 500;
const NEWS = ["call", "presence", "waiting", "refresh"];
const place = document.querySelector("[data-details]");
let timer;

function put(page) {
  const fresh = place.cloneNode(false);
  fresh.append(...page.body.childNodes);
  morph(place, fresh);
}

function soon() {
  timer ??= setTimeout(async () => {
    timer = undefined;
    if (place.querySelector("details[open] form") || place.contains(document.activeElement?.closest("input, select"))) return;
    const answer = await fetchDetails(location.href).catch(() => undefined);
    if (answer?.ok) put(answer.page);
  }, GAP_MS);
}

setServerTime(new Date().toISOString());
startClock();
startForms(place, put);
startSupervising(soon);
for (const news of NEWS) listen(news, soon);
