"""Age cards from a visitor's wallet: the challenge, the link to it, and the check (docs/guides/age-tokens.md)."""

from collections.abc import Callable
from urllib.parse import urlsplit

from ruangaman.client.tokens import (
    HouseKeys,
    TokenRefused,
    challenge,
    challenge_header,
    check_token,
    keeping,
    read_authorization,
    wallet_link,
)

__all__ = ["Cards", "TokenRefused"]

OVER = "age_over_"
ENOUGH = ("standard", "enhanced", "strict")


class Cards:
    """
    Takes cards from stock: the challenge names neither the visit nor this place, so that nobody can match the times at
    which a card was fetched and used. Each card is good once; which ones were taken is kept by the platform.

    Args:
        house: as browsers see it. inside: as this process reaches it.
    """

    def __init__(self, house: str, inside: str, now: Callable[[], float]) -> None:
        self.house, self._now = house, now
        self.keys = HouseKeys(inside, now=now)
        self._asked = challenge(urlsplit(house).netloc, b"")

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
        keys, token = self.keys(), read_authorization(authorization)
        once = keeping(keys, spend)
        return check_token(token, keys, _claim(years), ENOUGH, [self._asked], once, now=self._now()).assurance


def _claim(years: int) -> str:
    return f"{OVER}{years}"
