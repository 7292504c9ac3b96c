// One lesson, one screen after the other. Without this script the whole page stands there and answers as well.

import { order } from "./acak.js";
import * as store from "./simpanan.js";
import { due, next, today, told } from "./ulangan.js";

// Within a package, where answers are kept may be a learning system: then nothing is mixed, and there are no reviews.
const { load, save } = store;
const page = document.getElementById("pelajaran");
const marks = [...page.querySelectorAll(".bar li")];
const key = page.dataset.objective;
let steps = [...page.querySelectorAll(".step")];
const screens = [...new Set(steps.map((step) => step.dataset.layar))];
let state = { version: Number(page.dataset.version), at: 0, chosen: {}, sure: {}, been: [] };
// What is worked on: the lesson, or a review of it, which stands beside it and changes nothing of it.
let mind = state;
let kept = true;

const part = (name) => page.querySelector(`[data-${name}]`);
const reviews = () => mind !== state;
/** Whether somebody was at every step: an address of the last one opens it, and teaches nothing. */
const through = () => steps.every((_, at) => state.been.includes(at));

/** Written after each answer; when the device has no room, the page says that nothing is kept. */
async function keep() {
  try {
    await save(key, { ...state, on: today() });
    kept = true;
  } catch (error) {
    if (store.GONE && error.message === store.GONE) return location.reload(); // somebody emptied this: the page begins anew
    kept = false;
  }
  part("simpan").hidden = !kept;
  part("penuh").hidden = kept;
  for (const stop of page.querySelectorAll("[data-berhenti]")) stop.hidden = !kept;
  ended();
}

/** After the last screen: from which day on to look at it again. Not where nothing is kept, and within no review. */
function ended() {
  const box = part("ulangan");
  if (!box || reviews()) return;
  box.hidden = !kept || !state.learned || mind.at < steps.length - 1;
  box.querySelector("p").textContent = box.hidden ? "" : nextDay(box);
}

function nextDay(box) {
  const on = next(state.learned, state.seen);
  return on ? box.dataset.berikut.replace("{hari}", told(on)) : box.dataset.habis;
}

function show(at, { focus = true } = {}) {
  mind.at = Math.max(0, Math.min(at, steps.length - 1));
  const step = steps[mind.at];
  for (const one of page.querySelectorAll(".step")) one.hidden = one !== step;
  marks.forEach((mark, number) => mark.classList.toggle("done", number <= screens.indexOf(step.dataset.layar)));
  const words = part("langkah");
  words.textContent = words.dataset.langkah.replace("{n}", mind.at + 1).replace("{jumlah}", steps.length);
  part("mundur").hidden = mind.at === 0;
  const last = mind.at === steps.length - 1;
  part("lanjut").hidden = last && !reviews();
  if (reviews() && last) part("maju").textContent = part("maju").dataset.selesai;
  if (focus) {
    const head = step.querySelector("h2");
    head.focus({ preventScroll: true });
    head.scrollIntoView({ block: "start" });
  }
  if (!reviews() && !state.been.includes(mind.at)) state.been.push(mind.at);
  if (last && !reviews() && !state.learned && through()) {
    state = Object.assign(mind, { learned: today(), seen: 0 });
    keep();
  } else ended();
}

/** What an item shows of an answer: how sure somebody is comes first, and a sure wrong answer is met where it comes from. */
function answer(item) {
  const id = item.dataset.item;
  const input = item.querySelector("input:checked");
  const asks = Boolean(input) && "dua" in item.dataset && mind.sure[id] === undefined;
  item.classList.toggle("asks", asks);
  const yakin = item.querySelector("[data-yakin]");
  if (yakin) yakin.hidden = !asks;
  if (!input) return "";
  const wrong = !input.hasAttribute("data-right");
  const sure = mind.sure[id];
  for (const one of item.querySelectorAll("[data-kira]")) one.hidden = !(wrong && sure);
  item.querySelector("[data-lagi]").hidden = asks || !wrong;
  if (wrong && sure === false) item.querySelector("details")?.setAttribute("open", "");
  if (asks) return yakin.querySelector("legend").textContent;
  const feedback = input.closest(".option").querySelector(".feedback");
  return [...feedback.querySelectorAll("p:not([hidden]),li")].map((one) => one.textContent).join(" ");
}

function tell(item) {
  item.querySelector("[data-kabar]").textContent = answer(item);
  keep();
}

function chosen(event) {
  const item = event.target.closest("[data-item]");
  if (!item) return;
  mind.chosen[item.dataset.item] = event.target.value;
  delete mind.sure[item.dataset.item];
  tell(item);
}

function pressed(event) {
  const button = event.target.closest("[data-ya],[data-belum],[data-bantu]");
  if (!button) return;
  const item = button.closest("[data-item]");
  if ("bantu" in button.dataset) return help(item, button);
  mind.sure[item.dataset.item] = "ya" in button.dataset;
  item.querySelector("input:checked").focus();
  tell(item);
}

/** A hint, then the next, then the answer: one a press. */
function help(item, button) {
  const hints = [...item.querySelectorAll("details > p:not([data-jawaban])")];
  const hidden = hints.find((one) => one.hidden);
  if (hidden) {
    hidden.hidden = false;
    if (hidden.nextElementSibling?.matches("[data-dengar]")) hidden.nextElementSibling.hidden = false;
    if (hidden === hints.at(-1)) button.textContent = button.dataset.lihat;
    return;
  }
  const right = item.querySelector("[data-right]").closest(".option");
  const shown = item.querySelector("[data-jawaban]");
  shown.textContent = `${right.querySelector("label").textContent.trim()} ${right.querySelector(".feedback").textContent.trim()}`;
  shown.hidden = false;
  button.hidden = true;
}

function hideHints() {
  for (const details of page.querySelectorAll("[data-petunjuk]")) {
    const hints = [...details.querySelectorAll("p:not([data-jawaban])")];
    const button = details.querySelector("[data-bantu]");
    hints.slice(1).forEach((one) => {
      one.hidden = true;
      if (one.nextElementSibling?.matches("[data-dengar]")) one.nextElementSibling.hidden = true;
    });
    button.hidden = false;
    if (hints.length < 2) button.textContent = button.dataset.lihat;
  }
}

function turn(by) {
  if (by > 0 && reviews() && mind.at === steps.length - 1) return reviewed();
  show(mind.at + by);
  keep();
}

/** A review counts when everything was answered, right or wrong; it is for remembering. */
function reviewed() {
  const box = part("ulangan");
  const words = box.querySelector("p");
  const items = steps.flatMap((step) => [...step.querySelectorAll("[data-item]")]);
  if (items.some((item) => !mind.chosen[item.dataset.item])) {
    words.textContent = box.dataset.kurang;
  } else {
    state.seen += 1;
    delete state.again;
    words.textContent = nextDay(box);
    part("lanjut").hidden = true;
    keep();
  }
  box.hidden = false;
  words.focus();
}

function mix(word) {
  for (const item of page.querySelectorAll("[data-item]:not([data-urut])")) {
    const options = [...item.querySelectorAll(".option")];
    const places = order(`${word}/${key}/${state.version}/${item.dataset.item}`, options.length);
    options[0].parentElement.append(...places.map((place) => options[place]));
  }
}

/** Where somebody was: the step of an address first, then what this device remembers of this version. */
async function resume() {
  const asked = steps.findIndex((step) => `#${step.id}` === location.hash);
  let before;
  try {
    if (store.seed) mix(await store.seed());
    before = await load(key);
  } catch {
    kept = false;
  }
  if (before?.learned) Object.assign(state, { learned: before.learned, seen: before.seen ?? 0 });
  if (before?.version === state.version) {
    // A package remembers how far somebody came, and not by which steps.
    const been = before.been ?? [...Array(before.at + 1).keys()];
    Object.assign(state, { chosen: before.chosen, sure: before.sure ?? {}, at: before.at, again: before.again, been });
  }
  if (location.hash === "#ulang" && part("ulangan") && state.learned && due(state.learned, state.seen, today())) {
    if (state.again?.seen !== state.seen) state.again = { seen: state.seen, at: 0, chosen: {}, sure: {} };
    mind = state.again;
    const practised = steps.filter((step) => step.dataset.kind === "practise");
    steps = practised.length ? practised : steps.filter((step) => step.querySelector("[data-item]"));
  }
  for (const item of page.querySelectorAll("[data-item]")) {
    // Also unchecked: a browser may have filled in what somebody else chose, where it went back or loaded anew.
    for (const input of item.querySelectorAll("input")) input.checked = input.value === mind.chosen[item.dataset.item];
    answer(item);
  }
  if (mind.at > 0 && asked < 0) {
    const note = part("sampai");
    note.textContent = note.dataset.sampai.replace("{n}", mind.at + 1);
    note.hidden = false;
  }
  show(asked >= 0 ? asked : mind.at, { focus: asked >= 0 });
}

page.addEventListener("change", chosen);
page.addEventListener("click", pressed);
addEventListener("hashchange", () => {
  const asked = steps.findIndex((step) => `#${step.id}` === location.hash);
  if (asked >= 0) turn(asked - mind.at);
});
part("maju").addEventListener("click", () => turn(1));
part("mundur").addEventListener("click", () => turn(-1));
// Within a package help is a part of the page: to leave the page would end a session of the system.
part("tolong")?.addEventListener("click", (event) => {
  event.preventDefault();
  const box = document.getElementById("bantuan");
  box.open = true;
  box.scrollIntoView({ block: "start" });
  box.querySelector("summary").focus({ preventScroll: true });
});
hideHints();
await resume();
page.querySelector(".bar").hidden = false;
if ("serviceWorker" in navigator && page.dataset.worker) {
  const { worker, scope, bantuan } = page.dataset;
  const registered = await navigator.serviceWorker.register(worker, { scope }).catch(() => undefined);
  const ready = registered && (await navigator.serviceWorker.ready);
  const pictures = [...page.querySelectorAll("img")].map((one) => one.src);
  const ends = [...part("ulangan").querySelectorAll("a")].map((one) => one.pathname);
  ready?.active?.postMessage({ keep: [location.pathname, bantuan, ...pictures, ...ends] });
}
