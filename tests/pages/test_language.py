"""Indonesian for everyone who did not ask; one tap to English; the choice is kept."""

import pytest

pytestmark = pytest.mark.django_db


def test_the_page_is_indonesian_whatever_the_browser_asks_for(client):
    page = client.get("/bantuan", headers={"accept-language": "en-US,en;q=0.9"})
    assert '<html lang="id"' in page.content.decode()
    assert "Butuh bantuan?" in page.content.decode()
    assert page["Content-Language"] == "id"


def test_the_switch_is_a_link_that_the_next_page_remembers(client):
    first = client.get("/bantuan?bahasa=en")
    assert '<html lang="en"' in first.content.decode()
    assert "Need help? Call SAPA 129, day or night." in first.content.decode()
    assert first.cookies["bahasa"]["httponly"]
    assert first.cookies["bahasa"]["samesite"] == "Lax"
    assert "Need help?" in client.get("/bantuan").content.decode()
    assert "Butuh bantuan?" in client.get("/bantuan?bahasa=id").content.decode()
    assert "Butuh bantuan?" in client.get("/bantuan").content.decode()


def test_a_language_we_do_not_speak_changes_nothing(client):
    page = client.get("/bantuan?bahasa=xx")
    assert '<html lang="id"' in page.content.decode()
    assert "bahasa" not in page.cookies


def test_the_switch_keeps_what_else_the_address_says(client):
    page = client.get("/bantuan?umur=10&aplikasi=x%22y").content.decode()
    assert 'href="?umur=10&amp;aplikasi=x%22y&amp;bahasa=en"' in page


def test_caches_are_told_that_the_cookie_matters(client):
    assert "Cookie" in client.get("/bantuan")["Vary"]
