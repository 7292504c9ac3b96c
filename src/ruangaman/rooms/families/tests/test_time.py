"""Lapse to the second, birthdays to the day, sessions to the quarter of an hour."""

from datetime import UTC, datetime, timedelta

import pytest

from ruangaman.adapters import clock
from ruangaman.rooms.families import actions, api
from ruangaman.rooms.families.errors import RequestLapsed
from ruangaman.rooms.families.models import Guardian, RecordEvent
from ruangaman.rooms.ledger import api as ledger

from .conftest import ASK, DAY, DONGENG, NOW, SECOND, row, state

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)


@pytest.fixture
def proven(ask, mother, time) -> Guardian:
    """The mother, known since an earlier request."""
    mother.answer(ask("Bima", 14), "yes", "bima")
    mother.answer(ask(), "no", "sari")
    return Guardian.objects.get()


def again(ask):
    from ruangaman.rooms.families.models import ConsentRequest

    return ask(child=ConsentRequest.objects.get(state="refused").child_id)


@pytest.mark.parametrize(
    ("late", "then"), [(-SECOND, "given"), (timedelta(0), "given"), (TICK, None), (SECOND, None)]
)
def test_a_reply_is_in_time_up_to_the_due_instant_and_late_after_it(ask, proven, time, late, then):
    invitation = again(ask)
    time.move(DAY + late)
    if then:
        actions.answer(invitation.request, guardian=proven.pk, yes=True, now=clock.now())
        assert state(invitation) == then
    else:
        with pytest.raises(RequestLapsed):
            actions.answer(invitation.request, guardian=proven.pk, yes=True, now=clock.now())
        assert state(invitation) == "lapsed"


def test_the_lapse_is_seen_without_any_job_and_written_with_the_due_time(ask, heard, time):
    invitation = ask()
    due = clock.now() + DAY
    time.move(DAY + 3 * SECOND)
    view = api.consent_of(invitation.request, now=clock.now())
    assert (view.state, view.law, view.changed_at) == ("lapsed", {"state": "lapsed", "by": "parent"}, due)
    assert row(invitation).state == "requested"
    time.move(40 * DAY)
    assert api.settle_due(clock.now()) >= 1
    assert row(invitation).state == "lapsed"
    assert row(invitation).changed_at == due
    assert heard[-1].kind == "consent.lapsed"
    assert heard[-1].at == due
    written = RecordEvent.objects.get(event_state="ruangaman:RequestLapsed")
    assert written.event_time == due
    assert ledger.entry(written.ledger_index).at == due
    count = len(heard)
    assert api.settle_due(clock.now()) == 0
    assert len(heard) == count


def test_the_page_of_a_lapsed_request_has_no_buttons(ask, mother, time):
    invitation = ask()
    time.move(DAY + SECOND)
    page = mother.get(invitation.find_url).content.decode()
    assert "Waktunya sudah lewat. Aplikasi tetap tertutup." in page
    assert "Ya, izinkan" not in page
    mother.say(invitation, "yes")
    assert row(invitation).state == "requested"


def test_a_new_request_after_a_lapse_is_linked_and_writes_the_lapse_first(ask, heard, time):
    first = ask()
    time.move(2 * DAY)
    second = ask(child=row(first).child_id, linked_to=first.request)
    assert row(second).linked_to_id == first.request
    assert row(first).state == "lapsed"
    assert [one.kind for one in heard] == ["consent.requested", "consent.lapsed", "consent.requested"]


def test_a_second_request_replaces_the_one_that_waits(ask):
    first = ask()
    second = ask(child=row(first).child_id)
    assert state(first) == "replaced"
    assert state(second) == "requested"
    assert api.consent_of(first.request, now=clock.now()).law["state"] == "lapsed"


def test_a_yes_that_lives_is_not_asked_again(ask, mother):
    first = ask()
    mother.answer(first, "yes", "sari")
    with pytest.raises(api.RequestRefused, match="already-given"):
        ask(child=row(first).child_id)


def test_a_birthday_that_changes_the_band_is_told_at_midnight_where_the_law_counts(ask, heard, time):
    ask("Sari", {"birth_date": "2013-11-26"})
    api.settle_due(clock.now())
    assert not [one for one in heard if one.kind == "child.age_band_changed"]
    time.move(4 * DAY)
    api.settle_due(clock.now())
    api.settle_due(clock.now())
    (told,) = [one for one in heard if one.kind == "child.age_band_changed"]
    assert told.at == datetime(2026, 11, 25, 17, 0, tzinfo=UTC)
    assert told.service_ref == DONGENG.service_ref
    assert told.facts == {}


def test_no_birthday_can_be_read_from_the_table(ask):
    ask("Sari", {"birth_date": "2013-11-26"})
    from ruangaman.rooms.families.models import Child

    values = [str(value) for value in Child.objects.values_list().get()]
    assert not [value for value in values if "2013" in value or "11-26" in value]


def test_fifteen_quiet_minutes_close_the_session(ask, mother, time):
    mother.answer(ask(), "yes", "sari")
    time.move(timedelta(minutes=14))
    assert mother.get("/keluarga/").status_code == 200
    time.move(timedelta(minutes=14))
    assert mother.get("/keluarga/").status_code == 200
    time.move(timedelta(minutes=15, seconds=1))
    page = mother.browser.get("/keluarga/", follow=True).content.decode()
    assert "Sesi ditutup demi keamanan" in page


def test_a_consent_with_an_end_expires_at_that_end(ask, mother, heard, time):
    from ruangaman.rooms.families.models import ConsentRequest

    invitation = ask()
    mother.answer(invitation, "yes", "sari")
    end = NOW + 10 * DAY
    ConsentRequest.objects.filter(pk=invitation.request).update(ends_at=end)
    time.move(10 * DAY)
    assert state(invitation) == "expired"
    api.settle_due(clock.now())
    assert row(invitation).state == "expired"
    assert row(invitation).ended_at == end
    assert ASK
