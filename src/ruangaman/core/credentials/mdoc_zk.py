"""
Zero-knowledge proofs about mobile documents (Longfellow): everything that is looked at before the proof itself.

A proof is worth as much as its circuit, so only circuits on a pinned list count. What remains is handed out as a
`Task`, which an adapter gives to the verifier.

Source: ISO/IEC 18013-5 second edition, ZkDeviceResponse; the request format `mso_mdoc_zk` of Google's proposal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec

from ruangaman.core.credentials import cbor, cose, x509
from ruangaman.core.credentials.errors import CredentialError
from ruangaman.core.credentials.mdoc import NAME_SPACES, SKEW, age_number
from ruangaman.core.credentials.mdoc_reading import doc_type_of, tdate

SYSTEM: Final = "longfellow-libzk-v1"
LIMITS: Final = cbor.Limits(most_bytes=1_048_576, most_items=2_000, most_depth=12)
MOST_CLAIMS: Final = 4


class ProofRefused(CredentialError):
    """A zero-knowledge proof that is not accepted."""

    code = "longfellow.refused"


class ProofMalformed(ProofRefused):
    """Not the structure of an answer with one proof and nothing else."""

    code = "longfellow.malformed"


class CircuitUnknown(ProofRefused):
    """The proof was made with a circuit that is not on our list, or not for so many claims."""

    code = "longfellow.circuit-unknown"


class ProofOutOfTime(ProofRefused):
    """The proof speaks of a moment too far from now."""

    code = "longfellow.out-of-time"


class ProofNotAsked(ProofRefused):
    """The proof is about another kind of document, or not about the one age that was asked."""

    code = "longfellow.not-asked"


@dataclass(frozen=True, slots=True)
class Circuit:
    """
    A circuit that counts: its id, the version of the system, how many claims it proves, and its file's SHA-256.

    The two block sizes belong to the circuit; wallets want to be told them.
    """

    circuit_hash: str
    version: int
    num_attributes: int
    sha256: str
    block_enc_hash: int = 0
    block_enc_sig: int = 0

    @property
    def spec(self) -> dict[str, str | int]:
        """How a request names it (ZkSystemSpec as google/longfellow-zk writes it in DCQL); the answer repeats `id`."""
        return {
            "id": self.circuit_hash,
            "system": SYSTEM,
            "circuit_hash": self.circuit_hash,
            "num_attributes": self.num_attributes,
            "version": self.version,
            "block_enc_hash": self.block_enc_hash,
            "block_enc_sig": self.block_enc_sig,
        }


PINNED: Final = (
    Circuit(
        "8d079211715200ff06c5109639245502bfe94aa869908d31176aae4016182121",
        7,
        1,
        "9016d173d8a579a104591b85826798bfbb03eafa7b376ad18c5344eab3a92769",
        4151,
        4096,
    ),
)
"""Version 7 for one claim, as google/longfellow-zk publishes it. One age is all that is ever asked."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One element that is proved: `cbor_value` is its value as CBOR."""

    name_space: str
    element_identifier: str
    cbor_value: bytes


@dataclass(frozen=True, slots=True)
class ZkDocument:
    """One proof with what it speaks of. `timestamp` in unix seconds."""

    doc_type: str
    circuit_hash: str
    timestamp: int
    chain: tuple[bytes, ...]
    claims: tuple[Claim, ...]
    proof: bytes


@dataclass(frozen=True, slots=True)
class Task:
    """What the verifier needs, and nothing that it could decide by itself. Coordinates are of the issuer's key."""

    circuit: Circuit
    x: int
    y: int
    transcript: bytes
    claims: tuple[Claim, ...]
    timestamp: int
    doc_type: str
    proof: bytes


def read_zk_device_response(data: bytes) -> ZkDocument:
    """
    The one proof of an answer.

    Raises:
        CredentialError: CBOR, mdoc or longfellow refusals.
    """
    told = cbor.map_of(cbor.read(data, LIMITS))
    documents = told.get("zkDocuments")
    if told.get("status") != 0 or not isinstance(documents, list) or len(documents) != 1:
        raise ProofMalformed
    if told.get("documents"):  # a document beside the proof gives away what the proof was made to keep
        raise ProofMalformed
    outer = cbor.map_of(documents[0])
    inner = cbor.map_of(cbor.read(cbor.embedded_of(outer.get("documentData")).content, LIMITS))
    if inner.get("deviceSigned"):
        raise ProofMalformed
    chain = inner.get("msoX5chain")
    chain = [chain] if isinstance(chain, bytes) else chain
    if not isinstance(chain, list) or not chain or not all(isinstance(one, bytes) for one in chain):
        raise ProofMalformed
    return ZkDocument(
        doc_type=doc_type_of(inner.get("docType")),
        circuit_hash=cbor.text_of(inner.get("zkSystemId")),
        timestamp=tdate(inner.get("timestamp")),
        chain=tuple(chain),
        claims=_claims(cbor.map_of(inner.get("issuerSigned"))),
        proof=cbor.bytes_of(outer.get("proof")),
    )


def _claims(told: Mapping[Any, Any]) -> tuple[Claim, ...]:
    found = []
    for name, items in told.items():
        for one in cbor.array_of(items):
            item = cbor.map_of(one)
            identifier, value = cbor.text_of(item.get("elementIdentifier")), item.get("elementValue")
            if not isinstance(value, bool):
                raise ProofMalformed
            found.append(Claim(cbor.text_of(name), identifier, cbor.encode(value)))
    if not 0 < len(found) <= MOST_CLAIMS:
        raise ProofMalformed
    return tuple(found)


def task(
    document: ZkDocument,
    *,
    doc_type: str,
    age: int,
    trust: x509.TrustList,
    now: int,
    session_transcript: bytes,
    circuits: tuple[Circuit, ...] = PINNED,
    skew: int = SKEW,
    purpose: x509.Purpose = x509.DOCUMENT_SIGNER,
) -> tuple[Task, bool]:
    """
    What is left to verify, and what it will have proved: True for "at least `age`", False for "younger".

    Args:
        doc_type, age: what was asked; the proof must be about this one age.
        now: unix seconds; the proof's own moment may lie `skew` seconds away, either way.
        session_transcript: ours, so that our nonce is in it.

    Raises:
        CredentialError: longfellow or x509 refusals.
    """
    if document.doc_type != doc_type or len(document.claims) != 1:
        raise ProofNotAsked
    claim = document.claims[0]
    if claim.name_space != NAME_SPACES.get(doc_type, doc_type) or age_number(claim.element_identifier) != age:
        raise ProofNotAsked
    circuit = next((one for one in circuits if one.circuit_hash == document.circuit_hash), None)
    if circuit is None or circuit.num_attributes != len(document.claims):
        raise CircuitUnknown
    if abs(document.timestamp - now) > skew:
        raise ProofOutOfTime
    signer = x509.check_chain(document.chain, trust, purpose=purpose, kind=doc_type, now=now, skew=skew)
    curve = cose.curve_of(signer.key)
    if not isinstance(signer.key, ec.EllipticCurvePublicKey) or curve is None or curve.name != "secp256r1":
        raise cose.AlgorithmRefused
    point = signer.key.public_numbers()
    left = Task(
        circuit,
        point.x,
        point.y,
        session_transcript,
        document.claims,
        document.timestamp,
        doc_type,
        document.proof,
    )
    return left, claim.cbor_value == b"\xf5"
