/** Starts the page: menu, parts, the dashboard of the address; moves between dashboards without loading anew. */

import { openAnomaly } from "./anomaly.js";
import { getJson } from "./api.js";
import { fetchBoard, openBoard } from "./board.js";
import { startClock, startHeader, titled } from "./header.js";
import { learnLook } from "./look.js";
import { addressOf, anomalyInAddress, kiosk, playMs, uidInAddress } from "./mode.js";
import { watchParts } from "./notice.js";
import { startPlay } from "./play.js";
import { reloadOn } from "./version.js";
import { learnLevers } from "./what_if.js";

const root = document.getElementById("board");
const AGAIN_MS = 2000;
let open = null;
let turn = 0;

/** The answer, however long the server keeps us waiting; undefined when nobody waits any more. */
async function patiently(ask, wanted = () => true) {
  while (wanted()) {
    try {
      const answer = await ask();
      return wanted() ? answer : undefined;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
  return undefined;
}

async function show(uid, page = 0) {
  const mine = ++turn;
  if (open?.board.uid === uid) {
    open.show(page);
  } else {
    const board = await patiently(() => fetchBoard(uid), () => mine === turn);
    if (!board) return;
    open?.close();
    open = openBoard(board, root, (answer) => parts.dataArrived(answer));
  }
  titled(uid, open.board.title, open.pages.length > 1 ? `${page + 1}/${open.pages.length}` : "");
}

function followLinks(event) {
  const link = event.target.closest("a[data-uid]");
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  history.pushState(null, "", addressOf(link.dataset.uid));
  show(link.dataset.uid);
  scrollTo(0, 0);
}

document.documentElement.classList.toggle("kiosk", kiosk);
startClock();
const { versioned, loaded } = reloadOn();
const parts = watchParts(document.getElementById("notice"), versioned);
const told = await patiently(() => getJson("/api/dashboards"));
loaded(told.version);
learnLook(told.look);
learnLevers(told.levers);
startHeader(told);
const first = () => uidInAddress() ?? told.dashboards[0].uid;
document.addEventListener("click", followLinks);
addEventListener("popstate", () => show(first()));
await show(first());
const asked = anomalyInAddress();
if (asked) openAnomaly(asked, { closed: () => history.replaceState(null, "", addressOf(open.board.uid)) });
if (playMs || kiosk) {
  startPlay({
    everyMs: playMs || 20_000,
    uids: playMs ? told.dashboards.map((d) => d.uid) : [first()],
    current: () => ({ uid: open.board.uid, pages: open.pages.length }),
    go: (uid, page) => {
      if (uid !== open.board.uid) history.replaceState(null, "", addressOf(uid));
      return show(uid, page);
    },
  });
}
