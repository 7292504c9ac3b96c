"""A credential past its end still carries a good signature."""

import pytest
from tests.sd_jwt_wallet import NOW
from tests.traps.credential import shown, verify

from ruangaman.core.credentials import sd_jwt


def test_the_end_holds_to_the_second_with_the_allowed_skew():
    verify(shown(exp=NOW - 299))
    with pytest.raises(sd_jwt.Expired):
        verify(shown(exp=NOW - 300))
    with pytest.raises(sd_jwt.Expired):
        verify(shown(exp=0))


@pytest.mark.parametrize("exp", ["tomorrow", None, True, [NOW + 1], {"at": NOW + 1}])
def test_an_end_that_cannot_be_read_is_no_missing_end(exp):
    with pytest.raises(sd_jwt.ClaimMalformed) as refusal:
        verify(shown(exp=exp))
    assert refusal.value.facts == {"claim": "exp"}
