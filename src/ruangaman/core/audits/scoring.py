"""What answers are worth: each item well, not well or unknown; then heading by heading and principle by principle."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction

from ruangaman.core.audits.form import UNSEEN, Form, Item
from ruangaman.core.audits.limits import Limit


class Verdict(Enum):
    """Of one item. Not seen is never well; not asked yet is neither."""

    WELL = "well"
    NOT_WELL = "not_well"
    UNSEEN = "unseen"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Given:
    """An answer: `ya`, `tidak` or `tak_terlihat`, and a measure where one was taken."""

    answer: str
    measure: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of items."""

    well: int
    not_well: int
    unseen: int
    missing: int

    @property
    def judged(self) -> int:
        """Items of which one knows."""
        return self.well + self.not_well

    @property
    def all(self) -> int:
        """Every item."""
        return self.judged + self.unseen + self.missing

    @property
    def share(self) -> Fraction | None:
        """Of the judged ones, those that are well; None without any."""
        return Fraction(self.well, self.judged) if self.judged else None


@dataclass(frozen=True, slots=True)
class Score:
    """Verdicts by item, and tallies; `by_measure` are the items that only a limit made not well."""

    verdicts: Mapping[str, Verdict]
    whole: Tally
    headings: Mapping[str, Tally]
    principles: Mapping[str, Tally]
    by_measure: frozenset[str]

    def items(self, verdict: Verdict) -> list[str]:
        """Ids of the items of a verdict, in the form's order."""
        return [item for item, found in self.verdicts.items() if found is verdict]


def judge(item: Item, given: Given | None, limits: Mapping[str, Limit]) -> Verdict:
    """
    One item. A measure beyond the city's limit makes it not well whatever was answered; one within makes nothing well
    that was not seen.
    """
    if given is None:
        return Verdict.MISSING
    if _beyond(item, given, limits):
        return Verdict.NOT_WELL
    if given.answer == UNSEEN:
        return Verdict.UNSEEN
    return Verdict.WELL if given.answer == item.good else Verdict.NOT_WELL


def _beyond(item: Item, given: Given, limits: Mapping[str, Limit]) -> bool:
    limit = limits.get(item.measure.key) if item.measure else None
    return limit is not None and given.measure is not None and not limit.holds(given.measure)


def score(form: Form, answers: Mapping[str, Given], limits: Mapping[str, Limit]) -> Score:
    """What a set of answers is worth; items that the form does not have are left out."""
    verdicts = {name: judge(item, answers.get(name), limits) for name, item in form.items.items()}
    by_measure = frozenset(
        name
        for name, item in form.items.items()
        if name in answers and answers[name].answer == item.good and verdicts[name] is Verdict.NOT_WELL
    )
    return Score(
        verdicts,
        tally(verdicts.values()),
        {one.id: tally(verdicts[item.id] for item in one.items) for one in form.headings},
        {
            name: tally(verdicts[item.id] for item in form.items.values() if name in item.principles)
            for name in form.principles
        },
        by_measure,
    )


def tally(verdicts: Iterable[Verdict]) -> Tally:
    """Counted."""
    found = list(verdicts)
    return Tally(
        *(found.count(one) for one in (Verdict.WELL, Verdict.NOT_WELL, Verdict.UNSEEN, Verdict.MISSING))
    )
