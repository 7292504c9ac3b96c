"""Pages as people meet them: small phones, large letters, no scripts, a keyboard, a printer, the dark."""

import re
from datetime import UTC, datetime
from itertools import pairwise, product

import pytest
from tests.axe import complaints

from ruangaman.rooms.access import api as access

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PAGES = (
    "/",
    "/aplikasi",
    "/aplikasi?umur=10-12",
    "/aturan/",
    "/aturan/account",
    "/bantuan",
    "/tutup",
    "/gaya",
)
OURS = tuple(path for path in PAGES if path != "/tutup")
WIDTHS = (320, 360, 1280)


@pytest.fixture(autouse=True)
def the_storys_services(transactional_db):
    day = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
    for slug, name, kind, risk, children in (
        ("dongeng-kita", "Dongeng Kita", "stories", "low", True),
        ("obrol", "Obrol", "chat", "low", False),
        ("ramai", "Ramai", "social_media", "high", False),
        ("kuis", "Kuis Seru", "game", "unassessed", True),
    ):
        determined = (
            {} if risk == "unassessed" else {"risk_determined_by": "Komdigi", "risk_determined_at": day}
        )
        access.create_service(
            slug=slug,
            operator="PT Contoh",
            name=name,
            type=kind,
            purpose={"id": "Contoh", "en": "Example"},
            risk_profile=risk,
            designed_for_children=children,
            now=day,
            **determined,
        )


def with_language(path: str, language: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}bahasa={language}"


@pytest.mark.parametrize(("path", "language"), [*product(PAGES, ("id", "en"))])
def test_nothing_is_cut_off_at_any_width_and_with_letters_twice_as_large(open_page, path, language):
    page = open_page(with_language(path, language))
    for width, letters in [*product(WIDTHS, ("100%", "200%"))]:
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate("size => document.documentElement.style.fontSize = size", letters)
        wide = page.evaluate(
            """() => [...document.querySelectorAll('body *')]
                .filter(e => !e.closest('.table-wrap, svg, .skip, .for-ears, .wide-only'))
                .filter(e => getComputedStyle(e).position !== 'absolute')
                .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
                .map(e => e.outerHTML.slice(0, 90))"""
        )
        assert wide == [], (width, letters)


@pytest.mark.parametrize(("path", "theme"), [*product(PAGES, ("light", "dark"))])
def test_axe_finds_nothing(open_page, path, theme):
    page = open_page(path, theme=theme, width=360)
    assert complaints(page) == []


@pytest.mark.parametrize(("path", "language"), [*product(OURS, ("id", "en"))])
def test_a_page_says_its_language_its_title_and_one_heading(open_page, path, language):
    page = open_page(with_language(path, language), scripts=False)
    assert page.locator("html").get_attribute("lang") == language
    assert page.title().endswith("· Ruang Aman")
    assert page.locator("h1").count() == 1
    levels = [
        int(tag[1]) for tag in page.locator("h1, h2, h3, h4").evaluate_all("all => all.map(e => e.tagName)")
    ]
    assert levels[0] == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels)), levels


@pytest.mark.parametrize("path", OURS)
def test_everything_one_touches_is_large_enough(open_page, path):
    page = open_page(path)
    small = page.evaluate(
        """() => [...document.querySelectorAll(
            'main .button, main .input, .top a, .foot a, summary, label.choice, .tabs a')]
            .filter(e => e.checkVisibility())
            .map(e => [e.getBoundingClientRect(), e.outerHTML.slice(0, 80)])
            .filter(([box]) => box.height < 47.5 || box.width < 44)
            .map(([box, html]) => [Math.round(box.width), Math.round(box.height), html])"""
    )
    assert small == []


def test_the_keyboard_reaches_the_content_first_and_then_everything_in_order(open_page):
    page = open_page("/bantuan", width=360)
    page.keyboard.press("Tab")
    first = page.evaluate(
        "() => [document.activeElement.className, document.activeElement.getBoundingClientRect().top]"
    )
    assert first[0] == "skip"
    assert first[1] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.closest('main') !== null")
    places = []
    for _ in range(8):
        places.append(page.evaluate("() => document.activeElement.getBoundingClientRect().top + scrollY"))
        page.keyboard.press("Tab")
    assert places == sorted(places)


def test_the_focus_is_shown_by_a_ring(open_page):
    page = open_page("/bantuan")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    ring = page.evaluate("() => getComputedStyle(document.activeElement).outline")
    assert "rgb(244, 180, 49)" in ring
    assert "3px" in ring


def test_quick_exit_leaves_no_way_back_where_scripts_run(open_page):
    page = open_page("/bantuan")
    page.click("#tutup")
    page.wait_for_url("**/tutup")
    assert page.evaluate("() => history.length") == 2  # about:blank and the weather; the page itself is gone
    page.go_back()
    assert "/bantuan" not in page.url


def test_quick_exit_works_without_scripts(open_page):
    page = open_page("/bantuan", scripts=False)
    page.click("#tutup")
    page.wait_for_url("**/tutup")
    assert page.locator("h1").inner_text() == "Cuaca"


def test_in_print_the_tile_is_black_and_the_buttons_are_gone(open_page):
    page = open_page("/gaya", width=1280)
    page.emulate_media(media="print")
    assert page.locator("#match .tile.screen").first.is_hidden()
    assert page.locator("#match .tile.print-only").first.is_visible()
    assert page.locator(".button").first.is_hidden()
    answer = page.locator("#details details > div").first
    assert answer.evaluate("e => e.checkVisibility({contentVisibilityAuto: true}) && e.offsetHeight > 0")
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_yes_and_no_are_the_same_button(open_page):
    page = open_page("/gaya")
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        yes, no = page.locator("#answers .answers").first.locator("button").all()
        style = """e => { const s = getComputedStyle(e); return [s.backgroundColor, s.borderColor, s.color,
            s.borderWidth, s.fontWeight, s.fontSize, e.offsetHeight, e.offsetWidth] }"""
        assert yes.evaluate(style) == no.evaluate(style)


def test_the_door_does_not_move_for_those_who_asked_for_rest(open_page):
    page = open_page("/gaya")
    leaf = page.locator("#door .door.opens .leaf").first
    assert leaf.evaluate("e => getComputedStyle(e).animationDuration") == "0.15s"
    page.emulate_media(reduced_motion="reduce")
    assert re.match("0s", leaf.evaluate("e => getComputedStyle(e).animationDuration"))


def test_without_signal_a_form_says_that_nothing_was_sent(open_page):
    page = open_page("/aplikasi")
    page.context.set_offline(True)
    page.fill("#id_cari", "Ramai")
    page.click("form .button")
    assert (
        page.locator("[role=alert]").inner_text().startswith("Tidak ada sinyal. Jawaban Anda belum terkirim.")
    )
    assert page.locator("#id_cari").input_value() == "Ramai"
