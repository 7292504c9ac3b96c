"""QTI 3 packages: names, order and references of the standard, and scores by a second, plain reading of the rules."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from ruangaman.core.learning.model import Item
from ruangaman.rooms.learning import courses
from ruangaman.rooms.learning.errors import NoQuestions
from ruangaman.rooms.learning.packs import qti3

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
COURSE = courses.course()
EVERY = tuple(COURSE.lessons)
ITEM, PACKAGE = f"{{{qti3.ASSESSMENT}}}", f"{{{qti3.PACKAGE}}}"
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"

# In which order elements stand, after the schema of 1EdTech (imsqti_asiv3p0_v1p0, imsqtiv3p0_imscpv1p2_v1p0).
ORDER = {
    "qti-assessment-item": (
        *("qti-context-declaration", "qti-response-declaration", "qti-outcome-declaration"),
        *("qti-template-declaration", "qti-template-processing", "qti-assessment-stimulus-ref"),
        *("qti-companion-materials-info", "qti-stylesheet", "qti-item-body", "qti-catalog-info"),
        *("qti-response-processing", "qti-modal-feedback"),
    ),
    "qti-assessment-test": (
        *("qti-context-declaration", "qti-outcome-declaration", "qti-time-limits", "qti-stylesheet"),
        *("qti-rubric-block", "qti-test-part", "qti-outcome-processing", "qti-test-feedback"),
    ),
    "qti-test-part": (
        *("qti-pre-condition", "qti-branch-rule", "qti-item-session-control", "qti-time-limits"),
        *("qti-rubric-block", "qti-assessment-section", "qti-test-feedback"),
    ),
    "qti-assessment-section": (
        *("qti-pre-condition", "qti-branch-rule", "qti-item-session-control", "qti-time-limits"),
        *("qti-selection", "qti-ordering", "qti-rubric-block", "qti-assessment-item-ref"),
    ),
    "qti-choice-interaction": ("qti-prompt", "qti-simple-choice"),
    "qti-response-condition": ("qti-response-if", "qti-response-else-if", "qti-response-else"),
    "manifest": ("metadata", "organizations", "resources"),
    "metadata": ("schema", "schemaversion"),
    "resource": ("metadata", "file", "dependency"),
}
# Which attributes each of ours must have.
NEEDED = {
    "qti-assessment-item": {"identifier", "title", "adaptive", "time-dependent", LANGUAGE},
    "qti-response-declaration": {"identifier", "cardinality", "base-type"},
    "qti-outcome-declaration": {"identifier", "cardinality", "base-type"},
    "qti-choice-interaction": {"response-identifier", "max-choices", "shuffle"},
    "qti-simple-choice": {"identifier"},
    "qti-modal-feedback": {"outcome-identifier", "identifier", "show-hide"},
    "qti-assessment-test": {"identifier", "title"},
    "qti-test-part": {"identifier", "navigation-mode", "submission-mode"},
    "qti-assessment-section": {"identifier", "title", "visible"},
    "qti-assessment-item-ref": {"identifier", "href"},
    "qti-base-value": {"base-type"},
    "resource": {"identifier", "type", "href"},
}


def unzipped(objectives: tuple[str, ...], language: str) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(qti3.make(COURSE, objectives, language, NOW))) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def out_of_order(element: ElementTree.Element) -> Iterator[str]:
    """Where children stand in no order that the schema allows, or an attribute is missing."""
    order = ORDER.get(local(element))
    if order:
        places = [order.index(local(one)) if local(one) in order else -1 for one in element]
        if -1 in places or places != sorted(places):
            yield f"{local(element)}: {[local(one) for one in element]}"
    if missing := NEEDED.get(local(element), set()) - element.attrib.keys():
        yield f"{local(element)} without {missing}"
    for child in element:
        yield from out_of_order(child)


def scored(read: ElementTree.Element, response: str | None) -> tuple[str | None, str | None]:
    """SCORE and FEEDBACK as response processing gives them: a slow reading of the rules that we use."""
    values: dict[str, str | None] = {"RESPONSE": response}
    for one in read.iter(f"{ITEM}qti-outcome-declaration"):
        values[one.attrib["identifier"]] = one.findtext(f"{ITEM}qti-default-value/{ITEM}qti-value")
    right = read.findtext(f"{ITEM}qti-response-declaration/{ITEM}qti-correct-response/{ITEM}qti-value")

    def value(one: ElementTree.Element) -> str | None:
        kind = local(one)
        if kind == "qti-base-value":
            return one.text
        if kind == "qti-variable":
            return values[one.attrib["identifier"]]
        if kind == "qti-correct":
            return right
        raise AssertionError(kind)

    def run(rules: ElementTree.Element) -> None:
        for rule in rules:
            if local(rule) == "qti-set-outcome-value":
                values[rule.attrib["identifier"]] = value(rule[0])
            elif local(rule) == "qti-response-condition":
                first, other = rule
                match = first[0]
                assert local(match) == "qti-match"
                left, wanted = map(value, match)
                holds = left is not None and left == wanted  # nothing matches an answer that was not given
                branch = list(first)[1:] if holds else list(other)
                for one in branch:
                    values[one.attrib["identifier"]] = value(one[0])
            else:
                raise AssertionError(local(rule))

    run(read.find(f"{ITEM}qti-response-processing"))
    return values["SCORE"], values["FEEDBACK"]


def every_item() -> dict[str, Item]:
    return {item.id: item for one in qti3.sittings(COURSE, EVERY) for item in one.items}


@pytest.mark.parametrize("language", ["id", "en"])
def test_all_lessons_as_one_package_hold_the_standards_names_order_and_references(language):
    files = unzipped(EVERY, language)
    manifest = ElementTree.fromstring(files["imsmanifest.xml"])
    assert manifest.tag == f"{PACKAGE}manifest"
    assert manifest.findtext(f"{PACKAGE}metadata/{PACKAGE}schema") == "QTI Package"
    assert manifest.findtext(f"{PACKAGE}metadata/{PACKAGE}schemaversion") == "3.0.0"
    resources = list(manifest.iter(f"{PACKAGE}resource"))
    named = [one.attrib["identifier"] for one in resources]
    assert len(named) == len(set(named))
    assert all(NAME.fullmatch(one) for one in named)
    held = [one.attrib["href"] for one in manifest.iter(f"{PACKAGE}file")]
    assert {*held, "imsmanifest.xml"} == files.keys()
    assert {
        one.attrib["identifierref"] for one in manifest.iter(f"{PACKAGE}dependency")
    } == every_item().keys()
    wrong = [f"manifest: {one}" for one in out_of_order(manifest)]
    for one in resources:
        path = one.attrib["href"]
        read = ElementTree.fromstring(files[path])
        wrong += [f"{path}: {told}" for told in out_of_order(read)]
        kind = {qti3.ITEM_TYPE: "qti-assessment-item", qti3.TEST_TYPE: "qti-assessment-test"}[
            one.attrib["type"]
        ]
        assert (read.tag, read.attrib["identifier"]) == (f"{ITEM}{kind}", one.attrib["identifier"])
    assert wrong == []


@pytest.mark.parametrize("language", ["id", "en"])
def test_each_item_gives_a_point_for_the_right_answer_alone_and_names_the_feedback_of_what_was_chosen(
    language,
):
    for item in every_item().values():
        read = ElementTree.fromstring(qti3.written(qti3.assessment_item(item, language)))
        choices = [one.attrib["identifier"] for one in read.iter(f"{ITEM}qti-simple-choice")]
        assert choices == [qti3.identifier(one.id) for one in item.options]
        assert all(NAME.fullmatch(one) for one in choices)
        assert len(set(choices)) == len(choices)
        assert [one.attrib["identifier"] for one in read.iter(f"{ITEM}qti-modal-feedback")] == choices
        for option, name in zip(item.options, choices, strict=True):
            assert scored(read, name) == ("1" if option.right else "0", name)
        assert scored(read, None) == ("0", None)


def test_forms_keep_feedback_back_and_are_answered_once_and_practice_is_not():
    for one in qti3.sittings(COURSE, EVERY):
        (control,) = qti3.test(one, "judul", "id").iter("qti-item-session-control")
        told = (control.get("max-attempts"), control.get("show-feedback"))
        assert told == (("0", "true") if one.kind == "practice" else ("1", "false"))


def test_drawings_that_an_item_shows_come_along_and_stand_in_the_manifest():
    item = next(one for one in COURSE.lessons["B1-1"].practice if one.options[0].picture)
    names = {option.picture for option in item.options}
    drawings = {name: f"<svg>{name}</svg>".encode() for name in (*names, "of-another-item")}
    files = qti3.package_files([qti3.Sitting("B1-1", "practice", (item,))], {}, "id", drawings)
    manifest = ElementTree.fromstring(files["imsmanifest.xml"])
    (resource,) = [one for one in manifest.iter(f"{PACKAGE}resource") if one.get("type") == qti3.ITEM_TYPE]
    path = f"items/{item.id}.xml"
    held = {one.attrib["href"] for one in resource.iter(f"{PACKAGE}file")}
    assert held == {path, *(f"pictures/{name}.svg" for name in names)}
    assert held <= files.keys()
    assert set(re.findall(r'src="\.\./(pictures/[^"]+)"', files[path].decode())) == held - {path}
    bare = qti3.package_files([qti3.Sitting("B1-1", "practice", (item,))], {}, "id", {})
    assert b"<img" not in bare[path]


def test_of_the_youngest_nothing_is_asked_and_the_command_says_so():
    youngest = tuple(one for one in EVERY if one.startswith("B1-"))
    assert youngest
    assert qti3.sittings(COURSE, youngest) == []
    with pytest.raises(NoQuestions):
        qti3.make(COURSE, youngest, "id", NOW)


def test_a_name_that_begins_with_a_digit_is_none_in_xml_and_stays_apart_from_others():
    assert qti3.identifier("3-kata") == "_3-kata"
    assert qti3.identifier("kata-3") == "kata-3"


def test_the_same_lessons_are_the_same_package_on_any_day():
    assert qti3.make(COURSE, ("B3-2",), "id", NOW) == qti3.make(
        COURSE, ("B3-2",), "id", NOW.replace(year=2030)
    )


def test_the_page_of_files_leaves_out_questions_where_there_are_none(client, settings, tmp_path):
    settings.LESSON_KEY_FILE = str(tmp_path / "lessons.key")
    told = client.get("/pelajaran/berkas/?untuk=B1")
    assert told.status_code == 200
    assert "/kolibri/B1.id.zip" in told.content.decode()
    assert "/qti3/" not in told.content.decode()
    assert client.get("/pelajaran/berkas/qti3/B1.id.zip").status_code == 404
    assert "/qti3/B2.id.zip" in client.get("/pelajaran/berkas/?untuk=B2").content.decode()
