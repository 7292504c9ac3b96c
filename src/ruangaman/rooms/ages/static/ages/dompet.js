// The wallet's own page: cards, fetch, what was used where, lock, empty.

import { fill } from "./ambil.js";
import * as gambar from "./gambar.js";
import { claim, day, language, say } from "./kata.js";
import * as simpanan from "./simpanan.js";

const page = document.getElementById("dompet");
const part = (name) => page.querySelector(`[data-${name}]`);
const NEAR_S = 2 * 24 * 3600;
const EMPTIED = "dompet-kosong";

function tell(name, places) {
  part("kabar").textContent = say(name, places);
}

/** The cards: one for each key of which tokens lie here, the highest age first, the newest first. */
async function cards() {
  const stacks = new Map();
  for (const one of await simpanan.sheets()) {
    const stack = stacks.get(one.keyId) ?? { ...one, count: 0 };
    stack.count += 1;
    stacks.set(one.keyId, stack);
  }
  const years = (one) => Number(one.claim.split("_")[2]);
  return [...stacks.values()].sort((one, other) => years(other) - years(one) || other.ends - one.ends);
}

async function draw() {
  const found = await cards();
  const list = part("tumpukan");
  list.replaceChildren();
  for (const one of found) {
    const item = page.querySelector("template[data-kartu]").content.cloneNode(true);
    const [under, years] = [one.claim.includes("under"), one.claim.split("_")[2]];
    item.querySelector(".age-tile").textContent = under ? `<${years}` : `${years}+`;
    item.querySelector("h2").textContent = claim(one.claim);
    const [line, soon] = item.querySelectorAll("p");
    line.textContent = `${say("sheets", { count: one.count })} · ${say("until", { date: day(one.ends - 1) })}`;
    soon.hidden = one.ends - simpanan.now() > NEAR_S;
    soon.textContent = say("changes", { date: day(one.ends) });
    list.append(item);
  }
  list.hidden = !found.length;
  part("kosong").hidden = Boolean(found.length);
  const used = (await simpanan.uses()).reverse();
  part("catatan").replaceChildren(
    ...used.map((one) => {
      const item = document.createElement("li");
      item.textContent = `${say("used_at", { place: one.place, date: day(one.at) })}: ${claim(one.claim)}`;
      return item;
    }),
  );
  part("catatan-kosong").hidden = Boolean(used.length);
  part("hapus-catatan").hidden = !used.length;
  part("lepas").hidden = !(await gambar.isSet());
  signal();
}

function signal() {
  part("luring").hidden = navigator.onLine !== false;
}

async function fetchMore() {
  const button = part("ambil");
  if (button.getAttribute("aria-disabled")) return;
  if (navigator.onLine === false) return tell("offline");
  button.setAttribute("aria-disabled", "true");
  try {
    const count = await fill(page.dataset.issuer, (at, all) => tell("fetching", { count: at, all }));
    tell(count ? "fetched" : "full", { count });
  } catch (error) {
    const known = await simpanan.get("direktori");
    const next = Math.max(0, ...(known?.keys ?? []).map((one) => one.begins + 7 * 24 * 3600));
    tell(error.code ?? "other", { date: day(next) });
  }
  button.removeAttribute("aria-disabled");
  await draw();
}

async function setPin() {
  part("isi").hidden = true;
  const set = await gambar.set();
  part("isi").hidden = false;
  tell(set ? "pin_set" : "pin_differs");
  await draw();
  part("pin").focus();
}

async function emptyAll() {
  // The house first: without signal it forgets the wallet when its cookie ends.
  if (navigator.onLine !== false) await fetch("/age-tokens/wallet", { method: "DELETE" }).catch(() => {});
  await simpanan.empty();
  sessionStorage.setItem(EMPTIED, "1");
  location.reload();
}

async function start() {
  if (!globalThis.crypto?.subtle || !globalThis.indexedDB) return;
  part("tanpa-skrip").hidden = true;
  part("buang").hidden = false;
  part("kosongkan").addEventListener("click", emptyAll);
  if ("serviceWorker" in navigator) {
    await navigator.serviceWorker.register("/dompet/pekerja.js", { scope: "/dompet/" }).catch(() => {});
    navigator.serviceWorker.ready.then((ready) => ready.active?.postMessage({ language }));
  }
  await gambar.open();
  part("isi").hidden = false;
  part("ambil").addEventListener("click", fetchMore);
  part("pin").addEventListener("click", setPin);
  part("lepas").addEventListener("click", () => gambar.remove().then(draw));
  part("hapus-catatan").addEventListener("click", () => simpanan.forgetUses().then(draw).then(() => part("ambil").focus()));
  addEventListener("online", signal);
  addEventListener("offline", signal);
  navigator.storage?.persist?.();
  await draw();
  if (sessionStorage.getItem(EMPTIED)) {
    sessionStorage.removeItem(EMPTIED);
    tell("emptied");
    page.querySelector("h1").setAttribute("tabindex", "-1");
    page.querySelector("h1").focus();
  }
}

start();
