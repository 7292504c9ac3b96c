"""An entry of an account that needs no guardian's yes follows the law, though nothing is written about the account."""

from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from django.test import Client
from tests.laws.changed import moved

from ruangaman.adapters import packs
from ruangaman.core import law
from ruangaman.rooms.access import api as access
from ruangaman.rooms.access import following, sessions
from ruangaman.rooms.access.models import AccessSession, StatusEntry
from ruangaman.rooms.access.tests.conftest import answer
from ruangaman.rooms.access.tests.openid import Relying, parsed, step
from ruangaman.rooms.access.tests.test_age_checks import school
from ruangaman.rooms.access.tests.test_openid import let_in, token_of
from ruangaman.rooms.access.tests.test_statuses import status_of
from ruangaman.rooms.ages import card_keys, status_lists
from ruangaman.rooms.families import api as families
from ruangaman.rooms.ledger import api as ledger

__all__ = ["school"]

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

EAST = datetime(2026, 12, 9, 15, 0, tzinfo=UTC)  # where 10 December begins first (WIT)
BEGINS = datetime(2026, 12, 9, 17, 0, tzinfo=UTC)  # in the zone that the pack reads days in (WIB)


@pytest.fixture(autouse=True)
def _fresh():
    card_keys._KEPT.clear()
    status_lists._TOLD.clear()


ADULT = """  - id: adult
    when: {age: ">= 18"}
    then: not_a_child
    lifts: all
"""
FROM_ITS_DAY = """  - id: adult
    when: {age: ">= 18"}
    then: not_a_child
    lifts: all
    until: 2026-12-09
    source: [pp17-2025 Art. 1]
    confidence: ">=2"
    text: {id: Sudah 18 tahun., en: Already 18.}
  - id: grown-with-a-word-of-a-guardian
    when: {age: 18..20, consent: granted}
    then: not_a_child
    lifts: all
    from: 2026-12-10
    source: [pp17-2025 Art. 1]
    confidence: ">=2"
    text: {id: Sudah 18 tahun., en: Already 18.}
  - id: under-21
    when: {age: 18..20, consent: [none, pending, lapsed, refused, withdrawn]}
    then: ask_guardian
    with: {who_consents: guardian, consent_kind: consent, window: consent_window}
    lifts: all
    from: 2026-12-10
    source: [pp17-2025 Art. 1]
    confidence: ">=2"
    text: {id: Belum 21 tahun., en: Not yet 21.}
  - id: adult-at-21
    when: {age: ">= 21"}
    then: not_a_child
    lifts: all
    from: 2026-12-10
"""


def changed(old, new):
    files = packs.read_folder(packs.home() / "ID")
    assert old.encode() in files["account.yaml"]
    files["account.yaml"] = files["account.yaml"].replace(old.encode(), new.encode(), 1)
    return law.compile_pack(files)


@cache
def from_twenty_one():
    """The pack of Indonesia with a rule that closes it to whoever is under 21, from 10 December 2026 on."""
    return changed(ADULT, FROM_ITS_DAY)


@cache
def alike():
    """Another pack, which answers alike."""
    return changed("Already 18. The rules", "Already 18, and the rules")


@pytest.fixture
def grown(services, school, hour):
    """(browser, status told, account) of somebody of 18 who signed in; the clock has asked once."""
    relying, browser = Relying.of("ramai"), Client()
    page = let_in(relying, browser, hour, says=18)
    told = parsed(token_of(relying, step(browser, page, "lanjut")))["status"]
    assert access.settle_due(hour()) >= 1
    session = AccessSession.objects.get()
    assert session.request is None
    assert status_of(told, hour()) == "VALID"
    return told, session


def install(monkeypatch, pack):
    """As a process starts that has another pack."""
    monkeypatch.setattr(packs, "load", lambda _jurisdiction, _known=None: pack)
    monkeypatch.setattr(packs, "all", lambda: {"ID": pack})


def test_a_rule_that_begins_on_its_day_turns_the_entry_at_that_second(grown, hour, monkeypatch):
    told, session = grown
    install(monkeypatch, from_twenty_one())
    access.settle_due(hour.pass_(seconds=1))
    entry = StatusEntry.objects.get()
    assert entry.due_at == EAST
    for hour.at in (EAST, BEGINS - timedelta(seconds=1)):
        access.settle_due(hour())
        assert status_of(told, hour()) == "VALID"
    hour.at = BEGINS
    access.settle_due(hour())
    assert status_of(told, hour()) == "INVALID"
    session.refresh_from_db()
    assert session.state != "open"


def test_another_pack_turns_the_entry_though_nothing_is_written_about_the_account(grown, hour, monkeypatch):
    told, session = grown
    assert StatusEntry.objects.get().law == packs.load("ID").law_version["hash"]
    install(monkeypatch, moved())  # a child until 21
    access.settle_due(hour.pass_(seconds=1))
    assert status_of(told, hour()) == "INVALID"
    session.refresh_from_db()
    assert session.state != "open"


def test_a_pack_that_answers_alike_leaves_the_entry_and_is_asked_once(grown, hour, monkeypatch):
    told, _ = grown
    install(monkeypatch, alike())
    assert following.settle_due(hour()) == 1
    assert following.settle_due(hour()) == 0
    assert StatusEntry.objects.get().law == alike().law_version["hash"]
    assert status_of(told, hour()) == "VALID"


def test_what_turns_is_undone_with_its_ledger_entry_or_not_at_all(grown, hour, monkeypatch):
    told, session = grown
    install(monkeypatch, from_twenty_one())
    hour.at = BEGINS
    appended = []
    real = ledger.append
    monkeypatch.setattr(
        ledger,
        "append",
        lambda kind, facts, **more: appended.append((kind, facts)) or real(kind, facts, **more),
    )

    def breaks(*_args, **_more):
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr("ruangaman.rooms.ages.api.set_consent_entries", breaks)
        with pytest.raises(RuntimeError):
            following.settle_due(hour())
    session.refresh_from_db()
    assert session.state == "open"
    assert StatusEntry.objects.get().status == 0
    appended.clear()
    assert following.settle_due(hour()) == 1
    (decided,) = [facts for kind, facts in appended if kind == "access.decided"]
    assert decided["session"] == session.ledger_name
    assert decided["law"] == from_twenty_one().law_version["hash"]
    assert status_of(told, hour()) == "INVALID"


def test_a_guardians_yes_stands_whatever_a_pack_says(platform, hour, monkeypatch):
    house = platform("obrol")
    made = house.sign_up("obrol", age={"at_least": 14, "at_most": 14}).json
    answer(made["id"], yes=True, now=hour())
    told = house.get(f"/v1/sessions/{made['id']}").json["status"]
    install(monkeypatch, from_twenty_one())
    assert following.settle_due(hour()) == 0
    assert status_of(told, hour()) == "VALID"


def test_another_description_of_the_service_is_asked_about_too(grown, hour):
    told, _ = grown
    assert following.settle_due(hour()) == 0
    access.update_service("ramai", named=True, now=hour())
    assert following.settle_due(hour()) == 1
    assert status_of(told, hour()) == "VALID"  # a grown-up is one at any risk


def test_what_is_told_of_the_account_is_looked_at_again(grown, hour):
    _, session = grown
    assert following.settle_due(hour()) == 0
    families.set_child_age(
        families.ChildRef(session.child), {"at_least": 18, "at_most": 40}, "verified", "strict", hour()
    )
    sessions.look_again(session, now=hour())
    assert StatusEntry.objects.get().law == ""
    assert following.settle_due(hour()) == 1


def test_a_closed_account_is_not_asked_about(grown, hour):
    _, session = grown
    AccessSession.objects.filter(id=session.id).update(closed_at=hour(), state="closed")
    StatusEntry.objects.update(law="")
    assert following.settle_due(hour()) == 0
