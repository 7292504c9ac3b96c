"""What the desk shares with a family: keys, letters, and what a guardian left unanswered."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

from ruangaman.rooms.access.desk import matters
from ruangaman.rooms.access.models import AccessSession, Matter
from ruangaman.rooms.access.tests.conftest import BIMA, Hour, Platform, answer, guardian_of, withdraw
from ruangaman.rooms.access.tests.test_desk import (
    LETTER,
    REASON,
    answers,
    matter,
    objects,
    page_of,
    path,
    read,
    signed_in,
)
from ruangaman.rooms.families import api as families
from ruangaman.rooms.families import children, deletions, objections, outbox
from ruangaman.rooms.families.errors import PassedOn
from ruangaman.rooms.families.models import Child, DeletionTask, Guardian, Objection, Outgoing
from ruangaman.rooms.ledger.models import Entry
from ruangaman.rooms.vault import api as vault
from ruangaman.rooms.vault.models import Sealed

pytestmark = pytest.mark.slow


@pytest.fixture
def officer(db, hour: Hour) -> Client:
    return signed_in("dewi")


def answered(house: Platform, officer, subject: str = "p-1") -> Matter:
    objects(house, subject)
    row = matter()
    read(officer, row)
    assert answers(officer, row).status_code == 303
    row.refresh_from_db()
    return row


def test_words_and_answer_are_forgotten_with_the_family(platform, officer, hour):
    row = answered(platform("obrol"), officer)
    child = Child.objects.get(pk=row.session.child)
    assert vault.family_of(vault.SealedRef(row.reason)) == child.family
    assert REASON in officer.get(path(row)).content.decode()
    vault.forget_family(vault.FamilyRef(child.family), now=hour.at)
    with pytest.raises(vault.Forgotten):
        vault.reveal(vault.SealedRef(row.reason), purpose="a test")
    assert matters.reason_of(row) == {"id": "", "en": ""}
    shown = officer.get(path(row))
    assert shown.status_code == 200
    assert "Sudah dilupakan bersama data keluarganya." in shown.content.decode()
    assert "Diterima" in shown.content.decode()
    assert officer.get("/petugas/").status_code == 200


def test_an_answer_follows_the_child_into_another_family(platform, officer, hour):
    house = platform("obrol")
    row = answered(house, officer)
    other = house.sign_up("obrol", subject="p-2", age=BIMA).json
    root = Child.objects.get(pk=AccessSession.objects.get(id=other["id"]).child)
    children.same_person(Child.objects.get(pk=row.session.child), root, now=hour.at)
    row.refresh_from_db()
    assert row.family == root.family == vault.family_of(vault.SealedRef(row.reason))
    assert matters.reason_of(row)["id"] == REASON
    vault.forget_family(vault.FamilyRef(root.family), now=hour.at)
    assert matters.reason_of(row)["id"] == ""


def test_nothing_is_answered_to_a_family_that_is_forgotten(platform, officer, hour):
    objects(platform("obrol"))
    row = matter()
    read(officer, row)
    child = Child.objects.get(pk=row.session.child)
    vault.forget_family(vault.FamilyRef(child.family), now=hour.at)
    told = answers(officer, row)
    assert told.status_code == 409
    assert "Data keluarga ini sudah dilupakan." in told.content.decode()
    row.refresh_from_db()
    assert row.answered_at is None


def to_the_guardian(house: Platform) -> tuple[str, UUID]:
    """A child with a proven guardian objects; gives its page and the guardian."""
    made = house.sign_up("obrol", age=BIMA).json
    guardian = guardian_of(AccessSession.objects.get(id=made["id"]).child)
    page = page_of(made)
    assert "Kalau orang tuamu tidak menjawab" in Client().get(page + "/tidak-setuju").content.decode()
    assert Client().post(page + "/tidak-setuju", {"words": LETTER}).status_code == 303
    assert Objection.objects.get().to == "guardian"
    return page, guardian


def test_an_objection_that_no_guardian_answers_passes_to_the_officers_once(platform, officer, hour):
    page, _ = to_the_guardian(platform("obrol"))
    due = Objection.objects.get().due_at
    hour.at = due
    families.settle_due(hour.at)
    assert Matter.objects.count() == 0  # the due instant itself is in time
    assert "Orang tuamu belum menjawab ceritamu." not in Client().get(page).content.decode()
    hour.pass_(days=1)
    families.settle_due(hour.at)
    families.settle_due(hour.pass_(seconds=1))
    row = Matter.objects.get()
    assert (row.kind, row.by, row.raised_at, row.safe_at) == ("objection", "child", due, due)
    assert row.due_at == due + timedelta(hours=72)
    assert Entry.objects.filter(kind="objection.passed-on").count() == 1
    said = Client().get(page).content.decode()
    assert "Orang tuamu belum menjawab ceritamu." in said
    assert "Dijawab sebelum Selasa, 1 Desember, pukul 12.00" in said
    assert (
        "Your parent has not answered what you wrote." in Client().get(page + "?bahasa=en").content.decode()
    )
    shown = read(officer, row)
    assert LETTER in shown
    assert "Dihitung sejak anak menulis, waktunya sudah lewat." in shown
    assert answers(officer, row).status_code == 303
    said = Client().get(page).content.decode()
    assert REASON in said
    assert "Orang tuamu belum menjawab ceritamu." not in said
    families.settle_due(hour.pass_(days=9))
    assert Matter.objects.count() == 1


def test_what_a_guardian_answers_in_time_stays_at_home_and_a_late_answer_is_refused(platform, officer, hour):
    house = platform("obrol")
    page, guardian = to_the_guardian(house)
    who = Guardian.objects.get(pk=guardian)
    objections.reply(Objection.objects.get().pk, guardian=who, words="Kita bicara nanti.", now=hour.at)
    hour.pass_(days=9)
    families.settle_due(hour.at)
    assert Matter.objects.count() == 0
    assert Client().post(page + "/tidak-setuju", {"words": LETTER}).status_code == 303
    families.settle_due(hour.pass_(days=4))
    late = Matter.objects.get()
    with pytest.raises(PassedOn):
        objections.reply(late.ref, guardian=who, words="Terlambat.", now=hour.at)
    assert Objection.objects.get(pk=late.ref).reply is None


def complained(house: Platform, hour, *, mail: str = "") -> Matter:
    """A mother withdraws, the platform is late, she complains."""
    made = house.sign_up("obrol", age=BIMA).json
    mother = answer(made["id"], yes=True, now=hour.at)
    if mail:
        family = vault.FamilyRef(Guardian.objects.get(pk=mother).family)
        kept = vault.seal(family, "families.address", mail, now=hour.at, searchable=mail)
        Guardian.objects.filter(pk=mother).update(email=kept, email_verified_at=hour.at)
    withdraw(made["id"], mother, now=hour.pass_(hours=1))
    task = DeletionTask.objects.get()
    assert deletions.complain(task.pk, words="Datanya masih ada.", now=hour.pass_(days=4))
    return matter()


@pytest.mark.parametrize(
    ("language", "subject"), [("id", "Ada jawaban untuk Anda"), ("en", "There is an answer for you")]
)
def test_a_guardian_hears_by_letter_that_a_complaint_is_answered_and_no_word_of_it(
    platform,
    officer,
    hour,
    language,
    subject,
):
    row = complained(platform("obrol"), hour, mail="ibu@contoh.example")
    Guardian.objects.update(language=language)
    read(officer, row)
    assert not Outgoing.objects.filter(template="answered").exists()
    assert answers(officer, row, reason="Aduan Anda benar.").status_code == 303
    letter = Outgoing.objects.get(template="answered")
    told, body = outbox.render(letter)
    assert told == subject
    assert "/keluarga/" in body
    for private in ("Obrol", "Aduan", "benar", "Datanya", "p-1"):
        assert private not in told + body
    answers(officer, row)
    assert Outgoing.objects.filter(template="answered").count() == 1


def test_without_an_address_no_letter_goes_home(platform, officer, hour):
    row = complained(platform("obrol"), hour)
    read(officer, row)
    assert answers(officer, row).status_code == 303
    assert not Outgoing.objects.filter(template="answered").exists()


def test_a_grown_childs_former_guardian_gets_no_letter(platform, officer, hour):
    row = complained(platform("obrol"), hour, mail="ibu@contoh.example")
    hour.pass_(days=5 * 365)  # Bima is 19
    read(officer, row)
    assert answers(officer, row).status_code == 303
    assert not Outgoing.objects.filter(template="answered").exists()


def forgotten(row: Matter, hour: Hour) -> None:
    child = Child.objects.get(pk=row.session.child)
    families.close(families.ChildRef(child.pk), now=hour.at)
    families.forget_family(vault.FamilyRef(child.family), why="perkara 7", despite_open=True, now=hour.at)


def test_a_matter_closes_by_itself_when_its_family_is_forgotten(platform, officer, hour):
    objects(platform("obrol"))
    row = matter()
    read(officer, row)
    assert path(row) in officer.get("/petugas/").content.decode()
    forgotten(row, hour)
    row.refresh_from_db()
    assert (row.forgotten_at, row.answered_at) == (hour.at, None)
    assert path(row) not in officer.get("/petugas/").content.decode()
    shown = officer.get(path(row)).content.decode()
    assert "Tertutup tanpa jawaban pada Rabu, 25 November" in shown
    assert "Kirim jawaban" not in shown
    told = answers(officer, row)
    assert told.status_code == 409
    assert "Data keluarga ini sudah dilupakan." in told.content.decode()
    closed = Entry.objects.get(kind="matter.closed")
    assert b"family-forgotten" in bytes(closed.entry)
    assert row.session.ledger_name.encode() in bytes(closed.entry)


def test_a_platform_is_asked_no_more_for_data_of_who_is_forgotten(platform, officer, hour):
    house = platform("obrol")
    objects(house, age={"birth_date": "2009-02-20"}, hak="hapus")
    row = matter()
    assert [one["id"] for one in house.get("/v1/data-requests").json["data_requests"]] == [str(row.id)]
    forgotten(row, hour)
    assert house.get("/v1/data-requests").json["data_requests"] == []
    said = {"decision": "granted", "reason": {"id": "Sudah dihapus."}, "by": "data officer"}
    late = house.post(f"/v1/data-requests/{row.id}/answer", said)
    assert (late.status, late.code) == (409, "access.matter-closed")


def test_an_answer_of_an_officer_is_forgotten_on_the_same_day_as_its_family(platform, officer, hour):
    house = platform("obrol")
    row = answered(house, officer)
    child = Child.objects.get(pk=row.session.child)
    assert house.call("DELETE", f"/v1/sessions/{row.session.id}").status == 200
    for task in house.get("/v1/deletions").json["deletions"]:
        house.post(
            f"/v1/deletions/{task['id']}/confirm",
            {"systems": ["akun"], "counts": {}, "done_at": hour.at.isoformat(), "by": "data officer"},
        )
    hour.pass_(days=29)
    families.settle_due(hour.at)
    assert matters.reason_of(row)["id"] == REASON
    hour.pass_(days=2)
    families.settle_due(hour.at)
    assert families.family(vault.FamilyRef(child.family), now=hour.at).forgotten_at == hour.at
    assert matters.reason_of(row)["id"] == ""
    assert not Sealed.objects.filter(pk=row.reason).exists()


def test_a_forgotten_childs_account_ends_here_and_its_pseudonym_finds_nothing(platform, officer, hour):
    house = platform("obrol")
    objects(house)
    row = matter()
    session = row.session
    forgotten(row, hour)
    session.refresh_from_db()
    assert (session.state, session.closed_at) == ("closed", hour.at)
    assert (bytes(session.subject_key), bytes(session.salt), session.guardian_key) == (b"", b"", None)
    told = house.get(f"/v1/sessions/{session.id}")
    assert (told.status, told.json["state"]) == (200, "closed")
    again = house.sign_up("obrol", age=BIMA)
    assert again.status == 201
    assert again.json["id"] != str(session.id)


def test_a_platform_that_still_owes_a_deletion_keeps_the_pseudonym_until_it_has_done_it(platform, hour):
    house = platform("obrol")
    made = house.sign_up("obrol", age=BIMA).json
    session = AccessSession.objects.get(id=made["id"])
    guardian = answer(made["id"], yes=True, now=hour.at)
    withdraw(made["id"], guardian, now=hour.at)
    family = families.family_of(families.ChildRef(session.child))
    families.forget_family(family, why="perkara 7", despite_open=True, now=hour.at)
    (task,) = house.get("/v1/deletions").json["deletions"]
    assert task["subject"] == "p-1"
    done = house.post(
        f"/v1/deletions/{task['id']}/confirm",
        {"systems": ["akun"], "counts": {}, "done_at": hour.at.isoformat(), "by": "data officer"},
    )
    assert done.status == 200
    session.refresh_from_db()
    assert vault.find("access.subject", "p-1") == []
    with pytest.raises(vault.Forgotten):
        vault.reveal(vault.SealedRef(session.subject), purpose="a test")


def test_a_simulated_child_is_forgotten_like_a_real_one(platform, hour):
    house = platform("obrol", sandbox=True)
    made = house.sign_up("obrol", age=BIMA, child={"nickname": "Uji"}).json
    child = Child.objects.get(pk=AccessSession.objects.get(id=made["id"]).child)
    assert house.call("DELETE", f"/v1/sessions/{made['id']}").status == 200
    hour.pass_(days=31)
    families.settle_due(hour.at)
    assert families.family(vault.FamilyRef(child.family), now=hour.at).forgotten_at == hour.at
