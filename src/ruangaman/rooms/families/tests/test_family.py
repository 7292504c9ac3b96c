"""Two guardians, settings and watches, the child's page by age, objections."""

import re
from dataclasses import replace

import pytest

from ruangaman.adapters import clock
from ruangaman.rooms.families import actions, api
from ruangaman.rooms.families.errors import ClosedByLaw, NotTheGuardian
from ruangaman.rooms.families.models import AgeReview, Guardian, Objection, Permission

from .conftest import ASK, DENY, DONGENG, OBROL, RAMAI, Person, path, row, state

pytestmark = pytest.mark.django_db


def token(invitation) -> str:
    return path(invitation.find_url).rsplit("/", 1)[1]


def test_a_second_guardian_joins_by_proof_and_may_withdraw_what_the_first_gave(ask, mother, father, office):
    invitation = ask()
    mother.answer(invitation, "yes", "sari")
    child = row(invitation).child.root.pk
    page = mother.post(f"/keluarga/anak/{child}/wali")
    url = path(page.context["invite_url"])
    stranger = Person("stranger", office)
    assert "Ikut menjaga Sari?" in stranger.get(url).content.decode()
    assert stranger.visit(url + "/kantor/kantor-contoh", None).status_code == 403
    father.visit(url + "/kantor/kantor-contoh", "sari")
    assert Guardian.objects.count() == 2
    assert "Undangan ini sudah dipakai." in stranger.get(url).content.decode()
    father.post(f"/keluarga/aplikasi/{invitation.request}/cabut")
    assert state(invitation) == "withdrawn"


def test_no_guardian_sees_the_others_address(ask, mother, father):
    from ruangaman.rooms.families import guardians

    invitation = ask()
    mother.answer(invitation, "yes", "sari")
    guardians.set_email(Guardian.objects.get(), "rahasia.ibu@example.org", now=clock.now())
    second = ask("Sari", 10, OBROL)
    father.answer(second, "yes", "sari")
    child = row(invitation).child.root.pk
    for url in (
        "/keluarga/", f"/keluarga/anak/{child}", f"/keluarga/anak/{child}/wali",
        f"/keluarga/aplikasi/{invitation.request}",
        "/keluarga/kunci", f"/keluarga/tanda-terima/{row(invitation).receipts.get().pk}",
        f"/keluarga/tanda-terima/{row(invitation).receipts.get().pk}.json",
    ):  # fmt: skip
        page = father.get(url)
        assert page.status_code == 200, url
        assert "rahasia" not in page.content.decode()


def test_the_second_to_answer_is_told_that_it_was_answered(ask, mother, father):
    invitation = ask()
    father.say(invitation, "no")
    mother.answer(invitation, "yes", "sari")
    page = father.prove(invitation, "sari").content.decode()
    assert "Permintaan ini sudah dijawab." in page
    assert state(invitation) == "given"


def test_the_same_answer_twice_is_one_answer(ask, mother, heard):
    invitation = ask()
    mother.answer(invitation, "yes", "sari")
    count = len(heard)
    guardian = Guardian.objects.get().pk
    actions.answer(invitation.request, guardian=guardian, yes=True, now=clock.now())
    assert len(heard) == count
    assert row(invitation).receipts.count() == 1
    mother.post(f"/keluarga/aplikasi/{invitation.request}/cabut")
    mother.post(f"/keluarga/aplikasi/{invitation.request}/cabut")
    assert row(invitation).deletions.count() == 1
    assert row(invitation).receipts.filter(kind="withdrawn").count() == 1


def test_what_the_law_closes_no_guardian_opens(ask, mother):
    invitation = ask("Bima", 14, RAMAI, answer=DENY)
    mother.answer(ask("Bima", 14, OBROL), "yes", "bima")
    mother.answer(invitation, "no", "bima")
    guardian = Guardian.objects.get()
    second = ask(child=row(invitation).child_id, card=RAMAI, answer=DENY)
    with pytest.raises(ClosedByLaw):
        actions.answer(second.request, guardian=guardian.pk, yes=True, now=clock.now())


def test_a_family_by_court_order_without_authority_cannot_answer(ask, mother, father):
    from ruangaman.rooms.families.models import Relation

    first = ask()
    father.answer(first, "no", "sari")
    Relation.objects.update(authority="view", court_order=True)
    second = ask(child=row(first).child_id)
    who = Guardian.objects.get()
    for yes in (True, False):
        with pytest.raises(NotTheGuardian):
            actions.answer(second.request, guardian=who.pk, yes=yes, now=clock.now())


def test_settings_show_three_groups_and_a_watch_needs_a_reason_that_the_child_reads(ask, mother, heard):
    invitation = ask()
    mother.answer(invitation, "yes", "sari")
    url = f"/keluarga/aplikasi/{invitation.request}"
    page = mother.get(url).content.decode()
    order = [page.index(words) for words in ("Sari yang atur", "Anda yang atur", "Ditutup aturan")]
    assert order == sorted(order)
    assert "Sari akan diberi tahu." in page
    watch = re.search(r'value="time".*?</form>', mother.get(url).content.decode(), re.DOTALL).group()
    assert watch.index('name="reason"') < watch.index("<button"), "the reason is asked before the button"
    assert watch.count("<button") == 1
    refused = mother.post(url, feature="time", state="on", reason="  ")
    assert refused.status_code == 400
    said = refused.content.decode()
    assert said.count("Tulis alasannya dalam satu kalimat. Anak akan membacanya.") == 1
    field = re.search(r"<input[^>]*name=\"reason\"[^>]*>", said)[0]
    assert 'aria-invalid="true"' in field
    assert "autofocus" in field
    described = re.search(r'aria-describedby="([^"]+)"', field)[1]
    assert f'<p class="error" id="{described}">' in said
    assert Permission.objects.get(feature="time").state == "off"
    mother.post(url, feature="time", state="on", reason="Supaya tidur cukup")
    assert heard[-1].kind == "permission.changed"
    assert heard[-1].facts["feature"] == "time"
    child = mother.get(invitation.child_url).content.decode()
    assert "Ibu melihat" in child
    assert "Supaya tidur cukup" in child
    home = mother.get("/keluarga/").content.decode()
    assert "Sari tahu Anda melihat ini." in home
    mother.post(url, feature="time", state="off")
    assert "Supaya tidur cukup" not in mother.get(invitation.child_url).content.decode()


@pytest.mark.parametrize("feature", ["favourites", "strangers", "nothing"])
def test_a_guardian_cannot_turn_the_childs_or_the_laws_switch(ask, mother, feature):
    invitation = ask()
    mother.answer(invitation, "yes", "sari")
    before = list(Permission.objects.values_list("feature", "state"))
    answer = mother.post(f"/keluarga/aplikasi/{invitation.request}", feature=feature, state="on")
    assert answer.status_code in (400, 404)
    mother.post(f"/keluarga/aplikasi/{invitation.request}", feature=feature, state="off")
    assert list(Permission.objects.values_list("feature", "state")) == before


def test_the_child_turns_only_its_own_switch(ask, mother):
    invitation = ask("Bima", 14)
    mother.answer(invitation, "yes", "bima")
    url = path(invitation.child_url) + "/atur"
    page = mother.get(invitation.child_url).content.decode()
    assert "Yang bisa kamu atur sendiri" in page
    mother.post(url, request=str(invitation.request), feature="favourites", state="off")
    assert Permission.objects.get(feature="favourites").state == "off"
    assert mother.post(url, request=str(invitation.request), feature="night", state="on").status_code == 403
    assert Permission.objects.get(feature="night").state == "off"


@pytest.mark.parametrize(("age", "words"), [
    (4, "Baca halaman ini bersama orang dewasa."),
    (7, "Pintu ini terbuka."),
    (11, "Siapa yang lihat aku?"),
    (14, "Yang dilihat orang tua"),
    (16, "Aplikasi dan hakmu"),
])  # fmt: skip
def test_each_age_has_its_own_page(ask, mother, age, words):
    from . import conftest

    invitation = ask("Sari", age)
    conftest.CHILDREN["sari"] = ("c-sari", age)
    try:
        mother.answer(invitation, "yes", "sari")
    finally:
        conftest.CHILDREN["sari"] = ("c-sari", 10)
    page = mother.get(invitation.child_url).content.decode()
    assert words in page
    assert "129" in page
    assert "Ditolak" not in page
    assert "ground-child" in page


def test_the_child_reads_that_the_law_closed_it_and_not_the_mother(time, db):
    child = api.add_child(nickname="Sari", age={"at_least": 10, "at_most": 10}, now=clock.now())
    url = api.show_decision(child, card=RAMAI, answer=DENY, now=clock.now())
    from django.test import Client

    page = Client().get(path(url)).content.decode()
    assert "Nanti, 16 tahun" in page
    assert "Aturan menutupnya, bukan" in page
    assert api.show_decision(child, card=RAMAI, answer=ASK, now=clock.now()) == url
    assert "Nanti, 16 tahun" not in Client().get(path(url)).content.decode()
    # The law's own sentence of this outcome speaks to the platform: ask the age first.
    api.show_decision(child, card=RAMAI, answer={**ASK, "outcome": "ask_age"}, now=clock.now())
    assert "Umurmu perlu dibuktikan dulu. Caranya ada di Ramai." in Client().get(path(url)).content.decode()


def test_waiting_says_that_nothing_has_to_be_sent_again(ask, mother):
    page = mother.get(ask().child_url).content.decode()
    assert "Kamu tidak perlu mengirim lagi." in page


def test_an_objection_reaches_the_guardian_and_the_answer_reaches_the_child(ask, mother):
    invitation = ask()
    mother.answer(invitation, "yes", "sari")
    url = path(invitation.child_url)
    page = mother.post(url + "/tidak-setuju", words="Aku mau baca malam juga")
    assert "Terkirim ke orang tuamu." in page.content.decode()
    home = mother.get("/keluarga/").content.decode()
    assert "Sari tidak setuju" in home
    assert "Aku mau baca malam juga" in home
    one = Objection.objects.get()
    empty = mother.post(f"/keluarga/keberatan/{one.pk}", words=" ").content.decode()
    assert "Jawaban terkirim." not in empty
    after = mother.post(f"/keluarga/keberatan/{one.pk}", words="Kita coba hari Sabtu").content.decode()
    assert "Jawaban terkirim. Sari bisa membacanya." in after
    assert "Kita coba hari Sabtu" in mother.get(invitation.child_url).content.decode()
    assert "Sari tidak setuju" not in mother.get("/keluarga/").content.decode()


def test_an_objection_without_a_guardian_goes_to_an_officer(ask, mother):
    invitation = ask()
    url = path(invitation.child_url) + "/tidak-setuju"
    assert mother.post(url, words=" ").status_code == 400
    assert "Terkirim ke petugas." in mother.post(url, words="Aku tidak setuju").content.decode()
    assert Objection.objects.get().to == "officer"
    mother.post(url, feeling="afraid")
    assert Objection.objects.filter(feeling="afraid").count() == 1
    assert mother.post(url, feeling="bored").status_code == 400


def test_a_wrong_age_is_kept_once_for_a_person_to_decide(ask, mother):
    invitation = ask()
    url = path(invitation.child_url) + "/umur"
    assert mother.post(url, direction="sideways").status_code == 400
    for _ in range(2):
        assert (
            "Seseorang akan melihatnya."
            in mother.post(url, direction="older", words="Aku 11").content.decode()
        )
    assert AgeReview.objects.count() == 1


def test_a_guardian_who_lost_link_and_phone_comes_back_by_a_new_verdict(ask, mother, office):
    mother.answer(ask(), "yes", "sari")
    fresh = Person("mother", office)
    assert fresh.browser.get("/keluarga/").status_code == 302
    page = fresh.visit("/masuk/kantor/kantor-contoh", None)
    assert "Aplikasi Sari" in page.content.decode()
    stranger = Person("stranger", office)
    assert stranger.visit("/masuk/kantor/kantor-contoh", "doni").status_code == 403
    assert stranger.browser.get("/keluarga/").status_code == 302


def test_the_passkey_is_offered_once_with_an_equal_way_to_say_not_now(ask, mother):
    invitation = ask()
    page = mother.answer(invitation, "yes", "sari").content.decode()
    assert "Simpan kunci" in page
    assert "Nanti saja" in page
    assert "Nanti saja" not in mother.get("/keluarga/").content.decode()
    mother.post("/keluarga/kunci/nanti")
    assert "Nanti saja" not in mother.get(invitation.find_url).content.decode()


def test_the_passkey_is_offered_after_the_first_answer_alone(ask, mother, office):
    mother.answer(ask(), "yes", "sari")
    again = Person("mother", office)  # another day, another phone; she pressed nothing the first time
    page = again.answer(ask("Sari", 10, OBROL), "no", "sari").content.decode()
    assert "Baik. Obrol tetap tertutup." in page
    assert "Nanti saja" not in page
    assert "Nanti saja" not in again.get("/keluarga/").content.decode()


def test_settings_cite_the_law_in_the_readers_language(ask, mother):
    invitation = ask(card=replace(DONGENG, features=(*DONGENG.features[:3], replace(
        DONGENG.features[3], article="PP 17/2025 Art. 18"
    ))))  # fmt: skip
    mother.answer(invitation, "yes", "sari")
    url = f"/keluarga/aplikasi/{invitation.request}"
    assert "PP 17/2025 Pasal 18" in mother.get(url, bahasa="id").content.decode()
    english = mother.get(url, bahasa="en").content.decode()
    assert "PP 17/2025 Art. 18" in english
    assert "<h1>Settings: Dongeng Kita for Sari</h1>" in english


def test_the_sentence_to_the_child_has_one_limit_and_is_kept_when_too_long(ask, mother):
    invitation = ask()
    mother.answer(invitation, "yes", "sari")
    url = f"/keluarga/aplikasi/{invitation.request}/cabut"
    assert 'maxlength="200"' in mother.get(url).content.decode()
    long = mother.browser.post(url, {"line": "a" * 201})
    said = long.content.decode()
    assert long.status_code == 400
    assert f'value="{"a" * 201}"' in said
    assert "Paling banyak 200 huruf. Belum ada yang berubah." in said
    assert state(invitation) == "given"
    mother.post(url, line="a" * 200)
    assert state(invitation) == "withdrawn"
    assert "a" * 200 in mother.get(invitation.child_url).content.decode()


def test_a_refused_address_of_the_second_guardian_is_kept_in_the_form(ask, mother):
    invitation = ask()
    mother.answer(invitation, "yes", "sari")
    refused = mother.browser.post(
        f"/keluarga/anak/{row(invitation).child.root.pk}/wali", {"email": "ayah@@x"}
    )
    said = refused.content.decode()
    assert refused.status_code == 400
    assert 'value="ayah@@x"' in said
    assert 'aria-invalid="true"' in said
    assert "Alamat itu tidak bisa dipakai. Periksa lagi." in said


def test_a_receipt_speaks_plainly_and_its_files_exactly(ask, mother):
    invitation = ask()
    mother.answer(invitation, "yes", "sari")
    receipt = row(invitation).receipts.get()
    page = mother.get(f"/keluarga/tanda-terima/{receipt.pk}").content.decode()
    assert "Anda terbukti orang tua atau walinya: kartu keluarga" in page
    plain = page[: page.index("<details>")]
    for hard in ("Sidik", "garam", "tingkat 3", "SHA-256", "v2,"):
        assert hard not in plain
    kept = mother.get(f"/keluarga/tanda-terima/{receipt.pk}.json").json()
    assert kept["record"]["x_guardian"]["proof_level"] == 3
    assert kept["proof"]["salted_sha256"] == bytes(receipt.digest).hex()
    from ruangaman.rooms.families.views import terima

    exact = dict(terima._lines(receipt, exact=True))
    assert exact["Bukti"] == "tingkat 3, kartu keluarga"
    assert row(invitation).notice_sha256[:16] in exact["Pemberitahuan"]


def test_the_request_names_each_law_once_in_full(ask, mother):
    page = mother.get(ask(answer={**ASK, "articles": ["PP 17/2025 Art. 9(1)"]}).find_url).content.decode()
    assert "PP 17/2025 Pasal 9 ayat (1)" in page
    assert page.count("(PP TUNAS)") == 1
    assert "PP TUNAS Pasal" not in page


def test_english_pages_have_no_indonesian_left(ask, mother):
    invitation = ask(language="en")
    mother.answer(invitation, "yes", "sari")
    child = row(invitation).child.root.pk
    for url in (
        path(invitation.find_url), path(invitation.page_url), path(invitation.child_url), "/keluarga/", "/masuk",
        f"/keluarga/aplikasi/{invitation.request}", f"/keluarga/aplikasi/{invitation.request}/cabut",
        f"/keluarga/anak/{child}/wali", f"/keluarga/tanda-terima/{row(invitation).receipts.get().pk}",
    ):  # fmt: skip
        page = mother.browser.get(url, {"bahasa": "en"})
        assert page.status_code == 200
        main = page.content.decode().split("<main", 1)[1].split("</main>")[0]
        for word in (" Anda", " kamu", " izin", "Aplikasi", " tahun", "Tidak "):
            assert word not in main, (url, word)


def test_the_record_has_the_names_of_the_standard(ask, mother):
    from ruangaman.rooms.families import records

    invitation = ask()
    mother.answer(invitation, "yes", "sari")
    record = records.record(row(invitation))
    assert set(record) == {
        "schema_version",
        "record_id",
        "pii_principal_id",
        "pii_processing",
        "parties",
        "events",
        "x_guardian",
        "x_not_stated",
    }
    (purpose,) = record["pii_processing"]["purposes"]
    assert purpose["purpose"] == DONGENG.purpose
    for name in ("pii_information", "pii_controllers", "storage_locations", "retention_period", "jurisdiction",
                 "recipient_third_parties", "withdrawal_method"):  # fmt: skip
        assert name in purpose
    for event in record["events"]:
        assert {"event_time", "validity_duration", "entity_id", "event_type", "event_state"} <= set(event)
    assert [event["event_state"] for event in record["events"]] == [
        "dpv:ConsentRequested", "ruangaman:RequestOpened", "ruangaman:GuardianVerified", "dpv:ConsentGiven",
    ]  # fmt: skip
    assert record["x_guardian"]["proof_level"] == 3
    assert record["x_guardian"]["relation"] == "mother"
    import hashlib

    notice = record["pii_processing"]["privacy_notice"]
    assert hashlib.sha256(notice["text"].encode()).hexdigest() == notice["sha256"]
    assert "Sari" not in notice["text"].replace("Sari bisa", "")
