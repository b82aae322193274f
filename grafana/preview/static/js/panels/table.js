/** Rows as the query names and orders them; a real table for readers, a grid for the eye, cards on a phone. */

import { h } from "../dom.js";
import { fieldOf, linkOf, mapped, stepColour } from "../fields.js";
import { withUnit } from "../format.js";
import { showEmpty } from "./empty.js";
import { fitting } from "./fit.js";
import { judgedIn, judgingCell } from "./judging.js";

const CARDS = 5; // on a phone, until one asks for more
const LONG = 24; // letters: such a column takes a phone's whole width

export function paintTable(panel, frame) {
  const head = h("thead", { role: "rowgroup" });
  const body = h("tbody", { role: "rowgroup" });
  const table = h("table", { class: "table", role: "table", "aria-label": panel.title }, head, body);
  const fit = fitting(frame, body, CARDS);
  let names = "";

  function draw({ columns, rows }) {
    if (!rows.length) return showEmpty(panel, frame);
    const shown = columns
      .map((column, at) => ({ ...column, at, field: fieldOf(panel, column.name) }))
      .filter(({ field }) => !field.custom.hidden);
    for (const column of shown) column.letters = lettersIn(rows, column.at);
    main(shown).isMain = true;
    table.style.setProperty("--columns", shown.map(track).join(" "));
    if (names !== (names = shown.map((column) => column.name).join("\n"))) {
      head.replaceChildren(h("tr", { role: "row" }, ...shown.map((column) => h("th", {
        role: "columnheader", scope: "col", class: isNumber(column) ? "number" : undefined, title: column.name }, column.name))));
    }
    const focused = nameOf(document.activeElement);
    body.replaceChildren(...rows.map((row) => line(row, columns, shown)));
    if (focused && document.activeElement === document.body) {
      [...body.querySelectorAll("a, button")].find((element) => nameOf(element) === focused)?.focus({ preventScroll: true });
    }
    if (frame.body.firstChild !== table) frame.body.replaceChildren(table);
    fit.now();
    frame.body.tabIndex = frame.body.scrollHeight > frame.body.clientHeight + 2 ? 0 : -1;
    return undefined;
  }
  return { draw, stop: fit.stop };
}

/** What tells a link or button of a row from the others when the rows are drawn anew. */
function nameOf(element) {
  return element?.dataset?.keep ?? element?.href;
}

function isNumber({ type, field }) {
  return field.custom.align === "right" || (type === "number" && !field.mappings?.length);
}

function lettersIn(rows, at) {
  const lengths = rows.slice(0, 30).map((row) => String(row[at] ?? "").length);
  return Math.max(...lengths.filter((n) => n > 0), 0);
}

/** The column that names what a row is about: the first of plain text, or the first. */
function main(columns) {
  return columns.find((column) => column.type === "string" && !isNumber(column) && !column.field.mappings?.length) ?? columns[0];
}

/** A fixed width is the most a column takes; the others share what is left by what they hold. */
function track({ field, letters }) {
  if (field.custom.width) return `fit-content(${field.custom.width / 16}rem)`;
  return `minmax(${Math.min(letters, 13) * 0.5}em, ${Math.min(Math.max(letters, 8), 60)}fr)`;
}

function line(row, columns, shown) {
  const named = Object.fromEntries(columns.map((column, at) => [column.name, row[at]]));
  return h("tr", { role: "row" }, ...shown.map((column) => cell(column, row[column.at], named)));
}

function cell(column, value, named) {
  const { field, name } = column;
  const state = mapped(field, value);
  const coloured = field.custom.cellOptions?.type === "color-text";
  const colour = coloured ? state?.color ?? stepColour(field, value) : undefined;
  const text = state?.text ?? withUnit(value, field.unit, field.decimals);
  const link = linkOf(field, named);
  const judged = judgedIn(field, named);
  const kind = [isNumber(column) && "number", column.isMain && "main", column.letters > LONG && "long", state && "state"];
  if (judged) return h("td", { role: "cell", class: "long", "data-label": name }, judgingCell(field, judged, value));
  const content = link
    ? h("a", { href: link.url, target: "_blank", rel: "noopener noreferrer", title: link.title }, text)
    : text;
  return h("td", { role: "cell", class: kind.filter(Boolean).join(" ") || undefined, "data-label": name, style: colour ? { color: colour } : undefined },
    column.letters > LONG && text ? h("span", { class: "clamp", title: link ? undefined : text }, content) : text ? content : null);
}
