"""The page with cards for another wallet, as somebody with a phone meets it: both languages, no script needed."""

import re

import pytest
from django.test import Client
from tests.axe import complaints

from ruangaman.adapters import clock, ids
from ruangaman.rooms.ages import cards, checks, links
from ruangaman.rooms.ages.checks import Proved
from ruangaman.rooms.ages.models import Attempt, CardOffer
from ruangaman.rooms.ages.tests.conftest import CARD, SERVICE, wallet
from ruangaman.rooms.ages.tests.holder_wallet import opened
from ruangaman.rooms.ages.views.common import BROWSER

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def look(page, name):
    assert complaints(page) == [], name
    for width in (320, 1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0, (name, width)
    assert page.locator("h1").count() == 1


def with_wallet(page, live_server, secret, language="id"):
    page.context.add_cookies(
        [
            {"name": "dompet", "value": secret, "url": live_server.url},
            {"name": "bahasa", "value": language, "url": live_server.url},
        ]
    )
    page.goto(live_server.url + "/kartu-umur")
    return page


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("scripts", [True, False])
def test_an_offer_is_made_with_one_button_and_shows_qr_link_and_digits(
    open_page, live_server, language, scripts
):
    secret, holder = wallet(16, True, now=clock.now())
    page = with_wallet(open_page("/bantuan", scripts=scripts), live_server, secret, language)
    text = page.inner_text("main")
    assert ("13 tahun ke atas" if language == "id" else "13 or over") in text
    assert "18" not in text
    if scripts:
        look(page, f"kartu-{language}")
    page.locator("form button.wide").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#angka")
    row = CardOffer.objects.get()
    assert page.inner_text("#angka").replace(" ", "") == cards.digits_of(row)
    offer = opened(page.get_attribute("#tautan", "href"))
    assert offer["credential_configuration_ids"] == ["umur"]
    wide = page.locator(".qr-offer").bounding_box()["width"]
    assert wide > 240
    if scripts:
        look(page, f"kartu-tawaran-{language}")
    cards.redeem(cards.code_of(row), cards.digits_of(row), now=clock.now())
    CardOffer.objects.update(used_at=clock.now())
    page.locator("main a.link").click()
    assert ("Selesai" if language == "id" else "Done") in page.inner_text("main")
    if scripts:
        look(page, f"kartu-selesai-{language}")
    page.locator("summary").click()
    with page.expect_navigation():
        page.locator("details form button").click()
    holder.refresh_from_db()
    assert holder.stopped_at is not None
    assert page.locator("#tautan").count() == 0
    if scripts:
        look(page, f"kartu-berhenti-{language}")


def test_right_after_a_check_the_browser_that_did_it_and_no_other_gets_the_cards():
    now = clock.now()
    row = checks.ask(
        ids.new(now), jurisdiction="ID", card=CARD, facts=SERVICE, needed=True, threshold=16, bounds=[16],
        language="id", now=now,
    )  # fmt: skip
    state, browser = links.fresh(), links.fresh()
    attempt = Attempt.objects.create(
        id=row.pk, question=row, method="wallet", state=links.digest(state),
        browser=links.digest(browser), began_at=now, ends_at=now.replace(year=now.year + 1),
    )  # fmt: skip
    checks.decide(attempt, Proved(True, "strict"), now=now)
    path = f"/cek-umur/{links.derived(row.pk)}"
    mine, other = Client(), Client()
    session = mine.session
    session[BROWSER] = {links.digest(state).hex(): browser}
    session.save()
    assert "/dompet-lain" in mine.get(path).content.decode()
    assert f"{path}/dompet-lain" not in other.get(path).content.decode()
    assert other.post(path + "/dompet-lain").status_code == 403
    done = mine.post(path + "/dompet-lain")
    assert (done.status_code, done["Location"]) == (302, "/kartu-umur")
    cookie = done.cookies["dompet"]
    assert (cookie["samesite"], cookie["httponly"]) == ("Strict", True)
    assert mine.post("/kartu-umur").status_code == 302
    page = mine.get("/kartu-umur").content.decode()
    assert re.search(r'id="angka">[0-9]{3} [0-9]{3}<', page)
    assert (
        mine.post(path + "/dompet-lain")["Location"] == "/kartu-umur"
    )  # what is kept already is not kept again
    assert other.get("/kartu-umur").status_code == 403
