// A test in class. What was chosen is written on this device after each answer, goes to the house when the test is
// finished and there is a signal, and is gone from the device when the house says that it has it.

import { all, drop, get, put } from "./kotak-tes.js";
import { listen } from "./suara.js";

const page = document.getElementById("kelas");
const words = JSON.parse(document.getElementById("kata").textContent);
const form = page.querySelector("[data-kode]");
const field = form.querySelector("input");
const place = page.querySelector("[data-terbuka]");
const news = page.querySelector("[data-kabar]");
const head = page.querySelector("h1");
const AT_ONCE = 100;
const AGAIN_MS = 20_000;
const KEPT_DAYS = 50; // longer than the latest test of a group after its lesson, day 42
let opened;
let word = ""; // by which the codes of this group come in when the school's network is shut for its wrong ones

const today = () => new Date().toLocaleDateString("sv"); // YYYY-MM-DD of this device

/** The day by the house's calendar: its day when the code was opened, and as many days as this device counted since. */
function taken() {
  return new Date(Date.parse(opened.today) + Math.max(0, days(opened.here)) * 86_400_000).toISOString().slice(0, 10);
}

function say(text, { bad = false } = {}) {
  news.textContent = text;
  news.hidden = !text;
  news.classList.toggle("tint-genteng", bad);
  news.classList.toggle("tint-nila", !bad);
}

const clean = (text) => text.toUpperCase().replace(/[^0-9A-Z]/g, "");

async function ask(address, body) {
  return fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    credentials: "omit",
    signal: AbortSignal.timeout(30_000),
  });
}

async function open(text) {
  const code = clean(text);
  const kept = await get("dibuka", code).catch(() => undefined);
  let reply;
  try {
    reply = await ask(page.dataset.open, { code, word: kept?.word ?? word });
  } catch {
    return kept ? show(kept) : say(words.offline, { bad: true });
  }
  if (!reply.ok) {
    const told = await reply.json().catch(() => ({}));
    return say(reply.status === 429 ? words.tries : words[told.why] ?? words.failed, { bad: true });
  }
  const told = { ...(await reply.json()), here: today() };
  word = told.word;
  await begun(told);
  await put("dibuka", told.code, told).catch(() => say(words.unsaved, { bad: true }));
  await keepPages(told);
  return show(told);
}

const days = (since) => Math.round((Date.parse(today()) - Date.parse(since)) / 86_400_000);

/** What nobody comes back to goes: tests begun or refused and codes opened long ago. A finished test waits for a signal. */
async function old() {
  for (const one of await all("lembar").catch(() => [])) {
    const id = `${one.code}.${one.key}`;
    if (!one.since) await put("lembar", id, { ...one, since: today() }).catch(() => {});
    else if ((!one.done || one.refused) && days(one.since) > KEPT_DAYS) await drop("lembar", id).catch(() => {});
  }
  for (const one of await all("dibuka").catch(() => [])) {
    if (days(one.here) > KEPT_DAYS) await drop("dibuka", one.code).catch(() => {});
  }
}

/** A test that was begun and is not open any more is not shown; one that is open now stands as the house drew it. */
async function begun(told) {
  const kept = await all("lembar").catch(() => []);
  const waiting = new Set(kept.filter((one) => one.code === told.code && one.done).map((one) => one.key));
  told.tests = told.tests.filter((one) => !waiting.has(one.key));
}

async function keepPages(told) {
  if (!("serviceWorker" in navigator)) return;
  const drawn = document.createElement("template");
  drawn.innerHTML = told.tests.map((one) => one.page).join("");
  const pictures = [...drawn.content.querySelectorAll("img")].map((one) => one.getAttribute("src"));
  const worker = navigator.serviceWorker.controller ?? (await navigator.serviceWorker.ready).active;
  worker?.postMessage({ keep: [location.pathname, ...new Set(pictures)] });
}

function show(told) {
  opened = told;
  word = told.word ?? word;
  say("");
  field.value = "";
  place.innerHTML = told.page;
  place.lang = told.language;
  for (const button of place.querySelectorAll("[data-mulai]")) {
    const test = told.tests.find((one) => one.key === button.dataset.mulai);
    if (!test) button.closest("li").remove();
    button.closest("form").addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      begin(test);
    });
  }
  form.hidden = false;
  place.querySelector("h2, p")?.scrollIntoView({ block: "center" });
  count();
}

async function begin(test) {
  const id = `${opened.code}.${test.key}`;
  const { code } = opened;
  const fresh = { id: crypto.randomUUID(), code, key: test.key, since: today(), at: 0, chosen: {}, done: false };
  const kept = await get("lembar", id).catch(() => undefined);
  run(test, kept && kept.version === test.version ? kept : { ...fresh, version: test.version }, id);
}

/** One item after the other; after a portion a place to stop; at the end what is left, and the sending. */
function run(test, sheet, id) {
  place.innerHTML = test.page;
  listen(place);
  form.hidden = true;
  say("");
  const part = (name) => place.querySelector(`[data-${name}]`);
  const steps = part("catatan") ? [part("catatan")] : [];
  const portions = [...place.querySelectorAll("[data-bagian]")];
  portions.forEach((portion, number) => {
    if (number) steps.push(part("jeda"));
    steps.push(...portion.querySelectorAll("[data-soal]"));
  });
  for (const name of ["amati", "lakukan"]) if (part(name)) steps.push(part(name));
  steps.push(part("akhir"));
  const items = [...place.querySelectorAll("[data-soal]")];
  const inputs = [...place.querySelectorAll("input")];
  // The place to stop stands between two portions each time it is come to; it is one element.
  const at = (number) => Math.max(0, Math.min(number, steps.length - 1));

  for (const input of inputs) {
    const said = sheet.chosen[input.name];
    if (said !== undefined) input.checked = input.type === "checkbox" ? said === "1" : said === input.value;
  }

  // "Saved" stands there only while nothing is still being written.
  const note = part("simpan");
  let writing = 0;
  async function keep() {
    writing += 1;
    note.textContent = "\u00a0";
    const told = await put("lembar", id, sheet).then(() => words.saved, () => words.unsaved);
    writing -= 1;
    if (!writing) note.textContent = told;
  }

  function left() {
    return items.filter((one) => !sheet.chosen[`j-${one.dataset.soal}`]).length;
  }

  function turn(number, { focus = true } = {}) {
    sheet.at = at(number);
    const now = steps[sheet.at];
    for (const one of new Set(steps)) one.hidden = one !== now;
    for (const portion of portions) portion.hidden = !portion.contains(now);
    const last = now === part("akhir");
    part("maju").hidden = last;
    part("kirim").hidden = !last;
    part("mundur").hidden = sheet.at === 0;
    const place_of = items.indexOf(now);
    part("langkah").textContent =
      place_of < 0 ? "" : words.step.replace("{n}", place_of + 1).replace("{all}", items.length);
    part("sisa").textContent = last && left() ? words.left.replace("{count}", left()) : "";
    if (!focus) return;
    const target = now.querySelector("legend, h3");
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: "center" });
  }

  place.onchange = (event) => {
    const input = event.target;
    sheet.chosen[input.name] = input.type === "checkbox" ? (input.checked ? "1" : "0") : input.value;
    keep();
  };
  part("maju").onclick = () => (turn(sheet.at + 1), keep());
  part("mundur").onclick = () => (turn(sheet.at - 1), keep());
  part("tutup").onclick = async () => (await keep(), finish());
  // Whoever leaves a test on a hard subject out loses nothing: nothing of it stays here, nothing is sent.
  if (part("lewati")) {
    part("lewati").onclick = async () => {
      await drop("lembar", id).catch(() => {});
      opened.tests = opened.tests.filter((one) => one !== test);
      await finish();
    };
  }
  part("kirim").onclick = async () => {
    part("kirim").disabled = true;
    sheet.done = true;
    sheet.sheet = written(test, sheet, items, part("amati"), part("lakukan"));
    try {
      await put("lembar", id, sheet);
    } catch {
      say(words.unsaved, { bad: true });
    }
    opened.tests = opened.tests.filter((one) => one !== test);
    await put("dibuka", opened.code, opened).catch(() => {});
    await deliver([[id, sheet]]);
    await finish();
  };
  turn(sheet.at, { focus: true });
  keep();
}

function written(test, sheet, items, observed, did) {
  const said = (name) => sheet.chosen[name] ?? "";
  const answers = observed
    ? [...observed.querySelectorAll("input")].map((one) => [one.name.slice(2), one.checked])
    : items.map((one) => {
        const item = one.dataset.soal;
        const sure = { 1: true, 0: false }[said(`y-${item}`)] ?? null;
        return [item, said(`j-${item}`), said(`j-${item}`) ? sure : null];
      });
  return {
    id: sheet.id,
    code: opened.code,
    word: opened.word ?? "",
    objective: test.objective,
    time: test.time,
    form: test.form,
    version: test.version,
    language: opened.language,
    answers,
    taken_on: taken(),
    did: did ? [...did.querySelectorAll("input:checked")].map((one) => one.name.slice(2)) : [],
  };
}

/** Back to what this code still opens; the next learner types another code. */
async function finish() {
  place.onchange = null;
  const told = opened;
  if (told.tests.length) show(told);
  else {
    await drop("dibuka", told.code).catch(() => {});
    place.replaceChildren();
    form.hidden = false;
    head.focus();
  }
  await count();
}

/** How many wait to be sent. That a sheet was refused is said to whoever has its code open, not to the next learner. */
async function count() {
  const kept = await all("lembar").catch(() => []);
  const waiting = kept.filter((one) => one.done && !one.refused).length;
  if (kept.some((one) => one.refused && one.code === opened?.code)) say(words.refused, { bad: true });
  else if (waiting) say(words.unsent.replace("{count}", waiting));
  return waiting;
}

/** Whatever is finished goes; what the house has is gone from here. Also what could not be kept on this device. */
async function deliver(more = []) {
  const kept = await all("lembar").catch(() => []);
  const known = new Map(kept.map((one) => [`${one.code}.${one.key}`, one]));
  for (const [id, sheet] of more) known.set(id, sheet);
  const ready = [...known].filter(([, one]) => one.done && !one.refused).slice(0, AT_ONCE);
  if (!ready.length) return;
  let told;
  try {
    const reply = await ask(page.dataset.send, { sheets: ready.map(([, one]) => one.sheet) });
    if (!reply.ok) return;
    told = (await reply.json()).sheets;
  } catch {
    return; // no signal: it stays here
  }
  const results = new Map(told.map((one) => [one.id, one]));
  for (const [id, sheet] of ready) {
    const result = results.get(sheet.id)?.result;
    if (result === "accepted" || result === "already") await drop("lembar", id).catch(() => {});
    else if (result === "refused") await put("lembar", id, { ...sheet, refused: results.get(sheet.id).code }).catch(() => {});
  }
  if (!(await count())) say(words.sent);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  event.stopPropagation();
  open(field.value);
});
addEventListener("online", () => deliver());
setInterval(() => deliver(), AGAIN_MS);
if ("serviceWorker" in navigator) {
  const { worker, scope } = page.dataset;
  await navigator.serviceWorker.register(worker, { scope }).catch(() => undefined);
  navigator.serviceWorker.ready.then((ready) => ready.active?.postMessage({ keep: [location.pathname] }));
}
page.dataset.siap = "";
await old();
await count();
const scanned = clean(location.hash.slice(1));
if (scanned) {
  history.replaceState(null, "", location.pathname); // the next learner on this phone must not find it
  await open(scanned);
}
await deliver();
