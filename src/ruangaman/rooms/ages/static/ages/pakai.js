// A platform asks for one card. Its question stands behind the `#` of the address, where no server reads it:
//   challenge=...&token-key=...[&token-key=...]&back=https://...        as in its WWW-Authenticate header
// The token goes back behind the `#` of `back`, to the place that the challenge names and to no other.

import { directory, fresh } from "./ambil.js";
import * as gambar from "./gambar.js";
import { say } from "./kata.js";
import * as simpanan from "./simpanan.js";
import { Refused, fromText, openChallenge, readChallenge, readKey, same, toHex, toText } from "./token.js";

const page = document.getElementById("pakai");
const part = (name) => page.querySelector(`[data-${name}]`);

function address(text, origins) {
  let back;
  try {
    back = new URL(text);
  } catch {
    throw new Refused("bad_back");
  }
  const local = back.hostname === "localhost" || back.hostname.endsWith(".localhost");
  const safe = back.protocol === "https:" || (back.protocol === "http:" && local);
  const named = !origins.length || origins.includes(back.host) || (!back.port && origins.includes(back.hostname));
  if (!safe || !named || back.username || back.password || back.hash) throw new Refused("bad_back");
  return back;
}

/** What is asked: {challenge, back, ids, claim, assurances, open}. Throws Refused. */
async function question(said) {
  let challenge, told, ids;
  try {
    challenge = fromText(said.get("challenge") ?? "");
    told = readChallenge(challenge);
    const keys = said.getAll("token-key").slice(0, 16);
    ids = await Promise.all(keys.map(async (one) => toHex((await readKey(fromText(one))).id)));
  } catch {
    throw new Refused("bad_ask");
  }
  if (told.issuer !== page.dataset.issuer) throw new Refused("other_issuer");
  const back = address(said.get("back") ?? "", told.origins);
  const known = await meanings(ids);
  if (!ids.length || known.length !== ids.length) throw new Refused("key_unknown");
  if (new Set(known.map((one) => one.claim)).size !== 1) throw new Refused("two_ages");
  const open = same(challenge, openChallenge(page.dataset.issuer));
  return { challenge, back, ids, open, claim: known[0].claim, assurances: known.map((one) => one.assurance) };
}

/** The meanings of these keys, from what is kept, and from the house when one is new. */
async function meanings(ids) {
  const among = (keys) => (keys ?? []).filter((one) => ids.includes(one.id));
  const kept = among((await simpanan.get("direktori"))?.keys);
  if (kept.length === ids.length || navigator.onLine === false) return kept;
  return among(await directory());
}

async function ask(asked) {
  const place = asked.back.host;
  const [, side, years] = asked.claim.split("_");
  part("pertanyaan").textContent = say(side === "under" ? "ask_under" : "ask", { place, years });
  part("tempat").textContent = place;
  part("tahu").textContent = say(side === "under" ? "yes_under" : "yes_over", { years });
  part("rumah").textContent = say(asked.open ? "house_stock" : "house_fresh");
  const other = (await simpanan.uses()).some((one) => one.place === place && one.claim !== asked.claim);
  part("pernah").hidden = !other;
  part("pernah").querySelector("p").textContent = say("asked_before");
  part("tidak").href = asked.back.href;
  part("tanya").hidden = false;
  part("ya").addEventListener("click", () => use(asked).catch(refuse));
}

async function use(asked) {
  if (part("ya").getAttribute("aria-disabled")) return;
  part("ya").setAttribute("aria-disabled", "true");
  part("tolak").textContent = "";
  const place = asked.back.host;
  let token;
  if (asked.open) {
    const fits = (one) => one.claim === asked.claim && asked.assurances.includes(one.assurance);
    token = (await simpanan.take(fits))?.token;
    if (!token) throw new Refused("fetch_first");
  } else {
    token = await fresh(asked.challenge, asked.ids, page.dataset.pause, (name) => (part("kabar").textContent = say(name)));
  }
  await simpanan.note(place, asked.claim);
  const back = new URL(asked.back);
  back.hash = `token=${toText(token)}`;
  part("tanya").hidden = true;
  part("kembali").href = back.href;
  part("kembali").textContent = say("back", { place });
  part("kembali").hidden = false;
  const offline = navigator.onLine === false;
  part("kabar").textContent = say(offline ? "ready_offline" : "ready", { place });
  part("kembali").focus();
  if (!offline) location.replace(back.href);
}

function refuse(error) {
  part("kabar").textContent = "";
  part("tolak").textContent = say(error.code ?? "other");
  part("ya").removeAttribute("aria-disabled");
}

async function start() {
  if (!globalThis.crypto?.subtle || !globalThis.indexedDB) return;
  part("tanpa-skrip").hidden = true;
  const said = new URLSearchParams(location.hash.slice(1));
  await gambar.open();
  if (!said.has("challenge")) {
    part("belum").hidden = false;
    return;
  }
  try {
    await ask(await question(said));
  } catch (error) {
    refuse(error);
  }
}

addEventListener("hashchange", () => location.reload());
start();
