// The lock of pictures for a shared phone: four of nine, in their order. It closes the screen, not the storage: with so
// few pictures nothing could be sealed well, and the page says so.

import * as simpanan from "./simpanan.js";
import { say } from "./kata.js";
import { toHex } from "./token.js";

const COUNT = 4;
const ROUNDS = 200_000;
const TRIES = 5;
const WAIT_S = 60;
const OPEN = "dompet-terbuka";

const section = document.querySelector("[data-kunci]");
const told = section?.querySelector("[data-kunci-kabar]");

async function digest(pictures, salt) {
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(pictures.join(" ")), "PBKDF2", false, ["deriveBits"]);
  const bits = await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS }, key, 256);
  return toHex(new Uint8Array(bits));
}

let listener = null;

/** Four pictures that somebody presses. */
function picked() {
  const found = [];
  const tell = () => (told.textContent = say("picked", { count: found.length, all: COUNT }));
  tell();
  return new Promise((resolve) => {
    section.removeEventListener("click", listener);
    listener = (event) => {
      if (event.target.closest("[data-kunci-ulang]")) found.length = 0;
      const picture = event.target.closest("[data-gambar]");
      if (picture) found.push(picture.dataset.gambar);
      tell();
      if (found.length === COUNT) resolve(found);
    };
    section.addEventListener("click", listener);
  });
}

function show(setting) {
  section.hidden = false;
  section.querySelector("[data-kunci-lupa]").hidden = setting;
  section.querySelector("h2").focus();
}

export const isSet = async () => Boolean(await simpanan.get("pin"));

/** Returns once the pictures are right, or at once where no lock is set or this window was opened before. */
export async function open() {
  if (!(await isSet()) || sessionStorage.getItem(OPEN)) return;
  show(false);
  for (;;) {
    const tries = (await simpanan.get("salah")) ?? { count: 0, at: 0 };
    const pictures = await picked();
    const pin = await simpanan.get("pin");
    if (!pin) break; // emptied in another window
    if (tries.count >= TRIES && simpanan.now() - tries.at < WAIT_S) {
      told.textContent = say("pin_wait");
      await new Promise((resolve) => setTimeout(resolve, 2000));
      continue;
    }
    if ((await digest(pictures, pin.salt)) === pin.digest) break;
    const count = tries.count >= TRIES ? 1 : tries.count + 1;
    await simpanan.put("salah", { count, at: simpanan.now() });
    told.textContent = say(count >= TRIES ? "pin_wait" : "pin_wrong");
    await new Promise((resolve) => setTimeout(resolve, 1500));
  }
  await simpanan.drop("salah");
  sessionStorage.setItem(OPEN, "1");
  section.hidden = true;
}

/** Ask for new pictures twice and keep them; false when the two differ. */
export async function set() {
  show(true);
  const one = await picked();
  told.textContent = say("pin_again");
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const other = await picked();
  section.hidden = true;
  if (one.join() !== other.join()) return false;
  const salt = crypto.getRandomValues(new Uint8Array(16));
  await simpanan.put("pin", { salt, digest: await digest(one, salt) });
  sessionStorage.setItem(OPEN, "1");
  return true;
}

export async function remove() {
  await simpanan.drop("pin");
}
