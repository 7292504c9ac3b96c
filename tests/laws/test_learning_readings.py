"""A release waits for readers: what lacks is told, and a reading of other words does not count."""

from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from ruangaman.adapters import lesson_files
from ruangaman.core.learning import readings
from ruangaman.core.learning.model import Course
from ruangaman.core.learning.readings import ClozeTest, ReadAloud, Readings
from ruangaman.site import cli

FOLDER = Path(lesson_files.folder())
WHOLE = lesson_files.course(FOLDER)
DAY = date(2027, 1, 31)


def lesson_of(objective: str, **changes) -> ReadAloud:
    version = WHOLE.lessons[objective].version
    return replace(ReadAloud(objective, version, DAY, 5, "class teacher", "nothing"), **changes)


def cloze_of(objective: str, **changes) -> ClozeTest:
    version = WHOLE.lessons[objective].version
    return replace(ClozeTest(objective, version, DAY, 5, 60, "class teacher"), **changes)


EVERY = tuple(lesson_of(one.id) for one in WHOLE.scheme.objectives)
BANDS = tuple(cloze_of(f"{one.id}-1") for one in WHOLE.scheme.audiences if one.measured == "forms")


def lacking(read_aloud=EVERY, cloze=BANDS, course: Course = WHOLE) -> list[tuple[str, str, str]]:
    told = Readings(1, tuple(read_aloud), tuple(cloze))
    return [(one.code, one.at, one.what) for one in readings.lacking(course, told)]


def test_nothing_lacks_once_five_read_each_lesson_and_each_band_filled_in_the_gaps():
    assert lacking() == []


def test_a_lesson_read_by_four_or_in_other_words_lacks():
    first, *rest = EVERY
    assert lacking([replace(first, readers=4), *rest]) == [("not-read-aloud", "B1-1", "4 of 5 readers")]
    assert lacking([replace(first, readers=3), replace(first, readers=2), *rest]) == []
    assert lacking([replace(first, version=first.version + 1), *rest]) == [
        ("not-read-aloud", "B1-1", "0 of 5 readers")
    ]


def test_a_band_without_a_cloze_test_or_below_the_share_lacks():
    assert lacking(cloze=BANDS[1:]) == [("no-cloze", "B2", "0 of 5 readers")]
    assert lacking(cloze=[replace(BANDS[0], readers=4), *BANDS[1:]]) == [("no-cloze", "B2", "4 of 5 readers")]
    low = replace(BANDS[0], right=50, readers=15)
    assert lacking(cloze=[low, *BANDS]) == [("cloze-below", "B2", "52% of 60%")]


def test_what_nobody_but_its_author_read_lacks():
    unread = replace(WHOLE.lessons["B3-2"], reviewed_by=None)
    course = Course(WHOLE.scheme, WHOLE.lessons | {"B3-2": unread}, WHOLE.forms, WHOLE.pictures)
    assert lacking(course=course) == [("no-second-reader", "B3-2", "")]


def test_a_reading_of_a_lesson_that_is_not_there_is_told():
    told = Readings(1, (replace(lesson_of("B3-2"), objective="B9-9"),), ())
    assert [one.code for one in readings.unknown(WHOLE, told)] == ["unknown-objective"]


@pytest.mark.parametrize("file", [None, "format: 1\nread_aloud: []\n"])
def test_what_is_shipped_says_that_nobody_has_read_yet(file, tmp_path, capsys):
    if file is None:
        assert cli.main(["learn", "readings"]) == 1
        assert capsys.readouterr().out.endswith("0 readings, 0 cloze tests, 64 lacking\n")
        return
    (tmp_path / "scheme.yaml").write_bytes((FOLDER / "scheme.yaml").read_bytes())
    (tmp_path / "read_aloud.yaml").write_text(file)
    assert cli.main(["learn", "readings", str(tmp_path)]) == 1
    assert "learning.lessons-unreadable" in capsys.readouterr().err


def test_what_is_entered_by_hand_is_read(tmp_path):
    (tmp_path / "read_aloud.yaml").write_text(
        "format: 1\nread_aloud:\n"
        "- {objective: B3-2, version: 2, on: 2027-01-31, readers: 5, led_by: 'class teacher', found: 'nothing'}\n"
        "cloze:\n- {objective: B3-2, version: 2, on: 2027-01-31, readers: 12, right: 71, led_by: 'class teacher'}\n"
    )
    told = lesson_files.readings(tmp_path)
    assert (told.read_aloud[0].on, told.cloze[0].right) == (DAY, 71)
