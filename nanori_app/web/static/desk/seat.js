/* Which tab calls ring in: one, named to the server, with a pulse. */
import { ask } from "/static/nanori/js/ask.js";
import { facts, isMine, tab } from "./facts.js";
import { refresh } from "./panel.js";

const TWIN_MS = 1500;

/* Take the free seat, or find out that another tab has it. */
export async function sitDown() {
  await tellTwinsApart();
  await refresh();
  if (facts().holder === "free") await takeSeat();
  const pulse = new Worker(new URL("beat-worker.js", import.meta.url));
  pulse.addEventListener("message", beat);
}

/* From now on calls ring here; the tab before learns of it by live news. */
export async function takeSeat() {
  await ask("/desk/seat", { tab: tab.name });
  await refresh();
}

async function beat() {
  if (!isMine()) return;
  try {
    await ask("/desk/beat", { tab: tab.name });
  } catch (refusal) {
    if (!refusal.mayPass) await refresh().catch(() => {});
  }
}

/* A duplicated tab has its twin's name; the twin holds a lock of that name as long as it lives. */
function tellTwinsApart() {
  if (!navigator.locks) return Promise.resolve();
  return new Promise((go) => {
    const held = () => new Promise(() => go());
    navigator.locks.request(`nanori-${tab.name}`, { signal: AbortSignal.timeout(TWIN_MS) }, held).catch(() => {
      tab.renew();
      navigator.locks.request(`nanori-${tab.name}`, held);
    });
  });
}
