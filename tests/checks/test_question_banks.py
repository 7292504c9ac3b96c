"""The questions as GIFT and as Moodle XML: what another program reads from the files is what the lessons say."""

import json
import subprocess
from base64 import b64decode
from datetime import UTC, datetime
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.peers import FOLDER, NODE

from ruangaman.adapters import lesson_files
from ruangaman.core.learning.model import Course, Form, Item, Option, Plain, Told
from ruangaman.rooms.learning.packs import banks, gift, moodle

NOW = datetime(2026, 11, 30, tzinfo=UTC)
COURSE = lesson_files.course(lesson_files.folder())
EVERY = tuple(one.id for one in COURSE.scheme.objectives)


class Words(HTMLParser):
    """The texts of a piece of HTML, a block a line: what a reader would see, taken apart by somebody else's parser."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        if tag in ("p", "li"):
            self.lines.append("")

    def handle_data(self, data):
        if self.lines:
            self.lines[-1] += data
        else:
            self.lines.append(data)


def seen(html: str) -> list[str]:
    return [" ".join(line.split()) for line in Words(html).lines if line.strip()]


def meant(text: str) -> list[str]:
    """The source's own paragraphs and points, without any HTML."""
    found = []
    for block in text.replace("\r\n", "\n").replace("\r", "\n").split("\n\n"):
        lines = [line for line in block.split("\n") if line.strip()]
        if lines and all(line.startswith("- ") for line in lines):
            found += [line[2:] for line in lines]
        else:
            found.append(" ".join(lines))
    return [" ".join(one.split()) for one in found if one.strip()]


def told(item: Item, language: str) -> dict:
    say = lambda text: text.en if language == "en" else text.id  # noqa: E731
    line = lambda text: [" ".join(say(text).split())]  # noqa: E731
    return {
        "id": item.id,
        "asked": [*(meant(say(item.shown)) if item.shown else []), *line(item.stem)],
        "options": [(one.right, line(one.text), meant(say(one.feedback))) for one in item.options],
    }


def read_gift(files: list[bytes]) -> list[list[dict]]:
    done = subprocess.run(
        [NODE, FOLDER / "gift.mjs"],
        input=json.dumps([one.decode() for one in files]),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def of_gift(question: dict) -> dict:
    assert question["type"] == "MC"
    assert question["stem"]["format"] == "html"
    assert question["title"] == question["id"]
    assert all(one["weight"] is None for one in question["choices"])
    return {
        "id": question["id"],
        "asked": seen(question["stem"]["text"]),
        "options": [
            (one["isCorrect"], seen(one["text"]["text"]), seen(one["feedback"]["text"]))
            for one in question["choices"]
        ],
    }


def items(course: Course, language: str) -> list[dict]:
    return [told(item, language) for shelf in banks.shelves(course, EVERY, language) for item in shelf.items]


def test_gift_pegjs_reads_every_item_of_every_lesson_as_it_is_written():
    files = {language: gift.make(COURSE, EVERY, language, NOW) for language in ("id", "en")}
    for language, found in zip(files, read_gift(list(files.values())), strict=True):
        assert not files[language].startswith(b"\xef\xbb\xbf")
        questions = [one for one in found if one["type"] != "Category"]
        assert [of_gift(one) for one in questions] == items(COURSE, language)
        places = [one["title"] for one in found if one["type"] == "Category"]
        assert places == [
            "$course$/" + "/".join(shelf.place) for shelf in banks.shelves(COURSE, EVERY, language)
        ]
        tags = {one["id"]: one["tags"] for one in questions}
        assert tags["b3-2-l2"] == ["B3-2", "M04", "M25", "safe"]
    assert len(items(COURSE, "id")) == sum(len(one.practice) for one in COURSE.lessons.values()) + sum(
        len(one.items) for one in COURSE.forms.values()
    )


WICKED = st.text(
    st.sampled_from("ab ~=#{}:\\%[]/<>&;\n\r-T|$0é—\u2028")
    | st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]),
    min_size=1,
    max_size=24,
).filter(lambda text: bool(text.strip()))
BEGINS = st.sampled_from(
    [
        "",
        "%50%",
        "[html]",
        "[plain]",
        "####",
        "//",
        "::a::",
        "a -> b",
        "\\n",
        "TRUE",
        "]]>",
        "&&058;",
        "- a\n- b\n\n",
    ]
)
TEXT = st.builds(lambda first, rest: first + rest, BEGINS, WICKED)
ITEM = st.builds(
    lambda texts, stem, shown, right: Item(
        "b3-2-a1",
        Plain(stem, stem),
        tuple(
            Option(f"o{n}", Plain(text, text), Told(said, said), right=n == right)
            for n, (text, said) in enumerate(texts)
        ),
        shown=Told(shown, shown),
        hints=(Plain(stem, stem),),
    ),
    st.lists(st.tuples(TEXT, TEXT), min_size=3, max_size=3),
    TEXT,
    TEXT,
    st.integers(0, 2),
)


def holding(*one: Item) -> Course:
    forms = {("B3-2", "A"): Form("B3-2", "A", 1, one)}
    return Course(COURSE.scheme, {"B3-2": COURSE.lessons["B3-2"]}, forms, frozenset())


@settings(max_examples=6, deadline=None)
@given(st.lists(ITEM, min_size=12, max_size=12))
def test_no_sign_in_a_text_means_anything_to_gift(found):
    """Twelve files at a time: node takes longer to start than to read."""
    files = [gift.make(holding(one), ("B3-2",), "id", NOW) for one in found]
    for item, questions in zip(found, read_gift(files), strict=True):
        last = questions[-1]
        expected = told(item, "id")
        assert of_gift(last) == expected


def of_moodle(question: ElementTree.Element) -> dict:
    text = lambda node: node.findtext("text") or ""  # noqa: E731
    answers = question.findall("answer")
    assert sorted(one.get("fraction") for one in answers) == ["0"] * (len(answers) - 1) + ["100"]
    assert {one.get("format") for one in (*answers, question.find("questiontext"))} == {"html"}
    assert question.findtext("single") == "true"
    return {
        "id": question.findtext("idnumber"),
        "asked": seen(text(question.find("questiontext"))),
        "options": [
            (one.get("fraction") == "100", seen(text(one)), seen(text(one.find("feedback"))))
            for one in answers
        ],
    }


@pytest.mark.parametrize("language", ["id", "en"])
def test_moodle_xml_holds_every_item_with_hints_and_pictures(language):
    made = moodle.make(COURSE, EVERY, language, NOW)
    quiz = ElementTree.fromstring(made)
    questions = quiz.findall("question[@type='multichoice']")
    assert [of_moodle(one) for one in questions] == items(COURSE, language)
    source = {item.id: item for shelf in banks.shelves(COURSE, EVERY, language) for item in shelf.items}
    for one in questions:
        item = source[one.findtext("idnumber")]
        hints = [seen(hint.findtext("text")) for hint in one.findall("hint")]
        assert hints == [meant(hint.en if language == "en" else hint.id) for hint in item.hints]
        drawn = [one.get("name") for one in one.iter("file")]
        wanted = [item.picture, *(option.picture for option in item.options)]
        assert drawn == [f"{name}.svg" for name in wanted if name]
        for file in one.iter("file"):
            assert (
                b64decode(file.text) == (lesson_files.folder() / "pictures" / file.get("name")).read_bytes()
            )
            assert f"@@PLUGINFILE@@/{file.get('name')}" in made.decode()
    assert any(one.iter("file") for one in questions)
    assert len(quiz.findall("question[@type='category']")) == len(
        list(banks.shelves(COURSE, EVERY, language))
    )


@settings(max_examples=150, deadline=None)
@given(ITEM)
def test_no_sign_in_a_text_means_anything_to_moodle(item):
    quiz = ElementTree.fromstring(moodle.make(holding(item), ("B3-2",), "en", NOW))
    assert of_moodle(quiz.findall("question")[-1]) == told(item, "en")


def test_the_same_lessons_give_the_same_bytes():
    for kind in (gift, moodle):
        assert kind.make(COURSE, ("B2-3",), "id", NOW) == kind.make(
            COURSE, ("B2-3",), "id", NOW.replace(year=2027)
        )
