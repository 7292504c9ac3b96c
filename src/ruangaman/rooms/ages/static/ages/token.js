// The client of age tokens: Privacy Pass, token type 0x0002, blind RSA with SHA-384, PSS, salt 48, 2048 bits.
// No dependencies; runs in browsers (on https or localhost) and in Node. All numbers are big endian.
// Sources: RFC 9577 2.1.1, 2.2 (challenge, token, headers), RFC 9578 6 (issuance), RFC 9474 4 (blind, finalize),
// RFC 8017 9.1 (EMSA-PSS). Whoever changes a line here runs tests/checks/test_tokens_in_javascript.py.

export const TYPE = 2;
export const TOKEN_BYTES = 354;
export const RESPONSE_BYTES = 256;
const SIZE = 256;
const HASH = 48;
const SALT = 48;
const EXPONENT = 65537n;
// SubjectPublicKeyInfo: id-RSASSA-PSS, SHA-384, MGF1 with SHA-384, salt 48; then the modulus, then 65537.
const HEAD =
  "30820152303d06092a864886f70d01010a3030a00d300b0609608648016503040202a11a301806092a864886f70d010108" +
  "300b0609608648016503040202a2030201300382010f003082010a0282010100";
const TAIL = "0203010001";

/** A key, challenge, header or signature that is not taken. `code` says which check it failed. */
export class Refused extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

export const toHex = (bytes) => Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
export const fromHex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));

/** base64url with its padding, as HTTP carries it here (RFC 9577 2.1.1). */
export function toText(bytes) {
  let raw = "";
  for (const one of bytes) raw += String.fromCharCode(one);
  return btoa(raw).replaceAll("+", "-").replaceAll("/", "_");
}

/** The bytes of a text that `toText` could have written; throws Refused("encoding"). */
export function fromText(text) {
  if (!/^[A-Za-z0-9_-]*={0,2}$/.test(text) || text.length % 4 || text.length > 16384) throw new Refused("encoding");
  const raw = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(raw, (sign) => sign.charCodeAt(0));
  if (toText(bytes) !== text) throw new Refused("encoding");
  return bytes;
}

export function join(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function same(one, other) {
  return one.length === other.length && one.every((value, at) => value === other[at]);
}

export const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
const sha384 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-384", bytes));

const number = (bytes) => (bytes.length ? BigInt("0x" + toHex(bytes)) : 0n);
const octets = (value, size) => fromHex(value.toString(16).padStart(2 * size, "0"));
/** How many bytes a modulus has; only whole bytes with their first bit set are taken. */
const sizeOf = (n) => n.toString(16).length / 2;

/** base ** 65537 mod n. */
function raised(base, n) {
  let result = base;
  for (let bit = 0; bit < 16; bit += 1) result = (result * result) % n;
  return (result * base) % n;
}

/** The inverse of a value mod n, or null when there is none. */
function inverse(value, n) {
  let [a, b, x, y] = [value % n, n, 1n, 0n];
  while (b) {
    const whole = a / b;
    [a, b] = [b, a - whole * b];
    [x, y] = [y, x - whole * y];
  }
  return a === 1n ? ((x % n) + n) % n : null;
}

async function mask(seed, length) {
  const parts = [];
  for (let count = 0; count * HASH < length; count += 1) {
    parts.push(await sha384(join(seed, Uint8Array.of(0, 0, 0, count))));
  }
  return join(...parts).slice(0, length);
}

/** EMSA-PSS for one bit less than `size` bytes. Source: RFC 8017 9.1.1. */
async function encoded(message, salt, size) {
  const hash = await sha384(join(new Uint8Array(8), await sha384(message), salt));
  const data = join(new Uint8Array(size - salt.length - HASH - 2), Uint8Array.of(1), salt);
  const masked = (await mask(hash, data.length)).map((one, at) => one ^ data[at]);
  masked[0] &= 0x7f;
  return join(masked, hash, Uint8Array.of(0xbc));
}

/** Whether these bytes encode this message with a salt of that many bytes. Source: RFC 8017 9.1.2. */
async function fits(message, whole, saltLength) {
  const masked = whole.slice(0, -HASH - 1);
  const hash = whole.slice(-HASH - 1, -1);
  if (whole.at(-1) !== 0xbc || masked[0] & 0x80) return false;
  const data = (await mask(hash, masked.length)).map((one, at) => one ^ masked[at]);
  data[0] &= 0x7f;
  const salt = data.slice(data.length - saltLength);
  const before = data.slice(0, data.length - saltLength);
  if (before.at(-1) !== 1 || before.slice(0, -1).some((one) => one)) return false;
  return same(hash, await sha384(join(new Uint8Array(8), await sha384(message), salt)));
}

/** RSASSA-PSS. Source: RFC 8017 8.1.2. */
export async function verify(n, message, signature, saltLength = SALT) {
  if (signature.length !== sizeOf(n) || number(signature) >= n) return false;
  return fits(message, octets(raised(number(signature), n), sizeOf(n)), saltLength);
}

/** RFC 9474 4.2; `r` is the blind. Throws Refused("blind"): draw another one. */
export async function blind(n, message, salt, r) {
  const m = number(await encoded(message, salt, sizeOf(n)));
  const inv = r > 0n && r < n ? inverse(r, n) : null;
  if (inv === null || m >= n || inverse(m, n) === null) throw new Refused("blind");
  return { blinded: octets((m * raised(r, n)) % n, sizeOf(n)), inv };
}

/** RFC 9474 4.4: the signature, once it was checked. Throws Refused("signature"). */
export async function finalize(n, message, blindSignature, inv, saltLength = SALT) {
  if (blindSignature.length !== sizeOf(n) || number(blindSignature) >= n) throw new Refused("signature");
  const signature = octets((number(blindSignature) * inv) % n, sizeOf(n));
  if (!(await verify(n, message, signature, saltLength))) throw new Refused("signature");
  return signature;
}

/** A public key in its one form: {spki, n, id}. Throws Refused("key"). Source: RFC 9578 6.5. */
export async function readKey(spki) {
  const hex = toHex(spki);
  const n = number(spki.slice(HEAD.length / 2, -TAIL.length / 2));
  const whole = hex.startsWith(HEAD) && hex.endsWith(TAIL) && spki.length === (HEAD.length + TAIL.length) / 2 + SIZE;
  if (!whole || n >> 2047n !== 1n || !(n & 1n)) throw new Refused("key");
  return { spki, n, id: await sha256(spki) };
}

/** TokenChallenge. Throws Refused("challenge"). Source: RFC 9577 2.1.1. */
export function readChallenge(told) {
  let at = 2;
  function sized(count) {
    let length = 0;
    for (let more = count; more; more -= 1) length = length * 256 + (told[at++] ?? NaN);
    at += length;
    if (!(at <= told.length)) throw new Refused("challenge");
    return told.slice(at - length, at);
  }
  if (told.length > 8192 || told[0] !== 0 || told[1] !== TYPE) throw new Refused("challenge");
  const [issuer, context, origins] = [sized(2), sized(1), sized(2)];
  const ascii = (bytes) => String.fromCharCode(...bytes);
  const names = /^[!-+\--~]{1,255}$/;
  const found = { issuer: ascii(issuer), context, origins: origins.length ? ascii(origins).split(",") : [] };
  const whole = at === told.length && (context.length === 0 || context.length === 32);
  if (!whole || ![found.issuer, ...found.origins].every((name) => names.test(name))) throw new Refused("challenge");
  return found;
}

/** A challenge that any platform takes: no context, no origin, so that its tokens may be fetched before. */
export function openChallenge(issuer) {
  const name = new TextEncoder().encode(issuer);
  return join(Uint8Array.of(0, TYPE, name.length >> 8, name.length & 255), name, Uint8Array.of(0, 0, 0));
}

/** Each PrivateToken challenge of a `WWW-Authenticate` value: [{challenge, key}], as bytes. Source: RFC 9577 2.1.2. */
export function readHeader(value) {
  const found = [];
  for (const part of value.slice(0, 65536).split(/(?:^|,)\s*PrivateToken\s+/i).slice(1)) {
    const said = Object.fromEntries([...part.matchAll(/([\w-]+)\s*=\s*"?([A-Za-z0-9_=-]+)"?/g)].map((one) => [one[1].toLowerCase(), one[2]]));
    if (!said.challenge) throw new Refused("header");
    found.push({ challenge: fromText(said.challenge), key: said["token-key"] ? fromText(said["token-key"]) : null });
  }
  return found;
}

const random = (count) => crypto.getRandomValues(new Uint8Array(count));

/**
 * The first step: {request, input, inv, n}. `request` goes to the issuer, the rest never leaves.
 * Draws 32 bytes of nonce, 48 of salt, then the blind. Source: RFC 9578 6.1.
 */
export async function begin(challenge, key, draw = random) {
  readChallenge(challenge);
  const input = join(Uint8Array.of(0, TYPE), draw(32), await sha256(challenge), key.id);
  const salt = draw(SALT);
  for (let tries = 0; tries < 64; tries += 1) {
    const r = number(draw(SIZE));
    if (r === 0n || r >= key.n) continue;
    const { blinded, inv } = await blind(key.n, input, salt, r);
    return { request: join(Uint8Array.of(0, TYPE, key.id[31]), blinded), input, inv, n: key.n };
  }
  throw new Refused("blind");
}

/** The last step: the token, 354 bytes, once its signature was checked. Source: RFC 9578 6.3. */
export async function finish(pending, response) {
  return join(pending.input, await finalize(pending.n, pending.input, response, pending.inv));
}
