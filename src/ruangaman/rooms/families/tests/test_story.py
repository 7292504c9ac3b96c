"""A child asks, a parent answers: from the request to the receipt, the withdrawal and the proof of deletion."""

import json
from datetime import timedelta

import pytest

from ruangaman.adapters import clock
from ruangaman.core import tegel
from ruangaman.core.due_times import UNKNOWN_TIME, DueTime
from ruangaman.rooms.families import api
from ruangaman.rooms.families.models import DeletionTask, Receipt

from .conftest import DAY, DENY, DONGENG, NOW, OBROL, RAMAI, path, row, state

pytestmark = pytest.mark.django_db


def test_the_mother_says_yes_and_the_platform_hears_it(ask, mother, heard):
    invitation = ask()
    page = mother.get(invitation.find_url)
    assert page.status_code == 200
    said = page.content.decode()
    for words in (
        "Sari ingin pakai Dongeng Kita. Boleh?", "Lihat HP Sari.", "Ya, izinkan", "Tidak dulu", "Ini bukan anak saya",
        "Kami tidak pernah minta OTP, PIN, uang, atau pasang aplikasi.", "Rabu, 25 November, pukul 09.30 WIB",
        "Data yang diminta: 2", invitation.tile.code,
    ):  # fmt: skip
        assert words in said, words
    proof = mother.say(invitation, "yes")
    assert "Satu langkah lagi: buktikan Anda orang tuanya" in proof.content.decode()
    assert state(invitation) == "opened"
    done = mother.prove(invitation, "sari")
    assert "Izin tersimpan. Sari sudah tahu." in done.content.decode()
    assert state(invitation) == "given"
    assert [one.kind for one in heard] == ["consent.requested", "guardian.changed", "consent.given"]
    view = api.consent_of(invitation.request, now=clock.now())
    assert view.law == {"state": "granted", "by": "parent"}


def test_the_father_refuses_and_the_data_must_go(ask, father, heard):
    invitation = ask()
    done = father.answer(invitation, "no", "sari")
    assert "Baik. Dongeng Kita tetap tertutup. Data Sari di sana dihapus." in done.content.decode()
    assert state(invitation) == "refused"
    assert [one.kind for one in heard][-2:] == ["consent.refused", "deletion.due"]
    (task,) = api.open_deletions(DONGENG.service_ref)
    assert task.reason == "refused"


def test_withdrawal_closes_now_and_ends_in_a_receipt(ask, mother, heard):
    invitation = ask()
    mother.answer(invitation, "yes", "sari")
    home = mother.get("/keluarga/").content.decode()
    assert "Aplikasi Sari" in home
    assert "Cabut izin" in home
    assert "Atur" in home
    url = f"/keluarga/aplikasi/{invitation.request}/cabut"
    assert "Tertutup untuk Sari sekarang juga." in mother.get(url).content.decode()
    assert state(invitation) == "given"
    page = mother.post(url, line="Nanti kita bicara, ya.").content.decode()
    assert "Izin Dongeng Kita dicabut" in page
    assert state(invitation) == "withdrawn"
    (task,) = api.open_deletions(DONGENG.service_ref)
    receipt = api.confirm_deletion(
        task.deletion, systems=["akun", "cadangan"], counts={"baris": 12}, done_at=clock.now() + timedelta(hours=1),
        by="petugas data", exceptions=[{"what": "bukti izin", "ground": "UU PDP Pasal 24"}],
        now=clock.now() + timedelta(hours=1),
    )  # fmt: skip
    again = api.confirm_deletion(
        task.deletion, systems=["lain"], counts={}, done_at=clock.now() + timedelta(hours=2), by="x",
        now=clock.now() + timedelta(hours=2),
    )  # fmt: skip
    assert again == receipt
    assert not api.open_deletions(DONGENG.service_ref)
    assert heard[-1].kind == "deletion.completed"
    page = mother.get(f"/keluarga/aplikasi/{invitation.request}/hapus").content.decode()
    assert "Data Sari sudah dihapus" in page
    assert "cadangan" in page
    assert "UU PDP Pasal 24" in page
    child = mother.get(invitation.child_url).content.decode()
    assert "Nanti kita bicara, ya." in child
    assert "Ibu menutupnya lagi." in child


@pytest.mark.parametrize("language", ["id", "en"])
def test_after_a_yes_the_receipts_tile_stands_with_its_code_and_words(ask, mother, language):
    invitation = ask()
    mother.answer(invitation, "yes", "sari")
    mark = tegel.mark(bytes(Receipt.objects.get().digest))
    for url in (invitation.find_url, f"/keluarga/anak/{row(invitation).child.root.pk}"):
        page = mother.browser.get(path(url), {"bahasa": language}).content.decode()
        assert page.count(mark.code) >= 1, url
        assert ", ".join(mark.words[language]) in page, url


def test_a_receipt_is_kept_as_page_pdf_roll_and_json(ask, mother):
    import hashlib

    invitation = ask()
    mother.answer(invitation, "yes", "sari")
    receipt = Receipt.objects.get()
    base = f"/keluarga/tanda-terima/{receipt.pk}"
    assert "Izin untuk Dongeng Kita" in mother.get(base).content.decode()
    for query, width in ((None, 595), ({"ukuran": "80mm"}, 226)):
        answer = mother.browser.get(base + ".pdf", query)
        assert answer["Content-Type"] == "application/pdf"
        import io

        from pypdf import PdfReader

        read = PdfReader(io.BytesIO(answer.content))
        assert int(read.pages[0].mediabox.width) == width
        printed = read.pages[0].extract_text()
        assert "Dongeng Kita" in printed
        assert bytes(receipt.digest).hex()[:8] in printed.replace("\n", "")
    body = json.loads(mother.get(base + ".json").content)
    proof = body.pop("proof")
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert hashlib.sha256(bytes.fromhex(proof["salt"]) + canonical).hexdigest() == proof["salted_sha256"]
    assert "Sari" not in json.dumps(body["record"], ensure_ascii=False).replace("Sari bisa", "")


def test_nobody_answers_high_risk_under_16(ask, mother):
    invitation = ask("Bima", 14, RAMAI, answer=DENY)
    page = mother.get(invitation.find_url).content.decode()
    assert "Izin Anda tidak bisa membukanya." in page
    assert "Aturan menutup aplikasi ini sampai 16 tahun." in page
    assert "Ya, izinkan" not in page
    mother.answer(invitation, "yes", "bima")
    assert state(invitation) != "given"


def test_a_seventeen_year_old_agrees_and_the_mother_confirms(ask, mother, time):
    invitation = ask("Ayu", 17, RAMAI, kind="confirmation", due_at=None)
    assert api.consent_of(invitation.request, now=clock.now()).law == {
        "state": "granted", "by": "child", "parent_notified": False, "parent_confirmed": False,
    }  # fmt: skip
    page = mother.get(invitation.find_url).content.decode()
    assert "Ayu sudah setuju. Anda konfirmasi?" in page
    assert "Ya, saya konfirmasi" in page
    assert "Tidak ada batas waktu yang pasti. Selama belum dijawab, tetap tertutup." in page
    time.move(30 * DAY)
    assert state(invitation) == "requested"
    mother.answer(invitation, "yes", "ayu")
    assert api.consent_of(invitation.request, now=clock.now()).law == {
        "state": "granted", "by": "child", "parent_notified": True, "parent_confirmed": True,
    }  # fmt: skip


def test_two_children_of_one_mother_become_one_family(ask, mother):
    first, second = ask(), ask("Bima", 14, OBROL)
    assert row(first).family != row(second).family
    mother.answer(first, "yes", "sari")
    mother.answer(second, "yes", "bima")
    assert row(first).family == row(second).family
    home = mother.get("/keluarga/").content.decode()
    assert "Sari" in home
    assert "Bima" in home


def test_one_child_at_two_services_is_one_child_to_the_mother_and_two_to_the_platforms(ask, mother):
    first = ask()
    second = ask("Sari", 10, OBROL)
    mother.answer(first, "yes", "sari")
    mother.answer(second, "yes", "sari")
    home = mother.get("/keluarga/").content.decode()
    assert home.count("10 tahun") == 1
    assert "Dongeng Kita" in home
    assert "Obrol" in home
    for invitation, mine, other in ((first, "Dongeng Kita", "Obrol"), (second, "Obrol", "Dongeng Kita")):
        page = mother.get(invitation.child_url).content.decode()
        assert mine in page
        assert other not in page


def test_the_guardian_hands_over_the_whole_page(ask, mother):
    first, second = ask(), ask("Sari", 10, OBROL)
    mother.answer(first, "yes", "sari")
    mother.answer(second, "no", "sari")
    child = row(first).child.root
    page = mother.post(f"/keluarga/anak/{child.pk}/halaman")
    url = page.context["url"]
    whole = mother.get(url).content.decode()
    assert "Dongeng Kita" in whole
    assert "Obrol" in whole
    assert "Ibu bilang boleh." in whole


def test_a_deletion_without_a_number_in_the_law_says_so(ask, mother, monkeypatch):
    from ruangaman.rooms.families import lawdesk

    monkeypatch.setattr(lawdesk, "deletion_due", lambda jurisdiction, start: UNKNOWN_TIME)
    invitation = ask()
    mother.answer(invitation, "no", "sari")
    task = DeletionTask.objects.get()
    assert task.due_at is None
    page = mother.get(f"/keluarga/aplikasi/{invitation.request}/hapus").content.decode()
    assert "Batas waktunya belum pasti dalam aturan." in page


def test_a_late_deletion_is_said_and_the_platform_reminded_once(ask, mother, heard, time, monkeypatch):
    from ruangaman.rooms.families import lawdesk

    due = DueTime(NOW + 3 * DAY, NOW + 3 * DAY, (), {})
    monkeypatch.setattr(lawdesk, "deletion_due", lambda jurisdiction, start: due)
    invitation = ask()
    mother.answer(invitation, "no", "sari")
    time.move(5 * DAY)
    api.settle_due(clock.now())
    api.settle_due(clock.now())
    late = [one for one in heard if one.facts.get("late") is True]
    assert len(late) == 1
    mother.answer(ask("Sari", 10, OBROL), "yes", "sari")
    page = mother.get(f"/keluarga/aplikasi/{invitation.request}/hapus").content.decode()
    assert "Dongeng Kita terlambat 2 hari." in page
    assert "Adukan" in page


def test_the_account_closes_and_a_deletion_begins(ask, mother, heard):
    invitation = ask()
    mother.answer(invitation, "yes", "sari")
    child = row(invitation).child_id
    deletion = api.close(child, now=clock.now())
    assert deletion is not None
    assert state(invitation) == "invalidated"
    assert api.close(child, now=clock.now()) == deletion
    assert [one.kind for one in heard][-2:] == ["consent.lapsed", "deletion.due"]
