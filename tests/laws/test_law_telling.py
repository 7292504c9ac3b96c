"""The name of a service tells whether it is one of the named platforms; what contradicts it is refused."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.laws.synthetic import FILES, encoded

from ruangaman.adapters import packs
from ruangaman.core import law

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
LOW = {"risk_profile": "low", "designed_for_children": True}


@pytest.fixture(scope="module")
def pack() -> law.Pack:
    return packs.load("ID")


def facts(**service: Any) -> dict[str, Any]:
    return {
        "jurisdiction": "ID", "question": "account", "on": "2026-11-24", "age": {"at_least": 14, "at_most": 14},
        "service": {**LOW, **service}, "consent": {"state": "granted", "by": "parent"},
    }  # fmt: skip


def everyway(pack: law.Pack, asked: dict[str, Any]) -> dict[str, Any]:
    """The answer by every door, which must be one."""
    answers = [
        law.answer_line({"ID": pack}, json.dumps(asked).encode(), now=NOW),
        law.answer_array({"ID": pack}, json.dumps([asked]).encode(), now=NOW, most=1)[0],
    ]
    for ask in (lambda: pack.ask(asked, now=NOW), lambda: pack.ask_plainly(asked, NOW)):
        try:
            answers.append(ask().as_json())
        except law.QuestionRefused as refused:
            answers.append(law.error_json(refused))
    assert len(set(answers)) == 1
    found: dict[str, Any] = json.loads(answers[0])
    return found


@pytest.mark.parametrize(
    "name", ["youtube", "tiktok", "facebook", "instagram", "threads", "x", "bigo_live", "roblox", "other"]
)
def test_a_name_alone_says_as_much_as_named(pack: law.Pack, name: str) -> None:
    for _ in range(2):  # found, then remembered
        by_name, by_both = (
            everyway(pack, facts(name=name)),
            everyway(pack, facts(name=name, named=name != "other")),
        )
        assert by_name == by_both == everyway(pack, facts(named=name != "other"))
        assert by_name["outcome"] == ("allow" if name == "other" else "deny")
        assert everyway(pack, facts(name=name, named=None)) == by_name


@pytest.mark.parametrize(("name", "named"), [("tiktok", False), ("other", True)])
def test_what_contradicts_the_name_is_refused(pack: law.Pack, name: str, *, named: bool) -> None:
    error = everyway(pack, facts(name=name, named=named))["error"]
    assert (error["code"], error["field"]) == ("ask.wrong-value", "service.named")


@pytest.mark.parametrize("named", ["yes", 1, []])
def test_a_wrong_type_is_told_as_such(pack: law.Pack, named: Any) -> None:
    error = everyway(pack, facts(name="tiktok", named=named))["error"]
    assert (error["code"], error["field"]) == ("ask.wrong-type", "service.named")


@pytest.mark.parametrize(
    ("tells", "code"),
    [
        ("{nobody: {yes: [low]}}", "pack.unknown-fact"),
        ("{risk: {high: [low]}}", "pack.unknown-fact"),
        ("{users: {yes: [low]}}", "pack.unknown-fact"),
        ("{consent: {none: [low]}}", "pack.bad-id"),
        ("{made: {maybe: [low]}}", "pack.unknown-value"),
        ("{made: {yes: [middle]}}", "pack.unknown-value"),
        ("{made: {yes: [low], no: [low]}}", "pack.unknown-value"),
        ("{made: low}", "pack.wrong-type"),
        ("{evidence: {verified: [low]}}", "pack.bad-id"),
    ],
)
def test_a_pack_that_tells_of_nothing_is_refused(tells: str, code: str) -> None:
    files = dict(FILES)
    files["pack.yaml"] = files["pack.yaml"].replace(
        "words: [low, high]}", f"words: [low, high], tells: {tells}}}", 1
    )
    with pytest.raises(law.PackRefused) as refused:
        law.compile_pack(encoded(files))
    assert refused.value.code == code
    assert refused.value.facts["file"] == "pack.yaml"
