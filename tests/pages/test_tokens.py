"""The colours: exactly the design's table, and legible wherever we put one on another."""

import re
from itertools import product

import pytest

from ruangaman.site.public.tokens import SHEET, contrast, dimmed, tokens

# ux.md section 2, written down a second time: token, light, dark.
TABLE = {
    "kapur": ("#EFF4F1", "#0E1719"),
    "kertas": ("#FFFFFF", "#172326"),
    "arang": ("#14242A", "#EAF1EF"),
    "abu": ("#46585E", "#AEBFC0"),
    "tepi": ("#667A7E", "#83989C"),
    "garis": ("#CBD7D2", "#31444A"),
    "tosca": ("#0A5F63", "#6FD0C6"),
    "tosca-muda": ("#D9ECE8", "#123B3E"),
    "kunyit": ("#F4B431", "#F4B431"),
    "kunyit-muda": ("#FDF0CC", "#3A2E10"),
    "kunyit-tua": ("#6F4600", "#FFD98A"),
    "genteng": ("#A3391F", "#FF9D83"),
    "genteng-muda": ("#FBE5DD", "#43211A"),
    "nila": ("#33417E", "#AEBBF2"),
    "nila-muda": ("#E4E8F6", "#232B4A"),
    "pandan": ("#22672C", "#8FD491"),
    "pandan-muda": ("#DDF0DC", "#17351B"),
    "kusen": ("#14242A", "#83989C"),
}
THEMES = ("light", "dark")
# Every pair of text on ground that a component makes.
TEXT = [
    *product(("arang", "abu", "tosca", "genteng", "pandan", "nila", "kunyit-tua"), ("kertas", "kapur")),
    *product(("arang", "abu"), ("tosca-muda", "kunyit-muda", "genteng-muda", "pandan-muda", "nila-muda")),
    ("tosca", "tosca-muda"),
    ("genteng", "genteng-muda"),
    ("pandan", "pandan-muda"),
    ("nila", "nila-muda"),
    ("kunyit-tua", "kunyit-muda"),
    ("kertas", "tosca"),
]
CONTROLS = [*product(("tepi", "kusen", "tosca", "genteng"), ("kertas", "kapur"))]


@pytest.mark.parametrize("name", TABLE)
def test_the_sheet_holds_the_designs_colours(name):
    assert (tokens()["light"][name], tokens()["dark"][name]) == TABLE[name]


@pytest.mark.parametrize(("theme", "pair"), [*product(THEMES, TEXT)])
def test_text_reaches_four_and_a_half_to_one(theme, pair):
    colours = tokens()[theme]
    assert contrast(colours[pair[0]], colours[pair[1]]) >= 4.5, pair


@pytest.mark.parametrize(("theme", "pair"), [*product(THEMES, CONTROLS)])
def test_controls_and_door_frames_reach_three_to_one(theme, pair):
    colours = tokens()[theme]
    assert contrast(colours[pair[0]], colours[pair[1]]) >= 3, pair


@pytest.mark.parametrize("pair", [*TEXT, ("arang", "kunyit")])
def test_text_stays_legible_when_a_child_ground_is_dimmed(pair):
    light = tokens()["light"]
    assert contrast(dimmed(light[pair[0]]), dimmed(light[pair[1]])) >= 4.5, pair


def test_the_gallery_shows_the_dark_tokens_and_no_others():
    text = SHEET.with_name("gaya.css").read_text(encoding="utf-8")
    shown = dict(re.findall(r"--([a-z-]+):(#[0-9A-Fa-f]{6})", text[text.index(".dim{") : text.index("}")]))
    assert shown == {name: colour for name, colour in tokens()["dark"].items() if name != "fokus"}


def test_the_focus_ring_stands_out_from_every_ground_by_one_of_its_two_colours():
    for theme in THEMES:
        colours = tokens()[theme]
        for ground in ("kertas", "kapur", "kunyit-muda", "nila-muda", "tosca"):
            ring = max(contrast(colours[part], colours[ground]) for part in ("kunyit", "fokus"))
            assert ring >= 3, (theme, ground)


def test_second_text_and_links_are_legible_on_the_yellow_floor_of_the_youngest():
    text = SHEET.read_text(encoding="utf-8")
    own = dict(re.findall(r"--(abu|tosca):(#[0-9A-F]{6})", text[text.index(".ground-child-6-9{") :][:200]))
    for colour in (own["abu"], own["tosca"]):
        assert contrast(colour, tokens()["light"]["kunyit"]) >= 4.5
