"""Clocks differ by 300 seconds at most, either way, and a document one second beyond is early or late."""

import pytest
from tests.mdocs import (
    DAY,
    NOW,
    ROOT_KEY,
    SIGNER_KEY,
    SIGNER_USAGE,
    Wallet,
    certificate,
    check,
    root,
    signer,
    trust,
)

from ruangaman.core.credentials import mdoc, x509


def test_300_seconds_early_or_late_are_granted_and_301_are_not():
    early, late = Wallet(valid_from=NOW + 300), Wallet(valid_from=NOW - DAY, valid_until=NOW - 300)
    assert check(early).over == check(late).over == {18: True}
    with pytest.raises(mdoc.NotYetValid):
        check(Wallet(valid_from=NOW + 301))
    with pytest.raises(mdoc.Expired):
        check(Wallet(valid_from=NOW - DAY, valid_until=NOW - 301))


def test_without_skew_the_window_is_exact():
    with pytest.raises(mdoc.NotYetValid):
        check(Wallet(valid_from=NOW + 1), skew=0)
    with pytest.raises(mdoc.Expired):
        check(Wallet(valid_until=NOW - 1), skew=0)
    assert check(Wallet(valid_from=NOW, valid_until=NOW), skew=0).device_bound


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("whose", ["signer", "root"])
def test_certificates_have_the_same_window(whose, late):
    for beyond in (300, 301):
        kinds = {"last": NOW - beyond} if late else {"first": NOW + beyond}
        chain, roots = (signer(),), root()
        if whose == "signer":
            chain = (signer(**kinds),)
        else:
            roots = root(**kinds)
        wallet = Wallet(chain=chain, signed=NOW)
        if beyond == 300:
            assert check(wallet, trust=trust(roots)).device_bound
            continue
        with pytest.raises(x509.OutOfTime):
            check(wallet, trust=trust(roots))


def test_a_document_signed_outside_the_time_of_its_signer_is_refused():
    short = certificate(
        "Penanda tangan", SIGNER_KEY, issuer="Akar", issuer_key=ROOT_KEY, usage=SIGNER_USAGE, first=NOW - DAY
    )
    assert check(Wallet(chain=(short,), signed=NOW - DAY)).device_bound
    with pytest.raises(mdoc.SignedOutOfTime):
        check(Wallet(chain=(short,), signed=NOW - 2 * DAY))


def test_a_remembered_signer_is_held_to_its_time_again():
    roots = trust()
    assert check(Wallet(), trust=roots).device_bound
    with pytest.raises(x509.OutOfTime):
        check(Wallet(), trust=roots, now=NOW + 500 * DAY)
