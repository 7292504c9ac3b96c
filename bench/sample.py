"""
The random facts that every row is asked about: the same seed, the same facts, in every run.

`known` leaves nothing unknown, since the peers know no ranges and no unknowns. `mixed` is what platforms
send: birth dates, ranges, nothing at all, and a fact missing here and there.
"""

import json
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

SEED = 17_2025
FIRST_DAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 5, tzinfo=UTC)
WIB = timezone(timedelta(hours=7))
RISKS = ("low", "low", "high", "unassessed")
STATES = ("granted", "granted", "granted", "none", "pending", "lapsed", "refused", "withdrawn")
TYPES = ("social_media", "chat", "video", "game", "stories", "other")
EVIDENCE = ("verified", "verified", "estimated", "self_declared", "guardian_attested", "signal")
RANGES = ((0, 12), (3, 5), (6, 9), (10, 12), (10, 15), (13, 15), (13, 17), (16, 17), (16, 20), (18, 40))


def completed(birth: date, on: date) -> int:
    """Completed years; the birthday counts, 29 February falls on 1 March."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def _birth(chance: random.Random) -> date:
    return FIRST_DAY - timedelta(days=chance.randrange(1, 21 * 365))


def _on(chance: random.Random) -> str:
    day = FIRST_DAY + timedelta(days=chance.randrange(365))
    if chance.random() < 0.8:
        return day.isoformat()
    return datetime.combine(day, time(chance.randrange(24), chance.randrange(60)), WIB).isoformat()


def _one(chance: random.Random) -> dict[str, Any]:
    return {
        "jurisdiction": "ID",
        "question": "account",
        "on": _on(chance),
        "age": {"birth_date": _birth(chance).isoformat()},
        "evidence": "verified",
        "service": {
            "risk_profile": chance.choice(RISKS),
            "designed_for_children": chance.random() < 0.5,
            "type": chance.choice(TYPES),
        },
        "consent": {
            "state": chance.choice(STATES),
            "by": chance.choice(("parent", "child")),
            "parent_notified": chance.random() < 0.6,
            "parent_confirmed": chance.random() < 0.6,
        },
    }


def known(count: int) -> list[dict[str, Any]]:
    """Facts in the shape of the question, nothing left unknown."""
    chance = random.Random(SEED)
    return [_one(chance) for _ in range(count)]


def for_peers(facts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same facts flat, with the completed age already counted: the peers are spared the dates."""
    return [
        {
            "age": completed(
                date.fromisoformat(each["age"]["birth_date"]), date.fromisoformat(each["on"][:10])
            ),
            "risk_profile": each["service"]["risk_profile"],
            "designed_for_children": each["service"]["designed_for_children"],
            "service_type": each["service"]["type"],
            "consent": each["consent"]["state"],
            "consent_by": each["consent"]["by"],
            "parent_notified": each["consent"]["parent_notified"],
            "parent_confirmed": each["consent"]["parent_confirmed"],
        }
        for each in facts
    ]


def mixed(count: int) -> Iterator[dict[str, Any]]:
    """Three in five with a birth date, one in four a range, the rest no age; one fact in eight missing."""
    chance = random.Random(SEED + 1)
    for _ in range(count):
        facts = _one(chance)
        kind = chance.random()
        if kind > 0.85:
            del facts["age"]
        elif kind > 0.60:
            at_least, at_most = chance.choice(RANGES)
            facts["age"] = {"at_least": at_least, "at_most": at_most}
        facts["evidence"] = chance.choice(EVIDENCE)
        for part in ("service", "consent"):
            facts[part] = {name: value for name, value in facts[part].items() if chance.random() > 0.125}
        if chance.random() < 0.5:
            del facts["evidence"]
        if (
            facts["consent"].get("by") != "child"
        ):  # only a child's own yes is told to and confirmed by a parent
            facts["consent"].pop("parent_notified", None)
            facts["consent"].pop("parent_confirmed", None)
        yield facts


def lines(count: int) -> Iterator[bytes]:
    """`mixed` as JSON Lines."""
    for each in mixed(count):
        yield json.dumps(each, separators=(",", ":")).encode() + b"\n"
