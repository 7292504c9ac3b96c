"""
A pack of lessons that nobody changed on its way: a manifest of all its files, and a signature over the manifest.

The signature is a compact JWS (RFC 7515) by ES256 whose payload is the manifest, byte for byte. Whoever checks brings
the key from elsewhere: a key within the pack would prove nothing.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec

from ruangaman.core.credentials import jose
from ruangaman.core.credentials.errors import CredentialError
from ruangaman.core.errors import RuangAmanError

MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "manifest.jws"
TYPE: Final = "lesson-pack+jwt"
FORMAT: Final = 1


class PackRefused(RuangAmanError):
    """
    A pack that is not as it was signed; `why` says what is wrong and `path` in which file.

    `why`: unsigned, signature, manifest, changed, missing, added, form.
    """

    code = "learning.pack-refused"


def manifest(
    files: Mapping[str, bytes], *, language: str, lessons: Mapping[str, int], made_on: date
) -> bytes:
    """
    What is in a pack, JSON in UTF-8.

    Args:
        lessons: objective -> version of its lesson. made_on: the day as of which the law is told.
    """
    told = {
        "format": FORMAT,
        "language": language,
        "made_on": made_on.isoformat(),
        "lessons": dict(lessons),
        "files": {
            path: {"sha256": hashlib.sha256(files[path]).hexdigest(), "bytes": len(files[path])}
            for path in sorted(files)
        },
    }
    return jose.write_json(told)


def signed(told: bytes, key: ec.EllipticCurvePrivateKey) -> str:
    """The signature over a manifest."""
    return jose.sign({"typ": TYPE, "kid": kid(key.public_key())}, told, key)


def kid(key: ec.EllipticCurvePublicKey) -> str:
    """The name of a key: its thumbprint (RFC 7638)."""
    return jose.to_base64url(jose.thumbprint(jose.public_jwk(key)))


def key_set(keys: Iterable[ec.EllipticCurvePublicKey]) -> dict[str, Any]:
    """Public keys as a JWK set (RFC 7517)."""
    named = [{**jose.public_jwk(one), "kid": kid(one)} for one in keys]
    return {"keys": [{**one, "use": "sig", "alg": jose.ES256} for one in named]}


def verify(files: Mapping[str, bytes], keys: Mapping[str, Any]) -> dict[str, Any]:
    """
    The manifest of a pack whose every file is as it was signed.

    Args:
        files: everything in the pack by its path. keys: a JWK set of keys that are trusted, from elsewhere.

    Raises:
        PackRefused: no signature of these keys, or a file that was changed, left out or added.
    """
    if MANIFEST not in files or SIGNATURE not in files:
        raise PackRefused(why="unsigned")
    try:
        told = _signed_by(files[SIGNATURE], keys)
        listed = jose.read_json_object(told)["files"]
        expected = {path: (one["sha256"], one["bytes"]) for path, one in listed.items()}
        said = jose.read_json_object(told)
    except (CredentialError, KeyError, TypeError, AttributeError):
        raise PackRefused(why="signature") from None
    if told != files[MANIFEST]:
        raise PackRefused(why="manifest")
    for path, (digest, size) in sorted(expected.items()):
        content = files.get(path)
        if content is None:
            raise PackRefused(why="missing", path=path)
        if len(content) != size or hashlib.sha256(content).hexdigest() != digest:
            raise PackRefused(why="changed", path=path)
    for path in sorted(files):
        if path not in expected and path not in (MANIFEST, SIGNATURE):
            raise PackRefused(why="added", path=path)
    return said


def _signed_by(signature: bytes, keys: Mapping[str, Any]) -> bytes:
    jws = jose.read_jws(signature, typ={TYPE}, algorithms={jose.ES256})
    for one in keys["keys"]:
        if one.get("kid") == jws.header.get("kid"):
            jose.verify(jws, jose.public_key(one, alg=jose.ES256))
            return jws.payload
    raise PackRefused(why="signature")
