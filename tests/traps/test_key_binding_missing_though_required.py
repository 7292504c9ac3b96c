"""The wallet leaves the KB-JWT out, or sends one that proves nothing: a stolen credential (RFC 9901 7.3)."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from tests.sd_jwt_wallet import prove
from tests.traps.credential import HOLDER, VCT, held, shown, verify

from ruangaman.core.credentials import dcql, jose, sd_jwt
from ruangaman.core.credentials.sd_jwt import SdJwt


def test_without_a_proof_it_is_refused():
    bare = SdJwt(shown().issuer_jwt, shown().disclosures, None)
    with pytest.raises(sd_jwt.KeyBindingMissing):
        verify(bare)
    with pytest.raises(sd_jwt.KeyBindingMissing):
        verify(bare.compact)


def test_what_came_never_decides_whether_it_is_required():
    assert verify(shown()).key_bound
    assert not verify(shown(), key_binding=None).key_bound
    query = dcql.read(dcql.one_claim("age", dcql.SD_JWT, [VCT], ["age_over_16"])).credentials[0]
    came = dcql.Presented(dcql.SD_JWT, VCT, {"age_over_16": True}, False, {("age_over_16",)})
    with pytest.raises(dcql.AnswerNotBound):
        dcql.check_one(query, came)


def test_a_proof_by_another_key_is_refused():
    with pytest.raises(jose.SignatureWrong):
        verify(prove(held(), ec.generate_private_key(ec.SECP256R1())))


def test_a_proof_of_another_type_is_refused():
    for typ in ("jwt", "dc+sd-jwt", "openid4vci-proof+jwt", None):
        with pytest.raises(jose.WrongType):
            verify(prove(held(), HOLDER, header={"typ": typ}))


def test_a_proof_over_other_disclosures_is_refused():
    bound = shown()
    for disclosures in ((), bound.disclosures[::-1], held().disclosures[1:2]):
        if disclosures != bound.disclosures:
            with pytest.raises(sd_jwt.WrongDigestOfPresentation):
                verify(SdJwt(bound.issuer_jwt, disclosures, bound.kb_jwt))


def test_a_credential_without_a_holders_key_proves_nothing():
    with pytest.raises(sd_jwt.HolderKeyMissing):
        verify(shown(cnf=None))
    with pytest.raises(sd_jwt.HolderKeyMissing):
        verify(shown(cnf={"kid": "1"}))


def test_the_proof_of_another_credential_does_not_fit():
    other = shown(iat=1)
    with pytest.raises(sd_jwt.WrongDigestOfPresentation):
        verify(SdJwt(shown().issuer_jwt, shown().disclosures, other.kb_jwt))
