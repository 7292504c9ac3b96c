"""
Codes of seats, which form a seat answers when, and in which order.

A code has eight signs of 32 (40 bits) and one that checks: no 0, O, 1 or I is in it, so that a slip can be read aloud.
The sign that checks makes the nine a codeword over GF(32) (x^5 + x^2 + 1): the sum of sign i times g^i is nothing. One
wrong sign, or two that changed places, is never a codeword, so a slip of the finger is told before anything is asked.
"""

import hashlib
import hmac
from collections.abc import Sequence
from typing import Final

ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
SIGNS: Final = 8
LENGTH: Final = SIGNS + 1
_FIELD: Final = 0b100101
_OTHER: Final = {"A": "B", "B": "A"}

FEWEST, MOST = 2, 60
"""Seats of a group: two can be told apart; sixty is the largest class that one person leads."""


def code(secret: bytes, number: int) -> str:
    """
    The code of a seat, always the same from the group's secret.

    >>> checked(code(bytes(32), 7)) == code(bytes(32), 7)
    True
    """
    bits = int.from_bytes(hmac.new(secret, f"seat:{number}".encode(), hashlib.sha256).digest()[:5], "big")
    signs = [bits >> 5 * at & 31 for at in range(SIGNS)]
    return "".join(ALPHABET[one] for one in (*signs, _check(signs)))


def checked(text: str) -> str | None:
    """What somebody typed, without spaces and dashes, in capitals; None where a sign is wrong, missing or too much."""
    said = "".join(sign for sign in text[:40].upper() if sign.isalnum())
    if len(said) != LENGTH or any(sign not in ALPHABET for sign in said):
        return None
    signs = [ALPHABET.index(sign) for sign in said]
    return said if _check(signs[:SIGNS]) == signs[SIGNS] else None


def shown(said: str) -> str:
    """
    As people read it.

    >>> shown("23456789A")
    '234-567-89A'
    """
    return "-".join(said[at : at + 3] for at in range(0, LENGTH, 3))


def form(number: int, time: str) -> str:
    """
    The form that a seat answers: odd seats A, even ones B; after 28 days the other one, which they have not seen.

    >>> [form(1, time) for time in ("pre", "post", "delayed")]
    ['A', 'A', 'B']
    """
    first = "A" if number % 2 else "B"
    return _OTHER[first] if time == "delayed" else first


def order(about: str, names: Sequence[str]) -> list[str]:
    """Names in an order of chance that is always the same for the same seat and test (`about`)."""
    return sorted(names, key=lambda name: hashlib.sha256(f"{about}:{name}".encode()).digest())


def _check(signs: Sequence[int]) -> int:
    """The ninth sign: sum of sign i times g^(i+1), so that with weight 1 of its own the whole is nothing."""
    total = 0
    for at, sign in enumerate(signs):
        total ^= _times(_power(at + 1), sign)
    return total


def _times(one: int, other: int) -> int:
    told = 0
    while other:
        if other & 1:
            told ^= one
        one <<= 1
        if one & 32:
            one ^= _FIELD
        other >>= 1
    return told


def _power(exponent: int) -> int:
    told = 1
    for _ in range(exponent):
        told = _times(told, 2)
    return told
