"""What pages of plans tell to whom: sums, photos, and which account may do what with an action."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from ruangaman.adapters.photos import PhotoRefused
from ruangaman.rooms.ledger.models import Entry
from ruangaman.rooms.places import children_told, config, plan_photos, plan_telling, plans, pledges, roles
from ruangaman.rooms.places.models import ActionPhoto, Plan, Space

from .conftest import NOON
from .plan_files import document, put
from .test_plans import picture


@pytest.fixture
def published(melati, bappeda, settings, tmp_path) -> Plan:
    settings.CITIES_DIR = str(tmp_path)
    told = document(children=51.0)
    told["whatif"]["groups"] = [[3.0, 1.0, 0], [20.0, 1.0, 0], [20.0, 1.0, 1]]
    put(config.folder(melati.slug), told)
    made = plans.save(melati, plans.read(melati, "abcdef123456"), "Rencana 2027", by=bappeda, now=NOON)
    plans.publish(made, now=NOON)
    made.refresh_from_db()
    return made


def of(published: Plan, name: str = "plan") -> str:
    return reverse(f"places:{name}", args=[published.city.slug, published.pk])


def test_groups_of_children_are_for_those_who_plan_alone(client, published, person, bappeda):
    assert client.get(of(published, "plan-data")).status_code == 302
    client.force_login(person("company"))
    assert client.get(of(published, "plan-data")).status_code == 403
    client.force_login(bappeda)
    reply = client.get(of(published, "plan-data"))
    assert reply.json()["whatif"]["groups"][0] == [3.0, 1.0]
    assert reply["Cache-Control"] == "private, no-store"


def test_everybody_is_told_sums_in_steps_and_of_few_children_none(client, published):
    def asked(*actions: str) -> str:
        return client.get(of(published), {"ubah": "1", "a": actions, "hanya": "jawab"}).json()["answer"]

    assert asked() == "+0 anak bisa jalan aman."
    assert asked("crossing") == "+kurang dari 10 anak bisa jalan aman."
    assert asked("crossing", "pavement") == "+20 anak bisa jalan aman, antara 20 dan 30."  # 23, 20.7, 25.3
    page = client.get(of(published), {"ubah": "1", "a": ["crossing", "pavement"]}).content.decode()
    assert "+20 anak bisa jalan aman, antara 20 dan 30." in page
    assert "data.json" not in page


@pytest.mark.parametrize(
    ("children", "told"),
    [(0, "kurang dari 10"), (1, "kurang dari 10"), (9.6, "kurang dari 10"), (12, "10"), (15, "20"),
     (-4, "kurang dari 10"), (-13, "-10"), (1234, "1.230")],
)  # fmt: skip
def test_a_count_is_told_in_steps_of_the_least_and_nobody_is_told_as_few(children, told):
    assert children_told.count(children, 10) == told


def test_bounds_go_outwards_and_the_larger_least_of_house_and_build_is_kept():
    assert children_told.between(23.8, 32.2, 10) == ("20", "40")
    assert [plan_telling.least({"least_count": least}) for least in (5, 10, 25)] == [10, 10, 25]


def test_how_many_sets_of_works_were_not_tried_is_said(client, published):
    assert "tidak dicari lagi" not in client.get(of(published)).content.decode()
    published.document["together"] = {"most": 4, "tried": [4, 1], "left_out": [0, 196_060]}
    published.save(update_fields=["document"])
    assert "Yang termahal tidak dicari lagi: 196.060 kumpulan." in client.get(of(published)).content.decode()


def test_a_price_tells_no_other_count_than_the_page():
    assert plan_telling.price(90e6, 4, 10) == ""
    assert plan_telling.price(90e6, 18, 10) == plan_telling.price(90e6, 22, 10) == "Rp4.500.000"


def written(kind: str) -> bytes:
    return bytes(Entry.objects.get(kind=kind).entry)


def test_the_ledger_tells_no_small_count_of_a_plan(published, person):
    who = roles.acting(person("company"), published.city, "pledge")
    pledges.make(published.actions.get(key="crossing"), promised_on=NOON.date(), who=who, now=NOON)
    assert b"children" not in written("places.pledged")
    told = {
        "format": 1, "city": {"code": "99.71"}, "plan": {"id": "abcdef123456", "children": 7.0, "low": 6, "high": 8},
        "all": {"before": 7.0, "after": 13.0, "change": 6.0}, "before_on": "a", "after_on": "b", "by_area": [],
    }  # fmt: skip
    pledges.keep_change(published.city, told, now=NOON)
    assert b"children" not in written("places.change-measured")
    assert b'"children":50,' in written("places.plan-published")


def test_a_change_of_few_children_is_told_as_fewer_than_the_least(client, published):
    told = {
        "format": 1, "city": {"code": "99.71"}, "all": {"before": 7.0, "after": 13.0, "change": 6.0},
        "plan": {"id": "abcdef123456", "children": 7.0, "low": 6.0, "high": 8.0},
        "before_on": "2026", "after_on": "2027", "by_area": [],
    }  # fmt: skip
    pledges.keep_change(published.city, told, now=NOON)
    page = client.get(of(published)).content.decode()
    assert "kurang dari 10 menjadi 10, berubah kurang dari 10" in page
    assert "Diperkirakan +kurang dari 10, antara kurang dari 10 dan kurang dari 10" in page


@pytest.fixture
def crossing(published):
    return published.actions.select_related("plan__city").get(key="crossing")


def sent(action, by, now=NOON):
    return plan_photos.send(action, picture((60, 40)), taken_on=now.date(), by=by, now=now)


def of_photo(photo, name: str) -> str:
    return reverse(f"places:{name}", args=[photo.action.plan.city.slug, photo.pk])


def test_a_photo_that_should_not_be_shown_is_taken_down_and_gone(client, crossing, person, bappeda):
    photo, moderator = sent(crossing, bappeda), person("pppa")
    plan_photos.check(photo, show=True, by=moderator, now=NOON)
    shown = client.get(of_photo(photo, "plan-photo"))
    assert (shown.status_code, shown["Cache-Control"]) == (200, "private, no-cache")
    down = of_photo(photo, "plan-photo-down")
    page = reverse("places:plan-action", args=[crossing.plan.city.slug, crossing.pk])
    assert down not in client.get(page).content.decode()
    assert client.post(down).status_code == 302
    client.force_login(bappeda)
    assert client.post(down).status_code == 403
    client.force_login(person("kelurahan", area="99.71.01.1002"))
    assert client.post(down).status_code == 404
    assert ActionPhoto.objects.get().shown
    client.force_login(moderator)
    assert down in client.get(page).content.decode()
    assert client.post(down).status_code == 302
    row = ActionPhoto.objects.get()
    assert (row.content, row.shown, row.checked_by) == (None, False, moderator)
    assert client.get(of_photo(photo, "plan-photo")).status_code == 404
    assert b"99.71" in written("places.photo-taken-down")
    plan_photos.take_down(photo, now=NOON)
    assert Entry.objects.filter(kind="places.photo-taken-down").count() == 1


def test_whoever_sent_a_photo_does_not_check_it(client, crossing, person):
    own = person("pppa")
    photo = sent(crossing, own)
    client.force_login(own)
    assert (
        of_photo(photo, "plan-photo-check")
        not in client.get(reverse("places:plan-photos", args=[crossing.plan.city.slug])).content.decode()
    )
    client.post(of_photo(photo, "plan-photo-check"), {"jawaban": "tampilkan"})
    with pytest.raises(PhotoRefused) as refused:
        plan_photos.check(photo, show=True, by=own, now=NOON)
    assert refused.value.facts["why"] == "own"
    assert not ActionPhoto.objects.filter(checked_at__isnull=False).exists()


def test_days_are_those_of_the_house(client, crossing, bappeda, hour):
    night = hour.pass_(hours=14)  # 19.00 UTC, 02.00 WIB of the next day
    tomorrow = NOON.date() + timedelta(days=1)
    assert plan_photos.send(crossing, picture((60, 40)), taken_on=tomorrow, by=bappeda, now=night)
    reply = client.get(reverse("places:plan-action", args=[crossing.plan.city.slug, crossing.pk]))
    assert reply.context["today"] == tomorrow


def test_an_account_with_two_kelurahan_acts_in_both(client, published, crossing, person):
    city, user = published.city, person("kelurahan")
    roles.give(user, "kelurahan", city=city, area="99.71.01.1002", now=NOON)
    who = roles.acting(user, city, "pledge")
    assert who.areas == ("99.71.01.1001", "99.71.01.1002")
    assert [who.inside(f"99.71.01.{one}") for one in ("1001", "1002.RW01", "1003", "10021")] == [
        True, True, False, False,
    ]  # fmt: skip
    audit = published.actions.select_related("plan__city").get(key="audit")
    for action, name in ((crossing, "Kelurahan 99.71.01.1001"), (audit, "Kelurahan 99.71.01.1002")):
        row = pledges.make(action, promised_on=NOON.date(), who=who, now=NOON)
        assert row.organisation == name
    place = Space.objects.create(id=published.pk, city=city, key="p1", name="Taman", made_at=NOON)
    client.force_login(user)
    for area, seen in (
        ("99.71.01.1001", 1),
        ("99.71.01.1002.RW01", 1),
        ("99.71.01.1003", 0),
        ("99.71.01.10021", 0),
    ):
        Space.objects.filter(pk=place.pk).update(area=area)
        assert Space.objects.filter(who.where("area")).count() == seen
    assert roles.acting(person("pppa"), city, "audit").areas == ()


def test_a_photo_is_sent_by_those_who_audit_in_that_area(client, crossing, person):
    where = reverse("places:plan-photo-send", args=[crossing.plan.city.slug, crossing.pk])
    page = reverse("places:plan-action", args=[crossing.plan.city.slug, crossing.pk])
    for area, status in (("99.71.01.1002", 403), ("99.71.01.1001", 302)):
        client.force_login(person("kelurahan", area=area))
        assert (where in client.get(page).content.decode()) == (status == 302)
        photo = SimpleUploadedFile("foto.jpg", picture((60, 40)), "image/jpeg")
        assert client.post(where, {"tanggal": "2026-11-25", "foto": photo}).status_code == status
        assert ActionPhoto.objects.exists() == (status == 302)


def test_an_account_with_two_roles_says_in_which_one_it_promises(client, published, crossing, person, hour):
    city, user = published.city, person("kelurahan", area=crossing.area)
    roles.give(user, "ngo", city=city, organisation="Yayasan Melati", now=NOON)
    office = f"Kelurahan {crossing.area}"
    client.force_login(user)
    page = reverse("places:plan-action", args=[city.slug, crossing.pk])
    promise = reverse("places:plan-pledge", args=[city.slug, crossing.pk])
    told = client.get(page).content.decode()
    assert told.count('name="sebagai"') == 2
    assert office in told
    wrong = client.post(promise, {"sebagai": "company", "tanggal": "2026-12-01"})
    assert wrong["Location"].endswith("?salah=janji-role")
    assert not crossing.pledges.exists()
    client.post(promise, {"sebagai": "kelurahan", "tanggal": "2026-12-01"})
    assert [(one.role, one.organisation) for one in crossing.pledges.all()] == [("kelurahan", office)]
    assert client.get(page).content.decode().count('name="sebagai" value="ngo"') == 1
    client.post(promise, {"sebagai": "ngo", "tanggal": "2026-12-02"})
    assert crossing.pledges.filter(withdrawn_at__isnull=True).count() == 2
    assert 'name="sebagai"' not in client.get(page).content.decode()
    mine = crossing.pledges.get(role="kelurahan")
    client.post(reverse("places:plan-withdraw", args=[city.slug, crossing.pk]), {"janji": str(mine.pk)})
    assert [one.role for one in crossing.pledges.filter(withdrawn_at__isnull=True)] == ["ngo"]


def test_a_kelurahan_promises_nothing_elsewhere_whatever_it_says(client, published, crossing, person, hour):
    user = person("kelurahan", area="99.71.01.1009")
    client.force_login(user)
    args = [published.city.slug, crossing.pk]
    assert 'name="sebagai"' not in client.get(reverse("places:plan-action", args=args)).content.decode()
    form = {"sebagai": "kelurahan", "tanggal": "2026-12-01"}
    wrong = client.post(reverse("places:plan-pledge", args=args), form)
    assert wrong["Location"].endswith("?salah=janji-area")
    assert not crossing.pledges.exists()
