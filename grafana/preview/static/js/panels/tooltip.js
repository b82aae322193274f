/** The values under the cursor, beside it and never outside the plot. */

import { h, rem } from "../dom.js";
import { moment, withUnit } from "../format.js";
import { nameOf, swatch } from "./legend.js";
import { patternOf } from "./series.js";

const MOST = 10;

export function tooltip(plot) {
  const box = h("div", { class: "tip", hidden: true, role: "status" });

  function show(u, current, panel) {
    const { idx, left } = u.cursor;
    if (idx === null || idx === undefined || left < 0 || !current) {
      box.hidden = true;
      return;
    }
    const lines = [...current.lines].sort((a, b) => a.order - b.order).filter((line) => line.role !== "lower" && line.values[idx] !== null);
    if (box.parentNode !== plot) plot.append(box);
    box.hidden = !lines.length;
    box.replaceChildren(
      h("p", {}, moment(current.times[idx], patternOf(current.times))),
      h("ul", {}, ...lines.slice(0, MOST).map((line) => h("li", {}, swatch(line), nameOf(line), h("b", {}, valueOf(line, current.lines, idx))))),
    );
    beside(u, left, panel);
  }

  function beside(u, left) {
    const gap = rem();
    const x = u.over.offsetLeft + left;
    const right = x + gap + box.offsetWidth <= plot.clientWidth;
    box.style.left = `${Math.max(0, right ? x + gap : x - gap - box.offsetWidth)}px`;
    box.style.top = `${Math.max(0, Math.min(rem() / 2, plot.clientHeight - box.offsetHeight))}px`;
  }

  return { show };
}

function valueOf(line, lines, idx) {
  const { unit, decimals } = line.field;
  if (line.role !== "upper") return withUnit(line.values[idx], unit, decimals);
  const lower = lines.find((other) => other.name === line.field.custom.fillBelowTo);
  return `${withUnit(lower?.values[idx], "none", decimals)} – ${withUnit(line.values[idx], "none", decimals)}`;
}
