/** The legend of a chart, and the same in one sentence for those who cannot see it. */

import { h } from "../dom.js";
import { moment, withUnit } from "../format.js";
import { faded } from "../look.js";
import { bandName, lastOf } from "./series.js";

/** List items: lines in the order of the query, then the bands from the inner to the outer. */
export function legendOf(lines, times, panel) {
  const last = panel.options?.legend?.calcs?.includes("lastNotNull");
  const rank = (line) => (line.role === "upper" ? 1000 - line.order : line.order);
  let bands = 0;
  return [...lines].sort((a, b) => rank(a) - rank(b)).filter((line) => line.role !== "lower").map((line) => {
    const newest = last && line.role !== "upper" && lastOf(times, line.values);
    return h("li", {}, swatch(line), line.role === "upper" && bands++ ? nameOf(line).replace(/^Khoảng /, "") : nameOf(line), newest ? h("b", {}, withUnit(newest.value, line.field.unit, line.field.decimals)) : null);
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

/** "Thu ngân sách: Thực hiện 4.120 tỷ đồng lúc 01/10/2026; …" */
export function sentenceOf(panel, lines, times) {
  const said = lines.filter((line) => line.role !== "lower" && line.role !== "upper").map((line) => {
    const newest = lastOf(times, line.values);
    return newest && `${line.name} ${withUnit(newest.value, line.field.unit, line.field.decimals)} lúc ${moment(newest.time, "HH:mm DD/MM/YYYY")}`;
  });
  return `${panel.title}: ${said.filter(Boolean).join("; ")}. Dùng phím mũi tên để xem từng thời điểm.`;
}
