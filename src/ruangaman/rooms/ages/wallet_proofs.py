"""Zero-knowledge proofs in the way "wallet": whether they are asked for, and how one is verified at this house."""

from pathlib import Path
from typing import Final

from django.conf import settings

from ruangaman.adapters import longfellow
from ruangaman.core.credentials import mdoc_zk

LOCK: Final = "proofs.lock"


def on() -> bool:
    """Whether the operator switched them on; off by default."""
    return bool(getattr(settings, "WALLET_PROOFS", False))


def circuits() -> tuple[mdoc_zk.Circuit, ...]:
    """The circuits that count, the best first: one age is asked, so those for one claim. None while switched off."""
    return tuple(one for one in mdoc_zk.PINNED if one.num_attributes == 1) if on() else ()


def missing() -> str | None:
    """What is not there, though switched on: `pylongfellow`, or the name of a circuit's file."""
    return longfellow.missing(circuits(), longfellow.CIRCUITS) if on() else None


def verify(task: mdoc_zk.Task) -> None:
    """
    Returns when the proof holds; it takes a second, or waits for its turn.

    Raises:
        ProofsOff, ProofWrong, VerifierBusy, TookTooLong: of `adapters.longfellow`.
    """
    if not on():
        raise longfellow.ProofsOff
    lock = Path(settings.DATA_DIR) / LOCK
    seconds = int(settings.WALLET_PROOF_SECONDS)
    longfellow.verify(task, longfellow.Verifier(longfellow.CIRCUITS, lock, seconds))
