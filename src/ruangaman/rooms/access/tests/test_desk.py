"""The officers' desk: what children and guardians raise is read under a trace, answered once, and seen by them."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from django.test import Client

from ruangaman.adapters import clock
from ruangaman.rooms.access import api as access
from ruangaman.rooms.access.desk import staff
from ruangaman.rooms.access.models import Event, Matter, MatterReading
from ruangaman.rooms.access.tests.conftest import AYU, BIMA, Hour, Platform, answer, guardian_of
from ruangaman.rooms.families import deletions
from ruangaman.rooms.families.models import AgeReview, Child, DeletionTask, Objection
from ruangaman.rooms.ledger.models import Entry
from ruangaman.rooms.vault.models import Sealed

pytestmark = pytest.mark.slow

LETTER = "Aku tidak mau dilihat terus. Tolong."
REASON = "Kami setuju. Pantauan itu dimatikan hari ini."


@pytest.fixture(autouse=True)
def _fresh_tries():
    staff.TRIES._left.clear()


def signed_in(name: str, *, officer: bool = True, admin: bool = False) -> Client:
    access.add_staff(name, officer=officer, admin=admin, now=clock.now())
    client = Client()
    client.force_login(User.objects.get(username=name))
    return client


@pytest.fixture
def officer(db, hour: Hour) -> Client:
    return signed_in("dewi")


def page_of(session: dict[str, Any]) -> str:
    return str(session["child_url"]).partition("8000")[2]


def objects(house: Platform, subject: str = "p-1", age: dict[str, str] = BIMA, **form: str) -> dict[str, Any]:
    """A child signs up and writes to the officers; gives the session's document."""
    made = house.sign_up("obrol", subject=subject, age=age).json
    sent = Client().post(page_of(made) + "/tidak-setuju", {"words": LETTER} | form)
    assert sent.status_code == 303, sent.content.decode()
    return made


def matter() -> Matter:
    return Matter.objects.latest("raised_at", "id")


def path(row: Matter) -> str:
    return f"/petugas/{row.pk}"


def read(client: Client, row: Matter) -> str:
    assert client.post(path(row), {"act": "read"}).status_code == 303
    return client.get(path(row)).content.decode()


def answers(client: Client, row: Matter, **form: Any) -> Any:
    return client.post(path(row), {"act": "answer", "decision": "granted", "reason": REASON} | form)


def everything() -> list[int]:
    models = (Matter, MatterReading, Objection, AgeReview, Entry, Event, Sealed)
    return [model.objects.count() for model in models]


def test_an_objection_without_a_guardian_waits_with_its_clock_and_article_and_is_answered(
    platform, officer, hour
):
    made = objects(platform("obrol"))
    row = matter()
    assert row.due_at == hour.at + timedelta(hours=72)
    shown = officer.get("/petugas/").content.decode()
    assert "Keberatan" in shown
    assert "Obrol" in shown
    assert "72" in shown or "3 hari lagi" in shown
    assert "Pasal 41" in shown
    assert LETTER not in shown + officer.get(path(row)).content.decode()
    assert LETTER in read(officer, row)
    hour.pass_(hours=1)
    assert answers(officer, row).status_code == 303
    child = Client().get(page_of(made)).content.decode()
    assert REASON in child
    assert "Keberatanmu: Diterima" in child
    assert "Petugas Ruang Aman, Rabu, 25 November 2026" in child
    row.refresh_from_db()
    assert (row.answered_at, row.decision) == (hour.at, "granted")
    assert Objection.objects.get().answered_at == hour.at
    assert "Tidak ada yang menunggu jawaban." in officer.get("/petugas/").content.decode()


def test_a_look_changes_nothing_and_each_reading_stands_in_the_ledger_once(platform, officer, hour):
    objects(platform("obrol"))
    row, before = matter(), everything()
    for address in ("/petugas/", "/petugas/?giliran=kita", path(row), path(row) + "?act=read"):
        for _ in range(2):
            assert officer.get(address).status_code == 200
    assert everything() == before
    read(officer, row)
    read(officer, row)
    read(signed_in("anto"), row)
    assert Entry.objects.filter(kind="matter.read").count() == 2
    assert "dewi, " in officer.get(path(row)).content.decode()


def test_nothing_written_or_answered_stands_in_clear_in_any_table(platform, officer, hour):
    from django.apps import apps

    objects(platform("obrol"))
    row = matter()
    read(officer, row)
    answers(officer, row)
    for model in apps.get_models():
        for found in model._base_manager.values():
            assert "dilihat terus" not in str(found), model
            assert "Pantauan itu" not in str(found), model
    told = b"".join(bytes(one) for one in Entry.objects.values_list("entry", flat=True))
    assert b"dilihat" not in told
    assert b"dewi" not in told


def test_a_second_answer_is_refused_and_the_first_stays(platform, officer, hour):
    made = objects(platform("obrol"))
    row = matter()
    read(officer, row)
    other = signed_in("anto")
    read(other, row)
    assert answers(officer, row).status_code == 303
    late = answers(other, row, decision="declined", reason="Tidak.")
    assert late.status_code == 409
    assert "Sudah dijawab sebelum ini" in late.content.decode()
    row.refresh_from_db()
    assert (row.decision, row.officer.get_username()) == ("granted", "dewi")
    assert REASON in Client().get(page_of(made)).content.decode()
    assert Entry.objects.filter(kind="matter.answered").count() == 1


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"reason": ""}, "Tulis alasan. Penanya berhak membacanya."),
        ({"reason": "   "}, "Tulis alasan. Penanya berhak membacanya."),
        ({"decision": ""}, "Pilih satu."),
        ({"decision": "mungkin"}, "Pilih satu."),
        ({"reason": "x" * 1001}, "1000"),
    ],
)
def test_an_incomplete_answer_is_refused_and_what_was_typed_stays(platform, officer, hour, form, says):
    objects(platform("obrol"))
    row = matter()
    read(officer, row)
    before = everything()
    told = answers(officer, row, **form)
    assert told.status_code == 400
    assert says in told.content.decode()
    if "reason" not in form:
        assert REASON in told.content.decode()
    assert everything() == before


def test_an_answer_without_having_read_is_refused(platform, officer, hour):
    objects(platform("obrol"))
    row = matter()
    assert "Kirim jawaban" not in officer.get(path(row)).content.decode()
    assert answers(officer, row).status_code == 409
    assert Matter.objects.filter(answered_at__isnull=False).count() == 0


def test_a_card_without_words_is_answered_without_opening_anything(platform, officer, hour):
    objects(platform("obrol"), age={"birth_date": "2018-05-02"}, words="", feeling="afraid")
    row = matter()
    assert "Memilih kartu: takut" in officer.get(path(row)).content.decode()
    assert answers(officer, row).status_code == 303


def test_only_an_officer_gets_in_not_a_guest_not_staff_not_an_administrator(platform, hour):
    objects(platform("obrol"))
    row, before = matter(), everything()
    guest = User.objects.create_user("tamu", password="x" * 20)
    guest.user_permissions.add(*staff.Permission.objects.filter(codename=staff.OFFICER))
    signed = Client()
    signed.force_login(guest)
    for who, status in (
        (Client(), 302),
        (signed, 302),
        (signed_in("biasa", officer=False), 403),
        (signed_in("kepala", officer=False, admin=True), 403),
    ):
        before = everything()
        for address in ("/petugas/", path(row)):
            assert who.get(address).status_code == status
        assert who.post(path(row), {"act": "read"}).status_code == status
        assert answers(who, row).status_code == status
        assert everything() == before
    assert signed_in("kepala", admin=True).get("/petugas/").status_code == 200


def test_an_unknown_letter_is_not_found(officer):
    assert officer.get(f"/petugas/{UUID(int=7)}").status_code == 404
    assert officer.post(f"/petugas/{UUID(int=7)}", {"act": "read"}).status_code in (404, 422)


def test_the_inbox_puts_the_earliest_due_first_and_what_has_no_date_last(platform, officer, hour):
    house = platform("obrol")
    objects(house, "p-1", AYU, hak="hapus")
    hour.pass_(hours=1)
    objects(house, "p-2")
    hour.pass_(hours=1)
    objects(house, "p-3", AYU, hak="salinan")
    shown = officer.get("/petugas/").content.decode()
    order = re.findall(r"(Keberatan|Penghapusan data|Salinan data)</a>", shown)
    assert order == ["Keberatan", "Salinan data", "Penghapusan data"]
    ours = officer.get("/petugas/?giliran=kita").content.decode()
    assert re.findall(r"(Keberatan|Penghapusan data|Salinan data)</a>", ours) == ["Keberatan"]
    hour.pass_(days=5)
    assert "lewat 49 jam" in officer.get("/petugas/").content.decode()


def contests(house: Platform, direction: str = "older", words: str = "Aku sudah 15.") -> dict[str, Any]:
    made = house.sign_up("obrol", age={"at_least": 10, "at_most": 10}).json
    sent = Client().post(page_of(made) + "/umur", {"direction": direction, "words": words})
    assert sent.status_code == 303
    return made


def test_a_granted_contest_sets_the_age_and_the_law_is_asked_anew(platform, officer, hour):
    house = platform("obrol")
    made = contests(house)
    assert made["answer"]["outcome"] == "deny"
    row = matter()
    assert "Tercatat" not in officer.get(path(row)).content.decode()
    shown = read(officer, row)
    assert "Tercatat: 10 tahun (pernyataan anak sendiri)." in shown
    assert "Katanya: umurku lebih tua" in shown
    hour.pass_(minutes=5)
    done = answers(officer, row, at_least="14", at_most="15", evidence="verified")
    assert done.status_code == 303, done.content.decode()
    now = house.get(f"/v1/sessions/{made['id']}").json
    assert now["answer"]["outcome"] == "wait"  # a guardian was asked at once
    assert "child.age_band_changed" in Event.objects.values_list("kind", flat=True)
    assert AgeReview.objects.get().decided_at == hour.at
    assert "Soal umurmu: Diterima" in Client().get(page_of(made)).content.decode()


@pytest.mark.parametrize(
    "age",
    [
        {},
        {"at_least": "15", "at_most": "14", "evidence": "verified"},
        {"at_least": "15"},
        {"at_least": "151", "evidence": "verified"},
        {"at_least": "-1", "evidence": "verified"},
        {"at_least": "lima belas", "evidence": "verified"},
        {"at_least": "15", "evidence": "dugaan"},
    ],
)
def test_a_contest_is_not_granted_without_an_age_and_its_ground(platform, officer, hour, age):
    house = platform("obrol")
    made = contests(house)
    row = matter()
    read(officer, row)
    assert answers(officer, row, **age).status_code == 400
    assert house.get(f"/v1/sessions/{made['id']}").json["answer"]["outcome"] == "deny"


def test_a_declined_contest_changes_no_age_and_a_new_one_may_be_made(platform, officer, hour):
    house = platform("obrol")
    made = contests(house, words="")
    row = matter()
    read(officer, row)
    said = {"decision": "declined", "reason": "Belum ada bukti. Kamu boleh mengirim lagi."}
    assert answers(officer, row, **said).status_code == 303
    assert house.get(f"/v1/sessions/{made['id']}").json["answer"]["outcome"] == "deny"
    Client().post(page_of(made) + "/umur", {"direction": "older"})
    assert Matter.objects.filter(answered_at__isnull=True).count() == 1


def test_a_complaint_about_a_late_deletion_is_answered_and_the_platform_reminded(platform, officer, hour):
    house = platform("obrol")
    made = house.sign_up("obrol", age=BIMA).json
    mother = answer(made["id"], yes=True, now=hour.at)
    from ruangaman.rooms.access.tests.conftest import withdraw

    withdraw(made["id"], mother, now=hour.pass_(hours=1))
    hour.pass_(days=4)
    task = DeletionTask.objects.get()
    assert deletions.complain(task.pk, words="Datanya masih ada.", now=hour.at)
    row = matter()
    assert (row.kind, row.by, row.due_at) == ("complaint", "guardian", None)
    shown = officer.get("/petugas/").content.decode()
    assert "tidak ada angka dalam aturan" in shown
    assert "Orang tua atau wali" in shown
    assert "Datanya masih ada." in read(officer, row)
    before = Event.objects.filter(kind="deletion.due").count()
    assert answers(officer, row, reason="Aduan Anda benar. Kami menagih Obrol lagi.").status_code == 303
    assert Event.objects.filter(kind="deletion.due").count() == before + 1
    from ruangaman.rooms.families import officers
    from ruangaman.rooms.families.views import words

    (told,) = officers.answers_to([task.pk])
    assert words.answer(told)["who"] == "Petugas Ruang Aman"
    assert "menagih Obrol" in words.answer(told)["text"]


def test_a_request_for_a_copy_goes_to_the_platform_which_answers_by_the_api(platform, officer, hour):
    house, other = platform("obrol"), platform("ramai")
    made = objects(house, age=AYU, hak="salinan")
    (asked,) = house.get("/v1/data-requests").json["data_requests"]
    assert (asked["right"], asked["session"], asked["subject"]) == ("copy", made["id"], "p-1")
    assert asked["articles"]["en"] == ["UU 27/2022 (UU PDP) Art. 32(2)"]
    assert LETTER not in str(asked)
    (event,) = (one for one in house.get("/v1/events").json["events"] if one["type"] == "data_request.made")
    assert event["data"]["data_request"] == asked["id"]
    assert event["data"]["right"] == "copy"
    row = matter()
    assert "menjawab lebih dulu" in officer.get(path(row)).content.decode()
    said = {
        "decision": "granted",
        "reason": {"id": "Salinanmu siap diunduh.", "en": "Your copy is ready."},
        "by": "petugas pelindungan data",
    }
    address = f"/v1/data-requests/{asked['id']}/answer"
    assert other.post(address, said).status == 404
    assert other.get("/v1/data-requests").json["data_requests"] == []
    done = house.post(address, said)
    assert (done.status, done.json["decision"], done.json["answered_by"]) == (200, "granted", "platform")
    again = house.post(address, said | {"decision": "declined"})
    assert (again.status, again.code) == (409, "access.matter-answered")
    child = Client().get(page_of(made)).content.decode()
    assert "Salinanmu siap diunduh." in child
    assert "Permintaan salinan data: Diterima" in child
    assert "Obrol, Rabu" in child
    assert "Your copy is ready." in Client().get(page_of(made) + "?bahasa=en").content.decode()
    assert house.get("/v1/data-requests").json["data_requests"] == []
    assert "Obrol (petugas pelindungan data)" in officer.get("/petugas/").content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"decision": "maybe"},
        {"reason": {"id": ""}},
        {"reason": {"id": "  "}},
        {"reason": {"en": "Only English."}},
        {"by": "budi@contoh.example"},
        {"by": ""},
        {"more": 1},
    ],
)
def test_a_platforms_incomplete_answer_is_refused(platform, hour, wrong):
    house = platform("obrol")
    objects(house, age=AYU, hak="hapus")
    said = {"decision": "granted", "reason": {"id": "Sudah."}, "by": "petugas"} | wrong
    told = house.post(f"/v1/data-requests/{matter().pk}/answer", said)
    assert (told.status, told.code) == (422, "access.field-refused")
    assert matter().answered_at is None


def test_when_an_officer_answered_for_a_silent_platform_its_late_word_is_refused(platform, officer, hour):
    house = platform("obrol")
    objects(house, age=AYU, hak="hapus")
    row = matter()
    read(officer, row)
    assert answers(officer, row).status_code == 303
    said = {"decision": "granted", "reason": {"id": "Sudah."}, "by": "petugas"}
    assert house.post(f"/v1/data-requests/{row.pk}/answer", said).code == "access.matter-answered"
    (event,) = (
        one for one in house.get("/v1/events").json["events"] if one["type"] == "data_request.answered"
    )
    assert event["data"]["answered_by"] == "house"


def test_a_platform_cannot_answer_what_is_not_about_the_data_it_holds(platform, hour):
    house = platform("obrol")
    objects(house)
    said = {"decision": "granted", "reason": {"id": "Ya."}, "by": "petugas"}
    assert house.post(f"/v1/data-requests/{matter().pk}/answer", said).status == 404


def test_a_right_of_several_services_asks_which_one(platform, hour):
    made = platform("obrol").sign_up("obrol", age=AYU).json
    other = platform("dongeng-kita").sign_up("dongeng-kita", age=AYU).json
    rows = {one.pk: one for one in Child.objects.all()}
    from ruangaman.rooms.access.models import AccessSession
    from ruangaman.rooms.families import children, tokens

    first, second = (rows[AccessSession.objects.get(id=one["id"]).child] for one in (made, other))
    children.same_person(second, first, now=clock.now())
    text = tokens.derived("child_all", first.pk)
    first.refresh_from_db()
    tokens.put("child_all", text, first.family, now=clock.now(), child=first)
    whole = f"/anak/{text}/tidak-setuju"
    assert "Di aplikasi mana?" in Client().get(whole + "?hak=salinan").content.decode()
    sent = {"hak": "salinan", "words": LETTER}
    assert Client().post(whole, sent).status_code == 400
    assert Client().post(whole, sent | {"layanan": str(UUID(int=9))}).status_code == 400
    assert Client().post(whole, sent | {"layanan": str(second.pk)}).status_code == 303
    assert matter().session.service.slug == "dongeng-kita"


def test_what_goes_to_a_guardian_does_not_come_to_the_desk(platform, officer, hour):
    house = platform("obrol")
    made = house.sign_up("obrol", age=BIMA).json
    from ruangaman.rooms.access.models import AccessSession

    guardian_of(AccessSession.objects.get(id=made["id"]).child)
    Client().post(page_of(made) + "/tidak-setuju", {"words": LETTER})
    assert Objection.objects.get().to == "guardian"
    assert Matter.objects.count() == 0


@pytest.mark.parametrize(("language", "day"), [("id", "lahir 20 Maret 2012"), ("en", "born 20 March 2012")])
def test_a_birth_date_is_read_as_people_write_it(language, day):
    from django.utils import translation

    from ruangaman.rooms.access.desk import wording

    with translation.override(language):
        assert day in wording.age({"age": {"birth_date": "2012-03-20"}, "evidence": "self_declared"})
