// A card at the house's own age check, by the words of RFC 9577: 401 with a challenge, then the token.

import { fresh } from "./ambil.js";
import * as gambar from "./gambar.js";
import { say } from "./kata.js";
import * as simpanan from "./simpanan.js";
import { Refused, readHeader, readKey, toHex, toText } from "./token.js";

const form = document.querySelector("[data-kartu-form]");
const told = form.querySelector("[data-kabar]");
const refused = form.querySelector("[data-tolak]");
const button = form.querySelector("button");

async function call(token) {
  const headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
  if (token) headers.Authorization = `PrivateToken token="${toText(token)}"`;
  try {
    return await fetch(form.action, { method: "POST", headers });
  } catch {
    throw new Refused("offline");
  }
}

async function use() {
  const asked = await call();
  if (asked.status !== 401) throw Object.assign(new Refused("other"), await asked.json().catch(() => ({})));
  const challenges = readHeader(asked.headers.get("WWW-Authenticate") ?? "");
  const ids = await Promise.all(challenges.map(async (one) => toHex((await readKey(one.key)).id)));
  const token = await fresh(challenges[0].challenge, ids, form.dataset.pause, (name) => (told.textContent = say(name)));
  const reply = await call(token);
  const said = await reply.json().catch(() => ({}));
  if (!reply.ok) throw Object.assign(new Refused("other"), said);
  const known = (await simpanan.get("direktori")).keys.find((one) => ids.includes(one.id));
  await simpanan.note(form.dataset.tempat, known.claim);
  location.replace(said.go);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (button.getAttribute("aria-disabled")) return;
  button.setAttribute("aria-disabled", "true");
  refused.textContent = "";
  try {
    await use();
  } catch (error) {
    told.textContent = "";
    refused.textContent = error.text ?? say(error.code ?? "other");
    button.removeAttribute("aria-disabled");
  }
});

async function start() {
  if (!globalThis.crypto?.subtle || !globalThis.indexedDB) return;
  document.querySelector("[data-tanpa-skrip]").hidden = true;
  await gambar.open();
  form.hidden = false;
}

start();
