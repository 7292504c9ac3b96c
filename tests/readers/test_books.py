"""Every book of the lessons by EPUBCheck: no error and no warning; and what is broken is found."""

import io
import json
import subprocess
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.readers.environments import installed

from ruangaman.rooms.learning import courses
from ruangaman.rooms.learning.packs import epub, zipped

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
LOOK = Path(__file__).resolve().parent / "epubcheck" / "look.py"
SIDE_BY_SIDE = 2


def looked_at(*books: Path) -> dict[str, dict]:
    done = subprocess.run(
        [installed("epubcheck", "bin/python"), LOOK, *books], capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def test_every_book_of_every_audience_in_both_languages_is_without_fault(tmp_path):
    course = courses.course()
    books = []
    for audience in course.scheme.audiences:
        names = tuple(one.id for one in course.scheme.objectives if one.id.startswith(f"{audience.id}-"))
        for language in ("id", "en"):
            books.append(tmp_path / f"{audience.id}-{language}.epub")
            books[-1].write_bytes(epub.make(course, names, language, NOW))
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        halves = pool.map(lambda at: looked_at(*books[at::SIDE_BY_SIDE]), range(SIDE_BY_SIDE))
        found = {path: told for half in halves for path, told in half.items()}
    assert len(found) == 2 * len(course.scheme.audiences) == 18
    for path, told in found.items():
        assert told["by"].startswith("5.")
        assert (told["said"], told["valid"]) == ([], True), path


@pytest.mark.parametrize(
    "spoiled",
    [
        ("EPUB/b3-2.xhtml", b"</body>", b"<p>"),
        ("EPUB/b3-2.xhtml", b"#jawaban-b3-2-l1", b"#tidak-ada"),
        ("EPUB/isi.opf", b'<meta property="dcterms:modified">', b'<meta property="dcterms:created">'),
        ("EPUB/isi.opf", b'properties="nav"', b""),
    ],
)
def test_a_spoiled_book_is_found(tmp_path, spoiled):
    name, before, after = spoiled
    with zipfile.ZipFile(io.BytesIO(epub.make(courses.course(), ("B3-2",), "id", NOW))) as packed:
        files = {one: packed.read(one) for one in packed.namelist()}
    assert before in files[name]
    files[name] = files[name].replace(before, after, 1)
    book = tmp_path / "rusak.epub"
    book.write_bytes(zipped.zipped(files, stored_first="mimetype"))
    (told,) = looked_at(book).values()
    assert not told["valid"]
    assert any(one.startswith(("ERROR", "FATAL")) for one in told["said"])
