"""What the engine remembers is bounded, and never another answer than the one found anew."""

import random
from array import array
from datetime import UTC, datetime
from typing import Any

import pytest

from ruangaman.adapters import packs
from ruangaman.core.law import Pack, memory, tables
from ruangaman.core.law.memory import Memory, Sparse, with_room

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
BOUNDED = ("point", "capped", "ranges", "boxes", "others")


def questions(count: int) -> list[dict[str, Any]]:
    chance = random.Random(9)
    found = []
    for _ in range(count):
        service = {
            "risk_profile": chance.choice(("low", "high", "unassessed")),
            "designed_for_children": chance.random() < 0.5,
            "named": chance.random() < 0.2,
            "type": chance.choice(("social_media", "chat")),
        }
        consent = {
            "state": chance.choice(("granted", "none", "pending", "refused", "withdrawn")),
            "by": chance.choice(("parent", "child")),
            "parent_notified": chance.random() < 0.5,
        }
        facts: dict[str, Any] = {"question": "account", "on": "2026-11-24"}
        low = chance.randrange(20)
        facts["age"] = (
            {"birth_date": f"{2026 - low}-0{chance.randrange(1, 9)}-11"}
            if chance.random() < 0.6
            else {"at_least": low, "at_most": low + chance.randrange(4)}
        )
        if chance.random() < 0.5:
            facts["evidence"] = chance.choice(("verified", "self_declared", "none"))
        for part, said in (("service", service), ("consent", consent)):
            facts[part] = {key: value for key, value in said.items() if chance.random() > 0.2}
        found.append(facts)
    return found


def all_answers(pack: Pack, asked: list[dict[str, Any]]) -> list[bytes]:
    return [pack.ask(facts, now=NOW).as_json() for facts in asked]


@pytest.mark.slow
def test_an_engine_that_forgets_nearly_everything_answers_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = questions(400)
    told = all_answers(packs.compile_folder(packs.folders()["ID"]), asked)
    small = packs.compile_folder(packs.folders()["ID"])
    monkeypatch.setattr(memory, "MOST_CODES", 0)
    monkeypatch.setattr(memory, "MOST_SPARSE", 5)
    engine = small.tables["account"]
    for period in engine.periods:
        for name in BOUNDED:
            getattr(period, name).most = 3
    assert all_answers(small, asked) == told
    for period in engine.periods:
        assert isinstance(period.cores, Sparse)
        assert len(period.cores) <= 5
        assert all(len(getattr(period, name)) <= 3 for name in BOUNDED)


@pytest.mark.slow
def test_an_engine_that_numbers_no_more_answers_still_answers_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = questions(150)
    large = packs.compile_folder(packs.folders()["ID"])
    small = packs.compile_folder(packs.folders()["ID"])
    kept = ("outcome", "actions", "articles", "doubt", "settles", "conditions")
    told = [large.ask(facts, now=NOW) for facts in asked]
    monkeypatch.setattr(tables, "CORES", 0)
    for facts, other in zip(asked, told, strict=True):
        one = small.ask(facts, now=NOW)
        assert {key: one.as_dict()[key] for key in kept} == {key: other.as_dict()[key] for key in kept}
        # Equal answers are not the same any more, so the answer may only end earlier.
        assert other.valid_until is None or (
            one.valid_until is not None and one.valid_until <= other.valid_until
        )


def test_room_is_taken_once_and_findings_by_key_are_bounded() -> None:
    room = with_room(Sparse(), 100)
    assert isinstance(room, array)
    room[99] = 7
    assert with_room(room, 100) is room
    assert list(with_room(room, 120))[99:] == [7] + [0] * 20
    assert isinstance(with_room(room, memory.MOST_CODES + 1), Sparse)
    kept = Memory(3)
    for key in range(10):
        kept.keep(key, key)
        assert len(kept) <= 3
        assert kept[key] == key
