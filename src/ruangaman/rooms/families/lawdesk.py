"""Where this room asks the law: the one place that knows the names of the pack's questions and clocks.

Everything fails closed: when a pack has no answer, the guardian must prove the relation, and a time is
unknown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ruangaman.core.errors import RuangAmanError

RELATION = 3
DELETION_CLOCKS = ("deletion", "delete_child_data")
CORRECTION_CLOCKS = ("correction", "correct_data", "pdp_correction")
OBJECTION_CLOCKS = ("objection", "delay_processing", "restriction", "pdp_restriction")


@dataclass(frozen=True, slots=True)
class ProofNeeded:
    """What a guardian must show: a level (3 = relation) and the ways that count."""

    level: int
    methods: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DueTime:
    """A due instant, or None when the law gives no number; `safe_at` is the earliest reading in doubt."""

    due_at: datetime | None
    safe_at: datetime | None
    articles: tuple[str, ...]
    doubt: Mapping[str, str]


UNKNOWN_TIME = DueTime(
    None,
    None,
    (),
    {
        "id": "Aturan tidak menyebut angka pasti untuk batas waktu ini.",
        "en": "The law gives no exact number for this time limit.",
    },
)
WITHOUT_PACK = ProofNeeded(RELATION, ("known_guardian", "relation_verdict"))


def _pack(jurisdiction: str) -> Any:
    from ruangaman.adapters import packs

    return packs.load(jurisdiction)


def zone(jurisdiction: str = "ID") -> ZoneInfo:
    """The zone of bare dates in this jurisdiction."""
    try:
        return ZoneInfo(str(_pack(jurisdiction).zone))
    except (RuangAmanError, ImportError, OSError, KeyError, ValueError):
        return ZoneInfo("Asia/Jakarta")


def guardian_proof(jurisdiction: str, facts: Mapping[str, Any], *, now: datetime) -> ProofNeeded:
    """What the pack asks of a guardian for this service; the relation when it does not say or cannot tell."""
    try:
        answer = _pack(jurisdiction).ask({"question": "guardian_proof", **facts}, now=now)
    except (RuangAmanError, ImportError, OSError, KeyError, ValueError):
        return WITHOUT_PACK
    extras = getattr(answer, "extras", None) or {}
    if not getattr(answer, "decided", False):
        return WITHOUT_PACK
    try:
        level = int(extras.get("level", RELATION))
    except (TypeError, ValueError):
        level = RELATION
    named = extras.get("methods") or ()
    methods = tuple(named.split()) if isinstance(named, str) else tuple(str(method) for method in named)
    return ProofNeeded(level, methods or WITHOUT_PACK.methods)


def _due(jurisdiction: str, names: tuple[str, ...], start: datetime) -> DueTime:
    try:
        pack = _pack(jurisdiction)
    except (RuangAmanError, ImportError, OSError, KeyError, ValueError):
        return UNKNOWN_TIME
    for name in names:
        try:
            due = pack.due(name, start, facts=None)
        except (RuangAmanError, KeyError, ValueError):
            continue
        readings = [at for _, at in (due.readings or ()) if at is not None]
        doubt = due.text if (due.doubt or due.due_at is None) else {}
        return DueTime(
            due.due_at,
            min(readings, default=due.due_at),
            tuple(due.articles or ()),
            dict(doubt or (UNKNOWN_TIME.doubt if due.due_at is None else {})),
        )
    return UNKNOWN_TIME


def deletion_due(jurisdiction: str, start: datetime) -> DueTime:
    """By when a service must have deleted after a refusal or a withdrawal (UU PDP Art. 43: no hours in the
    text seen).
    """
    return _due(jurisdiction, DELETION_CLOCKS, start)


def correction_due(jurisdiction: str, start: datetime) -> DueTime:
    """By when a wrong age must be looked at (UU PDP Art. 30)."""
    return _due(jurisdiction, CORRECTION_CLOCKS, start)


def objection_due(jurisdiction: str, start: datetime) -> DueTime:
    """By when an objection must be answered (UU PDP Art. 41)."""
    return _due(jurisdiction, OBJECTION_CLOCKS, start)
