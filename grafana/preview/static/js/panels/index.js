/** Which painter draws which type of panel. A painter has `draw(answer)` and `stop()`; `moves` if time alone changes it. */

import { h } from "../dom.js";
import { paintBars } from "./bars.js";
import { paintChart } from "./chart.js";
import { paintStat } from "./stat.js";
import { paintTable } from "./table.js";
import { paintText } from "./text.js";

const PAINTERS = { stat: paintStat, table: paintTable, bargauge: paintBars, timeseries: paintChart, text: paintText };

export function painterOf(panel, frame) {
  return (PAINTERS[panel.type] ?? unknown)(panel, frame);
}

function unknown(panel, frame) {
  frame.body.replaceChildren(h("p", { class: "empty" }, `Trang này chưa vẽ được loại khung “${panel.type}”`));
  return { draw() {}, stop() {} };
}
