"""Clocks differ: five minutes are forgiven in both directions, and not one second more."""

import pytest
from tests.sd_jwt_wallet import NOW
from tests.traps.credential import shown, verify

from ruangaman.core.credentials import sd_jwt


@pytest.mark.parametrize("shift", [-300, -1, 0, 1, 300])
def test_the_holders_proof_within_five_minutes_is_taken(shift):
    assert verify(shown(proof={"iat": NOW + shift})).key_bound


@pytest.mark.parametrize("shift", [-301, 301, -86_400 * 365, 86_400 * 365])
def test_the_holders_proof_beyond_is_refused(shift):
    with pytest.raises(sd_jwt.KeyBindingStale):
        verify(shown(proof={"iat": NOW + shift}))


@pytest.mark.parametrize("iat", [None, str(NOW), True, [NOW]])
def test_a_proof_without_a_readable_time_is_refused(iat):
    with pytest.raises(sd_jwt.ClaimMalformed):
        verify(shown(proof={"iat": iat}))


def test_the_proofs_own_end_counts_too():
    with pytest.raises(sd_jwt.Expired):
        verify(shown(proof={"exp": NOW - 300}))
    with pytest.raises(sd_jwt.NotYetValid):
        verify(shown(proof={"nbf": NOW + 301}))
