"""How long a group lives, who may join a campaign with it, and how many there may be."""

from contextlib import suppress
from datetime import timedelta

import pytest

from ruangaman.adapters import clock, ids
from ruangaman.rooms.learning.group_errors import GroupRefused, TooMany
from ruangaman.rooms.learning.groups import counting, making
from ruangaman.rooms.learning.models import Campaign, Group, Organiser
from ruangaman.rooms.learning.tests.classes import MONDAY, after, day, make

pytestmark = pytest.mark.django_db


def why(*args, **told):
    with pytest.raises(GroupRefused) as refused:
        args[0](*args[1:], **told)
    return refused.value.facts["why"]


def test_a_group_without_a_lesson_lives_a_term_and_with_one_until_its_paper_is_typed():
    told = make()
    assert told.group.ends_on == day(120)
    told.teach(day(10))
    assert told.group.ends_on == day(10 + 42 + 30)
    told.teach(None)
    assert told.group.ends_on == day(120)


def test_the_last_day_of_a_group_is_not_moved_for_ever():
    told, last = make(), day(0)
    for passed in range(0, 400, 12):
        with suppress(GroupRefused):
            making.teach(told.group, day(passed + 12), now=after(passed))
        told.group.refresh_from_db()
        assert told.group.ends_on >= last
        last = told.group.ends_on
    assert last == day(72 + 72)
    assert why(making.teach, told.group, day(1), now=after(145)) == "over"
    assert why(making.teach, make().group, day(73), now=MONDAY) == "day"


@pytest.fixture
def campaign(django_user_model):
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


JOINING = {"campaign": "KMP7Q2", "audience": "", "objectives": ()}


def test_a_group_lies_in_the_region_of_its_campaign(campaign):
    for region, kept in (("", "31.71"), ("31.71", "31.71"), ("31.71.01", "31.71.01")):
        assert make(region=region, **JOINING).group.region == kept
    for region in ("31", "31.72", "33.74.01"):
        assert why(make, region=region, **JOINING) == "outside"
    assert why(make, region="98", **JOINING) == "region"
    assert make(region="33.74").group.region == "33.74"


def test_a_lesson_comes_no_later_than_its_campaign_can_compare(campaign):
    told = make(**JOINING)
    Campaign.objects.update(ends_on=day(58))
    told.teach(day(30))
    with pytest.raises(GroupRefused) as refused:
        making.teach(told.group, day(31), now=MONDAY)
    assert (refused.value.code, refused.value.facts) == (
        "learning.group-refused",
        {"why": "late", "last": day(30).isoformat()},
    )
    told.group.refresh_from_db()
    assert told.group.taught_on == day(30)
    told.teach(None)


@pytest.mark.parametrize("design", ["waitlist", "wordings"])
def test_of_campaigns_that_compare_the_page_of_a_group_names_the_last_day(
    campaign, client, monkeypatch, design
):
    monkeypatch.setattr(clock, "now", lambda: MONDAY)
    told = make(**JOINING)
    address = f"/pelajaran/pemandu/{told.token}/"
    Campaign.objects.update(ends_on=day(58), design=design)
    assert "Paling lambat 6 Januari 2027." in client.get(address).content.decode()
    answer = client.post(f"{address}hari", {"hari": day(31).isoformat()})
    assert answer.status_code == 400
    said = "Pilih hari paling lambat 6 Januari 2027. Kampanye ini selesai 28 hari setelahnya."
    assert said in answer.content.decode()
    Campaign.objects.update(design="alone")
    assert "Paling lambat" not in client.get(address).content.decode()
    told.teach(day(31))


def test_a_group_that_comes_while_the_groups_are_drawn_is_refused(campaign, monkeypatch):
    real, waited = making.counting.check, []

    def drawn_meanwhile(kind, *args, **told):
        if kind == "house":
            waited.append(Campaign.objects.update(drawn_at=MONDAY))
        return real(kind, *args, **told)

    monkeypatch.setattr(making.counting, "check", drawn_meanwhile)
    assert why(make, **JOINING) == "drawn"
    assert waited == [1]
    assert Group.objects.count() == 0


def test_codes_of_campaigns_are_not_guessed_for_ever(campaign, monkeypatch):
    monkeypatch.setattr(counting, "WRONG_CAMPAIGNS_AN_HOUR", 2)
    for wrong in ("AAAA22", "no"):
        assert why(make, campaign=wrong) == "campaign"
    with pytest.raises(TooMany):
        make(**JOINING)
    assert make(network="198.51.100.1", **JOINING).group.campaign == campaign
    assert make(now=MONDAY + timedelta(hours=1), **JOINING).group.campaign == campaign


def test_many_networks_together_do_not_fill_the_house(monkeypatch):
    monkeypatch.setattr(counting, "GROUPS_OF_HOUSE_A_DAY", 3)
    for number in range(3):
        make(network=f"198.51.100.{number}")
    with pytest.raises(TooMany):
        make(network="198.51.100.9")
    make(network="198.51.100.9", now=after(1))
