"""
Status list tokens: a list that its issuer signed, as JWT or CWT.

Order of the checks: size, type and algorithm, signature, `sub`, time, and only then is the list inflated: nobody
without the issuer's key makes us inflate anything. Source: draft-ietf-oauth-status-list sections 5 and 8.3.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypedDict

from ruangaman.core.credentials import cbor, cose, jose
from ruangaman.core.credentials.status_list import (
    LIMITS,
    VALID,
    Limits,
    Reference,
    StatusList,
    cbor_form,
    json_form,
    of_cbor,
    of_json,
    parsed_cbor,
    parsed_json,
    status_name,
)
from ruangaman.core.credentials.status_list_errors import (
    StatusListMalformed,
    StatusTokenExpired,
    StatusTokenForAnotherList,
    StatusTokenFromTheFuture,
    StatusTokenMissing,
    StatusTokenOfAnotherType,
    StatusTokenStale,
)

JWT_TYPE = "statuslist+jwt"
CWT_TYPE = "application/statuslist+cwt"
SKEW_SECONDS = 300
# A list that says whether consent still stands may be kept for this long, no longer.
CONSENT_TTL_SECONDS = 900
_COSE_SIGN1 = 18
_KID, _TYP = 4, 16
_COSE_NUMBERS = {
    jose.ES256: cose.ES256,
    jose.ES384: cose.ES384,
    jose.ES512: cose.ES512,
    jose.EDDSA: cose.EDDSA,
}
# RFC 8392 section 3.1, and section 14.2 of the draft.
_CWT_CLAIMS = {2: "sub", 3: "aud", 4: "exp", 5: "nbf", 6: "iat", 65533: "status_list", 65534: "ttl"}
_LATEST = 2**53

PublicKey = jose.PublicKey | cose.PublicKey
KeyOf = Callable[[Mapping[Any, object]], PublicKey]
"""The key of whoever may have signed, by the token's header (both headers of a CWT); raises `CredentialError`."""


@dataclass(frozen=True, slots=True)
class StatusToken:
    """A status token whose signature, subject and times were found good. Times in Unix seconds, `ttl` in seconds."""

    sub: str
    iat: int
    exp: int | None
    ttl: int | None
    status_list: StatusList

    def keep_until(self, fetched: int) -> int | None:
        """Until when a copy fetched at this time may be used without asking anew; None where the token says nothing."""
        ends = [self.exp] if self.exp is not None else []
        if self.ttl is not None:
            ends.append(fetched + self.ttl)
        return min(ends, default=None)


@dataclass(frozen=True, slots=True)
class Standing:
    """
    What a status list says of one token.

    Args:
        accepted: the token may be relied on as far as its status goes.
        status: the value found, None where none could be found and the policy lets that pass.
        because: the name of the value (`VALID`), or the code of what stood in the way.
    """

    accepted: bool
    status: int | None
    because: str


class _Rest(TypedDict):
    now: int
    key_of: KeyOf
    max_age: int | None
    limits: Limits


def standing(
    reference: Reference,
    token: str | bytes | None,
    *,
    now: int,
    key_of: KeyOf,
    fail_closed: bool = True,
    max_age: int | None = None,
    limits: Limits = LIMITS,
) -> Standing:
    """
    What the list says of the token that bears `reference`. Only VALID is accepted.

    With `fail_closed` False a list that is missing, expired or stale lets the token pass: the network was in the way.
    A list that is there and wrong (signature, subject, form, index out of range) is refused by every policy.

    Args:
        token: JWT as text, CWT as bytes, None when none could be fetched.
        now: Unix seconds.
        max_age: the oldest `iat` that is taken, in seconds.

    Raises:
        CredentialError: the reason why nothing can be said.
    """
    try:
        if token is None:
            raise StatusTokenMissing
        rest: _Rest = {"now": now, "key_of": key_of, "max_age": max_age, "limits": limits}
        if isinstance(token, str):
            found = check_status_jwt(token, reference.uri, **rest)
        else:
            found = check_status_cwt(token, reference.uri, **rest)
    except (StatusTokenMissing, StatusTokenExpired, StatusTokenStale) as gap:
        if fail_closed:
            raise
        return Standing(True, None, gap.code)
    status = found.status_list.status(reference.idx)
    return Standing(status == VALID, status, status_name(status))


def check_status_jwt(
    token: str,
    uri: str,
    *,
    now: int,
    key_of: KeyOf,
    max_age: int | None = None,
    limits: Limits = LIMITS,
) -> StatusToken:
    """
    A status token in JWT form (section 5.1), found good.

    Args:
        uri: what `sub` must be, letter by letter: the `uri` of the reference.
        now: Unix seconds; 300 seconds of skew are allowed both ways.
        key_of: see `KeyOf`; asked once size, type and algorithm are good. The draft allows a MAC too, but whoever can
            check one can also make one: signatures alone are read.
        max_age: the oldest `iat` that is taken, in seconds.

    Raises:
        CredentialError: the first thing that is wrong.
    """
    jws = jose.read_jws(token, typ=(JWT_TYPE,), most=limits.read_bytes)
    key = key_of(jws.header)
    if not isinstance(key, jose.PublicKey):
        raise jose.KeyRefused
    jose.verify(jws, key)
    return _good(parsed_json(jws.payload, limits), of_json, uri, now, max_age, limits)


def check_status_cwt(
    token: bytes,
    uri: str,
    *,
    now: int,
    key_of: KeyOf,
    max_age: int | None = None,
    limits: Limits = LIMITS,
) -> StatusToken:
    """A status token in CWT form (section 5.2): COSE_Sign1 with tag 18. Arguments and errors as `check_status_jwt`."""
    tagged = parsed_cbor(token, limits)
    if not isinstance(tagged, cbor.Tagged):
        raise cose.MessageMalformed
    message = cose.message_of(tagged, tag=_COSE_SIGN1)
    if message.headers.get(_TYP) != CWT_TYPE:
        raise StatusTokenOfAnotherType
    if message.algorithm not in cose.SIGNATURES:
        raise cose.AlgorithmRefused
    key = key_of({**message.unprotected, **message.headers})
    if not isinstance(key, cose.PublicKey):
        raise cose.AlgorithmRefused
    cose.verify_sign1(message, key)
    claims = cbor.map_of(parsed_cbor(message.payload or b"", limits))
    named = {_CWT_CLAIMS[label]: value for label, value in claims.items() if label in _CWT_CLAIMS}
    return _good(named, of_cbor, uri, now, max_age, limits)


def _good(
    claims: Mapping[str, object],
    of_form: Callable[[object, Limits], StatusList],
    uri: str,
    now: int,
    max_age: int | None,
    limits: Limits,
) -> StatusToken:
    """The claims of a token whose signature is good, by the names of JWT."""
    sub = claims.get("sub")
    if type(sub) is not str:
        raise StatusListMalformed(member="sub")
    if sub != uri:
        raise StatusTokenForAnotherList
    # A status list is for everyone; one that is meant for an audience is not meant for us (RFC 7519 section 4.1.3).
    if "aud" in claims:
        raise StatusListMalformed(member="aud")
    issued = _moment(claims, "iat")
    if issued is None:
        raise StatusListMalformed(member="iat")
    expires, not_before, ttl = _moment(claims, "exp"), _moment(claims, "nbf"), _moment(claims, "ttl")
    if ttl is not None and ttl < 1:
        raise StatusListMalformed(member="ttl")
    if issued > now + SKEW_SECONDS or (not_before is not None and not_before > now + SKEW_SECONDS):
        raise StatusTokenFromTheFuture
    if expires is not None and now >= expires + SKEW_SECONDS:
        raise StatusTokenExpired
    if max_age is not None and now - issued > max_age + SKEW_SECONDS:
        raise StatusTokenStale
    return StatusToken(sub, issued, expires, ttl, of_form(claims.get("status_list"), limits))


def _moment(claims: Mapping[str, object], name: str) -> int | None:
    """A NumericDate (RFC 7519 section 2) or a number of seconds, in whole seconds; None where it is not told."""
    if name not in claims:
        return None
    value = claims[name]
    if (type(value) is not int and type(value) is not float) or not 0 <= value <= _LATEST:
        raise StatusListMalformed(member=name)
    return int(value)


def status_jwt(
    status_list: StatusList,
    *,
    sub: str,
    iat: int,
    exp: int,
    ttl: int,
    alg: str,
    kid: str,
    sign: Callable[[bytes], bytes],
) -> str:
    """A status token in JWT form; `sign` gets the bytes to be signed and returns the raw signature of `alg`."""
    header = {"alg": alg, "kid": kid, "typ": JWT_TYPE}
    claims: dict[str, Any] = {
        "exp": exp,
        "iat": iat,
        "status_list": json_form(status_list),
        "sub": sub,
        "ttl": ttl,
    }
    signed = ".".join(jose.to_base64url(jose.write_json(part)) for part in (header, claims))
    return f"{signed}.{jose.to_base64url(sign(signed.encode('ascii')))}"


def status_cwt(
    status_list: StatusList,
    *,
    sub: str,
    iat: int,
    exp: int,
    ttl: int,
    alg: str,
    kid: bytes,
    sign: Callable[[bytes], bytes],
) -> bytes:
    """A status token in CWT form; arguments as `status_jwt`."""
    protected = cbor.encode({cose.ALG: _COSE_NUMBERS[alg], _TYP: CWT_TYPE})
    payload = cbor.encode({2: sub, 6: iat, 4: exp, 65534: ttl, 65533: cbor_form(status_list)})
    signature = sign(cbor.encode(["Signature1", protected, b"", payload]))
    return cbor.encode(cbor.Tagged(_COSE_SIGN1, [protected, {_KID: kid}, payload, signature]))
