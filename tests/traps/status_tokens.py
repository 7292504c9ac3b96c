"""Status tokens of a key that is made for these tests."""

from cryptography.hazmat.primitives.asymmetric import ed25519

from ruangaman.core.credentials.status_list import StatusList
from ruangaman.core.credentials.status_token import status_cwt, status_jwt

URI = "https://umur.example/status/7"
NOW = 1_800_000_000
KEY = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def key_of(_header: object) -> ed25519.Ed25519PublicKey:
    return KEY.public_key()


def jwt(made: StatusList, uri: str = URI, iat: int = NOW, exp: int = NOW + 3_600) -> str:
    return status_jwt(made, sub=uri, iat=iat, exp=exp, ttl=900, alg="EdDSA", kid="1", sign=KEY.sign)


def cwt(made: StatusList, uri: str = URI, iat: int = NOW, exp: int = NOW + 3_600) -> bytes:
    return status_cwt(made, sub=uri, iat=iat, exp=exp, ttl=900, alg="EdDSA", kid=b"1", sign=KEY.sign)
