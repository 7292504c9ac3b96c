// Fetching tokens: the public directory by two paths, what this wallet may have, and blind signatures.
// The directory is read without cookies, so that nobody can be shown keys of his own (RFC 9576 6.2); no key is used
// before the ledger's proof of it was checked.

import { check } from "./catatan.js";
import * as simpanan from "./simpanan.js";
import { Refused, begin, finish, fromText, openChallenge, readKey, same, sha256, toHex } from "./token.js";

const DIRECTORY = "/.well-known/private-token-issuer-directory";
const VERSION = "/age-tokens/directory";
const NOBODY = { credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer" };
/** How many tokens of a claim lie ready; the rest of what one may have stays for challenges of a session. */
export const STOCK = 12;

async function fetched(address, options) {
  let reply;
  try {
    reply = await fetch(address, options);
  } catch {
    throw new Refused("offline");
  }
  if (reply.ok) return reply;
  const told = await reply.json().catch(() => ({}));
  throw new Refused(told.code ?? "other");
}

/** The directory by two ways, and by each what the ledger says of it; `kept`: what this wallet checked last. */
async function readTwice(kept) {
  const version = `${VERSION}${kept?.root ? `?since=${kept.number}` : ""}`;
  const [one, other, told, again] = await Promise.all([
    fetched(DIRECTORY, NOBODY).then((reply) => reply.arrayBuffer()),
    fetched(`${second()}${DIRECTORY}?lagi=${crypto.randomUUID()}`, NOBODY).then((reply) => reply.arrayBuffer()),
    fetched(version, NOBODY).then((reply) => reply.json()),
    fetched(`${second()}${version}`, NOBODY).then((reply) => reply.json()),
  ]);
  const body = new Uint8Array(one);
  const digest = toHex(await sha256(body));
  const alike = told.sha256 === digest && JSON.stringify(told) === JSON.stringify(again);
  return { agree: alike && same(body, new Uint8Array(other)), body, told, digest };
}

/** The other host of the house, by which the directory comes too; empty where it has one host alone. */
function second() {
  return document.querySelector("[data-kedua]")?.dataset.kedua ?? "";
}

/** The keys of the directory: [{key, id (hex), claim, assurance, begins, ends}]. Throws Refused("directory" | "ledger"). */
export async function directory() {
  const kept = await simpanan.get("direktori");
  let found = await readTwice(kept).catch((error) => {
    // The house does not know the version that this wallet checked: its ledger is another one.
    throw error.code === "ages.not-found" ? new Refused("ledger") : error;
  });
  if (!found.agree) found = await readTwice(kept); // it may have changed between the readings
  if (!found.agree) throw new Refused("directory");
  const tree = await check(found.told, found.digest, kept);
  const keys = [];
  for (const one of JSON.parse(new TextDecoder().decode(found.body))["token-keys"]) {
    if (one["token-type"] !== 2 || !one.claim) continue;
    const key = await readKey(fromText(one["token-key"]));
    const [begins, ends] = [one["not-before"], one["not-after"]];
    keys.push({ key, id: toHex(key.id), claim: one.claim, assurance: one.assurance, begins, ends });
  }
  const known = keys.map(({ id, claim, assurance, begins, ends }) => ({ id, claim, assurance, begins, ends }));
  await simpanan.put("direktori", { number: found.told.number, digest: found.digest, ...tree, keys: known });
  return keys;
}

/** What this wallet may fetch now: [{claim, assurance, key, left}], each by a key of the public directory. */
export async function offers(keys) {
  const reply = await fetched("/age-tokens/offers", { cache: "no-store" });
  return (await reply.json()).offers.map((one) => {
    const found = keys.find((key) => key.id === toHex(fromText(one["token-key-id"])));
    if (!found || found.claim !== one.claim || found.assurance !== one.assurance) throw new Refused("directory");
    return { ...found, left: one.left };
  });
}

/** One token for a challenge. */
export async function token(challenge, key) {
  const pending = await begin(challenge, key);
  const reply = await fetched("/age-tokens", {
    method: "POST",
    headers: { "Content-Type": "application/private-token-request" },
    body: pending.request,
    cache: "no-store",
  });
  return finish(pending, new Uint8Array(await reply.arrayBuffer()));
}

function chance(most) {
  return crypto.getRandomValues(new Uint32Array(1))[0] % most;
}

/** Wait by chance between the two ends of `range` (milliseconds, "2000,12000"), so that times do not match. */
export function pause(range) {
  const [least, most] = range.split(",").map(Number);
  return new Promise((resolve) => setTimeout(resolve, least + chance(most - least + 1)));
}

/** Fill the stock, the claims mixed by chance. Returns how many came; `told` hears of each. */
export async function fill(issuer, told) {
  const keys = await directory();
  const held = await simpanan.sheets();
  const wanted = [];
  let used = null;
  for (const one of await offers(keys)) {
    const here = held.filter((sheet) => sheet.keyId === one.id).length;
    if (one.left <= 0 && here < STOCK) used = one;
    for (let more = Math.min(STOCK - here, one.left); more > 0; more -= 1) wanted.splice(chance(wanted.length + 1), 0, one);
  }
  if (!wanted.length && used) throw new Refused("ages.quota-used");
  for (const [at, one] of wanted.entries()) {
    told(at + 1, wanted.length);
    const made = await token(openChallenge(issuer), one.key);
    await simpanan.add({ claim: one.claim, assurance: one.assurance, keyId: one.id, ends: one.ends, token: made });
  }
  return wanted.length;
}

/** A token for a challenge of one session, by one of the keys that it names; waits by chance before it asks. */
export async function fresh(challenge, wanted, range, told = () => {}) {
  const keys = await directory();
  if (wanted.some((id) => !keys.some((key) => key.id === id))) throw new Refused("key_unknown");
  const mine = await offers(keys);
  const best = mine.find((one) => wanted.includes(one.id));
  const weaker = keys.find((key) => wanted.includes(key.id) && mine.some((one) => one.claim === key.claim));
  if (!best && !weaker) throw new Refused("no_card");
  told("waiting");
  await pause(range);
  told("taking");
  return token(challenge, (best ?? weaker).key);
}
