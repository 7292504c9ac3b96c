"""Redeeming a token at this house itself: on the page of an age check, where the wallet answers."""

from base64 import urlsafe_b64decode
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction

from ruangaman.core.age_checks import ASSURANCES, over
from ruangaman.core.credentials import token_check
from ruangaman.core.credentials.token_check import Policy
from ruangaman.core.credentials.token_directory import DirectoryKey, read_directory
from ruangaman.core.credentials.tokens import TokenChallenge, challenge_digest
from ruangaman.rooms.ages import checks, config, issuer_keys
from ruangaman.rooms.ages.checks import Proved
from ruangaman.rooms.ages.errors import CheckOver
from ruangaman.rooms.ages.models import AgeCheck, Attempt, IssuerKey, SpentToken

LEAST: Final = "standard"


def challenge(attempt: Attempt) -> bytes:
    """The challenge of one try: good for this check alone, since its context is the try's own nonce."""
    return TokenChallenge(
        issuer_name=issuer_name(),
        redemption_context=context_of(attempt),
        origin_info=(urlsplit(config.issuer_url()).netloc,),
    ).encode()


def issuer_name() -> str:
    """How challenges name this issuer: its host, with a port where it has one of its own."""
    return urlsplit(config.issuer_url()).netloc


def keys_for(row: AgeCheck, now: datetime) -> list[DirectoryKey]:
    """The keys whose tokens decide this check and that sign now; none when no claim is issued for its age."""
    if row.threshold is None:
        return []
    at = int(now.timestamp())
    published = read_directory(issuer_keys.directory(now).body.encode())
    policy = Policy.of([over(row.threshold)], LEAST, ASSURANCES)
    return [
        one
        for one in published.token_keys
        if one.claim == policy.claim
        and one.assurance in policy.assurances
        and one.not_before <= at < one.not_after - int(config.OVERLAP.total_seconds())
    ]


def context_of(attempt: Attempt) -> bytes:
    """32 bytes that stand for this try."""
    return urlsafe_b64decode(attempt.nonce + "=")


def redeem(attempt: Attempt, token: bytes, *, now: datetime) -> AgeCheck:
    """
    Check a token and decide the check by it, in one transaction with its spending.

    Raises:
        CredentialError: step by step, `core.credentials.token_check`. CheckOver, AttemptOver.
    """
    row = attempt.question
    if row.threshold is None:
        raise CheckOver
    published = read_directory(issuer_keys.directory(now).body.encode())
    keys = token_check.known_keys(published.token_keys)
    policy = Policy.of([over(row.threshold)], LEAST, ASSURANCES)
    digests = {challenge_digest(challenge(attempt))}
    with transaction.atomic():
        key = token_check.check(token, keys, policy, digests, int(now.timestamp()), _spend)
        return checks.decide(attempt, Proved(True, key.assurance), now=now)


def _spend(nonce: bytes, token_key_id: bytes) -> bool:
    key = IssuerKey.objects.filter(key_id=token_key_id).first()
    if key is None:
        return False
    try:
        with transaction.atomic():
            SpentToken.objects.create(key=key, nonce=nonce)
    except IntegrityError:
        return False
    return True
