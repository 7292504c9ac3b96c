"""
The indicators, clusters, levels and the rule of evidence, as the data file says them; read once, checked whole.

Scores carry decimals while the levels are whole numbers, so that there are gaps between them: which level 600.5 is, is
a rule by name (`GAPS`), chosen in the data or by the city.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any, Final

from ruangaman.core.kla.errors import KlaDataMalformed

GAPS: Final = ("lower_bound", "above", "half_up")
"""
lower_bound: the next level only once its lower bound is reached. above: whatever lies above an upper bound is the next
level. half_up: rounded to a whole number first.
"""
CONFIDENCE: Final = frozenset({"seen", "recalled", "suggested"})
MOST_INDICATORS: Final = 200
FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator. `wording` is fuller and may need a look at the regulation (`check`); {} when there is none."""

    no: int
    cluster: str
    title: Mapping[str, str]
    wording: Mapping[str, str]
    note: Mapping[str, str]
    confidence: str
    check: bool
    feeds: bool


@dataclass(frozen=True, slots=True)
class Level:
    """A level of the award; both bounds are whole points and belong to it."""

    id: str
    first: int
    last: int
    name: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the cycle: what, by whom, and when (where anybody said)."""

    id: str
    name: Mapping[str, str]
    who: Mapping[str, str]
    when: Mapping[str, str]
    confidence: str


@dataclass(frozen=True, slots=True)
class KlaRules:
    """The whole file. `total` is the points of all indicators together; `months` how old evidence may be."""

    version: str
    instrument: str
    name: Mapping[str, str]
    total: int
    gap: str
    levels: Sequence[Level]
    months: int
    clusters: Mapping[str, Mapping[str, str]]
    indicators: Sequence[Indicator]
    steps: Sequence[Step]
    next_expected: int

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of the indicators, in order."""
        return tuple(one.no for one in self.indicators)

    def indicator(self, no: int) -> Indicator:
        """The indicator with this number; raises KeyError."""
        for one in self.indicators:
            if one.no == no:
                return one
        raise KeyError(no)

    def level(self, points: Decimal, gap: str = "") -> Level:
        """
        The level of a score.

        Args:
            points: 0 to `total`.
            gap: one of `GAPS`; the data's own when empty.

        Raises:
            ValueError: no such rule.
        """
        return level(points, self.levels, gap or self.gap)


def level(points: Decimal, levels: Sequence[Level], gap: str) -> Level:
    """The level of a score by a rule for the gaps; raises ValueError."""
    if gap not in GAPS:
        raise ValueError(gap)
    if gap == "half_up":
        points = points.quantize(Decimal(1), ROUND_HALF_UP)
    found = levels[0]
    for below, one in pairwise(levels):
        reached = points > below.last if gap == "above" else points >= one.first
        if reached:
            found = one
    return found


def read(content: Any) -> KlaRules:
    """
    The data file of a scorecard.

    Raises:
        KlaDataMalformed: a part is missing, of the wrong form, twice, or does not fit another.
    """
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise KlaDataMalformed(at="format")
    instrument, points, levels = (_part(content, name) for name in ("instrument", "points", "levels"))
    clusters = {
        str(one.get("id", "")): pair(one.get("name"), "clusters") for one in _rows(content, "clusters")
    }
    indicators = tuple(_indicator(one, clusters) for one in _rows(content, "indicators"))
    if [one.no for one in indicators] != list(range(1, len(indicators) + 1)):
        raise KlaDataMalformed(at="indicators: numbers")
    total = whole(points.get("total"), "points.total")
    if levels.get("gap") not in GAPS:
        raise KlaDataMalformed(at="levels.gap")
    cycle = _part(content, "cycle")
    return KlaRules(
        version=str(content.get("version", "")),
        instrument=str(instrument.get("id", "")),
        name=pair(instrument.get("name"), "instrument.name"),
        total=total,
        gap=str(levels["gap"]),
        levels=_levels(_rows(levels, "bands"), total),
        months=whole(_part(content, "evidence").get("months"), "evidence.months"),
        clusters=clusters,
        indicators=indicators,
        steps=tuple(_step(one) for one in _rows(cycle, "steps")),
        next_expected=whole(cycle.get("next_expected"), "cycle.next_expected"),
    )


def pair(value: Any, at: str) -> Mapping[str, str]:
    """A text in both languages; raises KlaDataMalformed."""
    if not isinstance(value, dict) or not all(isinstance(value.get(one), str) for one in ("id", "en")):
        raise KlaDataMalformed(at=at)
    return {"id": value["id"], "en": value["en"]}


def whole(value: Any, at: str) -> int:
    """A whole number above zero; raises KlaDataMalformed."""
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        raise KlaDataMalformed(at=at)
    return value


def confidence(one: Mapping[str, Any], at: str) -> str:
    """How sure a fact is; raises KlaDataMalformed."""
    found = one.get("confidence")
    if found not in CONFIDENCE:
        raise KlaDataMalformed(at=f"{at}: confidence")
    return str(found)


def _part(content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = content.get(name)
    if not isinstance(found, dict):
        raise KlaDataMalformed(at=name)
    return found


def _rows(content: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    found = content.get(name)
    if not isinstance(found, list) or not 0 < len(found) <= MOST_INDICATORS:
        raise KlaDataMalformed(at=name)
    if not all(isinstance(one, dict) for one in found):
        raise KlaDataMalformed(at=name)
    return found


def _indicator(one: Mapping[str, Any], clusters: Mapping[str, Any]) -> Indicator:
    no = whole(one.get("number"), "indicators: number")
    at = f"indicator {no}"
    if one.get("cluster") not in clusters:
        raise KlaDataMalformed(at=f"{at}: cluster")
    wording = one.get("wording")
    fuller: Mapping[str, str] = {}
    check = False
    if wording is not None:
        if not isinstance(wording, dict) or not isinstance(wording.get("id"), str):
            raise KlaDataMalformed(at=f"{at}: wording")
        confidence(wording, at)
        fuller = {"id": wording["id"], "en": str(wording.get("en", wording["id"]))}
        check = bool(wording.get("check"))
    note = one.get("note")
    return Indicator(
        no=no,
        cluster=str(one["cluster"]),
        title=pair(one.get("title"), at),
        wording=fuller,
        note=pair(note, at) if note is not None else {},
        confidence=confidence(one, at),
        check=check,
        feeds=bool(one.get("feeds")),
    )


def _levels(rows: Sequence[Mapping[str, Any]], total: int) -> Sequence[Level]:
    found = []
    for one in rows:
        first, last = one.get("from"), one.get("to")
        if not isinstance(first, int) or not isinstance(last, int) or first > last:
            raise KlaDataMalformed(at="levels.bands")
        found.append(Level(str(one.get("id", "")), first, last, pair(one.get("name"), "levels.bands")))
    if found[0].first != 0 or found[-1].last != total or len({one.id for one in found}) != len(found):
        raise KlaDataMalformed(at="levels.bands: ends")
    for below, above in pairwise(found):
        if above.first <= below.last:
            raise KlaDataMalformed(at="levels.bands: overlap")
    return tuple(found)


def _step(one: Mapping[str, Any]) -> Step:
    at = f"cycle.steps {one.get('id')}"
    when = one.get("when")
    return Step(
        id=str(one.get("id", "")),
        name=pair(one.get("name"), at),
        who=pair(one.get("who"), at),
        when=pair(when, at) if when is not None else {},
        confidence=confidence(one, at),
    )
