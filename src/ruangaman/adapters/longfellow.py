"""
Longfellow proofs by `pylongfellow`, an optional extra that is off by default.

The verifier is C++ that aborts at some inputs and takes a second of work, so each proof is verified in a process of its
own: one at a time on this machine, few waiting, with a limit of time and memory, without our settings and secrets.
"""

import fcntl
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from ruangaman.core.credentials.mdoc_zk import Circuit, ProofRefused, Task

HOLDS, DOES_NOT_HOLD, CANNOT = 0, 10, 11
"""How the worker ends: the proof holds, does not, or there is no such circuit here."""

CIRCUITS = Path(__file__).resolve().parent / "circuits"
"""The circuits that ship with the house, for making one takes half a minute: files of google/longfellow-zk."""

_KEPT = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "SYSTEMROOT")


class ProofsOff(ProofRefused):
    """Zero-knowledge proofs are not switched on, or the circuit's file is not there."""

    code = "longfellow.off"


class ProofWrong(ProofRefused):
    """The proof does not hold."""

    code = "longfellow.wrong"


class VerifierBusy(ProofRefused):
    """Other proofs are being verified, and no more may wait."""

    code = "longfellow.busy"


class TookTooLong(ProofRefused):
    """The verifier was stopped."""

    code = "longfellow.took-too-long"


@dataclass(frozen=True, slots=True)
class Verifier:
    """
    How proofs are verified here.

    Args:
        folder: holds `<circuit hash>.circuit`; what is in it counts only with the pinned SHA-256.
        lock: a file that whoever verifies holds; shared by all processes of this machine.
        seconds: of waiting and of work, each.
        bytes_of_memory: the most that the worker may take.
        most_waiting: who may wait besides the one that is verified; proofs shall not hold all threads of a server.
    """

    folder: Path
    lock: Path
    seconds: int = 10
    bytes_of_memory: int = 2 << 30
    most_waiting: int = 1


def installed() -> bool:
    """Is the extra there?"""
    return find_spec("pylongfellow") is not None


def missing(circuits: Iterable[Circuit], folder: Path) -> str | None:
    """What is not there that proofs need: `pylongfellow`, or the file of a circuit; None when all of it is."""
    if not installed():
        return "pylongfellow"
    for one in circuits:
        file = folder / f"{one.circuit_hash}.circuit"
        if not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != one.sha256:
            return file.name
    return None


def verify(task: Task, verifier: Verifier) -> None:
    """
    Verify one proof; returns when it holds.

    Raises:
        ProofsOff, ProofWrong, VerifierBusy, TookTooLong: see there.
    """
    circuit = verifier.folder / f"{task.circuit.circuit_hash}.circuit"
    if not installed() or not circuit.is_file():
        raise ProofsOff
    told = {
        "circuit": str(circuit),
        "sha256": task.circuit.sha256,
        "version": task.circuit.version,
        "num_attributes": task.circuit.num_attributes,
        "x": f"{task.x:x}",
        "y": f"{task.y:x}",
        "transcript": task.transcript.hex(),
        "claims": [[one.name_space, one.element_identifier, one.cbor_value.hex()] for one in task.claims],
        "timestamp": task.timestamp,
        "doc_type": task.doc_type,
        "proof": task.proof.hex(),
        "seconds": verifier.seconds,
        "bytes_of_memory": verifier.bytes_of_memory,
    }
    with _alone(verifier):
        ended = _run(json.dumps(told).encode(), verifier.seconds)
    if ended == CANNOT:
        raise ProofsOff
    if ended != HOLDS:
        raise ProofWrong


def _run(told: bytes, seconds: int) -> int:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    try:
        return subprocess.run(
            [sys.executable, "-m", "ruangaman.adapters.longfellow_worker"],
            input=told,
            env=kept,
            timeout=seconds,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        ).returncode
    except subprocess.TimeoutExpired:
        raise TookTooLong from None


@contextmanager
def _place(verifier: Verifier) -> Iterator[None]:
    """One of the few places of those who verify or wait; the rest is told at once that it is full."""
    with ExitStack() as stack:
        for number in range(1 + verifier.most_waiting):
            place = stack.enter_context(verifier.lock.with_suffix(f".{number}").open("ab"))
            try:
                fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                continue
        else:
            raise VerifierBusy
        yield


@contextmanager
def _alone(verifier: Verifier) -> Iterator[None]:
    with _place(verifier), verifier.lock.open("ab") as held:
        until = time.monotonic() + verifier.seconds
        while True:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise VerifierBusy from None
                time.sleep(0.05)
        yield
