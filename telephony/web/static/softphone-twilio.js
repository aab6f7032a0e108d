/* Twilio's Voice SDK behind our interface. Calls only go out from here: nobody can ring this device. */
import { Softphone } from "./softphone.js";

const SDK = "/static/vendor/twilio-voice.js";
const RENEW_MS = 60000;
const QUIET = ["incoming", "outgoing", "disconnect"];

export class Adapter extends Softphone {
  async open({ token, edge }) {
    const { Device } = await sdk();
    this.device = new Device(token, {
      edge,
      codecPreferences: ["opus", "pcmu"],
      closeProtection: true,
      tokenRefreshMs: RENEW_MS,
    });
    this.device.on("error", (error) => this.tell("error", said(error)));
    this.device.on("tokenWillExpire", () => this.tell("tokenWillExpire"));
    watchMicrophone(() => this.tell("error", { kind: "microphone", message: "" }));
    for (const sound of QUIET) this.device.audio?.[sound]?.(false);
    this.tell("ready");
  }

  renew({ token }) {
    this.device.updateToken(token);
  }

  async connect(params) {
    try {
      this.call = await this.device.connect({ params });
    } catch (error) {
      this.tell("error", said(error));
      throw error;
    }
    this.call.on("accept", () => this.tell("connected"));
    for (const end of ["disconnect", "cancel", "reject"]) this.call.on(end, () => this.#over());
    this.call.on("error", (error) => this.tell("error", said(error)));
    this.call.on("warning", (name) => this.tell("warning", { name }));
  }

  async disconnect() {
    this.call?.disconnect();
  }

  mute(on) {
    this.call?.mute(on);
  }

  sendDigits(digits) {
    this.call?.sendDigits(digits);
  }

  #over() {
    if (!this.call) return;
    this.call = undefined;
    this.tell("disconnected");
  }
}

/* By Twilio's error codes: 201xx and 312xx are about the token, 3140x about the microphone. */
function said({ code, message }) {
  if (code >= 31400 && code <= 31409) return { kind: "microphone", message };
  if ((code >= 20100 && code < 20200) || (code >= 31200 && code < 31300)) return { kind: "token", message };
  return { kind: "network", message };
}

/* The permission is taken away while nobody calls: better found out now than by the next caller. */
async function watchMicrophone(lost) {
  const permission = await navigator.permissions?.query({ name: "microphone" }).catch(() => null);
  permission?.addEventListener("change", () => permission.state === "denied" && lost());
}

function sdk() {
  if (window.Twilio) return Promise.resolve(window.Twilio);
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = SDK;
    script.addEventListener("load", () => resolve(window.Twilio));
    script.addEventListener("error", () => reject(new Error(`${SDK} did not load`)));
    document.head.append(script);
  });
}
