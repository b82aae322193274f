/** Turns an answer into lines over a common time: wide (a column a line) or long (a text column names the line). */

/** {times: [ms], lines: [{name, values}]}, times ascending. */
export function linesOf({ columns, rows }) {
  const timeAt = columns.findIndex((column) => column.type === "time");
  const nameAt = columns.findIndex((column) => column.type === "string");
  const numbers = columns.flatMap((column, at) => (column.type === "number" ? [at] : []));
  const times = [...new Set(rows.map((row) => row[timeAt]))].sort((a, b) => a - b);
  const index = new Map(times.map((time, n) => [time, n]));
  const lines = new Map();
  for (const row of rows) {
    for (const at of numbers) {
      const name = nameAt < 0 ? columns[at].name : String(row[nameAt]);
      if (!lines.has(name)) lines.set(name, new Array(times.length).fill(null));
      lines.get(name)[index.get(row[timeAt])] = row[at];
    }
  }
  return { times, lines: [...lines].map(([name, values]) => ({ name, values })) };
}

/** What two names of a band's edges share: "Cao 80%" and "Thấp 80%" make "Khoảng 80%". */
export function bandName(upper, lower) {
  let n = 0;
  while (n < Math.min(upper.length, lower.length) && upper.at(-1 - n) === lower.at(-1 - n)) n += 1;
  const shared = n ? upper.slice(-n).trim() : "";
  return shared ? `Khoảng ${shared}` : `${lower} – ${upper}`;
}

/** The last value that is one, with its time: {value, time} or undefined. */
export function lastOf(times, values) {
  const n = values.findLastIndex((value) => value !== null);
  return n < 0 ? undefined : { value: values[n], time: times[n] };
}

/** Data only as far as it says something: nothing before the first point, nothing of an empty future. */
export function spanOf(times, from, to, now) {
  if (!times.length) return [from, to];
  const end = to > now + 60_000 ? Math.max(times.at(-1), now) : Math.max(to, times.at(-1));
  const start = Math.max(from, times[0]);
  return start < end ? [start, end] : [end - 60_000, end];
}

/** How the times of points so far apart are written: a month, a day, or a minute. */
export function patternOf(times) {
  const step = times.length > 1 ? (times.at(-1) - times[0]) / (times.length - 1) : 0;
  const dayMs = 86_400_000;
  return step > 20 * dayMs ? "MM/YYYY" : step > 0.9 * dayMs ? "DD/MM/YYYY" : "HH:mm DD/MM";
}
