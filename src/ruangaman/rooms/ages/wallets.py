"""
The way "wallet" (OpenID4VP 1.0): begin, ask, read an answer, and count it only for the browser that began.

An answer that comes by post proves nothing yet for any browser (section 14.2, session fixation): its yes or no waits,
sealed, until the browser that began asks for it: with the response code of the answer where the wallet is on the same
device, with its own secret alone where it is on another. What was shown is never written anywhere; the key that opens
an encrypted answer is overwritten by the yes or no, and destroyed with it.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.db import transaction

from ruangaman.core.credentials import jose, openid4vp_answer
from ruangaman.core.credentials.openid4vp_answer import Answer
from ruangaman.core.errors import RuangAmanError
from ruangaman.rooms.ages import checks, links, wallet_asking, wallet_reading, wallet_trust
from ruangaman.rooms.ages.checks import Begun, Proved
from ruangaman.rooms.ages.errors import AttemptOver, CheckOver, NotFound, OtherBrowser, WalletAnswerRefused
from ruangaman.rooms.ages.models import AgeCheck, Attempt
from ruangaman.rooms.ages.wallet_reading import Bound
from ruangaman.rooms.vault import api as vault

HERE, THERE = "here", "there"
"""Where the wallet is: on this device (the answer comes back with a code), or on another (this browser asks for it)."""
MOST_BYTES: Final = openid4vp_answer.MOST_BYTES
WAITING, ANSWERED, OVER = "waiting", "answered", "over"
_KEY, _RESULT = "d", "over"


@transaction.atomic
def begin(row: AgeCheck, where: str, *, now: datetime) -> Begun:
    """Begin a try; raises CheckOver, WayClosed, TooManyTries."""
    family = vault.open_family(now=now)
    key = ec.generate_private_key(ec.SECP256R1()) if settings.WALLET_ENCRYPTED else None
    number = key.private_numbers().private_value if key is not None else None
    told = {_KEY: jose.to_base64url(number.to_bytes(32)) if number is not None else ""}
    sealed = vault.seal(family, "ages.wallet", told, now=now)
    return checks.begin(row, "wallet", partner=where, sealed=sealed, now=now)


@dataclass(frozen=True, slots=True)
class Asked:
    """A try as wallets are told of it, and the key that opens the answer (None: it comes plain)."""

    state: str
    nonce: str
    query: Mapping[str, Any]
    key: ec.EllipticCurvePrivateKey | None

    @property
    def public(self) -> dict[str, str] | None:
        """Our public key of this one try."""
        return jose.public_jwk(self.key.public_key()) if self.key is not None else None

    @property
    def kid(self) -> str | None:
        return jose.to_base64url(jose.thumbprint(self.public)) if self.key is not None else None

    def by_post(self) -> dict[str, Any]:
        """The parameters of the request."""
        return wallet_asking.by_post(self.state, self.nonce, self.query, self.public)

    def by_browser(self) -> list[dict[str, Any]]:
        """The requests for the Digital Credentials API."""
        return wallet_asking.by_browser(self.nonce, self.query, self.public)


def asked(state: str, *, now: datetime) -> Asked:
    """
    The open try of a state, for as long as nobody answered it.

    Raises:
        NotFound, AttemptOver
    """
    return _asked(_open(state, now), state)


def _open(state: str, now: datetime) -> Attempt:
    attempt = checks.attempt_of(state, browser=None, now=now)
    if attempt.method != "wallet":
        raise NotFound
    if attempt.response_code is not None:
        raise AttemptOver
    return attempt


def _asked(attempt: Attempt, state: str) -> Asked:
    if attempt.sealed is None or attempt.question.threshold is None:
        raise AttemptOver
    try:
        told = vault.reveal(vault.SealedRef(attempt.sealed), purpose="read the answer of a wallet")
    except vault.Forgotten:
        raise AttemptOver from None
    if _KEY not in told:
        raise AttemptOver
    key = None
    if told[_KEY]:
        number = int.from_bytes(jose.from_base64url(told[_KEY]))
        key = ec.derive_private_key(number, ec.SECP256R1())
    trust = wallet_trust.current()
    if not trust.issuers.anchors:  # the last list was taken away meanwhile
        raise AttemptOver
    query = wallet_asking.question(trust, attempt.question.threshold)
    return Asked(state, attempt.nonce, query, key)


def answer(state: str, body: bytes, *, now: datetime) -> str | None:
    """
    Read what a wallet posts. The try takes one answer, right or wrong.

    Returns:
        The response code that the wallet's browser brings back; None where the wallet is on another device.

    Raises:
        NotFound, AttemptOver: nobody waits for this. CredentialError, WalletAnswerRefused, StatusUnreachable,
        CredentialNotValid: it proves nothing, and the try is over.
    """
    attempt = _open(state, now)
    asked = _asked(attempt, state)
    try:
        if len(body) > MOST_BYTES:
            raise WalletAnswerRefused(why="size")
        if asked.key is not None:
            told = openid4vp_answer.read_encrypted_post(body, asked.key, asked.kid)
        else:
            told = openid4vp_answer.read_post(body)
        if told.state != state:
            raise WalletAnswerRefused(why="state")
        whole, address = wallet_asking.client_id(state), wallet_asking.response_uri(state)
        transcript = openid4vp_answer.post_transcript(whole, attempt.nonce, address, asked.public)
        proved = _read(attempt, told, Bound(attempt.nonce, whole, transcript, asked.key), now)
    except RuangAmanError as refused:
        give_up(attempt, refused.code, now=now)
        raise
    return _keep(attempt, proved, now)


def answer_of_browser(state: str, browser: str, told: Any, *, now: datetime) -> AgeCheck:
    """
    Read what the Digital Credentials API gave to our own page, and decide by it: this browser began, and asked.

    Args:
        told: the `data` of the credential.

    Raises:
        As `answer`; OtherBrowser, CheckOver.
    """
    attempt = checks.attempt_of(state, browser=browser, now=now)
    if attempt.method != "wallet" or attempt.partner != HERE or attempt.response_code is not None:
        raise NotFound
    asked = _asked(attempt, state)
    try:
        if asked.key is not None:
            read = openid4vp_answer.read_encrypted_browser(told, asked.key, asked.kid)
        else:
            read = openid4vp_answer.read_browser(told)
        origin = wallet_asking.origin()
        transcript = openid4vp_answer.browser_transcript(origin, attempt.nonce, asked.public)
        audience = openid4vp_answer.browser_aud(origin)
        proved = _read(attempt, read, Bound(attempt.nonce, audience, transcript, asked.key), now)
    except RuangAmanError as refused:
        give_up(attempt, refused.code, now=now)
        raise
    return _decide(attempt, proved, now)


def _read(attempt: Attempt, told: Answer, bound: Bound, now: datetime) -> Proved:
    threshold = attempt.question.threshold
    if threshold is None:
        raise CheckOver
    return wallet_reading.read(
        told.vp_token, threshold=threshold, bound=bound, trust=wallet_trust.current(), now=now
    )


@transaction.atomic
def _keep(attempt: Attempt, proved: Proved, now: datetime) -> str | None:
    """Let a yes or no wait for its browser: it takes the place of the key, so that the try takes no second answer."""
    code = links.fresh()
    waiting = Attempt.objects.filter(
        pk=attempt.pk, ended_at__isnull=True, ends_at__gt=now, response_code__isnull=True
    )
    if attempt.sealed is None or not waiting.update(response_code=links.digest(code)):
        raise AttemptOver
    told = {_RESULT: proved.over, "assurance": proved.assurance}
    vault.reseal(vault.SealedRef(attempt.sealed), told, now=now)
    return code if attempt.partner == HERE else None


def standing(state: str, browser: str, *, now: datetime) -> str:
    """How a try stands that this browser began: `waiting`, `answered` or `over`. Changes nothing."""
    try:
        attempt = checks.attempt_of(state, browser=browser, now=now)
    except (NotFound, AttemptOver, OtherBrowser):
        return OVER
    return WAITING if attempt.response_code is None else ANSWERED


def fetch(state: str, browser: str, *, now: datetime) -> AgeCheck | None:
    """
    The browser that began asks for the answer that a wallet on another device gave.

    Returns:
        The decided check; None when no answer came yet.

    Raises:
        NotFound, AttemptOver, OtherBrowser, CheckOver
    """
    attempt = checks.attempt_of(state, browser=browser, now=now)
    if attempt.method != "wallet" or attempt.partner != THERE:
        raise NotFound
    return _decide(attempt, _waiting(attempt), now) if attempt.response_code is not None else None


def come_back(code: str, browsers: Mapping[str, str], *, now: datetime) -> AgeCheck:
    """
    The wallet sent its browser back with a response code: it counts in the browser that began, once, and ends here.

    Args:
        browsers: of the tries that this browser began: digest of the state (hex) -> its secret.

    Raises:
        NotFound, AttemptOver, CheckOver; OtherBrowser: somebody else began, and gets nothing either.
    """
    attempt = Attempt.objects.select_related("question").filter(response_code=links.digest(code)).first()
    if attempt is None or attempt.method != "wallet" or attempt.partner != HERE:
        raise NotFound
    if attempt.ended_at is not None or now >= attempt.ends_at:
        raise AttemptOver
    secret = browsers.get(bytes(attempt.state).hex())
    if secret is None or not links.fits(secret, attempt.browser):
        give_up(attempt, OtherBrowser.code, now=now)
        raise OtherBrowser
    return _decide(attempt, _waiting(attempt), now)


def _waiting(attempt: Attempt) -> Proved:
    try:
        if attempt.sealed is None:
            raise AttemptOver
        told = vault.reveal(vault.SealedRef(attempt.sealed), purpose="count the answer of a wallet")
        return Proved(bool(told[_RESULT]), str(told["assurance"]))
    except vault.Forgotten:
        raise AttemptOver from None


@transaction.atomic
def _decide(attempt: Attempt, proved: Proved, now: datetime) -> AgeCheck:
    row = checks.decide(attempt, proved, now=now)
    _destroy(list(row.attempts.filter(sealed__isnull=False)), now)
    return row


@transaction.atomic
def give_up(attempt: Attempt, code: str, *, now: datetime) -> None:
    """End a try that proved nothing, and destroy its key."""
    checks.refuse(attempt, code, now=now)
    _destroy([attempt], now)


def _destroy(attempts: list[Attempt], now: datetime) -> None:
    for one in attempts:
        sealed: UUID | None = one.sealed
        if sealed is None:
            continue
        with suppress(vault.Forgotten):
            vault.forget_family(vault.family_of(vault.SealedRef(sealed)), now=now)
        Attempt.objects.filter(pk=one.pk).update(sealed=None)


@transaction.atomic
def forget_over(now: datetime) -> int:
    """Destroy what tries that are over left sealed. Idempotent."""
    left = list(Attempt.objects.filter(method="wallet", sealed__isnull=False, ended_at__isnull=False)[:500])
    _destroy(left, now)
    return len(left)
