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

/** Watch the parts; `versioned(version)` hears the server's version. Gives {dataArrived()}. */
export function watchParts(root, versioned) {
  let prepared = false, drawn = "";

  async function look() {
    if (!document.hidden) {
      try {
        const { parts, version } = await getJson("/api/system");
        versioned(version);
        show(parts);
      } catch {
        // the header tells that nobody answers
      }
    }
    setTimeout(look, EVERY_MS);
  }

  function show(parts) {
    const preparing = !prepared;
    const ill = parts.filter((part) => part.state in TROUBLE);
    const told = preparing ? parts : ill;
    const content = JSON.stringify([preparing, told]);
    if (content === drawn) return;
    drawn = content;
    root.hidden = !preparing && !ill.length;
    root.dataset.tone = ill.some((part) => TROUBLE[part.state] === "bad") ? "bad" : ill.length ? "warn" : "";
    root.replaceChildren(
      ...(preparing ? [h("p", { class: "notice-title" }, "Đang chuẩn bị dữ liệu…")] : []),
      h("ul", {}, ...told.map(line)),
    );
  }

  look();
  return {
    dataArrived() {
      if (prepared) return;
      prepared = true;
      root.hidden = true;
      drawn = "";
    },
  };
}

function line(part) {
  const words = part.progress !== null && part.message ? part.message : WORDS[part.state] ?? part.state;
  const times = part.restarts > 1 && part.state === "restarting" ? ` (lần ${part.restarts})` : "";
  const bar = typeof part.progress === "number" ? h("progress", { max: "1", value: String(part.progress), "aria-label": part.title }) : null;
  return h("li", { "data-state": part.state }, h("span", { "aria-hidden": "true" }, MARKS[part.state] ?? "…"), `${part.title} ${words}${times}`, bar);
}
