"""
The encrypted answer of a wallet (`direct_post.jwt`, `dc_api.jwt`): compact JWE by ECDH-ES on P-256 with AES-GCM.

Source: OpenID4VP 1.0 section 8.3; RFC 7516; RFC 7518 4.6 and 5.3. Header and sizes are checked here, before any key is
touched; compression is refused, so nothing inflates.
"""

from collections.abc import Collection

from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jwe as joserfc_jwe
from joserfc.jwk import ECKey

from ruangaman.core.credentials import jose
from ruangaman.core.credentials.errors import CredentialError

MOST_BYTES = 720_896
"""The longest encrypted answer; the plain one is shorter. A Longfellow proof (360 kB) is in base64 twice."""

ENCRYPTIONS = frozenset({"A128GCM", "A256GCM"})
_MOST_PARTY_BYTES = 512


class _Registry(joserfc_jwe.JWERegistry):
    """The library's own limit (64 KiB) is too low for answers with proofs or portraits; ours came before it."""

    max_ciphertext_length = MOST_BYTES


class EncryptionRefused(CredentialError):
    """Another way of encrypting than the one that was asked for, or a header that says too much."""

    code = "jose.encryption-refused"


class NotDecrypted(CredentialError):
    """It does not open with our key: made for another one, or changed on the way."""

    code = "jose.not-decrypted"


def key_id(token: str | bytes) -> str | None:
    """The `kid` that the header names, so that the caller finds the key of the session; None without one."""
    kid = _header(token)[0].get("kid")
    return kid if isinstance(kid, str) else None


def decrypt(
    token: str | bytes,
    key: ec.EllipticCurvePrivateKey,
    *,
    kid: str | None = None,
    encryptions: Collection[str] = ENCRYPTIONS,
) -> bytes:
    """
    The plain bytes of an encrypted answer.

    Args:
        key: our private key of this one request, on P-256.
        kid: the name under which its public part was sent; the header must then carry it (OpenID4VP 1.0 8.3).
        encryptions: what was offered in `encrypted_response_enc_values_supported`.

    Raises:
        jose.TooLarge, jose.NotCompact, jose.NotBase64url, jose.NotJson, jose.DuplicateKey, jose.TooDeep: the form.
        jose.CriticalUnknown, EncryptionRefused: the header.
        NotDecrypted: it does not open.
    """
    header, raw = _header(token)
    encryption = header.get("enc")
    if header.get("alg") != "ECDH-ES" or "zip" in header or not isinstance(encryption, str):
        raise EncryptionRefused
    if encryption not in ENCRYPTIONS or encryption not in encryptions:
        raise EncryptionRefused
    if kid is not None and header.get("kid") != kid:
        raise EncryptionRefused
    for name in ("apu", "apv"):
        party = header.get(name, "")
        if not isinstance(party, str) or len(jose.from_base64url(party)) > _MOST_PARTY_BYTES:
            raise EncryptionRefused
    sender = header.get("epk")
    if type(sender) is not dict or sender.get("crv") != "P-256":
        raise EncryptionRefused
    try:
        jose.public_key({name: sender[name] for name in sender if name in ("kty", "crv", "x", "y", "d")})
    except jose.KeyRefused:
        raise EncryptionRefused from None
    try:
        registry = _Registry(algorithms=["ECDH-ES", encryption])
        found = joserfc_jwe.decrypt_compact(raw, ECKey.import_key(key), registry=registry)
    except Exception:  # the library's own family, and whatever else it meets in bytes of a stranger
        raise NotDecrypted from None
    if found.plaintext is None:
        raise NotDecrypted
    return found.plaintext


def _header(token: str | bytes) -> tuple[dict[str, jose.Json], bytes]:
    if len(token) > MOST_BYTES:
        raise jose.TooLarge(bytes=len(token), most=MOST_BYTES)
    try:
        raw = token.encode("ascii") if isinstance(token, str) else token
    except UnicodeEncodeError:
        raise jose.NotCompact from None
    parts = raw.split(b".")
    if len(parts) != 5 or parts[1]:  # ECDH-ES agrees on the key and sends none (RFC 7518 4.6)
        raise jose.NotCompact(parts=len(parts))
    if not parts[3]:
        raise jose.NotCompact
    for part in (parts[2], parts[4]):
        jose.from_base64url(part)
    header = jose.read_json_object(jose.from_base64url(parts[0]))
    if "crit" in header:
        raise jose.CriticalUnknown
    return header, raw
