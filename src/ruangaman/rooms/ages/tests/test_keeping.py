"""Who proved an age may keep it in a wallet of this browser: once, and nobody else."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client

from ruangaman.adapters import ids
from ruangaman.rooms.ages import checks, config, holders, links
from ruangaman.rooms.ages.checks import Proved
from ruangaman.rooms.ages.models import AgeCheck, Holder
from ruangaman.rooms.ages.tests.conftest import CARD, NOON, SERVICE
from ruangaman.rooms.ages.views.common import BROWSER

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def asked(threshold=16, now=NOON) -> AgeCheck:
    return checks.ask(
        ids.new(now), jurisdiction="ID", card=CARD, facts=SERVICE, needed=True,
        threshold=threshold, bounds=[threshold], language="id", now=now,
    )  # fmt: skip


def address(row, act=""):
    return urlsplit(checks.url_of(row)).path + act


def begun_in(browser, row, way="wallet", now=NOON):
    begun = checks.begin(row, way, now=now)
    session = browser.session
    session[BROWSER] = {**session.get(BROWSER, {}), links.digest(begun.state).hex(): begun.browser}
    session.save()
    return begun.attempt


@pytest.fixture
def school(hour, monkeypatch):
    monkeypatch.setattr(checks, "_can_be_gone", lambda name, row, now: True)


def proved_in(browser, *, over=True, way="wallet", now=NOON, threshold=16):
    row = asked(threshold, now)
    return checks.decide(begun_in(browser, row, way, now), Proved(over, "strict"), now=now)


def test_the_browser_that_proved_keeps_it_and_its_secret_stands_in_no_page(school):
    browser = Client()
    row = proved_in(browser)
    assert "Simpan di dompet" in browser.get(address(row)).content.decode()
    reply = browser.post(address(row, "/simpan"))
    assert (reply.status_code, reply["Location"]) == (302, "/dompet/")
    cookie = reply.cookies["dompet"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["secure"]) == (
        True,
        "Strict",
        "/",
        "",
    )
    assert cookie["max-age"] == 180 * 24 * 3600
    assert holders.login(cookie.value).assurance == "strict"
    for path in (address(row), "/dompet/", "/dompet/pakai"):
        assert cookie.value not in browser.get(path).content.decode()
    assert "Simpan di dompet" not in browser.get(address(row)).content.decode()


def test_over_https_the_cookie_goes_by_https_alone(school, settings):
    settings.SECURE_SSL_REDIRECT = False
    browser = Client()
    row = proved_in(browser)
    assert browser.post(address(row, "/simpan"), secure=True).cookies["dompet"]["secure"] is True


def test_whoever_else_knows_the_link_keeps_nothing(school):
    """The platform gave the link; it must not get a wallet of this person."""
    mine, theirs = Client(), Client()
    row = proved_in(mine)
    begun_in(theirs, asked())  # a browser with a try of its own is no better
    assert "Simpan di dompet" not in theirs.get(address(row)).content.decode()
    assert "dompet" not in theirs.post(address(row, "/simpan")).cookies
    assert Holder.objects.count() == 0
    assert mine.get(address(row, "/simpan")).status_code == 405
    mine.post(address(row, "/simpan"))
    assert Holder.objects.count() == 1


@pytest.mark.parametrize(("way", "over"), [("declared", True), ("token", True), ("wallet", False)])
def test_a_word_a_card_and_a_not_yet_carry_no_card(school, way, over, monkeypatch):
    monkeypatch.setattr(checks, "way_of", lambda row, name, *, now: checks.BY_NAME[name])
    browser = Client()
    row = proved_in(browser, way=way, over=over)
    assert "Simpan di dompet" not in browser.get(address(row)).content.decode()
    assert "dompet" not in browser.post(address(row, "/simpan")).cookies
    assert Holder.objects.count() == 0


def test_one_proof_makes_one_wallet(school):
    browser = Client()
    row = proved_in(browser)
    browser.post(address(row, "/simpan"))
    first = browser.cookies["dompet"].value
    browser.post(address(row, "/simpan"))
    assert browser.cookies["dompet"].value == first
    assert Holder.objects.count() == 1


def test_a_second_proof_takes_the_place_of_the_first(school):
    browser = Client()
    first = proved_in(browser, threshold=13)
    browser.post(address(first, "/simpan"))
    old = browser.cookies["dompet"].value
    second = proved_in(browser)
    assert "Ganti isi dompet" in browser.get(address(second)).content.decode()
    browser.post(address(second, "/simpan"))
    assert Holder.objects.count() == 1
    assert holders.login(browser.cookies["dompet"].value)
    assert browser.cookies["dompet"].value != old


def test_emptying_forgets_the_wallet_at_the_house_and_only_its_owner_does_it(school):
    browser = Client()
    row = proved_in(browser)
    browser.post(address(row, "/simpan"))
    assert Client().delete("/age-tokens/wallet").status_code == 401
    assert browser.post("/age-tokens/wallet").status_code == 405
    reply = browser.delete("/age-tokens/wallet")
    assert (reply.status_code, reply.cookies["dompet"].value) == (204, "")
    assert Holder.objects.count() == 0


def test_no_row_joins_a_wallet_with_the_check_that_it_came_from(school):
    browser = Client()
    row = proved_in(browser)
    browser.post(address(row, "/simpan"))
    wallet = Holder.objects.get()
    mine = {str(wallet.pk), wallet.pk.hex, str(wallet.family), wallet.family.hex, bytes(wallet.login).hex()}
    theirs = {str(row.pk), row.pk.hex, str(row.ref), row.ref.hex, CARD["slug"]}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for one in cursor.fetchall():
                told = " ".join(
                    str(bytes(part).hex() if isinstance(part, bytes | memoryview) else part) for part in one
                )
                assert not (any(word in told for word in mine) and any(word in told for word in theirs)), (
                    table
                )


def test_pages_of_the_wallet_are_the_same_for_everybody(school):
    browser = Client()
    row = proved_in(browser)
    browser.post(address(row, "/simpan"))
    for path in ("/dompet/", "/dompet/pakai", "/dompet/pekerja.js", "/dompet/dompet.webmanifest"):
        one, other = browser.get(path), Client().get(path)
        assert one.status_code == 200
        assert one.content == other.content
        assert "csrfmiddlewaretoken" not in one.content.decode()
    assert browser.get("/dompet/")["Referrer-Policy"] == "no-referrer"


def test_the_worker_keeps_what_is_there_and_has_another_version_for_another_text(hour, monkeypatch):
    from django.contrib.staticfiles import finders

    from ruangaman.rooms.ages.views import dompet

    told = Client().get("/dompet/pekerja.js").content.decode()
    listed = told.partition("\n")[0]
    for language in ("id", "en"):
        assert f'"/dompet/?bahasa={language}"' in listed
    for name in dompet.SHELL:
        assert f'"/static/{name}"' in listed
        assert finders.find(name)
    before = dompet._version()
    dompet._version.cache_clear()
    monkeypatch.setattr(config, "PAUSE", (timedelta(seconds=1), timedelta(seconds=2)))
    try:
        assert dompet._version() != before
    finally:
        dompet._version.cache_clear()


def test_the_version_of_the_directory_is_told_with_its_line_of_the_ledger(hour):
    import hashlib

    from ruangaman.rooms.ledger import api as ledger

    body = Client().get("/.well-known/private-token-issuer-directory").content
    told = Client().get("/age-tokens/directory").json()
    assert told["sha256"] == hashlib.sha256(body).hexdigest()
    assert told["sha256"] in ledger.entry(told["ledger-index"]).entry.decode()
