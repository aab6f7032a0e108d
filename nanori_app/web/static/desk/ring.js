/* The ring tone: two pitches that beat like a Japanese telephone, one second on, two off. */
const PITCHES = [384, 416];
const ON_SECONDS = 1;
const CYCLE_MS = 3000;
let audio;
let ringing;

/* Browsers let a page be heard only after somebody has touched it. */
export function prepareSound() {
  const wake = () => {
    audio ??= new AudioContext();
    audio.resume().then(showHint);
  };
  addEventListener("pointerdown", wake, { capture: true });
  addEventListener("keydown", wake, { capture: true });
  document.addEventListener("desk-change", showHint);
  showHint();
}

export function startRinging() {
  if (ringing) return;
  once();
  ringing = setInterval(once, CYCLE_MS);
}

export function stopRinging() {
  clearInterval(ringing);
  ringing = undefined;
}

export function tryRinging() {
  audio ??= new AudioContext();
  audio.resume().then(once);
}

function once() {
  if (audio?.state !== "running") return;
  const loudness = new GainNode(audio, { gain: 0 });
  const end = audio.currentTime + ON_SECONDS;
  loudness.gain.setTargetAtTime(0.12, audio.currentTime, 0.02);
  loudness.gain.setTargetAtTime(0, end - 0.06, 0.02);
  loudness.connect(audio.destination);
  for (const frequency of PITCHES) {
    const tone = new OscillatorNode(audio, { frequency });
    tone.connect(loudness);
    tone.start();
    tone.stop(end);
  }
}

function showHint() {
  const hint = document.querySelector("[data-sound]");
  if (hint) hint.hidden = audio?.state === "running";
}
