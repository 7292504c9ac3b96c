"""Passages of lessons: what is written as paragraphs and points is read as those, however its lines end."""

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as some

from ruangaman.core.learning.model import Plain
from ruangaman.core.learning.passages import Points, blocks
from ruangaman.rooms.learning.packs import markup

WORD = some.from_regex(r"[a-zA-Z<&][a-z\xa0.:]{0,8}[a-z]", fullmatch=True)
LINE = some.lists(WORD, min_size=1, max_size=4).map(" ".join)
BLOCK = LINE | some.lists(LINE, min_size=1, max_size=3).map(lambda lines: Points(tuple(lines)))


@given(some.lists(BLOCK, max_size=4), some.sampled_from(["\n", "\r\n", "\r"]), some.sampled_from(["", " "]))
def test_what_was_written_is_read(told, end, after):
    written = [
        one if isinstance(one, str) else f"{after}{end}".join(f"- {line}" for line in one.lines)
        for one in told
    ]
    assert blocks(f"{end}{after}{end}".join(written)) == told


@given(some.text(alphabet="ab- \n\r<&\t\xa0", max_size=40))
def test_whatever_is_written_no_letter_is_lost_and_other_systems_can_read_it(passage):
    lines = [line for one in blocks(passage) for line in ([one] if isinstance(one, str) else one.lines)]
    root = ElementTree.fromstring(f"<div>{markup.blocks(passage)}</div>")
    for sign in "ab<&":
        assert "".join(lines).count(sign) == "".join(root.itertext()).count(sign) == passage.count(sign)
    assert {one.tag for one in root} <= {"p", "ul"}


def test_one_language_is_picked():
    told = Plain(id="Tanya", en="Ask")
    assert [told.said(one) for one in ("id", "en", None)] == ["Tanya", "Ask", "Tanya"]
