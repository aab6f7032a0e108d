/* Selects that name steps or fields of the script follow what is on the page. */
const NOT_STEPS = new Set(["", "end"]);
let asked;

export function startTargets() {
  const list = document.querySelector('[data-rows="step"]');
  if (!list) return;
  list.addEventListener("input", ({ target }) => {
    if (["step-title", "field-label"].includes(target.name)) soon();
  });
  list.addEventListener("change", ({ target }) => {
    if (target.matches("[data-target], [data-field-choice]")) target.dataset.value = target.value;
  });
  new MutationObserver(soon).observe(list, { childList: true, subtree: true });
}

/* Once for everything that has changed in this turn. */
function soon() {
  cancelAnimationFrame(asked);
  asked = requestAnimationFrame(draw);
}

function draw() {
  const untitled = document.querySelector("[data-untitled]").dataset.untitled;
  const steps = [...document.querySelectorAll("[data-step-row]")].map((row, place) => [
    row.querySelector('[name="step-key"]').value,
    `${place + 1}. ${row.querySelector('[name="step-title"]').value || untitled}`,
  ]);
  const fields = [...document.querySelectorAll("[data-field-row]")].map((row) => [
    row.querySelector('[name="field-key"]').value,
    row.querySelector('[name="field-label"]').value || untitled,
  ]);
  for (const select of document.querySelectorAll('[data-rows="step"] [data-target]')) fill(select, steps, NOT_STEPS);
  for (const select of document.querySelectorAll('[data-rows="step"] [data-field-choice]')) fill(select, fields, new Set([""]));
}

/* Keep the fixed options, put the others between them; a choice that is gone stays in sight as what it was. */
function fill(select, wanted, fixed) {
  const key = JSON.stringify(wanted);
  if (select.dataset.filled === key) return;
  const value = select.dataset.value ?? select.value;
  const stay = [...select.options].filter((option) => fixed.has(option.value));
  const gone = value && !fixed.has(value) && !wanted.some(([one]) => one === value);
  const made = [...wanted, ...(gone ? [[value, `? ${value}`]] : [])].map(([one, text]) => new Option(text, one));
  const last = stay.filter((option) => option.value === "end");
  const first = stay.filter((option) => option.value !== "end");
  replaceIfOther(select, [...first, ...made, ...last]);
  select.value = value;
  select.dataset.filled = key;
}

function replaceIfOther(select, options) {
  const same = options.length === select.options.length
    && options.every((option, place) => select.options[place].value === option.value && select.options[place].text === option.text);
  if (!same) select.replaceChildren(...options);
}
