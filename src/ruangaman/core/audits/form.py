"""
The form of an audit: headings, principles, questions, each with what it is worth. Read once from data, then a value.

A question is in our own words and has one good answer. What a measure must be stands in the city's own file (`limits`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ruangaman.core.errors import RuangAmanError

YES, NO, UNSEEN = "ya", "tidak", "tak_terlihat"
ANSWERS: Final = (YES, NO, UNSEEN)
CONFIDENCE: Final = frozenset({"certain", "likely", "rule_of_thumb"})
MOST_ITEMS: Final = 300
_ID: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_KEY: Final = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*", re.ASCII)
_ITEM: Final = frozenset(
    {"id", "ask", "good", "principles", "severity", "critical", "measure", "repair", "confidence", "check"}
)


class AuditFormMalformed(RuangAmanError):
    """The form cannot be used; `at` names the place."""

    code = "audits.form-malformed"


@dataclass(frozen=True, slots=True)
class Measure:
    """What may be measured: whole or decimal numbers in `unit`; `more` says whether more is better."""

    key: str
    unit: str
    more: bool
    label: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `good` is the answer that is well, `severity` 1 (comfort) to 3 (injury)."""

    id: str
    heading: str
    ask: Mapping[str, str]
    good: str
    principles: tuple[str, ...]
    severity: int
    critical: bool
    measure: Measure | None
    repair: Mapping[str, str]
    confidence: str
    check: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading with its items, in order."""

    id: str
    name: Mapping[str, str]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """A version of the form."""

    version: str
    headings: tuple[Heading, ...]
    principles: Mapping[str, Mapping[str, str]]
    source: str
    check: str

    @property
    def items(self) -> dict[str, Item]:
        """All items by id, in order."""
        return {item.id: item for heading in self.headings for item in heading.items}

    @property
    def measures(self) -> dict[str, Measure]:
        """All measures by key."""
        return {item.measure.key: item.measure for item in self.items.values() if item.measure}

    def heading(self, name: str) -> Heading | None:
        """A heading by id."""
        return next((one for one in self.headings if one.id == name), None)


def read(told: Any) -> Form:
    """
    A form from its data, as `data/rbra_form.yaml` is written.

    Raises:
        AuditFormMalformed: with the place.
    """
    if not isinstance(told, dict):
        raise AuditFormMalformed(at="form")
    version, source = str(told.get("version") or ""), told.get("source")
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[a-z]?", version, re.ASCII):
        raise AuditFormMalformed(at="version")
    _demand(isinstance(source, str) and bool(source), "source")
    _demand(isinstance(told.get("check"), str), "check")
    _demand(told.get("confidence") in CONFIDENCE, "confidence")
    principles = {
        _id(one, "principles"): pair(one.get("name"), "principles") for one in _list(told, "principles")
    }
    _demand(0 < len(principles) == len(_list(told, "principles")), "principles")
    headings = tuple(_heading(one, principles, told) for one in _list(told, "headings"))
    _demand(len({one.id for one in headings}) == len(headings) > 0, "headings")
    form = Form(version, headings, principles, str(source), str(told["check"]))
    every = [item for heading in headings for item in heading.items]
    _demand(len(form.items) == len(every) <= MOST_ITEMS, "items")
    keys = [item.measure.key for item in every if item.measure]
    _demand(len(set(keys)) == len(keys), "measure keys")
    return form


def _heading(told: Any, principles: Mapping[str, object], form: Mapping[str, Any]) -> Heading:
    name = _id(told, "headings")
    items = tuple(_item(one, name, principles, form) for one in _list(told, "items", name))
    _demand(bool(items), name)
    return Heading(name, pair(told.get("name"), name), items)


def _item(told: Any, heading: str, principles: Mapping[str, object], form: Mapping[str, Any]) -> Item:
    _demand(isinstance(told, dict) and isinstance(told.get("id"), str), heading)
    at = str(told["id"])[:60]
    first, _, second = at.partition("/")
    _demand(first == heading and bool(_ID.fullmatch(second)), at)
    _demand(set(told) <= _ITEM, at)
    _demand(told.get("good") in (YES, NO), at)
    kinds = told.get("principles")
    _demand(isinstance(kinds, list) and bool(kinds) and all(one in principles for one in kinds), at)
    severity, critical = told.get("severity"), told.get("critical", False)
    _demand(severity in (1, 2, 3) and isinstance(critical, bool) and not isinstance(severity, bool), at)
    _demand(severity == 3 or not critical, at)
    confidence, check = told.get("confidence", form["confidence"]), told.get("check", form["check"])
    _demand(confidence in CONFIDENCE and isinstance(check, str), at)
    return Item(
        at, heading, pair(told.get("ask"), at), told["good"], tuple(kinds), severity, critical,
        _measure(told["measure"], at) if "measure" in told else None, pair(told.get("repair"), at), confidence, check,
    )  # fmt: skip


def _measure(told: Any, at: str) -> Measure:
    _demand(isinstance(told, dict) and set(told) == {"key", "unit", "better", "label"}, at)
    key, unit, better = told["key"], told["unit"], told["better"]
    _demand(isinstance(key, str) and len(key) <= 40 and bool(_KEY.fullmatch(key)), at)
    _demand(isinstance(unit, str) and 0 < len(unit) <= 8 and better in ("more", "less"), at)
    return Measure(key, unit, better == "more", pair(told["label"], at))


def pair(told: Any, at: str) -> Mapping[str, str]:
    """A text in both languages; raises AuditFormMalformed."""
    _demand(isinstance(told, dict) and set(told) == {"id", "en"}, at)
    _demand(all(isinstance(one, str) and 0 < len(one.strip()) <= 300 for one in told.values()), at)
    return {"id": told["id"], "en": told["en"]}


def _id(told: Any, at: str) -> str:
    _demand(
        isinstance(told, dict) and isinstance(told.get("id"), str) and bool(_ID.fullmatch(told["id"])), at
    )
    return str(told["id"])


def _list(told: Mapping[str, Any], name: str, at: str = "") -> list[Any]:
    found = told.get(name)
    if not isinstance(found, list) or len(found) > MOST_ITEMS:
        raise AuditFormMalformed(at=at or name)
    return found


def _demand(holds: bool, at: str) -> None:
    if not holds:
        raise AuditFormMalformed(at=at)
