"""Lessons on a device: what it weighs, whom to call from everywhere, one question at a time, a voice."""

import gzip
import re
from functools import cache
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from msgspec.structs import replace

from ruangaman.adapters import clock, voice
from ruangaman.core.learning import voices
from ruangaman.rooms.learning import config, courses, sounds
from ruangaman.rooms.learning.views import pages

WHOLE = courses.course()
KB, MB = 1000, 1_000_000
FIRST_VIEW, SCRIPTS, SHEETS, LESSON, PACK, PICTURE = 150 * KB, 60 * KB, 15 * KB, 300 * KB, 5 * MB, 30 * KB
"""Of a first view, its scripts, its sheets, a lesson, compressed; of a door in one language; of a drawing."""
WITH_HELP = (
    "/pelajaran/", "/pelajaran/siapa/", "/pelajaran/ulang/", "/pelajaran/untuk/B1/", "/pelajaran/untuk/B5/",
    "/pelajaran/untuk/PAR/", "/pelajaran/B1-2/", "/pelajaran/B4-2/", "/pelajaran/B4-2/lembar", "/pelajaran/PAR-5/",
)  # fmt: skip


def page(client, path, language="id"):
    client.cookies["bahasa"] = language
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def squeezed(content: bytes) -> int:
    return len(gzip.compress(content, 6))


def file(address: str) -> bytes:
    """Of a static file, by the address on a page."""
    return Path(finders.find(address.removeprefix("/static/"))).read_bytes()


@cache
def squeezed_file(address: str) -> int:
    return squeezed(file(address))


def weights(client, told):
    """Compressed bytes of a page, its scripts with what they import, its sheets, and its drawings and pictures."""
    scripts = set(re.findall(r'<script[^>]* src="([^"]+)"', told))
    for script in list(scripts):
        if "/learning/" in script:
            inside = re.findall(r'from "\./([^"]+)"', file(script).decode())
            scripts |= {f"/static/learning/{one}" for one in inside}
    sheets = set(re.findall(r'<link rel="stylesheet" href="([^"]+)"', told))
    images = set(re.findall(r'(?:src|href)="(/static/[^"#]+\.svg)', told))
    drawn = set(re.findall(r'src="(/pelajaran/gambar/[^"]+)"', told))
    return {
        "page": squeezed(told.encode()),
        "scripts": sum(squeezed_file(one) for one in scripts),
        "sheets": sum(squeezed_file(one) for one in sheets),
        "images": sum(squeezed_file(one) for one in images)
        + sum(squeezed(client.get(one).content) for one in drawn),
    }


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(
    "path", ["/pelajaran/", "/pelajaran/untuk/B3/", "/pelajaran/siapa/", "/pelajaran/ulang/"]
)
def test_a_first_view_is_small(client, path, language):
    told = weights(client, page(client, path, language))
    assert 0 < told["scripts"] <= SCRIPTS
    assert 0 < told["sheets"] <= SHEETS
    assert sum(told.values()) <= FIRST_VIEW


@pytest.mark.parametrize("language", ["id", "en"])
def test_each_lesson_is_small_and_a_door_as_well(client, language):
    for who in WHOLE.scheme.audiences:
        whole = len(page(client, f"/pelajaran/untuk/{who.id}/", language).encode())
        for path in courses.pack(who):
            content = client.get(path).content
            whole += len(content)
            if path.endswith("/"):
                assert len(content) <= pages.PAGE_BYTES, path
                assert sum(weights(client, content.decode()).values()) <= LESSON, path
        assert whole <= PACK
        asked = courses.weight(who, each_page=pages.PAGE_BYTES)
        assert whole <= asked, who.id


def test_drawings_are_small_and_what_a_page_needs_is_kept_by_the_worker(client):
    for drawing in (config.folder() / "pictures").glob("*.svg"):
        assert drawing.stat().st_size <= PICTURE, drawing.name
    kept = set(pages.SHELL)
    for path in WITH_HELP:
        told = page(client, path)
        for address in re.findall(r'(?:src|href)="/static/([^"#]+)', told):
            assert address in kept, (path, address)
    for script in (name for name in pages.SHELL if name.startswith("learning/") and name.endswith(".js")):
        for one in re.findall(r'from "\./([^"]+)"', file(f"/static/{script}").decode()):
            assert f"learning/{one}" in kept


# Help


@pytest.mark.parametrize("path", WITH_HELP)
def test_help_is_one_tap_away_from_everywhere_and_a_call_another_one(client, path):
    told = page(client, path)
    ways = set(re.findall(r'href="(/pelajaran/bantuan/[^"]+)"', told))
    assert len(ways) == 1
    assert 'href="tel:129"' in page(client, ways.pop())


def test_help_of_children_has_no_link_that_leads_out_and_says_what_nobody_checked(client):
    told = {who: page(client, f"/pelajaran/bantuan/{who}/") for who in pages.HELP}
    for who, text in told.items():
        links = set(re.findall(r'href="((?:https?|tel):[^"]+)"', text))
        assert all(link.startswith("tel:") for link in links) is (who == "anak")
        assert text.count("Belum diperiksa lewat telepon.") >= len(links)
        assert "Tersambung" not in text
        assert "<form" not in text
        assert "<script" not in text.replace('<script src="/static/tegel/sinyal.js" defer></script>', "")
    assert "Stop Judi Online" in told["dewasa"]
    assert "Stop Judi Online" not in told["anak"] + told["remaja"]
    assert "1500771" not in told["anak"] + told["remaja"]
    assert "Not yet checked by phone." in page(client, "/pelajaran/bantuan/anak/", "en")
    assert client.get("/pelajaran/bantuan/siapa/").status_code == 404


def test_whom_to_call_is_kept_before_anybody_opened_it(client):
    reply = client.get("/pelajaran/pekerja.js").content.decode()
    for who in pages.HELP:
        assert f'"/pelajaran/bantuan/{who}/"' in reply.partition("\n")[0]


# One question at a time


def test_small_children_get_one_question_at_a_time_and_a_stop_after_each_sitting():
    lesson = WHOLE.lessons["B2-2"]
    who = WHOLE.scheme.audience("B2-2")
    practice = next(one for one in lesson.screens if one.kind == "practise")
    twelve = replace(practice, items=(practice.items * 3)[:12])
    screens = tuple(twelve if one is practice else one for one in lesson.screens)
    found = [
        one
        for one in courses.steps(replace(lesson, screens=screens), who, clock.now())
        if one.screen is twelve
    ]
    assert [len(one.items) for one in found] == [1] * 12
    assert [one.part for one in found if one.stop] == [5, 10, 12]
    assert len({one.id for one in found}) == 12
    assert [item for one in found for item in one.items] == list(twelve.items)


def test_older_ones_get_a_screen_as_a_whole_and_are_asked_how_sure_they_are(client):
    for objective in ("B3-2", "B4-1", "PAR-1"):
        lesson = WHOLE.lessons[objective]
        found = courses.steps(lesson, WHOLE.scheme.audience(objective), clock.now())
        assert [one.screen for one in found] == list(lesson.screens)
        assert [one.screen.kind for one in found if one.stop] == ["practise"]
        assert page(client, f"/pelajaran/{objective}/").count("data-yakin ") == len(lesson.practice)
    for objective in ("B1-2", "B2-2"):
        assert "data-yakin " not in page(client, f"/pelajaran/{objective}/")


def test_no_header_of_a_caller_speaks_as_a_preview(client):
    told = client.get("/pelajaran/B3-2/", headers={"ruangaman.remarks": "x", "Ruangaman-Remarks": "x"})
    assert told.status_code == 200


# A voice


@pytest.fixture
def voiced(tmp_path, settings):
    """A phone's house where one lesson has a computer's voice, and one line of it a person's."""
    settings.DATA_DIR = tmp_path
    wav = b"RIFF" + bytes(20) + (22050).to_bytes(4, "little") + bytes(16 + 22050)
    lines = voices.lines(WHOLE.lessons["B2-2"])
    voice.make(lines, ("id",), config.folder(), config.voices(), lambda *_: wav, lambda one: (one, ".wav"))
    return lines


def test_a_line_is_offered_with_what_speaks_it_and_played_from_here(client, voiced):
    told = page(client, "/pelajaran/B2-2/")
    addresses = re.findall(r'data-berkas="([^"]+)" data-sementara', told)
    assert len(addresses) == len(voiced)
    parts = told.count('data-dengar="layar"') + told.count('data-dengar="soal"')
    assert told.count("Suara komputer, sementara") == parts >= len(WHOLE.lessons["B2-2"].screens)
    assert told.count('<noscript><audio controls preload="none"') == len(voiced)
    assert "autoplay" not in told
    answer = client.get(addresses[0])
    assert answer.status_code == 200
    assert answer["Content-Type"] == "audio/wav"
    assert "Computer voice for now" not in page(client, "/pelajaran/B2-2/", "en")
    assert "data-berkas" not in page(client, "/pelajaran/B2-1/")


def test_a_text_that_changed_is_not_spoken_in_old_words(voiced, monkeypatch):
    name = voiced[0].name
    assert sounds.of("id", name).placeholder
    other = {line.name: line for line in voiced} | {name: voices.Spoken(name, "Lain sekali.", "Another.")}
    monkeypatch.setattr(sounds, "spoken", lambda: other)
    assert sounds.of("id", name) is None


def test_a_voice_that_is_not_there_is_not_found(client, voiced):
    for path in ("id/tidak-ada", "fr/b2-2-coba", "en/b2-2-coba", "id/b3-2-coba"):
        assert client.get(f"/pelajaran/suara/{path}").status_code == 404
    assert client.get("/pelajaran/suara/id/b2-2-coba").status_code == 200


def test_only_who_does_not_read_yet_has_buttons_of_a_voice(client):
    for objective, spoken in (("B1-2", True), ("B2-2", True), ("B3-2", False), ("PAR-1", False)):
        assert ("data-dengar=" in page(client, f"/pelajaran/{objective}/")) is spoken


@pytest.mark.parametrize("path", ["/pelajaran/", "/pelajaran/untuk/B3/", "/pelajaran/B3-2/"])
def test_a_page_is_packed_on_its_way_and_is_the_same_unpacked(client, path):
    plain = client.get(path)
    packed = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert gzip.decompress(packed.content) == plain.content
    assert len(packed.content) < len(plain.content) / 2
