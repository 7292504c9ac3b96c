"""The Kolibri channel: ids that stay, versions that grow, a tree and files as an import expects them."""

import hashlib
import io
import json
import re
import sqlite3
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from ruangaman.adapters import kolibri_files
from ruangaman.core.learning.model import Course, Plain
from ruangaman.rooms.learning import courses
from ruangaman.rooms.learning.packs import kinds, kolibri, perseus, qti3

NOW = datetime(2026, 11, 30, 9, 15, 30, 250000, tzinfo=UTC)
COURSE = courses.course()
EVERY = tuple(one.id for one in COURSE.scheme.objectives)
FEW = ("B1-1", "B3-2", "PAR-2")


def folder(objectives=FEW, language="id", *, course=COURSE, version=7, now=NOW, **more) -> dict[str, bytes]:
    return kolibri.folder(course, objectives, language, now=now, version=version, **more)


def rows(files: dict[str, bytes], table: str) -> list[dict[str, Any]]:
    (database,) = [content for path, content in files.items() if path.endswith(".sqlite3")]
    opened = sqlite3.connect(":memory:")
    opened.row_factory = sqlite3.Row
    opened.deserialize(database)
    found = [dict(one) for one in opened.execute(f"SELECT * FROM {table}")]
    opened.close()
    return found


def nodes(files: dict[str, bytes]) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in rows(files, "content_contentnode")}


def unzipped(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def renamed(course: Course, objective: str) -> Course:
    """The same course, one lesson of it with another title."""
    lesson = msgspec.structs.replace(
        course.lessons[objective], title=Plain(id="Judul lain", en="Another title"), version=2
    )
    return msgspec.structs.replace(course, lessons={**course.lessons, objective: lesson})


def test_the_tree_is_numbered_as_a_walk_around_it_would():
    found = nodes(folder(EVERY))
    numbers: dict[str, tuple[int, int]] = {}

    def walk(name: str, count: int) -> int:
        begin = count
        below = sorted(
            (one for one in found.values() if one["parent_id"] == name), key=lambda one: one["sort_order"]
        )
        for one in below:
            assert one["level"] == found[name]["level"] + 1
            count = walk(one["id"], count + 1)
        numbers[name] = (begin, count + 1)
        return count + 1

    (root,) = [one["id"] for one in found.values() if one["parent_id"] is None]
    walk(root, 1)
    assert numbers == {name: (one["lft"], one["rght"]) for name, one in found.items()}
    assert {one["tree_id"] for one in found.values()} == {1}


def test_topics_are_audiences_then_objectives_with_a_lesson_and_an_exercise():
    files = folder(EVERY)
    found = nodes(files)
    top = [one for one in found.values() if one["level"] == 1]
    assert [one["title"] for one in sorted(top, key=lambda one: one["lft"])] == [
        one.name.id for one in COURSE.scheme.audiences
    ]
    for one in (one for one in found.values() if one["level"] == 2):
        kinds_below = [other["kind"] for other in found.values() if other["parent_id"] == one["id"]]
        youngest = found[one["parent_id"]]["title"] == COURSE.scheme.audiences[0].name.id
        assert kinds_below == (["html5"] if youngest else ["html5", "exercise"]), one["title"]


def test_of_the_youngest_nothing_is_counted_though_a_lesson_practises():
    lesson = COURSE.lessons["B1-1"]
    screens = tuple(
        msgspec.structs.replace(one, kind="practise") if one.items else one for one in lesson.screens
    )
    changed = msgspec.structs.replace(lesson, screens=screens)
    course = msgspec.structs.replace(COURSE, lessons={**COURSE.lessons, "B1-1": changed})
    assert qti3.practice(course, "B1-1")
    assert {one["kind"] for one in nodes(folder(("B1-1",), course=course)).values()} == {"topic", "html5"}


def test_every_file_lies_where_its_digest_says_and_is_named_once():
    files = folder(EVERY)
    stored = {path: content for path, content in files.items() if "/storage/" in path}
    for path, content in stored.items():
        name = hashlib.md5(content).hexdigest()
        assert re.fullmatch(rf"content/storage/{name[0]}/{name[1]}/{name}\.(zip|perseus)", path)
    local = {one["id"]: one for one in rows(files, "content_localfile")}
    assert {path.rpartition("/")[2] for path in stored} == {
        f"{id}.{one['extension']}" for id, one in local.items()
    }
    assert sum(one["file_size"] for one in local.values()) == sum(map(len, stored.values()))
    known = nodes(files)
    leaves = {name for name, one in known.items() if one["kind"] != "topic"}
    named = rows(files, "content_file")
    assert {one["contentnode_id"] for one in named} == leaves
    assert {one["local_file_id"] for one in named} == local.keys()


def test_what_comes_from_us_says_so_and_nothing_poisons_the_server():
    files = folder()
    (channel,) = rows(files, "content_channelmetadata")
    assert channel["last_updated"] == "2026-11-30 09:15:30.250000(UTC)"
    assert (channel["min_schema_version"], channel["version"]) == ("5", 7)
    assert channel["thumbnail"].startswith("data:image/svg+xml;base64,")
    assert [path for path in files if path.endswith(".sqlite3")] == [
        f"content/databases/{channel['id']}.sqlite3"
    ]
    assert channel["root_id"] == channel["id"]
    for one in nodes(files).values():
        assert one["channel_id"] == channel["id"]
        assert one["title"]
        if one["kind"] != "topic":
            assert one["license_name"] == "Special Permissions"
            assert "Apache" in one["license_description"]
            assert one["license_owner"] == one["author"] == "Ruang Aman"


@pytest.mark.parametrize("language", ["id", "en"])
def test_ids_rest_on_names_and_on_nothing_else(language):
    # Written again from docs/adr/0129: whoever changes them makes every learner begin anew.
    namespace = UUID("5d0c5bd6-6b4f-5c2e-9a53-3f0c5a6d8e11")
    channel = uuid5(namespace, f"channel {language} all")
    found = nodes(folder(EVERY, language))
    for objective in COURSE.lessons:
        for name in (objective, f"{objective} lesson"):
            node = found[uuid5(channel, name).hex]
            assert node["content_id"] == uuid5(namespace, f"content {language} {name}").hex


def test_a_new_version_keeps_every_id_though_texts_and_files_change():
    before, after = folder(), folder(course=renamed(COURSE, "B3-2"), version=8, now=NOW + timedelta(days=30))
    ids = [{(one["id"], one["content_id"]) for one in nodes(files).values()} for files in (before, after)]
    assert ids[0] == ids[1]
    assert {path for path in after if "/storage/" in path} - before.keys()
    assert rows(before, "content_assessmentmetadata") == rows(after, "content_assessmentmetadata")


def test_a_part_is_another_channel_in_which_what_was_learned_counts_as_well():
    part, other, whole = folder(("B3-2",)), folder(("B3-1", "B3-2")), folder(EVERY)
    ids = [nodes(files).keys() for files in (part, other, whole)]
    assert not ids[0] & ids[1]
    assert not ids[0] & ids[2]
    learned = [
        {one["content_id"] for one in nodes(files).values() if one["kind"] != "topic"}
        for files in (part, whole)
    ]
    assert learned[0] < learned[1]
    assert kolibri.channel_id(COURSE, (*EVERY, "B9-9"), "id") == kolibri.channel_id(COURSE, EVERY, "id")


def test_a_language_is_a_channel_of_its_own_whose_progress_is_its_own():
    first, second = nodes(folder(EVERY, "id")), nodes(folder(EVERY, "en"))
    assert not first.keys() & second.keys()
    assert not {one["content_id"] for one in first.values()} & {one["content_id"] for one in second.values()}


@pytest.mark.parametrize("questions", ["exercise", "qti"])
def test_exercises_ask_what_lessons_practise_and_never_what_forms_measure(questions):
    files = folder(EVERY, questions=questions)
    named = {one["contentnode_id"]: one for one in rows(files, "content_file")}
    measuring = {item.id for form in COURSE.forms.values() for item in form.items}
    asked: list[str] = []
    for one in rows(files, "content_assessmentmetadata"):
        ids = json.loads(one["assessment_item_ids"])
        assert one["number_of_assessments"] == len(ids) >= 5
        assert json.loads(one["mastery_model"]) == {"type": "m_of_n", "m": 4, "n": 5}
        file = named[one["contentnode_id"]]
        assert file["preset"] == questions
        (path,) = [path for path in files if file["local_file_id"] in path]
        held = unzipped(files[path])
        pattern = "{}.json" if questions == "exercise" else "items/{}.xml"
        assert {pattern.format(id) for id in ids} <= held.keys()
        asked += ids
    assert not measuring & set(asked)
    assert set(asked) == {item.id for one in COURSE.lessons for item in qti3.practice(COURSE, one)}


@pytest.mark.parametrize("language", ["id", "en"])
def test_each_question_has_its_one_right_answer_and_its_hints(language):
    for name in COURSE.lessons:
        for item in qti3.practice(COURSE, name):
            read = perseus.question(item, language)
            widget = read["question"]["widgets"]["radio 1"]
            assert read["question"]["content"].count("[[☃ radio 1]]") == 1
            right = [one["correct"] for one in widget["options"]["choices"]]
            assert right == [one.right for one in item.options]
            assert len(read["hints"]) == len(item.hints)


@given(some.text(max_size=40))
@example("lihat https://toko.example")
def test_nothing_in_a_text_is_taken_for_form(text):
    marked = perseus.plain(text)
    assert re.sub(r"\\([^0-9A-Za-z\s])", r"\1", marked) == text
    assert not re.search(r"(?<!\\)://", marked)
    assert not re.search(r"(?<!\\)(?:\\\\)*[*_`$\[\]{}<>|~#^]", marked)


def test_a_drawing_comes_along_in_the_exercise_that_shows_it():
    item = next(one for one in COURSE.lessons["B1-1"].practice if one.options[0].picture)
    name = item.options[0].picture
    held = unzipped(perseus.exercise([item], "id", {name: b"<svg/>", "another": b"<svg/>"}))
    assert held.keys() == {"exercise.json", f"{item.id}.json", f"images/{name}.svg"}
    assert f"${{☣ LOCALPATH}}/images/{name}.svg" in held[f"{item.id}.json"].decode()


@given(
    some.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2200, 1, 1)), some.integers(1, 10**6)
)
def test_versions_by_the_clock_grow_and_fit_into_four_bytes(moment, minutes):
    moment = moment.replace(tzinfo=UTC)
    later = kolibri.version_at(moment + timedelta(minutes=minutes))
    assert 0 <= kolibri.version_at(moment) < later < 2**31


def test_the_same_lessons_at_the_same_time_are_the_same_bytes():
    assert folder() == folder()
    packed = unzipped(kinds.KINDS["kolibri"].make(COURSE, FEW, "id", NOW))
    own = folder(version=kolibri.version_at(NOW))
    assert packed == {f"KOLIBRI_DATA/{path}": content for path, content in own.items()}


def test_the_version_is_read_from_a_database_and_from_nothing_else():
    (database,) = [content for path, content in folder().items() if path.endswith(".sqlite3")]
    assert kolibri_files.version_in(database) == 7
    empty = sqlite3.connect(":memory:")
    empty.execute("CREATE TABLE content_channelmetadata (version)")
    none, _ = empty.serialize(), empty.execute("INSERT INTO content_channelmetadata VALUES ('seven')")
    empty.commit()
    words = empty.serialize()
    empty.close()
    for broken in (b"", b"not a database" * 100, database[:4096], none, words):
        with pytest.raises(sqlite3.Error):
            kolibri_files.version_in(broken)
