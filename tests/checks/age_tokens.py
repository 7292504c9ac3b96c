"""A small issuer and what platforms ask of it, for the tests of age tokens."""

import os
from functools import cache

from cryptography.hazmat.primitives.asymmetric import rsa

from ruangaman.client import tokens as client_tokens
from ruangaman.core.credentials import blind_rsa, token_check, token_directory, tokens
from ruangaman.core.credentials.blind_rsa import SigningKey
from ruangaman.core.credentials.errors import CredentialError
from ruangaman.core.credentials.token_directory import DirectoryKey
from ruangaman.core.credentials.token_keys import spki

ORDER = ("asserted", "standard", "enhanced", "strict")
DAY = 86_400
BEGINS = 1_800_000_000
ENDS = BEGINS + 8 * DAY
NOON = BEGINS + DAY
ISSUER = "issuer.example"


def signing_key(number: int = 0) -> SigningKey:
    """One key a number, the same for the whole run."""
    return _signing_key(number)


@cache
def _signing_key(_: int) -> SigningKey:
    made = rsa.generate_private_key(65537, 2048).private_numbers()
    return SigningKey.of(made.p, made.q, 65537)


def listed(
    number: int = 0, claim="age_over_13", assurance="standard", begins=BEGINS, ends=ENDS
) -> DirectoryKey:
    return DirectoryKey(spki(signing_key(number).public), claim, assurance, begins, ends)


def asked(context: bytes = b"c" * 32, origin: str = "origin.example") -> bytes:
    return tokens.TokenChallenge(ISSUER, context, (origin,)).encode()


def token(challenge: bytes | None = None, number: int = 0, draw=os.urandom) -> bytes:
    """A token as a wallet holds it, issued in three steps."""
    key = signing_key(number)
    pending = tokens.begin(challenge or asked(), spki(key.public), draw)
    response = tokens.issue(
        pending.request, tokens.IssuingKeys.of([key]), draw, blind_rsa.GMPY2 or blind_rsa.PYTHON
    )
    return tokens.finish(pending, response)


class Spends:
    """A store for one test."""

    def __init__(self):
        self.kept = {}

    def __call__(self, nonce, token_key_id):
        mark = object()
        return self.kept.setdefault((token_key_id, nonce), mark) is mark


def both(
    told: bytes,
    keys=None,
    claim="age_over_13",
    least="standard",
    challenges=None,
    now=NOON,
    spend=None,
    **more,
) -> str:
    """What house and client say of a token: `yes`, or the code without its family. They must agree."""
    keys = [listed()] if keys is None else keys
    challenges = [asked()] if challenges is None else challenges
    kept = spend or Spends()
    by_client = Spends() if spend is None else (lambda nonce, key_id: spend(nonce, b"client" + key_id))
    try:
        policy = token_check.Policy.of([claim], least, ORDER)
        digests = {tokens.challenge_digest(one) for one in challenges}
        token_check.check(told, token_check.known_keys(keys), policy, digests, now, kept, **more)
        ours = "yes"
    except CredentialError as refused:
        ours = refused.code.removeprefix("token.")
    try:
        read = client_tokens.read_directory(token_directory.write_directory("/token", keys))
        assurances = ORDER[ORDER.index(least) :]
        client_tokens.check_token(told, read, claim, assurances, challenges, by_client, now=now, **more)
        theirs = "yes"
    except client_tokens.TokenRefused as refused:
        theirs = refused.code
    assert ours == theirs
    return ours
