"""The European age document holds ages and nothing else, for three months at most; a name in it is refused."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from tests.mdocs import DAY, NOW, Wallet, check, private_key

from ruangaman.core.credentials import cose, mdoc, mdoc_reading
from ruangaman.core.credentials.status_list_errors import StatusReferenceMalformed


def test_what_the_profile_allows_passes():
    wallet = Wallet(elements={"age_over_18": True, "age_over_16": True, "age_over_21": False})
    assert check(wallet, ages=(16, 18, 21)).over == {16: True, 18: True, 21: False}


@pytest.mark.parametrize(
    ("wallet", "of"),
    [
        (Wallet(elements={"age_over_18": True, "nym": "1"}), "element"),
        (Wallet(elements={"age_over_18": True, "age_over_018": True}), "element"),
        (Wallet(elements={"age_in_years": 18}), "element"),
        (Wallet(name_space=mdoc.EU_PID), "namespace"),
        (Wallet(digest="SHA-384", digest_of=hashlib.sha384), "digest algorithm"),
        (Wallet(valid_until=NOW + 200 * DAY), "validity"),
    ],
)
def test_what_it_does_not_allow_is_refused_with_the_reason(wallet, of):
    with pytest.raises(mdoc.OutsideProfile) as refused:
        check(wallet)
    assert refused.value.facts == {"of": of}
    assert check(wallet, profile=False).device_bound


def test_its_algorithm_and_its_keys_are_es256_on_p_256():
    issued = mdoc_reading.read_device_response(Wallet().response()).documents[0].issuer_signed
    security = mdoc_reading.read_security_object(issued.issuer_auth.payload)
    ours, other = (private_key("a", curve).public_key() for curve in (None, ec.SECP384R1()))
    mdoc.check_eu_av(issued, security, ours)
    es384 = replace(issued, issuer_auth=replace(issued.issuer_auth, headers={cose.ALG: cose.ES384}))
    for told, of in (
        ((es384, security, ours), "algorithm"),
        ((issued, security, other), "key"),
        ((issued, replace(security, device_key=other), ours), "key"),
    ):
        with pytest.raises(mdoc.OutsideProfile) as refused:
            mdoc.check_eu_av(*told)
        assert refused.value.facts == {"of": of}


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-11-24", "2027-02-24"),
        ("2026-11-30", "2027-03-01"),
        ("2027-11-30", "2028-03-01"),
        ("2026-01-31", "2026-05-01"),
    ],
)
def test_three_months_are_months_of_the_calendar(first, last):
    start, end = (int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()) for day in (first, last))
    assert mdoc.months_later(start, 3) == end


def test_other_digests_and_states_that_we_cannot_read_are_refused():
    with pytest.raises(mdoc.DigestAlgorithmRefused):
        check(Wallet(digest="MD5"))
    told = {"identifier_list": {"id": b"1", "uri": "https://penerbit.example/daftar"}}
    with pytest.raises(mdoc.StatusUnknown):
        check(Wallet(status=told))
    assert check(Wallet(status=told), unknown_status=True).status is None
    for place in (None, {"idx": -1, "uri": "https://penerbit.example/1"}, {"idx": 7, "uri": "daftar"}):
        with pytest.raises(StatusReferenceMalformed):
            check(Wallet(status={"status_list": place}), unknown_status=True)


def test_where_the_state_is_kept_is_told():
    checked = check(Wallet(status={"status_list": {"idx": 7, "uri": "https://penerbit.example/1"}}))
    assert checked.status is not None
    assert (checked.status.idx, checked.status.uri) == (7, "https://penerbit.example/1")
