"""Files for teachers: found without an account, made once, the same for everybody, refused where there is nothing."""

import re
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from ruangaman.core.learning.model import Plain
from ruangaman.rooms.learning import courses
from ruangaman.rooms.learning.packs import kept, kinds
from ruangaman.rooms.learning.tests.test_packs import unzipped

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
WHOLE = courses.course()


@pytest.fixture(autouse=True)
def house(settings, tmp_path):
    settings.LESSON_KEY_FILE = str(tmp_path / "lessons.key")
    kept.forget()
    yield
    kept.forget()


def page(client, path, language="id"):
    client.cookies["bahasa"] = language
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


@pytest.mark.parametrize("language", ["id", "en"])
def test_from_the_list_of_an_audience_to_a_file(client, language):
    listed = page(client, "/pelajaran/untuk/B3/", language)
    assert "/pelajaran/berkas/?untuk=B3" in listed
    told = page(client, "/pelajaran/berkas/?untuk=B3", language)
    for kind in kinds.KINDS.values():
        assert getattr(kind.title, language) in told
        for code in ("id", "en"):
            address = f"/pelajaran/berkas/{kind.name}/B3.{code}.{kind.suffix}"
            assert address in told
            answer = client.get(address)
            assert answer.status_code == 200
            assert answer["Content-Type"] == kind.media_type
            assert answer["Content-Disposition"] == (
                f'attachment; filename="pelajaran-B3-{code}-{kind.name}.{kind.suffix}"'
            )
    assert "?untuk=B3-2" in told
    assert WHOLE.lessons["B3-2"].title.id in page(client, "/pelajaran/berkas/?untuk=B3-2")
    for one in WHOLE.scheme.audiences:
        assert f"?untuk={one.id}" in page(client, "/pelajaran/berkas/", language)


def test_a_browser_that_has_the_file_is_told_so_and_a_head_sends_nothing(client):
    first = client.get("/pelajaran/berkas/scorm12/B3-2.id.zip")
    assert first["ETag"].strip('"')
    assert "imsmanifest.xml" in unzipped(first.content)
    again = client.get("/pelajaran/berkas/scorm12/B3-2.id.zip", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = client.head("/pelajaran/berkas/scorm12/B3-2.id.zip")
    assert (head.status_code, head.content) == (200, b"")
    assert int(head["Content-Length"]) == len(first.content)


@pytest.mark.parametrize(
    "path",
    [
        "berkas/betamax/B3.id.zip",
        "berkas/offline/B9.id.zip",
        "berkas/offline/B3.fr.zip",
        "berkas/offline/B3.id.exe",
        "berkas/?untuk=B9",
        "berkas/?untuk=../../kunci",
    ],
)
def test_what_is_not_there_is_not_found(client, path):
    assert client.get(f"/pelajaran/{path}").status_code == 404


def test_only_reading_is_possible(client):
    assert client.post("/pelajaran/berkas/offline/B3.id.zip").status_code == 405


def test_the_keys_are_public_and_hold_nothing_private(client):
    assert client.get("/pelajaran/berkas/kunci.json").json() == {"keys": []}, "looking makes no key"
    client.get("/pelajaran/berkas/offline/B3-2.id.zip")
    told = client.get("/pelajaran/berkas/kunci.json").json()
    assert [set(one) for one in told["keys"]] == [{"kty", "crv", "x", "y", "kid", "use", "alg"}]


@pytest.fixture
def counting():
    made = count()
    kind = kinds.Kind(
        "x", "zip", "application/zip", Plain("x", "x"), lambda *told: f"{next(made)}".encode() * 1000
    )
    return kind, made


def test_a_file_is_made_once_a_day(counting):
    kind, made = counting
    first = kept.file(WHOLE, kind, "B3", "id", NOW)
    assert kept.file(WHOLE, kind, "B3", "id", NOW + timedelta(hours=3)) is first
    assert kept.file(WHOLE, kind, "B3", "en", NOW) is not first
    assert kept.file(WHOLE, kind, "B3", "id", NOW + timedelta(days=1)) is not first
    assert next(made) == 3
    assert kept.held() == 1000, "yesterday's files are gone"


def test_what_is_kept_is_bounded_and_the_least_asked_goes_first(counting, monkeypatch):
    kind, made = counting
    monkeypatch.setattr(kept, "MOST_BYTES", 3000)
    for name in ("B1", "B2", "B3", "B1", "B4"):
        kept.file(WHOLE, kind, name, "id", NOW)
    assert kept.held() <= 3000
    before = next(made)
    kept.file(WHOLE, kind, "B1", "id", NOW)
    assert next(made) == before + 1, "it was asked for lately, and still there"
    kept.file(WHOLE, kind, "B2", "id", NOW)
    assert next(made) == before + 3, "it had to go"


def test_every_file_of_the_house_fits_into_what_is_kept():
    sizes = [
        len(kept.file(WHOLE, kind, "B4", language, NOW).content)
        for kind in kinds.KINDS.values()
        for language in ("id", "en")
        if kind.quick
    ]
    # An audience's lessons together, then each alone: twice over, for each audience
    assert 2 * len(WHOLE.scheme.audiences) * sum(sizes) < kept.MOST_BYTES / 2


def test_the_page_leads_nowhere_else(client):
    addresses = re.findall(r'href="([^"]+)"', page(client, "/pelajaran/berkas/?untuk=PAR"))
    assert not [one for one in addresses if one.startswith("http")]
