// The grid for sheets of paper: a sign moves on to the next cell of its row and no further, Enter goes to the next row,
// and a row that is whole is saved when it is left. Without a signal, or half typed, it stays on this device.

import { all, drop, put } from "./kotak-tes.js";

const form = document.getElementById("kertas");
const words = JSON.parse(document.getElementById("kata").textContent);
const key = form.dataset.kunci;
const rows = [...form.querySelectorAll("[data-baris]")];
const AGAIN_MS = 20_000;
const DONE = ["saved", "sheet", "differs", "learning.sheet-stands"]; // the house has it, or a sheet in its place
const sent = new Map();
const refused = new Set();

const inputs = (row) => [...row.querySelectorAll("input")];
const cells = (row) => [...row.querySelectorAll(".cell")];
const whole = (row) => cells(row).length > 0 && cells(row).every((one) => one.value.trim());
const fields = (row) => Object.fromEntries(inputs(row).map((one) => [one.name, one.value]));
const box = (row) => `${key}.${row.dataset.baris}`;
const state = (row, text) => (row.querySelector("[data-keadaan]").textContent = text);

const expected = (sign) =>
  sign !== "" &&
  (words.observed ? /^[01ytnvx-]$/i.test(sign) : words.letters.includes(sign.toLowerCase()) || /^[0-9]$/.test(sign));

/** Rows that were typed once may be used so; `told` says how many there are, and is empty where none is. */
function offer(told) {
  const once = document.querySelector("[data-sendiri]");
  once.querySelector("p").textContent = told;
  once.hidden = !told;
}

/** Half a row goes to nobody: that is told beside it, and what was typed is here when the page is opened again. */
async function keep(row, told) {
  sent.delete(row);
  if (cells(row).some((one) => one.value.trim())) {
    await put("baris", box(row), { key, row: row.dataset.baris, told }).catch(() => {});
    state(row, words.half);
  } else if (row.querySelector("[data-keadaan]").textContent === words.half) {
    await drop("baris", box(row)).catch(() => {});
    state(row, "");
  }
}

async function save(row, day = form.elements.tanggal.value) {
  const told = { ...fields(row), tanggal: day };
  if (!whole(row)) return keep(row, told);
  const text = JSON.stringify(told);
  if (sent.get(row) === text) return;
  sent.set(row, text); // on its way: whoever leaves the row once more does not send it again
  await put("baris", box(row), { key, row: row.dataset.baris, told }).catch(() => {});
  state(row, words.here);
  const body = new URLSearchParams({ ...told, kali: form.elements.kali.value });
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  let reply;
  try {
    reply = await fetch(location.pathname, {
      method: "POST",
      body,
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(30_000),
    });
  } catch {
    sent.delete(row);
    return; // no signal: the row stays here
  }
  const answered = reply.ok ? await reply.json() : undefined;
  const result = answered?.rows[row.dataset.baris];
  if (!result) {
    sent.delete(row);
    return state(row, words.failed);
  }
  offer(answered.alone);
  // What was refused stays here until it is put right.
  refused[DONE.includes(result.result) ? "delete" : "add"](row);
  if (DONE.includes(result.result)) await drop("baris", box(row)).catch(() => {});
  state(row, result.text);
  if (result.result === "differs") document.querySelector("[data-beda]").hidden = false;
  if (result.result === "sheet") for (const input of inputs(row)) input.readOnly = true;
  for (const cell of cells(row)) cell.classList.toggle("differs", result.result === "differs");
}

function next(row) {
  return rows.slice(rows.indexOf(row) + 1).find((one) => cells(one).length);
}

form.addEventListener("input", (event) => {
  const cell = event.target;
  if (!cell.classList.contains("cell") || !expected(cell.value)) return;
  const mine = cells(cell.closest("[data-baris]"));
  mine[mine.indexOf(cell) + 1]?.select();
});

form.addEventListener("keydown", (event) => {
  const row = event.target.closest("[data-baris]");
  if (!row) return;
  if (event.key === "Enter") {
    event.preventDefault();
    const following = next(row);
    if (following) cells(following)[0].select();
    else save(row);
  } else if (event.key === "Backspace" && event.target.classList.contains("cell") && !event.target.value) {
    const mine = cells(row);
    mine[mine.indexOf(event.target) - 1]?.select();
  }
});

form.addEventListener("focusout", (event) => {
  const row = event.target.closest("[data-baris]");
  if (row && !row.contains(event.relatedTarget)) save(row);
});

// A day that did not fit is put right above the rows.
form.elements.tanggal.addEventListener("change", () => refused.forEach((row) => save(row)));

/** Rows that wait here, with the day on which they were typed; who is typing in one is left alone. */
async function again({ fill = false } = {}) {
  for (const kept of await all("baris").catch(() => [])) {
    if (kept.key !== key) continue;
    const row = rows.find((one) => one.dataset.baris === kept.row);
    if (!row || row.contains(document.activeElement)) continue;
    if (!cells(row).length) {
      // Its sheet has come another way; before the first typing the second one waits.
      if (row.dataset.jadi !== undefined) await drop("baris", box(row)).catch(() => {});
      continue;
    }
    if (fill) for (const one of inputs(row)) one.value = kept.told[one.name] ?? one.value;
    await save(row, kept.told.tanggal);
  }
}

addEventListener("online", () => again());
setInterval(() => again(), AGAIN_MS);
await again({ fill: true });
form.dataset.siap = "";
