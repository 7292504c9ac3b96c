"""Zero-knowledge proofs: what is looked at before the proof, and how its verifier is kept on a short lead."""

import fcntl
import hashlib
from dataclasses import replace
from typing import Any

import pytest
from fuzz import mdoc as fuzzed
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.mdocs import AV, NOW, SIGNER_KEY, TRANSCRIPT, at, private_key, signer, tdate, trust

from ruangaman.adapters import longfellow
from ruangaman.core.credentials import cbor, mdoc, mdoc_reading, mdoc_zk, x509
from ruangaman.core.credentials.errors import CredentialError

pytestmark = pytest.mark.slow

CIRCUIT = mdoc_zk.PINNED[0]


def answer(**changes: Any) -> bytes:
    """An answer with one proof; `proof` and whatever stands in the described data may be changed."""
    proof = changes.pop("proof", b"a proof")
    told = {
        "docType": AV,
        "timestamp": tdate(NOW),
        "msoX5chain": signer(),
        "zkSystemId": CIRCUIT.circuit_hash,
        "issuerSigned": {AV: [{"elementIdentifier": "age_over_18", "elementValue": True}]},
    } | changes
    document = {"proof": proof, "documentData": cbor.Encoded(cbor.embedded(cbor.encode(told)))}
    return cbor.encode({"version": "1.0", "zkDocuments": [document], "status": 0})


def task(data: bytes, **kinds: Any) -> tuple[mdoc_zk.Task, bool]:
    told = {"doc_type": AV, "age": 18, "trust": trust(), "now": NOW, "session_transcript": TRANSCRIPT} | kinds
    return mdoc_zk.task(mdoc_zk.read_zk_device_response(data), **told)


def test_what_is_left_to_verify_is_ours_but_for_the_proof() -> None:
    left, over = task(answer())
    point = SIGNER_KEY.public_key().public_numbers()
    assert over is True
    assert (left.x, left.y, left.transcript, left.doc_type) == (point.x, point.y, TRANSCRIPT, AV)
    assert left.claims == (mdoc_zk.Claim(AV, "age_over_18", b"\xf5"),)
    assert at(left.timestamp) == at(NOW)


def test_a_proof_of_being_younger_is_told_as_such() -> None:
    younger = {AV: [{"elementIdentifier": "age_over_18", "elementValue": False}]}
    assert task(answer(issuerSigned=younger))[1] is False


@pytest.mark.parametrize("away", [-301, -300, 0, 300, 301])
def test_a_proof_speaks_of_now(away: int) -> None:
    data = answer(timestamp=tdate(NOW + away))
    if abs(away) <= 300:
        assert task(data)[1]
        return
    with pytest.raises(mdoc_zk.ProofOutOfTime):
        task(data)


def named(name: str, value: Any = True, space: str = AV) -> dict[str, Any]:
    return {"issuerSigned": {space: [{"elementIdentifier": name, "elementValue": value}]}}


TWO = [{"elementIdentifier": f"age_over_{n}", "elementValue": True} for n in (16, 18)]


@pytest.mark.parametrize(
    ("changes", "kinds", "refusal"),
    [
        ({"zkSystemId": "0" * 64}, {}, mdoc_zk.CircuitUnknown),
        ({}, {"circuits": ()}, mdoc_zk.CircuitUnknown),
        ({}, {"circuits": (replace(CIRCUIT, num_attributes=2),)}, mdoc_zk.CircuitUnknown),
        ({"docType": mdoc.EU_PID}, {}, mdoc_zk.ProofNotAsked),
        ({"docType": f"{AV} "}, {}, mdoc_reading.DocTypeMalformed),
        (named("age_over_16"), {}, mdoc_zk.ProofNotAsked),
        (named("age_over_21"), {}, mdoc_zk.ProofNotAsked),
        (named("age_over_18", space=mdoc.EU_PID), {}, mdoc_zk.ProofNotAsked),
        ({"issuerSigned": {AV: TWO}}, {}, mdoc_zk.ProofNotAsked),
        (named("age_over_18", 1), {}, mdoc_zk.ProofMalformed),
        ({"issuerSigned": {}}, {}, mdoc_zk.ProofMalformed),
        ({"msoX5chain": []}, {}, mdoc_zk.ProofMalformed),
        ({"msoX5chain": signer(usage="1.0.18013.5.1.6")}, {}, x509.WrongUse),
        ({}, {"trust": trust(answers_for=(mdoc.MDL,))}, x509.NotForThis),
        ({}, {"now": NOW + 900 * 86_400}, mdoc_zk.ProofOutOfTime),
    ],
)
def test_what_does_not_fit_is_refused_before_the_proof_is_looked_at(
    changes: dict[str, Any], kinds: dict[str, Any], refusal: type
) -> None:
    with pytest.raises(refusal):
        task(answer(**changes), **kinds)


@pytest.mark.parametrize("beside", ["documents", "deviceSigned"])
def test_nothing_is_shown_beside_the_proof(beside: str) -> None:
    told = cbor.read(answer(), mdoc_zk.LIMITS)
    assert isinstance(told, dict)
    if beside == "documents":
        from tests.mdocs import Wallet

        whole = {"version": "1.0", "status": 0, "documents": [Wallet().document()]}
        (document,) = told["zkDocuments"]
        plain = {"proof": document["proof"], "documentData": cbor.Encoded(document["documentData"].received)}
        data = cbor.encode(whole | {"zkDocuments": [plain]})
    else:
        data = answer(deviceSigned={AV: TWO})
    with pytest.raises(mdoc_zk.ProofMalformed):
        mdoc_zk.read_zk_device_response(data)
    mdoc_zk.read_zk_device_response(answer(deviceSigned={}))


@settings(max_examples=100)
@given(st.data())
def test_a_damaged_proof_is_refused_in_one_way(data: st.DataObject) -> None:
    told = bytearray(answer())
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(told) - 1))
        told[start : start + data.draw(st.integers(0, 6))] = data.draw(st.binary(max_size=6))
    fuzzed.target(bytes(told))


def verifier(tmp_path: Any, circuit: bytes | None, **kinds: Any) -> tuple[mdoc_zk.Task, longfellow.Verifier]:
    """A task whose pinned circuit is a file of these bytes."""
    listed = replace(CIRCUIT, sha256=hashlib.sha256(circuit or b"").hexdigest())
    if circuit is not None:
        (tmp_path / f"{CIRCUIT.circuit_hash}.circuit").write_bytes(circuit)
    left, _ = task(answer(), circuits=(listed,))
    return left, longfellow.Verifier(tmp_path, tmp_path / "lock", **kinds)


def test_without_a_circuit_s_file_proofs_are_off(tmp_path: Any) -> None:
    left, there = verifier(tmp_path, None)
    with pytest.raises(longfellow.ProofsOff):
        longfellow.verify(left, there)


@pytest.mark.slow
def test_another_file_under_the_circuit_s_name_does_not_count(tmp_path: Any) -> None:
    left, there = verifier(tmp_path, b"a circuit")
    (tmp_path / f"{CIRCUIT.circuit_hash}.circuit").write_bytes(b"another")
    with pytest.raises(longfellow.ProofsOff):
        longfellow.verify(left, there)


@pytest.mark.slow
def test_a_verifier_that_refuses_or_breaks_is_a_refusal(tmp_path: Any) -> None:
    left, there = verifier(tmp_path, b"no circuit at all")
    wanted = longfellow.ProofWrong if longfellow.installed() else longfellow.ProofsOff
    with pytest.raises(wanted):
        longfellow.verify(left, there)


def test_a_verifier_that_takes_too_long_is_stopped(tmp_path: Any) -> None:
    left, there = verifier(tmp_path, b"a circuit", seconds=0)
    wanted = longfellow.TookTooLong if longfellow.installed() else longfellow.ProofsOff
    with pytest.raises(wanted):
        longfellow.verify(left, there)


def test_one_proof_is_verified_at_a_time(tmp_path: Any) -> None:
    left, there = verifier(tmp_path, b"a circuit", seconds=0)
    wanted = longfellow.VerifierBusy if longfellow.installed() else longfellow.ProofsOff
    with there.lock.open("ab") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(wanted):
            longfellow.verify(left, there)


def test_few_wait_and_the_next_is_told_at_once(tmp_path: Any, monkeypatch: Any) -> None:
    left, there = verifier(tmp_path, b"a circuit", seconds=60, most_waiting=1)
    monkeypatch.setattr(longfellow, "installed", lambda: True)
    ran: list[bytes] = []
    monkeypatch.setattr(longfellow, "_run", lambda told, seconds: ran.append(told) or longfellow.HOLDS)
    with (tmp_path / "lock.0").open("ab") as first, (tmp_path / "lock.1").open("ab") as second:
        fcntl.flock(first, fcntl.LOCK_EX)
        longfellow.verify(left, there)  # the second place is free
        fcntl.flock(second, fcntl.LOCK_EX)
        with pytest.raises(longfellow.VerifierBusy):
            longfellow.verify(left, there)
    longfellow.verify(left, there)
    assert len(ran) == 2


def test_the_circuit_that_ships_is_the_one_that_is_pinned() -> None:
    names = {one.name for one in longfellow.CIRCUITS.iterdir()}
    assert names == {f"{one.circuit_hash}.circuit" for one in mdoc_zk.PINNED}
    if longfellow.installed():
        assert longfellow.missing(mdoc_zk.PINNED, longfellow.CIRCUITS) is None
        from pylongfellow.backends.google_cpp import find_zk_spec

        for one in mdoc_zk.PINNED:
            known = find_zk_spec(mdoc_zk.SYSTEM, one.circuit_hash)
            assert known is not None
            spec = {name: one.spec[name] for name in one.spec if hasattr(known, name)}
            assert spec == {name: getattr(known, name) for name in spec}
            assert len(spec) == 6
    else:
        assert longfellow.missing(mdoc_zk.PINNED, longfellow.CIRCUITS) == "pylongfellow"


def test_a_key_on_another_curve_is_refused() -> None:
    from cryptography.hazmat.primitives.asymmetric import ec

    other = private_key("other", ec.SECP384R1())
    bare = x509.TrustAnchor("Kunci", other.public_key(), frozenset({AV}))
    from tests.mdocs import ROOT_KEY, SIGNER_USAGE, certificate

    own = certificate("Penanda", other, issuer="Akar", issuer_key=ROOT_KEY, usage=SIGNER_USAGE)
    with pytest.raises(CredentialError) as refused:
        task(answer(msoX5chain=own), trust=x509.TrustList.of([bare]))
    assert refused.value.code == "cose.algorithm-refused"
