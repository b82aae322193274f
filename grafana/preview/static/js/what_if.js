/** "Nếu … thì": levers as sliders, and the forecast's band that moves with them. Below the indicators' dashboard. */

import { getJson } from "./api.js";
import { h, setText } from "./dom.js";
import { makeFrame } from "./frame.js";
import { place } from "./grid.js";
import { kiosk } from "./mode.js";
import { paintChart } from "./panels/chart.js";

const BOARD = "ioc-indicators";
const MOST = 30; // per cent: farther than levers usually go
const PAUSE_MS = 200; // while a finger moves, nothing is asked
const PLAIN = "#6cb2ff", MOVED = "#f2b53c", INK = "#f1f5f9";
const ABOUT = "Kéo một yếu tố lên hoặc xuống để xem dự báo đổi ra sao. Mức đổi đo từ số liệu quá khứ sau khi trừ xu hướng, mùa vụ và Tết; "
  + "dải rộng thêm vì tác động không biết chắc. Đây là liên hệ trong quá khứ, không chắc là nguyên nhân.";
let indicators = [];

/** What the server told of indicators with levers; none where it cannot answer. */
export function learnLevers(told) {
  indicators = told ?? [];
}

/** The panel below a dashboard, {element, stop}; undefined on walls and below other dashboards. */
export function whatIf(board) {
  if (kiosk || board.uid !== BOARD || !indicators.length) return undefined;
  const frame = makeFrame({ id: "what-if", title: "Nếu … thì: dự báo khi một yếu tố thay đổi", description: ABOUT, type: "what-if", asks: false });
  const end = Math.max(0, ...board.panels.map(({ gridPos: g }) => g.y + g.h));
  place(frame.element, { x: 0, y: end, w: 24, h: 13 });
  const form = h("form", { class: "levers", onsubmit: (event) => event.preventDefault() });
  const plot = h("div", { class: "what-if-chart" });
  const words = h("div", { class: "what-if-words", role: "status" });
  frame.body.replaceChildren(h("div", { class: "what-if" }, form, plot, words));
  let chosen = indicators[0], painter = null, asking = null, waiting = 0;

  function choose(id) {
    chosen = indicators.find((one) => one.id === id) ?? indicators[0];
    form.replaceChildren(picker(), ...chosen.levers.map(slider), h("button", { type: "reset", class: "levers-reset" }, "Đặt lại"));
    painter?.stop();
    plot.replaceChildren();
    painter = paintChart(panelOf(chosen), { body: plot, note() {} });
    ask();
  }

  const picker = () => h("label", { class: "lever-picker" }, "Chỉ tiêu", h("select", { onchange: (event) => choose(event.target.value) },
    ...indicators.map((one) => h("option", { value: one.id, selected: one === chosen }, one.name))));

  function slider(lever) {
    const id = `lever-${lever.id}`;
    const said = h("output", { for: id }, percent(0));
    const input = h("input", { id, type: "range", min: -MOST, max: MOST, step: 1, value: 0, name: lever.id });
    input.addEventListener("input", () => {
      setText(said, percent(input.valueAsNumber));
      soon();
    });
    return h("div", { class: "lever" }, h("label", { for: id }, lever.name), said, input); // a label around both would be the output's
  }

  function soon() {
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE_MS);
  }

  async function ask() {
    asking?.abort();
    const mine = (asking = new AbortController());
    const query = new URLSearchParams({ indicator: chosen.id });
    for (const input of form.querySelectorAll("input")) query.append("set", `${input.name}=${percent(input.valueAsNumber, "")}`);
    try {
      const told = await getJson(`/api/what-if?${query}`, mine.signal);
      if (mine.signal.aborted) return;
      painter.draw(answerOf(told));
      words.replaceChildren(...told.sentences.map((sentence) => h("p", {}, sentence)));
      frame.fresh();
    } catch (failure) {
      if (!mine.signal.aborted) frame.failed(failure, 0);
    }
  }

  form.addEventListener("reset", () => setTimeout(() => {
    for (const said of form.querySelectorAll("output")) setText(said, percent(0));
    ask();
  }));
  const seen = new IntersectionObserver(([entry]) => {
    if (!entry.isIntersecting) return;
    seen.disconnect();
    choose(chosen.id);
  });
  seen.observe(frame.element);
  return {
    element: frame.element,
    stop() {
      seen.disconnect();
      asking?.abort();
      clearTimeout(waiting);
      painter?.stop();
    },
  };
}

/** "+10 %", "−5 %", "0 %"; what the server reads has an ASCII minus and no space. */
function percent(value, space = " ") {
  const sign = value > 0 ? "+" : value < 0 ? (space ? "−" : "-") : space ? "" : "+";
  return `${sign}${Math.abs(value)}${space}%`;
}

/** The chart's fields as Grafana would have them. */
function panelOf({ name, unit, id }) {
  const line = (color, custom = {}) => [{ id: "color", value: { mode: "fixed", fixedColor: color } }, ...Object.entries(custom).map(([key, value]) => ({ id: `custom.${key}`, value }))];
  const dash = { lineStyle: { fill: "dash", dash: [3, 4] } };
  const fields = {
    "Cao 80%": line(PLAIN, { fillBelowTo: "Thấp 80%", lineWidth: 0, fillOpacity: 18 }), "Thấp 80%": line(PLAIN, { lineWidth: 0 }),
    "Cao 80% nếu đổi": line(MOVED, { fillBelowTo: "Thấp 80% nếu đổi", lineWidth: 0, fillOpacity: 22 }), "Thấp 80% nếu đổi": line(MOVED, { lineWidth: 0 }),
    "Thực hiện": line(INK, { lineWidth: 3 }), "Dự báo": line(PLAIN, dash), "Nếu đổi": line(MOVED, dash),
  };
  const overrides = Object.entries(fields).map(([options, properties]) => ({ matcher: { id: "byName", options }, properties }));
  return { id: `what-if-${id}`, title: name, type: "timeseries", fieldConfig: { defaults: { unit: unit ? `suffix:${unit}` : "none" }, overrides } };
}

/** The answer in the form of a panel's rows; the bands begin where the past ends. */
function answerOf({ past, periods }) {
  const names = ["Thực hiện", "Dự báo", "Nếu đổi", "Cao 80%", "Thấp 80%", "Cao 80% nếu đổi", "Thấp 80% nếu đổi"];
  const at = (period) => Date.parse(`${period}T00:00:00Z`);
  const last = past.at(-1);
  const rows = past.map(({ period, value }) => [at(period), value, ...new Array(6).fill(value === last.value && period === last.period ? value : null)]);
  for (const { period, before, after } of periods) {
    rows.push([at(period), null, before.value, after.value, before.high80, before.low80, after.high80, after.low80]);
  }
  const columns = [{ name: "time", type: "time" }, ...names.map((name) => ({ name, type: "number" }))];
  return { columns, rows, from: rows[0]?.[0] ?? 0, to: rows.at(-1)?.[0] ?? 0, asked_at: Date.now() };
}
