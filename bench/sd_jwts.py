"""
Verifying an SD-JWT VC with its KB-JWT, beside another verifier and raw ECDSA: `python -m bench.sd_jwts FOLDER`.

Writes the presentation for peers in other environments to FOLDER/sd_jwt.json. Prints rates per CPU second.
"""

import hashlib
import json
import secrets
import sys
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from polaris_oid4vp.sdjwt import verify_presentation
from tests.sd_jwt_wallet import choose, prove

from bench.age_tokens import in_turn
from ruangaman.core.credentials import jose, p256, sd_jwt_vc
from ruangaman.core.credentials.sd_jwt import KeyBinding

NOW = 1_800_000_000
VCT = "https://issuer.example/vct/umur/1"
ISSUER = "https://issuer.example"
AUD, NONCE = "x509_san_dns:platform.example", "n-0S6_WzA2Mj"


def main(folder: Path) -> None:
    issuer, holder = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    held = sd_jwt_vc.issue_age_batch(
        vct=VCT, issuer=ISSUER, over=(13, 16), assurance="strict", expires=NOW + 86_400 * 30, now=NOW,
        holders=[jose.public_jwk(holder.public_key())], key=issuer, draw=secrets.token_bytes,
    )[0]  # fmt: skip
    shown = prove(choose(held, {"age_over_16": True}), holder, nonce=NONCE, aud=AUD, now=NOW).compact
    (folder / "sd_jwt.json").write_text(
        json.dumps(
            {
                "presentation": shown,
                "issuer": jose.public_jwk(issuer.public_key()),
                "aud": AUD,
                "nonce": NONCE,
            }
        )
    )
    jwk = jose.public_jwk(issuer.public_key())
    public, binding, vct = issuer.public_key(), KeyBinding(nonce=NONCE, aud=AUD), frozenset({VCT})

    def ours() -> None:
        sd_jwt_vc.verify(
            shown, key_of=lambda _header, _payload: public, now=NOW, key_binding=binding, vct=vct
        )

    def without_extra() -> None:
        aws_lc, p256.EC = p256.EC, None
        ours()
        p256.EC = aws_lc

    def polaris() -> None:
        found = verify_presentation(
            shown, expected_nonce=NONCE, expected_audience=AUD, issuer_jwks=[jwk], now=NOW, expected_vct=VCT
        )
        if not found.authentic:
            raise RuntimeError("the peer refuses what we take")

    message, digest = b"x" * 500, ec.ECDSA(hashes.SHA256())
    signed, proved = issuer.sign(message, digest), holder.sign(message, digest)
    point = holder.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    curve, read_point = ec.SECP256R1(), ec.EllipticCurvePublicKey.from_encoded_point

    def raw() -> None:
        public.verify(signed, message, digest)
        public.verify(signed, message, digest)

    def raw_new_key() -> None:
        """Each holder's key is seen once: reading it and its first use belong to what no way leads around."""
        public.verify(signed, message, digest)
        read_point(curve, point).verify(proved, message, digest)

    by_issuer, of_message = (
        p256.by_aws_lc(public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)),
        hashlib.sha256(message).digest(),
    )

    def raw_aws_lc() -> None:
        by_issuer(of_message, signed)
        p256.by_aws_lc(point)(of_message, proved)

    print(
        json.dumps(
            in_turn(
                ours=ours, without_extra=without_extra, polaris=polaris, raw=raw, raw_new_key=raw_new_key,
                raw_aws_lc=raw_aws_lc,
            )
        )
    )  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]))
