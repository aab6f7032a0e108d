/* The list reads itself again when a report changes its state; htmx does it on this event. */
import { listen } from "/static/nanori/js/live.js";

const readAgain = () => document.body.dispatchEvent(new Event("report"));

listen("report", readAgain);
listen("refresh", readAgain);
listen("month", () => document.body.dispatchEvent(new Event("month")));
