"""
What a later word about an age may change: less evidence never opens more (docs/adr/0057).

The degrees of evidence and of assurance are the pack's words, in its order: `evidence` from the strongest on,
`assurance` from the weakest on.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

from ruangaman.core.ages import Births, as_number
from ruangaman.core.law import Pack

Change = Literal["take", "keep", "refuse"]


class Told(NamedTuple):
    """
    An age as somebody told it: a birth date or a range of completed years on a day, and by what evidence.

    `born_from`: the earliest birth date (yyyymmdd) that all words of this evidence leave, when more than one was told.
    """

    age: Mapping[str, Any]
    evidence: str
    assurance: str | None
    on: date
    born_from: int | None = None

    def births(self, leap_birthday: str) -> Births:
        """The birth dates that fit."""
        found = self._births(leap_birthday)
        if self.born_from is None:
            return found
        return Births(max(found.oldest or 0, self.born_from), found.youngest)

    def _births(self, leap_birthday: str) -> Births:
        said = self.age.get("birth_date")
        if said is not None:
            born = as_number(date.fromisoformat(str(said)))
            return Births(born, born)
        on = as_number(self.on)
        return Births.of_range(self.age.get("at_least"), self.age.get("at_most"), on, leap_birthday)


def change(pack: Pack, old: Told | None, new: Told) -> tuple[Change, int | None]:
    """
    Whether a new word about an age replaces the old one, and the earliest birth date that is then left.

    Stronger evidence always does, and so does the strongest beside itself. Other evidence does when somebody younger
    is told; of the same degree also when both can be true, as when a range grows with the child: then the earliest
    birth date of both stays, so that nobody grows older step by step. Nobody grows older than was told by evidence
    that is no stronger.
    """
    leap = pack.source.leap_birthday
    after = new.births(leap)
    if old is None:
        return "take", after.oldest
    rank, known = _rank(pack, new), _rank(pack, old)
    if rank > known or (rank == known and _strongest(pack, new)):
        return "take", after.oldest
    before = old.births(leap)
    if _before(after.youngest, before.oldest):
        return "refuse", before.oldest
    if _before(before.youngest, after.oldest):
        return "take", after.oldest
    return "take" if rank == known else "keep", max(before.oldest or 0, after.oldest or 0) or None


def day_of(pack: Pack, now: datetime) -> date:
    """The day of an instant where the law counts."""
    return now.astimezone(ZoneInfo(pack.zone)).date()


def _before(youngest: int | None, oldest: int | None) -> bool:
    """Whether everybody of the one was born before everybody of the other; an open end is before or after all."""
    return youngest is not None and oldest is not None and youngest < oldest


def _rank(pack: Pack, told: Told) -> tuple[int, int]:
    evidence, assurance = _words(pack, "evidence"), _words(pack, "assurance")
    return (
        -evidence.index(told.evidence) if told.evidence in evidence else -len(evidence),
        assurance.index(told.assurance) if told.assurance in assurance else -1,
    )


def _strongest(pack: Pack, told: Told) -> bool:
    return _words(pack, "evidence")[:1] == (told.evidence,)


def _words(pack: Pack, fact: str) -> tuple[str, ...]:
    found = pack.source.facts.get(fact)
    return found.words if found is not None else ()
