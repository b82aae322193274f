/** One dashboard on the screen: its panels, drawn and kept fresh. */

import { getJson } from "./api.js";
import { makeFrame } from "./frame.js";
import { inOrder, pagesOf, place } from "./grid.js";
import { kiosk } from "./mode.js";
import { painterOf } from "./panels/index.js";
import { poll } from "./poll.js";
import { whatIf } from "./what_if.js";

const PATIENCE = 2; // failures in a row before old data is called old

export function fetchBoard(uid) {
  return getJson(`/api/dashboards/${encodeURIComponent(uid)}`);
}

/**
 * Show a dashboard in `root`; `arrived(answer)` is called whenever one came.
 * Gives {board, pages, show(n), close()}; pages are more than one only on a wall.
 */
export function openBoard(board, root, arrived) {
  const pages = kiosk ? pagesOf(board.panels) : [{ top: 0, rows: 0, panels: inOrder(board.panels) }];
  let polls = [], painters = [];

  function close() {
    for (const one of [...polls, ...painters]) one.stop();
    [polls, painters] = [[], []];
    root.replaceChildren();
  }

  function show(n) {
    close();
    const page = pages[n % pages.length];
    root.style.setProperty("--rows", page.rows);
    for (const panel of page.panels) {
      const frame = makeFrame(panel);
      place(frame.element, panel.gridPos, page.top);
      root.append(frame.element);
      const painter = painterOf(panel, frame);
      painters.push(painter);
      if (panel.asks) polls.push(keepFresh(board, panel, frame, painter, arrived));
    }
    const form = whatIf(board);
    if (form) {
      painters.push(form);
      root.append(form.element);
    }
    root.setAttribute("aria-busy", "false");
  }

  show(0);
  return { board, pages, show, close };
}

function keepFresh(board, panel, frame, painter, arrived) {
  let drawn = "", drawnAt = 0;
  return poll(`/api/panels/${encodeURIComponent(board.uid)}/${panel.id}`, 1000 * board.refresh_s, frame.element, {
    seen(answer) {
      const content = JSON.stringify([answer.columns, answer.rows]);
      if (content !== drawn || painter.moves) painter.draw(answer);
      [drawn, drawnAt] = [content, answer.asked_at];
      frame.fresh();
      arrived(answer);
    },
    failed(failure, times) {
      if (!drawnAt || times >= PATIENCE) frame.failed(failure, drawnAt);
    },
  });
}
