/** Where panels stand: Grafana's 24 columns, and on a wall the pages that fill the screen. */

const MOST_ROWS = 33; // of one page on a wall: with more, text is too small from six metres

/** Put a panel where Grafana puts it, its page starting at row `top`. */
export function place(element, { x, y, w, h }, top = 0) {
  element.style.gridColumn = `${x + 1} / span ${w}`;
  element.style.gridRow = `${y - top + 1} / span ${h}`;
  element.toggleAttribute("data-wide", w > 12);
}

/** Panels in reading order. */
export function inOrder(panels) {
  return [...panels].sort((a, b) => a.gridPos.y - b.gridPos.y || a.gridPos.x - b.gridPos.x);
}

/**
 * Pages of a wall: cut where no panel is cut, each at most `most` rows unless one panel is taller, and of about the
 * same height. Gives [{top, rows, panels}].
 */
export function pagesOf(panels, most = MOST_ROWS) {
  const ordered = inOrder(panels);
  const end = Math.max(0, ...ordered.map((p) => p.gridPos.y + p.gridPos.h));
  const goal = Math.ceil(end / Math.ceil(end / most || 1)) || 1;
  const cuts = [0];
  for (const y of [...new Set(ordered.map((p) => p.gridPos.y)), end].filter((y) => isCut(ordered, y))) {
    const next = [...cutsAfter(ordered, y), end][0];
    if (y > cuts.at(-1) && (y === end || next - cuts.at(-1) > most || y - cuts.at(-1) >= goal)) cuts.push(y);
  }
  return cuts.slice(0, -1).map((top, n) => ({
    top,
    rows: cuts[n + 1] - top,
    panels: ordered.filter((p) => p.gridPos.y >= top && p.gridPos.y < cuts[n + 1]),
  }));
}

function isCut(panels, y) {
  return panels.every(({ gridPos: g }) => g.y + g.h <= y || g.y >= y);
}

function cutsAfter(panels, y) {
  return [...new Set(panels.map((p) => p.gridPos.y))].filter((other) => other > y && isCut(panels, other));
}
