"""Late, used, refused, answered: what a guardian reads then, in both languages, and what nobody else reads."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from ruangaman.adapters import clock
from ruangaman.core.due_times import DueTime
from ruangaman.rooms.families import api, objections, times
from ruangaman.rooms.families.models import Child, DeletionTask
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.vault import api as vault

from .conftest import DAY, DONGENG, OBROL, OFFICE, RAMAI, SECOND, Person, link_in, path, row, state

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def to_office(person: Person, url: str, child: str | None) -> str:
    """Come back from the office, without pressing the button; returns the state."""
    from urllib.parse import parse_qs, urlsplit

    there = person.browser.post(url)
    query = {k: v[0] for k, v in parse_qs(urlsplit(there["Location"]).query).items()}
    verdict = person.office.verdict(person.who, child, nonce=query["nonce"])
    person.browser.get("/izin/bukti/kembali", {"state": query["state"], "verdict": verdict})
    return query["state"]


def office_of(invitation: api.Invitation) -> str:
    return f"{path(invitation.find_url)}/bukti/kantor/{OFFICE}"


def other_language(page) -> str:
    return re.search(r'class="lang" href="([^"]*)"', page.content.decode())[1].replace("&amp;", "&")


def test_a_refused_proof_is_a_page_that_can_be_read_in_the_other_language(ask, stranger):
    invitation = ask()
    stranger.say(invitation, "yes")
    kept = to_office(stranger, office_of(invitation), None)
    sent = stranger.browser.post("/izin/bukti/kirim", {"state": kept})
    assert sent.status_code == 303
    page = stranger.browser.get(sent["Location"])
    assert page.status_code == 403
    assert "Belum terbukti" in page.content.decode()
    english = stranger.browser.get(sent["Location"].split("?")[0] + other_language(page))
    assert english.status_code == 403
    assert "Not proven yet" in english.content.decode()


@pytest.mark.parametrize("what", ["jawab", "bukti/anak", "bukti/surel", "masuk", "kunci", "minta"])
def test_a_refused_form_leads_to_an_address_that_answers(ask, mother, what):
    first = ask()
    mother.answer(first, "yes", "sari")
    invitation = ask("Bima", 14, OBROL)
    mother.say(invitation, "yes")
    base = path(invitation.find_url)
    url, data = {
        "jawab": (f"{base}/jawab", {"answer": "perhaps"}),
        "bukti/anak": (f"{base}/bukti/anak", {"child": "x"}),
        "bukti/surel": (f"{base}/bukti/surel", {"email": "x@"}),
        "masuk": ("/masuk/surel", {"email": "x@"}),
        "kunci": ("/keluarga/surel", {"email": ""}),
        "minta": (path(invitation.page_url) + "/surel", {"email": ""}),
    }[what]
    page = mother.browser.post(url, data)
    assert page.status_code == 400
    link = other_language(page)
    assert mother.browser.get(link if link.startswith("/") else url + link).status_code == 200


def test_an_address_for_buttons_alone_says_so_when_it_is_opened(db):
    for url in ("/masuk/surel", "/kode", "/izin/bukti/kirim"):
        for language, words in (
            ("id", "Halaman ini dibuka dengan tombol."),
            ("en", "This page opens by a button."),
        ):
            page = Client().get(url, {"bahasa": language})
            assert page.status_code == 405
            assert "POST" in page["Allow"]
            assert words in page.content.decode()


def test_who_comes_back_after_the_answer_reads_that_it_is_answered(ask, mother):
    invitation = ask()
    mother.answer(invitation, "yes", "sari")
    for page in (
        mother.browser.get("/izin/bukti/kembali", mother.last, follow=True),
        mother.browser.get("/izin/bukti/hasil", {"langkah": mother.last["state"]}),
        mother.browser.post("/izin/bukti/kirim", mother.last, follow=True),
    ):
        assert page.status_code == 410
        assert "Permintaan ini sudah dijawab." in page.content.decode()


def test_late_at_the_last_step_says_that_it_is_late(ask, mother, time):
    invitation = ask("Bima", 14, OBROL)
    mother.say(invitation, "yes")
    kept = to_office(mother, office_of(invitation), "bima")
    time.move(DAY + SECOND)
    page = mother.browser.post("/izin/bukti/kirim", {"state": kept}, follow=True)
    said = page.content.decode()
    assert page.status_code == 410
    assert "Tautan ini sudah lewat waktunya." in said
    assert "Aplikasi tetap tertutup. Minta Bima kirim lagi." in said
    assert state(invitation) == "lapsed"


def test_a_slow_hand_may_begin_again(ask, mother, time):
    invitation = ask()
    mother.say(invitation, "yes")
    kept = to_office(mother, office_of(invitation), "sari")
    time.move(timedelta(minutes=16))
    page = mother.browser.post("/izin/bukti/kirim", {"state": kept}, follow=True).content.decode()
    assert "Mulai lagi dari permintaannya." in page
    assert ": terbukti" not in page
    assert state(invitation) == "opened"


def test_the_page_says_at_once_that_the_office_spoke_of_another_child(ask, mother):
    invitation = ask()
    mother.say(invitation, "yes")
    kept = to_office(mother, office_of(invitation), "bima")
    page = mother.browser.get("/izin/bukti/hasil", {"langkah": kept})
    said = page.content.decode()
    assert page.status_code == 403
    assert "Kantor itu bicara tentang anak lain. Umurnya tidak cocok dengan umur Sari." in said
    assert "Kirim: ya" not in said


def test_at_the_door_proven_is_said_only_to_who_is_known_here(ask, mother, father):
    mother.answer(ask(), "yes", "sari")
    kept = to_office(father, f"/masuk/kantor/{OFFICE}", "sari")
    page = father.browser.get("/izin/bukti/hasil", {"langkah": kept}).content.decode()
    assert "Belum ada keluarga di sini. Minta kode dari anak." in page
    assert ": terbukti" not in page
    again = Person("mother", mother.office)
    kept = to_office(again, f"/masuk/kantor/{OFFICE}", None)
    assert ": terbukti" in again.browser.get("/izin/bukti/hasil", {"langkah": kept}).content.decode()


def test_after_the_answer_the_link_shows_no_child_to_others(ask, mother, stranger):
    invitation = ask()
    mother.answer(invitation, "yes", "sari")
    said = stranger.get(invitation.find_url).content.decode()
    assert "Permintaan ini sudah dijawab." in said
    for words in ("Sari", "10 tahun", "Dongeng Kita", "Boleh?", "Kalau Anda izinkan"):
        assert words not in said, words
    own = mother.get(invitation.find_url).content.decode()
    assert "Izin tersimpan. Sari sudah tahu." in own
    assert "https://wa.me/?text=" in own
    assert "Kirim ke WhatsApp saya" in own
    assert "Boleh?" not in own
    assert "Kalau Anda izinkan" not in own


def test_a_child_of_seventeen_is_spoken_of_as_one_who_agreed(ask, mother):
    invitation = ask("Ayu", 17, RAMAI, kind="confirmation", due_at=None)
    said = mother.get(invitation.find_url).content.decode()
    assert "Anak di bawah 17 tahun perlu izin" not in said
    assert "Mulai umur 17 anak boleh setuju sendiri." in said
    assert "minta izin" not in said
    side = mother.get(invitation.page_url).content.decode()
    assert "Bu, aku sudah setuju pakai Ramai. Tolong konfirmasi." in side


def test_the_calm_words_stand_between_the_match_and_the_time(ask, mother):
    said = mother.get(ask().find_url).content.decode()
    assert (
        said.index("Lihat HP Sari") < said.index("Kami tidak pernah minta OTP") < said.index("Jawab sebelum")
    )


def test_what_the_page_calls_closed_is_closed_by_law_or_off_with_its_keeper(ask, mother):
    said = re.sub(r"\s+", " ", mother.get(ask().find_url).content.decode())
    assert re.search(r"Pesan dari orang asing<small>Ditutup aturan", said)
    assert re.search(r"Baca malam hari<small>Mati\. Anda bisa menyalakannya", said)
    assert "Iklan dan lokasi tetap tertutup." not in said


def test_assessed_is_said_only_with_who_did_it(ask, mother):
    from dataclasses import replace

    assert "Sudah dinilai" not in mother.get(ask().find_url).content.decode()
    card = replace(DONGENG, determined_by="Komdigi", determined_at="2026-10-01T00:00:00+00:00")
    said = mother.get(ask("Bima", 14, card).find_url).content.decode()
    assert "Sudah dinilai Komdigi, Kamis, 1 Oktober 2026." in said


def test_a_known_mothers_other_child_is_not_an_accusation(ask, mother):
    mother.answer(ask(), "yes", "sari")
    invitation = ask("Bima", 14, OBROL)
    page = mother.say(invitation, "yes").content.decode()
    assert "Bima belum ada di keluarga Anda. Buktikan sekali lewat kantor." in page
    assert "Ini anak yang mana?" not in page


def test_an_objection_names_the_app_and_the_same_date(ask, mother):
    invitation = ask()
    mother.answer(invitation, "yes", "sari")
    child = Child.objects.get(pk=row(invitation).child_id)
    one = objections.disagree(child, words="Aku mau tetap baca malam.", now=clock.now())
    said = mother.get("/keluarga/").content.decode()
    assert "Sari tidak setuju: Dongeng Kita" in said
    assert one.due_at is not None
    assert "Jawab sebelum Jumat, 27 November, pukul 09.30 WIB" in said


def test_an_empty_reply_to_a_child_says_what_is_missing(ask, mother):
    invitation = ask()
    mother.answer(invitation, "yes", "sari")
    child = Child.objects.get(pk=row(invitation).child_id)
    one = objections.disagree(child, feeling="dislike", now=clock.now())
    said = mother.post(f"/keluarga/keberatan/{one.pk}", words=" ").content.decode()
    assert "Tulis satu kalimat dulu" in said


@pytest.fixture
def gone(ask, mother):
    """A consent that was withdrawn."""
    invitation = ask()
    mother.answer(invitation, "yes", "sari")
    mother.post(f"/keluarga/aplikasi/{invitation.request}/cabut")
    return invitation


def test_the_date_by_which_processing_must_stop_is_shown_with_its_doubt(gone, mother):
    said = mother.get(f"/keluarga/aplikasi/{gone.request}/hapus").content.decode()
    assert "Pemrosesan data harus berhenti, batas Jumat, 27 November" in said
    assert "Pasal 43" in said
    task = DeletionTask.objects.get()
    assert task.due_at is None
    assert task.stop_at == clock.now() + 3 * DAY


def test_a_late_platform_is_reminded_and_a_complaint_is_kept(gone, mother, stranger, time, heard):
    url = f"/keluarga/aplikasi/{gone.request}/hapus"
    complain = f"/keluarga/aplikasi/{gone.request}/adukan"
    mother.browser.post(complain, {"words": "Belum."})
    assert DeletionTask.objects.get().complained_at is None
    time.move(5 * DAY)
    api.settle_due(clock.now())
    assert heard[-1].facts["late"] is True
    mother = Person("mother", mother.office)
    mother.visit(f"/masuk/kantor/{OFFICE}", "sari")
    said = mother.get(url).content.decode()
    assert "Dongeng Kita terlambat 2 hari." in said
    assert "Kami sudah mengingatkan." in said
    assert complain in said
    before = ledger.verify().count
    assert stranger.browser.post(complain, {"words": "x"}).status_code == 302
    after = mother.post(complain, words="Data Sari masih ada.").content.decode()
    mother.post(complain, words="Lagi.")
    assert "Aduan Anda tercatat" in after
    assert "Petugas Ruang Aman membaca aduan Anda. Jawabannya muncul di halaman ini." in after
    assert "Aturan tidak menyebut tanggal pasti untuk jawabannya." in after
    assert "An officer of Ruang Aman reads your complaint." in mother.get(url, bahasa="en").content.decode()
    mother.get(url, bahasa="id")
    assert ledger.verify().count == before + 1
    task = DeletionTask.objects.get()
    assert task.complained_at == clock.now()
    assert vault.reveal(vault.SealedRef(task.complaint), purpose="a test") == "Data Sari masih ada."
    assert [one.kind for one in heard[-2:]] == ["deletion.due", "matter.raised"]
    assert heard[-2].facts["complaint"] is True


def test_a_complaint_says_by_when_where_the_law_has_a_clock_and_nothing_once_it_is_answered(
    gone, mother, time, monkeypatch
):
    from ruangaman.rooms.families import deletions, lawdesk, officers

    time.move(5 * DAY)
    task = DeletionTask.objects.get()
    assert deletions.complain(task.pk, words="Belum.", now=clock.now())
    due = clock.now() + 3 * DAY
    monkeypatch.setattr(lawdesk, "matter_due", lambda kind, place, at: DueTime(at + 3 * DAY, None, (), {}))
    url = f"/keluarga/aplikasi/{gone.request}/hapus"
    mother = Person("mother", mother.office)
    mother.visit(f"/masuk/kantor/{OFFICE}", "sari")
    said = mother.get(url).content.decode()
    assert f"Dijawab sebelum {times.moment(due)}" in said
    said_by = api.OfficerAnswer(task.pk, "complaint", "granted", {"id": "Benar.", "en": ""}, "", clock.now())
    monkeypatch.setattr(officers, "_readers", [lambda refs: [said_by]])
    said = mother.get(url).content.decode()
    assert "Benar." in said
    assert "Jawabannya muncul di halaman ini" not in said


def test_a_complaint_follows_the_child_into_another_family(gone, time, heard):
    from ruangaman.rooms.families import children, deletions
    from ruangaman.rooms.families.models import Child

    time.move(5 * DAY)
    task = DeletionTask.objects.get()
    assert deletions.complain(task.pk, words="Belum.", now=clock.now())
    other = api.add_child(nickname="Sari", age=None, now=clock.now())
    root = Child.objects.get(pk=other)
    children.same_person(task.child, root, now=clock.now())
    task.refresh_from_db()
    assert vault.family_of(vault.SealedRef(task.complaint)) == root.family
    assert (heard[-1].kind, heard[-1].facts) == ("child.moved", {"family": str(root.family)})


def test_the_proof_of_deletion_speaks_the_readers_language(gone, mother):
    (task,) = api.open_deletions(DONGENG.service_ref)
    api.confirm_deletion(
        task.deletion, systems=["accounts", "writings"], counts={"accounts": 1, "writings": 3},
        done_at=clock.now(), by="petugas data", exceptions=[], now=clock.now(),
    )  # fmt: skip
    url = f"/keluarga/aplikasi/{gone.request}/hapus"
    said = mother.get(url).content.decode()
    assert "akun: 1, tulisan: 3" in said
    assert "Pasal 43" not in said
    assert "accounts: 1, writings: 3" in mother.get(url, bahasa="en").content.decode()


def test_home_shows_what_was_sent_to_an_address_that_is_proven_hers(ask, mother, father, deliver):
    first = ask(guardian_email="ibu@example.org")
    (letter,) = deliver()
    mother.post(link_in(letter))
    mother.answer(first, "yes", "sari")
    other = ask("Bima", 14, OBROL, guardian_email="ibu@example.org")
    said = mother.get("/keluarga/").content.decode()
    assert "Bima minta izin pakai Obrol." in said
    assert path(other.find_url) in said
    father.answer(ask("Sari", 10, RAMAI), "yes", "sari")
    assert "Obrol" not in father.get("/keluarga/").content.decode()


def test_a_lapsed_request_tells_the_child_how_to_ask_again(ask, mother, time):
    invitation = ask()
    time.move(DAY + SECOND)
    said = mother.get(invitation.page_url).content.decode()
    assert "Waktunya lewat tanpa jawaban. Dongeng Kita tetap tertutup." in said
    assert "Kamu boleh minta lagi. Buka Dongeng Kita, lalu minta izin dari sana." in said
    assert said.count("Lihat halamanku") == 1


def test_quick_exit_signs_out_without_scripts_too(ask, mother):
    mother.answer(ask(), "yes", "sari")
    assert mother.get("/keluarga/").status_code == 200
    assert mother.get("/tutup").status_code == 200
    assert mother.browser.get("/keluarga/").status_code == 302


def test_a_card_without_a_button_says_why(ask, mother):
    mother.answer(ask(), "yes", "sari")
    said = mother.get("/keluarga/kunci").content.decode()
    assert "HP atau peramban ini tidak bisa memakai kunci layar di sini." in said


def test_hidden_wins_over_every_other_rule():
    from pathlib import Path

    import ruangaman.rooms.families as room

    sheet = (Path(room.__file__).parent / "static/families/families.css").read_text()
    assert "[hidden]{display:none!important}" in sheet
