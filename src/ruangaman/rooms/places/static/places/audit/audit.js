// The auditor's page on a phone: which screen, what is saved, what is sent.

import { hour, say } from "./kata.js";
import { refresh, send, Stopped } from "./kirim.js";
import { headings, list, question } from "./lembar.js";
import * as simpanan from "./simpanan.js";

const page = document.getElementById("audit");
const part = (name) => page.querySelector(`.audit-foot [data-${name}]`);
const SENTENCES = {
  offline: "later", failed: "failed", gone: "gone", photo_refused: "photo_refused", "places.sign-in": "sign_in",
  "places.not-yours": "not_yours", "places.audit-finished": "closed", "places.answers-refused": "refused",
};
let sending = false;

const tell = (name, places) => (part("kabar").textContent = name ? say(name, places) : "");

async function foot() {
  const count = await simpanan.waiting();
  const at = (await simpanan.get("saat")) ?? Date.now();
  part("simpan").textContent = count ? say("saved", { time: hour(at), count }) : simpanan.whose() ? say("nothing") : "";
  part("lain").hidden = !simpanan.whose();
  part("kirim").hidden = !simpanan.whose();
}

async function changed() {
  await simpanan.put("saat", Date.now());
  tell("");
  await foot();
  navigator.storage?.persist?.();
}

async function show() {
  const [, seat, ...rest] = location.hash.split("/");
  const audits = await simpanan.audits();
  const audit = audits.find((one) => one.id === seat);
  if (audit && rest.length) await question(audit, rest.join("/"), changed);
  else if (audit) await headings(audit, (id) => sendAll(id));
  else await list(audits);
  await foot();
}

function stopped(error) {
  const code = error instanceof Stopped ? error.code : "other";
  part("masuk").hidden = code !== "places.sign-in";
  tell(SENTENCES[code] ?? "failed");
}

async function sendAll(ended) {
  if (sending) return;
  sending = true;
  const end = ended ?? (await simpanan.get("selesai"));
  if (ended) await simpanan.put("selesai", ended);
  await simpanan.put("kirim", true);
  tell("sending");
  try {
    await send(end);
    await simpanan.drop("kirim");
    await simpanan.drop("selesai");
    const left = await simpanan.waiting();
    tell(left ? "check" : "sent", { count: left });
  } catch (error) {
    if (["gone", "places.audit-finished"].includes(error.code)) await simpanan.drop("selesai");
    stopped(error);
  }
  sending = false;
  await show();
}

/** Leave this phone: here at once, at the house as soon as there is a signal. */
async function leave() {
  const csrf = await simpanan.get("csrf");
  await simpanan.leave();
  await simpanan.put("keluar", csrf ?? "");
  await signOut();
  location.hash = "#/";
  await show();
  part("masuk").hidden = false;
  tell("locked");
  part("kabar").scrollIntoView({ block: "center" });
}

async function signOut() {
  const csrf = await simpanan.get("keluar");
  if (csrf === undefined) return true;
  try {
    await fetch(page.dataset.keluar, { method: "POST", credentials: "same-origin", headers: { "X-CSRFToken": csrf } });
  } catch {
    return false;
  }
  await simpanan.drop("keluar");
  return true;
}

/** With a signal: who is signed in, what there is to look at; and what was to be sent goes out. */
async function begin() {
  if ((await simpanan.get("keluar")) !== undefined) {
    await signOut();
    part("masuk").hidden = false;
    return tell("locked");
  }
  try {
    if (await simpanan.get("kirim")) return await sendAll();
    await refresh();
    part("masuk").hidden = true;
    if (!location.hash.split("/")[2]) await show();
    else await foot();
    return undefined;
  } catch (error) {
    if (error.code === "offline") return tell("");
    return stopped(error);
  }
}

async function start() {
  if (!globalThis.crypto?.subtle || !globalThis.indexedDB) return;
  page.querySelector(".audit-foot").hidden = false;
  if ("serviceWorker" in navigator) {
    const scope = page.dataset.akar;
    await navigator.serviceWorker.register(`${scope}pekerja.js`, { scope }).catch(() => {});
    const language = document.documentElement.lang;
    navigator.serviceWorker.ready.then((ready) => ready.active?.postMessage({ language }));
  }
  part("kirim").addEventListener("click", () => sendAll());
  part("pergi").addEventListener("click", leave);
  addEventListener("hashchange", show);
  addEventListener("online", begin);
  await simpanan.resume();
  await show();
  await begin();
  page.dataset.siap = "1";
}

start();
