"""What the room's own work tells the scorecard: nothing of a person, and no zero where nothing was done."""

import json
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from ruangaman.adapters import clock
from ruangaman.rooms.places import api, config, kla_feeds, kla_room_feeds, plans, pledges, votes
from ruangaman.rooms.places.audits import certificates, defects, opening
from ruangaman.rooms.places.models import KlaEvidence, Pledge, Space

from .auditing import CRITICAL, bad, decided
from .conftest import NOON
from .kla_house import signed_in
from .plan_files import document, put
from .reporting import EAST, WEST, acting, answered, build, idea, published, told

TODAY = date(2026, 11, 25)


@pytest.fixture
def city(melati, settings, tmp_path):
    settings.CITIES_DIR = tmp_path
    build(config.folder(melati.slug))
    put(config.folder(melati.slug), document())
    return melati


@pytest.fixture
def plan(city, person):
    made = plans.save(city, plans.read(city, "abcdef123456"), "Rencana 2027", by=person("bappeda"), now=NOON)
    plans.publish(made, now=NOON)
    made.refresh_from_db()
    return made


def facts(city, indicator: int) -> dict[str, kla_feeds.Fact]:
    """By key, without what the folder of the city tells."""
    found = kla_feeds.facts(city, clock.now())[indicator]
    return {one.key: one for one in found if not one.source.startswith("results/")}


def page(city, indicator: int, user, language: str = "id") -> str:
    address = reverse("places:kla-indicator", args=[city.slug, 2026, indicator])
    answer = signed_in(user).get(f"{address}?bahasa={language}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_where_nothing_was_done_there_is_no_fact(city):
    for indicator in kla_feeds.FED:
        assert facts(city, indicator) == {}


def test_readers_are_registered_once_at_the_start():
    before = {no: list(readers) for no, readers in kla_feeds._readers.items()}
    assert {kla_room_feeds.pledged, kla_room_feeds.served} <= set(before[3])
    kla_room_feeds.register()
    assert kla_feeds._readers == before


# 3


def promise(plan, key, user, days=1, now=NOON) -> Pledge:
    who = acting(user, plan.city, "pledge")
    return pledges.make(plan.actions.get(key=key), promised_on=TODAY + timedelta(days=days), who=who, now=now)


def test_pledges_are_counted_by_who_gave_them_kept_and_late(city, plan, person, hour):
    company, ngo = person("company"), person("ngo")
    for key, user in (("crossing", person("bappeda")), ("crossing", company), ("pavement", ngo)):
        promise(plan, key, user)
    pledges.withdraw(promise(plan, "audit", company), by=company, now=NOON)
    later = hour.pass_(days=3)
    auditor = acting(person("auditor"), city, "audit")
    seen = {"found_on": later.date(), "note": "", "who": auditor, "now": later}
    pledges.find(plan.actions.get(key="crossing"), safe=True, **seen)
    one = facts(city, 3)["pledges"]
    assert one.text["id"] == (
        "Janji untuk rencana yang terbit: 3 (pemerintah 1, perusahaan 1, lembaga 1). Ditepati: 2. "
        "Lewat hari yang dijanjikan: 1."
    )
    assert one.text["en"].startswith(
        "Pledges for published plans: 3 (government 1, companies 1, organisations 1)"
    )
    assert one.rows == ((WEST, "Karanganyar", "2 / 2 / 0"), (EAST, "Sukajadi", "1 / 0 / 1"))
    assert one.on == later.date()
    assert one.source == f"/kota/{city.slug}/rencana/"
    told = json.dumps(one.kept())
    assert not any(name in told for name in ("PT Melati", "Yayasan", *(u.username for u in (company, ngo))))


def test_what_was_predicted_stands_beside_what_a_re_audit_found_and_few_children_are_kept_back(
    city, plan, person, hour
):
    office = person("bappeda")
    promise(plan, "crossing", office)
    promise(plan, "pavement", office)
    key = f"served-{plan.pk}"
    assert facts(city, 3)[key].text["en"] == (
        "Plan “Rencana 2027”. If every pledge is kept: 40 more children are expected to be served."
    )
    later = hour.pass_(days=3)
    seen = {
        "found_on": later.date(),
        "note": "",
        "who": acting(person("auditor"), city, "audit"),
        "now": later,
    }
    pledges.find(plan.actions.get(key="crossing"), safe=True, **seen)
    assert "diperkirakan 20 anak, nyatanya 20." in facts(city, 3)[key].text["id"]
    pledges.find(plan.actions.get(key="pavement"), safe=False, **seen)
    one = facts(city, 3)[key]
    assert "diperkirakan 40 anak, nyatanya 20." in one.text["id"]
    assert (one.sha256, one.on) == (plan.digest, later.date())
    pledges.find(plan.actions.get(key="crossing"), safe=False, **seen | {"now": hour.pass_(hours=1)})
    one = facts(city, 3)[key]
    assert "40 children were expected, fewer than 10 are really served." in one.text["en"]
    assert not one.rows  # children are told of the whole city alone
    file = config.folder(city.slug) / "city.json"
    file.write_text(json.dumps({"format": 1, "thresholds": {"least_children": 50}}))
    assert "fewer than 50 children were expected" in facts(city, 3)[key].text["en"]


# 5


def test_reports_are_counted_as_published_answered_and_late(city, moderator, hour):
    rows = [
        published(city, moderator, told(city)),
        published(city, moderator, told(city, where="p:sd-1")),
        published(city, moderator, idea(city, "Aku mau zebra", once=b"i" * 32)),
        published(city, moderator, told(city, once=b"p" * 32), private=True),
    ]
    told(city, once=b"w" * 32)  # nobody has read it
    answered(city, moderator, rows[0], now=hour.pass_(days=1))
    last = hour.pass_(days=400)
    answered(city, moderator, rows[1], now=last)
    one = facts(city, 5)["answers"]
    assert one.text["id"] == (
        "Laporan dan ide yang tayang: 3 (bahaya 2, ide 1). Sudah dijawab dengan kata-kata mudah: 2, tepat waktu 1. "
        "Lewat batas waktu: 2."
    )
    assert "Answered in plain words: 2, in time 1. Past their time: 2." in one.text["en"]
    assert one.rows == ((WEST, "Karanganyar", "2 / 1 / 1"), (EAST, "Sukajadi", "1 / 1 / 1"))
    assert one.on == last.date()
    assert "Sari" not in json.dumps(one.kept())


# 6


def held(city, moderator, person, hour, ballots: int, members: int):
    for at in range(3):
        published(city, moderator, idea(city, f"Aku mau {at}", once=bytes([at]) * 32))
    title = {"id": "Ide untuk 2027", "en": "Ideas for 2027"}
    row = votes.open_round(
        city, moderator.user, rule="approval", title=title, serials=(1, 2, 3), days=14, now=NOON
    )
    users = [person("forum_anak") for _ in range(members)]
    for user in users[:ballots]:
        votes.cast(city, row.serial, user, ["1", "2"], now=hour.pass_(minutes=1))
    assert facts(city, 6) == {}  # a running vote tells nothing
    api.settle_due(hour.pass_(days=15))
    row.refresh_from_db()
    return row


def test_votes_tell_rounds_turnout_and_what_became_of_the_winners(city, moderator, person, hour):
    row = held(city, moderator, person, hour, ballots=11, members=12)
    winner = row.options.get(report__serial=1).report
    answered(city, moderator, winner, now=hour.pass_(days=1))
    found = facts(city, 6)
    won = row.options.filter(won=True).count()
    assert found["votes"].text["id"] == (
        f"Pemungutan suara Forum Anak yang sudah dihitung: 1, sah 1. Ide yang terpilih: {won}, sudah dijawab kota 1, "
        "lewat batas waktu 0."
    )
    assert found["turnout-1"].text["en"] == "Forum Anak, “Ideas for 2027”: 11 of 12 members voted."
    assert (found["turnout-1"].sha256, found["turnout-1"].on) == (row.sha256, row.closes_at.date())
    hour.pass_(days=60)
    assert f"lewat batas waktu {won - 1}." in facts(city, 6)["votes"].text["id"]


def test_the_turnout_of_few_is_kept_back(city, moderator, person, hour):
    held(city, moderator, person, hour, ballots=6, members=8)
    assert facts(city, 6)["turnout-1"].text == {
        "id": "Forum Anak, “Ide untuk 2027”: kurang dari 10 anggota memilih.",
        "en": "Forum Anak, “Ideas for 2027”: fewer than 10 members voted.",
    }


# 11 and 20


def test_certificates_ranks_and_repairs_are_counted_while_they_hold(city, person, hour):
    office, users = person("pppa"), (person("auditor"), person("ngo"))
    park = opening.space(city, "taman-1", now=NOON)
    hall = Space.objects.create(
        id=uuid4(), city=city, key="balai", name="Balai Seni", kind="arts_centre", area=EAST,
        made_at=NOON,
    )  # fmt: skip
    third = opening.add_space(city, "Lapangan", EAST, now=NOON)
    for place in (park, hall):
        certificates.give(decided(city, users, office, NOON, place=place), by=office, now=NOON)
    decided(city, users, office, NOON, changed={CRITICAL: bad(CRITICAL)}, place=third)
    found = facts(city, 11)
    assert found["certificates"].text == {
        "id": "Tempat bermain dengan sertifikat yang berlaku: 2 (Utama 2).",
        "en": "Play spaces with a certificate in force: 2 (Utama (highest) 2).",
    }
    assert found["certificates"].rows == ((WEST, "Karanganyar", "1"), (EAST, "Sukajadi", "1"))
    assert found["ranks"].text["id"] == (
        "Tempat bermain yang dinilai dua orang: 3, berperingkat 3 (Utama 2, Pratama 1)."
    )
    assert found["ranks"].rows[1] == (EAST, "Sukajadi", "2 / 2")
    assert "terbuka 1 (lewat batas waktu 0), menunggu diperiksa 0, selesai 0." in found["repairs"].text["id"]
    creative = facts(city, 20)["certified-creative"]
    assert creative.text["en"] == "Places of culture with a certificate in force: 1 (Utama (highest) 1)."
    assert creative.rows == ((EAST, "Sukajadi", "1"),)
    names = [one.username for one in (office, *users)]
    for one in (*found.values(), creative):
        assert not any(name in json.dumps(one.kept()) for name in names)
    later = hour.pass_(days=10)
    assert "(past their time 1)" in facts(city, 11)["repairs"].text["en"]
    row = defects.fix(defects.of_city(city)[0], None, by=office, now=later)
    assert (
        "open 0 (past their time 0), waiting for a look 1, done 0." in facts(city, 11)["repairs"].text["en"]
    )
    defects.check(row, good=True, by=users[0], now=later)
    one = facts(city, 11)["repairs"]
    assert "open 0 (past their time 0), waiting for a look 0, done 1." in one.text["en"]
    assert (one.rows, one.on) == (((EAST, "Sukajadi", "0 / 1"),), later.date())
    decided(city, users, office, later, place=third)
    assert (
        "berperingkat 3 (Utama 3)." in facts(city, 11)["ranks"].text["id"]
    )  # the newest audit of each counts
    defects.report(hall, CRITICAL, now=later)  # which ends its certificate
    assert "berlaku: 1 (" in facts(city, 11)["certificates"].text["id"]
    assert facts(city, 20) == {}
    hour.pass_(days=800)  # over, whether or not the clock has struck
    assert "certificates" not in facts(city, 11)


# Pages


def test_the_page_of_an_indicator_shows_them_and_takes_one_as_evidence(city, card, pppa, plan, person):
    promise(plan, "crossing", person("company"))
    shown = page(city, 3, pppa)
    assert "Janji untuk rencana yang terbit: 1 (pemerintah 0, perusahaan 1, lembaga 0)." in shown
    assert "Janji / ditepati / terlambat" in shown
    assert "1 / 0 / 0" in shown
    assert "Pledges / kept / late" in page(city, 3, pppa, "en")
    assert "Belum ada data." in page(city, 6, pppa)
    public = Client().get(reverse("places:kla", args=[city.slug])).content.decode()
    assert "Janji untuk rencana yang terbit: 1" in public
    add = reverse("places:kla-add", args=[city.slug, 2026, 3])
    assert signed_in(pppa).post(add, {"jenis": "result", "hasil": "pledges"}).status_code == 302
    row = KlaEvidence.objects.get()
    assert row.facts["rows"] == [[WEST, "Karanganyar", "1 / 0 / 0"]]
    assert row.facts["column"]["en"] == "Pledges / kept / late"
    assert "SHA-256 …" not in page(city, 3, pppa)
