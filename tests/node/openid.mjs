// A platform that signs people in with openid-client: three addresses, and the answers of the library as JSON.
import { createServer } from "node:http";
import * as client from "openid-client";

const [issuer, id, secret, age, port] = process.argv.slice(2);
const config = await client.discovery(new URL(issuer), id, undefined, client.ClientSecretBasic(secret), {
  execute: [client.allowInsecureRequests],
});
client.enableNonRepudiationChecks(config); // checks the signature too, not the TLS connection alone
const back = `http://127.0.0.1:${port}/kembali`;
const waiting = new Map();

async function begin(pushed, more) {
  const verifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  const nonce = client.randomNonce();
  const asked = {
    redirect_uri: back,
    scope: `openid age_over:${age}`,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
    nonce,
    ...more,
  };
  waiting.set(state, { verifier, nonce });
  const build = pushed ? client.buildAuthorizationUrlWithPAR : client.buildAuthorizationUrl;
  return (await build(config, asked)).href;
}

async function exchange(url, change = {}) {
  const state = url.searchParams.get("state");
  const { verifier, nonce } = waiting.get(state) ?? {};
  const tokens = await client.authorizationCodeGrant(config, url, {
    pkceCodeVerifier: change.verifier ?? verifier,
    expectedNonce: nonce,
    expectedState: state,
    idTokenExpected: true,
  });
  return { token: tokens.id_token, claims: tokens.claims(), keys: Object.keys(tokens).sort() };
}

const acts = {
  "/masuk": (url) => begin(false, Object.fromEntries(url.searchParams)),
  "/masuk-par": (url) => begin(true, Object.fromEntries(url.searchParams)),
  "/kembali": (url) => exchange(url),
  "/salah": (url) => exchange(new URL(url.href.replace("/salah", "/kembali")), { verifier: "x".repeat(64) }),
  "/segarkan": () => client.refreshTokenGrant(config, "x".repeat(40)),
  "/tahu": () => config.serverMetadata(),
};

createServer(async (request, response) => {
  const url = new URL(request.url, `http://127.0.0.1:${port}`);
  const act = acts[url.pathname];
  let body;
  try {
    body = act ? await act(url) : { error: "not_found" };
  } catch (error) {
    body = { error: error.error ?? error.code ?? String(error), said: String(error.message ?? error) };
  }
  if (typeof body === "string") response.writeHead(302, { Location: body }).end();
  else response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}).listen(Number(port), "127.0.0.1", () => console.log("listening"));
