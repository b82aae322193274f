/** How uPlot draws one panel: axes, scales, lines, bands and limits from Grafana's field options. */

import { rem } from "../dom.js";
import { limitsOf } from "../fields.js";
import { axisPattern, moment, number, ZONE } from "../format.js";
import { faded, seriesColour } from "../look.js";

const INK = "#93a4b8", LINE = "#1e2b3a", RULE = "#4a5d74";
const WHOLE = Array.from({ length: 13 }, (_, n) => [1, 2, 5].map((digit) => digit * 10 ** n)).flat();
const NEAR = 1.6; // a limit is drawn into view when it is at most so far above the data

/** Lines with colour and look, in drawing order: bands below, then what is dashed, then the solid lines. */
export function strands(lines) {
  let free = 0;
  const lowers = new Set(lines.map((line) => line.field.custom.fillBelowTo).filter(Boolean));
  const ready = lines.map((line, order) => {
    const { custom, color } = line.field;
    const colour = color?.mode === "fixed" ? color.fixedColor : seriesColour(free++);
    const role = custom.fillBelowTo ? "upper" : lowers.has(line.name) ? "lower" : custom.drawStyle === "points" ? "points"
      : custom.lineStyle?.fill === "dash" ? "dash" : "line";
    return { ...line, order, colour, role };
  });
  const rank = { upper: 0, lower: 0, dash: 1, line: 2, points: 3 };
  return ready.sort((a, b) => rank[a.role] - rank[b.role] || a.order - b.order);
}

export function optionsOf(panel, lines, { width, height }, current, tip) {
  const unit = rem() / 16;
  const font = `${Math.round(13 * unit)}px "Be Vietnam Pro", sans-serif`; // whole pixels: uPlot scales no others
  const limits = limitsOf(panel.fieldConfig?.defaults ?? {});
  const axis = { stroke: INK, font, grid: { stroke: LINE, width: unit }, ticks: { show: false } };
  return {
    width, height, ms: 1, pxAlign: false, legend: { show: false },
    padding: [10 * unit, 12 * unit, 0, 0],
    tzDate: (ms) => window.uPlot.tzDate(new Date(ms), ZONE),
    cursor: { y: false, points: { size: 9 * unit, width: 2 * unit }, drag: { x: false, y: false } },
    scales: { x: { time: true }, y: { range: (_, low, high) => yRange(low, high, limits) } },
    axes: [
      { ...axis, grid: { show: false }, space: 84 * unit, size: 26 * unit, gap: 6 * unit,
        values: (_, splits, __, ___, step) => splits.map((ms) => marked(ms, step)) },
      { ...axis, gap: 8 * unit, space: 28 * unit, size: (u, values) => widest(u, values, font) + 14 * unit,
        incrs: panel.fieldConfig?.defaults?.decimals === 0 ? WHOLE : undefined,
        values: (_, splits) => splits.map((value) => number(value, places(splits))) },
    ],
    series: [{}, ...lines.map((line) => strand(line, unit))],
    bands: bands(lines),
    hooks: { draw: [(u) => rules(u, limits, current(), unit)], setCursor: [(u) => tip.show(u, current(), panel)] },
  };
}

function marked(ms, step) {
  const pattern = axisPattern(step);
  return pattern === "HH:mm" && moment(ms, "HH:mm") === "00:00" ? moment(ms, "DD/MM") : moment(ms, pattern);
}

/** As many decimals as tell neighbouring marks apart exactly. */
function places(splits) {
  const step = Math.abs(splits[1] - splits[0]) || 1;
  const enough = [0, 1, 2, 3, 4].find((n) => Math.abs(step * 10 ** n - Math.round(step * 10 ** n)) < 1e-6);
  return enough ?? 5;
}

function widest(u, values, font) {
  if (!values?.length) return 0;
  u.ctx.save();
  u.ctx.font = font; // of CSS pixels, as the size asked for is
  const width = Math.max(...values.map((text) => u.ctx.measureText(text).width));
  u.ctx.restore();
  return Math.ceil(width);
}

function yRange(low, high, limits) {
  if (low === null || high === null) return [0, 1];
  const near = limits.map((limit) => limit.value).filter((value) => value <= high + NEAR * Math.abs(high) && value >= low - NEAR * Math.abs(low));
  const [from, to] = [Math.min(low, ...near), Math.max(high, ...near)];
  const room = (to - from || Math.abs(to) || 1) * 0.08;
  const floor = from >= 0 && from - room < 0.25 * to ? 0 : from - room;
  return [floor, to + room];
}

function strand({ name, colour, role, field, values }, unit) {
  const edge = role === "upper" || role === "lower";
  const alone = values.filter((value) => value !== null).length < 2;
  const dash = field.custom.lineStyle?.dash?.map((length) => length * unit);
  const size = (field.custom.pointSize ?? 7) * unit;
  return {
    label: name,
    stroke: edge ? "transparent" : colour,
    width: edge ? 0 : (field.custom.lineWidth ?? 2) * unit,
    dash: role === "dash" ? dash ?? [6 * unit, 6 * unit] : undefined,
    spanGaps: field.custom.spanNulls !== false,
    paths: role === "points" ? () => null : field.custom.lineInterpolation === "stepAfter" ? window.uPlot.paths.stepped({ align: 1 }) : undefined,
    points: { show: !edge && (role === "points" || alone), size, fill: colour, stroke: colour },
  };
}

function bands(lines) {
  return lines.flatMap((line, n) => {
    const lower = lines.findIndex((other) => other.name === line.field.custom.fillBelowTo);
    return lower < 0 ? [] : [{ series: [n + 1, lower + 1], fill: faded(line.colour, (line.field.custom.fillOpacity || 20) / 100) }];
  });
}

/** Limits as dashed lines, and the present where the future is shown too. */
function rules(u, limits, { answer }, rem16) {
  const unit = rem16 * window.devicePixelRatio;
  const { left, top, width, height } = u.bbox;
  const { ctx } = u;
  ctx.save();
  ctx.lineWidth = 1.5 * unit;
  ctx.setLineDash([8 * unit, 6 * unit]);
  for (const { value, color } of limits) {
    const y = u.valToPos(value, "y", true);
    if (y < top || y > top + height) continue;
    ctx.strokeStyle = color;
    stroke(ctx, left, y, left + width, y);
  }
  const now = u.valToPos(answer.asked_at, "x", true);
  if (now > left && now < left + width - 8 * unit) {
    ctx.strokeStyle = RULE;
    ctx.setLineDash([2 * unit, 4 * unit]);
    stroke(ctx, now, top, now, top + height);
  }
  ctx.restore();
}

function stroke(ctx, x0, y0, x1, y1) {
  ctx.beginPath();
  ctx.moveTo(x0, y0);
  ctx.lineTo(x1, y1);
  ctx.stroke();
}
