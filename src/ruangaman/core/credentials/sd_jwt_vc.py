"""
SD-JWT VC: credentials in the form of SD-JWT, read, and our own age credential, issued in batches.

Source: draft-ietf-oauth-sd-jwt-vc (`typ`, `vct`, `x5c`, `status`), Token Status List (`status_list`). Who may issue is
decided by the caller's `key_of`; whether an index is set is decided by whoever reads the list.
"""

from base64 import b64decode, b64encode
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec

from ruangaman.core.credentials import jose, sd_jwt, sd_jwt_quick
from ruangaman.core.credentials.errors import CredentialError
from ruangaman.core.credentials.jose import Json
from ruangaman.core.credentials.sd_jwt import ClaimMalformed, KeyBinding, KeyOf, SdJwt
from ruangaman.core.credentials.sd_jwt_issuing import Concealed, Draw, issue
from ruangaman.core.credentials.status_list import Reference, reference_in_jwt

TYP = frozenset({"dc+sd-jwt", "vc+sd-jwt"})
"""The type, and the one it had before it was renamed."""

NEVER_HIDDEN = sd_jwt.NEVER_HIDDEN | {"vct", "vct#integrity", "status"}
DAY = 86_400
MOST_CERTIFICATES = 5
MOST_CERTIFICATE_BYTES = 16_384
MOST_BATCH = 100
DIGESTS = 8
"""How many digests each age credential has, whatever was proved: their number must not tell the age."""


class WrongVct(CredentialError):
    """A credential of another type than the one that was asked for."""

    code = "sd-jwt.wrong-vct"


class BadCertificates(CredentialError):
    """`x5c` is no list of a few certificates in base64."""

    code = "sd-jwt.bad-certificates"


class BatchRefused(CredentialError):
    """A batch without keys, with too many, or with one key twice."""

    code = "sd-jwt.batch-refused"


@dataclass(frozen=True, slots=True)
class VerifiedCredential:
    """A credential that holds, but for its status. `disclosed` are the paths that the holder chose to show."""

    vct: str
    issuer: str | None
    claims: Mapping[str, Json]
    disclosed: frozenset[sd_jwt.Path]
    status: Reference | None
    key_bound: bool
    header: Mapping[str, Json]


def verify(
    sent: str | bytes | SdJwt,
    *,
    key_of: KeyOf,
    now: int,
    key_binding: KeyBinding | None,
    vct: Collection[str] | None,
    algorithms: Collection[str] = jose.ALGORITHMS,
) -> VerifiedCredential:
    """
    Verify an SD-JWT VC, with the holder's proof where `key_binding` asks for one. Its status is left to the caller.

    Args:
        key_of: as in `sd_jwt.verify`; it also decides whether this key may speak for this `iss`.
        now: Unix time in seconds.
        vct: the types that were asked for; None takes any.

    Raises:
        WrongVct: another type.
        CredentialError: as `sd_jwt.verify`.
    """
    header, claims, disclosed, key_bound = _held(sent, key_of, now, key_binding, algorithms)
    told = claims.get("vct")
    if not isinstance(told, str) or not told:
        raise ClaimMalformed(claim="vct")
    if vct is not None and told not in vct:
        raise WrongVct
    issuer = claims.get("iss")
    if issuer is not None and not isinstance(issuer, str):
        raise ClaimMalformed(claim="iss")
    return VerifiedCredential(told, issuer, claims, disclosed, _status(claims), key_bound, header)


def _held(
    sent: str | bytes | SdJwt,
    key_of: KeyOf,
    now: int,
    key_binding: KeyBinding | None,
    algorithms: Collection[str],
) -> tuple[Mapping[str, Json], Mapping[str, Json], frozenset[sd_jwt.Path], bool]:
    """Header, claims, what was disclosed, whether the key is bound: by the quick door, else by the plain one."""
    if key_binding is not None and not isinstance(sent, SdJwt) and jose.ES256 in algorithms:
        quick = sd_jwt_quick.verify(
            sent, key_of=key_of, now=now, key_binding=key_binding, typ=TYP, never_hidden=NEVER_HIDDEN
        )
        if quick is not None:
            return *quick, True
    held = sd_jwt.verify(
        sent,
        key_of=key_of,
        now=now,
        key_binding=key_binding,
        typ=TYP,
        algorithms=algorithms,
        never_hidden=NEVER_HIDDEN,
    )
    return held.header, held.claims, held.disclosed, held.key_bound


def _status(claims: Mapping[str, Json]) -> Reference | None:
    """Its place in a status list. A state kept in another way cannot be checked, and must not count as unset."""
    found = reference_in_jwt(claims)
    if found is None and "status" in claims:
        raise ClaimMalformed(claim="status")
    return found


def certificates(header: Mapping[str, Json]) -> tuple[bytes, ...]:
    """
    The DER certificates of `x5c`, the signer's first (RFC 7515 4.1.6); empty where there is none.

    Raises:
        BadCertificates: no list of base64, too many or too large.
    """
    if "x5c" not in header:
        return ()
    told = header["x5c"]
    if type(told) is not list or not 0 < len(told) <= MOST_CERTIFICATES:
        raise BadCertificates
    return tuple(_certificate(one) for one in told)


def _certificate(text: Json) -> bytes:
    """x5c holds plain base64 with padding, unlike everything else here."""
    if not isinstance(text, str) or not 0 < len(text) <= MOST_CERTIFICATE_BYTES:
        raise BadCertificates
    try:
        return b64decode(text.encode("ascii"), validate=True)
    except ValueError:  # binascii.Error and UnicodeEncodeError are both
        raise BadCertificates from None


def issue_age_batch(
    *,
    vct: str,
    issuer: str,
    over: Collection[int],
    assurance: str,
    expires: int,
    now: int,
    holders: Sequence[Mapping[str, str]],
    key: ec.EllipticCurvePrivateKey,
    draw: Draw,
    chain: Sequence[bytes] = (),
    kid: str | None = None,
    statuses: Sequence[Reference] = (),
) -> tuple[SdJwt, ...]:
    """
    One age credential a holder's key: alike but for key, salts and place in the status list, for one showing each.

    Each holds `age_over_N` (true, disclosable one by one) for every N proved, the fixed `assurance`, and no birth date,
    name, `sub` or `jti`. `iat` and `exp` are whole days in UTC, so that all that is issued on a day looks alike; `exp`
    is rounded down, never up.

    Args:
        vct: the type, a URL of ours.
        over: the thresholds that are proved, in years; the rest is not told, for absence is not "under".
        expires, now: Unix time in seconds.
        holders: public JWKs on P-256, all different.
        chain: DER certificates for `x5c`, the signer's first; or `kid`.
        statuses: one place a holder's key, or none at all.

    Raises:
        BatchRefused: no keys, too many, or one twice.
        jose.KeyRefused: a JWK that is no key.
        ValueError: nothing proved, an end that is not a day away, statuses that do not match the keys.
    """
    thresholds = sorted(set(over))
    if not 0 < len(thresholds) <= DIGESTS or thresholds[0] < 0:
        raise ValueError("an age credential proves at least one threshold, and few")
    iat, exp = now - now % DAY, expires - expires % DAY
    if exp <= now:
        raise ValueError("an age credential ends on a later day")
    if statuses and len(statuses) != len(holders):
        raise ValueError("one place in the status list a credential")
    _check_holders(holders)
    header: dict[str, Json] = {"typ": "dc+sd-jwt"}
    if kid is not None:
        header["kid"] = kid
    if chain:
        header["x5c"] = [b64encode(one).decode("ascii") for one in chain]
    claims: dict[str, Json] = {"vct": vct, "iss": issuer, "iat": iat, "exp": exp, "assurance": assurance}
    claims |= {f"age_over_{years}": Concealed(True) for years in thresholds}
    batch = []
    for place, holder in enumerate(holders):
        told = claims
        if statuses:
            one = statuses[place]
            told = claims | {"status": {"status_list": {"idx": one.idx, "uri": one.uri}}}
        decoys = DIGESTS - len(thresholds)
        batch.append(issue(told, key=key, header=header, draw=draw, holder=holder, decoys=decoys))
    return tuple(batch)


def _check_holders(holders: Sequence[Mapping[str, str]]) -> None:
    if not 0 < len(holders) <= MOST_BATCH:
        raise BatchRefused(keys=len(holders), most=MOST_BATCH)
    prints = set()
    for holder in holders:
        jose.public_key(dict(holder), alg=jose.ES256)
        prints.add(jose.thumbprint(dict(holder)))
    if len(prints) != len(holders):
        raise BatchRefused(keys=len(holders))
