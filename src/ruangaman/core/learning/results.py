"""
What a page of results tells: from sheets to a verdict, its interval, and everything a researcher asks for.

The verdict rests on the test after 28 days and on classes (`measuring.of_clusters`), never on the test of the same day.
What tells of fewer than ten people is left out here, before anything is kept or shown (`few`); arms and classes are
never ranked. Everything is plain and goes into JSON, so that it can be sealed when the sheets are forgotten.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from scipy.special import stdtrit

from ruangaman.core.learning import few, items, measuring
from ruangaman.core.learning.measuring import Effect, Trial
from ruangaman.core.learning.model import Item

BEFORE, SAME_DAY, DELAYED = "pre", "post", "delayed"
MOST_TOLD: Final = 3
"""Misconceptions on a page: what somebody who teaches can work on."""
FEWEST_CELLS: Final = 3
"""Of an arm that is compared: of fewer no means are shown, only what they come to."""
VERDICTS: Final = ("more", "less", "same", "few", "alone")
"""The taught know more, or less; no difference is seen; too few data; nobody waited."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """
    One test of one learner.

    Attributes:
        cluster, learner: numbers that mean nothing elsewhere. arm: "" where none was drawn.
        answers: item, option ("" of none; of observations whether it was seen), sure.
    """

    cluster: int
    learner: int
    arm: str
    time: str
    form: str
    language: str
    answers: tuple[tuple[str, str | bool, bool | None], ...]
    did: tuple[str, ...] = ()


class Dot(Struct, frozen=True):
    """A mean of scores with its interval of 95 % from classes; no interval of a single class."""

    time: str
    mean: float
    low: float | None
    high: float | None


class Arm(Struct, frozen=True):
    """
    One arm.

    Attributes:
        clusters: classes. learners: with a first and a last test, in tens; None is fewer than ten.
        dots: before, same day, after 28 days, of the cells (`_cells`); none where these are too few.
        gain: normalised gain of the means. away: share of those with a first test who have no last one.
        hits, alarms, sensitivity: of the last test; sure_wrong: share of its answers that were sure and wrong. These
            are shares of answers and not of people, so they are told of `measuring.FEWEST_LEARNERS` and more alone.
        did: share who did it, by its name; None where it may not be told.
    """

    arm: str
    clusters: int
    learners: int | None
    dots: tuple[Dot, ...] = ()
    gain: float | None = None
    away: float | None = None
    hits: float | None = None
    alarms: float | None = None
    sensitivity: float | None = None
    sure_wrong: float | None = None
    did: dict[str, float | None] = {}


class Held(Struct, frozen=True):
    """A misconception: share of those asked who hold it, and how many of these are sure; None where not told."""

    misconception: str
    share: float
    sure: float | None


class ItemTold(Struct, frozen=True):
    """One item: share right where it may be told, correlation with the rest, doubts, and whether a language helps."""

    item: str
    form: str
    right: float | None
    belongs: float | None
    doubts: tuple[str, ...]
    language: str


class Measured(Struct, frozen=True):
    """
    What a campaign, or a class alone, tells of one objective.

    Attributes:
        verdict: one of VERDICTS. headline: from means of classes. individuals: the model beside it. arms: the taught
            first. misconceptions: of the taught, those held most surely first, then the most frequent. items: of both
            forms.
    """

    objective: str
    verdict: str
    headline: Effect | None
    individuals: Effect | None
    arms: tuple[Arm, ...]
    misconceptions: tuple[Held, ...] = ()
    items: tuple[ItemTold, ...] = ()


def measured(
    objective: str,
    sheets: Sequence[Sheet],
    forms: Mapping[str, Sequence[Item]],
    arms: tuple[str, ...],
    asked: tuple[str, ...] = (),
) -> Measured:
    """
    Everything of one objective.

    Args:
        sheets: whose day fits their time. forms: letter -> items. arms: names, the taught first and those who wait, or
            two wordings; one alone where nothing is compared. asked: names of what people tell that they did.
    """
    asks = {item.id: item for form in forms.values() for item in form}
    told = [_arm(arm, [one for one in sheets if one.arm == arm], asks, asked) for arm in arms]
    if len(arms) == 1:
        shown = told[0].learners is not None
        return Measured(
            objective,
            "alone" if shown else "few",
            None,
            None,
            tuple(told),
            _misconceptions(sheets, asks, arms) if shown else (),
            _health(sheets, forms) if shown else (),
        )
    trial = _trial(sheets, arms, asks)
    if trial is None or not measuring.enough(trial):
        return Measured(
            objective, "few", None, None, tuple(Arm(one.arm, one.clusters, one.learners) for one in told)
        )
    headline, beside = measuring.of_clusters(trial), measuring.of_learners(trial)
    verdict = "more" if headline.low > 0 else "less" if headline.high < 0 else "same"
    taught = arms if "wait" not in arms else tuple(one for one in arms if one != "wait")
    return Measured(
        objective,
        verdict,
        headline,
        beside,
        tuple(told),
        _misconceptions(sheets, asks, taught),
        _health(sheets, forms),
    )


def score(sheet: Sheet, asks: Mapping[str, Item]) -> float:
    """The share of a sheet that is right, or was seen; what was left out is wrong."""
    if not sheet.answers:
        return 0.0
    return sum(_right(name, chosen, asks) for name, chosen, _sure in sheet.answers) / len(sheet.answers)


def _right(name: str, chosen: str | bool, asks: Mapping[str, Item]) -> bool:
    if isinstance(chosen, bool):
        return chosen
    return name in asks and chosen == asks[name].answer


def _pairs(sheets: Iterable[Sheet]) -> list[tuple[Sheet, Sheet]]:
    """First and last test of those who took both."""
    first = {one.learner: one for one in sheets if one.time == BEFORE}
    return [(first[one.learner], one) for one in sheets if one.time == DELAYED and one.learner in first]


def _trial(sheets: Sequence[Sheet], arms: tuple[str, ...], asks: Mapping[str, Item]) -> Trial | None:
    pairs = _pairs([one for one in sheets if one.arm in arms])
    if not pairs:
        return None
    return Trial(
        cluster=np.array([last.cluster for _first, last in pairs], dtype=np.int64),
        arm=np.array([int(last.arm == arms[0]) for _first, last in pairs], dtype=np.int64),
        before=np.array([score(first, asks) for first, _last in pairs]),
        after=np.array([score(last, asks) for _first, last in pairs]),
    )


def _arm(arm: str, sheets: Sequence[Sheet], asks: Mapping[str, Item], asked: tuple[str, ...]) -> Arm:
    pairs = _pairs(sheets)
    clusters = len({last.cluster for _first, last in pairs})
    learners = few.tens(len(pairs))
    if learners is None:
        return Arm(arm, clusters, None)
    cells = _cells([last for _first, last in pairs])
    last = [one for _first, one in pairs if one.learner in cells]
    dots = _dots(arm, sheets, pairs, cells, asks)
    began = sum(one.time == BEFORE for one in sheets)
    told = Arm(
        arm,
        clusters,
        learners,
        dots,
        gain=measuring.normalised_gain(dots[0].mean, dots[-1].mean) if dots else None,
        away=few.share(began - len(pairs), began),
        did={name: few.share(sum(name in one.did for one in last), len(last)) for name in asked},
    )
    if len(last) < measuring.FEWEST_LEARNERS:
        return told
    hits, alarms, sensitivity = _recognised(last, asks)
    answers = [answer for one in last for answer in one.answers if answer[2] is not None]
    wrong = sum(sure is True and not _right(name, chosen, asks) for name, chosen, sure in answers)
    return replace(
        told, hits=hits, alarms=alarms, sensitivity=sensitivity, sure_wrong=few.share(wrong, len(answers))
    )


def _dots(
    arm: str,
    sheets: Sequence[Sheet],
    pairs: Sequence[tuple[Sheet, Sheet]],
    cells: Mapping[int, int],
    asks: Mapping[str, Item],
) -> tuple[Dot, ...]:
    if len(set(cells.values())) < (FEWEST_CELLS if arm else 1):
        return ()
    dots = [
        _dot(
            BEFORE, [(first, cells[first.learner]) for first, _last in pairs if first.learner in cells], asks
        )
    ]
    same_day = [(one, cells[one.learner]) for one in sheets if one.time == SAME_DAY and one.learner in cells]
    # A class of whom a few came to the test of that day would count as much as the others, and tell of the few.
    sizes = Counter(cell for _one, cell in same_day)
    whole = [(one, cell) for one, cell in same_day if sizes[cell] >= few.LEAST]
    if len({cell for _one, cell in whole}) >= (FEWEST_CELLS if arm else 1):
        dots.append(_dot(SAME_DAY, whole, asks))
    dots.append(
        _dot(DELAYED, [(last, cells[last.learner]) for _first, last in pairs if last.learner in cells], asks)
    )
    return tuple(dots)


def _cells(last: Sequence[Sheet]) -> dict[int, int]:
    """
    Of each learner the cell whose mean counts: the class where ten and more of it have both tests, all smaller ones
    together where they come to ten, else none. What a class's own page tells and what the arm's dots tell then differ
    by cells of ten and more: nobody finds a learner by taking one from the other.
    """
    sizes = Counter(one.cluster for one in last)
    small = [one for one in last if sizes[one.cluster] < few.LEAST]
    together = {one.learner: -1 for one in small} if len(small) >= few.LEAST else {}
    return {one.learner: one.cluster for one in last if sizes[one.cluster] >= few.LEAST} | together


def _dot(time: str, sheets: Sequence[tuple[Sheet, int]], asks: Mapping[str, Item]) -> Dot:
    """The mean of cells' means, each counting the same, and its t interval."""
    cells: dict[int, list[float]] = {}
    for one, cell in sheets:
        cells.setdefault(cell, []).append(score(one, asks))
    means = np.array([sum(scores) / len(scores) for scores in cells.values()])
    middle = float(means.mean())
    if len(means) < 2:
        return Dot(time, middle, None, None)
    error = float(means.std(ddof=1)) / len(means) ** 0.5
    half = float(stdtrit(len(means) - 1, 1 - (1 - measuring.SHARE) / 2)) * error
    return Dot(time, middle, max(0.0, middle - half), min(1.0, middle + half))


def _recognised(
    sheets: Sequence[Sheet], asks: Mapping[str, Item]
) -> tuple[float | None, float | None, float | None]:
    """Hits, false alarms and d'. A safe thing for which anything but the right answer was chosen was not left alone."""
    dangers = seen = safe = feared = 0
    for one in sheets:
        for name, chosen, _sure in one.answers:
            item = asks.get(name)
            if item is None or not item.recognise:
                continue
            if item.safe:
                safe, feared = safe + 1, feared + (chosen not in ("", item.answer))
            else:
                dangers, seen = dangers + 1, seen + (chosen == item.answer)
    hits, alarms = few.share(seen, dangers), few.share(feared, safe)
    if hits is None or alarms is None:
        return hits, alarms, None
    return hits, alarms, measuring.recognised(dangers, seen, safe, feared).sensitivity


def _misconceptions(
    sheets: Sequence[Sheet], asks: Mapping[str, Item], arms: tuple[str, ...]
) -> tuple[Held, ...]:
    """Of learners whose last test asked for it: who chose an answer that rests on it, and who of them was sure."""
    met: Counter[str] = Counter()
    held: Counter[str] = Counter()
    sure: Counter[str] = Counter()
    for sheet in sheets:
        if sheet.time != DELAYED or sheet.arm not in arms:
            continue
        options = {
            name: {one.id: one.misconception for one in asks[name].options}
            for name, _chosen, _sure in sheet.answers
            if name in asks
        }
        met.update({one for every in options.values() for one in every.values() if one})
        chosen = [
            (options[name].get(str(option)), certain)
            for name, option, certain in sheet.answers
            if name in options
        ]
        held.update({believed for believed, _certain in chosen if believed})
        sure.update({believed for believed, certain in chosen if believed and certain is True})
    told = [(one, few.share(count, met[one]), few.share(sure[one], count)) for one, count in held.items()]
    shown = [Held(one, part, certain) for one, part, certain in told if part is not None]
    return tuple(sorted(shown, key=_first_to_work_on)[:MOST_TOLD])


def _first_to_work_on(one: Held) -> tuple[float, float, str]:
    """Whoever is sure does not ask: what is held surely comes first."""
    return -(one.sure or 0.0), -one.share, one.misconception


def _health(sheets: Sequence[Sheet], forms: Mapping[str, Sequence[Item]]) -> tuple[ItemTold, ...]:
    """Of each form, by the first sheet of each learner on it: nobody counts twice."""
    found = []
    order = {BEFORE: 0, SAME_DAY: 1, DELAYED: 2}
    for letter, form in sorted(forms.items()):
        mine: dict[int, Sheet] = {}
        for one in sorted(sheets, key=lambda one: order.get(one.time, 3)):
            if one.form == letter:
                mine.setdefault(one.learner, one)
        if few.tens(len(mine)) is None:
            continue
        said = [{name: str(chosen) for name, chosen, _sure in one.answers} for one in mine.values()]
        chosen = np.array([[one.get(item.id, "") for item in form] for one in said], dtype=np.str_)
        right = chosen == np.array([item.answer for item in form])
        wrong = [tuple(one.id for one in item.options if not one.right) for item in form]
        language = np.array([int(one.language == "en") for one in mine.values()], dtype=np.int64)
        compared = np.bincount(language, minlength=2).min() >= items.FEWEST
        for place, (item, told) in enumerate(zip(form, items.health(right, chosen, wrong), strict=True)):
            found.append(
                ItemTold(
                    item.id,
                    letter,
                    few.share(int(right[:, place].sum()), len(right)),
                    told.belongs if told.answers >= items.FEWEST else None,
                    told.doubts,
                    items.differs(right, language, place).size if compared else "",
                )
            )
    return tuple(found)
