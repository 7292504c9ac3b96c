"""
Under which letters the answers of an item stand on paper, in books, and where answers from paper are typed in.

Writers often put the right answer first. An item's answers are therefore turned by its own name: its letters are the
same wherever they are printed, and nothing but the item tells the right one.
"""

import hashlib
from typing import Final

from ruangaman.core.learning.model import Item, Option

LETTERS: Final = "ABCDEFGH"


def lettered(item: Item) -> dict[str, Option]:
    """
    Letter -> answer, in the order of the letters.

    Raises:
        ValueError: more answers than letters.
    """
    turn = hashlib.sha256(item.id.encode()).digest()[0] % len(item.options)
    turned = (*item.options[turn:], *item.options[:turn])
    if len(turned) > len(LETTERS):
        raise ValueError("more answers than letters")
    return dict(zip(LETTERS, turned, strict=False))
