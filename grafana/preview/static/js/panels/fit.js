/** Shows whole rows only: on a wall as many as fit, on a phone the first few until one asks for more. */

import { h } from "../dom.js";
import { kiosk } from "../mode.js";

const PHONE = matchMedia("(max-width: 44rem)");

/** Keep the rows in `list` whole; a phone shows the first `onPhone`. Gives {now(), stop()}. */
export function fitting(frame, list, onPhone = Infinity) {
  let all = false;
  const more = h("button", { class: "more", type: "button", onclick: () => { all = true; now(); } }, "Xem thêm");

  function now() {
    const rows = [...list.children];
    for (const row of rows) row.classList.remove("rows-hidden");
    const shown = kiosk ? wholeRows(frame.body, rows) : PHONE.matches && !all ? Math.min(onPhone, rows.length) : rows.length;
    for (const row of rows.slice(shown)) row.classList.add("rows-hidden");
    const left = rows.length - shown;
    frame.note(kiosk && left > 0 ? `+${left} dòng` : "");
    if (left > 0 && !kiosk) {
      more.textContent = `Xem thêm ${left} dòng`;
      frame.body.after(more);
    } else {
      more.remove();
    }
    fade();
  }

  const fade = () => {
    const { body } = frame;
    body.toggleAttribute("data-below", !kiosk && body.scrollHeight - body.clientHeight - body.scrollTop > 4);
  };
  const watching = new ResizeObserver(now);
  watching.observe(frame.body);
  document.fonts?.ready.then(now);
  frame.body.addEventListener("scroll", fade, { passive: true });
  return {
    now,
    stop: () => watching.disconnect(),
  };
}

function wholeRows(body, rows) {
  const bottom = body.getBoundingClientRect().bottom - parseFloat(getComputedStyle(body).paddingBottom);
  const cut = rows.findIndex((row) => row.getBoundingClientRect().bottom > bottom + 1);
  return cut < 0 ? rows.length : Math.max(cut, 1);
}
