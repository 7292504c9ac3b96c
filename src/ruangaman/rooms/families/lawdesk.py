"""Where this room asks the law: the one place that knows the names of the pack's questions and clocks.

Everything fails closed: when a pack has no answer, the guardian must prove the relation, and a time is
unknown.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ruangaman.core import accounts, due_times
from ruangaman.core.due_times import UNKNOWN_TIME, DueTime
from ruangaman.core.errors import RuangAmanError
from ruangaman.core.law import Pack, citing, years
from ruangaman.core.law.model import Text
from ruangaman.rooms.families.types import ChildRef

RELATION = 3
BY_AGE = (accounts.QUESTION, "feature")
"""The questions whose answer for a child may change on a birthday."""
DELETION = "data_deletion"
STOP = "stop_after_withdrawal"
MATTERS = {
    "objection": "data_restriction",
    "age": "data_correction",
    "complaint": "complaint_handling",
    "copy": "data_access",
    "delete": DELETION,
}
LEVELS = {"contact": 0, "adult": 1, "identity": 2, "relation": RELATION}
SILENT = (RuangAmanError, ImportError, OSError, KeyError, ValueError)


@dataclass(frozen=True, slots=True)
class ProofNeeded:
    """What a guardian must show: a level (3 = relation) and the ways that count."""

    level: int
    methods: tuple[str, ...]


Asker = Callable[[ChildRef, datetime], dict[str, Any] | None]
_askers: list[Asker] = []


def law_from(asker: Asker) -> None:
    """Add a room above, once, that asks the law anew of a child's account: it alone knows all facts of the service."""
    if asker not in _askers:
        _askers.append(asker)


def ask_anew(child: ChildRef, *, now: datetime) -> dict[str, Any] | None:
    """The law's answer of this very moment; None when no room above knows the account."""
    return next((answer for asker in _askers if (answer := asker(child, now)) is not None), None)


WITHOUT_PACK = ProofNeeded(RELATION, ("known_guardian", "relation_verdict"))


def pack(jurisdiction: str = "ID") -> Pack:
    """The law of a jurisdiction; raises NoSuchPack, since without a law there is nothing to say of an age."""
    from ruangaman.adapters import packs

    return packs.load(jurisdiction)


def opens_from(card: Mapping[str, Any], *, now: datetime) -> int:
    """From which age the law lets somebody open the service of a card."""
    service = {name: card[name] for name in ("risk_profile", "designed_for_children", "type")}
    return accounts.opens_from(pack(card["jurisdiction"]), service, now=now)


def closes_until(card: Mapping[str, Any], *, now: datetime) -> int | None:
    """Until which age the law closes the service of a card; None when it is closed to no age that the law names."""
    age = opens_from(card, now=now)
    return age if age > years.lowest_age(pack(card["jurisdiction"])) else None


def own_consent_from(jurisdiction: str = "ID", *, now: datetime) -> int | None:
    """From which age the consent is the child's own and a parent confirms it; None when the law knows no such age."""
    return accounts.own_consent_from(pack(jurisdiction), now=now)


def grown_from(jurisdiction: str = "ID") -> int:
    """From which age somebody is no child any more."""
    return years.grown_from(pack(jurisdiction))


def zone(jurisdiction: str = "ID") -> ZoneInfo:
    """The zone of bare dates in this jurisdiction."""
    try:
        return ZoneInfo(str(pack(jurisdiction).zone))
    except SILENT:
        return ZoneInfo("Asia/Jakarta")


def _value(jurisdiction: str, question: str, now: datetime) -> Any:
    """The cited value of a value question; None when the pack does not hold it."""
    try:
        return pack(jurisdiction).ask({"question": question}, now=now).as_dict().get("value")
    except SILENT:
        return None


def guardian_proof(jurisdiction: str, *, now: datetime) -> ProofNeeded:
    """What the pack asks of a guardian; the relation when it does not say."""
    level = LEVELS.get(str(_value(jurisdiction, "guardian_proof_level", now)), RELATION)
    methods = _value(jurisdiction, "guardian_proof_methods", now)
    if not isinstance(methods, (list, tuple)) or not methods:
        return ProofNeeded(level, WITHOUT_PACK.methods)
    return ProofNeeded(level, tuple(str(method) for method in methods))


def _due(jurisdiction: str, name: str, start: datetime) -> DueTime:
    try:
        return due_times.told(pack(jurisdiction).due(name, start, facts=None))
    except SILENT:
        return UNKNOWN_TIME


def instruments_in(sources: Sequence[str], jurisdiction: str = "ID") -> list[tuple[Text, Text]]:
    """The laws that these citations name, each once as (short name, full title), in both languages."""
    return [
        ({"id": one.short, "en": one.short_en or one.short}, one.title)
        for one in pack(jurisdiction).source.instruments.values()
        if any(text.startswith((one.short, one.short_en or one.short)) for text in sources)
    ]


def english(source: str, jurisdiction: str = "ID") -> str:
    """How a citation of the pack reads in English."""
    try:
        return citing.english(source, pack(jurisdiction).source.instruments.values())
    except SILENT:
        return source


def deletion_due(jurisdiction: str, start: datetime) -> DueTime:
    """By when a service must have deleted after a refusal or a withdrawal (UU PDP Art. 43: no hours in the
    text seen).
    """
    return _due(jurisdiction, DELETION, start)


def stop_due(jurisdiction: str, start: datetime) -> DueTime:
    """By when a service must have stopped processing after a withdrawal (UU PDP Art. 40)."""
    return _due(jurisdiction, STOP, start)


def matter_due(kind: str, jurisdiction: str, start: datetime) -> DueTime:
    """By when what goes to an officer must be answered: UU PDP Art. 41 (objection), 30 (age), 32 (copy), 43 (deletion);
    for a complaint no source seen gives a number.
    """
    return _due(jurisdiction, MATTERS[kind], start)
