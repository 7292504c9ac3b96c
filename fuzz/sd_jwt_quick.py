"""The quick door of SD-JWT VC beside the plain one: on any bytes, what the one says the other says too."""

from typing import Literal

from cryptography.hazmat.primitives.asymmetric import ec

from ruangaman.core.credentials import jose, sd_jwt, sd_jwt_quick, sd_jwt_vc
from ruangaman.core.credentials.errors import CredentialError
from ruangaman.core.credentials.sd_jwt import KeyBinding, SdJwt

ISSUER = ec.derive_private_key(7_000_000_007, ec.SECP256R1())
PUBLIC = ISSUER.public_key()
HOLDER = ec.derive_private_key(11_000_000_011, ec.SECP256R1())
NOW = 1_764_500_000
BINDING = KeyBinding("n-0S6_WzA2Mj", "x509_san_dns:aman.example")
_CNF = jose.write_json({"jwk": jose.public_jwk(HOLDER.public_key())})


def target(data: bytes) -> None:
    """As it is, and signed by both: the first line stands in the payload, the others are disclosures."""
    both(data)
    first, *others = data.split(b"\n")
    disclosures = tuple(jose.to_base64url(one) for one in others)
    digests = jose.write_json([sd_jwt.digest(one) for one in disclosures])
    payload = b'{"vct":"v","iat":%d,"exp":%d,"_sd":%b,"cnf":%b' % (NOW, NOW + 9, digests, _CNF)
    signed = jose.sign({"typ": "dc+sd-jwt"}, payload + first + b"}", ISSUER)
    sent = SdJwt(signed, disclosures, None)
    proof = jose.write_json(
        {"iat": NOW, "aud": BINDING.aud, "nonce": BINDING.nonce, "sd_hash": sd_jwt.digest(sent.presented)}
    )
    both(SdJwt(signed, disclosures, jose.sign({"typ": "kb+jwt"}, proof, HOLDER)).compact)


def both(sent: str | bytes, key: jose.PublicKey = PUBLIC) -> Literal["taken", "refused", "left"]:
    """What the quick door did, once it is sure that the plain door does the same.

    Raises:
        AssertionError: they differ.
    """
    quick: object = None
    plain: object = None
    try:
        quick = sd_jwt_quick.verify(
            sent,
            key_of=lambda *_: key,
            now=NOW,
            key_binding=BINDING,
            typ=sd_jwt_vc.TYP,
            never_hidden=sd_jwt_vc.NEVER_HIDDEN,
        )
    except CredentialError as refusal:
        quick = type(refusal)
    try:
        held = sd_jwt.verify(
            sent,
            key_of=lambda *_: key,
            now=NOW,
            key_binding=BINDING,
            typ=sd_jwt_vc.TYP,
            never_hidden=sd_jwt_vc.NEVER_HIDDEN,
        )
        plain = (held.header, held.claims, held.disclosed)
    except CredentialError as refusal:
        plain = type(refusal)
    if quick is None:
        return "left"
    if _told(quick) != _told(plain):
        raise AssertionError(f"the quick door: {quick!r}, the plain one: {plain!r}")
    return "taken" if isinstance(quick, tuple) else "refused"


def _told(found: object) -> object:
    """With types, for one and true are alike to Python; the order of names says nothing."""
    if not isinstance(found, tuple):
        return found
    header, claims, disclosed = found
    return repr(header), sorted((name, repr(value)) for name, value in claims.items()), disclosed
