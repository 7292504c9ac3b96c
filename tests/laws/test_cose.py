"""COSE messages and keys: every allowed algorithm works with its own keys, and with nothing else."""

from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.mdocs import mac0, private_key

from ruangaman.core.credentials import cbor, cose

CURVES = {
    1: ec.SECP256R1(),
    2: ec.SECP384R1(),
    3: ec.SECP521R1(),
    256: ec.BrainpoolP256R1(),
    258: ec.BrainpoolP384R1(),
    259: ec.BrainpoolP512R1(),
}
WAYS = {
    cose.ES256: (hashes.SHA256(), {1, 256}),
    cose.ES384: (hashes.SHA384(), {2, 258}),
    cose.ES512: (hashes.SHA512(), {3, 259}),
    cose.ESP256: (hashes.SHA256(), {1}),
    cose.ESP384: (hashes.SHA384(), {2}),
    cose.ESP512: (hashes.SHA512(), {3}),
    cose.ESB256: (hashes.SHA256(), {256}),
    cose.ESB384: (hashes.SHA384(), {258}),
    cose.ESB512: (hashes.SHA512(), {259}),
}
EDWARDS = {
    6: ed25519.Ed25519PrivateKey.from_private_bytes(b"7" * 32),
    7: ed448.Ed448PrivateKey.from_private_bytes(b"7" * 57),
}
EDWARDS_WAYS = {cose.EDDSA: {6, 7}, cose.ED25519: {6}, cose.ED448: {7}}
PAYLOAD = b"what is signed"


def covered(algorithm: int, payload: bytes = PAYLOAD, external: bytes = b"") -> tuple[bytes, bytes]:
    protected = cbor.encode({1: algorithm})
    return protected, cbor.encode(["Signature1", protected, external, payload])


def signed_with(algorithm: int, key: ec.EllipticCurvePrivateKey, **kinds: Any) -> list[Any]:
    protected, told = covered(algorithm, **kinds)
    size = (key.curve.key_size + 7) // 8
    pair = decode_dss_signature(key.sign(told, ec.ECDSA(WAYS[algorithm][0])))
    return [protected, {}, PAYLOAD, b"".join(number.to_bytes(size) for number in pair)]


def cose_key(curve: int, key: ec.EllipticCurvePrivateKey) -> dict[int, Any]:
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)[1:]
    return {1: 2, -1: curve, -2: point[: len(point) // 2], -3: point[len(point) // 2 :]}


@pytest.mark.parametrize("algorithm", WAYS)
@pytest.mark.parametrize("curve", CURVES)
def test_each_algorithm_signs_on_its_curves_and_on_no_other(algorithm: int, curve: int) -> None:
    key = private_key("one", CURVES[curve])
    public = cose.public_key(cose_key(curve, key))
    message = cose.message_of(signed_with(algorithm, key))
    if curve not in WAYS[algorithm][1]:
        with pytest.raises(cose.AlgorithmRefused):
            cose.verify_sign1(message, public)
        return
    cose.verify_sign1(message, public)
    with pytest.raises(cose.AlgorithmRefused):
        cose.verify_sign1(message, public, allowed=cose.SIGNATURES - {algorithm})
    with pytest.raises(cose.SignatureWrong):
        cose.verify_sign1(message, private_key("other", CURVES[curve]).public_key())
    for proof in (message.proof[:-1], message.proof + b"\x00", b"", bytes(len(message.proof))):
        with pytest.raises(cose.SignatureWrong):
            cose.verify_sign1(cose.message_of([message.protected, {}, PAYLOAD, proof]), public)


@pytest.mark.parametrize("algorithm", EDWARDS_WAYS)
@pytest.mark.parametrize("curve", EDWARDS)
def test_edwards_curves_sign_as_they_are_named(algorithm: int, curve: int) -> None:
    key = EDWARDS[curve]
    public = cose.public_key({1: 1, -1: curve, -2: key.public_key().public_bytes_raw()})
    protected, told = covered(algorithm)
    message = cose.message_of([protected, {}, PAYLOAD, key.sign(told)])
    if curve in EDWARDS_WAYS[algorithm]:
        cose.verify_sign1(message, public)
        with pytest.raises(cose.SignatureWrong):
            cose.verify_sign1(message, public, external=b"other")
        return
    with pytest.raises(cose.AlgorithmRefused):
        cose.verify_sign1(message, public)


def test_a_key_of_one_kind_never_serves_the_other() -> None:
    protected, told = covered(cose.ES256)
    message = cose.message_of([protected, {}, PAYLOAD, EDWARDS[6].sign(told)])
    with pytest.raises(cose.AlgorithmRefused):
        cose.verify_sign1(message, EDWARDS[6].public_key())
    with pytest.raises(cose.AlgorithmRefused):
        cose.verify_sign1(
            cose.message_of([covered(cose.EDDSA)[0], {}, PAYLOAD, bytes(64)]), private_key("one").public_key()
        )


def test_a_payload_stands_in_one_place() -> None:
    key = private_key("one")
    attached = signed_with(cose.ES256, key)
    detached = [*attached[:2], None, attached[3]]
    cose.verify_sign1(cose.message_of(detached), key.public_key(), payload=PAYLOAD)
    for value, payload in ((attached, PAYLOAD), (detached, None)):
        with pytest.raises(cose.PayloadMissing):
            cose.verify_sign1(cose.message_of(value), key.public_key(), payload=payload)
    with pytest.raises(cose.SignatureWrong):
        cose.verify_sign1(cose.message_of(detached), key.public_key(), payload=b"")


def test_what_else_is_covered_must_be_the_same() -> None:
    key = private_key("one")
    message = cose.message_of(signed_with(cose.ES256, key, external=b"beside"))
    cose.verify_sign1(message, key.public_key(), external=b"beside")
    with pytest.raises(cose.SignatureWrong):
        cose.verify_sign1(message, key.public_key())


def test_a_mac_needs_its_key_and_its_name() -> None:
    key = b"k" * 32
    message = cose.message_of(cbor.Tagged(17, mac0(key, PAYLOAD)), tag=17)
    cose.verify_mac0(message, key, payload=PAYLOAD)
    for other, payload in ((b"x" * 32, PAYLOAD), (key, b"")):
        with pytest.raises(cose.SignatureWrong):
            cose.verify_mac0(message, other, payload=payload)
    with pytest.raises(cose.AlgorithmRefused):
        cose.verify_mac0(cose.message_of(signed_with(cose.ES256, private_key("one"))), key)


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        [b"", {}, b""],
        [b"", {}, b"", b"", b""],
        [{}, {}, b"", b""],
        [b"", [], b"", b""],
        [b"", {}, "text", b""],
        [b"", {}, b"", None],
        [cbor.encode({1: -7}), {1: -7}, b"", b""],
        [cbor.encode({2: [1]}), {}, b"", b""],
        [b"", {2: [1]}, b"", b""],
        cbor.Tagged(17, [b"", {}, b"", b""]),
    ],
)
def test_what_is_no_message_is_refused(value: Any) -> None:
    with pytest.raises(cose.MessageMalformed):
        cose.message_of(value, tag=18)


def test_the_chain_is_one_certificate_or_several_in_either_header() -> None:
    for told, wanted in ((b"one", (b"one",)), ([b"one", b"two"], (b"one", b"two"))):
        assert cose.chain(cose.message_of([b"", {33: told}, b"", b""])) == wanted
        assert cose.chain(cose.message_of([cbor.encode({33: told}), {}, b"", b""])) == wanted
    for told in (None, [], "one", [b"one", 2], {}):
        with pytest.raises(cose.ChainMalformed):
            cose.chain(cose.message_of([b"", {33: told}, b"", b""]))


@pytest.mark.parametrize("curve", CURVES)
def test_a_key_may_give_the_sign_of_y(curve: int) -> None:
    key = private_key("one", CURVES[curve])
    told = cose_key(curve, key)
    short = told | {-3: bool(told[-3][-1] & 1)}
    assert cose.public_key(short) == cose.public_key(told) == key.public_key()


GOOD = cose_key(1, private_key("one"))


@pytest.mark.parametrize(
    "key",
    [
        None,
        {},
        GOOD | {1: 1},
        GOOD | {1: 4},
        GOOD | {-1: 8},
        GOOD | {-1: 2},
        GOOD | {-1: "P-256"},
        GOOD | {-2: b"\x00" + GOOD[-2]},
        GOOD | {-2: GOOD[-2][1:]},
        GOOD | {-3: GOOD[-2]},
        GOOD | {-3: None},
        GOOD | {-4: b"secret"},
        {1: 1, -1: 6, -2: b"short"},
        {1: 2, -1: 1, -2: b"\xff" * 32, -3: True},
    ],
)
def test_what_is_no_public_key_is_refused(key: Any) -> None:
    with pytest.raises(cose.KeyRefused):
        cose.public_key(key)
