/** Loads the page anew when the server has another version than the one that sent it, and once a day on a wall. */

import { kiosk } from "./mode.js";

const KEY = "ioc-reloaded";
const DAY_MS = 86_400_000; // a screen that runs for months starts afresh, at a moment when the server answers
const REST_MS = 30_000; // while versions change back and forth, as in a rolling update, load at most this often

export function reloadOn() {
  let mine;
  return {
    loaded(version) {
      mine ??= version;
    },
    versioned(version) {
      const old = kiosk && performance.now() > DAY_MS;
      if (mine === undefined || (version === mine && !old)) return;
      if (Date.now() - Number(sessionStorage.getItem(KEY) ?? 0) < REST_MS) return;
      sessionStorage.setItem(KEY, String(Date.now()));
      location.reload();
    },
  };
}
