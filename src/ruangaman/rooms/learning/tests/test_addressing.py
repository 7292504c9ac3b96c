"""Adults are not addressed as children are: no page, script or pack that serves them says "kamu" or "-mu" to them."""

import io
import re
import zipfile
from html import unescape
from pathlib import Path

import pytest
from django.utils.html import escape

from ruangaman.adapters import clock
from ruangaman.rooms.learning import courses
from ruangaman.rooms.learning.packs import cmi5, epub, offline, player
from ruangaman.rooms.learning.tests.classes import MONDAY, after, day, make

COURSE = courses.course()
ADULTS = [one for one in COURSE.scheme.audiences if one.first is None]
STATIC = Path(__file__).resolve().parents[1] / "static/learning"
TO_CHILDREN = re.compile(r"\b(?:kamu|kau|engkau|[a-z]+mu)\b", re.IGNORECASE)
WHOLE = frozenset({"ilmu", "tamu", "temu", "bertemu", "ketemu", "jamu", "semu", "jemu", "ramu", "bumbu"})
"""Words that end so and address nobody."""
OF_OTHERS = re.compile(r'<div class="shown.*?</div>|&quot;[^<]*?&quot;|“[^<]*?”', re.DOTALL)
"""What others say: a message that an item shows, and what stands between quotation marks."""


def addressed(page: str) -> list[str]:
    found = TO_CHILDREN.findall(unescape(OF_OTHERS.sub("", page)))
    return [one for one in found if one.lower() not in WHOLE]


def of(audience: str) -> list[str]:
    return [one.id for one, lesson in courses.objectives_of(audience) if lesson]


def test_this_test_hears_what_is_said_to_children_and_not_what_is_quoted():
    assert addressed("<p>Jawabanmu tersimpan. Kamu boleh kembali.</p>") == ["Jawabanmu", "Kamu"]
    assert (
        addressed('<div class="shown x"><p>Isi sandimu.</p></div><p>Katakan: &quot;Bukan salahmu.&quot;</p>')
        == []
    )
    assert addressed("<p>Ilmu bertemu tamu.</p>") == []
    assert addressed(player.lesson_files(COURSE, "B3-2", "id", MONDAY)["index.html"].decode())


@pytest.mark.parametrize("audience", [one.id for one in ADULTS])
def test_lessons_of_adults_on_pages_and_in_packs(client, db, audience):
    paths = [f"/pelajaran/untuk/{audience}/", "/pelajaran/bantuan/dewasa/"]
    paths += [f"/pelajaran/{one}/{page}" for one in of(audience) for page in ("", "lembar")]
    found = {path: addressed(client.get(path).content.decode()) for path in paths}
    for name in of(audience):
        files = player.lesson_files(COURSE, name, "id", MONDAY, runtime=cmi5.CMI5)
        files |= {f"own/{at}": one for at, one in player.lesson_files(COURSE, name, "id", MONDAY).items()}
        found |= {
            f"{name}/{at}": addressed(one.decode())
            for at, one in files.items()
            if at.endswith((".html", ".js"))
        }
    for made in (
        epub.make(COURSE, of(audience), "id", MONDAY),
        offline.make(COURSE, tuple(of(audience)), "id", MONDAY),
    ):
        with zipfile.ZipFile(io.BytesIO(made)) as pack:
            texts = [one for one in pack.namelist() if one.endswith(("html", ".opf"))]
            found |= {one: addressed(pack.read(one).decode()) for one in texts}
    assert {at: words for at, words in found.items() if words} == {}


THREE = [tuple(of(one.id)[at : at + 3]) for one in ADULTS for at in range(0, len(of(one.id)), 3)]
"""A group has three lessons at most."""


@pytest.mark.parametrize("objectives", THREE, ids=lambda one: one[0])
def test_tests_of_adults_on_the_device_on_paper_and_without_scripts(client, db, monkeypatch, objectives):
    monkeypatch.setattr(clock, "now", lambda: after(28))
    told = make(audience=objectives[0].partition("-")[0], objectives=objectives)
    told.teach(day(0))
    mine = f"/pelajaran/pemandu/{told.token}/"
    paths = [mine, f"{mine}hasil", f"{mine}hapus"]
    paths += [f"{mine}soal/{name}/{form}" for name in objectives for form in "AB"]
    paths += [f"{mine}kertas/{name}/delayed{page}" for name in objectives for page in ("", "/beda")]
    pages = [client.get(path) for path in paths]
    pages += [client.post("/pelajaran/kelas/", {"kode": told.code(1), "tes": name}) for name in objectives]
    assert {answer.status_code for answer in pages} == {200}
    opened = client.post(
        "/pelajaran/kelas/buka", {"code": told.code(1)}, content_type="application/json"
    ).json()
    assert [one["objective"] for one in opened["tests"]] == list(objectives)
    texts = [answer.content.decode() for answer in pages] + [one["page"] for one in opened["tests"]]
    assert [words for one in [*texts, opened["page"]] if (words := addressed(one))] == []


PAGES = (
    *("", "ulang/", "siapa/", "berkas/", "lencana/", "kelas/", "pemandu/", "kampanye/", "hasil/"),
    *(f"pemandu/?untuk={one.id}" for one in ADULTS),
)


@pytest.mark.parametrize("path", PAGES)
def test_pages_for_whoever_comes_address_nobody_as_a_child(client, db, path):
    answer = client.get(f"/pelajaran/{path}")
    assert answer.status_code == 200
    page = answer.content.decode()
    for lesson in COURSE.lessons.values():  # a list names lessons of children as they are called
        page = page.replace(escape(lesson.title.id), "")
    assert addressed(page) == []


def test_what_whoever_leads_a_childrens_lesson_reads_first(client, db):
    briefs = [name for name, lesson in COURSE.lessons.items() if lesson.brief is not None]
    assert briefs
    found = {name: addressed(client.get(f"/pelajaran/{name}/pemandu").content.decode()) for name in briefs}
    assert {name: words for name, words in found.items() if words} == {}


@pytest.mark.parametrize("script", sorted(STATIC.rglob("*.js")), ids=lambda one: one.name)
def test_scripts_serve_both(script):
    assert addressed(script.read_text()) == []
