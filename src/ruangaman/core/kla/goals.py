"""UNICEF's five goals as a second look at the same indicators: which speaks of which is our reading, and data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ruangaman.core.kla.errors import KlaDataMalformed
from ruangaman.core.kla.rules import FORMAT, KlaRules, confidence, pair, whole


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal and the indicators that speak of it; an indicator may stand under several."""

    no: int
    name: Mapping[str, str]
    indicators: Sequence[int]
    from_this_house: Mapping[str, str]
    confidence: str


def read(content: Any, rules: KlaRules) -> Sequence[Goal]:
    """
    The data file of the goals.

    Raises:
        KlaDataMalformed: not in its form, of another instrument, an unknown indicator, or one under no goal.
    """
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise KlaDataMalformed(at="format")
    if content.get("instrument") != rules.instrument or not isinstance(content.get("goals"), list):
        raise KlaDataMalformed(at="goals: instrument")
    found = tuple(_goal(one, set(rules.numbers)) for one in content["goals"])
    if {no for goal in found for no in goal.indicators} != set(rules.numbers):
        raise KlaDataMalformed(at="goals: an indicator under no goal")
    return found


def _goal(one: Any, known: set[int]) -> Goal:
    if not isinstance(one, dict) or not isinstance(one.get("mapping"), dict):
        raise KlaDataMalformed(at="goals")
    at = f"goal {one.get('number')}"
    indicators = one.get("indicators")
    if not isinstance(indicators, list) or not indicators or not set(indicators) <= known:
        raise KlaDataMalformed(at=at)
    told = one.get("from_this_house")
    return Goal(
        no=whole(one.get("number"), at),
        name=pair(one.get("name"), at),
        indicators=tuple(sorted(set(indicators))),
        from_this_house=pair(told, at) if told is not None else {},
        confidence=confidence(one["mapping"], at),
    )
