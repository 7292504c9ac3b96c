"""
ECDSA on P-256 (FIPS 186-5 6.4.2): by AWS-LC where the extra `ruangaman[fast]` is installed, else by OpenSSL.

AWS-LC takes about three quarters of OpenSSL's time, and two thirds where the key is seen for the first time (ADR 0072).
Both refuse a point that is not on the curve and a signature that is not the shortest DER. The plain doors use OpenSSL
alone, so that what this one takes is compared with another implementation.
"""

from collections.abc import Callable
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

try:
    from awscrt.crypto import EC  # type: ignore[import-untyped, import-not-found, unused-ignore]
except ImportError:  # the optional extra is not installed
    EC = None

Check = Callable[[bytes, bytes], bool]
"""Of a SHA-256 digest and a signature in DER: did this key make it?"""

POINT_BYTES: Final = 65
UNCOMPRESSED: Final = 4
_CURVE: Final = ec.SECP256R1()
_HASHED: Final = ec.ECDSA(Prehashed(SHA256()))
# What stands before an uncompressed point in a SubjectPublicKeyInfo (RFC 5480 section 2), without its first byte 4.
_INFO: Final = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")


def by_openssl(point: bytes) -> Check:
    """As `check_by_point`, by OpenSSL."""
    return _of(ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, _whole(point)))


def by_aws_lc(point: bytes) -> Check:
    """As `check_by_point`, by AWS-LC, whose package must be there."""
    try:
        check: Check = EC.new_key_from_der_data(_INFO + _whole(point)).verify
    except RuntimeError:  # its one error, for each fault of a key
        raise ValueError("not on the curve") from None
    return check


def check_by_point(point: bytes) -> Check:
    """
    The check by the key whose uncompressed point (SEC 1 2.3.3) this is: 4, x and y.

    Raises:
        ValueError: no such point lies on the curve.
    """
    return by_openssl(point) if EC is None else by_aws_lc(point)


def check_by_key(key: object) -> Check | None:
    """The check by a key that `cryptography` read; None where it is not one on P-256."""
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        return None
    if EC is None:
        return _of(key)
    return by_aws_lc(key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def _whole(point: bytes) -> bytes:
    if len(point) != POINT_BYTES or point[0] != UNCOMPRESSED:
        raise ValueError("another form of a point")
    return point


def _of(key: ec.EllipticCurvePublicKey) -> Check:
    def check(digest: bytes, signature: bytes) -> bool:
        try:
            key.verify(signature, digest, _HASHED)
        except InvalidSignature:
            return False
        return True

    return check
