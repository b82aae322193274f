/** Lines over time, drawn by uPlot: bands, dashes, limits, legend, tooltip. */

import { h, rem } from "../dom.js";
import { fieldOf } from "../fields.js";
import { showEmpty } from "./empty.js";
import { legendOf, noteOf, sentenceOf } from "./legend.js";
import { optionsOf, strands } from "./chart_options.js";
import { linesOf, spanOf } from "./series.js";
import { tooltip } from "./tooltip.js";

export function paintChart(panel, frame) {
  const plot = h("div", { class: "chart-plot", role: "img", tabindex: "0" });
  const legend = h("ul", { class: "legend" });
  const box = h("figure", { class: "chart" }, plot, legend);
  const tip = tooltip(plot);
  let chart = null, shape = "", last = null;

  function draw(answer) {
    const { times, lines } = linesOf(answer);
    if (!times.length || !lines.length) {
      stopChart();
      return showEmpty(panel, frame);
    }
    if (frame.body.firstChild !== box) frame.body.replaceChildren(box);
    last = { answer, times, lines: strands(lines.map((line) => ({ ...line, field: fieldOf(panel, line.name) }))) };
    legend.replaceChildren(...legendOf(last.lines, times, panel));
    frame.note(noteOf(panel));
    plot.setAttribute("aria-label", sentenceOf(panel, last.lines, times));
    return render();
  }

  function render() {
    if (!last || !plot.clientWidth || !plot.clientHeight) return;
    const { answer, times, lines } = last;
    const size = { width: plot.clientWidth, height: plot.clientHeight };
    const [from, to] = spanOf(times, answer.from, answer.to, answer.asked_at);
    const wanted = JSON.stringify([lines.map((line) => line.name), rem()]);
    if (!chart || wanted !== shape) {
      stopChart();
      chart = new window.uPlot(optionsOf(panel, lines, size, () => last, tip), null, plot);
      shape = wanted;
    } else if (chart.width !== size.width || chart.height !== size.height) {
      chart.setSize(size);
    }
    chart.batch(() => {
      chart.setData([times, ...lines.map((line) => line.values)], false);
      chart.setScale("x", { min: from, max: to });
    });
  }

  function stopChart() {
    chart?.destroy();
    [chart, shape] = [null, ""];
  }

  plot.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step || !chart || !last) return;
    event.preventDefault();
    const n = Math.min(Math.max((chart.cursor.idx ?? last.times.length) + step, 0), last.times.length - 1);
    chart.setCursor({ left: chart.valToPos(last.times[n], "x"), top: chart.over.clientHeight / 3 });
  });
  plot.addEventListener("blur", () => chart?.setCursor({ left: -10, top: -10 }));

  const watching = new ResizeObserver(render);
  watching.observe(plot);
  if (document.fonts?.status === "loading") {
    document.fonts.ready.then(() => {
      shape = ""; // the axes were measured in another font
      render();
    });
  }
  return {
    draw,
    moves: true,
    stop() {
      watching.disconnect();
      stopChart();
      last = null;
    },
  };
}
