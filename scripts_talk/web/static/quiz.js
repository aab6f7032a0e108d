/* The sheet of a quiz by keys: 1 to 6 choose in the question in hand, J and K go on and back. */
const questions = [...document.querySelectorAll("[data-quiz] fieldset")];

const inHand = () => {
  const place = questions.indexOf(document.activeElement?.closest?.("fieldset"));
  return place < 0 ? 0 : place;
};

const goTo = (place) => {
  const question = questions[Math.max(0, Math.min(place, questions.length - 1))];
  (question?.querySelector("input:checked") ?? question?.querySelector("input"))?.focus();
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const place = inHand();
  if (/^[1-9]$/.test(event.key)) {
    const choice = questions[place]?.querySelectorAll("input")[Number(event.key) - 1];
    if (!choice) return;
    event.preventDefault();
    choice.click();
    choice.focus();
    if (choice.type === "radio" && place + 1 < questions.length) goTo(place + 1);
  } else if (event.key === "j" || event.key === "k") {
    event.preventDefault();
    goTo(place + (event.key === "j" ? 1 : -1));
  }
});
