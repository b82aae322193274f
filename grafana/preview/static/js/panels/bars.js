/** One horizontal bar a row: the first text column names it, the first number column is its length. */

import { h } from "../dom.js";
import { fieldOf, stepColour } from "../fields.js";
import { withUnit } from "../format.js";
import { markOf } from "../look.js";
import { showEmpty } from "./empty.js";
import { fitting } from "./fit.js";

export function paintBars(panel, frame) {
  const list = h("ul", { class: "bars" });
  const fit = fitting(frame, list);

  function draw({ columns, rows }) {
    const nameAt = columns.findIndex((column) => column.type === "string");
    const valueAt = columns.findIndex((column) => column.type === "number");
    if (!rows.length || valueAt < 0) return showEmpty(panel, frame);
    const field = fieldOf(panel, columns[valueAt].name);
    const low = field.min ?? 0;
    const high = field.max ?? Math.max(...rows.map((row) => row[valueAt] ?? 0));
    list.replaceChildren(...rows.map((row) => bar(String(row[nameAt] ?? ""), row[valueAt], field, low, high)));
    if (frame.body.firstChild !== list) frame.body.replaceChildren(list);
    return fit.now();
  }
  return { draw, stop: fit.stop };
}

function bar(name, value, field, low, high) {
  const colour = stepColour(field, value) ?? "";
  const state = markOf(colour);
  const share = Math.min(Math.max((value - low) / (high - low || 1), 0), 1);
  return h("li", { class: "bar" },
    h("span", { class: "bar-name", title: name }, name),
    h("span", { class: "bar-value", style: { color: colour } },
      `${withUnit(value, field.unit, field.decimals)}${state ? ` ${state.mark}` : ""}`,
      state ? h("span", { class: "quiet" }, ` ${state.word}`) : null),
    h("span", { class: "bar-track", "aria-hidden": "true" },
      h("span", { class: "bar-fill", style: { display: "block", width: `${100 * share}%`, background: colour } })),
  );
}
