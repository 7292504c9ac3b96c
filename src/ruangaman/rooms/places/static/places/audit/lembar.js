// The three screens: the list, the 13 headings, one question.

import { low, shrink } from "./foto.js";
import { answerWord, both, decimal, say } from "./kata.js";
import * as simpanan from "./simpanan.js";

const page = document.getElementById("audit");
const screen = page.querySelector("[data-layar]");
const MEASURE = /^[0-9]{1,7}([.,][0-9]{1,3})?$/;

function open(name) {
  const part = page.querySelector(`template[data-${name}]`).content.cloneNode(true);
  screen.replaceChildren(part);
  return (css) => screen.querySelector(css);
}

function line(href, name, note, done) {
  const [item, link, left, right] = ["li", "a", "span", "span"].map((tag) => document.createElement(tag));
  link.href = href;
  left.className = "grow";
  left.textContent = name;
  right.className = done ? "audit-done" : "quiet";
  right.textContent = done ? `✓ ${note}` : note;
  link.append(left, right);
  item.append(link);
  return item;
}

/** What holds for an audit: what the house has, with the drafts of this phone over it. */
async function given(audit) {
  const found = new Map(Object.entries(audit.answers).map(([item, one]) => [item, { ...one, base: one.revision }]));
  for (const one of await simpanan.drafts(audit.id)) found.set(one.item, one);
  return found;
}

const items = (audit) => audit.form.headings.flatMap((heading) => heading.items);

export async function list(audits) {
  const part = open("daftar");
  for (const audit of audits) {
    const count = (await given(audit)).size;
    const all = items(audit).length;
    part("ul").append(line(`#/${audit.id}`, audit.place, say("done", { count, all }), audit.finished));
  }
  part("[data-kosong]").hidden = audits.length > 0;
  part("[data-kosong]").textContent = say(simpanan.whose() ? "empty" : "offline_first");
}

export async function headings(audit, finish) {
  const part = open("bagian");
  part("h1").textContent = audit.place;
  const answers = await given(audit);
  for (const one of audit.form.headings) {
    const count = one.items.filter((item) => answers.has(item.id)).length;
    const doubtful = one.items.find((item) => answers.get(item.id)?.conflict || answers.get(item.id)?.refused);
    const first = doubtful ?? one.items.find((item) => !answers.has(item.id)) ?? one.items[0];
    const note = doubtful ? say("look_again") : say("done", { count, all: one.items.length });
    part("ul").append(line(`#/${audit.id}/${first.id}`, both(one.name), note, !doubtful && count === one.items.length));
  }
  const left = items(audit).filter((item) => !answers.has(item.id)).length;
  part("[data-kurang]").hidden = !left || audit.finished;
  part("[data-kurang]").textContent = say("missing", { count: left });
  part("[data-selesai]").hidden = Boolean(left) || audit.finished;
  part("[data-selesai]").addEventListener("click", () => finish(audit.id));
  part("[data-kabar-tugas]").hidden = !audit.finished;
  part("[data-kabar-tugas]").textContent = `${say("finished")} ${audit.differ === null ? say("waiting") : say("both", { count: audit.differ })}`;
  part("h1").focus();
}

export async function question(audit, id, changed) {
  const all = items(audit);
  const place = all.findIndex((item) => item.id === id);
  const heading = audit.form.headings.find((one) => one.items.some((item) => item.id === id));
  if (place < 0) return;
  const item = all[place];
  const part = open("tanya");
  part("[data-kembali]").href = `#/${audit.id}`;
  part("[data-kembali]").textContent = both(heading.name);
  part("[data-hitung]").textContent = say("done", { count: heading.items.indexOf(item) + 1, all: heading.items.length });
  part("h1").textContent = both(item.ask);
  for (const [name, next] of [["sebelum", place - 1], ["sesudah", place + 1]]) {
    part(`[data-${name}]`).href = all[next] ? `#/${audit.id}/${all[next].id}` : `#/${audit.id}`;
  }
  const here = async () => (await given(audit)).get(id);
  await answers(part, audit, item, await here(), here, changed);
  measure(part, audit, item, await here(), here, changed);
  await photos(part, audit, item, changed);
  part("h1").focus();
}

function press(part, answer) {
  for (const button of screen.querySelectorAll("[data-jawab]")) button.setAttribute("aria-pressed", String(button.dataset.jawab === answer));
}

async function keep(audit, item, before, change) {
  const base = before?.conflict ? before.conflict.revision : (before?.base ?? 0);
  const draft = { item: item.id, answer: before?.answer, measure: before?.measure ?? "", base, at: Date.now() + Math.random(), ...change };
  if (draft.answer) await simpanan.keepDraft(audit.id, draft);
}

async function answers(part, audit, item, before, here, changed) {
  press(part, before?.answer);
  const told = part("[data-beda]");
  told.hidden = !before?.conflict && !before?.refused;
  if (before?.conflict) {
    const there = answerWord(before.conflict.answer) + (before.conflict.measure ? `, ${decimal(before.conflict.measure)}` : "");
    told.textContent = say("conflict", { answer: there });
  } else if (before?.refused) told.textContent = say("refused");
  for (const button of screen.querySelectorAll("[data-jawab]")) {
    button.disabled = audit.finished;
    button.addEventListener("click", async () => {
      const field = part("#ukuran").value.trim();
      const text = MEASURE.test(field) ? field.replace(",", ".") : "";
      await keep(audit, item, await here(), { answer: button.dataset.jawab, measure: item.measure ? text : "" });
      press(part, button.dataset.jawab);
      told.hidden = true;
      await changed();
    });
  }
}

function measure(part, audit, item, before, here, changed) {
  if (!item.measure) return;
  const [field, wrong, hint] = [part("#ukuran"), part("#ukuran_salah"), part("#ukuran_batas")];
  part("[data-ukuran]").hidden = false;
  part("[data-ukuran] label").textContent = both(item.measure.label);
  field.value = decimal(before?.measure ?? "");
  field.disabled = audit.finished;
  const limit = audit.limits[item.measure.key];
  const told = ["least", "most"].filter((side) => limit?.[side]).map((side) => say(side, { value: decimal(limit[side]), unit: item.measure.unit }));
  hint.textContent = told.length ? say("limit", { limit: told.join(", ") }) : say("no_limit");
  field.addEventListener("change", async () => {
    const text = field.value.trim();
    const good = !text || MEASURE.test(text);
    wrong.hidden = good;
    wrong.textContent = good ? "" : say("number");
    field.setAttribute("aria-invalid", String(!good));
    const now = await here();
    if (!good || !now?.answer) return;
    await keep(audit, item, now, { answer: now.answer, measure: text.replace(",", ".") });
    await changed();
  });
}

async function photos(part, audit, item, changed) {
  const [field, told, space] = [part("#foto"), part("[data-jumlah]"), part("[data-ruang]")];
  const count = async () => audit.photos.filter(([, of]) => of === item.id).length + (await simpanan.photos(audit.id)).filter((one) => one.item === item.id).length;
  const shown = async () => ((await count()) ? say("photos", { count: await count() }) : "");
  told.textContent = await shown();
  part("[data-foto]").hidden = audit.finished;
  space.hidden = !(await low());
  space.textContent = say("low");
  field.addEventListener("change", async () => {
    const [file] = field.files;
    field.value = "";
    if (!file) return;
    let small;
    try {
      small = await shrink(file);
    } catch {
      told.textContent = say("photo_failed");
      return;
    }
    try {
      await simpanan.keepPhoto(audit.id, item.id, small);
      told.textContent = say("photo_kept", { count: await count() });
    } catch {
      told.textContent = say("photo_full");
    }
    await changed();
  });
}
