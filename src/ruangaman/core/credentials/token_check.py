"""
A platform's check of an age token, in six steps; each failure has its own code.

1. 354 bytes, type 2. 2. The key id is known, in its time, and claim and assurance meet the policy. 3. The challenge
digest is that of a challenge sent in this session. 4. The authenticator as a number is below the modulus. 5. RSASSA-PSS
with SHA-384, MGF1 with SHA-384 and a salt of exactly 48 bytes (RFC 9578 6.4). 6. The nonce is put into the store of
spent tokens.

Keys are made ready once (`known_keys`), so that the check of a token costs hardly more than step 5.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers

from ruangaman.core.credentials.age_claims import assurances_from, one_claim
from ruangaman.core.credentials.token_directory import DirectoryKey
from ruangaman.core.credentials.token_errors import (
    AssuranceNotMet,
    ChallengeUnknown,
    ClaimNotMet,
    KeyEnded,
    KeyNotYetValid,
    KeyUnknown,
    SignatureRefused,
    SignatureTooLarge,
    TokenLengthRefused,
    TokenSpent,
    TokenTypeRefused,
)
from ruangaman.core.credentials.token_keys import MODULUS_BYTES, read_spki
from ruangaman.core.credentials.tokens import INPUT_BYTES, SALT_LENGTH, TOKEN_BYTES, TOKEN_TYPE

SKEW_S: Final = 300
"""By how much a platform's clock may differ from the issuer's, either way."""

_TYPE: Final = TOKEN_TYPE.to_bytes(2, "big")
_HASH: Final = hashes.SHA384()
_PADDING: Final = padding.PSS(mgf=padding.MGF1(_HASH), salt_length=SALT_LENGTH)


class Spend(Protocol):
    """
    The store of spent tokens.

    Puts (nonce, token_key_id) in and answers True, or answers False because they stood there. Both in one atomic step:
    an insert under a unique constraint, never a look and then a write. The signature is no part of what is unique, for
    one token can have several. Entries may go once the key has ended.
    """

    def __call__(self, nonce: bytes, token_key_id: bytes) -> bool: ...


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A key of the directory, ready to verify. Times as in DirectoryKey."""

    token_key_id: bytes
    claim: str
    assurance: str
    not_before: int
    not_after: int
    modulus: bytes = field(repr=False)
    verify: Callable[..., None] = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Policy:
    """What a platform asks for: one claim, and the assurances that are enough."""

    claim: str
    assurances: frozenset[str]

    @classmethod
    def of(cls, claims: Iterable[str], least_assurance: str, order: tuple[str, ...]) -> "Policy":
        """
        Args:
            claims: all that the platform asks of one session; more than one claim is refused.
            order: the words of assurance, the weakest first.

        Raises:
            TwoThresholds, ClaimRefused, AssuranceRefused.
        """
        return cls(one_claim(claims).name, assurances_from(least_assurance, order))


def known_keys(keys: Iterable[DirectoryKey]) -> dict[bytes, KnownKey]:
    """The keys by their ids. Raises TokenKeyRefused."""
    found = {}
    for one in keys:
        key = read_spki(one.token_key)
        found[one.token_key_id] = KnownKey(
            one.token_key_id,
            one.claim,
            one.assurance,
            one.not_before,
            one.not_after,
            key.n.to_bytes(MODULUS_BYTES, "big"),
            RSAPublicNumbers(key.e, key.n).public_key().verify,
        )
    return found


def check(
    token: bytes,
    keys: Mapping[bytes, KnownKey],
    policy: Policy,
    digests: Collection[bytes],
    now: int,
    spend: Spend,
    skew: int = SKEW_S,
) -> KnownKey:
    """
    Redeem a token; what it proves stands in the key that is returned.

    Args:
        digests: `challenge_digest` of each challenge that was sent in this session.
        now: Unix time in seconds.
        skew: seconds by which a key counts earlier and longer.

    Raises:
        TokenLengthRefused, TokenTypeRefused; KeyUnknown, KeyNotYetValid, KeyEnded, ClaimNotMet, AssuranceNotMet;
        ChallengeUnknown; SignatureTooLarge; SignatureRefused; TokenSpent: steps 1 to 6 in this order.
    """
    if len(token) != TOKEN_BYTES:
        raise TokenLengthRefused(bytes=len(token))
    if token[:2] != _TYPE:
        raise TokenTypeRefused(type=int.from_bytes(token[:2], "big"))
    key = keys.get(token[66:98])
    if key is None:
        raise KeyUnknown
    if now < key.not_before - skew:
        raise KeyNotYetValid
    if now >= key.not_after + skew:
        raise KeyEnded
    if key.claim != policy.claim:
        raise ClaimNotMet
    if key.assurance not in policy.assurances:
        raise AssuranceNotMet
    if token[34:66] not in digests:
        raise ChallengeUnknown
    authenticator = token[INPUT_BYTES:]
    if authenticator >= key.modulus:  # of equal length, so the order of bytes is that of numbers
        raise SignatureTooLarge
    try:
        key.verify(authenticator, token[:INPUT_BYTES], _PADDING, _HASH)
    except InvalidSignature:
        raise SignatureRefused from None
    if not spend(token[2:34], key.token_key_id):
        raise TokenSpent
    return key
