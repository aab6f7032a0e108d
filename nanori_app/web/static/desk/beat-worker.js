/* A pulse that a tab in the background keeps: browsers slow down pages there, workers they do not. */
const EVERY_MS = 8000;
setInterval(() => postMessage("beat"), EVERY_MS);
