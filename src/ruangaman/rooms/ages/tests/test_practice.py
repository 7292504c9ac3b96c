"""The practice statement says what is configured, changes with it, and each number is one that the code keeps."""

import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from joserfc.jwk import OKPKey

from ruangaman.adapters import packs
from ruangaman.core.age_checks import BY_NAME, WAYS
from ruangaman.rooms.ages import api, checks, config, contests, issuer_keys, practice, vouching
from ruangaman.rooms.ages.models import AgeCheck
from ruangaman.rooms.ages.tests import presenting
from ruangaman.rooms.ages.tests.conftest import CARD, NOON, SERVICE, decided
from ruangaman.rooms.vault.models import Key

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PAGE = "/cek-umur/pernyataan"


def shown(language: str = "id") -> str:
    return Client().get(f"{PAGE}?bahasa={language}").content.decode()


def told() -> dict:
    return json.loads(Client().get(f"{PAGE}.json").content)


def row(page: str, name: str) -> str:
    return re.search(rf'<tr data-way="{name}">(.*?)</tr>', page, re.DOTALL)[1]


def school(slug="sekolah", **changed):
    key = OKPKey.generate_key("Ed25519", {"kid": "1"})
    api.register_institution(
        slug, kind="school", name={"id": "Sekolah Contoh", "en": "Example School"},
        issuer=f"https://{slug}.example", audience="rumah", ask_url=f"https://{slug}.example/tanya",
        keys={"keys": [key.as_dict(private=False)]}, assurance="enhanced", now=NOON, **changed,
    )  # fmt: skip


@pytest.mark.parametrize("language", ["id", "en"])
def test_anybody_reads_every_way_in_the_order_of_the_page(hour, one_claim, language):
    page = shown(language)
    assert re.findall(r'data-way="(\w+)"', page) == [way.name for way in WAYS]
    assert ("Cara kami mengecek umur" if language == "id" else "How we check an age") in page
    assert ("Tidak kami ukur" if language == "id" else "Not measured by us") in page
    document = told()
    assert [way["name"] for way in document["ways"]] == [way.name for way in WAYS]
    for way in document["ways"]:
        own = BY_NAME[way["name"]]
        assert (way["kind"], way["evidence"], way["assurance"]) == (own.kind, own.evidence, own.assurance)
        assert way["error"]["measured_by_us"] is False
        assert way["error"]["budget"] is None


def test_a_way_that_is_switched_off_is_off_on_the_page(hour, one_claim, settings):
    settings.AGE_WAYS = ("declared", "token")
    page = shown()
    assert "bisa dipakai" in row(page, "declared")
    for name in ("guardian", "institution", "wallet", "face"):
        assert ">mati<" in row(page, name), name
    settings.AGE_WAYS = ("token",)
    assert ">mati<" in row(shown(), "declared")
    assert {way["name"] for way in told()["ways"] if way["on"]} == {"token", "signal"}


def test_what_the_page_calls_usable_is_what_a_check_offers(hour, one_claim, settings):
    """No way stands there as usable that nobody can go, and none is hidden."""
    for registered in (False, True):
        if registered:
            school()
        usable = {way["name"] for way in told()["ways"] if way["available"]} - {"guardian", "signal"}
        offered = set()
        for risk in practice.RISKS:
            facts = SERVICE | {"risk_profile": risk, "named": False, "age_restricted": False}
            row = AgeCheck(jurisdiction="ID", facts=facts, threshold=16, card=CARD)
            offered |= {one.way.name for one in checks.ways(row, now=NOON)}
        assert offered - {"guardian"} == usable


def test_identity_wallets_are_usable_where_they_can_be_asked(hour, one_claim, wallet_house):
    assert "belum ada yang bisa ditanya" in row(shown(), "wallet")
    presenting.trusted(hour())
    assert "bisa dipakai" in row(shown(), "wallet")


def test_a_new_institution_shows_at_once_and_goes_when_it_is_closed(hour, one_claim):
    assert "Sekolah Contoh" not in shown()
    assert "belum ada yang bisa ditanya" in row(shown(), "institution")
    school()
    page = shown()
    assert "Sekolah Contoh" in page
    assert "bisa dipakai" in row(page, "institution")
    assert told()["institutions"][0]["assurance"] == "enhanced"
    api.close_institution("sekolah", now=NOON)
    assert "Sekolah Contoh" not in shown()


def test_another_term_shows_and_is_kept_to_the_second(hour, one_claim, settings):
    settings.AGE_RESULT_DAYS = 7
    assert "paling lama 7 hari" in shown()
    check = decided(16, True)
    family = check.family
    hour.at = NOON + timedelta(days=7) - timedelta(seconds=1)
    checks.settle_due(hour())
    assert checks.result_of(AgeCheck.objects.get()) is True
    hour.pass_(seconds=1)
    assert checks.settle_due(hour()) == 1
    assert checks.settle_due(hour()) == 0
    check = AgeCheck.objects.get()
    assert checks.result_of(check) is None
    assert Key.objects.get(pk=family).destroyed_at is not None
    assert (check.method, check.assurance) == ("institution", "strict")


def test_each_number_is_the_one_that_the_code_keeps(hour, one_claim):
    document = told()
    row = checks.ask(
        decided(16, True).ref, jurisdiction="ID", card=CARD, facts=SERVICE, needed=True,
        threshold=16, bounds=[16], language="id", now=NOON,
    )  # fmt: skip
    begun = checks.begin(row, "token", now=NOON).attempt
    assert begun.ends_at - begun.began_at == timedelta(minutes=document["limits"]["try_minutes"])
    assert timedelta(days=document["limits"]["guardian_days"]) == vouching.LIFE
    assert document["limits"]["guardian_asked_a_day"] == vouching.A_DAY
    issuer_keys.ensure(NOON)
    key = issuer_keys.IssuerKey.objects.first()
    assert key.not_after - key.not_before == timedelta(
        days=document["tokens"]["epoch_days"] + document["tokens"]["overlap_days"]
    )
    assert document["tokens"]["quota_of_a_key"] == config.QUOTA
    assert document["tokens"]["claims"] == ["age_over_16"]
    assert Client().get(document["tokens"]["directory"].removeprefix(config.issuer_url())).status_code == 200
    kept = {one["what"]: one["days"] for one in document["kept"]}
    assert kept["evidence"] == 0
    assert kept["result"] == kept["deciding_try"] == config.result_kept().days
    assert kept["tries"] == config.ATTEMPTS_KEPT.days
    contest = contests.make(
        "older", words="Aku 17.", files=[], question=None, wallet=None, once=bytes(32), address="", now=NOON
    )
    assert contest.forget_at - NOON == timedelta(days=kept["contest"])
    assert document["appeals"]["due_at"] == contest.due_at.isoformat()
    assert document["law"]["hash"] == packs.load("ID").hash


def test_the_basis_is_the_packs_own(hour, one_claim):
    for way in told()["ways"]:
        for risk in practice.RISKS:
            asked = {"question": "age_evidence", "evidence": way["evidence"], "service": {"risk_profile": risk, "designed_for_children": False}}  # noqa: E501  # fmt: skip
            answer = packs.load("ID").ask(asked, now=NOON)
            assert (way["enough"][risk] == "yes") == (answer.outcome == "sufficient" and answer.decided)
            assert set(answer.articles) <= set(way["articles"])


def test_the_page_names_nobody_and_sets_nothing(hour, one_claim):
    decided(16, True)
    for path in (PAGE, f"{PAGE}.json"):
        reply = Client().get(path)
        assert reply.status_code == 200
        assert not reply.cookies
        assert str(AgeCheck.objects.get().pk) not in reply.content.decode()
        assert Client().post(path).status_code == 405


@pytest.mark.parametrize(
    ("language", "stops", "cannot"),
    [
        ("id", "seketika tidak mendapat kartu lagi", "tidak bisa kami hentikan"),
        ("en", "gets no more tokens at once", "we cannot stop it"),
    ],
)
def test_the_page_says_what_a_correction_stops_and_what_it_cannot(hour, one_claim, language, stops, cannot):
    said = re.search(r'<p id="stops">(.*?)</p>', shown(language))[1]
    assert stops in said
    assert cannot in said
