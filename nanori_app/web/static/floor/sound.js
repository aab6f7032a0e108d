/* Two soft notes when an urgent alarm is raised. Off until somebody switches it on; kept in this browser. */
const KEPT = "nanori-floor-sound";
const NOTES = [[660, 0], [880, 0.16]];
const NOTE_SECONDS = 0.22;
let audio;

export function startSound() {
  show();
  document.addEventListener("click", ({ target }) => {
    if (!target.closest("[data-sound]")) return;
    localStorage.setItem(KEPT, isOn() ? "" : "on");
    show();
    chime();
  });
}

export function chime() {
  if (!isOn()) return;
  audio ??= new AudioContext();
  audio.resume().then(() => NOTES.forEach(play));
}

function play([frequency, after]) {
  const start = audio.currentTime + after;
  const loudness = new GainNode(audio, { gain: 0 });
  loudness.gain.setTargetAtTime(0.1, start, 0.02);
  loudness.gain.setTargetAtTime(0, start + NOTE_SECONDS - 0.08, 0.03);
  const tone = new OscillatorNode(audio, { frequency });
  tone.connect(loudness).connect(audio.destination);
  tone.start(start);
  tone.stop(start + NOTE_SECONDS + 0.2);
}

function isOn() {
  return localStorage.getItem(KEPT) === "on";
}

function show() {
  const button = document.querySelector("[data-sound]");
  if (!button) return;
  button.setAttribute("aria-pressed", String(isOn()));
  button.querySelector("[data-on]").hidden = !isOn();
  button.querySelector("[data-off]").hidden = isOn();
}
