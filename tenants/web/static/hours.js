/* Copies one day's times to others. */

function copyDay(from, days) {
  const rows = [...document.querySelectorAll(`[data-rows="day-${from}"] > [data-row]`)];
  for (const day of days) {
    const list = document.querySelector(`[data-rows="day-${day}"]`);
    list.replaceChildren();
    for (const row of rows) {
      const copy = document.getElementById(`day-${day}-row`).content.cloneNode(true);
      const typed = [...row.querySelectorAll("input")].map((input) => input.value);
      copy.querySelectorAll("input").forEach((input, index) => {
        input.value = typed[index];
      });
      list.append(copy);
    }
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy-day]");
  if (button) copyDay(button.dataset.copyDay, button.dataset.toDays.split(" "));
});
