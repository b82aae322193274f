/** What the address says: which dashboard, on a wall (`?kiosk`), in turn (`?play=30`). */

const query = new URLSearchParams(location.search);

export const kiosk = query.has("kiosk") && !["0", "false"].includes(query.get("kiosk"));
export const playMs = query.has("play") ? 1000 * Math.max(Number(query.get("play")) || 30, 5) : 0;

export function uidInAddress() {
  return /^\/d\/([^/]+)$/.exec(location.pathname)?.[1];
}

/** The anomaly that somebody came for, by a link from Grafana. */
export function anomalyInAddress() {
  return /^\/anomaly\/([0-9a-f]{32})$/.exec(location.pathname)?.[1];
}

/** The address of a dashboard in the same mode. */
export function addressOf(uid) {
  return `/d/${uid}${location.search}`;
}
