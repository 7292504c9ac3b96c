// A wallet made of others' libraries: fetches a batch of cards, checks each, shows one, and asks the status list.
// node card_wallet.mjs fetch <offer> <digits> <how many> | verify <file with {cards, keys}> ; prints JSON.
import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { Openid4vciClient } from "@openid4vc/openid4vci";
import { clientAuthenticationAnonymous, setGlobalConfig } from "@openid4vc/oauth2";
import { digest, ES256, generateSalt } from "@sd-jwt/crypto-nodejs";
import { getListFromStatusListJWT } from "@sd-jwt/jwt-status-list";
import { SDJwtVcInstance } from "@sd-jwt/sd-jwt-vc";
import { decodeJwt, exportJWK, generateKeyPair, SignJWT } from "jose";

setGlobalConfig({ allowInsecureUrls: true }); // a house on this machine speaks plain HTTP

const hash = (data, alg) => createHash(alg.replace("-", "")).update(data).digest();
const pairs = new Map();

async function freshKey() {
  const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
  const publicJwk = await exportJWK(publicKey);
  pairs.set(publicJwk.x, privateKey);
  return { publicJwk, privateJwk: await exportJWK(privateKey) };
}

const client = new Openid4vciClient({
  callbacks: {
    hash,
    generateRandom: (bytes) => randomBytes(bytes),
    clientAuthentication: clientAuthenticationAnonymous(),
    signJwt: async (signer, { header, payload }) => ({
      jwt: await new SignJWT(payload).setProtectedHeader(header).sign(pairs.get(signer.publicJwk.x)),
      signerJwk: signer.publicJwk,
    }),
  },
});

async function fetchCards(offer, digits, count) {
  const credentialOffer = await client.resolveCredentialOffer(offer);
  const issuerMetadata = await client.resolveIssuerMetadata(credentialOffer.credential_issuer);
  const { accessTokenResponse } = await client.retrievePreAuthorizedCodeAccessTokenFromOffer({
    credentialOffer, issuerMetadata, txCode: digits,
  });
  const { c_nonce: nonce } = await client.requestNonce({ issuerMetadata });
  const [credentialConfigurationId] = credentialOffer.credential_configuration_ids;
  const keys = await Promise.all(Array.from({ length: count }, freshKey));
  const jwt = [];
  for (const { publicJwk } of keys) {
    const signer = { method: "jwk", publicJwk, alg: "ES256" };
    const made = await client.createCredentialRequestJwtProof({ issuerMetadata, signer, nonce, credentialConfigurationId });
    jwt.push(made.jwt);
  }
  const { credentialResponse } = await client.retrieveCredentials({
    issuerMetadata, credentialConfigurationId, accessToken: accessTokenResponse.access_token, proofs: { jwt },
  });
  const told = credentialResponse.credentials.map((one) => one.credential);
  return {
    draft: issuerMetadata.originalDraftVersion,
    batch: issuerMetadata.credentialIssuer.batch_credential_issuance.batch_size,
    issuer: credentialOffer.credential_issuer,
    cards: told,
    keys: keys.map((one) => one.privateJwk),
    sent: [...jwt, nonce, accessTokenResponse.access_token],
  };
}

async function issuerVerifier(issuer) {
  const { jwks } = await (await fetch(`${issuer}/.well-known/jwt-vc-issuer`)).json();
  return async (data, signature) => {
    const { kid } = JSON.parse(Buffer.from(data.split(".")[0], "base64url").toString());
    const jwk = jwks.keys.find((one) => one.kid === kid);
    return jwk ? (await ES256.getVerifier(jwk))(data, signature) : false;
  };
}

async function verifyCards({ issuer, cards, keys }) {
  const verifier = await issuerVerifier(issuer);
  const found = [];
  let fetched = 0;
  const list = new Map(); // one look at the list for all of them
  for (const [place, card] of cards.entries()) {
    const { d, ...publicJwk } = keys[place];
    const wallet = new SDJwtVcInstance({
      hasher: digest, hashAlg: "sha-256", saltGenerator: generateSalt, verifier,
      signAlg: "ES256", kbSigner: await ES256.getSigner(keys[place]), kbSignAlg: "ES256",
      kbVerifier: async (data, signature, payload) => (await ES256.getVerifier(payload.cnf.jwk))(data, signature),
      statusListFetcher: async (uri) => {
        if (!list.has(uri)) {
          fetched += 1;
          const reply = await fetch(uri, { headers: { Accept: "application/statuslist+jwt" } });
          list.set(uri, await reply.text());
        }
        return list.get(uri);
      },
    });
    const nonce = randomBytes(16).toString("base64url");
    const kb = { payload: { iat: Math.floor(Date.now() / 1000), aud: "https://ramai.example", nonce } };
    const claims = Object.keys(await wallet.getClaims(card)).filter((one) => one.startsWith("age_over_")).sort();
    const shown = await wallet.present(card, { [claims[0]]: true }, { kb });
    const bound = decodeJwt(card.split("~")[0]).cnf.jwk.x === publicJwk.x;
    const one = { claims, shown, nonce, bound };
    try {
      const { payload } = await wallet.verify(shown, { requiredClaimKeys: [claims[0]], keyBindingNonce: nonce });
      one.payload = { ...payload, cnf: undefined };
      if (place === 0) one.type = (await wallet.getVct(card)).vct;
      const { idx, uri } = payload.status.status_list;
      one.status = getListFromStatusListJWT(list.get(uri)).getStatus(idx);
    } catch (error) {
      one.refused = error.message;
    }
    found.push(one);
  }
  return { fetched, found };
}

const [act, ...given] = process.argv.slice(2);
const done = act === "fetch"
  ? await fetchCards(given[0], given[1] || undefined, Number(given[2]))
  : await verifyCards(JSON.parse(readFileSync(given[0], "utf8")));
console.log(JSON.stringify(done));
