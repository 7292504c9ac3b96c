"""
What in a text finds somebody: a home, a number, a name, an address of the internet. It is held, and never published.

Plain words of a table, no patterns of its own, so that a city's table cannot make the reading slow. What is held by
mistake costs a look; what slips through is read by an adult all the same.
"""

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from ruangaman.core.reports.rules import Held

HOME, PHONE, NUMBER, NAME, LINK = "home", "phone", "number", "name", "link"
_WORD: Final = re.compile(r"[^\W_]+", re.UNICODE)
_BETWEEN_DIGITS: Final = re.compile(r"(?<=\d)[\W_oO]{1,4}(?=\d)", re.UNICODE)
_DIGITS: Final = re.compile(r"\d+")
_INVISIBLE: Final = frozenset({"Cf", "Cc", "Mn"})


def folded(said: str) -> str:
    """As it is read: one form of each sign, lower case, nothing invisible, single spaces."""
    plain = unicodedata.normalize("NFKC", said)
    seen = "".join(
        " " if sign.isspace() else sign
        for sign in plain
        if sign.isspace() or unicodedata.category(sign) not in _INVISIBLE
    )
    return " ".join(seen.lower().split())


def held(said: str, rules: Held) -> tuple[str, ...]:
    """Which of HOME, PHONE, NUMBER, NAME and LINK stand in a text, in this order; empty when nothing is held."""
    text = folded(said)
    words = _WORD.findall(text)
    found = []
    if _phrase(words, rules.home):
        found.append(HOME)
    if _many_digits(text, rules.digits) or _spoken(words, rules):
        found.append(PHONE)
    if _numbered(words, rules):
        found.append(NUMBER)
    if _named(words, rules):
        found.append(NAME)
    if _linked(text, rules.link):
        found.append(LINK)
    return tuple(found)


def danger(said: str, rules: Held) -> bool:
    """Whether a text has words of danger to a child."""
    words = _WORD.findall(folded(said))
    stems = any(word.startswith(rules.danger_stems) for word in words) if rules.danger_stems else False
    return stems or _phrase(words, rules.danger_phrases)


def copied(original: str, shown: str, words: int) -> bool:
    """
    Whether what is to be shown is the original: the same words, or `words` of them in one piece.

    >>> copied("Lampu di gang mati!", "lampu di gang mati", 5)
    True
    >>> copied("Lampu di gang mati", "Gang gelap karena lampunya mati", 5)
    False
    """
    first, second = _WORD.findall(folded(original)), _WORD.findall(folded(shown))
    if not first or first == second:
        return bool(first)
    pieces = {tuple(first[at : at + words]) for at in range(len(first) - words + 1)}
    return any(tuple(second[at : at + words]) in pieces for at in range(len(second) - words + 1))


def _phrase(words: list[str], phrases: Iterable[str]) -> bool:
    line = f" {' '.join(words)} "
    return any(f" {' '.join(_WORD.findall(phrase))} " in line for phrase in phrases)


def _many_digits(text: str, most: int) -> bool:
    return any(len(run) >= most for run in _DIGITS.findall(_BETWEEN_DIGITS.sub("", text)))


def _spoken(words: list[str], rules: Held) -> bool:
    run = 0
    for word in words:
        run = run + 1 if word in rules.number_words or word.isdigit() else 0
        if run >= rules.digits:
            return True
    return False


def _numbered(words: list[str], rules: Held) -> bool:
    if any(word in rules.before_number and after[0].isdigit() for word, after in _pairs(words)):
        return True
    glued = (word.rstrip("0123456789") for word in words if word[-1].isdigit())
    return any(word in rules.before_number for word in glued)


def _named(words: list[str], rules: Held) -> bool:
    if _phrase(words, rules.name):
        return True
    return any(
        word in rules.before_name and after not in rules.not_a_name and not after.isdigit()
        for word, after in _pairs(words)
    )


def _pairs(words: list[str]) -> Iterable[tuple[str, str]]:
    return pairwise(words)


def _linked(text: str, signs: Iterable[str]) -> bool:
    """An ending such as `.id` counts behind a letter and before none, so that a missing space is no address."""
    for sign in signs:
        at = text.find(sign)
        while at >= 0:
            before, after = text[at - 1 : at], text[at + len(sign) : at + len(sign) + 1]
            if not sign.startswith(".") or (before.isalnum() and not after.isalnum()):
                return True
            at = text.find(sign, at + 1)
    return False
