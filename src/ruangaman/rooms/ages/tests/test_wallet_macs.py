"""A device that proves itself by a MAC: with the key to which the answer is encrypted, and with no other."""

import pytest
from tests import mdocs

from ruangaman.core.credentials import jose
from ruangaman.rooms.ages import checks
from ruangaman.rooms.ages.tests import presenting
from ruangaman.rooms.ages.tests.presenting import code_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wallet_house")]


def begin(hour):
    presenting.trusted(hour())
    row, path = presenting.asked(hour())
    browser = presenting.Browser(path).begin()
    return row, browser, presenting.request_of(browser.link())


def reader_of(asked):
    """The key to which the answer is encrypted."""
    (key,) = asked["client_metadata"]["jwks"]["keys"]
    return jose.public_key({name: key[name] for name in ("kty", "crv", "x", "y")})


def devices(metadata):
    return metadata["vp_formats_supported"]["mso_mdoc"]["deviceauth_alg_values"]


def test_a_mac_with_the_key_of_the_encryption_counts(hour):
    row, browser, asked = begin(hour)
    assert devices(asked["client_metadata"]) == [-7, -9, -65537]
    reader = reader_of(asked)
    presenting.come_back(
        browser.http,
        presenting.answer(asked, presenting.mdoc(asked, device="mac", reader=reader), id_="av"),
    )
    row.refresh_from_db()
    assert checks.result_of(row) is True


def test_a_mac_through_the_browser_s_own_door_counts(hour):
    row, browser, _ = begin(hour)
    data = browser.browser_requests()[0]["data"]
    reader = reader_of(data)
    browser.by_api(presenting.of_browser(hour, data, presenting.BASE, "av", device="mac", reader=reader))
    row.refresh_from_db()
    assert checks.result_of(row) is True


@pytest.mark.parametrize("reader", [mdocs.READER_KEY, mdocs.DEVICE_KEY, "other try"])
def test_a_mac_with_another_key_is_refused(hour, reader):
    row, _, asked = begin(hour)
    if reader == "other try":
        other = presenting.request_of(presenting.Browser(presenting.asked(hour())[1]).begin().link())
        key = reader_of(other)
    else:
        key = reader.public_key()
    reply = presenting.answer(asked, presenting.mdoc(asked, device="mac", reader=key), id_="av")
    assert (reply.status_code, code_of(reply)) == (400, "mdoc.device-auth-wrong")
    row.refresh_from_db()
    assert row.decided_at is None


def test_a_plain_answer_has_no_key_for_a_mac(hour, settings):
    settings.WALLET_ENCRYPTED = False
    _, _, asked = begin(hour)
    assert devices(asked["client_metadata"]) == [-7, -9]
    reply = presenting.answer(asked, presenting.mdoc(asked, device="mac"), id_="av")
    assert (reply.status_code, code_of(reply)) == (400, "mdoc.reader-key-missing")
