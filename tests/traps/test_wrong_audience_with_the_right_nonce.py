"""A proof for another verifier that passed our nonce on to the wallet: a relay."""

import pytest
from tests.sd_jwt_wallet import AUD, NONCE
from tests.traps.credential import shown, verify

from ruangaman.core.credentials import openid4vp_answer, sd_jwt
from ruangaman.core.credentials.sd_jwt import KeyBinding


@pytest.mark.parametrize(
    "aud", ["x509_san_dns:other.example", "aman.example", AUD.upper(), f"{AUD} ", [AUD], [AUD, "x"], None, 1]
)
def test_the_audience_is_our_whole_name_and_nothing_else(aud):
    with pytest.raises(sd_jwt.WrongAudience):
        verify(shown(proof={"aud": aud}))


@pytest.mark.parametrize("nonce", ["n-0S6_WzA2Mk", "", None, [NONCE]])
def test_the_right_audience_does_not_help_a_wrong_nonce(nonce):
    with pytest.raises(sd_jwt.WrongNonce):
        verify(shown(proof={"nonce": nonce}))


def test_by_the_browser_the_origin_is_the_audience_not_the_client_id():
    aud = openid4vp_answer.browser_aud("https://aman.example")
    verify(shown(proof={"aud": aud}), key_binding=KeyBinding(NONCE, aud))
    with pytest.raises(sd_jwt.WrongAudience):
        verify(shown(), key_binding=KeyBinding(NONCE, aud))
    with pytest.raises(sd_jwt.WrongAudience):
        verify(shown(proof={"aud": "https://aman.example"}), key_binding=KeyBinding(NONCE, aud))


def test_a_credential_made_for_one_verifier_is_not_for_us():
    with pytest.raises(sd_jwt.WrongAudience):
        verify(shown(aud="https://other.example"))
