"""A card answers an age check of this house: by the words of RFC 9577, once, and nobody sees whose it was."""

import dataclasses
import html
import re
import secrets

import pytest
from django.db import connection
from django.test import Client

from ruangaman.core.credentials import tokens
from ruangaman.core.credentials.token_headers import read_challenges, token_header
from ruangaman.rooms.ages import checks, issuer_keys, issuing
from ruangaman.rooms.ages.checks import AgeDecided
from ruangaman.rooms.ages.models import AgeCheck, Attempt, Holder, SpentToken
from ruangaman.rooms.ages.tests.conftest import wallet
from ruangaman.rooms.ages.tests.test_keeping import address, asked

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def told(monkeypatch):
    """What the room above hears."""
    heard: list[AgeDecided] = []
    monkeypatch.setattr(checks, "_listeners", [heard.append])
    return heard


def challenged(browser, row):
    reply = browser.post(address(row, "/kartu"))
    assert reply.status_code == 401, reply.content
    return read_challenges(reply["WWW-Authenticate"])


def card(row_of_wallet, challenge, now):
    """A card that this wallet fetched for a challenge, by the strongest key that it may use."""
    pending = tokens.begin(challenge.challenge, challenge.token_key, secrets.token_bytes)
    return tokens.finish(pending, issuing.issue(row_of_wallet, pending.request, now=now))


def spend(browser, row, token):
    return browser.post(address(row, "/kartu"), headers={"Authorization": token_header(token)})


def test_a_card_decides_the_check_once(hour, one_claim, told):
    _, holder = wallet()
    told.clear()
    row, browser = asked(), Client()
    challenges = challenged(browser, row)
    assert len({one.challenge for one in challenges}) == 1
    strict = [one for one in challenges if _key(one).assurance == "strict"]
    token = card(holder, strict[0], hour())
    reply = spend(browser, row, token)
    assert (reply.status_code, reply.json()) == (200, {"go": address(row)})
    row.refresh_from_db()
    assert (row.method, row.evidence, row.assurance) == ("token", "verified", "strict")
    assert checks.result_of(row) is True
    again = spend(browser, row, token)
    assert (again.status_code, again.json()["code"]) == (409, "ages.attempt-over")
    assert len(told) == 1


def _key(challenge):
    return next(row for row in issuer_keys.living(_now()) if bytes(row.spki) == challenge.token_key)


def _now():
    from ruangaman.adapters import clock

    return clock.now()


def test_a_card_for_another_check_or_another_browser_decides_nothing(hour, one_claim):
    _, holder = wallet()
    row, other, browser, stranger = asked(), asked(), Client(), Client()
    token = card(holder, challenged(browser, row)[0], hour())
    challenged(browser, other)
    assert spend(stranger, row, token).status_code == 409  # no try of its own
    challenged(stranger, row)
    assert spend(stranger, row, token).json()["code"] == "token.challenge-unknown"
    assert spend(browser, other, token).json()["code"] == "token.challenge-unknown"
    assert AgeCheck.objects.filter(decided_at__isnull=False, method="token").count() == 0
    assert SpentToken.objects.count() == 0
    assert spend(browser, row, token).status_code == 200  # the first one still counts


@pytest.mark.parametrize(
    "said", ["Bearer x", "PrivateToken", 'PrivateToken token="AAAA"', "PrivateToken token=" + "A" * 472]
)
def test_what_is_no_card_is_refused_in_plain_words(hour, one_claim, said):
    row, browser = asked(), Client()
    challenged(browser, row)
    reply = browser.post(address(row, "/kartu"), headers={"Authorization": said})
    assert reply.status_code == 403
    assert "Coba lagi" in reply.json()["text"]
    assert Attempt.objects.get().why


def test_the_same_try_is_asked_with_the_same_challenge_and_ends_in_time(hour, one_claim):
    row, browser = asked(), Client()
    assert challenged(browser, row) == challenged(browser, row)
    assert Attempt.objects.count() == 1
    hour.pass_(minutes=11)
    challenged(browser, row)
    assert Attempt.objects.count() == 2


def test_no_card_is_asked_for_an_age_that_no_card_has(hour, one_claim):
    row, browser = asked(threshold=13), Client()
    assert browser.post(address(row, "/kartu")).json()["code"] == "ages.way-closed"
    assert "Pakai kartu umur" not in browser.get(address(row)).content.decode()


def learned_by_the_page(row):
    page = Client().get(address(row) + "?cara=token").content.decode()
    cells = re.findall(r'<th scope="row">(.*?)</th><td>(.*?)</td>', page)
    return {html.unescape(who): html.unescape(what) for who, what in cells}


def test_what_the_page_says_that_each_one_learns_is_true(hour, one_claim, told):
    """The table names two; each is compared with what it gets, and what it does not name with what is stored."""
    secret, holder = wallet()
    told.clear()
    row = asked()
    says = learned_by_the_page(row)
    assert says == {
        "Ramai": "“16 tahun ke atas”: ya atau tidak.",
        "Ruang Aman": "Hasil, cara, dan waktu. Tanpa namamu. Kartunya tidak menyebut dompet siapa.",
    }
    browser = Client()  # without the wallet's cookie: the house does not look at it
    token = card(holder, challenged(browser, row)[0], hour())
    assert spend(browser, row, token).status_code == 200
    # Ramai: the room above it hears the answer, and nothing of whose card it was.
    (heard,) = told
    assert {one.name for one in dataclasses.fields(heard)} == {
        "ref",
        "age",
        "evidence",
        "assurance",
        "method",
        "at",
    }
    assert dict(heard.age) == {"at_least": 16}
    # Ruang Aman: result, way, time; no row joins the wallet (or its secret) with the card or the check.
    wallet_words = [
        str(holder.pk),
        holder.pk.hex,
        holder.family.hex,
        str(holder.family),
        bytes(holder.login).hex(),
    ]
    card_words = [token[2:34].hex(), row.pk.hex, str(row.pk), str(row.ref), row.ref.hex]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for one in cursor.fetchall():
                said = " ".join(bytes(x).hex() if isinstance(x, bytes | memoryview) else str(x) for x in one)
                assert secret not in said
                assert token.hex() not in said
                assert token[98:].hex() not in said
                assert not any(x in said for x in wallet_words) or not any(x in said for x in card_words), (
                    table
                )
    assert [bytes(one.nonce) for one in SpentToken.objects.all()] == [token[2:34]]
    assert Holder.objects.count() == 1


def test_without_a_script_the_way_says_what_is_missing(hour, one_claim):
    page = Client().get(address(asked()) + "?cara=token").content.decode()
    shown = page.partition("data-tanpa-skrip")[2].partition("</div></div>")[0]
    assert "perlu skrip di peramban" in shown
    assert re.search(r"<form[^>]*data-kartu-form[^>]*\shidden>", page)
