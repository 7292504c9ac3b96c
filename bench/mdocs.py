"""
Checking a mobile document whole, beside another verifier and raw ECDSA: `python -m bench.mdocs`.

One document of the European age profile, as a wallet answers OpenID4VP: chain, issuer, digests, time, profile, device.
A signer is known when its certificate led to the list of trust before, or new. Raw is what no way leads around: every
ECDSA verification of that very check, and the reading of each key that was not seen before. Prints a JSON object of
cases, each rate per CPU second.
"""

import json
from itertools import cycle

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from openvc.mdoc import verify_device_response
from tests import mdocs

from bench.age_tokens import in_turn
from ruangaman.core.credentials import mdoc, p256
from ruangaman.core.credentials.x509 import MOST_KNOWN

AGES = range(10, 40)
ANSWERS = MOST_KNOWN + 1
ALGORITHM, CURVE = ec.ECDSA(hashes.SHA256()), ec.SECP256R1()


def case(ages: range, signers: int) -> dict[str, float]:
    """The rates with answers that so many signers signed in turn."""
    elements, known = {f"age_over_{age}": age <= 18 for age in ages}, signers == 1
    ends = [mdocs.NOW + 400 * mdocs.DAY + number % signers for number in range(ANSWERS)]
    answers = cycle([mdocs.Wallet(elements, chain=(mdocs.signer(last=end),)).response() for end in ends])
    asked, transcript, now = mdocs.asked(), mdocs.TRANSCRIPT, mdocs.at(mdocs.NOW)
    roots = [x509.load_der_x509_certificate(mdocs.root())]

    def ours() -> None:
        found = mdoc.check_device_response(next(answers), asked, session_transcript=transcript)
        if found.over != {18: True}:
            raise RuntimeError(found)

    aws_lc, p256.EC = p256.EC, None
    asked_plainly = mdocs.asked()
    p256.EC = aws_lc

    def without_extra() -> None:
        p256.EC = None
        mdoc.check_device_response(next(answers), asked_plainly, session_transcript=transcript)
        p256.EC = aws_lc

    def openvc() -> None:
        found = verify_device_response(
            next(answers), trust_anchors=roots, session_transcript=transcript, now=now
        )
        if not found[0].device_signed:
            raise RuntimeError(found)

    signer = x509.load_der_x509_certificate(mdocs.signer())
    root, signed, to_be_signed = roots[0].public_key(), signer.signature, signer.tbs_certificate_bytes
    spki = signer.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    point = mdocs.DEVICE_KEY.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    message = b"x" * 500
    issued, proved = mdocs.SIGNER_KEY.sign(message, ALGORITHM), mdocs.DEVICE_KEY.sign(message, ALGORITHM)
    kept = mdocs.SIGNER_KEY.public_key()
    read_point, read_key = ec.EllipticCurvePublicKey.from_encoded_point, serialization.load_der_public_key

    def raw() -> None:
        key = kept
        if not known:
            root.verify(signed, to_be_signed, ALGORITHM)  # type: ignore[union-attr, arg-type, call-arg]
            key = read_key(spki)  # type: ignore[assignment]
        key.verify(issued, message, ALGORITHM)
        read_point(CURVE, point).verify(proved, message, ALGORITHM)

    return in_turn(ours=ours, without_extra=without_extra, openvc=openvc, raw=raw)


def main() -> None:
    one, new = range(18, 19), ANSWERS
    print(json.dumps({"known": case(one, 1), "new": case(one, new), "many": case(AGES, 1)}))


if __name__ == "__main__":
    main()
