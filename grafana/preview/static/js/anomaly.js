/** One anomaly in a dialog: where, when, why, and what people say of it, with a note. */

import { h, setText } from "./dom.js";
import { moment } from "./format.js";
import { fetchAnomaly, judge, verdictOf } from "./judge.js";

const ANSWERS = [["true", "✓ Đúng"], ["false", "✗ Sai"], ["unsure", "? Không rõ"]];

/** Open it; `changed(verdict)` is called when something was said, `closed()` at the end. */
export async function openAnomaly(id, { changed = () => {}, closed = () => {} } = {}) {
  const body = h("div", {}, h("p", {}, "Đang mở…"));
  const dialog = h("dialog", { class: "dialog", "aria-label": "Đánh giá bất thường" }, body);
  dialog.addEventListener("close", () => { dialog.remove(); closed(); });
  document.body.append(dialog);
  dialog.showModal();
  try {
    body.replaceChildren(...content(await fetchAnomaly(id), dialog, changed));
  } catch (failure) {
    body.replaceChildren(h("p", { class: "wrong", role: "alert" }, failure.message), bar(h("button", { type: "button", onclick: () => dialog.close() }, "Đóng")));
  }
}

function content(told, dialog, changed) {
  const note = h("textarea", { maxlength: 1000, rows: 2 });
  const said = h("p", { class: "wrong", role: "status" });
  const buttons = ANSWERS.map(([verdict, word]) => h("button", {
    type: "button", "data-verdict": verdict, "aria-pressed": String(verdictOf(told.event_id, told.verdict) === verdict),
    onclick: async () => {
      for (const button of buttons) button.disabled = true;
      try {
        if (await judge(told.event_id, verdict, note.value)) {
          changed(verdict);
          dialog.close();
        }
      } catch (failure) {
        setText(said, failure.message);
      }
      for (const button of buttons) button.disabled = false;
    },
  }, word));
  return [
    h("h2", {}, `${told.station_name} · ${told.metric_name}`),
    h("p", { class: "dialog-when" }, moment(told.observed_at, "HH:mm DD/MM/YYYY")),
    h("p", {}, told.reason),
    told.verdict_by ? h("p", { class: "dialog-when" }, `Người đánh giá gần nhất: ${told.verdict_by}`) : null,
    h("label", {}, "Ghi chú (không bắt buộc)", note),
    said,
    bar(h("button", { type: "button", onclick: () => dialog.close() }, "Đóng"), ...buttons),
  ].filter(Boolean);
}

function bar(...buttons) {
  return h("div", { class: "dialog-buttons" }, ...buttons);
}
