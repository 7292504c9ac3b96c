// A badge as `jose` checks it: {token, jwks, issuer, now} on stdin, {claims} or {refused} on stdout.
// Keys come from the issuer's set alone; what a token says of its own key is not looked at.
import { readFileSync } from "node:fs";
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from "jose";

const { token, jwks, issuer, now } = JSON.parse(readFileSync(0, "utf8"));
const known = createLocalJWKSet(jwks);
try {
  const kid = decodeProtectedHeader(token).kid.split("#")[1];
  const { payload } = await jwtVerify(token, (header) => known({ ...header, kid }), {
    issuer,
    algorithms: ["ES256"],
    typ: "JWT",
    currentDate: new Date(now),
    requiredClaims: ["iss", "sub", "jti", "nbf", "exp"],
  });
  console.log(JSON.stringify({ claims: payload }));
} catch (refused) {
  console.log(JSON.stringify({ refused: refused.code ?? String(refused) }));
}
