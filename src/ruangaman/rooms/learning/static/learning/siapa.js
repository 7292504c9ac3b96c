// Who learns on a shared phone: a nickname and a picture each, on this device alone.

import { wipe as wipeTests } from "./kotak-tes.js";
import { addPerson, choosePerson, people, wipe, wipePerson } from "./simpanan.js";

const page = document.getElementById("siapa");
const part = (name) => page.querySelector(`[data-${name}]`);
const list = part("orang");
const sure = part("yakin");
const words = part("kabar");
let asked = "";

function row(one, now) {
  const made = page.querySelector("template").content.firstElementChild.cloneNode(true);
  const name = made.querySelector("[data-nama]");
  const picture = made.querySelector("use");
  name.textContent = one.name || name.dataset.tanpa;
  if (one.picture) picture.setAttribute("href", `${page.dataset.gambar}#${one.picture}`);
  else picture.parentElement.remove();
  const choose = made.querySelector("[data-pilih]");
  choose.setAttribute("aria-pressed", String(one.id === now));
  choose.classList.toggle("brand", one.id === now);
  made.querySelector("[data-sekarang]").hidden = one.id !== now;
  choose.addEventListener("click", async () => {
    await choosePerson(one.id);
    await draw();
    words.textContent = words.dataset.ganti.replace("{nama}", name.textContent);
    list.querySelector("[aria-pressed=true]").focus();
  });
  const away = made.querySelector("[data-hapus]");
  away.querySelector("span").textContent = ` ${name.textContent}`;
  away.addEventListener("click", () => ask(one.id, name.textContent));
  return made;
}

async function draw() {
  const told = await people();
  list.replaceChildren(...[...told.list, { id: "", name: "" }].map((one) => row(one, told.now)));
  const full = told.list.length >= Number(page.dataset.paling);
  part("tambah").hidden = full;
  part("penuh").hidden = !full;
}

/** What goes is said before it goes; `id` of one, or "*" for everything. */
function ask(id, name = "") {
  asked = id;
  const head = sure.querySelector("h2");
  const all = id === "*";
  head.textContent = (all ? head.dataset.semua : head.dataset.satu).replace("{nama}", name);
  sure.querySelector("p[data-satu]").hidden = all;
  sure.querySelector("p[data-semua]").hidden = !all;
  sure.hidden = false;
  head.focus();
}

async function away() {
  if (asked === "*") await wipeTests();
  await (asked === "*" ? wipe() : wipePerson(asked));
  sure.hidden = true;
  await draw();
  words.textContent = words.dataset.terhapus;
  list.querySelector("button").focus();
}

async function add(event) {
  event.preventDefault();
  const told = new FormData(event.target);
  const name = String(told.get("nama")).trim().slice(0, 20);
  if (!name) return;
  await addPerson(name, told.get("gambar"));
  event.target.reset();
  await draw();
  words.textContent = words.dataset.ganti.replace("{nama}", name);
  list.querySelector("[aria-pressed=true]").focus();
}

part("tambah").addEventListener("submit", add);
sure.querySelector("[data-ya]").addEventListener("click", away);
sure.querySelector("[data-batal]").addEventListener("click", () => {
  sure.hidden = true;
  list.querySelector("button").focus();
});
page.querySelector("button[data-semua]").addEventListener("click", () => ask("*"));
await draw();
part("isi").hidden = false;
