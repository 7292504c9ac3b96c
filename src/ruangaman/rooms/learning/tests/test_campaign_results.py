"""A campaign from its making to its seal: what is told, of whom, from which day on, and what stays."""

import json
from dataclasses import asdict

import numpy as np
import pytest
from django.urls import reverse
from msgspec.structs import replace

from ruangaman.core.learning import measuring, times
from ruangaman.rooms.learning import api, courses, results
from ruangaman.rooms.learning.group_errors import GroupRefused
from ruangaman.rooms.learning.models import Campaign, Group, Sheet
from ruangaman.rooms.learning.tests import classes
from ruangaman.rooms.learning.tests.campaigning import WANTED, entries, joined, learned, told_of, took
from ruangaman.rooms.learning.tests.classes import after, day

pytestmark = pytest.mark.django_db


def plain_trial(row: Campaign) -> measuring.Trial:
    """Second truth: sheet by sheet, with its own reading of the key."""
    found = []
    for last in Sheet.objects.filter(seat__group__campaign=row, time="delayed").exclude(seat__group__arm=""):
        first = Sheet.objects.filter(seat=last.seat, time="pre").first()
        if first is None:
            continue
        shares = []
        for sheet in (first, last):
            key = {one.id: one.answer for one in courses.course().forms["B3-2", sheet.form].items}
            shares.append(sum(key[name] == chosen for name, chosen, _sure in sheet.answers) / len(key))
        found.append((str(last.seat.group_id), int(last.seat.group.arm == "teach"), *shares))
    names = sorted({one[0] for one in found})
    return measuring.Trial(
        cluster=np.array([names.index(one[0]) for one in found]),
        arm=np.array([one[1] for one in found]),
        before=np.array([one[2] for one in found]),
        after=np.array([one[3] for one in found]),
    )


def test_from_the_making_to_the_seal_with_the_clock_moved(signed_in, hour):
    answer = signed_in.post(reverse("learning:campaign_new"), WANTED)
    row = Campaign.objects.get()
    assert answer["Location"] == reverse("learning:campaign", args=[row.slug])
    assert (row.region, row.objectives, row.audience, row.slug) == (
        "33",
        ["B3-2"],
        "B3",
        "jeli-membaca-pesan",
    )
    desk = signed_in.get(answer["Location"]).content.decode()
    assert row.code in desk
    assert "0 kelompok siap diundi" in desk
    groups = joined(row)
    hour.at = after(1)
    assert signed_in.post(f"/pelajaran/kampanye/{row.slug}/undi").status_code == 302
    assert (
        signed_in.post(f"/pelajaran/kampanye/{row.slug}/hari", {"hari": day(3).isoformat()}).status_code
        == 302
    )
    row.refresh_from_db()
    with pytest.raises(GroupRefused):
        classes.make(campaign=row.code, now=after(1))  # who comes after the draw was not in it
    for told in groups:
        told.group.refresh_from_db()
        took(told, "pre", lambda n: n % 4, 2)
        if told.group.arm == "teach":
            told.teach(day(3), now=after(2))
        extra, odd = 2 * (told.group.arm == "teach"), groups.index(told) % 3
        took(told, "delayed", lambda n, e=extra, o=odd: min(6, n % 4 + e + (n % (o + 2) == 0)), 31)
        # Whoever looks again after each class sees the same: when results come, and nothing of what they are.
        page = signed_in.get(f"/pelajaran/kampanye/{row.slug}/hasil").content.decode()
        assert "<h1>Data belum cukup.</h1>" in page
        assert "Hasil tampil satu kali, pada 1 Maret 2027" in page
        assert "%" not in page.partition("<h1>")[2]
    hour.at = after(32)
    listed = signed_in.get("/pelajaran/kampanye/").content.decode()
    assert "Sasaran peserta belum tercapai." in listed  # 96 of 100, told as 90
    assert "<dd>90</dd>" in listed
    assert "Sasaran belajar belum tercapai." in listed
    sums = signed_in.get("/pelajaran/hasil/").content.decode()
    assert "%" not in sums.partition("<h1>")[2]
    hour.at = after(83)
    api.settle_due(hour.at)
    page = signed_in.get(f"/pelajaran/kampanye/{row.slug}/hasil").content.decode()
    assert "<h1>Data belum cukup.</h1>" in page
    # On its day its results are told, later its sheets forgotten; the page says the same.
    hour.at = after(84)
    api.settle_due(hour.at)
    row.refresh_from_db()
    assert row.sealed is not None
    before = results.measured(row, "B3-2")
    page = signed_in.get(f"/pelajaran/kampanye/{row.slug}/hasil").content.decode()
    assert "<h1>Setelah 28 hari, kelompok yang diajar lebih tahu.</h1>" in page
    assert entries("learning.campaign-sealed") == [
        {"campaign": row.slug, "digest": results.digest(row), "made_up": False}
    ]
    hour.at = after(200)
    while api.settle_due(hour.at):
        pass
    assert Sheet.objects.count() == 0
    assert results.measured(Campaign.objects.get(), "B3-2") == before
    page = signed_in.get(f"/pelajaran/kampanye/{row.slug}/hasil").content.decode()
    assert "<h1>Setelah 28 hari, kelompok yang diajar lebih tahu.</h1>" in page
    assert results.digest(row) in page
    listed = signed_in.get("/pelajaran/kampanye/").content.decode()
    assert "Sasaran peserta tidak tercapai." in listed
    sums = signed_in.get("/pelajaran/hasil/").content.decode()
    assert "Jawa Tengah" in sums
    assert "33.74, Jawa Tengah" in sums
    assert "%" in sums.partition("<h1>")[2]


def test_the_headline_is_that_of_a_trial_put_together_otherwise(campaign):
    row = campaign()
    learned(row, joined(row))
    told = told_of(row)
    expected = measuring.of_clusters(plain_trial(row))
    assert asdict(told.headline) == pytest.approx(asdict(expected))
    assert told.headline.high - told.headline.low > 0.001
    assert [arm.learners for arm in told.arms] == [40, 40]  # 48 each, told in tens
    assert sum(arm.clusters for arm in told.arms) == 8
    assert {dot.time for arm in told.arms for dot in arm.dots} == {"pre", "delayed"}


def test_groups_that_joined_without_a_draw_and_those_of_others_count_for_nothing(campaign):
    row = campaign()
    groups = joined(row)
    learned(row, groups)
    before = told_of(row)
    stray = classes.make(seats_wanted=12)
    Group.objects.filter(pk=stray.group.pk).update(campaign=row)  # as if it had joined later
    stray.group.refresh_from_db()
    took(stray, "pre", lambda n: 0, 0)
    stray.teach(day(3))
    took(stray, "delayed", lambda n: 6, 31)
    assert told_of(row) == before


def test_tests_outside_their_days_do_not_count(campaign):
    row = campaign()
    groups = joined(row)
    learned(row, groups)
    assert told_of(row).verdict == "more"
    Sheet.objects.filter(time="delayed").update(taken_on=day(3 + 43))
    assert told_of(row).verdict == "few"


def test_sheets_that_come_on_the_day_of_telling_or_later_count_nowhere(campaign):
    row = campaign()
    learned(row, joined(row))
    Sheet.objects.filter(time="delayed").update(arrived_at=after(3 + times.TOLD_AFTER - 1))
    assert told_of(row).verdict == "more"
    Sheet.objects.filter(time="delayed").update(arrived_at=after(3 + times.TOLD_AFTER))
    assert told_of(row).verdict == "few"


def test_sheets_of_a_form_with_other_items_are_not_scored_by_todays_key(campaign):
    row = campaign()
    learned(row, joined(row))
    for sheet in Sheet.objects.filter(time="delayed"):
        sheet.answers = [["B3-2-A-old", *sheet.answers[0][1:]], *sheet.answers[1:]]
        sheet.save(update_fields=["answers"])
    assert told_of(row).verdict == "few"


def test_a_class_whose_lesson_was_too_late_for_the_campaigns_day_is_not_told_by_it(campaign):
    row = campaign(design="alone")
    told = joined(row, 1)[0]
    took(told, "pre", lambda n: 1, 0)
    told.teach(day(30), now=after(30))
    took(told, "delayed", lambda n: 4, 58)
    assert told_of(row).verdict == "few"


def test_one_campaign_or_class_that_cannot_be_told_keeps_no_other_back(campaign, monkeypatch):
    bad, good = campaign(), campaign()
    told = joined(good, 2, seats=10)
    for one in told:
        took(one, "pre", lambda n: 1, 0)
        one.teach(day(1))
        took(one, "delayed", lambda n: 4, 29)
    ours = results._of

    def fails(groups, *args, **named):
        if not groups or groups[0].pk == told[0].group.pk:
            raise RuntimeError("a lesson that cannot be read")
        return ours(groups, *args, **named)

    joined(bad, 1)
    monkeypatch.setattr(results, "_of", fails)
    api.settle_due(after(84))
    for one in told:
        one.group.refresh_from_db()
    assert [one.group.told is None for one in told] == [True, False]
    monkeypatch.setattr(results, "settle", fails)
    Group.objects.update(ends_on=day(90))
    assert api.settle_due(after(91)) == 3
    assert Sheet.objects.count() == 0


def test_nothing_learned_is_told_so_and_goals_that_were_missed_are_too(campaign, signed_in, hour):
    row = campaign(reach_goal=500)
    learned(row, joined(row), gain=0)
    assert told_of(row).verdict == "same"
    hour.at = after(84)
    api.settle_due(hour.at)
    page = signed_in.get("/pelajaran/kampanye/").content.decode()
    assert "Belum terlihat bedanya." in page
    assert "Sasaran peserta tidak tercapai." in page
    assert "Sasaran belajar tidak tercapai." in page


def test_alone_nothing_is_compared_and_the_page_says_that_nobody_knows_why(campaign, signed_in, hour):
    row = campaign(design="alone")
    told = joined(row, 1)[0]
    took(told, "pre", lambda n: 1, 0)
    told.teach(day(1))
    took(told, "delayed", lambda n: 4, 29)
    own = f"/pelajaran/pemandu/{told.token}/hasil"
    api.settle_due(after(56))
    assert "<h1>Data belum cukup.</h1>" in signed_in.get(own).content.decode()
    assert "pada 2 Februari 2027" in signed_in.get(own).content.decode()
    assert "%" not in signed_in.get(own.removesuffix("hasil")).content.decode().partition("<h1>")[2]
    api.settle_due(after(57))
    mine = signed_in.get(own.removesuffix("hasil")).content.decode()
    assert "Kelas ini: 17% benar sebelum pelajaran, 67% setelah 28 hari." in mine
    api.settle_due(after(84))
    page = signed_in.get(f"/pelajaran/kampanye/{row.slug}/hasil").content.decode()
    assert "<h1>Jawaban benar: 17% sebelum, 67% setelah 28 hari.</h1>" in page
    assert "Tanpa kelompok yang menunggu, tidak ada yang tahu apa sebabnya." in page
    own = signed_in.get(own)
    assert "Kelas ini: 17% benar sebelum pelajaran, 67% setelah 28 hari." in own.content.decode()
    assert own["Cache-Control"] == "no-store"
    assert signed_in.get(f"/pelajaran/pemandu/{'A' * 43}/hasil").status_code == 404


def test_of_nine_learners_nothing_is_shown(campaign, signed_in):
    row = campaign(design="alone")
    told = joined(row, 1, seats=9)[0]
    took(told, "pre", lambda n: 1, 0)
    told.teach(day(1))
    took(told, "delayed", lambda n: 4, 29)
    api.settle_due(after(84))
    own = signed_in.get(f"/pelajaran/pemandu/{told.token}/hasil").content.decode()
    assert "Kelompok terlalu kecil untuk ditampilkan." in own
    assert "17%" not in own
    page = signed_in.get(f"/pelajaran/kampanye/{row.slug}/hasil").content.decode()
    assert "Data belum cukup." in page
    assert "17%" not in page
    assert "kurang dari 10" in signed_in.get("/pelajaran/hasil/").content.decode()


def test_what_fewer_than_ten_chose_or_left_is_not_on_the_page(campaign):
    row = campaign()
    groups = joined(row)
    learned(row, groups)
    told = told_of(row)
    delayed = list(Sheet.objects.filter(time="delayed", seat__group__arm="teach"))
    held: dict[str, int] = {}
    met: dict[str, int] = {}
    for sheet in delayed:
        form = {item.id: item for item in courses.course().forms["B3-2", sheet.form].items}
        options = {o.misconception for item in form.values() for o in item.options if o.misconception}
        chosen = {o.misconception for name, c, _s in sheet.answers for o in form[name].options if o.id == c}
        for one in options:
            met[one] = met.get(one, 0) + 1
        for one in chosen - {None}:
            held[one] = held.get(one, 0) + 1
    fitting = {one: n / met[one] for one, n in held.items() if n >= 10 and met[one] - n >= 10}
    expected = sorted(fitting.items(), key=lambda pair: (-pair[1], pair[0]))[:3]
    shown = [(one.misconception, one.share) for one in told.misconceptions]
    assert shown == [(one, pytest.approx(share)) for one, share in expected]
    assert {one.sure for one in told.misconceptions} <= {
        None
    }  # all were sure: of those who were not, nobody is told
    assert {arm.away for arm in told.arms} == {None}  # nobody stayed away: that is not told either


def test_results_of_a_withdrawn_lesson_are_still_told(campaign, client, monkeypatch):
    row = campaign()
    learned(row, joined(row))
    results.seal(row, after(84))
    course = courses.course()
    less = replace(course, lessons={k: v for k, v in course.lessons.items() if k != "B3-2"})
    monkeypatch.setattr(courses, "course", lambda: less)
    for address in ("/pelajaran/kampanye/", f"/pelajaran/kampanye/{row.slug}/hasil", "/pelajaran/hasil/"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert "kelompok yang diajar lebih tahu" in answer.content.decode()


def test_a_seal_stays_as_it_is_whatever_comes_later(campaign):
    row = campaign()
    groups = joined(row)
    learned(row, groups)
    sealed = results.seal(row, after(40))
    digest = results.digest(sealed)
    Sheet.objects.filter(time="delayed").delete()
    assert results.digest(results.seal(Campaign.objects.get(), after(41))) == digest
    assert results.measured(Campaign.objects.get(), "B3-2").verdict == "more"
    assert len(entries("learning.campaign-sealed")) == 1
    text = json.dumps(sealed.sealed)
    assert not any(str(one) in text for one in Group.objects.values_list("pk", flat=True))
    assert "5A" not in text
