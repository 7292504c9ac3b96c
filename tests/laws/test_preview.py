"""The preview: what an author changes is on the page at the next look, with what to repair beside its screen."""

import html
import os
import re
import shutil
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path
from subprocess import PIPE, Popen

import pytest

import ruangaman
from ruangaman.adapters import lesson_files

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def previewed(tmp_path_factory):
    """A folder of lessons that may be changed, and where the preview of it answers."""
    folder = tmp_path_factory.mktemp("here") / "lessons"
    shutil.copytree(lesson_files.folder(), folder)
    told = [sys.executable, "-m", "ruangaman.site.cli", "learn", "preview", str(folder), "--port", "0"]
    where = os.environ | {"PYTHONPATH": str(Path(ruangaman.__file__).parents[1])}
    with Popen(told, stdout=PIPE, text=True, cwd=folder.parent, env=where) as process:
        threading.Timer(120, process.kill).start()
        line = process.stdout.readline()
        assert "shows" in line
        yield folder, line.split()[0].removesuffix("/pelajaran/")
        process.kill()


def look(address: str) -> str:
    with urllib.request.urlopen(address, timeout=60) as answer:
        assert answer.headers["Cache-Control"] == "no-store"
        return answer.read().decode()


def screen(page: str, name: str) -> str:
    return page.partition(f'<section id="{name}"')[2].partition("</section>")[0]


def test_a_change_shows_at_the_next_look_with_its_faults_beside_the_screen(previewed):
    folder, house = previewed
    file = folder / "B3" / "B3-2" / "lesson.yaml"
    before = file.read_text()
    page = look(f"{house}/pelajaran/B3-2/")
    assert "long-sentence" not in screen(page, "tiga-tanya")
    assert "Hadiah di pesan" in page
    hard = "Pesan yang datang yang kamu tidak kenal yang berisi hadiah besar itu harus kamu periksa sampai selesai."
    at = before.index("id: tiga-tanya")
    text = before.index("      id: |\n", at) + len("      id: |\n")
    file.write_text(before[:text] + f"        {hard} Telepon 0811-222-333.\n\n" + before[text:])
    page = look(f"{house}/pelajaran/B3-2/")
    beside = screen(page, "tiga-tanya")
    assert hard in beside
    for code in ("long-sentence", "yang", "number-in-text"):
        assert f"<li>{code}" in beside
        assert f"<li>{code}" not in screen(page, "cerita")
    assert "17 kata; paling banyak 12." in beside
    english = screen(look(f"{house}/pelajaran/B3-2/?bahasa=en"), "tiga-tanya")
    assert "17 words; at most 12." in english
    file.write_text(before.replace("kind: scene", "kind: nothing"))
    with pytest.raises(urllib.error.HTTPError) as broken:
        look(f"{house}/pelajaran/B3-2/")
    assert "learning.lessons-unreadable" in broken.value.read().decode()
    file.write_text(before)
    assert "<aside" not in screen(look(f"{house}/pelajaran/B3-2/"), "tiga-tanya")


def test_it_shows_lessons_and_nothing_else_of_the_house(previewed):
    _folder, house = previewed
    assert look(f"{house}/static/learning/pelajaran.css")
    for path in ("/", "/keluarga/", "/v1/ask", "/admin/"):
        assert "Belajar untuk siapa?" in look(house + path)
    assert house.startswith("http://localhost:")


def test_a_misconception_that_nobody_wrote_down_is_a_fault_on_the_page_and_not_a_failure(previewed):
    folder, house = previewed
    file = folder / "B3" / "B3-2" / "lesson.yaml"
    before = file.read_text()
    file.write_text(before.replace("misconception: M06", "misconception: M99", 1))
    beside = screen(look(f"{house}/pelajaran/B3-2/"), "coba")
    file.write_text(before)
    assert "M99" in beside
    assert "<aside" in beside


def test_pages_that_need_a_house_say_so(previewed):
    _folder, house = previewed
    for path in ("kampanye/", "hasil/", "pemandu/", "kelas/", "lencana/", "berkas/", "p/ABCDEF"):
        with pytest.raises(urllib.error.HTTPError) as answer:
            look(f"{house}/pelajaran/{path}")
        assert answer.value.code == 404
        assert "Pratinjau hanya menunjukkan pelajaran." in answer.value.read().decode(), path


def test_a_form_is_shown_as_learners_see_it_with_its_key_and_its_faults_beside_each_item(previewed):
    folder, house = previewed
    assert "/pelajaran/B3-2/bentuk/A" in look(f"{house}/pelajaran/B3-2/")
    assert "/bentuk/" not in look(f"{house}/pelajaran/B1-4/")  # carers observe: no forms
    forms = {letter: look(f"{house}/pelajaran/B3-2/bentuk/{letter}") for letter in "AB"}
    for letter, page in forms.items():
        form = lesson_files.course(folder).forms["B3-2", letter]
        assert page.count('type="radio"') == sum(len(one.options) for one in form.items)
        for item in form.items:
            author = beside(page, item.id)
            assert all(html.escape(one.text.id) in author for one in item.options)
            assert all(one.misconception in author for one in item.options if one.misconception)
            assert author.count("<b>Benar</b>") == 1
            assert ("(safe)" in author) is item.safe
            assert "<aside" not in author
    assert "Hadiah di pesan" in forms["A"]
    assert "M06: " in beside(forms["A"], "b3-2-a1")
    assert re.search(
        r"Penipu juga bisa menulis dengan rapi\. <span[^>]*>6 kata<", beside(forms["A"], "b3-2-a1")
    )
    file = folder / "B3" / "B3-2" / "form-a.yaml"
    before = file.read_text()
    hard = "Ini pesan yang datang yang kamu tidak kenal yang berisi hadiah besar itu, benar begitu menurutmu?"
    spoilt = before.replace('stem: {id: "Apa ini?"', f'stem: {{id: "{hard}"', 1)
    file.write_text(
        spoilt.replace("misconception: M14", "misconception: M99", 1).replace("safe: true", "safe: false", 1)
    )
    page = look(f"{house}/pelajaran/B3-2/bentuk/A")
    english = look(f"{house}/pelajaran/B3-2/bentuk/A?bahasa=en")
    lesson = look(f"{house}/pelajaran/B3-2/?bahasa=id")
    other = look(f"{house}/pelajaran/B3-2/bentuk/B")
    file.write_text(before)
    first = beside(page, "b3-2-a1")
    assert "<li>unknown-misconception: M99</li>" in first
    assert "<li>long-sentence [16]: 16 kata; paling banyak 12." in first
    assert "16 words; at most 12." in beside(english, "b3-2-a1")
    assert "<b>Right</b>" in beside(english, "b3-2-a1")
    assert "unknown-misconception" not in beside(page, "b3-2-a2")
    # The same place of the other form is not parallel any more: told beside both.
    assert "<li>not-parallel: 2</li>" in beside(page, "b3-2-a2")
    assert "<li>not-parallel: 2</li>" in beside(other, "b3-2-b2")
    # The lesson says how many there are, and no more.
    assert "long-sentence" not in lesson
    assert "M99" not in lesson
    assert remarks_of_form_a(lesson) > remarks_of_form_a(look(f"{house}/pelajaran/B3-2/"))


def remarks_of_form_a(lesson: str) -> int:
    return int(re.search(r"Bentuk A \((\d+) catatan\)", lesson)[1])


def beside(page: str, item: str) -> str:
    return page.partition(f'data-penulis="{item}"')[2].partition("</section>")[0]
