"""An organiser makes a campaign, draws, words it and ends it; groups join; what does not fit is refused."""

import hashlib
import json
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from ruangaman.core.learning import drawing
from ruangaman.rooms.learning import courses, made_up
from ruangaman.rooms.learning.campaign_errors import (
    CampaignOver,
    CampaignRefused,
    DrawRefused,
    MessageTooLong,
    OrganiserRefused,
)
from ruangaman.rooms.learning.campaigns import making, organisers
from ruangaman.rooms.learning.group_errors import GroupRefused
from ruangaman.rooms.learning.models import Arrival, Campaign, Group, Wording
from ruangaman.rooms.learning.tests import classes
from ruangaman.rooms.learning.tests.campaigning import WANTED, entries, joined
from ruangaman.rooms.learning.tests.classes import MONDAY, after, day

pytestmark = pytest.mark.django_db


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


def test_after_the_last_day_of_a_lesson_nobody_draws_and_nobody_joins(campaign, signed_in, hour):
    row, alone = campaign(), campaign(design="alone")
    joined(row)
    desk = f"/pelajaran/kampanye/{row.slug}/"
    hour.at = after(28)
    page = signed_in.get(desk).content.decode()
    assert "8 kelompok siap diundi. Perlu 8 atau lebih." in page
    assert "Paling lambat 4 Januari 2027." in page
    assert row.code in page
    assert classes.make(campaign=row.code, now=hour.at).group.campaign_id == row.pk
    hour.at = after(29)
    with pytest.raises(DrawRefused) as refused:
        making.draw(row, now=hour.at)
    assert refused.value.facts["why"] == "late"
    with pytest.raises(GroupRefused) as refused:
        classes.make(campaign=row.code, now=hour.at)
    assert refused.value.facts["why"] == "too-late"
    late = "Sudah terlambat untuk diundi. Hari terakhir untuk pelajaran sudah lewat."
    page = signed_in.get(desk).content.decode()
    assert "Undi sekarang" not in page
    assert page.count(late) == 1
    assert "Kampanye ini tidak menerima kelompok lagi." in page
    assert row.code not in page
    answer = signed_in.post(f"{desk}undi")
    assert answer.status_code == 422
    assert answer.content.decode().count(late) == 1
    signed_in.cookies["bahasa"] = "en"
    assert (
        "It is too late for a draw. The last day for a lesson is over."
        in signed_in.get(desk).content.decode()
    )
    # Where nothing is compared a class is reached all the same.
    assert classes.make(campaign=alone.code, now=hour.at).group.campaign_id == alone.pk


def test_once_drawn_the_desk_gives_no_code_that_nobody_can_use(campaign, signed_in, hour):
    row = campaign()
    joined(row)
    making.draw(row, now=MONDAY)
    page = signed_in.get(f"/pelajaran/kampanye/{row.slug}/").content.decode()
    assert "Diundi 7 Desember 2026. Setelah itu tidak ada kelompok yang bergabung." in page
    assert row.code not in page


def test_the_made_up_campaign_acts_on_days_that_fit(db):
    User.objects.create_user("dinas", is_staff=True)
    row = made_up.campaign("dinas", region="99", seed=3, now=MONDAY)
    groups = Group.objects.filter(campaign=row)
    assert row.made_at.date() <= row.starts_on < row.drawn_at.date() <= making.last_lesson(row)
    assert {one.made_at < row.drawn_at < MONDAY - made_up.TAUGHT for one in groups} == {True}


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
