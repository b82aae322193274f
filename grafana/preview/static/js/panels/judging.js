/** The cell in which people say whether an anomaly is true: two buttons and one for more; on a wall only the word. */

import { openAnomaly } from "../anomaly.js";
import { h, setText } from "../dom.js";
import { mapped } from "../fields.js";
import { judge, verdictOf } from "../judge.js";
import { kiosk } from "../mode.js";

const ADDRESS = /\/?anomaly\/\$\{__data\.fields\.([^}]+)\}$/;

/** The identity of the anomaly that this cell judges, or undefined. */
export function judgedIn(field, row) {
  const column = ADDRESS.exec(field.links?.[0]?.url ?? "")?.[1];
  return column && /^[0-9a-f]{32}$/.test(row[column]) ? row[column] : undefined;
}

export function judgingCell(field, id, stored) {
  const word = h("span", { class: "judged", role: "status" });
  const answers = [["true", "Đúng"], ["false", "Sai"]].map(([verdict, name]) =>
    h("button", { type: "button", "data-keep": `${id} ${verdict}`, onclick: () => say(verdict) }, name));
  const more = h("button", { type: "button", "data-keep": `${id} more`, "aria-label": "Xem, ghi chú, không rõ", onclick: () => openAnomaly(id, { changed: show }) }, "…");

  function show(verdict) {
    const state = mapped(field, verdict);
    setText(word, state?.text ?? verdict);
    word.style.color = state?.color ?? "";
    answers[0].setAttribute("aria-pressed", String(verdict === "true"));
    answers[1].setAttribute("aria-pressed", String(verdict === "false"));
  }

  async function say(verdict) {
    const before = word.textContent;
    setText(word, "Đang ghi…");
    try {
      if (await judge(id, verdict)) show(verdict);
      else setText(word, before);
    } catch (failure) {
      setText(word, failure.message);
      word.style.color = "";
    }
  }

  show(verdictOf(id, stored));
  return h("div", { class: "judging" }, word, kiosk ? null : h("span", { class: "judging-buttons" }, ...answers, more));
}
