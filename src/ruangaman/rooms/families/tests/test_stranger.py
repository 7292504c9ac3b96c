"""A stranger holding the QR, the short code or a forwarded link fails wherever the mother succeeds."""

import pytest
from django.test import Client

from ruangaman.adapters import clock
from ruangaman.rooms.families.models import Guardian, Relation, VerdictUse

from .conftest import DAY, DONGENG, OBROL, RAMAI, Person, link_in, path, row, state

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_who_has_the_qr_reads_the_request_and_cannot_answer_it(ask, stranger, mother):
    invitation = ask()
    assert stranger.get(invitation.find_url).status_code == 200
    for answer in ("yes", "no"):
        page = stranger.say(invitation, answer)
        assert "Satu langkah lagi" in page.content.decode()
        refused = stranger.prove(invitation, None)
        assert refused.status_code == 403
        assert (
            "Kami belum bisa memastikan Anda orang tuanya. Tidak ada yang berubah."
            in refused.content.decode()
        )
    assert state(invitation) == "opened"
    assert not Guardian.objects.exists()
    assert not Relation.objects.exists()
    assert not VerdictUse.objects.exists()
    mother.answer(invitation, "yes", "sari")
    assert state(invitation) == "given"


def test_who_has_the_short_code_finds_the_request_and_nothing_more(ask, stranger):
    invitation = ask()
    found = stranger.post("/kode", code=invitation.short_code.lower().replace("-", " "))
    assert found.redirect_chain[-1][0] == path(invitation.find_url)
    stranger.say(invitation, "yes")
    assert stranger.prove(invitation, None).status_code == 403
    assert state(invitation) == "opened"


def test_a_parent_of_a_child_of_another_age_is_not_this_childs_parent(ask, stranger):
    invitation = ask()
    stranger.say(invitation, "yes")
    assert stranger.prove(invitation, "doni").status_code == 403
    assert state(invitation) == "opened"


def test_who_gets_the_mothers_mail_forwarded_reads_it_and_cannot_answer(ask, stranger, deliver):
    invitation = ask(guardian_email="ibu@example.org")
    (letter,) = deliver()
    page = stranger.post(link_in(letter))
    assert "Sari ingin pakai Dongeng Kita. Boleh?" in page.content.decode()
    stranger.say(invitation, "yes")
    assert stranger.prove(invitation, None).status_code == 403
    assert state(invitation) == "opened"


def test_once_a_child_is_bound_a_parent_of_another_child_of_the_same_age_fails(ask, mother, office):
    invitation = ask()
    child = row(invitation).child_id
    mother.answer(invitation, "no", "sari")
    again = ask(child=child)
    neighbour = Person("neighbour", office)
    neighbour.say(again, "yes")
    assert neighbour.prove(again, "rina").status_code == 403
    assert state(again) == "opened"
    mother.answer(again, "yes", "sari")
    assert state(again) == "given"


def test_a_known_guardian_cannot_answer_for_a_child_that_is_bound_to_others(ask, mother, office):
    neighbour = Person("neighbour", office)
    neighbour.answer(ask("Rina", 10), "yes", "rina")
    invitation = ask()
    child = row(invitation).child_id
    mother.answer(invitation, "no", "sari")
    again = ask(child=child)
    page = neighbour.say(again, "yes").content.decode()
    assert "Sari belum ada di keluarga Anda. Buktikan sekali lewat kantor." in page
    rina = next(one for one in Relation.objects.all() if one.guardian.family != row(again).family).child_id
    token = path(again.find_url).rsplit("/", 1)[1]
    assert neighbour.browser.post(f"/izin/{token}/bukti/anak", {"child": str(rina)}).status_code == 403
    assert neighbour.browser.post(f"/izin/{token}/bukti/anak", {"child": str(child)}).status_code == 403
    assert state(again) == "opened"


def test_nobody_elses_home_opens(ask, mother, office, stranger):
    invitation = ask()
    mother.answer(invitation, "yes", "sari")
    neighbour = Person("neighbour", office)
    neighbour.answer(ask("Rina", 10, OBROL), "yes", "rina")
    child, receipt = row(invitation).child.root.pk, row(invitation).receipts.get().pk
    pages = [
        f"/keluarga/anak/{child}",
        f"/keluarga/anak/{child}/wali",
        f"/keluarga/anak/{child}/halaman",
        f"/keluarga/aplikasi/{invitation.request}",
        f"/keluarga/aplikasi/{invitation.request}/cabut",
        f"/keluarga/aplikasi/{invitation.request}/hapus",
        f"/keluarga/tanda-terima/{receipt}",
        f"/keluarga/tanda-terima/{receipt}.json",
        f"/keluarga/tanda-terima/{receipt}.pdf",
    ]
    for url in pages:
        assert mother.browser.get(url).status_code in (200, 302, 303), url
        assert neighbour.browser.get(url).status_code == 404, url
        assert stranger.browser.get(url).status_code == 302, url
        assert neighbour.browser.post(url).status_code in (404, 405), url
        assert stranger.browser.post(url).status_code in (302, 405), url
    assert state(invitation) == "given"


def test_a_state_and_a_verdict_work_only_in_the_browser_that_asked(ask, mother, stranger):
    invitation = ask()
    stranger.say(invitation, "yes")
    mother.say(invitation, "yes")
    token = path(invitation.find_url).rsplit("/", 1)[1]
    from urllib.parse import parse_qs, urlsplit

    there = mother.browser.post(f"/izin/{token}/bukti/kantor/kantor-contoh")
    query = {k: v[0] for k, v in parse_qs(urlsplit(there["Location"]).query).items()}
    verdict = mother.office.verdict("mother", "sari", nonce=query["nonce"])
    stolen = {"state": query["state"], "verdict": verdict}
    assert stranger.browser.post("/izin/bukti/kirim", stolen).status_code == 404
    assert stranger.browser.get("/izin/bukti/kembali", stolen).status_code == 404
    own = stranger.browser.post(f"/izin/{token}/bukti/kantor/kantor-contoh")
    mine = {k: v[0] for k, v in parse_qs(urlsplit(own["Location"]).query).items()}
    stranger.browser.get("/izin/bukti/kembali", {"state": mine["state"], "verdict": verdict})
    refused = stranger.browser.post("/izin/bukti/kirim", {"state": mine["state"]}, follow=True)
    assert refused.status_code == 403
    assert state(invitation) == "opened"


def test_a_verdict_counts_once(ask, mother):
    first, second = ask(), ask("Sari", 10, OBROL)
    mother.answer(first, "yes", "sari")
    used = mother.last
    assert mother.browser.post("/izin/bukti/kirim", used, follow=True).status_code == 410
    fresh = Person("mother", mother.office)
    fresh.say(second, "yes")
    refused = fresh.prove(second, "sari", jti="jti-1")
    assert refused.status_code == 403
    assert state(second) == "opened"


@pytest.mark.parametrize(
    "flaw",
    [
        {"iss": "http://evil.example"},
        {"aud": "somebody-else"},
        {"nonce": "n" * 43},
        {"exp": 4102444800},
        {"said": {"nik": "3201010101100001"}},
        {"said": {"name": "Ibu Sari"}},
        {"said": {"level": 4}},
        {"said": {"verified": "true"}},
        {"said": {"child_age": {"at_least": 11, "at_most": 9}}},
        {"said": {"expires_at": "2020-01-01T00:00:00Z"}},
        {"said": {"checked_at": "2030-01-01T00:00:00Z"}},
        {"said": {"provider": "another"}},
    ],
    ids=str,
)
def test_a_flawed_verdict_is_refused_whole(ask, mother, flaw):
    invitation = ask()
    mother.say(invitation, "yes")
    assert mother.prove(invitation, "sari", **flaw).status_code == 403
    assert state(invitation) == "opened"
    assert not Guardian.objects.exists()


def test_a_verdict_signed_by_another_key_is_refused(ask, mother):
    from joserfc.jwk import OKPKey

    invitation = ask()
    mother.say(invitation, "yes")
    mother.office.key = OKPKey.generate_key("Ed25519", {"kid": "k1"})
    assert mother.prove(invitation, "sari").status_code == 403
    assert state(invitation) == "opened"


def test_not_my_child_by_the_qr_changes_nothing_and_by_the_letter_closes(
    ask, stranger, mother, deliver, heard
):
    invitation = ask()
    page = stranger.say(invitation, "not_mine").content.decode()
    assert "Hanya orang tua yang terbukti bisa menjawab permintaan ini." in page
    assert state(invitation) == "requested"
    child = row(invitation).child_id
    mother.answer(invitation, "no", "sari")
    wrong = ask("Budi", 10, DONGENG, guardian_email="salah@example.org")
    (letter,) = deliver()
    receiver = Person("stranger", mother.office)
    receiver.post(link_in(letter))
    page = receiver.say(wrong, "not_mine").content.decode()
    assert "Terima kasih. Permintaan ditutup. Anda tidak akan dihubungi lagi." in page
    assert state(wrong) == "not_my_child"
    assert heard[-1].kind == "consent.lapsed"
    ask("Budi", 10, DONGENG, guardian_email="Salah@example.org ")
    assert deliver() == []
    assert child


def test_a_guardian_whose_proof_has_expired_must_prove_again_to_open_anything(ask, mother, father, time):
    invitation = ask(due_at=clock.now() + 800 * DAY)
    mother.answer(invitation, "yes", "sari")
    other = ask("Sari", 10, OBROL, due_at=clock.now() + 800 * DAY)
    father.answer(other, "yes", "sari")
    waiting = ask(child=row(invitation).child_id, card=RAMAI, due_at=clock.now() + 800 * DAY)
    time.move(366 * DAY)
    fresh = Client()
    assert fresh.get(f"/keluarga/aplikasi/{invitation.request}/cabut").status_code == 302
    guardian = row(invitation).guardian
    from ruangaman.rooms.families import actions
    from ruangaman.rooms.families.errors import NotTheGuardian

    for yes in (True, False):
        with pytest.raises(NotTheGuardian):
            actions.answer(waiting.request, guardian=guardian.pk, yes=yes, now=clock.now())
    with pytest.raises(NotTheGuardian):
        actions.withdraw(other.request, guardian=guardian.pk, now=clock.now())
    assert state(other) == "given"
