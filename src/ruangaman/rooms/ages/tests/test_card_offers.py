"""The offer of a card: one code, its digits, its QR; each good once and for a short while."""

import re
from urllib.parse import unquote

import pytest
from django.test import Client

from ruangaman.rooms.ages import cards
from ruangaman.rooms.ages.models import CardOffer
from ruangaman.rooms.ages.tests.card_holder import offered
from ruangaman.rooms.ages.tests.conftest import wallet
from ruangaman.rooms.ages.tests.holder_wallet import ISSUER, opened, take_token

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_a_code_is_taken_once(hour):
    _, holder = wallet()
    _, code, digits = offered(holder)
    first = take_token(code, digits)
    assert (first.status_code, first.json()["token_type"], first["Cache-Control"]) == (
        200,
        "Bearer",
        "max-age=0, no-cache, no-store, must-revalidate, private",
    )
    again = take_token(code, digits)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


def test_a_code_ends_and_a_new_offer_ends_the_old(hour):
    _, holder = wallet()
    _, old, old_digits = offered(holder)
    _, code, digits = offered(holder)
    assert take_token(old, old_digits).json()["error"] == "invalid_grant"
    hour.pass_(minutes=5)
    assert take_token(code, digits).json()["error"] == "invalid_grant"


def test_digits_are_needed_and_five_wrong_ones_end_the_offer(hour):
    _, holder = wallet()
    _, code, digits = offered(holder)
    assert re.fullmatch(r"[0-9]{6}", digits)
    assert take_token(code).json()["error"] == "invalid_request"
    wrong = f"{(int(digits) + 1) % 10**6:06}"
    for _ in range(5):
        assert take_token(code, wrong).json()["error"] == "invalid_grant"
    assert take_token(code, digits).json()["error"] == "invalid_grant"
    assert CardOffer.objects.get().tries == 5


def test_a_qr_leads_to_the_same_offer_until_it_is_taken(hour):
    _, holder = wallet()
    row, code, digits = offered(holder, language="en")
    scheme, _, address = cards.short_link(row).partition("?credential_offer_uri=")
    assert scheme == "openid-credential-offer://"
    path = unquote(address).removeprefix(ISSUER)
    reply = Client().get(path)
    assert reply.json() == opened(cards.link(row))
    grant = reply.json()["grants"]["urn:ietf:params:oauth:grant-type:pre-authorized_code"]
    assert grant["tx_code"] == {
        "input_mode": "numeric",
        "length": 6,
        "description": "The numbers stand on the page of Ruang Aman, below the QR box.",
    }
    assert digits not in reply.content.decode()
    assert code not in path
    take_token(code, digits)
    assert Client().get(path).status_code == 404


def test_digits_that_were_not_asked_for_are_refused(hour):
    _, holder = wallet()
    _, code, _ = offered(holder, digits=False)
    assert "tx_code" not in str(opened(cards.link(CardOffer.objects.get())))
    assert take_token(code, "123456").json()["error"] == "invalid_request"
    assert take_token(code).status_code == 200


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ("grant_type=authorization_code&code=x", "unsupported_grant_type"),
        ("pre-authorized_code=x", "unsupported_grant_type"),
        ("grant_type=urn:ietf:params:oauth:grant-type:pre-authorized_code", "invalid_request"),
        (
            "grant_type=urn:ietf:params:oauth:grant-type:pre-authorized_code&pre-authorized_code=x&"
            "pre-authorized_code=y",
            "invalid_request",
        ),
        (
            "grant_type=urn:ietf:params:oauth:grant-type:pre-authorized_code&pre-authorized_code=x",
            "invalid_grant",
        ),
        (
            "grant_type=urn:ietf:params:oauth:grant-type:pre-authorized_code&pre-authorized_code=x&"
            "authorization_details=%5B%5D",
            "invalid_authorization_details",
        ),
    ],
)
def test_a_malformed_token_request_is_told_in_the_words_of_oauth(hour, form, error):
    reply = Client().post("/kartu-umur/token", form, content_type="application/x-www-form-urlencoded")
    assert (reply.status_code, reply.json()["error"]) == (400, error)
