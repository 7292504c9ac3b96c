"""A document shown to somebody else, or copied from a wallet, comes without a proof for this session."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from tests.mdocs import OTHER_TRANSCRIPT, READER_KEY, TRANSCRIPT, Wallet, asked, check, private_key

from ruangaman.core.credentials import cbor, mdoc, mdoc_reading


@pytest.mark.parametrize("device", ["signature", "mac"])
def test_a_proof_for_another_transcript_is_refused(device):
    wallet = Wallet(device=device)
    assert check(wallet).device_bound
    with pytest.raises(mdoc.DeviceAuthWrong):
        check(wallet, transcript=OTHER_TRANSCRIPT)


def test_a_document_without_a_proof_of_the_device_is_refused():
    with pytest.raises(mdoc.DeviceAuthMissing):
        check(Wallet(device="none"))


def test_a_mac_needs_the_key_of_the_session():
    told = Wallet(device="mac").response()
    with pytest.raises(mdoc.ReaderKeyMissing):
        mdoc.check_device_response(told, asked(), session_transcript=TRANSCRIPT)
    with pytest.raises(mdoc.DeviceAuthWrong):
        mdoc.check_device_response(
            told, asked(), session_transcript=TRANSCRIPT, reader_key=private_key("someone else")
        )


@pytest.mark.parametrize("curve", [ec.SECP384R1(), ec.SECP521R1(), None])
def test_a_mac_by_a_key_on_another_curve_is_refused(curve):
    device = private_key("other", curve) if curve else ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32))
    document = mdoc_reading.read_device_response(Wallet(device="mac").response()).documents[0]
    with pytest.raises(mdoc.DeviceAuthWrong):
        mdoc.check_device(document, device.public_key(), TRANSCRIPT, READER_KEY)


def test_a_proof_by_another_device_is_refused():
    document = Wallet().document()
    stolen = Wallet().document() | {
        "deviceSigned": document["deviceSigned"]
        | {"deviceAuth": {"deviceSignature": _signed_by(private_key("thief"))}}
    }
    told = cbor.encode({"version": "1.0", "documents": [stolen], "status": 0})
    with pytest.raises(mdoc.DeviceAuthWrong):
        mdoc.check_device_response(told, asked(), session_transcript=TRANSCRIPT, reader_key=READER_KEY)


def _signed_by(key):
    from tests.mdocs import AV, sign1

    covered = mdoc.device_authentication(AV, cbor.embedded(b"\xa0"), TRANSCRIPT)
    return sign1(key, covered, detached=True)


@pytest.mark.parametrize("documents", [0, 2])
def test_exactly_one_document_is_taken(documents):
    told = cbor.encode({"version": "1.0", "documents": [Wallet().document()] * documents, "status": 0})
    with pytest.raises(mdoc.OneDocument):
        mdoc.check_device_response(told, asked(), session_transcript=TRANSCRIPT)


def test_a_payload_inside_the_proof_of_the_device_is_refused():
    from tests.mdocs import AV, DEVICE_KEY, sign1

    covered = mdoc.device_authentication(AV, cbor.embedded(b"\xa0"), TRANSCRIPT)
    document = Wallet().document()
    document["deviceSigned"]["deviceAuth"] = {"deviceSignature": sign1(DEVICE_KEY, covered)}
    told = cbor.encode({"version": "1.0", "documents": [document], "status": 0})
    with pytest.raises(mdoc.DeviceAuthWrong):
        mdoc.check_device_response(told, asked(), session_transcript=TRANSCRIPT)
