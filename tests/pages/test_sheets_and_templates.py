"""What no page may contain, and how much it may weigh."""

import re
from pathlib import Path

import pytest

import ruangaman

HOUSE = Path(ruangaman.__file__).parent
STATIC = HOUSE / "site" / "static" / "tegel"
ALONE = {"tegel.css", "cuaca.css"}  # the base of every page, and the weather page that stands alone
SHEETS = sorted(HOUSE.rglob("static/**/*.css"))
TEMPLATES = sorted(HOUSE.rglob("templates/**/*.html"))
KILOBYTE = 1000
EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf]")
INLINE = re.compile(
    r"\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|<style\b|<script(?![^>]*\bsrc=)(?! type=\"application/json\")",
    re.IGNORECASE,
)


def test_a_pages_styles_weigh_at_most_fifteen_kilobytes():
    base = len((STATIC / "tegel.css").read_bytes())
    for sheet in SHEETS:
        if sheet.name not in ALONE:
            assert base + len(sheet.read_bytes()) <= 15 * KILOBYTE, sheet.name


def test_pictures_weigh_at_most_thirty_kilobytes():
    for picture in HOUSE.rglob("static/**/*.svg"):
        assert len(picture.read_bytes()) <= 30 * KILOBYTE, picture.name


def test_sheets_have_no_gradient_no_shadow_no_web_font_and_nothing_from_elsewhere():
    assert SHEETS
    for sheet in SHEETS:
        text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert "gradient" not in text, sheet.name
        assert "@font-face" not in text
        assert "@import" not in text
        assert not re.search(r"url\((?!(strip|floor)\.svg\))", text), sheet.name
        for shadow in re.findall(r"box-shadow:([^;}]*)", text):  # only the hard ring of the focus
            assert re.fullmatch(r"0 0 0 \d+px var\(--fokus\)", shadow), shadow


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_a_template_has_no_inline_style_or_script_and_no_emoji(path):
    text = path.read_text(encoding="utf-8")
    assert not INLINE.search(text)
    assert not EMOJI.search(text)


def test_the_rule_about_inline_code_sees_what_it_should():
    for wrong in ('<p style="x">', "<a onclick='x'>", "<script>x</script>", "<style>"):
        assert INLINE.search(wrong), wrong
    assert not INLINE.search('<script src="/static/x.js" defer></script>')
    assert not INLINE.search('<script type="application/json" id="x">')  # data, which the policy lets stand


TILE = re.compile(r"\{% tile (\S+)")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_a_tile_never_stands_without_its_code_and_its_words(path):
    text = path.read_text(encoding="utf-8")
    for mark in TILE.findall(text):
        for word in ("tile_code", "tile_words"):
            assert text.count(f"{{% {word} {mark} %}}") >= text.count(f"{{% tile {mark} "), (word, mark)


def test_the_rule_about_tiles_sees_the_templates_that_draw_them():
    drawing = [path.name for path in TEMPLATES if TILE.search(path.read_text(encoding="utf-8"))]
    assert {"match.html", "receipt.html", "_jawaban.html", "tanda_terima.html"} <= set(drawing)
