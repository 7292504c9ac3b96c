"""Status lists of others: only a list that says VALID, now and by its issuer, lets a credential pass."""

import pytest
from tests import mdocs

from ruangaman.adapters import http_out
from ruangaman.rooms.ages import wallet_status, wallet_trust
from ruangaman.rooms.ages.tests import presenting
from ruangaman.rooms.ages.tests.presenting import PID, PLACE, URI, VCT, Browser, code_of, show_with_status, vc

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.usefixtures("wallet_house")]


def test_a_valid_place_in_the_list_and_a_copy_that_is_kept(hour, begun, lists):
    assert show_with_status(hour).status_code == 200
    assert show_with_status(hour, 5).status_code == 200
    assert lists.calls == 1
    hour.pass_(seconds=901)  # ttl
    assert show_with_status(hour).status_code == 200
    assert lists.calls == 2


@pytest.mark.parametrize("value", [1, 2, 3])
def test_revoked_and_suspended(hour, begun, lists, value):
    lists.values = {PLACE: value}
    assert code_of(show_with_status(hour)) == "ages.credential-not-valid"


@pytest.mark.parametrize("why", ["timeout", "too-large", "connection"])
def test_a_list_out_of_reach_closes(hour, begun, lists, why):
    lists.gone = http_out.CallFailed(why=why)
    reply = show_with_status(hour)
    assert (reply.status_code, code_of(reply)) == (503, "ages.status-unreachable")


def test_a_list_in_our_own_network_is_not_called(hour, begun):
    _, path = presenting.asked(hour())
    browser = Browser(path).begin()
    asked = presenting.request_of(browser.link())
    shown = vc(hour, asked, status=(1, "https://169.254.169.254/latest"))
    assert code_of(presenting.answer(asked, shown)) == "ages.status-unreachable"


def test_lists_that_are_not_the_issuers(hour, begun, lists):
    lists.key = mdocs.private_key("orang lain")
    assert code_of(show_with_status(hour)) == "jose.signature-wrong"
    lists.key, lists.sub = mdocs.SIGNER_KEY, "https://status.example/daftar/2"
    assert show_with_status(hour).status_code >= 400
    lists.sub, lists.life = URI, -4_000
    assert show_with_status(hour).status_code >= 400  # expired
    lists.life = 3_600
    assert show_with_status(hour, 10_000).status_code >= 400  # beyond the end
    wallet_status.forget_all()
    lists.raw = b"<html>"
    assert show_with_status(hour).status_code >= 400
    lists.raw = None
    assert show_with_status(hour).status_code == 200


def test_a_kept_copy_does_not_outlive_the_list(hour, begun, lists):
    assert show_with_status(hour).status_code == 200
    lists.gone = http_out.CallFailed(why="timeout")
    hour.pass_(seconds=901)
    assert code_of(show_with_status(hour)) == "ages.status-unreachable"


def test_the_status_of_a_mobile_document(hour, begun, lists):
    lists.values = {3: 1}
    for place, code in ((3, "ages.credential-not-valid"), (4, None)):
        _, path = presenting.asked(hour())
        browser = Browser(path).begin()
        asked = presenting.request_of(browser.link())
        status = {"status_list": {"idx": place, "uri": URI}}
        reply = presenting.answer(asked, presenting.mdoc(asked, doc_type=PID, status=status), id_="pid")
        assert (code_of(reply) if code else reply.status_code) == (code or 200)


def test_a_list_signed_under_another_entry_is_not_believed(hour, begun, lists):
    other = mdocs.private_key("akar lain")
    root = mdocs.certificate("Lain", other, issuer="Lain", issuer_key=other, authority=True)
    signer_key = mdocs.private_key("penanda lain")
    signer = mdocs.certificate("P", signer_key, issuer="Lain", issuer_key=other, usage=mdocs.SIGNER_USAGE)
    anchor = {"name": "Lain", "answers_for": [VCT], "certificate": presenting.pem(root)}
    wallet_trust.add({"slug": "lain", "assurance": "strict", "anchors": [anchor]}, now=hour())
    lists.key, lists.chain = signer_key, [signer]
    assert code_of(show_with_status(hour)) == "x509.issuer-unknown"
    lists.key, lists.chain = mdocs.SIGNER_KEY, [mdocs.signer()]
    assert show_with_status(hour).status_code == 200
