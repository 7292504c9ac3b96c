"""Messages for chat groups, counted as people count them: what looks like one sign is one."""

import unicodedata
from typing import Final

MOST_SIGNS: Final = 600
"""Of a message that is passed on as a whole (the specification's message size)."""
MOST_STORED: Final = 2400
"""Code points: a sign that people see as one may be made of several."""
_JOINER: Final = "\u200d"
_SKINS: Final = range(0x1F3FB, 0x1F400)
_FLAGS: Final = range(0x1F1E6, 0x1F200)


def tidy(text: str) -> str:
    """As it is kept: one form of each letter (NFC), lines end by one sign, nothing hangs at the ends."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def signs(text: str) -> int:
    r"""
    How many signs people see; a line's end is one.

    Marks above letters, shades of skin, what a joiner joins, and the second half of a flag are not counted.

    >>> signs("halo"), signs("e\u0301"), signs("\U0001f469\u200d\U0001f467"), signs("\U0001f1ee\U0001f1e9")
    (4, 1, 1, 1)
    """
    count, before, half = 0, "", False
    for sign in text:
        flag = ord(sign) in _FLAGS
        hangs = unicodedata.category(sign) in ("Mn", "Me", "Cf") or ord(sign) in _SKINS
        if not hangs and before != _JOINER and not (flag and half):
            count += 1
        half = flag and not half
        before = sign
    return count
