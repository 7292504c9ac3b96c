// A platform made of others' libraries asks a status list of consents whether one still stands.
// node consent_list.mjs <base> <uri> <idx> ; prints JSON.
import { getListFromStatusListJWT } from "@sd-jwt/jwt-status-list";
import { createLocalJWKSet, jwtVerify } from "jose";

const [base, uri, idx] = process.argv.slice(2);
const reply = await fetch(uri, { headers: { Accept: "application/statuslist+jwt" } });
const token = await reply.text();
const keys = createLocalJWKSet(await (await fetch(`${base}/status/keys`)).json());
const { payload } = await jwtVerify(token, keys, { typ: "statuslist+jwt", algorithms: ["ES256"], subject: uri });
const list = getListFromStatusListJWT(token);
console.log(JSON.stringify({
  type: reply.headers.get("Content-Type"),
  encoding: reply.headers.get("Content-Encoding"),
  cached: reply.headers.get("Cache-Control"),
  bits: list.getBitsPerStatus(),
  status: list.getStatus(Number(idx)),
  ttl: payload.ttl,
  size: token.length,
}));
