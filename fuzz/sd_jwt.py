"""SD-JWTs: in each of their forms, and their digests apart from the signature."""

from cryptography.hazmat.primitives.asymmetric import ec

from ruangaman.core.credentials import jose, sd_jwt, sd_jwt_vc
from ruangaman.core.credentials.errors import CredentialError
from ruangaman.core.credentials.sd_jwt import KeyBinding, SdJwt

KEY = ec.derive_private_key(7_000_000_007, ec.SECP256R1())
NOW = 1_764_500_000


def target(data: bytes) -> None:
    for read in (_whole, _signed_by_us, _processed):
        try:
            read(data)
        except CredentialError:
            continue


def _whole(data: bytes) -> None:
    sd_jwt_vc.verify(
        data, key_of=lambda *_: KEY.public_key(), now=NOW, key_binding=KeyBinding("n", "a"), vct=None
    )


def _signed_by_us(data: bytes) -> None:
    """Past the signature: the first line is the payload, the others are disclosures."""
    first, *others = data.split(b"\n")
    payload = jose.write_json(jose.read_json_object(first))
    disclosures = tuple(jose.to_base64url(one) for one in others)
    held = SdJwt(jose.sign({"typ": "dc+sd-jwt"}, payload, KEY), disclosures, None)
    found = sd_jwt_vc.verify(held, key_of=lambda *_: KEY.public_key(), now=NOW, key_binding=None, vct=None)
    sd_jwt_vc.certificates(found.claims)


def _processed(data: bytes) -> None:
    text = data.decode("latin-1")
    disclosures = text.split("~")
    digests = [sd_jwt.digest(one) for one in disclosures]
    sd_jwt.process({"_sd": digests[::2], "list": [{"...": one} for one in digests[1::2]]}, disclosures)
