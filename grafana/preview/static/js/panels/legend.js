/** The legend of a chart, and the same in one sentence for those who cannot see it. */

import { h } from "../dom.js";
import { limitsOf } from "../fields.js";
import { measured, moment, number, withUnit } from "../format.js";
import { faded } from "../look.js";
import { bandName, lastOf, patternOf } from "./series.js";

/** List items: lines in the order of the query, then the bands from the inner to the outer. */
export function legendOf(lines, times, panel) {
  const last = panel.options?.legend?.calcs?.includes("lastNotNull");
  const rank = (line) => (line.role === "upper" ? 1000 - line.order : line.order);
  return [...lines].sort((a, b) => rank(a) - rank(b)).filter((line) => line.role !== "lower").map((line) => {
    const newest = last && line.role !== "upper" && lastOf(times, line.values);
    return h("li", {}, swatch(line), nameOf(line).replace(/^Khoảng /, ""), newest ? h("b", {}, withUnit(newest.value, line.field.unit, line.field.decimals)) : null);
  });
}

export function nameOf(line) {
  return line.role === "upper" ? bandName(line.name, line.field.custom.fillBelowTo) : line.name;
}

export function swatch(line) {
  const band = line.role === "upper";
  const colour = band ? faded(line.colour, Math.min(1, (line.field.custom.fillOpacity ?? 20) / 60)) : line.colour;
  return h("span", { class: "swatch", "data-look": band ? "band" : line.role, style: { color: colour }, "aria-hidden": "true" });
}

/** "Thu ngân sách: Thực hiện 4.120 tỷ đồng (10/2026); …" */
export function sentenceOf(panel, lines, times) {
  const said = [...lines].sort((a, b) => a.order - b.order).filter((line) => line.role !== "lower" && line.role !== "upper").map((line) => {
    const newest = lastOf(times, line.values);
    return newest && `${line.name} ${withUnit(newest.value, line.field.unit, line.field.decimals)} (${moment(newest.time, patternOf(times))})`;
  });
  return `${panel.title}: ${said.filter(Boolean).join("; ")}. Dùng phím mũi tên để xem từng thời điểm.`;
}

/** The unit, and the limits even where they lie above what is drawn. */
export function noteOf(panel) {
  const defaults = panel.fieldConfig?.defaults ?? {};
  const unit = measured(0, defaults.unit)[1];
  const limits = limitsOf(defaults).map((limit) => number(limit.value)).join("–");
  return limits ? `giới hạn ${limits} ${unit}`.trim() : unit;
}
