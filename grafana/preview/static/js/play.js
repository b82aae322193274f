/** Turns the pages of a wall: all pages of a dashboard, then the next dashboard. Space stops and goes on, arrows turn. */

const STILL_MS = 3_000; // a pointer that rests so long is hidden

export function startPlay({ everyMs, uids, current, go }) {
  let page = 0, timer, paused = false;

  async function turn(step) {
    clearTimeout(timer);
    const { uid, pages } = current();
    page += step;
    if (page >= 0 && page < pages) {
      await go(uid, page);
    } else if (uids.length > 1 || pages > 1) {
      const next = uids[(uids.indexOf(uid) + step + uids.length) % uids.length];
      page = 0;
      await go(next, 0);
    }
    wait();
  }

  function wait() {
    clearTimeout(timer);
    if (!paused) timer = setTimeout(() => (document.hidden ? wait() : turn(1)), everyMs);
  }

  let still;
  const moved = () => {
    document.documentElement.classList.remove("idle");
    clearTimeout(still);
    still = setTimeout(() => document.documentElement.classList.add("idle"), STILL_MS);
  };
  addEventListener("pointermove", moved, { passive: true });
  moved();

  addEventListener("keydown", (event) => {
    if (event.target.closest?.("button, a, input, [tabindex='0']")) return;
    if (event.key === "ArrowRight") turn(1);
    else if (event.key === "ArrowLeft") turn(-1);
    else if (event.key === " ") {
      event.preventDefault();
      paused = !paused;
      document.documentElement.classList.toggle("paused", paused);
      wait();
    }
  });
  wait();
}
