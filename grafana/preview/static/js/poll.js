/** Looks at one panel's data again and again: not while nobody can see it, and more slowly while it fails. */

import { getJson } from "./api.js";

const LONGEST_WAIT_MS = 30_000;
const FIRST_RETRY_MS = 2_000;

/**
 * Ask for `path` every `everyMs` until `stop()`.
 * `seen(answer)` gets what came; `failed(failure, times)` what did not, `times` in a row.
 */
export function poll(path, everyMs, element, { seen, failed }) {
  const stopped = new AbortController();
  let timer, failures = 0, due = 0, asking = false, inView = true;

  const watching = new IntersectionObserver(([entry]) => {
    inView = entry.isIntersecting;
    look();
  }, { rootMargin: "50%" });

  async function look() {
    if (asking || stopped.signal.aborted || document.hidden || !inView) return;
    clearTimeout(timer);
    const wait = due - Date.now();
    if (wait > 0) {
      timer = setTimeout(look, wait);
      return;
    }
    asking = true;
    try {
      seen(await getJson(path, stopped.signal));
      failures = 0;
    } catch (failure) {
      if (!stopped.signal.aborted) failed(failure, ++failures);
    }
    asking = false;
    const retry = Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LONGEST_WAIT_MS, Math.max(everyMs, FIRST_RETRY_MS));
    due = Date.now() + (failures ? retry : everyMs) * (0.95 + 0.1 * Math.random());
    look();
  }

  document.addEventListener("visibilitychange", look, { signal: stopped.signal });
  window.addEventListener("online", () => { due = 0; look(); }, { signal: stopped.signal });
  watching.observe(element);
  return {
    stop() {
      clearTimeout(timer);
      watching.disconnect();
      stopped.abort();
    },
  };
}
