"""One good age credential, which each trap breaks in one way."""

from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from tests.sd_jwt_wallet import AUD, NONCE, NOW, prove

from ruangaman.core.credentials import jose, sd_jwt_vc
from ruangaman.core.credentials.errors import CredentialError
from ruangaman.core.credentials.sd_jwt import KeyBinding, SdJwt
from ruangaman.core.credentials.sd_jwt_issuing import Concealed, conceal

ISSUER = ec.derive_private_key(7_000_000_007, ec.SECP256R1())
HOLDER = ec.derive_private_key(11_000_000_011, ec.SECP256R1())
VCT = "https://aman.example/vct/umur/1"
BINDING = KeyBinding(NONCE, AUD)


def payload() -> dict[str, Any]:
    cnf = {"jwk": jose.public_jwk(HOLDER.public_key())}
    return {"vct": VCT, "iss": "https://aman.example", "iat": NOW - 60, "exp": NOW + 86_400, "cnf": cnf}


def held(**claims: Any) -> SdJwt:
    """As issued; `claims` replace those of the payload, whatever they are."""
    ages = {"age_over_13": Concealed(True), "age_over_16": Concealed(True)}
    done = conceal(payload() | ages, draw=lambda size: bytes(size - 1) + b"\x01")
    told = done.payload | claims
    if "cnf" in claims and claims["cnf"] is None:
        told.pop("cnf")
    return SdJwt(jose.sign({"typ": "dc+sd-jwt"}, jose.write_json(told), ISSUER), done.disclosures, None)


def shown(proof: dict[str, Any] | None = None, **claims: Any) -> SdJwt:
    """With one disclosure and the holder's proof, whose claims `proof` replaces."""
    one = held(**claims)
    wanted = {"nonce": NONCE, "aud": AUD, "now": NOW} | (proof or {})
    return prove(SdJwt(one.issuer_jwt, one.disclosures[1:], None), HOLDER, **wanted)


def verify(
    sent: SdJwt | str | bytes, key_binding: KeyBinding | None = BINDING
) -> sd_jwt_vc.VerifiedCredential:
    """By the plain door, where parts lead, and as compact text, which tries the quick one first: both say the same."""
    if not isinstance(sent, SdJwt):
        return _verify(sent, key_binding)
    plain = _outcome(sent, key_binding)
    if not sent.further:
        assert repr(_outcome(sent.compact, key_binding)) == repr(plain)
    if isinstance(plain, CredentialError):
        raise plain
    return plain


def _outcome(
    sent: SdJwt | str, key_binding: KeyBinding | None
) -> sd_jwt_vc.VerifiedCredential | CredentialError:
    try:
        return _verify(sent, key_binding)
    except CredentialError as refusal:
        return refusal


def _verify(sent: SdJwt | str | bytes, key_binding: KeyBinding | None) -> sd_jwt_vc.VerifiedCredential:
    return sd_jwt_vc.verify(
        sent, key_of=lambda *_: ISSUER.public_key(), now=NOW, key_binding=key_binding, vct={VCT}
    )
