"""
What a wallet checks of a directory version: that it stands in the ledger, and that the ledger was not rewritten since.

A version is proved in the tree that ends with its own entry. So a proof is the same for everybody and for ever, and
nobody learns from it how much else is written there, or when.
"""

from collections.abc import Mapping
from typing import Any, Final

from ruangaman.rooms.ages.errors import NotFound
from ruangaman.rooms.ages.models import DirectoryVersion
from ruangaman.rooms.ledger import api as ledger

MOST_KEPT: Final = 64
_KEPT: dict[tuple[int, int, int | None], dict[str, Any]] = {}


def told(version: DirectoryVersion, since: int | None) -> Mapping[str, Any]:
    """
    The entry of a version with its proofs (RFC 9162 2.1.3, 2.1.4), hashes in hexadecimal.

    Args:
        since: the number of an older version that the wallet knows, whose tree begins this one's.

    Raises:
        NotFound: there is no such older version.
    """
    place = (version.number, version.ledger_index, since)
    if place not in _KEPT:
        found = _proofs(version, since)
        while len(_KEPT) >= MOST_KEPT:
            _KEPT.pop(next(iter(_KEPT)), None)
        _KEPT[place] = found
    return _KEPT[place]


def _proofs(version: DirectoryVersion, since: int | None) -> dict[str, Any]:
    size = version.ledger_index + 1
    found: dict[str, Any] = {
        "entry": ledger.entry(version.ledger_index).entry.decode(),
        "tree": {"size": size, "root": ledger.root(size).hex()},
        "inclusion": [one.hex() for one in ledger.inclusion(version.ledger_index, size)],
    }
    if since is not None:
        old = DirectoryVersion.objects.filter(number=since, number__lte=version.number).first()
        if old is None:
            raise NotFound
        found["consistency"] = [one.hex() for one in ledger.consistency(old.ledger_index + 1, size)]
    return found
