// Somebody else's client (@cloudflare/privacypass-ts), and the wallet's own module, against a running house and gate.
// `node privacypass.mjs MODULE` reads {house, secret, gate} from stdin; answers what happened, with all bytes, as JSON.
import { pathToFileURL } from "node:url";
import { readFileSync } from "node:fs";
import { MediaType, PRIVATE_TOKEN_ISSUER_DIRECTORY, TOKEN_TYPES, TokenChallenge, WWWAuthenticateHeader, AuthorizationHeader, publicVerif } from "@cloudflare/privacypass-ts";

const own = await import(pathToFileURL(process.argv[2]));
const said = JSON.parse(readFileSync(0, "utf-8"));
const hex = (bytes) => own.toHex(new Uint8Array(bytes));
const out = { requests: [], responses: [], tokens: [], statuses: [], codes: [] };
// fetch of Node looks gerbang.localhost up by name, and not each machine knows it: call loopback, name the host.
const gate = new URL(said.gate);
let cookie = "";

async function room(authorization) {
  const headers = { cookie, ...(authorization ? { authorization } : {}) };
  const reply = await fetch(`http://127.0.0.1:${gate.port}/ruang`, { headers });
  cookie ||= (reply.headers.get("set-cookie") ?? "").split(";")[0];
  return reply;
}

async function issued(address, request) {
  const headers = { "content-type": MediaType.PRIVATE_TOKEN_REQUEST, accept: MediaType.PRIVATE_TOKEN_RESPONSE };
  const reply = await fetch(address, { method: "POST", headers: { ...headers, authorization: `Bearer ${said.secret}` }, body: request });
  if (!reply.ok) throw new Error(`${reply.status} ${await reply.text()}`);
  if (reply.headers.get("content-type") !== MediaType.PRIVATE_TOKEN_RESPONSE) throw new Error("media type");
  const response = new Uint8Array(await reply.arrayBuffer());
  out.requests.push(hex(request));
  out.responses.push(hex(response));
  return response;
}

async function spend(authorization, token) {
  out.tokens.push(hex(token));
  for (let time = 0; time < 2; time += 1) {
    const reply = await room(authorization);
    out.statuses.push(reply.status);
    out.codes.push(reply.ok ? "" : await reply.text());
  }
}

const directory = await (await fetch(said.house + PRIVATE_TOKEN_ISSUER_DIRECTORY)).json();
const address = new URL(directory["issuer-request-uri"], said.house);

// 1. The other client, from the gate's header to the gate's door.
const first = await room();
out.statuses.push(first.status);
const header = WWWAuthenticateHeader.parse(first.headers.get("www-authenticate"))[0];
const listed = directory["token-keys"].some((one) => own.toText(header.tokenKey) === one["token-key"]);
const client = new publicVerif.Client(publicVerif.BlindRSAMode.PSS);
const request = (await client.createTokenRequest(header.challenge, header.tokenKey)).serialize();
const token = await client.finalize(client.deserializeTokenResponse(await issued(address, request)));
await spend(new AuthorizationHeader(token).toString(true), token.serialize());

// 2. The wallet's module; the gate asks a second visit.
cookie = "";
const again = await room();
const [asked] = own.readHeader(again.headers.get("www-authenticate"));
const pending = await own.begin(asked.challenge, await own.readKey(asked.key));
const mine = await own.finish(pending, await issued(address, pending.request));
await spend(`PrivateToken token="${own.toText(mine)}"`, mine);

// 3. Each reads the other's bytes.
const read = own.readChallenge(header.challenge.serialize());
const agree =
  read.issuer === header.challenge.issuerName &&
  hex(read.context) === hex(header.challenge.redemptionContext) &&
  String(read.origins) === String(header.challenge.originInfo ?? []) &&
  hex(TokenChallenge.deserialize(asked.challenge).serialize()) === hex(asked.challenge) &&
  TOKEN_TYPES.BLIND_RSA.value === own.TYPE;
console.log(JSON.stringify({ ...out, listed, agree }));
