/* One stream of live news for all tabs of one sign-in. Also imported by live.js where there are no shared workers. */
const NEWS = ["desk", "refresh", "presence", "waiting", "call", "callback", "report", "invoice", "alerts", "signed-out"];
const SLOWEST = 15000;

/* Tells `tell({event, ids})` all news, and `state` "open" or "lost" when the connection comes or goes. */
export class Stream {
  constructor(tell) {
    this.tell = tell;
    this.waits = 0;
    this.greeted = false;
    this.open();
  }

  open() {
    this.source = new EventSource("/live");
    this.source.addEventListener("hello", () => this.greet());
    for (const event of NEWS) {
      this.source.addEventListener(event, (message) => this.hear(event, message));
    }
    this.source.addEventListener("error", () => this.lose());
  }

  /* A greeting after the first one means that news may have been missed. */
  greet() {
    this.set("open");
    if (this.greeted) this.tell({ event: "refresh", ids: {} });
    this.greeted = true;
  }

  hear(event, message) {
    this.set("open");
    this.greeted = true;
    if (event === "signed-out") this.end();
    this.tell({ event, ids: JSON.parse(message.data || "{}") });
  }

  /* The browser tries again by itself unless the server refused; then we do, more and more slowly. */
  lose() {
    this.set("lost");
    if (this.source.readyState !== EventSource.CLOSED || this.ended) return;
    const wait = Math.min(1000 * 2 ** this.waits++, SLOWEST);
    setTimeout(() => this.ended || this.open(), wait);
  }

  set(state) {
    if (state === "open") this.waits = 0;
    if (state === this.state) return;
    this.state = state;
    this.tell({ state });
  }

  end() {
    this.ended = true;
    this.source.close();
  }
}

if (typeof SharedWorkerGlobalScope !== "undefined" && self instanceof SharedWorkerGlobalScope) {
  const ports = new Set();
  const stream = new Stream((news) => ports.forEach((port) => port.postMessage(news)));
  self.addEventListener("connect", ({ ports: [port] }) => {
    ports.add(port);
    port.addEventListener("message", ({ data }) => data === "bye" && ports.delete(port));
    port.start();
    if (stream.state) port.postMessage({ state: stream.state });
  });
}
