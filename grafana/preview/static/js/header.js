/** The bar above the board: place, title, menu, line to the server, clock. */

import { onLine } from "./api.js";
import { h, setText } from "./dom.js";
import { day, moment, since } from "./format.js";
import { addressOf } from "./mode.js";

const at = (id) => document.getElementById(id);
const LINE = {
  waiting: () => "Đang kết nối",
  live: () => "Trực tiếp",
  late: (ms) => `Kho dữ liệu chưa trả lời từ ${since(ms)}`,
  lost: (ms) => `Mất kết nối từ ${since(ms)}`,
};

/** Start clock and line, and fill the menu. */
export function startHeader({ place, dashboards }) {
  at("place").replaceChildren(place, h("span", { class: "centre" }, " · Trung tâm điều hành thông minh"));
  at("menu").replaceChildren(...dashboards.map((d) => h("a", { href: addressOf(d.uid), "data-uid": d.uid, title: d.description }, d.title)));
}

export function startClock() {
  const tick = () => {
    const now = Date.now();
    setText(at("time"), moment(now, "HH:mm:ss"));
    at("time").dateTime = new Date(now).toISOString();
    setText(at("day"), day(now));
    setTimeout(tick, 1000 - (now % 1000));
  };
  tick();
  onLine(({ state, since: ms }) => {
    at("link").dataset.state = state;
    setText(at("link-word"), LINE[state](ms));
  });
}

/** Say which dashboard is shown, and which page of it where it has several. */
export function titled(uid, title, page = "") {
  setText(at("title"), page ? `${title} (${page})` : title);
  document.title = `${title} · Trung tâm điều hành thông minh`;
  for (const link of at("menu").children) {
    const current = link.dataset.uid === uid;
    link.toggleAttribute("aria-current", false);
    if (current) link.setAttribute("aria-current", "page");
    if (current && at("menu").scrollWidth > at("menu").clientWidth) link.scrollIntoView({ block: "nearest", inline: "center" });
  }
}
