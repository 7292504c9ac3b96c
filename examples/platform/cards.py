"""Age cards from a visitor's wallet: the challenge, the link to it, and the check (docs/guides/age-tokens.md)."""

import urllib.request
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from ruangaman.client.tokens import (
    DIRECTORY_PATH,
    Spend,
    TokenKey,
    TokenRefused,
    challenge,
    challenge_header,
    check_token,
    read_authorization,
    read_directory,
    wallet_link,
)

__all__ = ["Cards", "TokenRefused"]

OVER = "age_over_"
ENOUGH = ("standard", "enhanced", "strict")
REFETCH_S = 3600


class Cards:
    """
    Takes cards from stock: the challenge names neither the visit nor this place, so that nobody can match the times at
    which a card was fetched and used. Each card is good once; which ones were taken is kept by the platform.

    Args:
        house: as browsers see it. inside: as this process reaches it.
    """

    def __init__(self, house: str, inside: str, now: Callable[[], float]) -> None:
        self.house, self._inside, self._now = house, inside, now
        self._keys: Mapping[bytes, TokenKey] = {}
        self._read = float("-inf")
        self._asked = challenge(urlsplit(house).netloc, b"")

    def keys(self) -> Mapping[bytes, TokenKey]:
        """The house's keys, read anew every hour: a withdrawn one must not be taken longer. Raises OSError."""
        if self._now() - self._read > REFETCH_S:
            with urllib.request.urlopen(self._inside + DIRECTORY_PATH, timeout=10) as reply:  # noqa: S310  (a setting)
                self._keys, self._read = read_directory(reply.read(300_000)), self._now()
        return self._keys

    def ages(self) -> list[int]:
        """The ages for which the house has cards, so that no law stands here; none while it does not speak."""
        try:
            claims = {key.claim for key in self.keys().values()}
        except (OSError, TokenRefused):
            return []
        return sorted(int(one.removeprefix(OVER)) for one in claims if one.startswith(OVER))

    def most(self, years: int) -> int | None:
        """The last age before the next card's; None after the last."""
        return next((one - 1 for one in self.ages() if one > years), None)

    def link(self, years: int, back: str) -> str:
        """Where the wallet answers; empty while the house has no key for this age, or does not speak."""
        try:
            return wallet_link(self.house, self._asked, self.keys(), _claim(years), back, ENOUGH, self._now())
        except (TokenRefused, OSError):
            return ""

    def header(self, years: int) -> str:
        """The value of WWW-Authenticate. Raises TokenRefused, OSError."""
        return challenge_header(self._asked, self.keys(), _claim(years), ENOUGH, self._now())

    def take(self, authorization: str, years: int, spend: Callable[[bytes, bytes, int], bool]) -> str:
        """
        Check one card and spend it; the degree at which the age was proved.

        Args:
            spend: nonce, key id and until when the pair must be kept; False when it was there before.

        Raises:
            TokenRefused, OSError
        """
        keys = self.keys()

        def once(nonce: bytes, token_key_id: bytes) -> bool:
            return spend(nonce, token_key_id, keys[token_key_id].not_after + REFETCH_S)

        store: Spend = once
        token = read_authorization(authorization)
        key = check_token(token, keys, _claim(years), ENOUGH, [self._asked], store, now=self._now())
        return key.assurance


def _claim(years: int) -> str:
    return f"{OVER}{years}"
