/* The phone in the browser, whichever carrier stands behind it.

   Softphone {connect(params), disconnect(), mute(on), sendDigits(digits), on(event, told)} with the events
   ready, connected, disconnected, error {kind, message}, warning {name} and tokenWillExpire.
   An error's kind is "token", "microphone" or "network". */

export class Softphone {
  #told = new Map();

  on(event, told) {
    this.#told.set(event, [...(this.#told.get(event) ?? []), told]);
    return this;
  }

  tell(event, detail) {
    for (const told of this.#told.get(event) ?? []) told(detail);
  }
}

const ADAPTERS = { twilio: "./softphone-twilio.js", simulated: "./softphone-simulator.js" };

const TRY_AGAIN_MS = 30000;

/* Open the phone that the server names. `requests` is {ask, look} of the floor's ask.js. */
export async function openSoftphone(requests) {
  const given = await requests.look("/softphone/token");
  const { Adapter } = await import(ADAPTERS[given.kind]);
  const phone = new Adapter(requests);
  phone.kind = given.kind;
  await phone.open(given);
  if (given.renew_after) keepToken(phone, requests, given.renew_after * 1000);
  return phone;
}

/* A new token long before the old one ends; only when that one is about to, a failure takes the phone away. */
function keepToken(phone, requests, afterMs) {
  let timer = setTimeout(renew, afterMs);
  async function renew() {
    clearTimeout(timer);
    try {
      phone.renew(await requests.look("/softphone/token"));
      timer = setTimeout(renew, afterMs);
      return true;
    } catch {
      timer = setTimeout(renew, TRY_AGAIN_MS);
      return false;
    }
  }
  phone.on("tokenWillExpire", async () => {
    if (!(await renew())) phone.tell("error", { kind: "token", message: "" });
  });
}
