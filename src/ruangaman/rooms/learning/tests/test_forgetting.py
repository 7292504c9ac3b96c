"""When a group's time is over everything of it is gone, and the ledger says so."""

import json
from datetime import timedelta

import pytest

from ruangaman.rooms.learning import api, results
from ruangaman.rooms.learning.groups import forgetting, making
from ruangaman.rooms.learning.models import DoorCount, Group, PaperRow, Seat, Sheet
from ruangaman.rooms.learning.tests.classes import MONDAY, after, day, make, send
from ruangaman.rooms.ledger.models import Entry

pytestmark = pytest.mark.django_db


def taught(seats_wanted=24, came=24):
    """A class with tests before and on day 28: seat n has n % 4 items right before and two more after."""
    told = make(seats_wanted=seats_wanted)
    assert {r for r, _ in send(*[told.sheet(n, right=n % 4) for n in range(1, came + 1)])} == {"accepted"}
    told.teach(day(0))
    late = [
        told.sheet(n, "delayed", right=n % 4 + 2, taken_on=day(28).isoformat()) for n in range(1, came + 1)
    ]
    assert {r for r, _ in send(*late, now=after(28))} == {"accepted"}
    return told


def entries(kind):
    return [json.loads(bytes(row.entry))["public"] for row in Entry.objects.filter(kind=kind)]


def last(told) -> int:
    """Days until its last one."""
    return (told.group.ends_on - day(0)).days


def test_on_its_last_day_a_group_is_there_and_on_the_next_all_of_it_is_gone():
    told = taught()
    assert api.settle_due(after(56)) == 1  # its results are told
    assert api.settle_due(after(last(told))) == 0
    assert Sheet.objects.count() == 48
    assert Group.objects.get().told is not None
    assert api.settle_due(after(last(told) + 1)) == 1
    assert api.settle_due(after(last(told) + 1)) == 0
    assert (Seat.objects.count(), Sheet.objects.count(), PaperRow.objects.count()) == (0, 0, 0)
    group = Group.objects.get()
    assert (group.name, group.told, group.forgotten_at) == ("", None, after(last(told) + 1))
    entry = entries("learning.sheets-forgotten")[0]
    assert (entry["group"], entry["sheets"]) == (making.digest(group), 40)  # 48, in tens


def test_what_a_class_is_told_is_told_once_and_stays_whatever_comes():
    told = taught()
    assert api.settle_due(after(55)) == 0
    assert results.of_group(Group.objects.get(), "B3-2") is None
    api.settle_due(after(56))
    found = results.of_group(Group.objects.get(), "B3-2")
    assert [(dot.time, round(dot.mean, 4)) for dot in found.arms[0].dots] == [
        ("pre", 0.25),
        ("delayed", round(3.5 / 6, 4)),
    ]
    Sheet.objects.filter(seat__number__gt=12).delete()
    api.settle_due(after(57))
    assert results.of_group(results.tell(told.group, after(58)), "B3-2") == found


def test_a_class_that_was_not_tested_after_its_lesson_is_not_told_and_may_still_change_its_day():
    told = make()
    send(told.sheet(1))
    told.teach(day(0))
    assert api.settle_due(after(57)) == 0
    told.teach(day(60), now=after(58))
    assert Group.objects.get().told is None


def test_nobody_forgets_a_group_on_its_last_day_whoever_asks():
    told = taught()
    assert not forgetting.forget(told.group.pk, now=after(last(told)))
    assert Sheet.objects.count() == 48
    assert forgetting.forget(told.group.pk, now=after(last(told) + 1))
    assert not forgetting.forget(told.group.pk, now=after(last(told) + 1))


def test_of_nine_learners_nothing_stays_not_even_how_many_they_were():
    taught(seats_wanted=9, came=9)
    Sheet.objects.filter(time="delayed").delete()
    assert forgetting.settle(after(73)) == 1
    assert "sheets" not in entries("learning.sheets-forgotten")[0]


def test_the_facilitator_may_take_a_group_away_at_once_and_nothing_is_counted():
    told = taught()
    making.take_away(told.group, now=after(29))
    making.take_away(told.group, now=after(30))
    assert (Seat.objects.count(), Sheet.objects.count()) == (0, 0)
    assert len(entries("learning.group-deleted")) == 1
    assert forgetting.settle(after(200)) == 0
    assert send(told.sheet(1), now=after(30)) == [("refused", "learning.no-such-seat")]


def test_counts_at_doors_are_forgotten_after_a_day_at_whichever_second_the_jobs_come():
    make()
    assert DoorCount.objects.count() == 2  # of the network and of the house
    forgetting.settle(after(0, 20))
    assert DoorCount.objects.count() == 2
    forgetting.settle(after(2) + timedelta(seconds=31))
    assert DoorCount.objects.count() == 0


def test_a_campaign_group_is_kept_until_its_campaign_is_over(campaign):
    made = make(campaign=campaign.code, audience="", objectives=())
    assert made.group.objectives == ["B3-2"]
    assert made.group.ends_on == campaign.ends_on + timedelta(days=30)


@pytest.fixture
def campaign(django_user_model):
    from ruangaman.adapters import ids
    from ruangaman.rooms.learning.models import Campaign, Organiser

    organiser = Organiser.objects.create(
        id=ids.new(MONDAY),
        user=django_user_model.objects.create(username="dinas"),
        name="Dinas",
        given_at=MONDAY,
    )
    return Campaign.objects.create(
        id=ids.new(MONDAY),
        slug="uji",
        organiser=organiser,
        name_id="Uji",
        name_en="Trial",
        audience="B3",
        objectives=["B3-2"],
        region="31.71",
        reach_goal=100,
        effect_goal=0.2,
        design="waitlist",
        starts_on=day(0),
        ends_on=day(200),
        code="KMP7Q2",
        made_at=MONDAY,
    )


def test_the_first_group_of_a_campaign_that_goes_seals_it_before(campaign):
    first, _other = (make(name=name, campaign="kmp-7q2", audience="", objectives=()) for name in ("5A", "5B"))
    assert first.group.campaign == campaign
    Group.objects.filter(pk=first.group.pk).update(ends_on=day(50))
    assert forgetting.settle(after(51)) == 1
    campaign.refresh_from_db()
    assert campaign.sealed["groups"] == 2
    assert forgetting.settle(after(300)) == 1
    assert Seat.objects.count() == 0


def test_sheets_go_on_their_day_though_their_campaign_cannot_be_sealed(campaign, monkeypatch):
    make(campaign="kmp-7q2", audience="", objectives=())

    def fails(*args, **named):
        raise RuntimeError("no results")

    monkeypatch.setattr(results, "_of", fails)
    assert forgetting.settle(after(300)) == 1
    campaign.refresh_from_db()
    assert campaign.sealed is None
    assert Seat.objects.count() == 0
