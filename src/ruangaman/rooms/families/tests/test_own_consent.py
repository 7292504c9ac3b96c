"""At 17 the consent is the child's own; at 18 no guardian has a right any more; a watch is told on the next visit."""

from datetime import timedelta

import pytest

from ruangaman.adapters import clock
from ruangaman.rooms.families import actions, api
from ruangaman.rooms.families.errors import NothingToWithdraw, NotTheGuardian
from ruangaman.rooms.families.models import (
    DeletionTask,
    Guardian,
    Objection,
    Outgoing,
    Permission,
    Receipt,
    Watch,
)

from .conftest import ASK, DAY, DONGENG, RAMAI, Person, path, row, state

pytestmark = pytest.mark.slow


@pytest.fixture
def ayus(ask, mother):
    """Ayu agreed to Ramai, her mother confirmed."""
    invitation = ask("Ayu", {"birth_date": "2009-02-20"}, DONGENG, kind="confirmation", due_at=None)
    mother.answer(invitation, "yes", "ayu")
    assert state(invitation) == "given"
    return invitation


def test_two_taps_take_her_own_consent_back_and_everybody_is_told(ayus, mother, heard, deliver):
    Guardian.objects.update(email=None)
    page = mother.get(ayus.child_url).content.decode()
    address = f"{path(ayus.child_url)}/cabut/{ayus.request}"
    assert address in page
    asked = mother.get(address).content.decode()
    assert "tertutup untukmu sekarang juga" in asked
    assert "textarea" not in asked, "no reason is demanded"
    assert state(ayus) == "given"
    after = mother.post(address).content.decode()
    assert state(ayus) == "withdrawn"
    assert "Persetujuanmu dicabut." in after
    assert "Kamu mencabut persetujuanmu." in after
    assert "Persetujuan untuk Dongeng Kita dicabut" in after
    assert DeletionTask.objects.get().reason == "withdrawn"
    assert Receipt.objects.filter(kind="withdrawn", body__facts__by="child").count() == 1
    told = {event.kind: event.facts for event in heard}
    assert told["consent.withdrawn"]["by"] == "child"
    assert told["deletion.due"]["reason"] == "withdrawn"
    assert "Ayu mencabut persetujuannya." in mother.get("/keluarga/").content.decode()
    steps = mother.get(f"/keluarga/aplikasi/{ayus.request}/hapus").content.decode()
    assert "<h1>Persetujuan untuk Dongeng Kita dicabut</h1>" in steps, "it was no parent's permission"
    assert api.consent_of(ayus.request, now=clock.now()).law["state"] == "withdrawn"
    mother.post(address)
    assert Receipt.objects.filter(kind="withdrawn").count() == 1


def test_the_guardian_gets_a_letter_about_it(ayus, mother, deliver):
    from ruangaman.rooms.families import guardians, outbox

    guardians.set_email(Guardian.objects.get(), "ibu@contoh.example", now=clock.now())
    mother.post(f"{path(ayus.child_url)}/cabut/{ayus.request}")
    letter = Outgoing.objects.get(template="withdrawn")
    subject, body = outbox.render(letter)
    assert subject == "Ayu mencabut persetujuannya untuk Dongeng Kita"
    assert "wajib dihapus" in body


def test_she_may_take_it_back_before_anybody_confirmed(ask, mother, heard):
    invitation = ask("Ayu", 17, DONGENG, kind="confirmation", due_at=None)
    page = mother.post(f"{path(invitation.child_url)}/cabut/{invitation.request}").content.decode()
    assert state(invitation) == "invalidated"
    assert "Kamu mencabut persetujuanmu." in page
    assert DeletionTask.objects.get().reason == "withdrawn"
    assert heard[-2].kind == "consent.withdrawn" or "consent.withdrawn" in {one.kind for one in heard}
    events = [one.event_state for one in row(invitation).events.order_by("number")]
    assert events == ["dpv:ConsentGiven", "dpv:ConsentWithdrawn"]


def test_a_parents_consent_is_not_the_childs_to_take_back(ask, mother):
    invitation = ask()
    mother.answer(invitation, "yes", "sari")
    url = f"{path(invitation.child_url)}/cabut/{invitation.request}"
    assert mother.browser.get(url).status_code == 303
    assert mother.post(url).status_code == 409
    assert state(invitation) == "given"
    with pytest.raises(NotTheGuardian):
        actions.take_back(invitation.request, now=clock.now())


def test_nothing_is_left_to_take_back_after_a_refusal_and_strangers_have_no_such_page(ask, mother, father):
    invitation = ask("Ayu", 17, DONGENG, kind="confirmation", due_at=None)
    other = ask("Rina", 17, DONGENG, kind="confirmation", due_at=None)
    assert mother.post(f"{path(invitation.child_url)}/cabut/{other.request}").status_code == 404
    assert state(other) == "requested"
    mother.answer(invitation, "no", "ayu")
    with pytest.raises(NothingToWithdraw):
        actions.take_back(invitation.request, now=clock.now())


def test_pages_and_record_say_whose_consent_it_is(ayus, mother):
    page = mother.get(ayus.child_url).content.decode()
    assert "Kamu setuju. Ibu mengonfirmasi." in page
    assert "Kamu, dikonfirmasi Ibu" in page
    assert "Ibu bilang boleh" not in page
    home = mother.get("/keluarga/").content.decode()
    assert "Ayu setuju sendiri. Anda mengonfirmasi." in home
    assert "Konfirmasi untuk Dongeng Kita" in home
    stored = mother.get(ayus.find_url).content.decode()
    assert "Konfirmasi tersimpan." in stored
    assert "Ayu ingin pakai Dongeng Kita" not in stored, "nothing is asked any more"
    from ruangaman.rooms.families import records

    events = records.record(row(ayus))["events"]
    assert (events[0]["event_state"], events[0]["entity_id"]) == ("dpv:ConsentGiven", str(row(ayus).child_id))
    assert events[-1]["event_state"] == "ruangaman:ParentConfirmed"
    assert events[-1]["entity_id"] == str(row(ayus).guardian_id)


@pytest.mark.parametrize(("right", "title"), [("salinan", "Minta salinan data"), ("hapus", "Minta hapus")])
def test_copy_and_deletion_say_truly_what_happens(ayus, mother, right, title):
    url = path(ayus.child_url) + "/tidak-setuju"
    form = mother.get(url, hak=right).content.decode()
    assert f"<h1>{title}</h1>" in form
    assert "sampai ke aplikasi itu dan ke petugas, tidak ke orang tuamu" in form
    assert ("/cabut/" in form) == (right == "hapus")
    after = mother.post(url, hak=right, words="Aku minta dataku").content.decode()
    assert "Terkirim ke aplikasinya dan ke petugas." in after
    assert Objection.objects.get().to == "officer", "not the parent's to read"


def _until_18(time) -> None:
    time.at = time.at.replace(year=2027, month=2, day=20)


def test_at_18_no_guardian_sees_sets_ends_or_hands_over_anything(ayus, mother, time):
    child = row(ayus).child.root.pk
    whole = mother.post(f"/keluarga/anak/{child}/halaman").context["url"]
    assert mother.get(whole).status_code == 200
    mother.post(f"/keluarga/aplikasi/{ayus.request}", feature="time", state="on", reason="Supaya tidur cukup")
    assert Permission.objects.get(feature="time").state == "on"
    _until_18(time)
    api.settle_due(time.at)
    home = mother.browser.get("/keluarga/")
    if home.status_code == 302:  # the session of fifteen minutes is long over
        mother.visit("/masuk/kantor/kantor-contoh", None)
        home = mother.browser.get("/keluarga/")
    text = home.content.decode()
    assert "Ayu sudah 18 tahun. Hak Anda sebagai orang tua di sini sudah berakhir" in text
    for gone in ("Cabut izin", "Berikan tautannya", "Anda yang atur", "Tambah wali kedua"):
        assert gone not in text
    for url in (
        f"/keluarga/aplikasi/{ayus.request}",
        f"/keluarga/aplikasi/{ayus.request}/cabut",
        f"/keluarga/anak/{child}/halaman",
        f"/keluarga/anak/{child}/wali",
    ):
        assert mother.browser.get(url)["Location"] == f"/keluarga/anak/{child}"
        assert mother.browser.post(url)["Location"] == f"/keluarga/anak/{child}"
    assert state(ayus) == "given"
    with pytest.raises(NotTheGuardian):
        actions.withdraw(ayus.request, guardian=Guardian.objects.get().pk, now=time.at)
    assert not Watch.objects.filter(until__isnull=True).exists()
    assert Permission.objects.get(feature="time").state == "off"
    old = mother.get(whole)
    assert old.status_code == 410
    assert "Dongeng Kita" not in old.content.decode()


@pytest.mark.parametrize("by_letter", [False, True])
def test_at_18_what_waits_for_a_parent_ends(ayus, ask, mother, time, heard, deliver, by_letter):
    from ruangaman.rooms.families import guardians

    guardians.set_email(Guardian.objects.get(), "ibu@contoh.example", now=clock.now())
    letter = {"guardian_email": "ibu@contoh.example"} if by_letter else {}
    waiting = ask(child=row(ayus).child_id, card=RAMAI, kind="confirmation", due_at=None, **letter)
    deliver()
    assert "Ayu sudah setuju pakai Ramai. Anda konfirmasi?" in mother.get("/keluarga/").content.decode()
    _until_18(time)
    mother.visit("/masuk/kantor/kantor-contoh", None)
    page = mother.get("/keluarga/").content.decode()
    assert "Anda konfirmasi?" not in page, "before the daily run too"
    for browser in (mother, Person("stranger", mother.office)):
        asked = browser.get(waiting.find_url).content.decode()
        assert "Permintaan ini sudah ditutup." in asked
        assert 'name="answer"' not in asked
        assert "melihat jawabannya" not in asked, "there is none"
    mother.say(waiting, "no")
    assert state(waiting) in ("requested", "delivered"), "no answer is taken, none is noted"
    childs = mother.get(waiting.page_url).content.decode()
    assert "Permintaan ini sudah selesai. Lihat halamanmu." in childs
    assert "Tunjukkan layar ini" not in childs
    api.settle_due(time.at)
    assert state(waiting) == "invalidated"
    assert state(ayus) == "given", "her own consent goes on"
    told = next(one for one in heard if one.kind == "consent.lapsed" and one.request == waiting.request)
    assert told.facts["why"] == "age"
    assert told.at == time.at.replace(month=2, day=19, hour=17, minute=0), "the first instant of her birthday"
    over = mother.get(waiting.find_url).content.decode()
    assert "Permintaan ini sudah ditutup." in over
    assert 'name="answer"' not in over
    count = len(heard)
    api.settle_due(time.at)
    assert len(heard) == count


def test_what_waits_ends_when_an_age_is_corrected_to_18(ask, heard):
    waiting = ask("Ayu", 17, DONGENG, kind="confirmation", due_at=None)
    child = row(waiting).child_id
    api.set_child_age(child, {"at_least": 17, "at_most": 17}, "guardian", None, clock.now())
    assert state(waiting) == "requested"
    api.set_child_age(child, {"at_least": 18}, "guardian", None, clock.now())
    assert state(waiting) == "invalidated"


def test_at_18_her_own_page_says_so(ayus, mother, time):
    _until_18(time)
    page = mother.get(ayus.child_url).content.decode()
    assert "Kamu sudah 18 tahun. Kamu yang memutuskan." in page
    assert "hak orang tuamu di sini sudah berakhir" in page
    for gone in ("Umur 17", "Ibu bilang boleh", "Ibu mengonfirmasi", "Yang dilihat orang tua", "/cabut/"):
        assert gone not in page


def test_one_day_before_18_nothing_has_ended(ayus, mother, time):
    _until_18(time)
    time.at -= DAY
    page = mother.get(ayus.child_url).content.decode()
    assert "Umur 17" in page
    assert "Ibu mengonfirmasi" in page


def test_a_watch_that_changed_is_noted_on_the_next_visit_alone(ask, mother, time):
    invitation = ask()
    mother.answer(invitation, "yes", "sari")
    url = f"/keluarga/aplikasi/{invitation.request}"
    from django.test import Client

    sari = Client()

    def visit() -> str:
        return sari.get(path(invitation.child_url)).content.decode()

    assert "mulai melihat" not in visit()
    time.move(timedelta(minutes=5))
    mother.post(url, feature="time", state="on", reason="Supaya tidur cukup")
    time.move(timedelta(hours=2))
    noted = visit()
    assert "Ibu mulai melihat" in noted
    assert "Sejak Selasa, 24 November 2026" in noted
    assert "Ibu tidak melihat cerita yang kamu baca." in noted
    time.move(timedelta(hours=2))
    assert "mulai melihat" not in visit()
    time.move(timedelta(minutes=5))
    mother.visit("/masuk/kantor/kantor-contoh", None)
    mother.post(url, feature="time", state="off")
    time.move(timedelta(hours=2))
    assert "Ibu tidak melihat lagi" in visit()
    time.move(timedelta(hours=2))
    assert "tidak melihat lagi" not in visit()


def test_an_open_door_is_explained_by_why_it_is_open(ask, mother):
    invitation = ask("Bima", 14)
    waiting = mother.get(invitation.child_url).content.decode()
    assert "<h1>Aplikasimu</h1>" in waiting
    assert "Yang memutuskan" not in waiting
    assert "November 2026" not in waiting, "nobody has decided yet"
    mother.answer(invitation, "yes", "bima")
    page = mother.get(invitation.child_url).content.decode()
    assert "Orang tuamu mengizinkan, dan aturan membolehkannya di umurmu." in page
    assert ASK["text"]["id"] not in page
    assert "Yang memutuskan: Ibu" in page


def test_while_waiting_no_data_is_held_and_no_date_promised(ask, mother):
    page = mother.get(ask("Ayu", 17, RAMAI, kind="confirmation", due_at=None).child_url).content.decode()
    assert "Belum ada yang memutuskan" in page
    assert "Nama panggilan" not in page
    assert "2027" not in page


def test_the_child_is_told_the_same_date_as_who_must_answer(ask, mother):
    from ruangaman.rooms.families import lawdesk, times

    invitation = ask()
    mother.answer(invitation, "yes", "sari")
    url = path(invitation.child_url) + "/tidak-setuju"
    form = mother.get(url).content.decode()
    mother.post(url, words="Aku tidak setuju")
    due = Objection.objects.get().due_at
    assert due == lawdesk.matter_due("objection", "ID", clock.now()).due_at
    if due is not None:
        assert times.moment(due) in form


def test_a_joined_childs_door_that_the_law_closes_stands_in_the_family_too(ask, mother):
    from .conftest import DENY

    invitation = ask("Bima", 14)
    mother.answer(invitation, "yes", "bima")
    child = api.ChildRef(row(invitation).child_id)
    api.show_decision(child, card=RAMAI, answer=DENY, now=clock.now())
    home = mother.get("/keluarga/").content.decode()
    assert "Ramai" in home
    assert "Tertutup sampai 16 tahun" in home
    assert "Izin orang tua tidak bisa membukanya." in home
