"""Lists of issuers: who may speak for what, and what it is worth."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests import mdocs

from ruangaman.rooms.ages import api, wallet_trust
from ruangaman.rooms.ages.errors import TrustRefused
from ruangaman.rooms.ages.tests import presenting
from ruangaman.rooms.ages.tests.presenting import MDL, VCT, Browser, code_of, shown_to, vc

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.usefixtures("wallet_house")]


ROOT = presenting.pem(mdocs.root())


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"slug": "Uji Coba"}, "slug"),
        ({"assurance": "sure"}, "assurance"),
        ({"anchors": []}, "anchors"),
        ({"lain": 1}, "lain"),
        ({"anchors": [{"name": "a", "answers_for": ["*"], "certificate": ROOT}]}, "anchors.0.answers_for"),
        ({"anchors": [{"name": "a", "answers_for": [MDL], "certificate": "bukan"}]}, "anchors.0.certificate"),
        ({"anchors": ["x"]}, "anchors.0"),
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_taken(hour, changed, why):
    told = {"slug": "uji", "assurance": "strict", "anchors": [
        {"name": "Akar", "answers_for": [MDL], "certificate": presenting.pem(mdocs.root())}]}  # fmt: skip
    with pytest.raises(TrustRefused) as refused:
        wallet_trust.add(told | changed, now=hour())
    assert refused.value.facts["why"] == why


def test_one_key_is_not_on_two_lists(hour):
    presenting.trusted(hour())
    with pytest.raises(TrustRefused):
        presenting.trusted(hour(), slug="lain", assurance="standard")
    presenting.trusted(hour.pass_(seconds=1), assurance="standard")  # the same list may change
    assert [one.assurance for one in api.wallet_lists()] == ["standard"]


def test_a_key_without_a_certificate_speaks_by_its_issuers_name(hour):
    from cryptography.hazmat.primitives.serialization import PublicFormat

    key = mdocs.private_key("telanjang")
    text = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    anchor = {
        "name": "Kunci",
        "answers_for": [VCT],
        "public_key": text,
        "issuers": ["https://penerbit.example"],
    }
    wallet_trust.add({"slug": "kunci", "assurance": "standard", "anchors": [anchor]}, now=hour())
    for issuer, code in (("https://penerbit.example", None), ("https://lain.example", "x509.issuer-unknown")):
        _, path = presenting.asked(hour())
        browser = Browser(path).begin()
        asked = presenting.request_of(browser.link())
        reply = presenting.answer(asked, vc(hour, asked, key=key, chain=(), issuer=issuer))
        assert (code_of(reply) if code else reply.status_code) == (code or 200)


def test_the_query_of_a_link_without_certificate_fits_a_url(begun):
    _, browser = begun
    assert len(browser.link()) < 8_000
    assert parse_qs(urlsplit(browser.link()).query)["response_mode"] == ["direct_post.jwt"]


def test_an_entry_holds_for_its_issuers_names_alone(hour):
    presenting.trusted(hour(), issuers=["https://penerbit.example"])
    assert shown_to(hour) == ""
    assert shown_to(hour, issuer="https://lain.example") == "x509.not-for-this"


def bare(hour, slug, key, **entry):
    text = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    anchor = {"name": "Kunci", "public_key": text, "issuers": ["https://penerbit.example"]} | entry
    return {"slug": slug, "assurance": "standard", "anchors": [anchor]}


def test_a_bare_key_holds_for_its_kinds_and_its_time_alone(hour):
    key = mdocs.private_key("telanjang")
    presenting.trusted(hour())  # so that the kind is asked for
    wallet_trust.add(bare(hour, "kunci", key, answers_for=[f"{VCT}/lain"]), now=hour())
    assert shown_to(hour, key=key, chain=()) == "x509.not-for-this"
    over = (hour() - timedelta(days=1)).isoformat()
    wallet_trust.add(bare(hour, "kunci", key, answers_for=[VCT], until=over), now=hour.pass_(seconds=1))
    assert shown_to(hour, key=key, chain=()) == "x509.out-of-time"
    wallet_trust.add(bare(hour, "kunci", key, answers_for=[VCT]), now=hour.pass_(seconds=1))
    assert shown_to(hour, key=key, chain=()) == ""


def test_a_bare_key_needs_the_name_of_its_issuer(hour):
    told = bare(hour, "kunci", mdocs.private_key("telanjang"), answers_for=[VCT])
    del told["anchors"][0]["issuers"]
    with pytest.raises(TrustRefused) as refused:
        wallet_trust.add(told, now=hour())
    assert refused.value.facts["why"] == "anchors.0.issuers"
