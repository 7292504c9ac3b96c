"""A campaign from its making to its seal: goals, the draw, those who wait, tests, results, and what stays."""

import hashlib
import json
from dataclasses import asdict
from datetime import date, timedelta
from itertools import count

import numpy as np
import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from msgspec.structs import replace

from ruangaman.adapters import clock
from ruangaman.core.learning import drawing, measuring, times
from ruangaman.rooms.learning import api, courses, results
from ruangaman.rooms.learning.campaign_errors import (
    CampaignOver,
    CampaignRefused,
    DrawRefused,
    MessageTooLong,
    OrganiserRefused,
)
from ruangaman.rooms.learning.campaigns import making, organisers
from ruangaman.rooms.learning.group_errors import GroupRefused
from ruangaman.rooms.learning.models import Arrival, Campaign, Group, Organiser, Sheet, Wording
from ruangaman.rooms.learning.tests import classes
from ruangaman.rooms.learning.tests.classes import MONDAY, after, day, send
from ruangaman.rooms.ledger.models import Entry

pytestmark = pytest.mark.django_db

WANTED = {
    "name_id": "Jeli membaca pesan",
    "name_en": "Look twice",
    "objectives": "B3-2",
    "region": "33 Jawa Tengah",
    "reach_goal": "100",
    "effect_goal": "0.20",
    "design": "waitlist",
    "starts_on": "2026-12-07",
    "ends_on": "2027-02-01",
}


class Hour:
    at = MONDAY

    def __call__(self):
        return self.at


@pytest.fixture
def hour(monkeypatch):
    told = Hour()
    monkeypatch.setattr(clock, "now", told)
    return told


@pytest.fixture
def dinas(db) -> Organiser:
    User.objects.create_user("dinas", is_staff=True)
    return organisers.give("dinas", name="Dinas Pendidikan", region="33", now=MONDAY)


@pytest.fixture
def signed_in(client, dinas, hour):
    client.force_login(dinas.user)
    return client


@pytest.fixture
def campaign(dinas):
    def made(**other) -> Campaign:
        told = {
            "name_id": "Jeli membaca pesan",
            "name_en": "Look twice",
            "audience": "B3",
            "objectives": ("B3-2",),
            "region": "33",
            "reach_goal": 100,
            "effect_goal": 0.2,
            "design": "waitlist",
            "starts_on": day(0),
            "ends_on": day(56),
        } | other
        return making.make(dinas, making.Asked(**told), now=MONDAY)

    return made


def entries(kind):
    return [json.loads(bytes(row.entry))["public"] for row in Entry.objects.filter(kind=kind)]


def joined(row: Campaign, count: int = 8, seats: int = 12):
    """Classes in two cities, that joined by the code."""
    regions = ("33.74", "33.72")
    return [
        classes.make(
            campaign=row.code, seats_wanted=seats, region=regions[n % 2], name=f"5{'ABCDEFGHIJ'[n % 10]}"
        )
        for n in range(count)
    ]


def took(told, time, right, when):
    found = [
        told.sheet(n, time, right=right(n), taken_on=day(when).isoformat())
        for n in range(1, told.group.seats + 1)
    ]
    assert {r for r, _ in send(*found, now=after(when))} == {"accepted"}


def learned(row: Campaign, groups, *, gain: int = 2):
    """All classes take their tests; the taught know `gain` items more after 28 days."""
    making.draw(row, now=after(1))
    making.wait_from(row, day(3), now=after(1))
    places = {"teach": count(), "wait": count()}
    for told in groups:
        told.group.refresh_from_db()
        took(told, "pre", lambda n: n % 4, 2)
        if told.group.arm == "teach":
            told.teach(day(3), now=after(2))
        # Groups differ a little, or there would be no interval; those of one arm as those of the other, however the
        # draw went, or luck alone would make a difference.
        extra = gain if told.group.arm == "teach" else 0
        odd = next(places[told.group.arm]) % 3
        took(told, "delayed", lambda n, e=extra, o=odd: min(6, n % 4 + e + (n % (o + 2) == 0)), 31)


def told_of(row: Campaign):
    """What it would tell on its day; the campaign stays as it was."""
    found = results.measured(results.seal(row, after(84)), "B3-2")
    Campaign.objects.filter(pk=row.pk).update(sealed=None, ended_at=None)
    return found


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


def test_the_draw_is_published_and_anybody_can_draw_again(campaign, client):
    row = campaign()
    groups = joined(row, 9)
    classes.make(campaign=row.code).teach(day(0))  # had its lesson before: cannot wait for it
    assert client.get(f"/pelajaran/kampanye/{row.slug}/undian.json").status_code == 404
    making.draw(row, now=after(1))
    told = client.get(f"/pelajaran/kampanye/{row.slug}/undian.json").json()
    again = drawing.arms([one["id"] for one in told["groups"]], told["seed"], *told["arms"])
    assert {one["id"]: one["arm"] for one in told["groups"]} == again
    assert {str(one.group.pk) for one in groups} == set(again)
    assert sorted(again.values()).count("teach") in (4, 5)
    for region in ("33.74", "33.72"):
        arms = list(
            Group.objects.filter(region=region, seats=12).exclude(arm="").values_list("arm", flat=True)
        )
        assert abs(arms.count("teach") - arms.count("wait")) <= 1
    order = json.dumps([one["id"] for one in told["groups"]], separators=(",", ":"))
    entry = entries("learning.campaign-drawn")[0]
    assert (entry["seed"], entry["order"]) == (told["seed"], hashlib.sha256(order.encode()).hexdigest())
    with pytest.raises(DrawRefused) as refused:
        making.draw(row, now=after(2))
    assert refused.value.facts["why"] == "drawn"


def test_a_draw_needs_groups_and_something_to_compare(campaign):
    few = campaign()
    joined(few, 7)
    for row, why in ((few, "groups"), (campaign(design="alone"), "design")):
        with pytest.raises(DrawRefused) as refused:
            making.draw(row, now=after(1))
        assert refused.value.facts["why"] == why
    joined(few, 1)
    few = making.draw(few, now=after(1))
    for day_of, why in ((day(0), "day"), (day(29), "day")):
        with pytest.raises(DrawRefused) as refused:
            making.wait_from(few, day_of, now=after(2))
        assert refused.value.facts["why"] == why


@pytest.mark.parametrize(
    ("field", "said"),
    {
        "name_id": "Ya",
        "name_en": "x" * 81,
        "objectives": ["B3-1", "B4-1"],
        "region": "32",
        "reach_goal": "9",
        "effect_goal": "1.5",
        "design": "best",
        "starts_on": "kemarin",
        "ends_on": "2027-01-03",
    }.items(),
)
def test_what_is_wrong_in_the_form_stands_beside_its_field_and_nothing_is_made(signed_in, field, said):
    answer = signed_in.post(reverse("learning:campaign_new"), WANTED | {field: said})
    assert answer.status_code == 422
    assert f'id="salah-{field}"' in answer.content.decode()
    assert "Look twice" in answer.content.decode() or field == "name_en"
    assert not Campaign.objects.exists()


def test_four_objectives_or_one_twice_are_refused(campaign):
    for wanted in ((), ("B3-1", "B3-2", "B3-3", "B3-4"), ("B3-1", "B3-1"), ("B3-99",)):
        with pytest.raises(CampaignRefused):
            campaign(objectives=wanted)


def test_a_campaign_starts_within_a_year_of_its_making(campaign):
    for start, fits in ((366, True), (367, False), (-366, True), (-367, False)):
        if fits:
            assert campaign(starts_on=day(start), ends_on=day(start + 60)).pk
            continue
        with pytest.raises(CampaignRefused) as refused:
            campaign(starts_on=day(start), ends_on=day(start + 60))
        assert refused.value.facts["why"] == "starts_on"


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


def test_a_message_is_counted_as_people_see_it_and_is_refused_when_too_long(campaign, signed_in):
    row = campaign()
    said = {"headline_id": "Jeli", "headline_en": "Look", "text_en": "Short."}
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    making.word(row, "A", said | {"text_id": "a" * 599 + family}, now=MONDAY)
    assert Wording.objects.get().text_id.endswith(family)
    with pytest.raises(MessageTooLong) as refused:
        making.word(row, "A", said | {"text_id": "a" * 601}, now=MONDAY)
    assert refused.value.facts == {"field": "text_id", "signs": 601, "most": 600}
    answer = signed_in.post(
        f"/pelajaran/kampanye/{row.slug}/kata", said | {"letter": "A", "text_id": "a" * 601}
    )
    assert answer.status_code == 422
    assert "601 huruf dan tanda. Paling banyak 600." in answer.content.decode()
    assert "a" * 601 in answer.content.decode()  # what was written stays


def test_a_campaign_begins_with_the_lessons_own_message_and_two_wordings_stay_as_drawn(campaign):
    row = campaign(design="wordings")
    lesson = courses.lesson("B3-2")[1]
    assert [one.letter for one in row.wordings.order_by("letter")] == ["A", "B"]
    assert row.wordings.first().text_id == lesson.paper.message.id.strip()
    joined(row)
    making.draw(row, now=after(1))
    assert set(Group.objects.values_list("arm", flat=True)) == {"A", "B"}
    with pytest.raises(CampaignRefused) as refused:
        making.word(row, "A", {}, now=after(2))
    assert refused.value.facts["why"] == "drawn"


def test_the_short_address_leads_to_the_lesson_and_counts_days_and_nobody(campaign, client, hour):
    row = campaign()
    code = row.wordings.get().code
    for _ in range(3):
        answer = client.get(f"/pelajaran/p/{code}", HTTP_USER_AGENT="a phone")
        assert answer["Location"] == "/pelajaran/B3-2/"
        assert answer.cookies == {}
    client.head(f"/pelajaran/p/{code}")
    hour.at = after(1)
    client.get(f"/pelajaran/p/{code}")
    assert list(Arrival.objects.order_by("day").values_list("day", "count")) == [(day(0), 3), (day(1), 1)]
    assert {field.name for field in Arrival._meta.fields} == {"id", "wording", "day", "count"}
    assert client.get("/pelajaran/p/ZZZZZZ").status_code == 404


def test_posters_and_codes_are_files_in_both_languages(campaign, client):
    row = campaign()
    for language in ("id", "en"):
        client.cookies["bahasa"] = language
        answer = client.get(f"/pelajaran/kampanye/{row.slug}/poster-A.pdf")
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF")
        assert f"-A-{language}.pdf" in answer["Content-Disposition"]
    assert client.get(f"/pelajaran/kampanye/{row.slug}/qr-A.svg").content.startswith(b"<svg")
    assert client.get(f"/pelajaran/kampanye/{row.slug}/qr-A.png").content.startswith(b"\x89PNG")
    assert client.get(f"/pelajaran/kampanye/{row.slug}/poster-B.pdf").status_code == 404


def test_only_its_organiser_changes_a_campaign(campaign, client, dinas):
    row = campaign()
    desk, act = reverse("learning:campaign", args=[row.slug]), f"/pelajaran/kampanye/{row.slug}/akhiri"
    assert client.get(desk)["Location"].startswith("/")
    assert client.post(act).status_code == 302
    other = User.objects.create_user("tetangga", is_staff=True)
    client.force_login(other)
    assert client.get(desk).status_code == client.post(act).status_code == 403
    organisers.give("tetangga", name="Dinas lain", region="33.74", now=MONDAY)
    assert client.get(desk).status_code == client.post(act).status_code == 403
    client.force_login(dinas.user)
    assert client.get(desk).status_code == 200
    organisers.end("dinas", region="33", now=MONDAY)
    assert client.post(act).status_code == 403
    row.refresh_from_db()
    assert row.ended_at is None


def test_an_organiser_is_given_once_for_a_region_that_there_is(dinas):
    again = organisers.give("dinas", name="Dinas Pendidikan", region="33", now=after(1))
    assert again.pk == dinas.pk
    assert len(entries("learning.organiser-given")) == 1
    for said, why in (
        ({"username": "siapa", "region": "33"}, "user"),
        ({"username": "dinas", "region": "00"}, "region"),
        ({"username": "dinas", "region": "33.7"}, "region"),
        ({"username": "dinas", "region": "33", "name": "x"}, "name"),
    ):
        with pytest.raises(OrganiserRefused) as refused:
            organisers.give(**{"name": "Dinas", "now": MONDAY} | said)
        assert refused.value.facts["why"] == why
    organisers.end("dinas", region="33", now=after(1))
    with pytest.raises(OrganiserRefused):
        organisers.end("dinas", region="33", now=after(1))


def test_a_campaign_that_ended_takes_no_group_and_no_word(campaign):
    row = campaign()
    assert classes.make(campaign=row.code.lower()).group.campaign_id == row.pk
    making.end(row, now=after(1))
    for act in (
        lambda: making.word(row, "A", {}, now=after(1)),
        lambda: making.draw(row, now=after(1)),
        lambda: making.end(row, now=after(1)),
    ):
        with pytest.raises(CampaignOver):
            act()
    for code, now in (
        (row.code, after(1)),
        ("TIDAK1", MONDAY),
        (campaign(ends_on=date(2027, 2, 1)).code, MONDAY + timedelta(days=57)),
    ):
        with pytest.raises(GroupRefused):
            classes.make(campaign=code, now=now)


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
