"""The end of a credential is hidden: who does not show it never expires (RFC 9901 9.7)."""

import pytest
from tests.traps.credential import ISSUER, VCT, payload, verify

from ruangaman.core.credentials import jose, sd_jwt, sd_jwt_vc
from ruangaman.core.credentials.sd_jwt_issuing import Concealed, conceal


def hidden(name: str, value, inside: bool):
    """Signed by an issuer that does not know the rule."""
    text = jose.to_base64url(jose.write_json(["c2FsdHNhbHRzYWx0c2FsdA", "in" if inside else name, value]))
    told = {one: it for one, it in payload().items() if one != name}
    told |= {name: {"_sd": [sd_jwt.digest(text)]}} if inside else {"_sd": [sd_jwt.digest(text)]}
    return sd_jwt.SdJwt(jose.sign({"typ": "dc+sd-jwt"}, jose.write_json(told), ISSUER), (text,), None)


@pytest.mark.parametrize("inside", [False, True])
@pytest.mark.parametrize("name", sorted(sd_jwt_vc.NEVER_HIDDEN))
def test_what_decides_about_validity_must_stand_in_clear_text(name, inside):
    with pytest.raises(sd_jwt.ClaimHidden) as refusal:
        verify(hidden(name, 1, inside), key_binding=None)
    assert refusal.value.facts == {"claim": name}


def test_a_name_that_only_looks_so_further_down_may_be_hidden():
    text = jose.to_base64url(jose.write_json(["c2FsdHNhbHRzYWx0c2FsdA", "status", "x"]))
    told = payload() | {"degree": {"_sd": [sd_jwt.digest(text)]}}
    held = sd_jwt.SdJwt(jose.sign({"typ": "dc+sd-jwt"}, jose.write_json(told), ISSUER), (text,), None)
    assert verify(held, key_binding=None).claims["degree"] == {"status": "x"}


@pytest.mark.parametrize("name", sorted(sd_jwt.NEVER_HIDDEN))
def test_our_issuer_does_not_hide_them_either(name):
    with pytest.raises(sd_jwt.ClaimHidden):
        conceal({"vct": VCT, name: Concealed(1)}, draw=bytes)
    with pytest.raises(sd_jwt.ClaimHidden):
        conceal({"vct": VCT, name: [{"deep": Concealed(1)}]}, draw=bytes)
