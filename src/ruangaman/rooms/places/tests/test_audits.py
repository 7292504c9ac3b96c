"""Audits of places as they go: two apart, a third decides, a certificate, repairs, and the clock."""

import hashlib
import json
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from PIL import Image

from ruangaman.adapters.photos import Limits, PhotoRefused, redraw
from ruangaman.core import chain, merkle
from ruangaman.core.audits.form import NO, UNSEEN, YES
from ruangaman.core.audits.limits import LimitsRefused
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.ledger.models import Entry
from ruangaman.rooms.places import api, roles
from ruangaman.rooms.places.audits import answering, certificates, deciding, defects, opening, photos
from ruangaman.rooms.places.audits.errors import (
    AnswersRefused,
    AuditFinished,
    AuditRefused,
    DefectRefused,
    SendingDiffers,
)
from ruangaman.rooms.places.audits.reading import canonical
from ruangaman.rooms.places.models import AuditAnswer, AuditPhoto, Certificate, Defect
from ruangaman.rooms.vault import api as vault

from .auditing import CRITICAL, GATE, ITEMS, LIMITS, answered, bad, decided, metadata_of, photo, told
from .conftest import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def audit(melati, users, office):
    place = opening.add_space(melati, "Taman Melati", "99.71.01.1001", now=NOON)
    return opening.begin(place, *users, by=office, now=NOON)


def seats(audit):
    return audit.seats.order_by("number")


def why(refused):
    return refused.value.facts["why"]


def test_an_audit_has_two_who_may_and_one_at_a_time(melati, users, office, person):
    place = opening.add_space(melati, "Taman Melati", "99.71.01.1001", now=NOON)
    company, elsewhere = person("company"), person("kelurahan", area="99.71.01.1002")
    for pair in ((users[0], users[0]), (users[0], company), (elsewhere, users[0])):
        with pytest.raises(AuditRefused) as refused:
            opening.begin(place, *pair, by=office, now=NOON)
        assert why(refused) == "auditors"
    opening.begin(place, *users, by=office, now=NOON)
    with pytest.raises(AuditRefused) as refused:
        opening.begin(place, *users, by=office, now=NOON)
    assert why(refused) == "running"
    assert elsewhere not in opening.auditors(melati, place.area)
    assert set(users) < set(opening.auditors(melati, place.area))


def test_places_come_from_the_citys_results_and_what_is_odd_is_left_out(melati, settings, tmp_path):
    settings.CITIES_DIR = tmp_path
    folder = tmp_path / "kota-melati" / "results"
    folder.mkdir(parents=True)
    file = folder / "places.json"
    rows = [
        {"id": "p1", "name": "Taman B", "kind": "park", "area": "99.71.01.1001"},
        {"id": "p2", "kind": "library"},
    ]
    file.write_text(json.dumps([*rows, {"name": "tanpa id"}, 7, {"id": "x" * 81}, {"id": 3, "name": ["x"]}]))
    assert [(one.key, one.name) for one in opening.known(melati)] == [
        ("3", "3"),
        ("p2", "library p2"),
        ("p1", "Taman B"),
    ]
    assert opening.space(melati, "p1", now=NOON).area == "99.71.01.1001"
    assert opening.space(melati, "p1", now=NOON) == opening.space(melati, "p1", now=NOON)
    with pytest.raises(AuditRefused):
        opening.space(melati, "tidak-ada", now=NOON)
    for text in ("{", "7", "[" * 100_000, '{"places": 1}'):
        file.write_text(text)
        assert [one.key for one in opening.known(melati)] == ["p1"]


@pytest.mark.parametrize(
    ("name", "area", "said"), [(" ", "", "name"), ("x" * 121, "", "name"), ("Taman", "31.71", "area")]
)
def test_a_place_of_our_own_needs_a_name_and_an_area_of_this_city(name, area, said, melati):
    with pytest.raises(AuditRefused) as refused:
        opening.add_space(melati, name, area, now=NOON)
    assert why(refused) == said


def test_limits_are_versions_in_the_ledger(melati, office):
    first = opening.load_limits(melati, LIMITS, "batas.csv", by=office, now=NOON)
    assert opening.load_limits(melati, LIMITS, "batas.csv", by=office, now=NOON) == first
    second = opening.load_limits(melati, LIMITS.replace(b"90", b"95"), "batas.csv", by=office, now=NOON)
    assert [first.number, second.number] == [1, 2]
    assert first.sha256.encode() in ledger.entry(first.ledger_index).entry
    with pytest.raises(LimitsRefused):
        opening.load_limits(melati, b"x", "batas.csv", by=office, now=NOON)
    assert opening.latest_limits(melati) == second


def test_what_a_phone_sends_again_counts_once(audit):
    seat, sending = seats(audit)[0], uuid4()
    first = answering.receive(seat, sending, told()[:3], finish=False, now=NOON)
    assert answering.receive(seat, sending, told()[:3], finish=False, now=NOON) == first
    assert AuditAnswer.objects.count() == 3
    assert set(first["accepted"].values()) == {1}
    assert len(first["missing"]) == len(ITEMS) - 3
    with pytest.raises(SendingDiffers):
        answering.receive(seat, sending, told()[:2], finish=False, now=NOON)
    with pytest.raises(SendingDiffers):
        answering.receive(seats(audit)[1], sending, told()[:3], finish=False, now=NOON)


def test_an_answer_that_changed_elsewhere_is_not_overwritten(audit):
    seat = seats(audit)[0]
    one = {"item": GATE, "answer": YES, "measure": "85", "base": 0}
    assert answering.receive(seat, uuid4(), [one], finish=False, now=NOON)["accepted"] == {GATE: 1}
    other = one | {"answer": NO}
    reply = answering.receive(seat, uuid4(), [other], finish=False, now=NOON)
    assert reply["conflicts"] == {GATE: {"answer": YES, "measure": "85", "revision": 1}}
    assert reply["accepted"] == {}
    assert answering.receive(seat, uuid4(), [one], finish=False, now=NOON)["accepted"] == {GATE: 1}
    assert answering.receive(seat, uuid4(), [other | {"base": 1}], finish=False, now=NOON)["accepted"] == {
        GATE: 2
    }
    assert AuditAnswer.objects.get(seat=seat).answer == NO


@pytest.mark.parametrize(
    "sent",
    [
        None,
        [7],
        [{"item": "lain/x", "answer": YES}],
        [{"item": GATE, "answer": "mungkin"}],
        [{"item": GATE, "answer": YES, "measure": "lebar"}],
        [{"item": GATE, "answer": YES, "measure": 1e9}],
        [{"item": "udara/bau", "answer": YES, "measure": "5"}],
        [{"item": GATE, "answer": YES, "base": -1}],
        [{"item": GATE, "answer": YES, "base": True}],
        [{"item": GATE, "answer": YES}, {"item": GATE, "answer": NO}],
        [{"item": GATE, "answer": YES}] * 301,
    ],
)
def test_what_is_no_set_of_answers_is_refused_whole(sent, audit):
    with pytest.raises(AnswersRefused):
        answering.receive(seats(audit)[0], uuid4(), sent, finish=False, now=NOON)
    assert not AuditAnswer.objects.exists()


def test_the_end_needs_every_answer_and_closes_them(audit):
    seat = seats(audit)[0]
    assert not answering.receive(seat, uuid4(), told()[1:], finish=True, now=NOON)["finished"]
    with pytest.raises(AnswersRefused):
        answering.finish(seat, now=NOON)
    assert answering.receive(seat, uuid4(), told()[:1], finish=True, now=NOON)["finished"]
    for act in (
        lambda: answering.receive(seat, uuid4(), told()[:1], finish=False, now=NOON),
        lambda: answering.finish(seat, now=NOON),
        lambda: photos.receive(seat, uuid4(), GATE, photo(), now=NOON),
    ):
        with pytest.raises(AuditFinished):
            act()
    seat.refresh_from_db()
    audit.refresh_from_db()
    assert audit.agreement is None
    answers = {row.item: [row.answer, ""] for row in seat.answers.all()}
    digest = hashlib.sha256(bytes(seat.salt) + canonical(answers)).hexdigest()
    assert digest == bytes(seat.digest).hex()
    assert digest in Entry.objects.get(kind="places.audit-answered").entry.decode()


def test_two_agree_as_far_as_they_do_and_a_third_decides(melati, users, office):
    first = {GATE: bad(GATE), "udara/bau": bad("udara/bau")}
    audit = answered(
        melati, users, office, NOON, changed=(first, {GATE: bad(GATE), "udara/asap": (UNSEEN, "")})
    )
    assert audit.agreement["items"] == len(ITEMS)
    assert audit.agreement["differences"] == ["udara/asap", "udara/bau"]
    assert [one.item.id for one in deciding.differences(audit)] == ["udara/asap", "udara/bau"]
    chosen = {"udara/asap": 1, "udara/bau": 2}
    for wrong in ({}, {"udara/asap": 1}, chosen | {GATE: 1}, chosen | {"udara/bau": 3}):
        with pytest.raises(AuditRefused) as refused:
            deciding.decide(audit, wrong, by=office, now=NOON)
        assert why(refused) == "differences"
    roles.give(users[0], "pppa", city=melati, now=NOON)
    with pytest.raises(AuditRefused) as refused:
        deciding.decide(audit, chosen, by=users[0], now=NOON)
    assert why(refused) == "certifier"
    done = deciding.decide(audit, chosen, by=office, now=NOON)
    assert done.rank == "utama"
    assert done.result["whole"] == [len(ITEMS) - 1, 1, 0]
    assert [one.item for one in Defect.objects.all()] == [GATE]
    with pytest.raises(AuditRefused) as refused:
        deciding.decide(audit, chosen, by=office, now=NOON)
    assert why(refused) == "over"


def test_nobody_decides_before_both_are_done(audit, office):
    answering.receive(seats(audit)[0], uuid4(), told(), finish=True, now=NOON)
    assert deciding.differences(audit) == []
    with pytest.raises(AuditRefused) as refused:
        deciding.decide(audit, {}, by=office, now=NOON)
    assert why(refused) == "not-done"


def test_a_measure_counts_only_with_the_citys_file(melati, users, office):
    narrow = {GATE: (YES, "85")}
    without = decided(melati, users, office, NOON, changed=narrow)
    assert without.result["whole"] == [len(ITEMS), 0, 0]
    opening.load_limits(melati, LIMITS, "batas.csv", by=office, now=NOON)
    again = decided(melati, users, office, NOON, changed=narrow, place=without.space)
    assert again.result["by_measure"] == [GATE]
    assert again.result["whole"] == [len(ITEMS) - 1, 1, 0]


GUIDE = Path(__file__).resolve().parents[5] / "docs" / "guides" / "city-audits.md"


def checked_alone(proof) -> bool:
    """By the guide's own program, which needs nothing of ours."""
    room: dict[str, Any] = {}
    exec(GUIDE.read_text(encoding="utf-8").split("```python\n")[1].split("```")[0], room)
    return room["checked"](proof)


def checked(proof) -> bool:
    """The same, and that each line leads to the root by our own reading."""
    told = proof["ledger"]
    for line in filter(None, (told["given"], told["over"])):
        leaf = hashlib.sha256(b"\0" + line["entry"].encode()).digest()
        path = [bytes.fromhex(one) for one in line["path"]]
        assert merkle.includes(leaf, line["index"], told["size"], path, bytes.fromhex(told["root"]))
    return checked_alone(proof)


def test_a_certificate_is_proved_by_the_ledger_and_ends_with_a_critical_defect(melati, users, office, hour):
    audit = decided(melati, users, office, NOON)
    row = certificates.give(audit, by=office, now=NOON)
    assert row.valid_until == NOON + timedelta(days=730)
    proof = certificates.proof(row, NOON)
    assert proof["state"] == "valid"
    assert checked(proof)
    for spoilt in (
        proof | {"certificate": proof["certificate"] | {"rank": "madya"}},
        proof | {"ledger": proof["ledger"] | {"root": "00" * 32}},
        proof | {"ledger": proof["ledger"] | {"size": proof["ledger"]["size"] + 1}},
        proof | {"ledger": proof["ledger"] | {"given": proof["ledger"]["given"] | {"path": []}}},
    ):
        assert not checked_alone(spoilt)
    assert not {user.username for user in (*users, office)} & set(json.dumps(proof).split('"'))
    with pytest.raises(AuditRefused) as refused:
        certificates.give(audit, by=office, now=NOON)
    assert why(refused) == "given"
    with transaction.atomic():
        defects.report(audit.space, "udara/bau", now=NOON)
    row.refresh_from_db()
    assert certificates.state(row, NOON) == "valid"
    found = defects.report(audit.space, CRITICAL, now=NOON)
    row.refresh_from_db()
    assert (certificates.state(row, NOON), row.revoked_why) == ("revoked", "critical")
    assert found.due_at - found.found_at == timedelta(days=3)
    assert checked(certificates.proof(row, NOON))
    assert ledger.verify().count == Entry.objects.count()


def test_no_certificate_without_a_rank_or_with_what_hurts(melati, users, office):
    many = {name: bad(name) for name, item in ITEMS.items() if not item.critical}
    low = decided(melati, users, office, NOON, changed=many)
    assert (low.rank, low.why) == ("", "below")
    with pytest.raises(AuditRefused) as refused:
        certificates.give(low, by=office, now=NOON)
    assert why(refused) == "rank"
    hurt = decided(melati, users, office, NOON, changed={CRITICAL: bad(CRITICAL)}, place=low.space)
    assert (hurt.rank, hurt.why) == ("pratama", "critical")
    with pytest.raises(AuditRefused) as refused:
        certificates.give(hurt, by=office, now=NOON)
    assert why(refused) == "critical"
    [row] = defects.of_city(melati)
    assert row.item == CRITICAL
    defects.fix(row, photo(), by=office, now=NOON)
    defects.check(row, good=True, by=users[0], now=NOON)
    assert certificates.give(hurt, by=office, now=NOON).rank == "pratama"


def test_a_second_certificate_replaces_the_first_and_an_old_audit_gives_none(melati, users, office):
    first = decided(melati, users, office, NOON)
    row = certificates.give(first, by=office, now=NOON)
    second = decided(melati, users, office, NOON + timedelta(days=30), place=first.space)
    later_one = certificates.give(second, by=office, now=NOON + timedelta(days=31))
    row.refresh_from_db()
    assert row.revoked_why == "superseded"
    assert certificates.standing(first.space) == later_one
    other = decided(melati, users, office, NOON)
    decided(melati, users, office, NOON + timedelta(days=1), place=other.space)
    with pytest.raises(AuditRefused) as refused:
        certificates.give(other, by=office, now=NOON + timedelta(days=2))
    assert why(refused) == "newer"
    old = decided(melati, users, office, NOON)
    with pytest.raises(AuditRefused) as refused:
        certificates.give(old, by=office, now=NOON + timedelta(days=730))
    assert why(refused) == "late"


def test_the_clock_ends_a_certificate_at_its_time_and_once(melati, users, office):
    row = certificates.give(decided(melati, users, office, NOON), by=office, now=NOON)
    late = row.valid_until + timedelta(days=5)
    assert certificates.state(row, row.valid_until) == "expired"
    assert api.settle_due(row.valid_until - timedelta(seconds=1)) == 1  # the reminder
    assert api.settle_due(row.valid_until - timedelta(seconds=1)) == 0
    assert api.settle_due(late) == 1
    assert api.settle_due(late) == 0
    row.refresh_from_db()
    assert row.ended_at == row.valid_until
    proof = certificates.proof(row, late)
    assert chain.instant(row.valid_until) in proof["ledger"]["over"]["entry"]
    assert checked(proof)


def test_a_defect_is_open_repaired_and_looked_at_by_somebody_else(melati, users, office):
    audit = decided(
        melati, users, office, NOON, changed={"udara/bau": bad("udara/bau"), CRITICAL: bad(CRITICAL)}
    )
    assert [one.item for one in defects.of_city(melati)] == [CRITICAL, "udara/bau"]
    assert [one.item for one in defects.of_city(melati, "99.71.01")] == [CRITICAL, "udara/bau"]
    assert list(defects.of_city(melati, "99.71.01.1002")) == []
    row = defects.of_city(melati)[0]
    with pytest.raises(DefectRefused):
        defects.check(row, good=True, by=office, now=NOON)
    fixed = defects.fix(row, photo(), by=office, now=NOON)
    assert fixed.photo.seat is None
    with pytest.raises(DefectRefused) as refused:
        defects.check(row, good=True, by=office, now=NOON)
    assert why(refused) == "same"
    with pytest.raises(DefectRefused):
        defects.fix(row, None, by=office, now=NOON)
    again = defects.check(row, good=False, by=users[0], now=NOON)
    assert again.fixed_at is None
    defects.fix(row, None, by=office, now=NOON)
    assert defects.check(row, good=True, by=users[0], now=NOON).checked_at == NOON
    assert [one.item for one in defects.of_city(melati)] == ["udara/bau"]
    assert len(defects.of_city(melati, over=True)) == 2
    with pytest.raises(DefectRefused):
        defects.report(audit.space, "lain/x", now=NOON)


def test_an_audit_again_closes_what_is_well_and_opens_what_is_not(melati, users, office):
    first = decided(melati, users, office, NOON, changed={"udara/bau": bad("udara/bau"), GATE: bad(GATE)})
    smell = Defect.objects.get(item="udara/bau")
    defects.fix(Defect.objects.get(item=GATE), None, by=office, now=NOON)
    after = NOON + timedelta(days=40)
    decided(melati, users, office, after, changed={GATE: bad(GATE)}, place=first.space)
    smell.refresh_from_db()
    assert (smell.fixed_at, smell.checked_at) == (after, after)
    gate = Defect.objects.get(item=GATE)
    assert (gate.found_at, gate.fixed_at, gate.checked_at) == (NOON, None, None)


def test_a_cancelled_audit_leaves_neither_answers_nor_photos(audit, office):
    seat = seats(audit)[0]
    answering.receive(seat, uuid4(), told(), finish=False, now=NOON)
    row = photos.receive(seat, uuid4(), GATE, photo(), now=NOON)
    opening.cancel(audit, now=NOON)
    row.refresh_from_db()
    assert not AuditAnswer.objects.exists()
    with pytest.raises(vault.Forgotten):
        photos.opened(row)
    with pytest.raises(AuditRefused):
        opening.cancel(audit, now=NOON)
    with pytest.raises(AuditFinished):
        answering.receive(seat, uuid4(), told(), finish=False, now=NOON)
    assert opening.open_seats(seat.user, audit.space.city) == []


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_photo_is_drawn_anew_upright_and_tells_nothing(kind, audit):
    data = photo((60, 40), kind=kind, turned=6 if kind == "JPEG" else 1)
    assert metadata_of(data) or kind == "PNG"
    row = photos.receive(seats(audit)[0], uuid4(), GATE, data, now=NOON)
    kept = photos.opened(row)
    assert metadata_of(kept) == []
    assert hashlib.sha256(kept).hexdigest() == row.sha256
    with Image.open(BytesIO(kept)) as opened:
        assert not opened.getexif()
        assert opened.size == ((40, 60) if kind == "JPEG" else (60, 40)) == (row.width, row.height)
        red = opened.getpixel((20, 5) if kind == "JPEG" else (5, 20))
        assert red[0] > 200 > 100 > red[1]
    assert photos.receive(seats(audit)[0], row.pk, GATE, data, now=NOON) == row
    with pytest.raises(SendingDiffers):
        photos.receive(seats(audit)[0], row.pk, GATE, photo((61, 40)), now=NOON)
    with pytest.raises(SendingDiffers):
        photos.receive(seats(audit)[1], row.pk, GATE, data, now=NOON)


def test_a_large_photo_is_scaled_and_a_clear_one_gets_a_ground():
    assert max(redraw(photo((3000, 1000)), Limits(most_side=1280)).width, 0) == 1280
    clear = BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(clear, "PNG")
    with Image.open(BytesIO(redraw(clear.getvalue(), Limits(most_side=1280)).data)) as opened:
        assert opened.getpixel((4, 4)) == (255, 255, 255)


def as_gif() -> bytes:
    out = BytesIO()
    Image.new("RGB", (4, 4)).save(out, "GIF")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"<html>", "kind"),
        (as_gif(), "kind"),
        (b"%PDF-1.4 %%EOF", "kind"),
        (photo()[:200], "broken"),
        (photo() + b"PK\x05\x06" + b"\0" * 18, "mixed"),
        (b"\xff\xd8\xff" + b"\0" * 3_000_000, "large"),
    ],
)
def test_what_is_no_photo_is_refused(data, said):
    with pytest.raises(PhotoRefused) as refused:
        redraw(data, Limits(most_side=1280))
    assert why(refused) == said


def test_an_item_has_few_photos_and_a_strange_one_none(audit):
    seat = seats(audit)[0]
    for width in range(5):
        photos.receive(seat, uuid4(), GATE, photo((20 + width, 20)), now=NOON)
    with pytest.raises(AnswersRefused):
        photos.receive(seat, uuid4(), GATE, photo(), now=NOON)
    with pytest.raises(AnswersRefused):
        photos.receive(seat, uuid4(), "lain/x", photo(), now=NOON)


def test_who_took_a_photo_never_says_that_it_shows_nobody(melati, users, office):
    audit = decided(melati, users, office, NOON, changed={CRITICAL: bad(CRITICAL)})
    seat = seats(audit)[0]
    row = photos._keep(uuid4(), audit.space, seat, GATE, photos.draft(audit.form, photo()), NOON)
    repair = defects.fix(defects.of_city(melati)[0], photo(), by=office, now=NOON)
    for taken, taker in ((row, users[0]), (repair.photo, office)):
        for face in (True, False):
            with pytest.raises(AuditRefused) as refused:
                photos.look(taken, face=face, by=taker, now=NOON)
            assert why(refused) == "same"
        photos.look(taken, face=False, by=users[1], now=NOON)
        assert taken.shown_at == NOON
    defects.check(repair, good=False, by=users[1], now=NOON)
    with pytest.raises(AuditRefused) as refused:  # who repaired it is no longer known
        photos.look(AuditPhoto.objects.get(pk=repair.photo_id), face=False, by=office, now=NOON)
    assert why(refused) == "photo"


def test_a_photo_is_shown_only_once_somebody_found_no_face_and_goes_in_time(melati, users, office):
    place = opening.add_space(melati, "Taman Melati", "", now=NOON)
    audit = opening.begin(place, *users, by=office, now=NOON)
    row = photos.receive(seats(audit)[0], uuid4(), GATE, photo(), now=NOON)
    with pytest.raises(AuditRefused):
        photos.look(row, face=False, by=office, now=NOON)
    for seat in seats(audit):
        answering.receive(seat, uuid4(), told(), finish=True, now=NOON)
    deciding.decide(audit, {}, by=office, now=NOON)
    row.refresh_from_db()
    row = AuditPhoto.objects.get(pk=row.pk)
    photos.look(row, face=True, by=office, now=NOON)
    assert row.shown_at is None
    photos.look(row, face=False, by=office, now=NOON)
    assert (row.shown_at, row.kept_back_at) == (NOON, None)
    assert api.settle_due(row.destroy_at) == 1
    row.refresh_from_db()
    assert (row.shown_at, row.parts) == (None, [])
    with pytest.raises(vault.Forgotten):
        photos.opened(row)
    with pytest.raises(AuditRefused):
        photos.look(row, face=False, by=office, now=NOON)


def test_no_answer_stands_in_the_ledger_before_it_is_decided(audit):
    answering.receive(seats(audit)[0], uuid4(), told({GATE: bad(GATE)}), finish=True, now=NOON)
    assert not any(GATE in entry.entry.decode() for entry in Entry.objects.all())
    assert Certificate.objects.count() == 0
