"""Statements of xAPI: one pseudonym, the same answer the same statement, and each as the profile says."""

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruangaman.adapters import lesson_files
from ruangaman.core.learning import statements
from ruangaman.core.learning.statements import Account, Answer, Sitting, StatementRefused

COURSE = lesson_files.course(lesson_files.folder())
HOUSE = "https://rumah.example"
NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
WHO = Account("https://lms.example", "peserta-7f3a")
SITTING = Sitting(HOUSE, WHO, UUID("00000000-0000-4000-8000-000000000007"), "id")
ITEMS = [(lesson, item) for lesson in COURSE.lessons.values() for item in lesson.practice]
PROFILE = statements.profile(COURSE, tuple(COURSE.lessons), HOUSE, NOW)


def every() -> list[dict]:
    """A statement for each answer that anybody could give, and each way to end."""
    found = [
        statements.answered(SITTING, lesson, item, Answer(option.id, NOW, sure=n % 2 == 0, seconds=3.5))
        for lesson, item in ITEMS
        for n, option in enumerate(item.options)
    ]
    lesson = COURSE.lessons["PAR-2"]
    for right, needed in ((5, None), (5, 0.8), (3, 0.8)):
        found.append(statements.ended(SITTING, lesson, right=right, asked=6, at=NOW, needed=needed))
    return found


def found_at(told: object, path: str) -> list[object]:
    """The few forms of JSONPath that the profile uses, read plainly."""
    here = [told]
    for step in re.findall(r"\.(\w+)|(\[\*\])", path):
        if step[1]:
            here = [one for many in here for one in many]
        else:
            here = [one[step[0]] for one in here if isinstance(one, dict) and step[0] in one]
    return here


def test_each_statement_is_as_its_template_in_the_profile_says():
    templates = {one["verb"]: one for one in PROFILE["templates"]}
    for one in every():
        template = templates[one["verb"]["id"]]
        assert one["object"]["definition"]["type"] == template["objectActivityType"]
        kinds = [each["definition"]["type"] for each in one["context"]["contextActivities"]["category"]]
        assert kinds == template["contextCategoryActivityType"]
        for rule in template["rules"]:
            assert bool(found_at(one, rule["location"])) == (rule["presence"] == "included"), rule
    assert {one["verb"]["id"] for one in every()} == set(templates)


def test_whoever_learned_is_one_account_and_nothing_else():
    for one in every():
        assert one["actor"] == {
            "objectType": "Agent",
            "account": {"homePage": "https://lms.example", "name": "peserta-7f3a"},
        }
        assert not re.search(r"mbox|mailto|openid", json.dumps(one))
    for home, name in (
        ("https://lms.example", "ibu@contoh.example"),
        ("https://lms.example", "Bu Rina"),
        ("https://lms.example", ""),
        ("mailto:ibu@contoh.example", "x"),
        ("https://lms.example?siapa=ibu", "x"),
        ("lms", "x"),
    ):
        with pytest.raises(StatementRefused):
            Account(home, name)


def test_right_is_what_the_pattern_says_and_a_wrong_answer_tells_what_is_held():
    for (lesson, item), one in zip([pair for pair in ITEMS for _ in pair[1].options], every(), strict=False):
        definition = one["object"]["definition"]
        assert definition["correctResponsesPattern"] == [item.answer]
        assert one["result"]["response"] in {each["id"] for each in definition["choices"]}
        assert one["result"]["success"] == (one["result"]["response"] == item.answer)
        held = one["result"]["extensions"].get(f"{HOUSE}/pelajaran/xapi/misconception")
        assert (held is None) == one["result"]["success"], lesson.objective
        assert one["object"]["id"].startswith(f"{HOUSE}/pelajaran/{lesson.objective}/#")


def test_extensions_hold_what_their_schemas_say():
    schemas = {
        one["id"]: json.loads(one["inlineSchema"])
        for one in PROFILE["concepts"]
        if one["type"] == "ResultExtension"
    }
    used = set()
    for one in every():
        for name, value in one["result"].get("extensions", {}).items():
            jsonschema.validate(value, schemas[name])
            used.add(name)
    assert used == set(schemas)


def test_the_profile_speaks_only_of_what_it_defines():
    ids = [one["id"] for part in ("concepts", "templates", "patterns") for one in PROFILE[part]]
    assert len(ids) == len(set(ids)) == 2 + len(COURSE.lessons) + 4 + 3
    (version,) = PROFILE["versions"]
    assert {one["inScheme"] for part in ("concepts", "templates", "patterns") for one in PROFILE[part]} == {
        version["id"]
    }
    for one in PROFILE["patterns"]:
        (told,) = [one[way] for way in ("sequence", "zeroOrMore", "alternates") if way in one]
        assert set([told] if isinstance(told, str) else told) <= set(ids)
    assert sum(one["primary"] for one in PROFILE["patterns"]) == 1
    assert PROFILE["conformsTo"] == "https://w3id.org/xapi/profiles#1.0"


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2099, 1, 1)), st.integers(-12, 14))
def test_the_same_answer_is_the_same_statement_whatever_zone_it_was_told_in(at, hours):
    lesson, item = ITEMS[0]
    moment = at.replace(tzinfo=UTC)
    elsewhere = moment.astimezone(timezone(timedelta(hours=hours)))
    one = statements.answered(SITTING, lesson, item, Answer(item.answer, moment))
    assert one == statements.answered(SITTING, lesson, item, Answer(item.answer, elsewhere))
    assert one["timestamp"].endswith("Z")
    later = statements.answered(SITTING, lesson, item, Answer(item.answer, moment + timedelta(seconds=1)))
    assert later["id"] != one["id"]


def test_what_cannot_be_is_refused():
    lesson, item = ITEMS[0]
    for call in (
        lambda: statements.answered(SITTING, lesson, item, Answer("tidak-ada", NOW)),
        lambda: statements.answered(SITTING, lesson, item, Answer(item.answer, NOW.replace(tzinfo=None))),
        lambda: statements.ended(SITTING, lesson, right=7, asked=6, at=NOW),
        lambda: statements.ended(SITTING, lesson, right=0, asked=0, at=NOW),
    ):
        with pytest.raises(StatementRefused):
            call()
