/** What people say of an anomaly, true or false: sends it, asks who they are where the store wants to know, remembers it. */

import { getJson, postJson } from "./api.js";
import { h } from "./dom.js";

const FRESH_MS = 60_000; // what was just said is shown until the rows that are asked for know it
const KEPT = "said"; // in the tab's own storage, so that a page loaded anew shows it too
const said = new Map(JSON.parse(sessionStorage.getItem(KEPT) ?? "[]"));
let who; // the header that says who it is: of this page only, gone when it is left

/** The verdict to show of an anomaly of which the rows know `stored`. */
export function verdictOf(id, stored) {
  const last = said.get(id);
  return last && Date.now() - last.at < FRESH_MS ? last.verdict : stored;
}

/** One anomaly as the server tells it. */
export function fetchAnomaly(id) {
  return getJson(`/api/anomalies/${id}`);
}

/** Send a verdict; gives what is kept, or undefined for somebody who would not say who he is. Throws `Failure`. */
export async function judge(id, verdict, note = "") {
  for (;;) {
    try {
      const kept = await postJson(`/api/anomalies/${id}/verdict`, { verdict, note }, who && { Authorization: who });
      said.set(id, { verdict: kept.verdict, at: Date.now() });
      sessionStorage.setItem(KEPT, JSON.stringify([...said].filter(([, last]) => Date.now() - last.at < FRESH_MS)));
      return kept;
    } catch (failure) {
      if (failure.status !== 401) throw failure;
      const wrong = who ? failure.message : "";
      who = undefined;
      who = await askWho(wrong);
      if (!who) return undefined;
    }
  }
}

/** Name and password in a dialog, as the header of RFC 7617; undefined when it is closed. */
function askWho(wrong) {
  const name = h("input", { name: "name", autocomplete: "username", required: true, autocapitalize: "none" });
  const password = h("input", { name: "password", type: "password", autocomplete: "current-password", required: true });
  const dialog = h("dialog", { class: "dialog", "aria-labelledby": "who-title" });
  return new Promise((done) => {
    const enter = (event) => {
      event.preventDefault(); // nothing leaves by the form itself
      done(`Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(`${name.value}:${password.value}`)))}`);
      dialog.close();
    };
    dialog.append(h("form", { onsubmit: enter },
      h("h2", { id: "who-title" }, "Đăng nhập để đánh giá"),
      h("p", {}, "Tài khoản kho dữ liệu có quyền đánh giá. Trang không lưu mật khẩu."),
      h("label", {}, "Tên", name),
      h("label", {}, "Mật khẩu", password),
      h("p", { class: "wrong", role: "alert" }, wrong),
      h("div", { class: "dialog-buttons" },
        h("button", { type: "button", onclick: () => dialog.close() }, "Thôi"),
        h("button", { type: "submit", class: "main" }, "Đăng nhập"))));
    dialog.addEventListener("close", () => { dialog.remove(); done(undefined); });
    document.body.append(dialog);
    dialog.showModal();
  });
}
