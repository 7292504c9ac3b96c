"""Law is data: no article and no age of the law stands in code, in a template or in a sentence of a page.

Docstrings and comments may cite their source. The ages that are looked for are read from the pack, so that the search
follows the law.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import polib
import pytest
from tests.architecture.source import PACKAGE, ROOT, files, tree

from ruangaman.adapters import packs
from ruangaman.core.law import years

PACK = packs.load("ID")
RANGES = years.age_ranges(PACK)
TURNS = set(years.turns(PACK, ("account", "feature"), 2026_11_24))
AGES = TURNS | {one.first for one in RANGES} | {one.last for one in RANGES}
CHILDHOOD = max(one.last for one in RANGES[:3])
"""Above it a number of the law is rare enough to be looked at wherever it stands in code."""
BARE = {age for age in TURNS if age > CHILDHOOD}
NAMES = {one.name for one in RANGES} | {f"{years.grown_from(PACK)}+"}

ARTICLE = re.compile(r"\b(?:[Pp]asal|[Aa]rt(?:icles?|s?\.))\s*\d+\w*")
AGE_WORD = re.compile(
    r"(?:^|[^a-z])(?:ages?|years?|umur|usia|tahun|adults?|grown|bands?|born|birth\w*|youngest|oldest|turns?)(?:[^a-z]|$)",
    re.IGNORECASE,
)
ALONE = r"(?<![\w.,:/#-])(\d{1,2})(?![\w%:/-]|[.,]\d)"
UNITS = "menit|jam|hari|huruf|angka|minutes?|hours?|days?|characters?|digits?|seconds?|levels?|MB"
NUMBER_IN_A_SENTENCE = re.compile(ALONE + rf"\+?(?!\s+(?:{UNITS})\b)")
NUMBER_OF_YEARS = re.compile(
    rf"(?:\b(?:umur|usia|berumur|age|aged|under|bawah|sejak|from|mulai|sampai|until)\s+{ALONE}|{ALONE}\s*(?:tahun|years?)\b)",
    re.IGNORECASE,
)
BIRTHDAY = re.compile(r"\A[\w.]+\.year - [\w.]+\.year\Z|\A[\w.]+\.replace\(year=")
TAG = re.compile(r"\{%(?!\s*comment).*?%\}|\{\{.*?\}\}", re.DOTALL)

PAGES = "names of drawn pages; which of them fits is decided by the pack's ranges"
ALLOWED = {
    ("rooms/families/views/anak.py", "6-9"): PAGES,
    ("rooms/families/views/anak.py", "10-12"): PAGES,
    ("rooms/families/views/anak.py", "13-15"): PAGES,
    ("rooms/families/views/anak.py", "16-17"): PAGES,
    ("rooms/families/models/living.py", "Art. 40"): "a column's note of where its number comes from",
    ("rooms/families/codes.py", "16"): "bytes of a hash",
    ("rooms/families/views/doors.py", "16"): "bytes of chance",
    ("rooms/families/views/terima.py", "16"): "bytes of a hash",
    ("rooms/access/bounds.py", "16"): "levels of JSON",
    (
        "examples/platform/app.py",
        "a birthday",
    ): "the years beside a name; what they mean is asked of the house",
    ("site/public/tokens.py", "16"): "the base of hexadecimal digits",
    ("site/templates/public/gallery/tabs.html", "10"): "the age of Sari, an invented child",
    ("site/templates/public/gallery/tabs.html", "17"): "the age of Ayu, an invented child",
    ("rooms/learning/locale/en/LC_MESSAGES/django.po", "3"): "objectives of a campaign, letters of a name",
    ("rooms/learning/locale/en/LC_MESSAGES/django.po", "10"): "people of whom something may be told",
    ("rooms/learning/templates/learning/kampanye/baru.html", "3"): "objectives of a campaign",
    ("rooms/learning/views/campaigns.py", "3"): "objectives of a campaign, letters of a name, years of it",
}


def in_sentence(text: str) -> Iterator[str]:
    """Articles and ages in something that a person reads."""
    yield from (found[0] for found in ARTICLE.finditer(text))
    text = re.sub(r"^\d\. ", "", text)  # a step of several
    yield from (found[1] for found in NUMBER_IN_A_SENTENCE.finditer(text) if int(found[1]) in AGES)


def in_prose(text: str) -> Iterator[str]:
    """The same where other numbers stand too: an age says that it is one."""
    yield from (found[0] for found in ARTICLE.finditer(text))
    for found in NUMBER_OF_YEARS.finditer(text):
        yield from (one for one in found.groups() if one is not None and int(one) in AGES)


def in_template(text: str) -> Iterator[str]:
    """Articles anywhere, ages in the text, and numbers in a tag that speaks of ages."""
    text = re.sub(r"\{%\s*comment.*?endcomment\s*%\}|\{#.*?#\}", "", text, flags=re.DOTALL)
    yield from in_prose(text)
    for tag in TAG.findall(text):
        if AGE_WORD.search(tag) and not re.match(r"\{%\s*(?:block)?trans", tag.replace("translate with", "")):
            yield from (one for one in re.findall(ALONE, tag.replace("=", " ")) if int(one) in AGES)
        yield from (one for one in re.findall(r"""["']([\d+-]+)["']""", tag) if one in NAMES)


def in_code(code: ast.Module) -> Iterator[str]:
    """Articles and ranges in strings, ages in sentences, numbers of the law beside names of ages; birthdays counted
    without the pack's rule for 29 February.
    """
    docs = {
        id(node.body[0].value)
        for node in ast.walk(code)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    docs |= {
        id(one.value) for one in ast.walk(code) if isinstance(one, ast.Expr)
    }  # a sentence below a constant
    yield from _below(code, "", docs)


def _below(node: ast.AST, around: str, docs: set[int]) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        around = node.name
    elif isinstance(node, ast.stmt):
        heads = [child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.stmt)]
        around = f"{around.split(' ')[0]} {' '.join(ast.unparse(head) for head in heads)}"
    if isinstance(node, ast.Constant) and id(node) not in docs:
        yield from _constant(node.value, around)
    if isinstance(node, ast.keyword) and node.arg == "max_length":
        return
    if isinstance(node, ast.BinOp | ast.Call) and BIRTHDAY.search(ast.unparse(node)):
        yield "a birthday"
        return
    for child in ast.iter_child_nodes(node):
        yield from _below(child, around, docs)


def _constant(value: object, around: str) -> Iterator[str]:
    if isinstance(value, str):
        yield from in_prose(value)
        if value in NAMES:
            yield value
    elif type(value) is int and (value in BARE or (value in AGES and AGE_WORD.search(around))):
        yield str(value)


def in_catalogue(path: Path) -> Iterator[str]:
    """Every sentence in both languages."""
    for entry in polib.pofile(str(path)):
        for text in (entry.msgid, entry.msgid_plural, entry.msgstr, *entry.msgstr_plural.values()):
            yield from in_sentence(text)


@cache
def found() -> frozenset[tuple[str, str]]:
    """(file, what stands there) of all rooms, public pages and of the example platform."""
    return frozenset(_found())


def _found() -> Iterator[tuple[str, str]]:
    for part in (
        PACKAGE / "rooms",
        PACKAGE / "site" / "public",
        PACKAGE / "site" / "templates",
        PACKAGE / "site" / "story",
        ROOT / "examples" / "platform",
    ):
        for path in sorted(part.rglob("*")):
            if {"tests", "migrations"} & set(
                path.parts
            ) or path.name == "cast.py":  # invented people have ages
                continue
            here = str(path.relative_to(PACKAGE if path.is_relative_to(PACKAGE) else ROOT))
            if path.suffix == ".html" or path.suffix == ".txt":
                yield from ((here, one) for one in in_template(path.read_text(encoding="utf-8")))
            elif path.suffix == ".js":
                yield from ((here, one) for one in in_prose(path.read_text(encoding="utf-8")))
            elif path.suffix == ".py" and path in files(part):
                yield from ((here, one) for one in in_code(tree(path)))
    for path in sorted(PACKAGE.rglob("locale/en/LC_MESSAGES/django.po")):
        yield from ((str(path.relative_to(PACKAGE)), one) for one in in_catalogue(path))


@pytest.mark.slow
def test_the_law_stands_in_the_pack_alone():
    assert sorted(found() - set(ALLOWED)) == []


@pytest.mark.slow
def test_no_exception_is_left_over():
    assert sorted(set(ALLOWED) - found()) == []


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("ADULT = 18", {"18"}),
        ("TURNS = (3, 6, 10, 13, 16, 17, 18)", {"3", "6", "10", "13", "16", "17", "18"}),
        ("BANDS = (('3-5', 3, 5), ('6-9', 6, 9))", {"3-5", "3", "5", "6-9", "6", "9"}),
        (
            "def opens_at(card):\n    if card['risk_profile'] != 'low':\n        return 16\n    return 13",
            {"16", "13"},
        ),
        ("grown = band == '18+'", {"18+"}),
        ("def youngest_of(age):\n    return age or 10", {"10"}),
        ("told = {'article': _('Pasal 21')}", {"Pasal 21"}),
        ("said = _('Kamu sudah 18 tahun. Kamu yang memutuskan.')", {"18"}),
        ("YEARS = range(3, 18)", {"3", "18"}),
        ("years = today.year - born.year", {"a birthday"}),
        ("day = born.replace(year=born.year + years)", {"a birthday"}),
        (
            'def f():\n    """A child of 17 (PP 17/2025 Art. 9)."""\n    # Art. 20\n    return tries < 5',
            set(),
        ),
        ("slug = models.CharField(max_length=16)", set()),
        ("LIFE = timedelta(minutes=15)", set()),
    ],
)
def test_what_is_put_back_into_code_is_found(code, wrong):
    assert set(in_code(ast.parse(code))) == wrong


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ('{% translate "Aturan membukanya mulai 16 tahun." %}', {"16"}),
        ('{% translate "Anak di bawah 17 tahun perlu izin. PP TUNAS Pasal 9." %}', {"17", "Pasal 9"}),
        ("{% if years == 17 %}a{% endif %}", {"17"}),
        ('{% if band == "3-5" %}a{% endif %}', {"3-5"}),
        ("{% blocktranslate with age=18 %}Sudah {{ age }} tahun{% endblocktranslate %}", {"18"}),
        ('{% include "x.html" with article="Pasal 21" %}', {"Pasal 21"}),
        ("{% blocktranslate with age=law.late %}Nanti, {{ age }} tahun{% endblocktranslate %}", set()),
        ('{# Art. 9, at 17 #}<svg width="16" viewBox="0 0 24 24"></svg>{% icon "lock" 16 %}', set()),
    ],
)
def test_what_is_put_back_into_a_template_is_found(text, wrong):
    assert set(in_template(text)) == wrong


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Later, at 16", {"16"}),
        ("You are 18. You decide.", {"18"}),
        ("From 17 on you may agree yourself.", {"17"}),
        ("PP TUNAS Article 9.", {"Article 9", "9"}),
        ("A code is valid for 15 minutes.", set()),
        ("Later, at %(age)s", set()),
        ("3. Or send a message", set()),
    ],
)
def test_what_is_put_back_into_a_catalogue_is_found(text, wrong):
    assert set(in_sentence(text)) == wrong
