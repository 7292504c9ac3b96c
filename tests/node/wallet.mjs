// A wallet of other people's libraries: it reads the request of a house, shows a credential, and says what came back.
// In: one JSON object on standard input. Out: one JSON object.
import { createECDH, createHash, createHmac, hkdfSync, randomBytes, webcrypto, X509Certificate } from "node:crypto";
import http from "node:http";
import { DataItem, DeviceResponse, Document, MDoc, cborEncode, parseDeviceResponse } from "@animo-id/mdoc";
import { Openid4vpClient } from "@openid4vc/openid4vp";
import { ES256, digest, generateSalt } from "@sd-jwt/crypto-nodejs";
import { SDJwtVcInstance } from "@sd-jwt/sd-jwt-vc";
import * as jose from "jose";

const told = JSON.parse(await new Promise((done) => {
  let text = "";
  process.stdin.on("data", (piece) => (text += piece)).on("end", () => done(text));
}));

// The house stands on this machine behind a proxy that ends TLS: its addresses say https, its port speaks http.
function toTheHouse(address, init = {}) {
  const url = new URL(address);
  if (url.host !== told.host) throw new Error(`another host: ${url.host}`);
  return new Promise((done, failed) => {
    const headers = { ...Object.fromEntries(new Headers(init.headers)), Host: told.host, "X-Forwarded-Proto": "https" };
    const body = init.body === undefined ? undefined : String(init.body);
    if (body !== undefined) headers["Content-Length"] = Buffer.byteLength(body);
    const call = http.request(
      { host: "127.0.0.1", port: told.port, path: url.pathname + url.search, method: init.method ?? "GET", headers },
      (reply) => {
        const pieces = [];
        reply.on("data", (piece) => pieces.push(piece)).on("end", () =>
          done(new Response(Buffer.concat(pieces), { status: reply.statusCode, headers: reply.headers })));
      });
    call.on("error", failed);
    call.end(body);
  });
}

const callbacks = {
  fetch: toTheHouse,
  hash: (data, algorithm) => new Uint8Array(createHash(algorithm.replace("-", "")).update(data).digest()),
  generateRandom: (count) => new Uint8Array(randomBytes(count)),
  signJwt: () => { throw new Error("nothing is signed here"); },
  decryptJwe: () => { throw new Error("nothing is opened here"); },
  getX509CertificateMetadata: (certificate) => {
    const names = new X509Certificate(Buffer.from(certificate, "base64")).subjectAltName ?? "";
    const sanDnsNames = names.split(", ").filter((one) => one.startsWith("DNS:")).map((one) => one.slice(4));
    return { sanDnsNames, sanUriNames: [] };
  },
  verifyJwt: async (signer, jwt) => {
    if (signer.method !== "x5c") return { verified: false };
    const pem = `-----BEGIN CERTIFICATE-----\n${signer.x5c[0]}\n-----END CERTIFICATE-----`;
    const key = await jose.importX509(pem, signer.alg, { extractable: true });
    await jose.compactVerify(jwt.compact, key);
    return { verified: true, signerJwk: await jose.exportJWK(key) };
  },
  encryptJwe: async (to, data) => {
    const header = { alg: to.alg, enc: to.enc, kid: to.publicJwk.kid };
    const key = await jose.importJWK(to.publicJwk, to.alg);
    const jwe = await new jose.CompactEncrypt(new TextEncoder().encode(data)).setProtectedHeader(header).encrypt(key);
    return { jwe, encryptionJwk: to.publicJwk };
  },
};

async function sdJwt(query, audience, nonce) {
  const holder = await ES256.generateKeyPair();
  const tool = new SDJwtVcInstance({
    signer: await ES256.getSigner(told.issuer.key),
    signAlg: "ES256",
    hasher: digest,
    hashAlg: "sha-256",
    saltGenerator: generateSalt,
    kbSigner: await ES256.getSigner(holder.privateKey),
    kbSignAlg: "ES256",
  });
  const now = told.now;
  const { kty, crv, x, y } = holder.publicKey;
  const issued = await tool.issue(
    {
      iss: told.issuer.name, vct: query.meta.vct_values[0], iat: now, exp: now + 86400, cnf: { jwk: { kty, crv, x, y } },
      age_over_13: true, age_over_16: true, family_name: "Rahasia", birthdate: "2004-05-06",
    },
    { _sd: ["age_over_13", "age_over_16", "family_name", "birthdate"] },
    { header: { typ: "dc+sd-jwt", x5c: told.issuer.x5c } },
  );
  const frame = Object.fromEntries(query.claims.map((one) => [one.path[0], true]));
  return tool.present(issued, frame, { kb: { payload: { iat: now, aud: audience, nonce } } });
}

const raw = (key, bytes) => webcrypto.subtle
  .importKey("jwk", key, { name: "ECDSA", namedCurve: "P-256" }, false, ["sign"])
  .then((one) => webcrypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, one, bytes))
  .then((one) => new Uint8Array(one));
const mdocContext = {
  crypto: {
    random: (count) => new Uint8Array(randomBytes(count)),
    digest: async ({ digestAlgorithm, bytes }) =>
      new Uint8Array(await webcrypto.subtle.digest(digestAlgorithm, bytes)),
    calculateEphemeralMacKeyJwk: ({ privateKey, publicKey, sessionTranscriptBytes }) => {
      const own = createECDH("prime256v1");
      own.setPrivateKey(privateKey);
      const salt = createHash("sha256").update(sessionTranscriptBytes).digest();
      const key = hkdfSync("sha256", own.computeSecret(publicKey), salt, "EMacKey", 32);
      return { kty: "oct", k: Buffer.from(key).toString("base64url") };
    },
  },
  cose: {
    sign1: { sign: ({ sign1, jwk }) => raw(jwk, sign1.getRawSigningData().data), verify: () => true },
    mac0: {
      sign: ({ mac0, jwk }) => {
        const { data } = mac0.getRawSigningData();
        return new Uint8Array(createHmac("sha256", Buffer.from(jwk.k, "base64url")).update(data).digest());
      },
      verify: () => true,
    },
  },
};

async function mdoc(query, info, name, metadata) {
  const device = await ES256.generateKeyPair();
  const doctype = query.meta.doctype_value;
  const [space] = query.claims[0].path;
  const clean = ({ kty, crv, x, y, d }) => (d ? { kty, crv, x, y, d } : { kty, crv, x, y });
  const from = new Date(told.now * 1000);
  const elements = doctype === "eu.europa.ec.av.1"
    ? { age_over_13: true, age_over_16: true, age_over_18: true }
    : { age_over_16: true, family_name: "Rahasia", age_over_18: true };
  const issued = await new Document(doctype, mdocContext)
    .addIssuerNameSpace(space, elements)
    .useDigestAlgorithm("SHA-256")
    .addValidityInfo({ signed: from, validFrom: from, validUntil: new Date((told.now + 30 * 86400) * 1000) })
    .addDeviceKeyInfo({ deviceKey: clean(device.publicKey) })
    .sign({ issuerPrivateKey: told.issuer.key, issuerCertificate: told.issuer.pem, alg: "ES256" }, mdocContext);
  const hash = new Uint8Array(createHash("sha256").update(cborEncode(info)).digest());
  const transcript = cborEncode(DataItem.fromData([null, null, [name, hash]]));
  const fields = query.claims.map(({ path }) => ({ path: [`$['${path[0]}']['${path[1]}']`], intent_to_retain: false }));
  const asked = DeviceResponse.from(new MDoc([issued]))
    .usingPresentationDefinition({ id: "satu", input_descriptors: [
      { id: doctype, format: { mso_mdoc: { alg: ["ES256"] } }, constraints: { limit_disclosure: "required", fields } },
    ] })
    .usingSessionTranscriptBytes(transcript);
  if (told.mac && metadata.vp_formats_supported.mso_mdoc.deviceauth_alg_values.includes(-65537)) {
    asked.authenticateWithMAC(clean(device.privateKey), clean(metadata.jwks.keys[0]), "HS256");
  } else {
    asked.authenticateWithSignature(clean(device.privateKey), "ES256");
  }
  const shown = await asked.sign(mdocContext);
  const bytes = shown.encode();
  parseDeviceResponse(bytes);
  return Buffer.from(bytes).toString("base64url");
}

async function thumbprint(metadata) {
  const key = metadata?.jwks?.keys[0];
  return key ? new Uint8Array(Buffer.from(await jose.calculateJwkThumbprint(key), "base64url")) : null;
}

const client = new Openid4vpClient({ callbacks });
const given = told.link ?? told.request;  // a link, or the `data` for the browser's own door
const parsed = client.parseOpenid4vpAuthorizationRequest({ authorizationRequest: given });
const resolved = await client.resolveOpenId4vpAuthorizationRequest({
  authorizationRequestPayload: parsed.params,
  origin: told.origin,
});
const request = resolved.authorizationRequestPayload;
const query = resolved.dcql.query.credentials.find((one) => one.id === told.show);
const print = await thumbprint(request.client_metadata);
let presentation;
if (query.format === "dc+sd-jwt") {
  presentation = await sdJwt(query, told.origin ? `origin:${told.origin}` : request.client_id, request.nonce);
} else if (told.origin) {
  const info = [told.origin, request.nonce, print];
  presentation = await mdoc(query, info, "OpenID4VPDCAPIHandover", request.client_metadata);
} else {
  const info = [request.client_id, request.nonce, print, request.response_uri];
  presentation = await mdoc(query, info, "OpenID4VPHandover", request.client_metadata);
}
const encrypted = request.response_mode.endsWith(".jwt");
const made = await client.createOpenid4vpAuthorizationResponse({
  authorizationRequestPayload: request,
  origin: told.origin,
  authorizationResponsePayload: { vp_token: { [query.id]: [presentation] } },
  ...(encrypted && {
    jarm: {
      encryption: { nonce: request.nonce },
      serverMetadata: {
        authorization_signing_alg_values_supported: [],
        authorization_encryption_alg_values_supported: ["ECDH-ES"],
        authorization_encryption_enc_values_supported: ["A256GCM", "A128GCM"],
      },
    },
  }),
});
const out = { version: resolved.version, mode: request.response_mode, client: resolved.client.prefix, presentation };
if (told.origin) {
  out.data = made.jarm ? { response: made.jarm.responseJwt } : made.authorizationResponsePayload;
} else {
  const { response } = await client.submitOpenid4vpAuthorizationResponse({
    authorizationRequestPayload: request,
    authorizationResponsePayload: made.authorizationResponsePayload,
    jarm: made.jarm,
  });
  out.status = response.status;
  out.body = await response.json();
}
console.log(JSON.stringify(out));
