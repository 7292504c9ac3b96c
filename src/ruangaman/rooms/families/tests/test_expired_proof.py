"""The office's proof ends after a year. Closing what a yes opened is always allowed to who gave it; opening needs a new
proof, and a new proof at the door renews the old relation (docs/adr/0048).
"""

from datetime import timedelta

import pytest

from ruangaman.adapters import clock
from ruangaman.rooms.families import actions, api
from ruangaman.rooms.families.errors import NotTheGuardian
from ruangaman.rooms.families.models import Guardian, Permission, Relation, Watch

from .conftest import DAY, OBROL, OFFICE, Person, path, row, state

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

DOOR = f"/masuk/kantor/{OFFICE}"
LATE = 366 * DAY


@pytest.fixture
def year_later(ask, mother, time):
    """Sari's mother said yes a year and a day ago, and has signed in again without speaking of Sari."""
    invitation = ask()
    mother.answer(invitation, "yes", "sari")
    mother.post(f"/keluarga/aplikasi/{invitation.request}", feature="time", state="on", reason="Supaya tidur")
    time.move(LATE)
    api.settle_due(time.at)
    mother.visit(DOOR, None)
    return invitation


def url(invitation, rest: str = "") -> str:
    return f"/keluarga/aplikasi/{invitation.request}{rest}"


def test_the_home_says_so_and_every_yes_of_hers_is_still_there(year_later, mother):
    home = mother.get("/keluarga/")
    page = home.content.decode()
    assert "Bukti bahwa Anda orang tuanya sudah lewat waktunya." in page
    assert "Buktikan lagi di Kantor Contoh" in page
    (card,) = home.context["apps"]
    assert card["given"]
    assert url(year_later, "/cabut") in page
    assert "Belum ada aplikasi." not in page
    assert "Izin dari Anda masih berlaku, dan Anda tetap bisa mencabutnya." in page
    for gone in ("Tambah wali kedua", "Berikan tautannya", "Lupakan kami"):
        assert gone not in page
    assert "Terbuka" in mother.get(year_later.child_url).content.decode()
    english = mother.get("/keluarga/", bahasa="en").content.decode()
    assert "The proof that you are the parent has expired." in english


def test_withdrawing_needs_no_new_proof_and_its_deletion_is_followed(year_later, mother, time):
    assert mother.get(url(year_later, "/cabut")).status_code == 200
    after = mother.post(url(year_later, "/cabut"))
    assert state(year_later) == "withdrawn"
    assert "Izin Dongeng Kita dicabut" in after.content.decode()
    receipt = row(year_later).receipts.get(kind="withdrawn")
    for kept in (f"/keluarga/tanda-terima/{receipt.pk}", f"/keluarga/tanda-terima/{receipt.pk}.json"):
        assert mother.get(kept).status_code == 200
    time.move(timedelta(days=10))
    mother.visit(DOOR, None)
    mother.post(url(year_later, "/adukan"), words="Belum dihapus")
    assert row(year_later).deletions.get().complained_at == time.at
    home = mother.get("/keluarga/").content.decode()
    assert "Izin dicabut." in home
    assert "masih berlaku, dan Anda" not in home
    assert "Tidak ada izin dari Anda yang masih berlaku." in home


def test_turning_off_is_allowed_and_turning_on_is_not(year_later, mother):
    page = mother.get(url(year_later)).content.decode()
    assert "Matikan" in page
    assert "Nyalakan" not in page
    refused = mother.post(url(year_later), feature="night", state="on")
    assert refused.status_code == 400
    assert "Tidak ada yang berubah." in refused.content.decode()
    assert Permission.objects.get(feature="night").state == "off"
    mother.post(url(year_later), feature="time", state="off")
    assert not Watch.objects.filter(until__isnull=True).exists()
    mother.post(url(year_later), feature="time", state="on", reason="Lagi")
    assert not Watch.objects.filter(until__isnull=True).exists()


def test_giving_needs_a_living_proof(year_later, ask, mother):
    second = ask(child=row(year_later).child_id, card=OBROL)
    with pytest.raises(NotTheGuardian):
        actions.answer(second.request, guardian=Guardian.objects.get().pk, yes=True, now=clock.now())
    asked = mother.say(second, "yes")
    assert state(second) == "opened"
    assert "Buktikan" in asked.content.decode() or "buktikan" in asked.content.decode()
    mother.prove(second, "sari", said={"child_age": {"at_least": 10, "at_most": 11}})
    assert state(second) == "given"
    assert "sudah lewat waktunya" not in mother.get("/keluarga/").content.decode()


def test_another_guardians_yes_is_not_hers_to_end_then(ask, mother, father, time):
    hers, his = ask(), ask("Sari", 10, OBROL)
    mother.answer(hers, "yes", "sari")
    father.answer(his, "yes", "sari")
    time.move(LATE)
    father.visit(DOOR, "sari")
    mother.visit(DOOR, None)
    assert [card["name"] for card in mother.get("/keluarga/").context["apps"]] == ["Dongeng Kita"]
    for rest in ("", "/cabut", "/hapus", "/simpan"):
        assert mother.browser.get(url(his, rest)).status_code == 404
        assert mother.browser.post(url(his, "/cabut")).status_code == 404
    receipt = row(his).receipts.get()
    assert mother.browser.get(f"/keluarga/tanda-terima/{receipt.pk}").status_code == 404
    assert state(his) == "given"
    assert father.get(url(his)).status_code == 200, "his own proof was renewed at the door"


def test_a_proof_at_the_door_renews_what_it_proves_again(year_later, mother, time):
    mother.visit(DOOR, "sari")
    relation = Relation.objects.get()
    assert relation.valid_to == time.at + 365 * DAY
    page = mother.get("/keluarga/").content.decode()
    assert "sudah lewat waktunya" not in page
    assert "Tambah wali kedua" in page
    mother.post(url(year_later), feature="night", state="on")
    assert Permission.objects.get(feature="night").state == "on"


def test_it_renews_before_the_end_too(ask, mother, time):
    mother.answer(ask(), "yes", "sari")
    first = Relation.objects.get().valid_to
    time.move(100 * DAY)
    mother.visit(DOOR, "sari")
    assert Relation.objects.get().valid_to == first + 100 * DAY


def test_it_never_widens_to_another_child(ask, mother, time):
    sari, bima = ask(), ask("Bima", 14, OBROL)
    mother.answer(sari, "yes", "sari")
    mother.answer(bima, "yes", "bima")
    time.move(LATE)
    mother.visit(DOOR, "sari")
    living = Relation.objects.exclude(valid_to__lte=time.at)
    assert [one.child_id for one in living] == [row(sari).child.root.pk]
    assert Relation.objects.count() == 2
    tabs = mother.get("/keluarga/")
    assert [tab["name"] for tab in tabs.context["tabs"]] == ["Sari", "Bima"]
    page = mother.get(f"/keluarga/anak/{row(bima).child.root.pk}").content.decode()
    assert "sudah lewat waktunya" in page
    assert url(bima, "/cabut") in page


@pytest.mark.parametrize(
    ("child", "said"),
    [
        ("ayu", {}),
        ("sari", {"child_age": {"at_least": 3, "at_most": 3}}),
        ("sari", {"child": "c-other"}),
    ],
    ids=["a child nobody knows", "another age", "another id"],
)
def test_a_proof_of_something_else_renews_nothing(year_later, mother, child, said):
    before = Relation.objects.get().valid_to
    mother.visit(DOOR, child, said=said)
    assert Relation.objects.get().valid_to == before
    assert Relation.objects.count() == 1


def test_who_never_answered_is_told_to_prove_again(ask, mother, father, time):
    invitation = ask()
    mother.answer(invitation, "yes", "sari")
    page = mother.post(f"/keluarga/anak/{row(invitation).child.root.pk}/wali")
    father.visit(path(page.context["invite_url"]) + f"/kantor/{OFFICE}", "sari")
    time.move(LATE)
    father.visit(DOOR, None)
    said = father.get("/keluarga/").content.decode()
    assert "sudah lewat waktunya" in said
    assert "Sari" not in said
    assert father.browser.get(url(invitation, "/cabut")).status_code == 404
    father.visit(DOOR, "sari")
    assert "Aplikasi Sari" in father.get("/keluarga/").content.decode()


def test_a_stranger_with_a_passing_proof_sees_nothing(year_later, stranger, office):
    assert Person("stranger", office).visit(DOOR, "doni").status_code == 403
    assert stranger.browser.get(url(year_later, "/cabut")).status_code == 302
