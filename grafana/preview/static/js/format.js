/** Numbers, units and times as people in Vietnam write them; all times in Asia/Ho_Chi_Minh. */

export const ZONE = "Asia/Ho_Chi_Minh";
const LOCALE = "vi-VN";
const NUMBERS = new Map();
const PARTS = new Intl.DateTimeFormat("en-GB", {
  timeZone: ZONE, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
});
const WEEKDAY = new Intl.DateTimeFormat(LOCALE, { timeZone: ZONE, weekday: "long" });

/** 1234.5 → "1.234,5"; without `decimals` at most as many as the size of the number deserves. */
export function number(value, decimals) {
  if (typeof value !== "number" || !Number.isFinite(value)) return "";
  const most = Math.min(Math.max(decimals ?? natural(value), 0), 10);
  const least = decimals === undefined || decimals === null ? 0 : most;
  const key = `${least} ${most}`;
  if (!NUMBERS.has(key)) NUMBERS.set(key, new Intl.NumberFormat(LOCALE, { minimumFractionDigits: least, maximumFractionDigits: most }));
  const text = NUMBERS.get(key).format(value);
  return /[1-9]/.test(text) ? text.replace("-", "−") : text.replace("-", "");
}

function natural(value) {
  const size = Math.abs(value);
  if (Number.isInteger(value)) return 0;
  return size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 3;
}

/** A value in Grafana's unit as [text, unit]: percent, percentunit, suffix:…, time:…, none. */
export function measured(value, unit = "none", decimals) {
  if (value === null || value === undefined || value === "") return ["", ""];
  if (unit.startsWith("time:")) return [moment(value, unit.slice(5)), ""];
  if (typeof value !== "number") return [String(value), ""];
  if (unit === "percent") return [number(value, decimals), "%"];
  if (unit === "percentunit") return [number(100 * value, decimals), "%"];
  if (unit.startsWith("suffix:")) return [number(value, decimals), unit.slice(7).trim()];
  return [number(value, decimals), ""];
}

/** The same as one text; "%" stands close, other units after a space that does not break. */
export function withUnit(value, unit, decimals) {
  const [text, suffix] = measured(value, unit, decimals);
  return suffix ? text + (suffix === "%" ? "" : "\u00a0") + suffix : text;
}

/** Milliseconds since 1970 in a pattern of YYYY, YY, MM, DD, HH, mm, ss. */
export function moment(ms, pattern) {
  if (typeof ms !== "number" || !Number.isFinite(ms)) return "";
  const p = Object.fromEntries(PARTS.formatToParts(ms).map((part) => [part.type, part.value]));
  const words = { YYYY: p.year, YY: p.year.slice(2), MM: p.month, DD: p.day, HH: p.hour, mm: p.minute, ss: p.second };
  return pattern.replace(/YYYY|YY|MM|DD|HH|mm|ss/g, (token) => words[token]);
}

/** "thứ Tư, 25/11/2026" */
export function day(ms) {
  return `${WEEKDAY.format(ms)}, ${moment(ms, "DD/MM/YYYY")}`;
}

/** The clock of a message: the day only when it is not today's. */
export function since(ms, now = Date.now()) {
  const sameDay = moment(ms, "YYYYMMDD") === moment(now, "YYYYMMDD");
  return moment(ms, sameDay ? "HH:mm:ss" : "HH:mm:ss DD/MM");
}

/** Pattern of a time axis whose marks are `step` ms apart. */
export function axisPattern(step) {
  const dayMs = 86400000;
  if (step >= 360 * dayMs) return "YYYY";
  if (step >= 27 * dayMs) return "MM/YYYY";
  if (step >= dayMs) return "DD/MM";
  return step >= 60000 ? "HH:mm" : "HH:mm:ss";
}
