"""A credential that will be issued, or will count, later."""

import pytest
from tests.sd_jwt_wallet import NOW
from tests.traps.credential import shown, verify

from ruangaman.core.credentials import sd_jwt


def test_iat_may_lie_ahead_by_the_skew_alone():
    verify(shown(iat=NOW + 300))
    with pytest.raises(sd_jwt.IssuedInFuture):
        verify(shown(iat=NOW + 301))


def test_nbf_may_lie_ahead_by_the_skew_alone():
    verify(shown(nbf=NOW + 300))
    with pytest.raises(sd_jwt.NotYetValid):
        verify(shown(nbf=NOW + 301))


@pytest.mark.parametrize("claim", ["iat", "nbf"])
def test_a_time_that_is_no_number_is_refused(claim):
    with pytest.raises(sd_jwt.ClaimMalformed):
        verify(shown(**{claim: str(NOW)}))
