/* A phone on the simulated carrier: our own server passes on what it does. Two short tones stand for the voice. */
import { Softphone } from "./softphone.js";

const UP = [523, 784];
const DOWN = [784, 523];
const TONE_SECONDS = 0.09;

export class Adapter extends Softphone {
  constructor(requests) {
    super();
    this.requests = requests;
  }

  async open() {
    this.tell("ready");
  }

  renew() {}

  async connect(params) {
    try {
      await this.requests.ask("/softphone/connection", params);
    } catch (refusal) {
      this.tell("error", { kind: "network", message: refusal.message });
      throw refusal;
    }
    this.#beep(UP);
    this.tell("connected");
  }

  async disconnect() {
    await this.requests.ask("/softphone/disconnection");
    this.#beep(DOWN);
    this.tell("disconnected");
  }

  mute(on) {
    this.muted = on;
  }

  sendDigits(digits) {
    this.sent = (this.sent ?? "") + digits;
  }

  #beep(notes) {
    this.audio ??= new AudioContext();
    notes.forEach((hertz, index) => {
      const tone = new OscillatorNode(this.audio, { frequency: hertz });
      const loudness = new GainNode(this.audio, { gain: 0.04 });
      tone.connect(loudness).connect(this.audio.destination);
      const at = this.audio.currentTime + index * TONE_SECONDS;
      tone.start(at);
      tone.stop(at + TONE_SECONDS);
    });
  }
}
