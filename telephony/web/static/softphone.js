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

/* Open the phone that the server names. `requests` is {ask, look} of the floor's ask.js. */
export async function openSoftphone(requests) {
  const given = await requests.look("/softphone/token");
  const { Adapter } = await import(ADAPTERS[given.kind]);
  const phone = new Adapter(requests);
  phone.kind = given.kind;
  await phone.open(given);
  phone.on("tokenWillExpire", async () => phone.renew(await requests.look("/softphone/token")));
  return phone;
}
