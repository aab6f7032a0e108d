/* Taking part in a call: listen, whisper, join in, leave. The softphone opens with the first of them. */
import { ask, look } from "/static/nanori/js/ask.js";
import { openSoftphone } from "/static/telephony/softphone.js";
import { say } from "./words.js";

let phone;
let dialled = false;

/* `changed` is called whenever things may stand differently. */
export function startSupervising(changed) {
  document.addEventListener("click", async ({ target }) => {
    const button = target.closest("[data-supervise]");
    if (!button || button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    const { supervise: mode, call } = button.dataset;
    await (mode ? takePart(call, mode, changed) : leave(call)).catch(sayProblem);
    button.removeAttribute("aria-busy");
    changed();
  });
}

/* A token makes the one before void: whoever is dialling with that, or is in another call, dials anew. */
async function takePart(call, mode, changed) {
  phone ??= await openPhone(changed);
  const { leg } = await ask(`/calls/${call}/supervision`, { mode });
  if (!leg) return;
  if (dialled) await phone.disconnect();
  await phone.connect({ leg });
  dialled = true;
}

async function leave(call) {
  await ask(`/calls/${call}/supervision-ending`);
  if (dialled) await phone.disconnect();
}

async function openPhone(changed) {
  const opened = await openSoftphone({ ask, look });
  opened.on("disconnected", () => {
    dialled = false;
    changed();
  });
  opened.on("error", ({ message }) => sayProblem({ message }));
  return opened;
}

function sayProblem({ message }) {
  const line = document.querySelector("#drawer:not([hidden]) [data-problem-here], [data-details] [data-problem-here]");
  const place = line ?? document.getElementById("notices");
  place.textContent = message || say("failed");
  place.hidden = false;
}
