"""When a group's time is over: counts of ten and more stay, everything else is gone, and the ledger says so."""

import json
from collections import Counter
from datetime import timedelta

import numpy as np
import pytest

from ruangaman.core.learning import seats
from ruangaman.rooms.learning import api, courses, sheets
from ruangaman.rooms.learning.groups import forgetting, making
from ruangaman.rooms.learning.models import DoorCount, Group, Outcome, PaperRow, Seat, Sheet
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


def test_on_its_last_day_a_group_is_there_and_on_the_next_its_sheets_are_gone_and_counts_stay():
    told = taught()
    assert told.group.ends_on == day(72)
    assert api.settle_due(after(72)) == 0
    assert Sheet.objects.count() == 48
    assert api.settle_due(after(73)) == 1
    assert api.settle_due(after(73)) == 0
    assert (Seat.objects.count(), Sheet.objects.count(), PaperRow.objects.count()) == (0, 0, 0)
    group = Group.objects.get()
    assert (group.name, group.forgotten_at) == ("", after(73))
    kept = {(one.time, one.form): one for one in Outcome.objects.all()}
    assert set(kept) == {(time, form) for time in ("pre", "delayed") for form in ("", "A", "B")}
    assert kept["delayed", ""].pairs == {"n": 24, "before": 0.25, "after": round(3.5 / 6, 4)}
    assert kept["pre", ""].pairs == {}
    assert kept["pre", "A"].counts["sheets"] == 12
    entry = entries("learning.sheets-forgotten")[0]
    assert (entry["group"], entry["sheets"]) == (making.digest(group), 48)


def test_no_cell_below_ten_is_written_and_none_can_be_counted_from_the_rest():
    taught(seats_wanted=60, came=60)
    every = list(Sheet.objects.all())
    truth = Counter((row.time, row.form, one[0], one[1]) for row in every for one in row.answers)
    sizes = Counter((row.time, row.form) for row in every)
    forgetting.settle(after(73))
    shown = 0
    for outcome in Outcome.objects.exclude(form=""):
        for item, cells in outcome.counts["items"].items():
            hidden = sizes[outcome.time, outcome.form] - sum(cells.values())
            assert hidden == 0 or hidden >= 10
            for option, count in cells.items():
                assert count == truth[outcome.time, outcome.form, item, option] >= 10
                shown += 1
        assert all(count >= 10 for count in outcome.counts["sure_wrong"].values())
    assert shown > 0


def test_what_hides_one_to_nine_is_not_written_at_all():
    for first in range(0, 31):
        for second in range(0, 31):
            for left in (0, 4):
                told = forgetting.counts_of_ten({"a": first, "b": second}, first + second + left)
                hidden = first + second + left - sum(told.values())
                assert all(count >= 10 for count in told.values())
                assert not told or hidden == 0 or hidden >= 10
    assert forgetting.counts_of_ten({"a": 14, "b": 10}, 24) == {"a": 14, "b": 10}
    assert forgetting.counts_of_ten({"a": 14, "b": 6}, 20) == {}
    assert forgetting.counts_of_ten({"a": 14, "b": 6, "c": 7}, 27) == {"a": 14}


def test_nobody_forgets_a_group_on_its_last_day_whoever_asks():
    told = taught()
    assert not forgetting.forget(told.group.pk, now=after(72))
    assert Sheet.objects.count() == 48
    assert forgetting.forget(told.group.pk, now=after(73))
    assert not forgetting.forget(told.group.pk, now=after(73))


def test_of_nine_learners_nothing_stays_not_even_how_many_they_were():
    taught(seats_wanted=9, came=9)
    Sheet.objects.filter(time="delayed").delete()
    assert forgetting.settle(after(73)) == 1
    assert Outcome.objects.count() == 0
    assert "sheets" not in entries("learning.sheets-forgotten")[0]


def test_the_facilitator_may_take_a_group_away_at_once_and_nothing_is_counted():
    told = taught()
    making.take_away(told.group, now=after(29))
    making.take_away(told.group, now=after(30))
    assert (Seat.objects.count(), Sheet.objects.count(), Outcome.objects.count()) == (0, 0, 0)
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


def test_pairs_as_arrays_are_those_that_a_plain_count_gives():
    one, other = taught(), taught(seats_wanted=14, came=10)
    Sheet.objects.filter(seat__group=one.group, seat__number=3, time="pre").delete()
    groups = [one.group, other.group]
    trial = sheets.trial(groups, "B3-2", "delayed")
    plain = sorted(
        (place, n % 4 / 6, (n % 4 + 2) / 6)
        for place, came in ((0, 24), (1, 10))
        for n in range(1, came + 1)
        if (place, n) != (0, 3)
    )
    found = sorted(zip(trial.cluster.tolist(), trial.before.tolist(), trial.after.tolist(), strict=True))
    assert np.allclose(found, plain)
    assert set(trial.arm.tolist()) == {1}
    assert sheets.trial(groups, "B3-2", "post") is None


def test_a_sheet_whose_day_does_not_fit_the_lesson_any_more_is_not_counted():
    told = taught()
    Group.objects.update(taught_on=day(0) + timedelta(days=10))
    told.group.refresh_from_db()
    assert sheets.trial([told.group], "B3-2", "delayed") is None


def test_answers_of_one_form_as_arrays():
    told = taught()
    found = sheets.answered([told.group], "B3-2", "A", "delayed")
    form = courses.course().forms["B3-2", "A"]
    assert found.items == tuple(item.id for item in form.items)
    mine = [n for n in range(1, 25) if seats.form(n, "delayed") == "A"]
    assert found.right.sum(axis=1).tolist() == [n % 4 + 2 for n in mine]
    assert found.sure.all()
    assert all(len(wrong) == 2 for wrong in found.wrong)
    empty = sheets.answered([told.group], "B3-2", "A", "post")
    assert empty.right.shape == (0, len(form.items))


def test_what_is_left_out_is_wrong():
    told = make()
    sheet = told.sheet(1, right=6)
    sheet["answers"][0] = [sheet["answers"][0][0], "", None]
    assert send(sheet) == [("accepted", "")]
    assert sheets.score(Sheet.objects.get()) == pytest.approx(5 / 6)


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


def test_the_last_group_of_a_campaign_seals_it_before_its_sheets_go(campaign, monkeypatch):
    first, last = (make(name=name, campaign="kmp-7q2", audience="", objectives=()) for name in ("5A", "5B"))
    assert first.group.campaign == campaign
    sealed = []
    monkeypatch.setattr(
        forgetting,
        "_seal",
        lambda one, now: sealed.append((one.slug, Seat.objects.filter(group=last.group).count())),
    )
    Group.objects.filter(pk=first.group.pk).update(ends_on=day(50))
    assert forgetting.settle(after(51)) == 1
    assert sealed == []
    assert forgetting.settle(after(300)) == 1
    assert sealed == [("uji", 12)]
