/** Plain paragraphs. */

import { h } from "../dom.js";

export function paintText(panel, frame) {
  const paragraphs = (panel.options?.content ?? "").split(/\n\s*\n/).filter(Boolean);
  frame.body.replaceChildren(h("div", { class: "text" }, ...paragraphs.map((text) => h("p", {}, text))));
  return { draw() {}, stop() {} };
}
