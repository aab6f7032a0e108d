/* The start page reads itself again when something of it has changed; htmx does it on this event.
   Not while somebody writes: what was typed would be lost. */
import { listen } from "/static/nanori/js/live.js";

const isWriting = () =>
  [...document.querySelectorAll(".portal-form textarea, .portal-form input[type=date]")].some((one) => one.value);

const readAgain = () => {
  if (!isWriting()) document.body.dispatchEvent(new Event("portal"));
};

for (const news of ["month", "report", "wish", "refresh"]) listen(news, readAgain);
