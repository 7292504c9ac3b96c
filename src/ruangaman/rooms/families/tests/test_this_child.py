"""A proof is about this very child: the office compares the name, or the child says it on its own screen."""

import re

import pytest
from django.test import Client

from ruangaman.adapters import clock
from ruangaman.core.verdicts import name_check
from ruangaman.rooms.families import claims, guardians
from ruangaman.rooms.families.errors import NotFound, NotTheGuardian
from ruangaman.rooms.families.models import Child, Claim, Guardian, Relation
from ruangaman.rooms.ledger.models import Entry

from .conftest import DAY, OBROL, Person, path, row, state

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def neighbour(office) -> Person:
    """Proven mother of Rina, who is as old as Sari."""
    return Person("neighbour", office)


def childs_side(invitation) -> str:
    return Client().get(path(invitation.page_url)).content.decode()


def says(invitation, word: str):
    """The child presses one of the two buttons."""
    found = re.search(r'name="siapa" value="([^"]+)"', childs_side(invitation))
    assert found
    url = path(invitation.page_url) + "/orang-tua"
    return Client().post(url, {"siapa": found[1], "jawab": word}, follow=True)


def test_a_parent_of_another_child_of_the_same_age_fails_at_once(ask, neighbour, mother):
    invitation = ask()
    neighbour.say(invitation, "yes")
    refused = neighbour.prove(invitation, "rina")
    assert refused.status_code == 403
    assert "Namanya tidak cocok dengan Sari" in refused.content.decode()
    assert state(invitation) == "opened"
    assert not Relation.objects.exists()
    mother.answer(invitation, "yes", "sari")
    assert state(invitation) == "given"


def test_the_office_learns_no_name_that_it_does_not_know(ask, mother):
    invitation = ask("  SARI ")
    mother.answer(invitation, "yes", "sari")
    assert mother.asked["name_check"] == name_check(mother.asked["nonce"], "sari")
    assert "sari" not in str(mother.asked).lower()
    again = ask(child=row(invitation).child_id, card=OBROL)
    mother.say(again, "yes")
    fresh = Person("mother", mother.office)
    fresh.answer(ask("Bima", 14), "yes", "bima")
    assert "name_check" in fresh.asked


def test_of_a_child_that_the_office_named_before_nothing_is_said(ask, mother, office):
    invitation = ask()
    mother.answer(invitation, "no", "sari")
    again = ask(child=row(invitation).child_id)
    fresh = Person("mother", office)
    fresh.answer(again, "yes", "sari")
    assert "name_check" not in fresh.asked
    assert state(again) == "given"


@pytest.mark.parametrize("known", ["name_fits", None])
def test_an_office_that_compares_names_and_does_not_say_so_proves_nothing(ask, mother, known):
    invitation = ask()
    mother.say(invitation, "yes")
    changes = {"without": ("name_fits", "name_check")} if known else {"said": {"name_fits": False}}
    refused = mother.prove(invitation, "sari", **changes)
    assert refused.status_code == 403
    assert "Namanya tidak cocok" in refused.content.decode()
    assert state(invitation) == "opened"


def test_who_changes_the_question_on_the_way_proves_nothing(ask, neighbour):
    invitation = ask()
    neighbour.say(invitation, "yes")
    token = path(invitation.find_url).rsplit("/", 1)[1]
    there = neighbour.browser.post(f"/izin/{token}/bukti/kantor/kantor-contoh")["Location"]
    nonce = re.search(r"nonce=([\w-]+)", there)[1]
    state_ = re.search(r"state=([\w-]+)", there)[1]
    verdict = neighbour.office.verdict("neighbour", "rina", nonce=nonce, name_asked=name_check(nonce, "rina"))
    neighbour.browser.get("/izin/bukti/kembali", {"state": state_, "verdict": verdict})
    refused = neighbour.browser.post("/izin/bukti/kirim", {"state": state_}, follow=True)
    assert refused.status_code == 403
    assert "Jawaban dari kantor itu tidak bisa dipakai" in refused.content.decode()
    assert state(invitation) == "opened"
    assert not Guardian.objects.exists()


def test_a_known_guardian_cannot_call_another_child_hers(ask, neighbour, mother):
    neighbour.answer(ask("Rina", 10), "yes", "rina")
    rina = Relation.objects.get().child_id
    invitation = ask()
    page = neighbour.say(invitation, "yes").content.decode()
    assert "Sari belum ada di keluarga Anda. Buktikan sekali lewat kantor." in page
    token = path(invitation.find_url).rsplit("/", 1)[1]
    assert neighbour.browser.post(f"/izin/{token}/bukti/anak", {"child": str(rina)}).status_code == 403
    assert state(invitation) == "opened"
    mother.answer(invitation, "yes", "sari")
    new = ask("sari", 10, OBROL)
    assert "Sari, 10 tahun" in mother.say(new, "yes").content.decode()


@pytest.mark.parametrize("name", ["Sari", ""])
def test_where_no_name_can_be_compared_the_child_says_who_it_is(ask, neighbour, mother, request, name):
    if name:
        request.getfixturevalue("nameless")
    invitation = ask(name)
    assert "Ini orang tuamu?" not in childs_side(invitation)
    neighbour.say(invitation, "yes")
    page = neighbour.prove(invitation, "rina")
    assert "name_check" not in neighbour.asked
    assert "Menunggu" in page.content.decode()
    assert state(invitation) == "opened"
    assert not Guardian.objects.exists()
    assert "<b>Ibu</b>" in childs_side(invitation)
    assert "Orang itu tidak bisa menjawab" in says(invitation, "bukan").content.decode()
    again = neighbour.browser.get("/izin/bukti/hasil", {"langkah": neighbour.last["state"]})
    assert again.status_code == 403
    assert "belum mengenali Anda" in again.content.decode()
    assert neighbour.browser.post("/izin/bukti/kirim", neighbour.last, follow=True).status_code == 403
    assert neighbour.prove(invitation, "rina").status_code == 403
    assert state(invitation) == "opened"

    mother.say(invitation, "yes")
    mother.prove(invitation, "sari")
    assert state(invitation) == "opened"
    assert "bisa mengirim jawabannya" in says(invitation, "ya").content.decode()
    assert state(invitation) == "opened"  # the child's word gives nothing by itself
    found = mother.browser.get("/izin/bukti/hasil", {"langkah": mother.last["state"]})
    assert "Tinggal satu tombol" in found.content.decode()
    mother.browser.post("/izin/bukti/kirim", mother.last, follow=True)
    assert state(invitation) == "given"
    (relation,) = Relation.objects.all()
    assert relation.kind == "mother"
    assert [entry.kind for entry in Entry.objects.filter(kind__startswith="guardian.claim").order_by("index")] == [
        "guardian.claimed", "guardian.claim-answered", "guardian.claimed", "guardian.claim-answered",
    ]  # fmt: skip


def test_a_yes_of_the_child_still_counts_when_the_parent_comes_back_later(ask, mother, nameless, time):
    invitation = ask(due_at=clock.now() + 2 * DAY)
    mother.say(invitation, "yes")
    mother.prove(invitation, "sari")
    time.move(DAY)
    says(invitation, "ya")
    mother.say(invitation, "yes")
    mother.prove(invitation, "sari")
    assert state(invitation) == "given"


def test_the_childs_first_word_stays_and_only_its_own_screen_has_it(ask, mother, nameless, time):
    invitation, other = ask(), ask("Bima", 14)
    mother.say(invitation, "yes")
    mother.prove(invitation, "sari")
    claim = Claim.objects.get()
    with pytest.raises(NotFound):
        claims.answer(row(other), claim.pk, mine=True, now=clock.now())
    token = path(invitation.find_url).rsplit("/", 1)[1]
    assert Client().post(f"/minta/{token}/orang-tua", {"siapa": claim.pk, "jawab": "ya"}).status_code == 404
    side = path(invitation.page_url) + "/orang-tua"
    assert Client().get(side).status_code == 405
    for wrong in ({}, {"siapa": claim.pk}, {"siapa": claim.pk, "jawab": "mungkin"}):
        Client().post(side, wrong)
    assert Client().post(side, {"siapa": "x", "jawab": "ya"}).status_code == 404
    claim.refresh_from_db()
    assert claim.mine is None
    says(invitation, "bukan")
    Client().post(side, {"siapa": claim.pk, "jawab": "ya"})
    claim.refresh_from_db()
    assert claim.mine is False


def test_a_claim_lives_no_longer_than_its_request(ask, mother, nameless, time):
    invitation = ask()
    mother.say(invitation, "yes")
    mother.prove(invitation, "sari")
    claim = Claim.objects.get()
    time.move(2 * DAY)
    assert "Ini orang tuamu?" not in childs_side(invitation)
    with pytest.raises(NotFound):
        claims.answer(row(invitation), claim.pk, mine=True, now=clock.now())
    again = ask(child=row(invitation).child_id)
    mother.say(again, "yes")
    assert "Menunggu" in mother.prove(again, "sari").content.decode()


def test_a_verdict_without_a_request_never_binds_a_child_that_nobody_named(ask, mother, nameless):
    from ruangaman.core import verdicts
    from ruangaman.rooms.families.models import VerdictProvider

    invitation = ask()
    office = VerdictProvider.objects.get()
    text = mother.office.verdict("mother", "sari", nonce="n" * 43)
    found = verdicts.read(
        text, keys=office.keys, issuer=office.issuer, audience=office.audience, provider=office.slug,
        nonce="n" * 43, now=clock.now(),
    )  # fmt: skip
    with pytest.raises(NotTheGuardian):
        guardians.accept_verdict(row(invitation).child, found, now=clock.now())
    assert not Child.objects.exclude(person_hash=None).exists()
