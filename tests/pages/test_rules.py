"""The law as a page: every question of the pack, in both languages, with its basis."""

import html
import re

import pytest

from ruangaman.adapters import packs

pytestmark = pytest.mark.django_db


def plain(page):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.content.decode())).split())


def test_the_list_names_every_question_and_what_it_rests_on(client):
    pack = packs.load("ID")
    page = client.get("/aturan/")
    text = page.content.decode()
    for name in pack.questions:
        assert f'href="/aturan/{name}"' in text
    assert "PP TUNAS" in text
    assert pack.version in text


@pytest.mark.slow
def test_every_question_opens_in_both_languages(client):
    pack = packs.load("ID")
    for name in pack.questions:
        for language in ("id", "en"):
            page = client.get(f"/aturan/{name}?bahasa={language}")
            assert page.status_code == 200, name
            assert html.escape(pack.title_of(name)[language], quote=True) in page.content.decode(), name


def test_the_account_question_shows_norm_condition_effect_and_article(client):
    text = plain(client.get("/aturan/account"))
    assert "Nanti, 16 tahun. Risikonya tinggi. Aturan menutupnya, bukan orang tua." in text
    assert "ID/account/high-risk-under-16" in text
    assert "di bawah 16" in text
    assert "PP TUNAS Pasal 21 ayat (1)" in text
    assert "dua sumber atau lebih" in text
    assert "sejak 6 Maret 2026" in text  # social media, Permen Art. 30
    english = plain(client.get("/aturan/account?bahasa=en"))
    assert "under 16" in english
    assert "PP TUNAS Art. 21(1)" in english


def test_every_norm_has_an_article_on_its_row(client):
    page = client.get("/aturan/account").content.decode()
    cells = re.findall(r'<td data-label="Pasal">(.*?)<small>', page)
    assert len(cells) == len(packs.load("ID").source.tables["account"].norms)
    assert all(re.search(r"Pasal \d+|2026|UU", cell) for cell in cells)


def test_a_question_that_the_law_does_not_know_is_not_found(client):
    assert client.get("/aturan/tidak-ada").status_code == 404
