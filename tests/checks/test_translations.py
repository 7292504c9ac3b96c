"""Every sentence exists in Indonesian (in the code) and in English (in the catalogue of its room), and no more."""

import re
import string

import polib
import pytest
from tests.architecture.source import PACKAGE, ROOT
from tests.checks.sentences import sentences

FOUND = sentences()
CATALOGUES = {
    str(path.parents[3].relative_to(PACKAGE)): polib.pofile(str(path))
    for path in PACKAGE.rglob("locale/en/LC_MESSAGES/django.po")
}
PLACES = re.compile(r"%\(\w+\)[sd]|%[sd]")


def places(sentence: str) -> list[str]:
    """What is filled in, in no order."""
    try:
        braces = [name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None]
    except ValueError:  # a brace that is only a brace
        braces = []
    return sorted(PLACES.findall(sentence) + braces)


def english(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_the_search_finds_sentences_in_code_and_in_templates():
    assert FOUND["site"]["Halaman ini tidak ada."].endswith("404.html")
    assert any(where.endswith(".py") for told in FOUND.values() for where in told.values())


@pytest.mark.parametrize("part", sorted(FOUND))
def test_every_sentence_has_its_english(part):
    assert part in CATALOGUES, f"{part} has no locale/en/LC_MESSAGES/django.po"
    said = {entry.msgid for entry in CATALOGUES[part] if not entry.obsolete and all(english(entry))}
    said |= {entry.msgid_plural for entry in CATALOGUES[part] if entry.msgid_plural}
    assert {sentence: where for sentence, where in FOUND[part].items() if sentence not in said} == {}


@pytest.mark.parametrize("part", sorted(CATALOGUES))
def test_no_english_is_doubtful_left_over_or_fills_in_something_else(part):
    catalogue = CATALOGUES[part]
    assert [entry.msgid for entry in catalogue.fuzzy_entries() + catalogue.obsolete_entries()] == []
    used = FOUND.get(part, {})
    assert [entry.msgid for entry in catalogue if entry.msgid not in used] == []
    assert [
        entry.msgid for entry in catalogue for text in english(entry) if places(text) != places(entry.msgid)
    ] == []


@pytest.mark.parametrize("part", sorted(CATALOGUES))
def test_no_sentence_stands_twice(part):
    told = [entry.msgid for entry in CATALOGUES[part]]
    assert sorted({one for one in told if told.count(one) > 1}) == []


def test_one_indonesian_sentence_has_one_english_one_in_the_whole_house():
    """Django joins all catalogues: of two different translations the reader would see either."""
    seen: dict[str, set[str]] = {}
    for catalogue in CATALOGUES.values():
        for entry in catalogue:
            seen.setdefault(entry.msgid, set()).update(english(entry)[:1])
    assert {sentence: texts for sentence, texts in seen.items() if len(texts) > 1} == {}


def test_compiled_catalogues_are_made_by_a_command_and_not_kept():
    assert "*.mo" in (ROOT / ".gitignore").read_text().splitlines()
