"""Two who act at once on a pledge: each lines up before it looks, so that neither waits for the other."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ruangaman.rooms.ledger.models import Entry
from ruangaman.rooms.places import config, plan_photos, plans, pledges, roles
from ruangaman.rooms.places.errors import PledgeRefused
from ruangaman.rooms.places.models import Plan, Pledge

from .conftest import NOON
from .plan_files import document, put

TURN = "SELECT 'the turn of the ledger'"


@pytest.fixture
def published(melati, bappeda, settings, tmp_path) -> Plan:
    settings.CITIES_DIR = str(tmp_path)
    put(config.folder(melati.slug), document())
    made = plans.save(melati, plans.read(melati, "abcdef123456"), "Rencana 2027", by=bappeda, now=NOON)
    plans.publish(made, now=NOON)
    made.refresh_from_db()
    return made


@pytest.fixture
def company(person, published):
    found = roles.acting(person("company"), published.city, "pledge")
    assert found is not None
    return found


@pytest.fixture
def pledge(published, company) -> Pledge:
    return pledges.make(crossing(published), promised_on=NOON.date(), who=company, now=NOON)


def crossing(plan: Plan):
    return plan.actions.select_related("plan__city").get(key="crossing")


def meanwhile(monkeypatch, act) -> None:
    """While one waits for the turn, another finishes."""
    monkeypatch.setattr(pledges.ledger, "line_up", act)


def test_a_plan_that_ends_while_one_waits_takes_no_pledge(published, company, monkeypatch):
    action = crossing(published)
    meanwhile(monkeypatch, lambda: Plan.objects.update(ended_at=NOON))
    with pytest.raises(PledgeRefused) as refused:
        pledges.make(action, promised_on=NOON.date(), who=company, now=NOON)
    assert refused.value.facts["why"] == "ended"


def test_a_pledge_withdrawn_meanwhile_is_neither_reminded_nor_late(pledge, hour, monkeypatch):
    later = hour.pass_(days=2)
    meanwhile(monkeypatch, lambda: Pledge.objects.update(withdrawn_at=NOON))
    assert pledges.settle_due(later) == 0
    pledge.refresh_from_db()
    assert (pledge.reminded_at, pledge.late_at) == (None, None)


def test_a_pledge_kept_meanwhile_is_not_withdrawn(pledge, company, monkeypatch):
    meanwhile(monkeypatch, lambda: Pledge.objects.update(kept_at=NOON))
    pledges.withdraw(pledge, by=company.user, now=NOON)
    pledge.refresh_from_db()
    assert (pledge.kept_at, pledge.withdrawn_at) == (NOON, None)


def test_a_pledge_withdrawn_while_another_is_kept_is_not_kept(published, pledge, person, monkeypatch):
    other = roles.acting(person("ngo"), published.city, "pledge")
    second = pledges.make(crossing(published), promised_on=NOON.date(), who=other, now=NOON)
    log = pledges._log

    def logged(kind, row, now, **more):
        log(kind, row, now, **more)
        Pledge.objects.filter(pk=second.pk).update(withdrawn_at=NOON)

    monkeypatch.setattr(pledges, "_log", logged)
    auditor = roles.acting(person("auditor"), published.city, "audit")
    pledges.find(crossing(published), safe=True, found_on=NOON.date(), note="", who=auditor, now=NOON)
    pledge.refresh_from_db()
    second.refresh_from_db()
    assert (pledge.kept_at, second.kept_at, second.withdrawn_at) == (NOON, None, NOON)
    assert Entry.objects.filter(kind="places.pledge-kept").count() == 1


def photo_of(published):
    from .test_plans import picture

    return plan_photos.send(
        crossing(published), picture((30, 30)), taken_on=NOON.date(), by=published.made_by, now=NOON
    )


@pytest.mark.parametrize("act", ["make", "withdraw", "remind", "late", "find", "end", "check"])
def test_whoever_locks_a_row_has_lined_up_before(act, published, company, person, hour, monkeypatch):
    if act in ("withdraw", "remind", "late", "find"):
        row = pledges.make(crossing(published), promised_on=NOON.date(), who=company, now=NOON)
    photo = photo_of(published) if act == "check" else None
    auditor = roles.acting(person("auditor"), published.city, "audit")
    checker = person("pppa")
    if act == "late":
        Pledge.objects.update(reminded_at=NOON)

    def turn() -> None:
        with connection.cursor() as cursor:
            cursor.execute(TURN)

    monkeypatch.setattr(pledges.ledger, "line_up", turn)
    action = crossing(published)
    later = hour.pass_(days=2) if act == "late" else hour.pass_(hours=25)
    if act == "remind":
        Pledge.objects.update(due_at=later.replace(hour=23))
    with CaptureQueriesContext(
        connection,
    ) as said:
        {
            "make": lambda: pledges.make(action, promised_on=later.date(), who=company, now=later),
            "withdraw": lambda: pledges.withdraw(row, by=company.user, now=later),
            "remind": lambda: pledges.settle_due(later),
            "late": lambda: pledges.settle_due(later),
            "find": lambda: pledges.find(
                action, safe=True, found_on=NOON.date(), note="", who=auditor, now=later
            ),
            "end": lambda: plans.end(published, now=later),
            "check": lambda: plan_photos.check(photo, show=False, by=checker, now=later),
        }[act]()
    queries = [one["sql"] for one in said.captured_queries]
    writes = [at for at, one in enumerate(queries) if one.startswith(("UPDATE", "INSERT", "DELETE"))]
    assert writes
    assert TURN in queries[: writes[0]]
