"""The same pages under another law: whoever moves an age in the pack moves it on every page, and changes no code."""

import re
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.test import Client
from tests.laws.changed import moved

from ruangaman.adapters import clock, packs
from ruangaman.rooms.access import api as access
from ruangaman.rooms.families import api as families
from ruangaman.rooms.vault import api as vault

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
TEXT = {"id": "Contoh", "en": "Example"}
RAMAI = families.ServiceCard(
    service_ref=UUID("019a0000-0000-7000-8000-00000000d003"),
    slug="ramai",
    operator="PT Contoh",
    name="Ramai",
    purpose=TEXT,
    opens=(TEXT,),
    stays_closed=(TEXT,),
    data_requested=(TEXT,),
    risk_profile="high",
    designed_for_children=False,
    type="video",
    jurisdiction="ID",
)
DONGENG = replace(
    RAMAI,
    service_ref=UUID("019a0000-0000-7000-8000-00000000d001"),
    slug="dongeng-kita",
    name="Dongeng Kita",
    risk_profile="low",
    designed_for_children=True,
)


class House:
    """Some children at the house of one law, and what they read."""

    def __init__(self, time):
        self.time = time

    def answer(self, age, card):
        service = {name: asdict(card)[name] for name in ("risk_profile", "designed_for_children", "type")}
        facts = {"question": "account", "age": age, "service": service, "consent": {"state": "none"}}
        told = packs.load("ID").ask(facts | {"evidence": "verified"}, now=self.time.now)
        return {"outcome": told.outcome, "articles": list(told.articles), "text": dict(told.text)}

    def child(self, age, card=DONGENG):
        """The address of a child's page; `age` in years, or a birth date."""
        said = {"birth_date": age} if isinstance(age, str) else {"at_least": age, "at_most": age}
        who = families.add_child(nickname="Sari", age=said, now=self.time.now)
        return families.show_decision(who, card=card, answer=self.answer(said, card), now=self.time.now)

    def asked(self, age, card, kind="consent"):
        """The address of the guardian's page."""
        said = {"at_least": age, "at_most": age}
        who = families.add_child(nickname="Sari", age=said, now=self.time.now)
        made = families.request_consent(
            child=who,
            card=card,
            kind=kind,
            due_at=self.time.now + timedelta(days=1),
            answer=self.answer(said, card),
            now=self.time.now,
        )
        return made.find_url

    def reads(self, url, language="id"):
        parts = urlsplit(url)
        page = Client().get(parts.path, {"bahasa": language}).content.decode()
        return re.sub(r"\s+", " ", page).replace("\N{NO-BREAK SPACE}", " ")


class Hand:
    def __init__(self):
        self.now = NOW


@pytest.fixture(params=["as it is", "moved"])
def law(request, monkeypatch):
    """Both laws, one after the other: what is written for one must be wrong for the other."""
    if request.param == "moved":
        pack = moved()
        monkeypatch.setattr(packs, "load", lambda _jurisdiction, _known=None: pack)
    return request.param


@pytest.fixture
def house(db, settings, monkeypatch, law):
    settings.BASE_URL = "http://localhost:8000"
    settings.ALLOWED_HOSTS = ["*"]
    hand = Hand()
    monkeypatch.setattr(clock, "now", lambda: hand.now)
    return House(hand)


def by(law, as_it_is, other):
    return as_it_is if law == "as it is" else other


def test_until_which_age_the_law_closes_a_door(house, law):
    url = house.child(12, RAMAI)
    assert by(law, "Nanti, 16 tahun", "Nanti, 15 tahun") in house.reads(url)
    assert by(law, "Later, at 16", "Later, at 15") in house.reads(url, "en")
    asked = house.asked(12, RAMAI)
    age = by(law, 16, 15)
    assert f"Aturan membukanya mulai {age} tahun, dengan izin orang tua." in house.reads(asked)
    assert f"Aturan menutup aplikasi ini sampai {age} tahun." in house.reads(asked)
    assert f"The law closes this app until age {age}." in house.reads(asked, "en")


def test_at_15_the_law_closes_one_of_the_two(house, law):
    page = house.reads(house.child(15, RAMAI))
    assert ("Nanti, 16 tahun" in page) == (law == "as it is")
    assert "Nanti, 15 tahun" not in page


def test_from_which_age_the_consent_is_the_childs_own(house, law):
    url = house.child(16)
    own = "Umur 16: kamu boleh setuju sendiri. Orang tua diberi tahu dan mengonfirmasi."
    not_yet = "Umur 16: orang tuamu yang memberi izin. Mulai umur 17 kamu boleh setuju sendiri."
    assert by(law, not_yet, own) in house.reads(url)
    assert by(law, "From 17 on you may agree yourself.", "At 16 you may agree yourself.") in house.reads(
        url, "en"
    )
    why = house.reads(house.asked(10, DONGENG))
    assert by(law, "Anak di bawah 17 tahun perlu izin", "Anak di bawah 16 tahun perlu izin") in why
    assert "PP 17/2025 Pasal 9 ayat (1)" in why
    confirmed = house.reads(house.asked(17, DONGENG, "confirmation"))
    assert by(law, "Mulai umur 17 anak boleh", "Mulai umur 16 anak boleh") in confirmed


def test_who_is_grown_and_from_when(house, law):
    at_18, at_21 = house.reads(house.child(18)), house.reads(house.child(21))
    assert ("Kamu sudah 18 tahun. Kamu yang memutuskan." in at_18) == (law == "as it is")
    assert by(law, "Kamu sudah 18 tahun. Aturan anak", "Kamu sudah 21 tahun. Aturan anak") in at_21


@pytest.mark.parametrize(
    ("age", "now", "then"),
    [
        (3, "6-9", "6-9"),
        (8, "6-9", "6-9"),
        (9, "6-9", "10-12"),
        (12, "10-12", "10-12"),
        (18, "16-17", "16-17"),
    ],
)
def test_which_page_a_child_reads_goes_by_the_ranges_of_the_law(house, law, age, now, then):
    assert f"ground-child-{by(law, now, then)}" in house.reads(house.child(age))


def test_the_youngest_range_reads_with_a_grown_up(house, law):
    together = "Baca halaman ini bersama orang dewasa."
    assert together in house.reads(house.child(5))
    assert together not in house.reads(house.child(6))


def test_a_birth_date_on_29_february_follows_the_rule_of_the_pack(house, law):
    house.time.now = datetime(2026, 2, 28, 3, 0, tzinfo=UTC)
    five_until_march = "Baca halaman ini bersama orang dewasa." in house.reads(house.child("2020-02-29"))
    assert five_until_march == (law == "as it is")


def test_the_table_of_apps_has_the_ranges_of_the_law(house, law):
    access.create_service(
        slug="ramai", operator="PT Contoh", name="Ramai", type="video", purpose=TEXT, risk_profile="high",
        designed_for_children=False, risk_determined_by="Komdigi", risk_determined_at=NOW, now=NOW, jurisdiction="ID",
        opens=[TEXT], stays_closed=[TEXT], data_requested=[TEXT],
    )  # fmt: skip
    page = house.reads("/aplikasi")
    heads = re.findall(r'<th scope="col">([\d-]+)</th>', page)
    assert heads == by(
        law,
        ["3-5", "6-9", "10-12", "13-15", "16-17"],
        ["4-5", "6-8", "9-12", "13-15", "16-20"],
    )
    assert f"Untuk {by(law, 18, 21)} tahun ke atas, aturan ini tidak berlaku." in page
    assert f"From {by(law, 18, 21)} on these rules no longer apply." in house.reads("/aplikasi", "en")
    assert by(law, "Nanti, 16 tahun", "Nanti, 15 tahun") in page
    one = by(law, "10-12", "9-12")
    assert f"Umur {one} tahun" in Client().get("/aplikasi", {"umur": one}).content.decode()


def test_the_question_of_the_start_page_offers_the_ages_of_the_law(house, law):
    page = Client().get("/").content.decode()
    ages = [int(age) for age in re.findall(r'<option value="(\d+)"', page)]
    assert ages == list(by(law, range(3, 18), range(4, 21)))
    assert f'value="{by(law, 10, 9)}" selected' in page


def test_the_examples_of_the_gallery_name_the_law_too(house, law):
    page = house.reads("/gaya")
    assert f"Tertutup sampai {by(law, 16, 15)} tahun" in page
    assert f"Anak di bawah {by(law, 17, 16)} tahun perlu izin orang tua atau wali. PP TUNAS Pasal 9." in page
    assert f"A child under {by(law, 17, 16)} needs the permission" in page


@pytest.mark.parametrize("law", ["as it is"], indirect=True)
def test_a_changed_law_finds_the_birthdays_of_the_children_of_before(house, monkeypatch):
    """Their rows keep a hash of the next birthday that counts; under a law with other ages it is another day."""
    told, opened, reveal = [], [], vault.reveal
    monkeypatch.setattr("ruangaman.rooms.families.events._listeners", [told.append])
    monkeypatch.setattr(
        vault, "reveal", lambda ref, purpose: opened.append(purpose) or reveal(ref, purpose=purpose)
    )
    house.child("2017-11-27")  # nine in three days
    house.child(7)
    families.settle_due(house.time.now)
    opened.clear()
    pack = moved()
    monkeypatch.setattr(packs, "load", lambda _jurisdiction, _known=None: pack)
    for _ in range(4):
        house.time.now += timedelta(days=1)
        families.settle_due(house.time.now)
    assert [(one.kind, one.at) for one in told] == [
        ("child.age_band_changed", datetime(2026, 11, 26, 17, 0, tzinfo=UTC))
    ]
    assert opened.count("the next birthday under a changed law") == 2, (
        "each child's record once, not each day"
    )
