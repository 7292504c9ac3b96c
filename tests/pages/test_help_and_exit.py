"""Help that is honest about itself, and a way out that says nothing about us."""

import re

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from ruangaman.adapters import helpline_files

pytestmark = pytest.mark.django_db


def test_the_surest_line_is_shown_and_a_number_nobody_called_says_so(client):
    page = client.get("/bantuan").content.decode()
    assert re.findall(r'href="tel:([^"]+)"', page) == ["129", "021129"]
    shown = next(line for line in helpline_files.lines().lines if line.id == "sapa-129")
    assert shown.verified_on is None
    assert "Belum diperiksa lewat telepon." in page


def test_help_for_everybody_begins_without_calling_anybody_a_child(client):
    lead = re.search(r'<p class="lead">(.+?)</p>', client.get("/bantuan").content.decode())[1]
    assert lead == "Bicara dengan orang dewasa yang dipercaya. Atau telepon nomor ini."
    english = client.get("/bantuan?bahasa=en").content.decode()
    assert '<p class="lead">Talk to an adult you trust. Or call this number.</p>' in english


def test_the_weather_page_does_not_mention_us_and_is_not_kept(client):
    page = client.get("/tutup")
    text = page.content.decode().lower()
    assert "cuaca" in text
    assert not any(word in text for word in ("ruang aman", "anak", "izin", "logo.svg", "tegel.css"))
    assert "no-store" in page["Cache-Control"]


def base_page(**facts):
    request = RequestFactory().get("/keluarga")
    return Template('{% extends "tegel/base.html" %}').render(Context({"request": request, **facts}))


def test_a_guardians_page_has_the_way_out_and_help_in_the_foot():
    page = base_page(quick_exit=True)
    assert 'id="tutup" href="/tutup"' in page
    assert "tutup.js" in page
    assert page.rindex("/bantuan") > page.index("<footer")


def test_other_pages_have_help_in_its_place():
    page = base_page()
    assert "/tutup" not in page
    assert page.index("/bantuan") < page.index("<main")


@pytest.mark.parametrize("ground", ["child-6-9", "child-10-12", "child-13-15"])
def test_childrens_grounds_keep_light_colours(ground):
    assert f'class="ground-{ground} lit"' in base_page(ground=ground)


@pytest.mark.parametrize("ground", ["family", "official", "child-16-17"])
def test_other_grounds_follow_the_readers_theme(ground):
    assert f'class="ground-{ground}"' in base_page(ground=ground)
