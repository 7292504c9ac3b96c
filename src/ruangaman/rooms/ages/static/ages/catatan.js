// The house's ledger: does the directory stand in it, and was it only added to since the wallet looked last?
// The tree is that of RFC 9162 2.1: a leaf is SHA-256 of 00 and the entry, a node of 01 and its children.

import { Refused, fromHex, join, same, sha256, toHex } from "./token.js";

const MOST = 64; // a path is never longer than a tree of 2^64 entries is high
const utf8 = (text) => new TextEncoder().encode(text);
const node = (left, right) => sha256(join(Uint8Array.of(1), left, right));
export const leaf = (entry) => sha256(join(Uint8Array.of(0), utf8(entry)));

function hashes(told) {
  if (!Array.isArray(told) || told.length > MOST || !told.every((one) => /^[0-9a-f]{64}$/.test(one))) throw new Refused("ledger");
  return told.map(fromHex);
}

const half = (value) => Math.floor(value / 2); // sizes go beyond the 32 bits of `>>`

/** Whether a path leads from a leaf to the root (RFC 9162 2.1.3.2). */
export async function includes(hash, index, size, path, root) {
  let [place, last, found] = [index, size - 1, hash];
  for (const one of path) {
    if (!last) return false;
    if (place % 2 || place === last) {
      found = await node(one, found);
      while (place && !(place % 2)) [place, last] = [half(place), half(last)];
    } else {
      found = await node(found, one);
    }
    [place, last] = [half(place), half(last)];
  }
  return !last && same(found, root);
}

/** Whether the tree of `size` entries begins with that of `old` entries (RFC 9162 2.1.4.2). */
export async function extend(old, oldRoot, size, root, proof) {
  if (old === size) return !proof.length && same(oldRoot, root);
  if (!(old > 0 && old < size)) return false;
  let [place, last] = [old - 1, size - 1];
  while (place % 2) [place, last] = [half(place), half(last)];
  const path = place ? [...proof] : [oldRoot, ...proof]; // all of `old` is one full tree: its own root begins the path
  if (!path.length) return false;
  let before = path[0];
  let after = path[0];
  for (const one of path.slice(1)) {
    if (!last) return false;
    if (place % 2 || place === last) {
      before = await node(one, before);
      after = await node(one, after);
      while (place && !(place % 2)) [place, last] = [half(place), half(last)];
    } else {
      after = await node(after, one);
    }
    [place, last] = [half(place), half(last)];
  }
  return !last && same(before, oldRoot) && same(after, root);
}

const whole = (value) => Number.isSafeInteger(value) && value >= 0;

/**
 * Check a told version: {number, sha256, ledger-index, entry, tree, inclusion, consistency?}. Throws Refused("ledger").
 * `kept`: {number, digest, size, root} of the version that this wallet checked last, if any. Returns {size, root} to keep.
 */
export async function check(told, digest, kept) {
  const { entry, tree, number, "ledger-index": index } = told;
  if (typeof entry !== "string" || ![number, index, tree?.size].every(whole) || index >= tree.size) throw new Refused("ledger");
  const [root] = hashes([tree.root]);
  let said;
  try {
    said = JSON.parse(entry);
  } catch {
    throw new Refused("ledger");
  }
  const stands = said?.kind === "age.directory" && said.index === index && said.public?.sha256 === digest;
  if (!stands || told.sha256 !== digest) throw new Refused("ledger");
  if (!(await includes(await leaf(entry), index, tree.size, hashes(told.inclusion), root))) throw new Refused("ledger");
  if (kept?.root) {
    const proof = number === kept.number ? [] : hashes(told.consistency);
    const [before] = hashes([kept.root]);
    if (number < kept.number || !(await extend(kept.size, before, tree.size, root, proof))) throw new Refused("ledger");
    if (number === kept.number && digest !== kept.digest) throw new Refused("ledger");
  }
  return { size: tree.size, root: toHex(root) };
}
