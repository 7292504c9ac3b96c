"""From a computed plan to a draft, a published plan, pledges, photos, a re-audit, and what really changed."""

import base64
import io
import json
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from PIL import Image

from ruangaman.adapters.photos import PhotoRefused
from ruangaman.rooms.ledger.models import Entry
from ruangaman.rooms.places import api, config, plan_photos, plan_rules, plans, pledges, roles
from ruangaman.rooms.places.errors import (
    FindingRefused,
    LeastNotReached,
    NotFound,
    PlanRefused,
    PledgeRefused,
)
from ruangaman.rooms.places.models import ActionPhoto, Change, Plan, PlanAction, Pledge
from ruangaman.rooms.vault.models import Sealed

from .conftest import NOON
from .plan_files import document, put

TODAY = date(2026, 11, 25)


@pytest.fixture
def folder(melati, settings, tmp_path):
    settings.CITIES_DIR = str(tmp_path)
    put(config.folder(melati.slug), document())
    return config.folder(melati.slug)


@pytest.fixture
def bappeda(person) -> User:
    return person("bappeda")


@pytest.fixture
def published(melati, folder, bappeda) -> Plan:
    made = plans.save(melati, plans.read(melati, "abcdef123456"), "Rencana 2027", by=bappeda, now=NOON)
    plans.publish(made, now=NOON)
    made.refresh_from_db()
    return made


def action(plan: Plan, key: str) -> PlanAction:
    return PlanAction.objects.select_related("plan__city").get(plan=plan, key=key)


def acting(user, city, act):
    found = roles.acting(user, city, act)
    assert found is not None
    return found


def picture(size=(1500, 1000), kind="JPEG", **more) -> bytes:
    made = Image.effect_noise(size, 90).convert("RGB")
    out = io.BytesIO()
    made.save(out, kind, **more)
    return out.getvalue()


def kinds() -> list[str]:
    return [
        one
        for one in Entry.objects.order_by("pk").values_list("kind", flat=True)
        if one.startswith("places.")
    ]


def test_the_folder_s_plans_are_listed_and_others_left_out(melati, folder):
    for name, content in (
        ("broken", "{"),
        ("other", json.dumps(document(city={"code": "99.72"}))),
        ("x-y", "{}"),
    ):
        (folder / "plans" / f"{name}.json").write_text(content)
    assert [one.id for one in plans.computed(melati)] == ["abcdef123456"]
    for name in ("../city", "nothing", "", "x" * 65):
        with pytest.raises(NotFound):
            plans.read(melati, name)
    with pytest.raises(PlanRefused):
        plans.read(melati, "broken")


def test_a_draft_is_published_once_with_its_chosen_actions(melati, published):
    plans.publish(published, now=NOON)
    assert [one.key for one in published.actions.all()] == ["crossing", "pavement", "audit"]
    assert kinds().count("places.plan-published") == 1
    plans.drop(published)
    assert Plan.objects.count() == 1


def test_the_same_plan_twice_is_one_draft_and_a_draft_can_be_thrown_away(melati, folder, bappeda):
    told = plans.read(melati, "abcdef123456")
    one = plans.save(melati, told, "Satu", by=bappeda, now=NOON)
    assert plans.save(melati, told, "Dua", by=bappeda, now=NOON) == one
    for title in (" ", "x" * 81):
        with pytest.raises(PlanRefused):
            plans.save(melati, told, title, by=bappeda, now=NOON)
    plans.drop(one)
    assert not Plan.objects.exists()


def test_another_budget_is_answered_at_once_with_a_bound(melati, folder):
    told = plans.read(melati, "abcdef123456")
    poor = plans.chosen_anew(told, 95e6, 0)
    assert set(poor["chosen"]) == {"crossing", "audit"}
    assert (poor["children"], poor["children_low"], poor["children_high"]) == (30.0, 18.0, 44.0)
    assert poor["bound"] >= poor["value"]
    assert poor["by_area"][0]["after"] == 30.0
    assert plans.checked(melati, poor)
    with pytest.raises(LeastNotReached) as refused:
        plans.chosen_anew(told, 95e6, 0.4)
    assert refused.value.facts["kelurahan"] == "Utara"
    assert plans.chosen_anew(told, 400e6, 0.35)["by_area"][1]["after"] == 30.0
    for budget, least in ((-1, 0), (float("nan"), 0), (1e16, 0), (1, 1.1), (1, float("nan"))):
        with pytest.raises(PlanRefused):
            plans.chosen_anew(told, budget, least)


def test_a_company_pledges_is_reminded_and_then_late(melati, published, person, hour):
    company = acting(person("company"), melati, "pledge")
    row = pledges.make(
        action(published, "crossing"), promised_on=TODAY + timedelta(days=30), who=company, now=NOON
    )
    assert (row.organisation, row.children, row.low, row.high) == ("PT Melati", 20.0, 18.0, 22.0)
    with pytest.raises(PledgeRefused):
        pledges.make(action(published, "crossing"), promised_on=TODAY, who=company, now=NOON)
    assert api.settle_due(hour.pass_(days=10)) == 0
    assert api.settle_due(hour.pass_(days=7)) == 1
    assert api.settle_due(hour.at) == 0
    assert api.settle_due(hour.pass_(days=20)) == 1
    row.refresh_from_db()
    assert row.late_at == row.due_at
    assert kinds()[-3:] == ["places.pledged", "places.pledge-reminded", "places.pledge-late"]
    pledges.withdraw(row, by=company.user, now=hour.at)
    assert kinds()[-1] == "places.pledge-withdrawn"
    pledges.make(action(published, "crossing"), promised_on=hour.at.date(), who=company, now=hour.at)


@pytest.mark.parametrize("days", [-1, 1826])
def test_a_day_that_is_over_or_too_far_is_no_promise(days, melati, published, person):
    with pytest.raises(PledgeRefused):
        pledges.make(
            action(published, "crossing"), promised_on=TODAY + timedelta(days=days),
            who=acting(person("ngo"), melati, "pledge"), now=NOON,
        )  # fmt: skip


def test_a_kelurahan_pledges_in_its_own_area_and_nobody_after_the_end(melati, published, person, bappeda):
    kelurahan = acting(person("kelurahan"), melati, "pledge")
    assert pledges.make(action(published, "crossing"), promised_on=TODAY, who=kelurahan, now=NOON)
    with pytest.raises(PledgeRefused):
        pledges.make(action(published, "audit"), promised_on=TODAY, who=kelurahan, now=NOON)
    plans.end(published, now=NOON)
    with pytest.raises(PledgeRefused):
        pledges.make(
            action(published, "audit"), promised_on=TODAY, who=acting(bappeda, melati, "pledge"), now=NOON
        )


def test_a_re_audit_tells_what_really_changed_beside_what_was_predicted(
    melati, published, person, bappeda, hour
):
    auditor, office = acting(person("auditor"), melati, "audit"), acting(bappeda, melati, "pledge")
    for key in ("crossing", "pavement"):
        pledges.make(action(published, key), promised_on=TODAY, who=office, now=NOON)
    later = hour.pass_(days=3)
    day = later.date()
    pledges.find(
        action(published, "crossing"), safe=True, found_on=day, note="ada zebra", who=auditor, now=later
    )
    found = pledges.progress(published)
    assert (found.pledged, found.looked_at, found.found) == (2, 1, 1)
    assert (found.predicted.children, found.promised.children, found.real.children) == (50.0, 40.0, 20.0)
    pledges.find(action(published, "pavement"), safe=False, found_on=day, note="", who=auditor, now=later)
    found = pledges.progress(published)
    assert (found.foreseen.children, found.real.children) == (40.0, 20.0)  # the pair waits for the pavement
    later = hour.pass_(hours=1)
    pledges.find(action(published, "pavement"), safe=True, found_on=day, note="", who=auditor, now=later)
    pledges.find(action(published, "audit"), safe=True, found_on=day, note="", who=auditor, now=later)
    assert pledges.progress(published).real.children == 60.0  # the survey turned out well: all twenty count
    assert Pledge.objects.filter(kept_at__isnull=False).count() == 2
    with pytest.raises(PledgeRefused):
        pledges.make(
            action(published, "crossing"),
            promised_on=day,
            who=acting(person("ngo"), melati, "pledge"),
            now=later,
        )
    assert kinds().count("places.action-reaudited") == 4
    assert kinds().count("places.pledge-kept") == 2


@pytest.mark.parametrize(("day", "note"), [(1, ""), (-1, ""), (0, "x" * 301)])
def test_a_re_audit_of_another_day_or_with_too_much_to_say_is_refused(day, note, melati, published, person):
    with pytest.raises(FindingRefused):
        pledges.find(
            action(published, "crossing"), safe=True, found_on=TODAY + timedelta(days=day), note=note,
            who=acting(person("auditor"), melati, "audit"), now=NOON,
        )  # fmt: skip


def test_a_photo_is_drawn_anew_sealed_and_public_only_when_an_adult_says_so(
    melati, published, person, bappeda
):
    exif = Image.Exif()
    exif[0x010F] = "Kamera Rahasia"
    exif[0x0112] = 6  # turned by a quarter
    sent = picture(exif=exif.tobytes())
    row = plan_photos.send(action(published, "crossing"), sent, taken_on=TODAY, by=bappeda, now=NOON)
    assert (row.content, row.shown) == (None, False)
    assert not any(
        b"Rahasia" in bytes(one.sealed) or b"JFIF" in bytes(one.sealed) for one in Sealed.objects.all()
    )
    kept = plan_photos.sealed_picture(row)
    made = Image.open(io.BytesIO(kept))
    assert (made.format, len(made.getexif()), made.width < made.height) == ("JPEG", 0, True)
    assert b"Rahasia" not in kept
    assert len(kept) <= plan_rules.photo("kept_bytes")
    assert len(base64.b64encode(kept)) < 65_536
    pppa = person("pppa")
    plan_photos.check(row, show=True, by=pppa, now=NOON)
    row.refresh_from_db()
    assert bytes(row.content) == kept
    assert not Sealed.objects.exists()
    plan_photos.check(row, show=False, by=pppa, now=NOON)
    row.refresh_from_db()
    assert row.shown
    other = plan_photos.send(action(published, "crossing"), sent, taken_on=TODAY, by=bappeda, now=NOON)
    plan_photos.check(other, show=False, by=pppa, now=NOON)
    other.refresh_from_db()
    assert (other.content, other.sealed, other.shown) == (None, None, False)
    with pytest.raises(NotFound):
        plan_photos.sealed_picture(other)
    assert kinds().count("places.photo-checked") == 2


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"GIF89a", "kind"),
        (b"\xff\xd8\xff\xe0 no", "broken"),
        (picture((40, 40), "WEBP"), "kind"),
        (picture((60, 60))[:-700], "broken"),
        (b"\xff\xd8" + bytes(3_100_000), "large"),
    ],
)
def test_what_is_no_photo_is_refused(content, why, published, bappeda):
    with pytest.raises(PhotoRefused) as refused:
        plan_photos.send(action(published, "crossing"), content, taken_on=TODAY, by=bappeda, now=NOON)
    assert refused.value.facts["why"] == why
    assert not ActionPhoto.objects.exists()


def test_photos_that_wait_are_bounded_and_none_is_of_tomorrow(published, bappeda, monkeypatch):
    small = picture((30, 30))
    with pytest.raises(PhotoRefused):
        plan_photos.send(
            action(published, "crossing"), small, taken_on=TODAY + timedelta(days=2), by=bappeda, now=NOON
        )
    limits = {"at_once": 1, "longest_side": 100, "kept_bytes": 45_000}
    monkeypatch.setattr(plan_rules, "photo", limits.__getitem__)
    plan_photos.send(action(published, "crossing"), small, taken_on=TODAY, by=bappeda, now=NOON)
    with pytest.raises(PhotoRefused):
        plan_photos.send(action(published, "crossing"), small, taken_on=TODAY, by=bappeda, now=NOON)


def change(**more):
    told = {
        "format": 1, "city": {"code": "99.71", "name": "Kota Melati"}, "before_on": "2026-11-20",
        "after_on": "2027-11-20", "profile": {"age": "6-12", "light": "day", "mobility": "foot"}, "reach": "play",
        "plan": {"id": "abcdef123456", "children": 50.0, "low": 36.0, "high": 66.0},
        "all": {"before": 30.0, "after": 71.0, "change": 41.0}, "by_area": [], "differs": ["population"],
    }  # fmt: skip
    return told | more


def test_two_builds_of_the_city_are_kept_beside_the_plan_they_were_compared_with(melati, published):
    for _ in range(2):
        api.keep_change("kota-melati", change(), now=NOON)
    assert Change.objects.get().plan == published
    assert kinds().count("places.change-measured") == 1
    for wrong in (
        {"format": 2},
        {"plan": None},
        {"all": None},
        {"city": {"code": "99.72"}},
        {"all": {"change": "x"}},
    ):
        with pytest.raises(PlanRefused):
            api.keep_change("kota-melati", change(**wrong), now=NOON)
    with pytest.raises(NotFound):
        api.keep_change("kota-melati", change(plan={"id": "another"}), now=NOON)
