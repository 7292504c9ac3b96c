"""What is said of an answer besides its norms: the evidence that decides; a day that only a zone or rule fixes."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from ruangaman.core.law.answers import Core, core
from ruangaman.core.law.judging import CONFIDENCE
from ruangaman.core.law.model import Source

DOUBTED = ("outcome", "open", "conditions", "actions", "notices", "managed_by", "extras")
LEAP_READINGS = {"03-01": "birthday_1_march", "02-28": "birthday_28_february"}


class Claim(msgspec.Struct, frozen=True):
    """How much of a stated age counts (`word`), and what the question about the evidence says of it."""

    word: str
    articles: tuple[str, ...]
    confidence: str
    doubt: tuple[Mapping[str, Any], ...]


class Elsewhere(msgspec.Struct, frozen=True):
    """
    Stands where `Facts.claim` stands, for facts whose day or age another zone or another leap rule would count anew.

    `here` are the facts as counted; `there` holds per other reading what it reads (`zone`, `leap_birthday`), its name,
    and the facts as it counts them.
    """

    here: Any
    there: tuple[tuple[str, str, Any], ...]
    youngest: int = 0
    oldest: int = 0


def differs(one: Core, other: Core) -> bool:
    """Whether two answers say something else (not only for another reason)."""
    return any(getattr(one, name) != getattr(other, name) for name in DOUBTED)


def cited(law_version: Mapping[str, Any], one: Core, claim: Claim) -> Core:
    """The answer with the norm about the evidence among its articles, its doubts, and the weaker confidence."""
    known = {each["id"] for each in one.doubt}
    fields = _fields(one) | {
        "articles": tuple(dict.fromkeys((*one.articles, *claim.articles))),
        "confidence": max(one.confidence, claim.confidence, key=CONFIDENCE.index),
        "doubt": (*one.doubt, *(each for each in claim.doubt if each["id"] not in known)),
    }
    return core(law_version, **fields)


def doubted(
    source: Source, law_version: Mapping[str, Any], one: Core, others: Sequence[tuple[str, str, Core]]
) -> Core:
    """The answer with the doubts of its day: per reading the other answer's outcome."""
    told = list(one.doubt)
    for kind in dict.fromkeys(kind for kind, _, _ in others):
        doubt = source.doubts[source.day_doubts[kind]]
        entry: dict[str, Any] = {
            "id": doubt.id,
            "point": doubt.point,
            "applied": _applied(source, kind),
            "otherwise": [
                {"reading": name, "outcome": other.outcome} for each, name, other in others if each == kind
            ],
        }
        if doubt.articles:
            entry["articles"] = doubt.articles
        told.append(entry)
    return core(law_version, **(_fields(one) | {"doubt": tuple(told)}))


def _applied(source: Source, kind: str) -> str:
    if kind == "leap_birthday":
        return LEAP_READINGS[source.leap_birthday]
    return next((name for name, zone in source.zones.items() if zone == source.zone), source.zone)


def _fields(one: Core) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__struct_fields__ if name not in ("head", "tail")}
