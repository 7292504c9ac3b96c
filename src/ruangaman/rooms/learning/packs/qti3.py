"""
Questions as a QTI 3.0 package: practice and both forms of an objective, each a test over its items.

Names, namespaces and the order of elements follow 1EdTech's QTI 3.0 (ASI binding and packaging, final of May 2022).
Feedback hangs on the chosen answer; it is shown in practice and kept back in a form, which measures. Hints are left
out: QTI has no element for them that readers agree on.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from xml.etree import ElementTree

from ruangaman.core.learning import passages
from ruangaman.core.learning.model import Course, Item, Plain, Told
from ruangaman.rooms.learning.errors import NoQuestions
from ruangaman.rooms.learning.packs import pictures
from ruangaman.rooms.learning.packs.zipped import zipped

Element = ElementTree.Element

ASSESSMENT: Final = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
PACKAGE: Final = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"
_INSTANCE: Final = "http://www.w3.org/2001/XMLSchema-instance"
_SCHEMAS: Final = "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd"
_ASSESSMENT_AT: Final = f"{ASSESSMENT} {_SCHEMAS}/imsqti_asiv3p0_v1p0.xsd"
_PACKAGE_AT: Final = f"{PACKAGE} {_SCHEMAS}/imsqtiv3p0_imscpv1p2_v1p0.xsd"
ITEM_TYPE: Final = "imsqti_item_xmlv3p0"
TEST_TYPE: Final = "imsqti_test_xmlv3p0"


@dataclass(frozen=True, slots=True)
class Sitting:
    """Items that are answered in one go. `kind`: whether it practises, or is a form that measures."""

    objective: str
    kind: Literal["practice", "form-a", "form-b"]
    items: tuple[Item, ...]

    @property
    def name(self) -> str:
        """Its identifier in the package; an XML name."""
        return f"test-{self.objective.lower()}-{self.kind}"


def make(course: Course, objectives: tuple[str, ...], language: str, now: datetime) -> bytes:  # noqa: ARG001
    """The package of some objectives, a zip; the same whenever it is made. Raises NoQuestions."""
    found = sittings(course, objectives)
    if not found:
        raise NoQuestions
    wanted = {name for one in found for item in one.items for name in pictured(item)} & course.pictures
    drawn = {name: pictures.read(name) for name in sorted(wanted)}
    return zipped(package_files(found, titles(course, objectives, language), language, drawn))


def sittings(course: Course, objectives: tuple[str, ...]) -> list[Sitting]:
    """What is answered in one go: practice, then the forms; the youngest have no forms."""
    found = []
    for objective in objectives:
        if practised := practice(course, objective):
            found.append(Sitting(objective, "practice", practised))
        for letter, kind in (("A", "form-a"), ("B", "form-b")):
            if form := course.forms.get((objective, letter)):
                found.append(Sitting(objective, kind, form.items))  # type: ignore[arg-type]
    return found


def practice(course: Course, objective: str) -> tuple[Item, ...]:
    """What a lesson practises, what is tried before anything was told left out."""
    lesson = course.lessons.get(objective)
    if lesson is None:
        return ()
    return tuple(item for screen in lesson.screens if screen.kind == "practise" for item in screen.items)


def titles(course: Course, objectives: tuple[str, ...], language: str) -> dict[str, str]:
    """Of each objective that has a lesson, the lesson's title."""
    return {one: course.lessons[one].title.said(language) for one in objectives if one in course.lessons}


_KIND_SAID: Final = {
    "practice": Plain(id="latihan", en="practice"),
    "form-a": Plain(id="bentuk A", en="form A"),
    "form-b": Plain(id="bentuk B", en="form B"),
}


def package_files(
    found: Iterable[Sitting], titles: Mapping[str, str], language: str, pictures: Mapping[str, bytes]
) -> dict[str, bytes]:
    """The package, by paths in its zip: manifest, a test for each sitting, items, drawings that they show."""
    files: dict[str, bytes] = {}
    resources: list[Element] = []
    found = list(found)
    for one in found:
        path = f"tests/{one.name}.xml"
        title = f"{titles.get(one.objective, one.objective)}: {_KIND_SAID[one.kind].said(language)}"
        files[path] = written(test(one, title, language))
        resources.append(_resource(one.name, TEST_TYPE, path, [], [item.id for item in one.items]))
    for item in (item for one in found for item in one.items):
        path, shown = f"items/{item.id}.xml", sorted(pictured(item) & pictures.keys())
        files[path] = written(assessment_item(item, language, pictures.keys()))
        files |= {f"pictures/{name}.svg": pictures[name] for name in shown}
        resources.append(_resource(item.id, ITEM_TYPE, path, [f"pictures/{name}.svg" for name in shown], []))
    name = "-".join(["ruangaman", *sorted({one.objective.lower() for one in found})])
    return {"imsmanifest.xml": written(_manifest(name, resources))} | files


def pictured(item: Item) -> set[str]:
    """Names of the drawings that an item shows."""
    return {one for one in (item.picture, *(option.picture for option in item.options)) if one}


def identifier(name: str) -> str:
    """An answer's name as an XML name, which no digit may begin; ours never begin with `_`."""
    return f"_{name}" if name[0].isdigit() else name


def assessment_item(item: Item, language: str, drawn: Iterable[str] = ()) -> Element:
    """
    One question with one right answer, as `qti-assessment-item`.

    Args:
        drawn: names of drawings that the package holds; others are left out.
    """
    right = identifier(item.answer)
    root = _element(
        "qti-assessment-item",
        {
            **_roots(ASSESSMENT, _ASSESSMENT_AT),
            "identifier": item.id,
            "title": item.stem.said(language),
            "adaptive": "false",
            "time-dependent": "false",
            "xml:lang": language,
        },
    )
    response = _add(root, "qti-response-declaration", _variable("RESPONSE", "identifier"))
    _add(_add(response, "qti-correct-response"), "qti-value", text=right)
    for name in ("SCORE", "MAXSCORE"):
        outcome = _add(root, "qti-outcome-declaration", _variable(name, "float"))
        value = "1" if name == "MAXSCORE" else "0"
        _add(_add(outcome, "qti-default-value"), "qti-value", text=value)
    _add(root, "qti-outcome-declaration", _variable("FEEDBACK", "identifier"))
    _body(root, item, language, frozenset(drawn))
    _processing(root)
    for option in item.options:
        modal = _add(
            root,
            "qti-modal-feedback",
            {
                "outcome-identifier": "FEEDBACK",
                "identifier": identifier(option.id),
                "show-hide": "show",
            },
        )
        _told(_add(modal, "qti-content-body"), option.feedback, language)
    return root


def test(one: Sitting, title: str, language: str) -> Element:
    """One sitting as `qti-assessment-test`: items in an order of its own for each learner, a point each."""
    measures = one.kind != "practice"
    root = _element(
        "qti-assessment-test",
        {
            **_roots(ASSESSMENT, _ASSESSMENT_AT),
            "identifier": one.name,
            "title": title,
            "xml:lang": language,
        },
    )
    _add(root, "qti-outcome-declaration", _variable("SCORE", "float"))
    part = _add(
        root,
        "qti-test-part",
        {"identifier": "part", "navigation-mode": "nonlinear", "submission-mode": "individual"},
    )
    _add(
        part,
        "qti-item-session-control",
        {
            "max-attempts": "1" if measures else "0",
            "show-feedback": "false" if measures else "true",
            "allow-skipping": "true",
        },
    )
    section = _add(
        part, "qti-assessment-section", {"identifier": "section", "title": title, "visible": "true"}
    )
    _add(section, "qti-ordering", {"shuffle": "true"})
    for item in one.items:
        _add(
            section,
            "qti-assessment-item-ref",
            {"identifier": item.id, "href": f"../items/{item.id}.xml"},
        )
    result = _add(_add(root, "qti-outcome-processing"), "qti-set-outcome-value", {"identifier": "SCORE"})
    _add(_add(result, "qti-sum"), "qti-test-variables", {"variable-identifier": "SCORE"})
    return root


def written(root: Element) -> bytes:
    """An XML file in UTF-8."""
    content: bytes = ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return content


def _body(root: Element, item: Item, language: str, drawn: frozenset[str]) -> None:
    body = _add(root, "qti-item-body")
    if item.picture in drawn:
        _add(_add(body, "p"), "img", {"src": f"../pictures/{item.picture}.svg", "alt": ""})
    if item.shown:
        _told(_add(body, "blockquote"), item.shown, language)
    asked = _add(
        body,
        "qti-choice-interaction",
        {"response-identifier": "RESPONSE", "max-choices": "1", "shuffle": "true"},
    )
    _add(asked, "qti-prompt", text=item.stem.said(language))
    for option in item.options:
        said = option.text.said(language)
        if option.picture not in drawn:
            _add(asked, "qti-simple-choice", {"identifier": identifier(option.id)}, said)
            continue
        choice = _add(asked, "qti-simple-choice", {"identifier": identifier(option.id)})
        _add(choice, "img", {"src": f"../pictures/{option.picture}.svg", "alt": ""}).tail = said


def _processing(root: Element) -> None:
    """A point for the right answer; what was chosen names its feedback. No template does both."""
    rules = _add(root, "qti-response-processing")
    either = _add(rules, "qti-response-condition")
    right = _add(either, "qti-response-if")
    match = _add(right, "qti-match")
    _add(match, "qti-variable", {"identifier": "RESPONSE"})
    _add(match, "qti-correct", {"identifier": "RESPONSE"})
    for branch, value in ((right, "1"), (_add(either, "qti-response-else"), "0")):
        score = _add(branch, "qti-set-outcome-value", {"identifier": "SCORE"})
        _add(score, "qti-base-value", {"base-type": "float"}, value)
    chosen = _add(rules, "qti-set-outcome-value", {"identifier": "FEEDBACK"})
    _add(chosen, "qti-variable", {"identifier": "RESPONSE"})


def _told(parent: Element, told: Told, language: str) -> None:
    for block in passages.blocks(told.said(language)):
        if not isinstance(block, passages.Points):
            _add(parent, "p", text=block)
            continue
        points = _add(parent, "ul")
        for point in block.lines:
            _add(points, "li", text=point)


def _manifest(name: str, resources: list[Element]) -> Element:
    root = _element("manifest", {**_roots(PACKAGE, _PACKAGE_AT), "identifier": name})
    about = _add(root, "metadata")
    _add(about, "schema", text="QTI Package")
    _add(about, "schemaversion", text="3.0.0")
    _add(root, "organizations")
    _add(root, "resources").extend(resources)
    return root


def _resource(name: str, kind: str, path: str, more: list[str], needs: list[str]) -> Element:
    found = _element("resource", {"identifier": name, "type": kind, "href": path})
    for one in (path, *more):
        _add(found, "file", {"href": one})
    for one in needs:
        _add(found, "dependency", {"identifierref": one})
    return found


def _roots(namespace: str, at: str) -> dict[str, str]:
    return {"xmlns": namespace, "xmlns:xsi": _INSTANCE, "xsi:schemaLocation": at}


def _variable(name: str, base: str) -> dict[str, str]:
    return {"identifier": name, "cardinality": "single", "base-type": base}


def _element(tag: str, attributes: Mapping[str, str]) -> Element:
    return ElementTree.Element(tag, dict(attributes))


def _add(
    parent: Element, tag: str, attributes: Mapping[str, str] | None = None, text: str | None = None
) -> Element:
    child = ElementTree.SubElement(parent, tag, dict(attributes or {}))
    child.text = text
    return child
