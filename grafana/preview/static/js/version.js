/** Loads the page anew when the server has another version than the one that sent it. */

const KEY = "ioc-reloaded";
const REST_MS = 30_000; // while versions change back and forth, as in a rolling update, load at most this often

export function reloadOn() {
  let mine;
  return {
    loaded(version) {
      mine ??= version;
    },
    versioned(version) {
      if (mine === undefined || version === mine) return;
      if (Date.now() - Number(sessionStorage.getItem(KEY) ?? 0) < REST_MS) return;
      sessionStorage.setItem(KEY, String(Date.now()));
      location.reload();
    },
  };
}
