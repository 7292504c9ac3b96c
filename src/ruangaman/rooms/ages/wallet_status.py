"""
Status lists of others: fetched by a guarded call, kept in memory for as long as they say, and no longer.

A list is shared by many; which entry was looked at stays here. Nothing of it is written down: an address of a list that
its issuer made for one person alone would tell who was here.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from ruangaman.adapters import http_out
from ruangaman.core.credentials import cose, sd_jwt_vc, status_token, x509
from ruangaman.core.credentials.status_list import LIMITS, Reference
from ruangaman.core.credentials.status_token import KeyOf, PublicKey, Standing, StatusToken
from ruangaman.rooms.ages.errors import CredentialNotValid, StatusUnreachable

TIMEOUT_S: Final = 5.0
MOST_KEPT: Final = 32
LONGEST_KEPT_S: Final = 3_600
"""A list that says nothing of how long it lasts is fetched anew each time; none is kept for longer than this."""
ACCEPT: Final = "application/statuslist+jwt, application/statuslist+cwt;q=0.9"


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who signed the credential: its key, the entry on our lists that it leads to, and what it spoke for."""

    key: x509.Key
    anchor: x509.TrustAnchor
    kind: str


@dataclass(frozen=True, slots=True)
class _Kept:
    token: str | bytes
    until: int


_kept: dict[str, _Kept] = {}
_lock = threading.Lock()


def forget_all() -> None:
    """For tests: as if nothing had been fetched yet."""
    with _lock:
        _kept.clear()


def demand_valid(reference: Reference, speaker: Speaker, trust: x509.TrustList, *, now: datetime) -> None:
    """
    The issuer's list must say VALID. Whatever stands in the way of knowing counts as no.

    Raises:
        StatusUnreachable: the list cannot be fetched. CredentialNotValid: it says something else.
        CredentialError: the list is expired, forged, for another address, or has no such entry.
    """
    second = int(now.timestamp())
    key_of = _by(speaker, trust, second)
    with _lock:
        kept = _kept.get(reference.uri)
    token = kept.token if kept is not None and second < kept.until else None
    if token is None:
        token = _fetch(reference.uri)
        found = _check(token, reference.uri, second, key_of)
        _keep(reference.uri, token, found, second)
    standing: Standing = status_token.standing(reference, token, now=second, key_of=key_of)
    if not standing.accepted:
        raise CredentialNotValid(why=standing.because)


def _check(token: str | bytes, uri: str, now: int, key_of: KeyOf) -> StatusToken:
    if isinstance(token, str):
        return status_token.check_status_jwt(token, uri, now=now, key_of=key_of)
    return status_token.check_status_cwt(token, uri, now=now, key_of=key_of)


def _keep(uri: str, token: str | bytes, found: StatusToken, now: int) -> None:
    until = min(found.keep_until(now) or now, now + LONGEST_KEPT_S)
    with _lock:
        if until > now:
            while len(_kept) >= MOST_KEPT:
                _kept.pop(next(iter(_kept)))
            _kept[uri] = _Kept(token, until)


def _fetch(uri: str) -> str | bytes:
    """A status token as it came; raises StatusUnreachable."""
    wanted = [("Accept", ACCEPT), ("Accept-Encoding", "identity"), ("User-Agent", "ruangaman")]
    try:
        reply = http_out.get(uri, wanted, most=LIMITS.read_bytes, timeout_s=TIMEOUT_S)
    except (http_out.AddressRefused, http_out.CallFailed) as failed:
        raise StatusUnreachable(why=failed.facts.get("why", "")) from None
    if reply.status != 200 or not reply.body:
        raise StatusUnreachable(why="status")
    # A compact JWT is letters of base64url and two dots; a COSE_Sign1 begins with a tag, which is none of them.
    if reply.body[:1].isalnum():
        try:
            return reply.body.decode("ascii").strip()
        except UnicodeDecodeError:
            raise StatusUnreachable(why="form") from None
    return reply.body


def _by(speaker: Speaker, trust: x509.TrustList, now: int) -> KeyOf:
    """The list must come from who issued the credential: its very key, or one that leads to the same entry."""

    def key_of(header: Mapping[Any, object]) -> PublicKey:
        chain = _chain(header)
        if not chain:
            return speaker.key
        signer = x509.check_chain(
            chain, trust, purpose=x509.ANY_SIGNER, kind=speaker.kind, now=now, skew=status_token.SKEW_SECONDS
        )
        if signer.anchor.name != speaker.anchor.name:
            raise x509.IssuerUnknown
        return signer.key

    return key_of


def _chain(header: Mapping[Any, object]) -> tuple[bytes, ...]:
    if "x5c" in header:
        return sd_jwt_vc.certificates({"x5c": header["x5c"]})
    found = header.get(cose.X5CHAIN)
    if found is None:
        return ()
    chain = tuple(found) if isinstance(found, list) else (found,)
    if not all(isinstance(one, bytes) for one in chain):
        raise x509.CertificateMalformed
    return chain
