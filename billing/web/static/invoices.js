/* Lists of invoices read themselves again when one changes its state; htmx does it on this event. */
import { listen } from "/static/nanori/js/live.js";

const readAgain = () => document.body.dispatchEvent(new Event("invoice"));

listen("invoice", readAgain);
listen("refresh", readAgain);
