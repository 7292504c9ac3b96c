"""
What a child may be called on a guardian's page and in its letter: a name, and nothing that rides along with one.

Source for the joiners: RFC 5892 appendix A.1 and A.2, drawn tighter; Unicode 15.1 chapters 9, 12, 13 and 17, and
ArabicShaping.txt for the joining types.
"""

import re
import unicodedata
from typing import Final

LONGEST: Final = 40
"""Characters of a nickname."""
# A nickname stands in the subject of a letter: no address, number or advertisement may ride along.
NOT_IN_A_NICKNAME: Final = "[!-&(-,/:-@[-`{-~]|[Ww]{3}|([0-9][^0-9]*){3}|[.][^ ]|(^|[ '.0-9-])[.]"
BETWEEN_LETTERS: Final = frozenset(" '\u2018\u2019-\u2010\u2011.")
# Letters and marks that nobody sees: with them two names look alike and are not.
UNSEEN: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)

NON_JOINER, JOINER = "\u200c", "\u200d"
_VIRAMA: Final = 9  # canonical combining class
_JOINERS_OF: Final = {
    **dict.fromkeys(
        (
            *("BENGALI", "DEVANAGARI", "GUJARATI", "GURMUKHI", "KANNADA"),
            *("MALAYALAM", "ORIYA", "SINHALA", "TAMIL", "TELUGU"),
        ),
        NON_JOINER + JOINER,
    ),
    **dict.fromkeys(("BALINESE", "JAVANESE"), NON_JOINER),
}
# Letters of the Arabic block that join their right neighbour alone, and those that join none.
_RIGHT_JOINING: Final = re.compile(
    "[\u0622-\u0625\u0627\u0629\u062f-\u0632\u0648\u0671-\u0673\u0675-\u0677\u0688-\u0699"
    "\u06c0\u06c3-\u06cb\u06cd\u06cf\u06d2\u06d3\u06d5\u06ee\u06ef]"
)
_JOINING_NONE: Final = "\u0621\u0674"


def is_nickname(text: str) -> bool:
    """
    Letters of any script, a space, apostrophe, hyphen, a stop that ends an initial, and two digits at most. A joiner
    or non-joiner stands only where it changes how the letters on its two sides are written.

    >>> [is_nickname(one) for one in ("Nur'aini", "M. Rizky", "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627")]
    [True, True, True]
    >>> [is_nickname(one) for one in ("evil.id", "0812 345", "Sa\u200cri", "")]
    [False, False, False, False]
    """
    if len(text) > LONGEST or UNSEEN.search(text):
        return False
    kinds = [unicodedata.category(one) for one in text]
    for place, (one, kind) in enumerate(zip(text, kinds, strict=True)):
        if one in (NON_JOINER, JOINER):
            if not _changes_the_letters(text, place):
                return False
        elif kind[0] not in "LM" and kind != "Nd" and one not in BETWEEN_LETTERS:
            return False
        if one == "." and (place == 0 or kinds[place - 1][0] not in "LM"):
            return False
    if kinds.count("Nd") > 2 or not any(kind[0] == "L" for kind in kinds):
        return False
    # Look-alikes (full width, mathematical letters) are read as a mail program may read them.
    return not re.search(NOT_IN_A_NICKNAME, unicodedata.normalize("NFKC", text))


def _changes_the_letters(text: str, place: int) -> bool:
    """Whether a joiner here is seen: after a virama, or where two Arabic letters would join; letters on both sides."""
    before, joiner, after = text[:place], text[place], text[place + 1 : place + 2]
    base = before.rstrip("".join({one for one in before if unicodedata.category(one)[0] == "M"}))[-1:]
    if not _is_letter(base) or not _is_letter(after) or _script(base) != _script(after):
        return False
    if joiner in _JOINERS_OF.get(_script(base), ""):
        return unicodedata.combining(before[-1]) == _VIRAMA and _script(before[-1]) == _script(base)
    return joiner == NON_JOINER and _joins_on(base) and _in_arabic(after) and after not in _JOINING_NONE


def _is_letter(one: str) -> bool:
    return bool(one) and unicodedata.category(one) == "Lo"


def _script(one: str) -> str:
    return unicodedata.name(one, "").partition(" ")[0]


def _in_arabic(one: str) -> bool:
    return "\u0620" <= one <= "\u06ff"


def _joins_on(one: str) -> bool:
    """Whether this Arabic letter would join the next one."""
    return _in_arabic(one) and one not in _JOINING_NONE and not _RIGHT_JOINING.match(one)
