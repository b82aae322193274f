/** One large number with the mark and word of the step it reached. */

import { h, setText } from "../dom.js";
import { fieldOf, stepColour } from "../fields.js";
import { measured } from "../format.js";
import { markOf } from "../look.js";
import { showEmpty } from "./empty.js";

export function paintStat(panel, frame) {
  const number = h("span");
  const unit = h("small");
  const value = h("p", { class: "stat-value" }, number, unit);
  const word = h("p", { class: "stat-word" });
  const box = h("div", { class: "stat" }, value, word);

  function draw({ columns, rows }) {
    const at = columns.findIndex((column) => column.type === "number");
    const last = rows.map((row) => row[at]).filter((found) => typeof found === "number").at(-1);
    if (last === undefined) return showEmpty(panel, frame);
    const field = fieldOf(panel, columns[at].name);
    const [text, suffix] = measured(last, field.unit, field.decimals);
    const colour = field.color?.mode === "fixed" ? field.color.fixedColor : stepColour(field, last);
    const state = markOf(colour);
    setText(number, text);
    setText(unit, suffix);
    setText(word, state ? `${state.mark} ${state.word}` : "");
    value.style.color = word.style.color = colour ?? "";
    if (frame.body.firstChild !== box) frame.body.replaceChildren(box);
    return undefined;
  }
  return { draw, stop() {} };
}
