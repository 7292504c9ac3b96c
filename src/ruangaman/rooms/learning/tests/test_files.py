"""Files for teachers: found without an account, made once, the same for everybody, refused where there is nothing."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count
from threading import Event

import pytest

from ruangaman.core.learning import sealed_packs
from ruangaman.core.learning.model import Plain
from ruangaman.rooms.learning import courses
from ruangaman.rooms.learning.packs import kept, keys, kinds
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


def test_a_day_is_this_houses_day(counting):
    kind, made = counting
    late = datetime(2026, 11, 30, 16, 59, tzinfo=UTC)  # a minute before midnight in Jakarta
    first = kept.file(WHOLE, kind, "B3", "id", late)
    assert kept.file(WHOLE, kind, "B3", "id", late + timedelta(minutes=2)) is not first
    assert next(made) == 2
    for minutes, day in ((0, "2026-11-30"), (2, "2026-12-01")):
        now = late + timedelta(minutes=minutes)
        offline = unzipped(kept.file(WHOLE, kinds.KINDS["offline"], "B3-2", "id", now).content)
        assert json.loads(offline["manifest.json"])["made_on"] == day
        book = unzipped(kept.file(WHOLE, kinds.KINDS["epub"], "B3-2", "id", now).content)
        assert f"{day}T00:00:00Z" in book["EPUB/isi.opf"].decode()


def test_who_asks_for_another_file_does_not_wait(counting):
    quick, _ = counting
    begun, go_on = Event(), Event()

    def slowly(*_told):
        begun.set()
        assert go_on.wait(20)
        return b"slow"

    slow = kinds.Kind("slow", "zip", "application/zip", Plain("x", "x"), slowly)
    with ThreadPoolExecutor(3) as people:
        waiting = [people.submit(kept.file, WHOLE, slow, "B3", "id", NOW) for _ in range(2)]
        try:
            assert begun.wait(20)
            other = people.submit(kept.file, WHOLE, quick, "B3", "id", NOW)
            assert other.result(timeout=20).content
        finally:
            go_on.set()
        assert waiting[0].result() is waiting[1].result(), "the same file is made once"


def test_what_a_lost_key_signed_is_not_given_out_any_more():
    offline = kinds.KINDS["offline"]
    before = kept.file(WHOLE, offline, "B3-2", "id", NOW)
    assert kept.file(WHOLE, offline, "B3-2", "id", NOW) is before
    keys.renew(lost=True)
    after = kept.file(WHOLE, offline, "B3-2", "id", NOW)
    sealed_packs.verify(unzipped(after.content), keys.jwks())
    with pytest.raises(sealed_packs.PackRefused):
        sealed_packs.verify(unzipped(before.content), keys.jwks())


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


def test_the_files_of_several_audiences_are_kept_side_by_side():
    sizes = [
        len(kept.file(WHOLE, kind, "B4", language, NOW).content)
        for kind in kinds.KINDS.values()
        for language in ("id", "en")
        if kind.quick
    ]
    assert sum(sizes) < kept.MOST_BYTES / 8


def test_the_page_leads_nowhere_else(client):
    addresses = re.findall(r'href="([^"]+)"', page(client, "/pelajaran/berkas/?untuk=PAR"))
    assert not [one for one in addresses if one.startswith("http")]
