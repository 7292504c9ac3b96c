// What the wallet's own module makes of published vectors: `node token_vectors.mjs MODULE FILE`, answers as JSON.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [, , module, file] = process.argv;
const token = await import(pathToFileURL(module));
const bytes = (text) => token.fromHex(text.replace(/^0x/, ""));
const number = (text) => BigInt("0x" + text.replace(/^0x/, ""));

async function ofTokens(one) {
  const challenge = bytes(one.token_challenge);
  const key = await token.readKey(bytes(one.pkS));
  const draws = [bytes(one.nonce), bytes(one.salt), bytes(one.blind)];
  const pending = await token.begin(challenge, key, () => draws.shift());
  const made = await token.finish(pending, bytes(one.token_response));
  const flipped = bytes(one.token_response);
  flipped[255] ^= 1;
  const refused = await token.finish(pending, flipped).catch((error) => error.code);
  return {
    request: token.toHex(pending.request) === one.token_request,
    token: token.toHex(made) === one.token,
    refused: refused === "signature",
  };
}

async function ofSignatures(one) {
  const [n, inv] = [number(one.n), number(one.inv)];
  // The vectors name the inverse of the blind; the blind is the inverse of that.
  let [a, b, x, y] = [inv, n, 1n, 0n];
  while (b) [a, b, x, y] = [b, a % b, y, x - (a / b) * y];
  const r = ((x % n) + n) % n;
  const message = bytes(one.input_msg);
  const salt = bytes(one.salt ?? "");
  const made = await token.blind(n, message, salt, r);
  const signature = await token.finalize(n, message, bytes(one.blind_sig), made.inv, salt.length);
  const longer = await token.verify(n, message, signature, salt.length + 1);
  return {
    blinded: token.toHex(made.blinded) === one.blinded_msg.replace(/^0x/, ""),
    signature: token.toHex(signature) === one.sig.replace(/^0x/, ""),
    refused: longer === false,
  };
}

const found = [];
for (const one of JSON.parse(readFileSync(file, "utf-8"))) {
  found.push("token_challenge" in one ? await ofTokens(one) : await ofSignatures(one));
}
console.log(JSON.stringify(found));
