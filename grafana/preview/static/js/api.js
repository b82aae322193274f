/** Asks the server, and knows how the line to it is. */

const TIMEOUT_MS = 25_000;
const listeners = new Set();
const line = { state: "waiting", since: Date.now() };
let serverAnswers = true;
let storeAnswers = true;

/** A request that brought no data. `status` is 0 when no server answered. */
export class Failure extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/** The JSON at a path of this server; throws `Failure` with a sentence for people. */
export async function getJson(path, signal) {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  let response, body;
  try {
    response = await fetch(path, { signal: signal ? AbortSignal.any([signal, timeout]) : timeout, cache: "no-store" });
    body = await response.json();
  } catch {
    if (signal?.aborted) throw new Failure("đã thôi", -1);
    if (!response) note({ server: false });
    throw new Failure(response ? "máy chủ trả lời sai" : "mất kết nối với máy chủ", response?.status ?? 0);
  }
  note({ server: true, ...(path.startsWith("/api/panels/") && { store: response.status !== 503 }) });
  if (!response.ok) throw new Failure(body?.error ?? `máy chủ báo lỗi ${response.status}`, response.status);
  return body;
}

/** Send JSON to a path of this server; the JSON it answers, else `Failure` with a sentence for people. */
export async function postJson(path, content, headers = {}) {
  let response, body;
  try {
    response = await fetch(path, {
      method: "POST", body: JSON.stringify(content), headers: { "Content-Type": "application/json", ...headers },
      signal: AbortSignal.timeout(TIMEOUT_MS), cache: "no-store",
    });
    body = await response.json();
  } catch {
    throw new Failure(response ? "máy chủ trả lời sai" : "mất kết nối với máy chủ", response?.status ?? 0);
  }
  if (!response.ok) throw new Failure(body?.error ?? `máy chủ báo lỗi ${response.status}`, response.status);
  return body;
}

/** Call `listener({state, since})` now and at every change: waiting, live, late (no database), lost (no server). */
export function onLine(listener) {
  listeners.add(listener);
  listener(line);
}

function note({ server = serverAnswers, store = storeAnswers }) {
  [serverAnswers, storeAnswers] = [server, store];
  const state = !server ? "lost" : store ? "live" : "late";
  if (state === line.state) return;
  Object.assign(line, { state, since: Date.now() });
  for (const listener of listeners) listener(line);
}
