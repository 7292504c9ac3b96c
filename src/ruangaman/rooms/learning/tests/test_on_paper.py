"""Lessons as a book and on paper: what stands where, in which order, and what is never asked."""

import io
import re
import zipfile
from collections import Counter
from datetime import UTC, datetime
from xml.etree import ElementTree

import pypdf
import pytest

from ruangaman.core.learning import seats
from ruangaman.core.learning.lettering import LETTERS, lettered
from ruangaman.core.learning.model import Item, Option, Plain, Told
from ruangaman.rooms.learning import courses
from ruangaman.rooms.learning.packs import epub, paper

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
COURSE = courses.course()
XHTML = "{http://www.w3.org/1999/xhtml}"


def pages(objectives: tuple[str, ...], language: str) -> list[str]:
    read = pypdf.PdfReader(io.BytesIO(paper.make(COURSE, objectives, language, NOW)))
    return [" ".join(page.extract_text().split()) for page in read.pages]


def test_an_item_has_the_same_letters_wherever_it_stands_and_no_letter_is_always_right():
    right: Counter[str] = Counter()
    for form in COURSE.forms.values():
        for item in form.items:
            letters = lettered(item)
            assert sorted(one.id for one in letters.values()) == sorted(one.id for one in item.options)
            assert "".join(letters) == LETTERS[: len(item.options)]
            right[next(letter for letter, one in letters.items() if one.right)] += 1
    assert min(right[letter] for letter in "ABC") > right.total() // 4, right


def test_more_answers_than_letters_are_refused():
    option = Option("a", Plain("a", "a"), Told("a", "a"))
    with pytest.raises(ValueError, match="more answers"):
        lettered(Item("x", Plain("a", "a"), (option,) * 9))


@pytest.mark.parametrize(
    ("language", "form", "key"), [("id", "Bentuk {} · versi", "Kunci"), ("en", "Form {} · version", "Key")]
)
@pytest.mark.slow
def test_every_form_fits_two_sides_and_asks_for_no_name(language, form, key):
    for audience in COURSE.scheme.audiences[:: 1 if language == "id" else 4]:
        names = tuple(one.id for one in COURSE.scheme.objectives if one.id.startswith(f"{audience.id}-"))
        told = pages(names, language)
        for name in names:
            feet = [f"{name} · {form.format(letter)}" for letter in "AB"]
            if audience.measured == "observations":
                assert not any(foot in page for page in told for foot in feet)
                continue
            for foot in feet:
                sides = [page for page in told if foot in page]
                assert 1 <= len(sides) <= 2, (name, foot)
                assert not re.search(r"(?i)\bnama ?:|\bname ?:", " ".join(sides))
            keys = [page for page in told if f"{name} · {key}" in page]
            assert len(keys) == 1, name
            for page in told:
                assert (f"{name} · {key}" in page) + any(foot in page for foot in feet) <= 1


def test_the_key_says_what_the_form_prints():
    told = pages(("B3-2",), "en")
    key = next(page for page in told if "B3-2 · Key" in page)
    for letter in "AB":
        printed = next(page for page in told if f"B3-2 · Form {letter}" in page)
        for number, item in enumerate(COURSE.forms["B3-2", letter].items, 1):
            options = lettered(item)
            right = next(one for one, option in options.items() if option.right)
            answer = " ".join(options[right].text.en.split())
            assert f"{number} {right} {answer}" in key
            for one, option in options.items():
                assert f"{one} {option.text.en}" in printed


def test_of_the_youngest_a_carer_ticks_four_observations():
    told = pages(("B1-2",), "id")
    (sheet,) = [page for page in told if "B1-2 · Lembar amatan" in page]
    # By the number under which the grid for typing asks for it.
    seen = enumerate(COURSE.lessons["B1-2"].observations, start=1)
    assert all(f"{number}. {one.text.id}" in sheet for number, one in seen)
    assert all(when in sheet for when in ("Sebelum", "Sesudah", "Hari ke-28"))
    assert "Jangan tulis nama anak" in sheet


def test_a_code_has_a_box_for_each_of_its_signs(monkeypatch):
    told = {}
    monkeypatch.setattr(paper.pdf, "render", lambda text, data, **_other: told.update(data, text=text) or b"")
    paper.make(COURSE, ("B3-2",), "id", NOW)
    code = seats.code(b"x" * 32, 1)
    assert re.findall(r"boxes\((data\.\w+|\d+)\), boxes\(3\)", told["text"]) == ["data.signs"] * 2
    assert told["signs"] == len(code)


def test_a_lesson_is_read_aloud_with_what_is_said_to_each_answer():
    told = " ".join(page for page in pages(("B4-2",), "en") if "Lesson to read aloud" in page)
    lesson = COURSE.lessons["B4-2"]
    assert "For whoever leads" in told
    squeezed = told.replace(" ", "")
    for item in lesson.practice:
        for option in item.options:
            assert option.text.en.replace(" ", "") in squeezed


def test_paper_has_no_colour():
    told = paper.grey(b'<svg fill="#F4B431" stroke="#FFF"><a href="#B3"/></svg>')
    found = re.findall(rb"#([0-9A-F]{6})\b", told)
    assert found
    assert all(one[:2] == one[2:4] == one[4:] for one in found)
    assert b"#FFFFFF" in told


def test_the_same_day_gives_the_same_bytes():
    for make in (paper.make, epub.make):
        late = make(COURSE, ("B3-2",), "id", NOW.replace(hour=16))
        assert late == make(COURSE, ("B3-2",), "id", NOW)
        assert late != make(COURSE, ("B3-2",), "id", NOW.replace(hour=17)), "past midnight in Jakarta"


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_book_begins_with_its_kind_and_ends_each_lesson_with_answers(language):
    names = ("B3-1", "B3-2", "B3-4")
    packed = zipfile.ZipFile(io.BytesIO(epub.make(COURSE, names, language, NOW)))
    first = packed.infolist()[0]
    assert (first.filename, first.compress_type, first.extra) == ("mimetype", zipfile.ZIP_STORED, b"")
    assert packed.read("mimetype") == b"application/epub+zip"
    package = packed.read("EPUB/isi.opf").decode()
    assert f"<dc:language>{language}</dc:language>" in package
    assert '<meta property="dcterms:modified">2026-11-30T00:00:00Z</meta>' in package
    assert "schema:accessibilityFeature" in package
    assert not any(name.endswith(".js") or b"<script" in packed.read(name) for name in packed.namelist())
    for name in names:
        page = ElementTree.fromstring(packed.read(f"EPUB/{name.lower()}.xhtml"))
        assert page.get("{http://www.w3.org/XML/1998/namespace}lang") == page.get("lang") == language
        lesson = COURSE.lessons[name]
        words = "".join(page.itertext())
        before, _, after = words.rpartition(
            "Jawaban dan penjelasan" if language == "id" else "Answers and why"
        )
        for item in lesson.practice:
            for option in item.options:
                feedback = (option.feedback.en if language == "en" else option.feedback.id).split()
                assert " ".join(feedback) in " ".join(after.split())
                assert " ".join(feedback) not in " ".join(before.split())
        places = {one.get("id") for one in page.iter() if one.get("id")}
        assert {one.get("href")[1:] for one in page.iter(f"{XHTML}a")} <= places
        drawn = {one.get("src") for one in page.iter(f"{XHTML}img")}
        assert drawn == {f"gambar/{one}.svg" for one in courses.pictures_of(lesson)}
        assert all(f"EPUB/{one}" in packed.namelist() for one in drawn)


def test_two_books_are_two_and_one_book_stays_itself():
    book = lambda *asked: re.search(  # noqa: E731
        rb"urn:uuid:[0-9a-f-]{36}",
        zipfile.ZipFile(io.BytesIO(epub.make(COURSE, *asked))).read("EPUB/isi.opf"),
    )[0]
    same = book(("B3-2",), "id", NOW)
    assert same == book(("B3-2",), "id", NOW.replace(year=2027))
    assert len({same, book(("B3-2",), "en", NOW), book(("B3-1",), "id", NOW)}) == 3
