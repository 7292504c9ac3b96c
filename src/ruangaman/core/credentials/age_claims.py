"""
Claims about an age, and whether one may be signed for as long as a key lives.

`age_over_N`: N years are completed. `age_under_N`: they are not. An age is known as the birth dates that are possible
(`core.ages.Births`), so a range of years does as well as a date; a claim is signed only when it holds for all of them.
An over claim never turns false. An under claim turns false on a birthday, so it is signed only when it still holds at
the last second of the key that signs. Which years there are claims for is the caller's to say.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import Final

from ruangaman.core.ages import Births, as_number
from ruangaman.core.credentials.token_errors import AssuranceRefused, ClaimRefused, TwoThresholds

MOST_YEARS: Final = 150
LAST_SECOND: Final = 253_402_214_400
"""One day before the end of the year 9999, so that every time zone still has a date for it."""

_NAME: Final = re.compile(r"age_(over|under)_([1-9][0-9]{0,2})", re.ASCII)


class Side(StrEnum):
    """On which side of the threshold somebody is."""

    OVER = "over"
    UNDER = "under"


@dataclass(frozen=True, slots=True)
class AgeClaim:
    """
    One yes about an age.

    >>> read_claim("age_under_12")
    AgeClaim(side=<Side.UNDER: 'under'>, years=12)
    """

    side: Side
    years: int

    @property
    def name(self) -> str:
        """As it stands in directories and credentials."""
        return f"age_{self.side}_{self.years}"


def read_claim(name: str) -> AgeClaim:
    """Raises ClaimRefused: not `age_over_N` or `age_under_N` with N from 1 to 150, without leading zeros."""
    found = _NAME.fullmatch(name)
    if found is None or int(found[2]) > MOST_YEARS:
        raise ClaimRefused(characters=len(name))
    return AgeClaim(Side(found[1]), int(found[2]))


def one_claim(names: Iterable[str]) -> AgeClaim:
    """
    The claim of a policy, or of all that a session was asked so far.

    Raises:
        TwoThresholds: different claims, which together would tell more of the age than one of them may.
        ClaimRefused: one that is no claim, or none at all.
    """
    claims = {read_claim(name) for name in names}
    if len(claims) > 1:
        raise TwoThresholds(claims=len(claims))
    if not claims:
        raise ClaimRefused(claims=0)
    return claims.pop()


def assurances_from(least: str, order: tuple[str, ...]) -> frozenset[str]:
    """
    `least` and every stronger word. `order` names the words, the weakest first.

    Raises:
        AssuranceRefused: `least` is not in the order.

    >>> sorted(assurances_from("enhanced", ("asserted", "standard", "enhanced", "strict")))
    ['enhanced', 'strict']
    """
    if least not in order:
        raise AssuranceRefused
    return frozenset(order[order.index(least) :])


class Standing(StrEnum):
    """
    Whether a claim may be signed.

    YES; NO, it is false; UNDECIDED, what is known of the age leaves it open; TURNS, it holds now and may not until the
    key's last second, so it must wait for a key that ends earlier, or is refused.
    """

    YES = "yes"
    NO = "no"
    UNDECIDED = "undecided"
    TURNS = "turns"


def standing(
    claim: AgeClaim, births: Births, now: int, last_second: int, zone: tzinfo, leap_birthday: str
) -> Standing:
    """
    Whether a key whose life ends with `last_second` may sign the claim at `now`.

    Args:
        births: the birth dates that are possible.
        now: Unix time in seconds.
        last_second: Unix time of the last second in which a token of this key is taken, so its `not-after` less one.
        zone: where the birthday begins at midnight.
        leap_birthday: when somebody born on 29 February grows older in a common year, as in `core.ages`.

    Raises:
        ClaimRefused: a time out of the years 1970 to 9999, or a key that ended.
    """
    if not 0 <= now <= last_second <= LAST_SECOND:
        raise ClaimRefused(part="time")
    youngest, oldest = _years(births, now, zone, leap_birthday)
    if claim.side is Side.OVER:
        if youngest >= claim.years:
            return Standing.YES
        return Standing.NO if oldest < claim.years else Standing.UNDECIDED
    if youngest >= claim.years:
        return Standing.NO
    if oldest >= claim.years:
        return Standing.UNDECIDED
    _, at_the_end = _years(births, last_second, zone, leap_birthday)
    return Standing.YES if at_the_end < claim.years else Standing.TURNS


def _years(births: Births, moment: int, zone: tzinfo, leap_birthday: str) -> tuple[int, int]:
    """The least and the most completed years that are possible then; one more than any claim where there is no end."""
    day = as_number(datetime.fromtimestamp(moment, zone).date())
    return births.years(day, MOST_YEARS + 1, leap_birthday)
