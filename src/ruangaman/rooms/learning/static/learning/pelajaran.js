// One lesson, one screen after the other. Without this script the whole page stands there and answers as well.

import { load, save } from "./simpanan.js";

const page = document.getElementById("pelajaran");
const steps = [...page.querySelectorAll(".step")];
const marks = [...page.querySelectorAll(".bar li")];
const key = page.dataset.objective;
let state = { version: Number(page.dataset.version), at: 0, chosen: {} };
let kept = true;

const part = (name) => page.querySelector(`[data-${name}]`);

/** Written after each answer; when the device has no room, the page says that nothing is kept. */
async function keep() {
  try {
    await save(key, { ...state, on: new Date().toISOString().slice(0, 10) });
    kept = true;
  } catch {
    kept = false;
  }
  part("simpan").hidden = !kept;
}

function show(at, { focus = true } = {}) {
  state.at = Math.max(0, Math.min(at, steps.length - 1));
  steps.forEach((step, number) => (step.hidden = number !== state.at));
  marks.forEach((mark, number) => mark.classList.toggle("done", number <= state.at));
  const words = part("langkah");
  words.textContent = words.dataset.langkah.replace("{n}", state.at + 1).replace("{jumlah}", steps.length);
  part("mundur").hidden = state.at === 0;
  part("lanjut").hidden = state.at === steps.length - 1;
  if (focus) {
    const head = steps[state.at].querySelector("h2");
    head.focus({ preventScroll: true });
    head.scrollIntoView({ block: "start" });
  }
}

function chosen(event) {
  const item = event.target.closest("[data-item]");
  if (!item) return;
  state.chosen[item.dataset.item] = event.target.value;
  item.querySelector("[data-kabar]").textContent = event.target.closest(".option").querySelector(".feedback").textContent;
  keep();
}

function turn(by) {
  show(state.at + by);
  keep();
}

/** Where somebody was: the step of an address first, then what this device remembers of this version. */
async function resume() {
  const asked = steps.findIndex((step) => `#${step.id}` === location.hash);
  let before;
  try {
    before = await load(key);
  } catch {
    kept = false;
  }
  if (before?.version === state.version) {
    state = { ...state, chosen: before.chosen, at: before.at };
    for (const [item, option] of Object.entries(before.chosen)) {
      const input = document.getElementById(`${item}-${option}`);
      if (input) input.checked = true;
    }
    if (before.at > 0 && asked < 0) {
      const note = part("sampai");
      note.textContent = note.dataset.sampai.replace("{n}", before.at + 1);
      note.hidden = false;
    }
  }
  show(asked >= 0 ? asked : state.at, { focus: asked >= 0 });
}

page.addEventListener("change", chosen);
addEventListener("hashchange", () => {
  const asked = steps.findIndex((step) => `#${step.id}` === location.hash);
  if (asked >= 0) turn(asked - state.at);
});
part("maju").addEventListener("click", () => turn(1));
part("mundur").addEventListener("click", () => turn(-1));
page.querySelector(".bar").hidden = false;
await resume();
if ("serviceWorker" in navigator && page.dataset.worker) {
  const { worker, scope } = page.dataset;
  const registered = await navigator.serviceWorker.register(worker, { scope }).catch(() => undefined);
  const ready = registered && (await navigator.serviceWorker.ready);
  const pictures = [...page.querySelectorAll("img")].map((one) => one.src);
  ready?.active?.postMessage({ keep: [location.pathname, ...pictures] });
}
