"""Manifests of packages: the form that SCORM demands, and every file of the zip in its place, no more and no less."""

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from ruangaman.rooms.learning import courses
from ruangaman.rooms.learning.packs import kinds
from ruangaman.rooms.learning.tests.test_packs import unzipped

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
WHOLE = courses.course()
AUDIENCES = [one.id for one in WHOLE.scheme.audiences]
CHILDREN = {one.id for one in WHOLE.scheme.audiences if one.first is not None}
NAMES = {
    "scorm12": {
        "ims": "http://www.imsproject.org/xsd/imscp_rootv1p1p2",
        "adlcp": "http://www.adlnet.org/xsd/adlcp_rootv1p2",
        "imsss": "none",
    },
    "scorm2004": {
        "ims": "http://www.imsglobal.org/xsd/imscp_v1p1",
        "adlcp": "http://www.adlnet.org/xsd/adlcp_v1p3",
        "imsss": "http://www.imsglobal.org/xsd/imsss",
    },
}
ORDER = {"scorm12": ["title", "masteryscore"], "scorm2004": ["title", "sequencing"]}
ABOUT = {"scorm12": ("ADL SCORM", "1.2"), "scorm2004": ("ADL SCORM", "2004 4th Edition")}


def short(tag: str) -> str:
    return tag.rpartition("}")[2]


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("kind", ["scorm12", "scorm2004"])
def test_a_manifest_has_its_form_and_lists_each_file(kind, audience, language):
    files = unzipped(kinds.KINDS[kind].make(WHOLE, kinds.lessons_of(WHOLE, audience), language, NOW))
    names = NAMES[kind]
    root = ElementTree.fromstring(files["imsmanifest.xml"])
    assert root.tag == f"{{{names['ims']}}}manifest"
    assert [short(one.tag) for one in root] == ["metadata", "organizations", "resources"]
    about = root.find("ims:metadata", names)
    assert (about.findtext("ims:schema", "", names), about.findtext("ims:schemaversion", "", names)) == ABOUT[
        kind
    ]

    organizations = root.find("ims:organizations", names)
    (organization,) = organizations.findall("ims:organization", names)
    assert organizations.get("default") == organization.get("identifier")
    items = organization.findall("ims:item", names)
    resources = {one.get("identifier"): one for one in root.iterfind(".//ims:resource", names)}
    assert [one.get("identifierref") for one in items] == list(resources)
    identifiers = [one.get("identifier") for one in root.iter() if one.get("identifier")]
    assert len(identifiers) == len(set(identifiers))

    listed = []
    for item, objective in zip(items, kinds.lessons_of(WHOLE, audience), strict=True):
        lesson = WHOLE.lessons[objective]
        assert item.findtext("ims:title", "", names) == getattr(lesson.title, language)
        inside = [short(one.tag) for one in item]
        assert inside == [one for one in ORDER[kind] if one in inside]
        mastery = item.findtext("adlcp:masteryscore", None, names)
        if kind == "scorm2004":
            mastery = item.findtext(".//imsss:minNormalizedMeasure", None, names)
        assert mastery == (None if audience in CHILDREN else "80" if kind == "scorm12" else "0.8")
        resource = resources[item.get("identifierref")]
        written = "scormtype" if kind == "scorm12" else "scormType"
        assert resource.get(f"{{{names['adlcp']}}}{written}") == "sco"
        assert resource.get("type") == "webcontent"
        paths = [one.get("href") for one in resource.findall("ims:file", names)]
        assert paths[0] == resource.get("href") == f"{objective}/index.html"
        listed += paths
    assert sorted(listed) == sorted(path for path in files if path != "imsmanifest.xml")


def test_what_is_kept_of_the_longest_lesson_fits_into_4096_letters():
    """Five numbers of at most nine digits, three letters an item, the strokes between."""
    for objective, lesson in WHOLE.lessons.items():
        form = WHOLE.forms.get((objective, "B"))
        items = len(lesson.practice) + (len(form.items) if form else 0)
        assert 5 * 10 + 3 * items + 3 < 4096
        assert all(len(item.options) <= 26 for item in lesson.practice)


COURSE = {"c": "https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd"}


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_course_of_cmi5_has_its_form_and_begins_at_files_that_are_there(audience, settings):
    files = unzipped(kinds.KINDS["cmi5"].make(WHOLE, kinds.lessons_of(WHOLE, audience), "id", NOW))
    root = ElementTree.fromstring(files["cmi5.xml"])
    assert root.tag == f"{{{COURSE['c']}}}courseStructure"
    course, *units = root
    assert [short(one.tag) for one in course] == ["title", "description"]
    assert [short(one.tag) for one in units] == ["au"] * len(kinds.lessons_of(WHOLE, audience))
    ids = [one.get("id") for one in (course, *units)]
    assert len(ids) == len(set(ids))
    assert all(one.startswith(f"{settings.BASE_URL}/pelajaran/") for one in ids)
    for unit, objective in zip(units, kinds.lessons_of(WHOLE, audience), strict=True):
        assert [short(one.tag) for one in unit] == ["title", "description", "url"]
        told = {one.get("lang"): one.text for one in unit.iterfind("c:title/c:langstring", COURSE)}
        assert told == {"id": WHOLE.lessons[objective].title.id, "en": WHOLE.lessons[objective].title.en}
        adult = audience not in CHILDREN
        assert unit.get("moveOn") == ("CompletedAndPassed" if adult else "Completed")
        assert unit.get("masteryScore") == ("0.8" if adult else None)
        assert unit.get("launchMethod") == "AnyWindow"
        page = files[unit.findtext("c:url", "", COURSE)].decode()
        assert f'data-iri="{unit.get("id")}"' in page
