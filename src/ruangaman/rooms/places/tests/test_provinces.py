"""Provinces are called by their names, in the reader's language; a code without a name stays a code."""

import csv
import os
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.utils.translation import override

from ruangaman.rooms.places import cities, provinces, roles

from .conftest import NOON

SHARED = Path(os.environ.get("RUANGAMAN_SHARED", Path(__file__).resolve().parents[5].parent / "shared"))
CODES = SHARED / "data" / "city" / "provinces.csv"
MADE_UP = {"99"}


def test_every_province_has_a_name_in_both_languages():
    told = provinces.names()
    assert len(told) == 38 + len(MADE_UP)
    assert all(
        len(code) == 2 and code.isdecimal() and set(pair) == {"id", "en"} for code, pair in told.items()
    )
    for language in ("id", "en"):
        assert len({pair[language] for pair in told.values()}) == len(told)
    if CODES.is_file():
        with CODES.open(encoding="utf-8", newline="") as opened:
            assert {row["code"] for row in csv.DictReader(opened)} == set(told) - MADE_UP


def test_a_name_is_said_in_the_readers_language_and_an_unknown_code_as_it_is():
    assert provinces.name("33") == "Jawa Tengah"
    with override("en"):
        assert provinces.name("33") == "Central Java"
    assert provinces.name("00") == "00"


@pytest.mark.django_db
def test_the_pages_say_names(client, settings, tmp_path):
    settings.CITIES_DIR = tmp_path
    cities.add("bandung", "32.73", "Kota Bandung", now=NOON)
    cities.add("jauh", "00.01", "Kota Jauh", now=NOON)
    listed = client.get("/kota/").content.decode()
    assert "Provinsi Jawa Barat" in listed
    assert "Provinsi 00" in listed
    assert "West Java" in client.get("/kota/?bahasa=en").content.decode()
    assert (
        "Kota dan kabupaten di provinsi Jawa Barat" in client.get("/provinsi/32/?bahasa=id").content.decode()
    )
    boss = User.objects.create_superuser("kepala")
    user = User.objects.create_user("provinsi", is_staff=True)
    roles.give(user, "province", province="32", now=NOON)
    client.force_login(boss)
    assert "semua kota provinsi Jawa Barat" in client.get("/kota/bandung/kerja/peran").content.decode()
