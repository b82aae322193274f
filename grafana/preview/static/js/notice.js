/** Says in words how the parts of the system are: while it prepares, and when one is not well. */

import { getJson } from "./api.js";
import { h } from "./dom.js";

const EVERY_MS = 3_000;
const WORDS = {
  waiting: "đang chờ",
  starting: "đang khởi động",
  ready: "sẵn sàng",
  restarting: "đang khởi động lại",
  stopping: "đang dừng",
  stopped: "đã dừng",
  failed: "không chạy được",
};
const TROUBLE = { restarting: "warn", stopping: "warn", stopped: "bad", failed: "bad" };
const MARKS = { ready: "✓", restarting: "▲", stopping: "▲", stopped: "■", failed: "■" };

/** Watch the parts; `versioned(version)` hears the server's version. Gives {dataArrived(answer)}. */
export function watchParts(root, versioned) {
  let prepared = false, drawn = "", parts = [];

  async function look() {
    if (!document.hidden) {
      try {
        const told = await getJson("/api/system");
        parts = told.parts;
        versioned(told.version);
        show();
      } catch {
        // the header tells that nobody answers
      }
    }
    setTimeout(look, EVERY_MS);
  }

  function show() {
    const preparing = !prepared;
    const ill = parts.filter((part) => part.state in TROUBLE);
    const ready = parts.every((part) => part.state === "ready");
    const told = preparing && !ready ? parts : ill;
    const content = JSON.stringify([preparing, ready, told]);
    if (content === drawn) return;
    drawn = content;
    root.hidden = !preparing && !ill.length;
    root.dataset.tone = ill.some((part) => TROUBLE[part.state] === "bad") ? "bad" : ill.length ? "warn" : "";
    root.replaceChildren(
      ...(preparing ? [h("p", { class: "notice-title" }, ready ? "Đang chờ dữ liệu đầu tiên từ các nguồn…" : "Đang chuẩn bị dữ liệu…")] : []),
      ...(told.length ? [h("ul", {}, ...told.map(line))] : []),
    );
  }

  look();
  return {
    /** An answer came: the first that holds a number other than zero ends the preparation. */
    dataArrived({ rows }) {
      if (prepared || !rows.some((row) => row.some((value) => typeof value === "number" && value))) return;
      prepared = true;
      show();
    },
  };
}

function line(part) {
  const words = part.progress !== null && part.message ? part.message : WORDS[part.state] ?? part.state;
  const times = part.restarts > 1 && part.state === "restarting" ? ` (lần ${part.restarts})` : "";
  const bar = typeof part.progress === "number" ? h("progress", { max: "1", value: String(part.progress), "aria-label": part.title }) : null;
  return h("li", { "data-state": part.state }, h("span", { "aria-hidden": "true" }, MARKS[part.state] ?? "…"), `${part.title} ${words}${times}`, bar);
}
