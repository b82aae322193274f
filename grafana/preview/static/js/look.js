/** Marks and colours of grafana/palette.py, told by the server: a state is never shown by colour alone. */

const look = { marks: {}, series: ["#6cb2ff"] };

export function learnLook(told) {
  Object.assign(look, told);
}

/** {mark, word} of a colour that means something; undefined for a neutral one. */
export function markOf(colour) {
  const found = look.marks[colour?.toLowerCase()];
  return found && { mark: found[0], word: found[1] };
}

export function seriesColour(n) {
  return look.series[n % look.series.length];
}

/** "#rrggbb" with an opacity 0-1. */
export function faded(colour, opacity) {
  return colour + Math.round(255 * opacity).toString(16).padStart(2, "0");
}
