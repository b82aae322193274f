/** What a panel says when there is nothing to show. */

import { h } from "../dom.js";

export function showEmpty(panel, frame) {
  frame.note("");
  frame.body.replaceChildren(h("p", { class: "empty" }, panel.fieldConfig?.defaults?.noValue ?? "Chưa có dữ liệu"));
}
