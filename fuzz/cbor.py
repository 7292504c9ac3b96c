"""Bytes as CBOR, and as CBOR inside of CBOR; what is embedded is told as it was received."""

from collections.abc import Iterator

from ruangaman.core.credentials import cbor
from ruangaman.core.credentials.cbor import Embedded
from ruangaman.core.credentials.errors import CredentialError


def target(data: bytes) -> None:
    """The first reader takes any item, the second one that says it is CBOR again."""
    for reader in (cbor.read, cbor.unwrap):
        try:
            found = reader(data)
        except CredentialError as refused:
            if not refused.code.startswith("cbor."):
                raise
            continue
        if isinstance(found, Embedded) and found.received != data:
            raise AssertionError(f"{found!r} is not what came")


def seeds() -> Iterator[bytes]:
    for value in (
        None,
        -1,
        1 << 63,
        "umur",
        b"\x00" * 30,
        [1, [2, [3]]],
        {"a": {1: b"x"}, -2: [True, False]},
    ):
        yield cbor.encode(value)
    yield cbor.embedded(cbor.encode({"digestID": 1}))
    yield bytes.fromhex("fb3ff8000000000000")  # 1.5
