"""A wallet that answers with a zero-knowledge proof in place of its document (`mso_mdoc_zk`)."""

from typing import Any

from ruangaman.adapters import longfellow
from ruangaman.core.credentials import cbor, jose, mdoc_zk
from tests import mdocs

CIRCUIT = mdoc_zk.PINNED[0]


def response(wallet: mdocs.Wallet, *, now: int, proof: bytes = b"a proof", **changes: Any) -> bytes:
    """A DeviceResponse with one proof about this document; what stands in the described data may be changed."""
    told = {
        "docType": wallet.doc_type,
        "timestamp": mdocs.tdate(now),
        "msoX5chain": (wallet.chain or (mdocs.signer(),))[0],
        "zkSystemId": CIRCUIT.circuit_hash,
        "issuerSigned": {
            wallet.space(): [
                {"elementIdentifier": name, "elementValue": value} for name, value in wallet.elements.items()
            ]
        },
    } | changes
    document = {"proof": proof, "documentData": cbor.Encoded(cbor.embedded(cbor.encode(told)))}
    return cbor.encode({"version": "1.0", "zkDocuments": [document], "status": 0})


def text(wallet: mdocs.Wallet, *, now: int, **kinds: Any) -> str:
    """As it stands in a `vp_token`."""
    return jose.to_base64url(response(wallet, now=now, **kinds))


def prove(wallet: mdocs.Wallet, *, now: int) -> bytes:
    """A real proof, bound to the wallet's transcript; takes some seconds, and `pylongfellow`."""
    from pylongfellow import Pylongfellow
    from pylongfellow.mdoc import PublicKey, RequestedAttribute

    prover = Pylongfellow(backend="google-cpp")
    circuit = (longfellow.CIRCUITS / f"{CIRCUIT.circuit_hash}.circuit").read_bytes()
    prover.load_circuit(circuit, CIRCUIT.version, CIRCUIT.num_attributes)
    ((name, value),) = wallet.elements.items()
    claims = [RequestedAttribute(wallet.space(), name, cbor.encode(value))]
    point = mdocs.SIGNER_KEY.public_key().public_numbers()
    key = PublicKey(point.x, point.y)
    return bytes(prover.prove(wallet.response(), key, wallet.transcript, claims, mdocs.at(now)))
