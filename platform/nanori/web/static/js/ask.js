/* Requests of a page's own scripts: with the token, as forms, refusals as errors that can be shown. */

/* The server's "no". `status` is 0 when no answer came; `message` and `fields` are in the reader's language. */
export class Refusal extends Error {
  constructor(status, message = "", code = "", fields = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.fields = fields;
  }

  /* May the same request succeed later without anybody changing anything? */
  get mayPass() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }

  get isSignedOut() {
    return this.status === 401;
  }
}

/* POST `fields` (null as empty; or a whole form as URLSearchParams); the answer's JSON, or null when there is none.
   Throws Refusal. */
export function ask(path, fields = {}) {
  return send(path, { method: "POST", body: fields instanceof URLSearchParams ? fields : bodyOf(fields) });
}

function bodyOf(fields) {
  return new URLSearchParams(Object.entries(fields).map(([name, value]) => [name, value ?? ""]));
}

/* GET JSON. Throws Refusal. */
export function look(path) {
  return send(path, {});
}

/* HTML of a part of a page: GET, or POST of `fields` when there are some. Throws Refusal. */
export async function fragment(path, fields) {
  const body = fields && new URLSearchParams(fields);
  const answer = await request(path, { method: fields ? "POST" : "GET", body });
  return answer.text();
}

async function send(path, options) {
  const answer = await request(path, options);
  return answer.status === 204 ? null : answer.json();
}

async function request(path, options) {
  const headers = { Accept: "application/json", "X-CSRF-Token": token() };
  const answer = await fetch(path, { ...options, headers }).catch(() => { throw new Refusal(0); });
  if (answer.ok) return answer;
  const told = await answer.json().catch(() => ({}));
  throw new Refusal(answer.status, told.message, told.code, told.fields);
}

function token() {
  return document.querySelector('meta[name="csrf-token"]').content;
}
