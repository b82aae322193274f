/** The frame around a panel: title, explanation, and how fresh and whole what it shows is. */

import { h, setText } from "./dom.js";
import { since } from "./format.js";
import { addressOf } from "./mode.js";

export function makeFrame(panel) {
  const id = `panel-${panel.id}`;
  const about = h("div", { class: "about", id: `${id}-about`, hidden: true }, panel.description ?? "");
  const button = h("button", {
    class: "about-button", type: "button", "aria-expanded": "false", "aria-controls": about.id,
    "aria-label": `Giải thích: ${panel.title}`, onclick: () => open(about.hidden),
  }, "i");
  const open = (wanted) => {
    about.hidden = !wanted;
    button.setAttribute("aria-expanded", String(wanted));
  };
  const note = h("span", { class: "panel-note" });
  const body = h("div", { class: "panel-body" }, h("div", { class: "skeleton", "aria-hidden": "true" }));
  const [foremost, why] = [h("span"), h("span", { class: "panel-why" })];
  const foot = h("p", { class: "panel-foot", hidden: true }, foremost, why);
  const element = h("section", {
    class: "panel", id, "data-type": panel.type, "data-state": panel.asks ? "loading" : "ok", "aria-labelledby": `${id}-title`,
    "aria-busy": String(Boolean(panel.asks)), onkeydown: (event) => event.key === "Escape" && open(false),
  }, h("div", { class: "panel-head" }, titleOf(panel, `${id}-title`), note, panel.description ? button : null), about, body, foot);

  const settle = (state, sentence, reason = "") => {
    element.dataset.state = state;
    element.setAttribute("aria-busy", String(state === "loading"));
    foot.hidden = !sentence;
    foot.title = reason;
    setText(foremost, sentence);
    setText(why, reason && `: ${reason}`);
  };
  return {
    element,
    body,
    note: (text) => setText(note, text),
    /** The panel shows what the server said at `askedAt`. */
    fresh: () => settle("ok", ""),
    /** The last look failed; what is shown, if anything, is from `drawnAt`. */
    failed: ({ message: reason, status }, drawnAt) => {
      const sentence = reason.charAt(0).toUpperCase() + reason.slice(1);
      if (drawnAt) return settle("stale", `Chưa cập nhật từ ${since(drawnAt)}`, reason);
      if (status === 503) return settle("waiting", sentence);
      body.replaceChildren(h("p", { class: "empty" }, "Chưa lấy được dữ liệu"));
      return settle("error", sentence);
    },
  };
}

function titleOf(panel, id) {
  const link = panel.links?.[0]?.url;
  const uid = /^\/d\/([\w-]+)$/.exec(link ?? "")?.[1];
  const text = uid ? h("a", { href: addressOf(uid), "data-uid": uid, title: panel.links[0].title }, panel.title) : panel.title;
  return h("h2", { id, title: uid ? undefined : panel.title }, text);
}
