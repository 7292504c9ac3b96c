"""Who sees what of audits: two apart from each other, kelurahan in their area, the public no names and no faces."""

import json
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from ruangaman.rooms.places.audits import answering, certificates, deciding, defects, opening, photos
from ruangaman.rooms.places.models import AuditAnswer, AuditPhoto, AuditSeat, Defect

from .auditing import CRITICAL, GATE, ITEMS, bad, decided, photo, told
from .conftest import NOON

pytestmark = pytest.mark.django_db
SLUG = "kota-melati"


@pytest.fixture
def audit(melati, users, office, hour):
    place = opening.add_space(melati, "Taman Melati", "99.71.01.1001", now=NOON)
    return opening.begin(place, *users, by=office, now=NOON)


def browser(user=None) -> Client:
    client = Client()
    if user:
        client.force_login(user)
    return client


def at(name, *more):
    return reverse(f"places:{name}", args=[SLUG, *more])


def send(client, seat, answers, *, number=None, finish=False):
    body = {"set": str(number or uuid4()), "answers": answers, "finish": finish}
    return client.post(at("audit_send", seat.pk), json.dumps(body), content_type="application/json")


def test_neither_auditor_sees_the_others_answers_before_both_are_done(audit, users):
    first, second = audit.seats.order_by("number")
    mine, other = browser(users[0]), browser(users[1])
    assert send(mine, first, told({GATE: bad(GATE)}), finish=True).json()["finished"]
    work = other.get(at("audit_work")).json()
    assert [one["id"] for one in work["audits"]] == [str(second.pk)]
    assert work["audits"][0]["answers"] == {}
    assert work["audits"][0]["differ"] is None
    page = other.get(at("audit_seat", second.pk)).content.decode()
    assert "berbeda" not in page
    for name in ("audit_seat", "audit_finish"):
        assert other.get(at(name, first.pk)).status_code in (404, 405)
    assert other.get(at("audit_heading", first.pk, "udara")).status_code == 404
    assert send(other, first, told()[:1]).json()["code"] == "places.not-yours"
    assert send(other, second, told(), finish=True).json()["finished"]
    assert "Penilaian kedua berbeda di 1 butir." in mine.get(at("audit_seat", first.pk)).content.decode()
    assert other.get(at("audit_work")).json()["audits"][0]["differ"] == 1


def test_a_phone_is_told_by_codes_and_never_sent_to_another_page(audit, users, person):
    seat = audit.seats.get(number=1)
    for client, status, code in (
        (browser(), 401, "places.sign-in"),
        (browser(person("company")), 403, "places.not-yours"),
    ):
        for answer in (client.get(at("audit_work")), send(client, seat, told()[:1])):
            assert (answer.status_code, answer.json()["code"]) == (status, code)
    mine = browser(users[0])
    for body in (b"{", b"[]", b'{"set": "x", "answers": []}', b"[" * 50_000):
        answer = mine.post(at("audit_send", seat.pk), body, content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (422, "places.answers-refused")
    assert send(mine, seat, told()[:1], number=(number := uuid4())).status_code == 200
    assert send(mine, seat, told()[:2], number=number).status_code == 409
    assert mine.post(at("audit_send", uuid4()), b"{}", content_type="application/json").status_code == 404


def test_a_phones_key_is_its_accounts_own_and_stays_the_same(audit, users):
    first, again, other = (
        browser(user).get(at("audit_work")).json() for user in (users[0], users[0], users[1])
    )
    assert (first["user"], first["key"]) == (again["user"], again["key"])
    assert first["key"] != other["key"]
    assert first["user"] != other["user"]
    assert len(bytes.fromhex(first["key"])) == 32
    assert users[0].username not in json.dumps(first)


def test_the_page_that_a_phone_keeps_is_alike_for_everybody(audit, users):
    pages = [browser(user).get(at("audit_phone")).content for user in (None, *users)]
    assert pages[0] == pages[1] == pages[2]
    assert b"csrfmiddlewaretoken" not in pages[0]
    script = browser().get(at("audit_worker")).content.decode()
    assert at("audit_phone") in script
    manifest = browser().get(at("audit_manifest")).json()
    assert manifest["start_url"] == at("audit_phone")


def test_a_photo_comes_by_its_id_and_a_broken_one_is_told(audit, users):
    seat, client, number = audit.seats.get(number=1), browser(users[0]), str(uuid4())

    def sent(data, item=GATE, number=number):
        file = SimpleUploadedFile("IMG_2026_Jl_Melati_5.jpg", data)
        return client.post(at("audit_send_photo", seat.pk), {"nomor": number, "butir": item, "foto": file})

    assert sent(photo()).json() == sent(photo()).json() == {"photo": number}
    assert sent(photo((50, 50))).status_code == 409
    assert sent(b"x", number=str(uuid4())).json()["code"] == "photos.refused"
    assert sent(photo(), number="x").json()["code"] == "places.answers-refused"
    assert sent(photo(), item="lain/x", number=str(uuid4())).status_code == 422
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(users[0])
    assert strict.post(at("audit_send_photo", seat.pk), {"nomor": str(uuid4())}).status_code == 403
    assert AuditPhoto.objects.count() == 1


def test_the_form_without_scripts_keeps_what_was_wrong_and_what_changed_elsewhere(audit, users):
    seat, client = audit.seats.get(number=1), browser(users[0])
    page = at("audit_heading", seat.pk, "kemudahan")
    wrong = client.post(page, {GATE: "ya", f"ukuran:{GATE}": "lebar"})
    assert wrong.status_code == 422
    assert 'value="lebar"' in wrong.content.decode()
    assert not AuditAnswer.objects.exists()
    assert client.post(page, {GATE: "ya", f"ukuran:{GATE}": "85,5", f"dari:{GATE}": "0"}).status_code == 302
    assert str(AuditAnswer.objects.get().measure) == "85.500"
    changed = client.post(page, {GATE: "tidak", f"dari:{GATE}": "0"})
    assert changed.status_code == 409
    assert "berubah di HP lain" in changed.content.decode()
    assert AuditAnswer.objects.get().answer == "ya"
    assert client.post(page, {GATE: "tidak", f"dari:{GATE}": "1"}).status_code == 302
    assert client.get(at("audit_heading", seat.pk, "lain")).status_code == 404
    early = client.post(at("audit_finish", seat.pk))
    assert early.status_code == 422
    assert "belum dijawab" in early.content.decode()
    answering.receive(seat, uuid4(), [one for one in told() if one["item"] != GATE], finish=False, now=NOON)
    assert client.post(at("audit_finish", seat.pk)).status_code == 302
    assert AuditSeat.objects.get(pk=seat.pk).finished_at == NOON
    assert client.post(page, {GATE: "ya", f"dari:{GATE}": "2"}).status_code == 302
    assert AuditAnswer.objects.get(item=GATE).answer == "tidak"


def test_only_who_certifies_decides_and_never_one_of_the_two(audit, users, office):
    for seat in audit.seats.all():
        answering.receive(seat, uuid4(), told(), finish=True, now=NOON)
    assert browser(users[0]).get(at("audit_desk", audit.pk)).status_code == 403
    assert browser(users[0]).post(at("audit_decide", audit.pk)).status_code == 403
    desk = browser(office)
    assert desk.post(at("audit_certify", audit.pk)).status_code == 422
    assert desk.post(at("audit_decide", audit.pk), {f"butir:{GATE}": "1"}).status_code == 422
    assert desk.post(at("audit_decide", audit.pk)).status_code == 302
    given = desk.post(at("audit_certify", audit.pk))
    assert given.status_code == 302
    assert browser().get(given["Location"]).status_code == 200


def test_the_public_sees_results_and_no_names_and_only_photos_without_faces(audit, users, office):
    seat = audit.seats.get(number=1)
    rows = [photos.receive(seat, uuid4(), GATE, photo((40 + n, 30)), now=NOON) for n in range(3)]
    assert browser().get(at("rating", audit.space_id)).status_code == 404
    for one in audit.seats.all():
        answering.receive(one, uuid4(), told({"udara/bau": bad("udara/bau")}), finish=True, now=NOON)
    deciding.decide(audit, {}, by=office, now=NOON)
    desk = browser(office)
    for row, word in zip(rows, ("tidak", "ada"), strict=False):
        assert desk.post(at("audit_face", row.pk), {"wajah": word}).status_code == 302
    assert desk.post(at("audit_face", rows[2].pk), {"wajah": "mungkin"}).status_code == 404
    public = browser()
    page = public.get(at("rating", audit.space_id)).content.decode()
    assert ITEMS["udara/bau"].repair["id"] in page
    for user in (*users, office):
        assert user.username not in page
    assert [public.get(at("rating_photo", row.pk)).status_code for row in rows] == [200, 404, 404]
    assert [public.get(at("audit_picture", row.pk)).status_code for row in rows] == [302] * 3
    assert [browser(users[0]).get(at("audit_picture", row.pk)).status_code for row in rows] == [200] * 3
    assert [browser(users[1]).get(at("audit_picture", row.pk)).status_code for row in rows] == [404] * 3
    assert "Taman Melati" in public.get(at("ratings")).content.decode()


def test_a_photo_that_everybody_sees_is_taken_down_from_its_own_page(audit, users, office, person):
    row = photos.receive(audit.seats.get(number=1), uuid4(), GATE, photo(), now=NOON)
    for one in audit.seats.all():
        answering.receive(one, uuid4(), told(), finish=True, now=NOON)
    deciding.decide(audit, {}, by=office, now=NOON)
    desk, down = browser(office), at("rating_photo_down", row.pk)
    desk.post(at("audit_face", row.pk), {"wajah": "tidak"})
    page, shown = at("rating", audit.space_id), at("rating_photo", row.pk)
    assert browser().get(shown)["Cache-Control"] == "private, no-cache"
    for other in (browser(), browser(users[0]), browser(person("body"))):
        assert down not in other.get(page).content.decode()
        assert other.post(down).status_code in (302, 403)
        assert other.get(shown).status_code == 200
    assert down in desk.get(page).content.decode()
    assert desk.get(down).status_code == 405
    assert desk.post(down)["Location"] == page
    assert browser().get(shown).status_code == 404
    assert down not in desk.get(page).content.decode()


def test_a_certificate_page_says_how_it_stands(melati, users, office, hour):
    audit = decided(melati, users, office, NOON)
    row = certificates.give(audit, by=office, now=NOON)
    page, proof = at("certificate", row.pk), at("certificate_proof", row.pk)
    assert browser().get(proof).json()["state"] == "valid"
    assert "SNI" in browser().get(page).content.decode()
    hour.at = row.valid_until
    assert "Masa berlakunya habis" in browser().get(page).content.decode()
    assert browser().get(proof).json()["state"] == "expired"
    assert browser().get(at("certificate", uuid4())).status_code == 404
    other = reverse("places:certificate", args=["kota-lain", row.pk])
    assert browser().get(other).status_code == 404


def test_a_kelurahan_has_its_own_list_of_repairs(melati, users, office, person, hour):
    decided(melati, users, office, NOON, changed={CRITICAL: bad(CRITICAL)})
    own, other = person("kelurahan"), person("kelurahan", area="99.71.01.1002")
    [row] = Defect.objects.all()
    assert "Taman Melati" in browser(own).get(at("repairs")).content.decode()
    assert "Taman Melati" not in browser(other).get(at("repairs") + "?wilayah=99.71.01.1001").content.decode()
    assert browser(other).post(at("repair_fix", row.pk)).status_code == 404
    wrong = browser(own).post(at("repair_fix", row.pk), {"foto": SimpleUploadedFile("a.jpg", b"x")})
    assert wrong.status_code == 422
    assert (
        browser(own)
        .post(at("repair_fix", row.pk), {"foto": SimpleUploadedFile("a.jpg", photo())})
        .status_code
        == 302
    )
    assert browser(own).post(at("repair_fix", row.pk)).status_code == 409
    assert browser(own).post(at("repair_check", row.pk), {"baik": "ya"}).status_code == 409
    assert browser(users[0]).post(at("repair_check", row.pk), {"baik": "entah"}).status_code == 404
    assert browser(users[0]).post(at("repair_check", row.pk), {"baik": "ya"}).status_code == 302
    assert browser(own).get(at("repairs_csv")).content.decode().count("\n") == 2
    assert browser(own).post(at("repair_report"), {"tempat": "x"}).status_code == 422
    assert (
        browser(other).post(at("repair_report"), {"tempat": str(row.space_id), "butir": GATE}).status_code
        == 422
    )
    assert (
        browser(own).post(at("repair_report"), {"tempat": str(row.space_id), "butir": "x"}).status_code == 422
    )
    assert (
        browser(own).post(at("repair_report"), {"tempat": str(row.space_id), "butir": GATE}).status_code
        == 302
    )
    assert [one.item for one in defects.of_city(melati)] == [GATE]


def test_a_name_like_a_formula_is_text_in_the_table(melati, users, office, hour):
    place = opening.add_space(melati, "=HYPERLINK(1)", "", now=NOON)
    decided(melati, users, office, NOON, changed={GATE: bad(GATE)}, place=place)
    assert "\n'=HYPERLINK(1)," in browser(office).get(at("repairs_csv")).content.decode().replace("\r", "")


def test_the_office_that_repaired_is_told_that_another_looks_at_its_photo(
    melati, users, office, person, hour
):
    decided(melati, users, office, NOON, changed={CRITICAL: bad(CRITICAL)})
    row = defects.fix(defects.of_city(melati)[0], photo(), by=office, now=NOON)
    address = at("audit_face", row.photo_id)
    assert address not in browser(office).get(at("repairs")).content.decode()
    refused = browser(office).post(address, {"wajah": "tidak"})
    assert refused.status_code == 422
    assert "Orang lain yang melihat fotonya" in refused.content.decode()
    other = browser(person("pppa"))
    assert address in other.get(at("repairs")).content.decode()
    assert other.post(address, {"wajah": "tidak"}).status_code == 302


def test_days_of_the_list_are_those_of_people(melati, users, office, hour):
    night = hour.pass_(hours=13)  # 01.00 WIB of the day after
    decided(melati, users, office, night, changed={CRITICAL: bad(CRITICAL)})
    assert "2026-11-26" in browser(office).get(at("repairs_csv")).content.decode()
