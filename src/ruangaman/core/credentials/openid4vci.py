"""
OpenID for Verifiable Credential Issuance 1.0, the issuer's side: metadata, offers, and the proofs that come with keys.

Pre-authorized codes alone, one kind of credential (`dc+sd-jwt`), proofs as JWTs that hold their key (appendix F.1).
Nonces, codes and access tokens have a life, so they belong to the caller.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from ruangaman.core.credentials import jose
from ruangaman.core.credentials.errors import CredentialError
from ruangaman.core.credentials.jose import Json

PRE_AUTHORIZED = "urn:ietf:params:oauth:grant-type:pre-authorized_code"
PROOF_TYP = frozenset({"openid4vci-proof+jwt"})
ALGORITHMS = frozenset({jose.ES256})
"""What may sign a proof: the keys of our credentials are on P-256."""

SKEW = 300
"""Seconds by which the clock of a wallet may differ, both ways; also the life of a proof without an end of its own."""

MOST_PROOF_BYTES = 4_096
OTHER_KEYS = frozenset({"kid", "x5c", "x5u", "jku", "trust_chain"})
"""A header names its key in one way; `jwk` beside another lets somebody show one key and prove another."""


class RequestRefused(CredentialError):
    """No credential request of this profile; `facts["why"]` names the member."""

    code = "openid4vci.request-refused"


class UnknownCredential(CredentialError):
    """Another credential than the one that is issued here."""

    code = "openid4vci.unknown-credential"


class ProofMissing(CredentialError):
    """A request without proofs, or with proofs of another type than `jwt`."""

    code = "openid4vci.proof-missing"


class TooManyProofs(CredentialError):
    """More proofs than a batch has; `facts["most"]`."""

    code = "openid4vci.too-many-proofs"


class ProofRefused(CredentialError):
    """A proof with a wrong header, key or claim; `facts["why"]` names it."""

    code = "openid4vci.proof-refused"


class ProofStale(CredentialError):
    """A proof that was made too long ago, is over, or comes from the future."""

    code = "openid4vci.proof-stale"


class ProofForOther(CredentialError):
    """A proof for another issuer: `aud` is not this one."""

    code = "openid4vci.proof-for-another-issuer"


class KeyTwice(CredentialError):
    """One key for two credentials of a batch: they could be linked by it."""

    code = "openid4vci.key-twice"


class NonceRefused(CredentialError):
    """The proofs repeat no nonce of this house, different ones, one that is over, or one that was used."""

    code = "openid4vci.nonce-refused"


@dataclass(frozen=True, slots=True)
class Proofs:
    """The keys that were proved, in the order of the proofs, and the one nonce that all proofs repeat."""

    keys: tuple[dict[str, str], ...]
    nonce: str


def requested(body: bytes, configuration: str, identifier: str | None, most_bytes: int) -> list[str]:
    """
    The proofs of a credential request (section 8.2), not yet believed.

    Args:
        configuration: the id of the one credential that is issued.
        identifier: what the token response called that credential, and the request must too; None where it did not.
        most_bytes: how long a request may be.

    Raises:
        CredentialError: `jose.*` for the form, RequestRefused, UnknownCredential, ProofMissing.
    """
    told = jose.read_json_object(body, most_bytes)
    right, wrong = "credential_configuration_id", "credential_identifier"
    if identifier is not None:
        right, wrong = wrong, right
    named = told.get(right)
    if wrong in told or not isinstance(named, str):
        raise RequestRefused(why=right)
    if named != (identifier or configuration):
        raise UnknownCredential(why=right)
    if "credential_response_encryption" in told:
        raise RequestRefused(why="credential_response_encryption")
    proofs = told.get("proofs")
    if proofs is None or "proof" in told:
        raise ProofMissing
    if type(proofs) is not dict or set(proofs) != {"jwt"}:
        raise ProofMissing
    jwts = proofs["jwt"]
    if type(jwts) is not list or not jwts or not all(isinstance(one, str) for one in jwts):
        raise ProofMissing
    return jwts


def check_proofs(jwts: Sequence[str], *, issuer: str, now: int, most: int) -> Proofs:
    """
    Check the proofs of a batch, all or none (appendix F.1): each names its own key and is signed with it.

    Args:
        issuer: the credential issuer's identifier, which `aud` must be.
        now: Unix time in seconds.
        most: how many a batch has.

    Raises:
        TooManyProofs: before any signature is looked at.
        ProofRefused, ProofStale, ProofForOther, KeyTwice, NonceRefused; `jose.*` for form, algorithm and signature.
    """
    if len(jwts) > most:
        raise TooManyProofs(most=most)
    keys: dict[bytes, dict[str, str]] = {}
    nonces: set[str] = set()
    for one in jwts:
        key, nonce = _check_proof(one, issuer, now)
        if (thumbprint := jose.thumbprint(key)) in keys:
            raise KeyTwice
        keys[thumbprint] = key
        nonces.add(nonce)
    if len(nonces) != 1:
        raise NonceRefused
    return Proofs(tuple(keys.values()), nonces.pop())


def _check_proof(jwt: str, issuer: str, now: int) -> tuple[dict[str, str], str]:
    jws = jose.read_jws(jwt, typ=PROOF_TYP, algorithms=ALGORITHMS, most=MOST_PROOF_BYTES)
    if OTHER_KEYS & jws.header.keys():
        raise ProofRefused(why="kid")
    told: Json = jws.header.get("jwk")
    key = jose.public_key(told, alg=jose.ES256)  # refuses what is no key, and a private part
    jose.verify(jws, key)
    claims = jws.claims()
    if claims.get("aud") not in (issuer, [issuer]):
        raise ProofForOther
    made = _seconds(claims, "iat")
    if made is None:
        raise ProofRefused(why="iat")
    ends, begins = _seconds(claims, "exp"), _seconds(claims, "nbf")
    if abs(now - made) > SKEW or (ends is not None and now >= ends):
        raise ProofStale
    if begins is not None and begins > now + SKEW:
        raise ProofStale
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not nonce:
        raise NonceRefused
    return {name: told[name] for name in ("kty", "crv", "x", "y")}, nonce


def _seconds(claims: Mapping[str, Json], name: str) -> int | float | None:
    if name not in claims:
        return None
    value = claims[name]
    if type(value) is not int and type(value) is not float:
        raise ProofRefused(why=name)
    return value


def details(text: str, configuration: str) -> None:
    """
    The `authorization_details` of a token request (section 5.1.1): our one credential, by its configuration.

    Raises:
        CredentialError: `jose.*` for the form; RequestRefused: anything else than that.
    """
    told = jose.read_json(text.encode("utf-8", "replace"), 4_096)
    if type(told) is not list or len(told) != 1 or type(told[0]) is not dict:
        raise RequestRefused(why="authorization_details")
    one = told[0]
    if one.get("type") != "openid_credential" or one.get("credential_configuration_id") != configuration:
        raise RequestRefused(why="authorization_details")


def told_details(configuration: str, identifier: str) -> list[Json]:
    """The `authorization_details` of the token response (section 6.2)."""
    return [
        {
            "type": "openid_credential",
            "credential_configuration_id": configuration,
            "credential_identifiers": [identifier],
        }
    ]


def offer(
    *, issuer: str, configuration: str, code: str, digits: int | None, description: str = ""
) -> dict[str, Json]:
    """
    A credential offer (section 4.1.1).

    Args:
        digits: how many digits of a transaction code are asked for; None asks for none.
        description: tells where those digits stand, at most 300 letters.
    """
    grant: dict[str, Json] = {"pre-authorized_code": code}
    if digits is not None:
        grant["tx_code"] = {"input_mode": "numeric", "length": digits, "description": description[:300]}
    return {
        "credential_issuer": issuer,
        "credential_configuration_ids": [configuration],
        "grants": {PRE_AUTHORIZED: grant},
    }


def offer_uri(told: Mapping[str, Json]) -> str:
    """The offer as the link that a wallet opens (section 4.1.2)."""
    return "openid-credential-offer://?credential_offer=" + quote(
        jose.write_json(dict(told)).decode(), safe=""
    )


def offer_uri_by_reference(address: str) -> str:
    """A link to where the offer stands (section 4.1.3): short enough for a QR that any phone reads."""
    return "openid-credential-offer://?credential_offer_uri=" + quote(address, safe="")


@dataclass(frozen=True, slots=True)
class Named:
    """A text in both languages."""

    id: str
    en: str

    def display(self, name: str = "name", locale: str = "locale") -> list[Json]:
        return [{name: self.id, locale: "id-ID"}, {name: self.en, locale: "en-US"}]


def issuer_metadata(
    *,
    issuer: str,
    configuration: str,
    vct: str,
    credential_endpoint: str,
    nonce_endpoint: str,
    batch: int,
    house: Named,
    card: Named,
    claims: Mapping[str, Named],
) -> dict[str, Json]:
    """Credential issuer metadata (section 12.2). `claims`: what may stand in a credential, and how it is called."""
    return {
        "credential_issuer": issuer,
        "credential_endpoint": credential_endpoint,
        "nonce_endpoint": nonce_endpoint,
        "batch_credential_issuance": {"batch_size": batch},
        "display": house.display(),
        "credential_configurations_supported": {
            configuration: {
                "format": "dc+sd-jwt",
                "vct": vct,
                "cryptographic_binding_methods_supported": ["jwk"],
                "credential_signing_alg_values_supported": [jose.ES256],
                "proof_types_supported": {"jwt": {"proof_signing_alg_values_supported": sorted(ALGORITHMS)}},
                "credential_metadata": {
                    "display": card.display(),
                    "claims": [{"path": [name], "display": said.display()} for name, said in claims.items()],
                },
            }
        },
    }


def server_metadata(*, issuer: str, token_endpoint: str) -> dict[str, Json]:
    """Authorization server metadata (RFC 8414; section 12.3): nobody but who holds a code gets a token."""
    return {
        "issuer": issuer,
        "token_endpoint": token_endpoint,
        "token_endpoint_auth_methods_supported": ["none"],
        "response_types_supported": [],
        "grant_types_supported": [PRE_AUTHORIZED],
        "pre-authorized_grant_anonymous_access_supported": True,
    }


def type_metadata(
    *, vct: str, card: Named, claims: Mapping[str, Named], always: Collection[str]
) -> dict[str, Json]:
    """
    What a type of credential means (SD-JWT VC, type metadata).

    Each text stands under `locale` and, as drafts before 2026 called it, `lang`.

    Args:
        always: claims that stand in every credential in the clear; all others are shown one by one.
    """
    return {
        "vct": vct,
        "name": card.en,
        "display": [one | {"lang": one["locale"]} for one in card.display()],
        "claims": [
            {
                "path": [name],
                "sd": "never" if name in always else "always",
                "display": [one | {"lang": one["locale"]} for one in said.display("label")],
            }
            for name, said in claims.items()
        ],
    }
