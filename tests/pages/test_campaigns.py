"""Campaigns and results in Chromium: at 320 px and wide, in both languages, and axe finds nothing."""

from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from tests.axe import complaints

from ruangaman.rooms.learning import made_up
from ruangaman.rooms.learning.models import Campaign, Sheet

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

NOW = datetime(2026, 12, 1, 5, 0, tzinfo=UTC)


@pytest.fixture
def campaign(monkeypatch):
    """A drawn campaign whose lesson teaches so much, with the account of its organiser."""

    def made(learned: float = 0.5, *, kept: int | None = None) -> Campaign:
        monkeypatch.setattr(made_up, "LEARNED", learned)
        User.objects.create_user("dinas", is_staff=True)
        row = made_up.campaign("dinas", region="99", seed=3, now=NOW)
        if kept is not None:
            Sheet.objects.filter(time="delayed", seat__number__gt=kept).delete()
        return row

    return made


def signed_in(page, live_server, client):
    client.force_login(User.objects.get(username="dinas"))
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
    page.context.add_cookies([cookie])
    return page


def settled(page, width):
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("h1").count() == 1
    assert complaints(page) == []
    assert page.wrong == []


SAID = {
    (0.5, None): (
        "Setelah 28 hari, kelompok yang diajar lebih tahu.",
        "After 28 days the groups taught know more.",
    ),
    (0.0, None): ("Belum terlihat bedanya.", "No difference seen yet."),
    (0.5, 2): ("Data belum cukup.", "Not enough data."),
}


@pytest.mark.parametrize(("world", "said"), SAID.items())
def test_results_say_one_thing_first_in_both_languages(open_page, campaign, live_server, world, said):
    learned, kept = world
    row = campaign(learned, kept=kept)
    page = open_page(f"/pelajaran/kampanye/{row.slug}/hasil", width=320)
    for language, sentence in zip(("id", "en"), said, strict=True):
        page.context.add_cookies([{"name": "bahasa", "value": language, "url": live_server.url}])
        page.set_viewport_size({"width": 320, "height": 800})
        page.reload()
        assert page.locator("h1").inner_text() == sentence
        assert page.locator("svg.chart").count() == (0 if kept else 1)
        settled(page, 320)
        page.set_viewport_size({"width": 1280, "height": 800})
        settled(page, 1280)
