"""Indonesia's pack as the story's people meet it, and what it must never hide."""

import importlib.util
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest

from ruangaman.adapters import packs

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
CHILDREN = {"Sari": "2016-05-10", "Bima": "2012-06-01", "Ayu": "2009-05-24"}
SERVICES = {
    "Dongeng Kita": {"risk_profile": "low", "designed_for_children": True, "type": "stories"},
    "Obrol": {"risk_profile": "low", "designed_for_children": False, "type": "chat"},
    "Ramai": {"risk_profile": "high", "designed_for_children": False, "type": "social_media"},
}


def ask(question: str, **facts: object) -> object:
    return packs.load("ID").ask({"question": question, **facts}, now=NOW)


@pytest.mark.parametrize(
    ("child", "service", "before", "after"),
    [
        ("Sari", "Dongeng Kita", "ask_guardian", "allow"),
        ("Sari", "Obrol", "deny", "deny"),
        ("Sari", "Ramai", "deny", "deny"),
        ("Bima", "Dongeng Kita", "ask_guardian", "allow"),
        ("Bima", "Obrol", "ask_guardian", "allow"),
        ("Bima", "Ramai", "deny", "deny"),
        ("Ayu", "Dongeng Kita", "ask_guardian", "allow"),
        ("Ayu", "Obrol", "ask_guardian", "allow"),
        ("Ayu", "Ramai", "ask_guardian", "allow"),
    ],
)
def test_each_child_at_each_door(child: str, service: str, before: str, after: str) -> None:
    facts = {"age": {"birth_date": CHILDREN[child]}, "service": SERVICES[service]}
    assert ask("account", **facts, consent={"state": "none"}).outcome == before
    assert ask("account", **facts, consent={"state": "granted", "by": "parent"}).outcome == after


def test_a_law_that_closes_a_door_says_so_and_does_not_blame_the_parent() -> None:
    answer = ask("account", age={"birth_date": CHILDREN["Sari"]}, service=SERVICES["Ramai"])
    assert answer.text["id"] == "Nanti, 16 tahun. Risikonya tinggi. Aturan menutupnya, bukan orang tua."
    obrol = ask("account", age={"birth_date": CHILDREN["Sari"]}, service=SERVICES["Obrol"])
    assert obrol.text["id"].startswith("Nanti, 13 tahun.")


def test_ayu_may_agree_herself_and_her_parent_is_told_and_confirms() -> None:
    facts = {"age": {"birth_date": CHILDREN["Ayu"]}, "service": SERVICES["Ramai"]}
    first = ask("account", **facts, consent={"state": "none"})
    assert first.extras["consent_kind"] == "confirmation"
    own = {"state": "granted", "by": "child"}
    told = ask("account", **facts, consent=own | {"parent_notified": False, "parent_confirmed": False})
    assert (told.outcome, told.actions) == ("wait", ("notify_parent",))
    waiting = ask("account", **facts, consent=own | {"parent_notified": True, "parent_confirmed": False})
    assert waiting.outcome == "wait"
    confirmed = ask("account", **facts, consent=own | {"parent_notified": True, "parent_confirmed": True})
    assert confirmed.outcome == "allow"


def test_low_risk_is_enough_to_answer_without_the_kind_of_service() -> None:
    service = {"risk_profile": "low", "designed_for_children": True}
    consent = {"state": "granted", "by": "parent"}
    assert ask("account", age={"birth_date": CHILDREN["Sari"]}, service=service, consent=consent).open


def test_social_media_with_a_stated_low_risk_stays_closed_under_16() -> None:
    service = {"risk_profile": "low", "designed_for_children": False, "type": "social_media"}
    consent = {"state": "granted", "by": "parent"}
    answer = ask("account", age={"birth_date": CHILDREN["Bima"]}, service=service, consent=consent)
    assert (answer.outcome, answer.reason) == ("deny", "ID/account/social-media-is-high-risk")


def test_only_16_or_older_is_asked_where_only_that_matters() -> None:
    answer = ask(
        "account",
        age={"at_least": 13, "at_most": 17},
        service=SERVICES["Ramai"],
        consent={"state": "granted", "by": "parent"},
    )
    assert answer.outcome == "ask_age"
    assert answer.settles == ({"fact": "age", "at_least": [16]},)


def test_what_the_law_does_not_number_has_no_number() -> None:
    for clock in ("data_deletion", "complaint_handling", "profile_publication", "reassessment_period"):
        due = packs.load("ID").due(clock, NOW)
        assert due.due_at is None, clock
        assert due.doubt, clock
    assert (
        packs.load("ID").due("consent_window", NOW, facts={"age": {"at_least": 17, "at_most": 17}}).due_at
        is None
    )
    assert ask("fine_amount").outcome == "unclear"
    assert ask("fine_amount").value is None


def test_a_filing_day_that_may_be_a_working_day_shows_both_and_the_earlier_first() -> None:
    due = packs.load("ID").due("clarification_window", datetime(2026, 7, 1, 3, tzinfo=UTC))
    assert [name for name, _ in due.readings] == ["calendar", "working"]
    (_, calendar), (_, working) = due.readings
    assert calendar is not None
    assert working is not None
    assert calendar < working
    assert due.due_at == calendar


def test_the_first_assessment_is_due_by_when_the_service_began() -> None:
    for question, due in (
        ("first_self_assessment", "2026-06-06"),
        ("later_self_assessment_room", "2026-12-31"),
    ):
        older, newer, unknown = (
            ask(question, **facts) for facts in ({"live_since": 20260305}, {"live_since": 20260306}, {})
        )
        assert older.value["due_on"] == due
        assert older.doubt == ()
        for answer in (newer, unknown):
            assert (answer.outcome, answer.value["due_on"]) == ("unclear", None)
            assert [one["id"] for one in answer.doubt] == ["newer_service_no_period"]


def test_a_feature_that_the_law_does_not_name_says_so_and_stays_off() -> None:
    pack = packs.load("ID")
    named = {"precise_location", "profiling_recommender", "personalised_ads", "hidden_nudges", "public_profile",
             "parental_supervision", "monitoring_notice", "report_channel"}  # fmt: skip
    for feature in pack.source.facts["feature"].words:
        answer = ask("feature", feature=feature, age={"at_least": 10, "at_most": 10})
        assert answer.decided, feature
        assert answer.managed_by in ("child", "guardian", "nobody"), feature
        assert (answer.extras["named_in_law"] == "yes") == (feature in named), feature
        if feature not in named:
            assert answer.confidence == "unclear", feature
            assert answer.doubt, feature


def test_an_address_is_not_a_parent() -> None:
    answer = ask("guardian_proof", contact_proven=True, relation_proven=False)
    assert (answer.outcome, answer.extras["level"]) == ("not_proven", "relation")
    assert [doubt["id"] for doubt in answer.doubt] == ["guardian_proof_method"]
    assert not ask("guardian_proof", contact_proven=True).open


def refresher() -> ModuleType:
    place = Path(__file__).resolve().parents[2] / "scripts" / "refresh_holidays.py"
    spec = importlib.util.spec_from_file_location("refresh_holidays", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_holidays_are_those_of_the_pinned_library() -> None:
    module = refresher()
    assert module.TARGET.read_text(encoding="utf-8") == module.rendered()
