"""A second, slower truth for status lists: bit by bit, straight from section 4.1 of the draft."""

import base64
import zlib


def unpacked(lst: str | bytes) -> bytes:
    """The byte array behind a `lst`: base64url text of JSON, or the bytes of CBOR."""
    if isinstance(lst, str):
        lst = base64.urlsafe_b64decode(lst + "=" * (-len(lst) % 4))
    return zlib.decompress(lst)


def statuses(packed: bytes, bits: int) -> list[int]:
    """Every entry: the bits of all bytes in one row, the lowest of each byte first, cut into pieces of `bits`."""
    row = [int(bit) for byte in packed for bit in reversed(f"{byte:08b}")]
    return [
        sum(bit << place for place, bit in enumerate(row[start : start + bits]))
        for start in range(0, len(row), bits)
    ]


def packed(values: list[int], bits: int) -> bytes:
    """The byte array of these entries, filled up with zeros."""
    row = "".join("".join(reversed(f"{value:0{bits}b}")) for value in values)
    row += "0" * (-len(row) % 8)
    return bytes(int("".join(reversed(row[start : start + 8])), 2) for start in range(0, len(row), 8))
