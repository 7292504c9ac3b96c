// What is due today, for whoever learns on this device now. It says so to whoever opens the page, and to nobody else.

import { every } from "./simpanan.js";
import { due, next, today, told } from "./ulangan.js";

const page = document.getElementById("ulang");
const known = await every().catch(() => new Map());
const ready = [];
for (const row of page.querySelectorAll("[data-objective]")) {
  const state = known.get(row.dataset.objective);
  if (!state?.learned) continue;
  const on = next(state.learned, state.seen);
  const when = row.querySelector("[data-kapan]");
  row.hidden = false;
  if (due(state.learned, state.seen, today())) {
    ready.push(row);
  } else {
    when.textContent = on ? when.dataset.mulai.replace("{hari}", told(on)) : when.dataset.habis;
    const link = row.querySelector("a");
    link.href = link.getAttribute("href").replace("#ulang", "");
  }
}
page.querySelector("ul").prepend(...ready);
const words = page.querySelector("[data-hari-ini]");
const { kosong, satu, banyak } = words.dataset;
words.textContent = ready.length === 0 ? kosong : ready.length === 1 ? satu : banyak.replace("{n}", ready.length);
