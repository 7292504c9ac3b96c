"""Pages of an age check where a service has a name as long as a name may be, and what one touches on them."""

import pytest
from tests.axe import complaints
from tests.pages.test_desk_in_browser import WIDE

from ruangaman.adapters import clock, ids
from ruangaman.rooms.ages import checks, links, wallet_asking
from ruangaman.rooms.ages.tests import presenting
from ruangaman.rooms.ages.tests.conftest import SERVICE

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

LONG = "Ramaisekalipanjangsekalinamanyatanpaspasi"
SMALL = """() => [...document.querySelectorAll('main p > a:only-child')]
    .filter(e => e.checkVisibility() && e.parentElement.textContent.trim() === e.textContent.trim())
    .filter(e => e.getBoundingClientRect().height < 44)
    .map(e => e.outerHTML.slice(0, 90))"""


@pytest.fixture
def path(transactional_db, live_server, settings, tmp_path):
    """A check of a service with a long name, which can be proved by a card or a wallet."""
    settings.STORY, settings.STORY_WALLET = True, "http://identitas.localhost:8005/buka"
    settings.BASE_URL = live_server.url.replace("127.0.0.1", "localhost")
    presenting.certificate(tmp_path, settings, host="localhost")
    presenting.trusted(clock.now())
    row = checks.ask(
        ids.new(clock.now()), jurisdiction="ID", card={"slug": "ramai", "name": LONG, "operator": "PT Contoh"},
        facts=SERVICE, needed=True, threshold=16, bounds=[16], language="id", now=clock.now(),
    )  # fmt: skip
    yield f"/cek-umur/{links.derived(row.pk)}"
    wallet_asking._certificate.cache_clear()


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_long_name_is_not_cut_off_and_every_link_that_stands_alone_is_large(open_page, path, language):
    for part in ("", "?cara=token", "?cara=wallet", "/banding", "/banding?apa=never"):
        page = open_page(f"{path}{part}{'&' if '?' in part else '?'}bahasa={language}")
        for width in (320, 360, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate(WIDE) == [], (part, width)
        assert page.evaluate(SMALL) == [], part
        assert complaints(page) == [], part
        page.context.close()
