"""
Plain Indonesian: what makes a text hard, sentence by sentence.

Formulas made for English (Flesch and its kind) fail on Indonesian, whose words are long by their affixes, not by their
difficulty. What is looked at here can be pointed at and changed: long sentences, words that readers of this age do not
know, affixes on affixes, passive instructions. Only readers themselves confirm it (a cloze test: every seventh word).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ruangaman.core.learning.model import Limits

LONG: Final = 5
"""Syllables from which a word is long."""
MOST_LONG, MOST_UNKNOWN, MOST_PASSIVE = 0.10, 0.02, 0.20
"""Shares of a lesson's words, and of its instructions."""

_SENTENCE: Final = re.compile(r"(?<=[.?!])[\"”')]*\s+|\n+")
_WORD: Final = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_ADDRESS: Final = re.compile(r"\S*\w\.\w\S*|\.\w+")
_VOWELS: Final = re.compile(r"[aeiou]")
_ONE_SOUND: Final = re.compile(r"(?:ai|au|oi)$")
_STACKED: Final = re.compile(r"^(?:(?:mem|di)per\w{3,}(?:kan|i)|ke(?:ber|ter)\w{3,}an|pember\w{3,}an)$")
_NUMBERS: Final = frozenset(
    ("dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas", "belas",
     "puluh", "ratus", "ribu", "juta")
)  # fmt: skip
_EXPLAINED: Final = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)*) (?:\(|adalah |berarti |artinya |ialah )")
_QUOTED: Final = re.compile(r"\"[^\"\n]*\"|“[^”\n]*”|(?<!\w)'[^'\n]*'(?!\w)")
_CLAUSE: Final = re.compile(r"[,;:]|\b(?:dan|lalu|tapi|tetapi|melainkan)\b")
_DONT: Final = re.compile(r"(?<!\bkata )(?<![\w-])jangan(?![\w-])", re.IGNORECASE)
_DONE_TO: Final = re.compile(r"di[a-z]{4,}$")
_NO_PASSIVE: Final = frozenset(
    ("dirimu", "dirinya", "diriku", "dinding", "dingin", "dinas", "disiplin", "diskon", "diskusi", "digital",
     "dipan", "disko", "diare", "diet", "dinamis", "dialog")
)  # fmt: skip
_YOU: Final = ("kamu", "anda", "ayah", "bunda")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Roots that readers know, and words that a text must explain: word -> what to say."""

    known: frozenset[str]
    terms: Mapping[str, str]
    acronyms: frozenset[str]


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One thing that is hard. `code` is stable; `word` is empty where the whole sentence is meant.

    Codes: `long-sentence`, `mean`, `unknown`, `unknown-share`, `long-word`, `long-share`, `stacked`, `passive`,
    `passive-share`, `yang`, `term`, `acronym`, `number`, `you`, `only-dont`.
    """

    code: str
    sentence: str
    word: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """A text in numbers. Shares are of its words; `passive` of the sentences of a text that instructs."""

    sentences: int
    words: int
    mean: float
    most: int
    long: float
    unknown: float
    passive: float
    findings: tuple[Finding, ...]


def sentences(text: str) -> list[str]:
    """A text's sentences; a line of a list is one."""
    return [one for part in _SENTENCE.split(text) if (one := part.strip().removeprefix("- ").strip())]


def words(sentence: str) -> list[str]:
    """Its words as written; numbers, addresses and names of files are left out."""
    return _WORD.findall(_ADDRESS.sub(" ", sentence))


def syllables(word: str) -> int:
    """By its vowels; `ai`, `au` and `oi` at the end are one sound, a doubled word counts as its longer half."""
    # "bagai" holds one sound inside a word; elsewhere "ai" within a word is two (air, baik).
    halves = word.lower().replace("bagai", "baga").split("-")
    return max(1, *(len(_VOWELS.findall(half)) - bool(_ONE_SOUND.search(half)) for half in halves))


_BEFORE: Final = (
    # prefix, and what of the root it may have swallowed
    ("menge", ("",)), ("penge", ("",)),
    ("meny", ("s",)), ("peny", ("s",)), ("meng", ("", "k")), ("peng", ("", "k")),
    ("mem", ("", "p")), ("pem", ("", "p")), ("men", ("", "t")), ("pen", ("", "t")),
    ("ber", ("", "r")), ("bel", ("",)), ("be", ("",)), ("ter", ("", "r")), ("te", ("",)),
    ("per", ("", "r")), ("pel", ("",)),
    ("me", ("",)), ("pe", ("",)), ("di", ("",)), ("ke", ("",)), ("se", ("",)), ("ku", ("",)), ("kau", ("",)),
)  # fmt: skip
_AFTER: Final = ("kanlah", "nya", "lah", "kah", "pun", "ku", "mu", "kan", "an", "i")
_SHORTEST: Final = 3


@lru_cache(maxsize=1 << 15)
def roots(word: str) -> frozenset[str]:
    """Everything a word may be built from, itself among them: more than is so, for the list of words decides."""
    found = {word.lower()}
    for _pass in range(3):
        for one in tuple(found):
            found.update(
                one.removesuffix(end)
                for end in _AFTER
                if one.endswith(end) and len(one) - len(end) >= _SHORTEST
            )
    for _pass in range(3):
        for one in tuple(found):
            for start, swallowed in _BEFORE:
                rest = one.removeprefix(start)
                if one.startswith(start) and len(rest) >= _SHORTEST - 1:
                    found.update(letter + rest for letter in swallowed if len(letter + rest) >= _SHORTEST)
    return frozenset(found)


def knows(vocabulary: Vocabulary, word: str) -> bool:
    """Whether readers know a word: itself, its root, or each half of a doubled one."""
    lower = word.lower()
    if not vocabulary.known.isdisjoint(roots(lower)):
        return True
    halves = re.split(r"[-’']", lower)
    return len(halves) > 1 and all(not vocabulary.known.isdisjoint(roots(half)) for half in halves if half)


def measure(text: str, limits: Limits, vocabulary: Vocabulary, *, instructs: bool = False) -> Measured:
    """
    A text against what its readers can read; names (words with a capital within a sentence) are left out.

    Args:
        instructs: whether it tells people what to do, so that it should speak of acts, not of what is done to things.
    """
    found: list[Finding] = []
    told = sentences(text)
    explained = _explained(text, vocabulary)
    total, longest, long, unknown = 0, 0, 0, 0
    passive = 0
    for sentence in told:
        every = words(sentence)
        total += len(every)
        longest = max(longest, len(every))
        if len(every) > limits.most:
            found.append(Finding("long-sentence", sentence, str(len(every))))
        for finding in _of_words(sentence, every, vocabulary, explained):
            found.append(finding)
            long += finding.code == "long-word"
            unknown += finding.code in ("unknown", "term", "acronym")
        if instructs and _passive(every):
            passive += 1
            found.append(Finding("passive", sentence))
    mean = total / len(told) if told else 0.0
    shares = (long / total, unknown / total) if total else (0.0, 0.0)
    share_passive = passive / len(told) if told else 0.0
    if mean > limits.mean:
        found.append(Finding("mean", "", f"{mean:.1f}"))
    found += _of_whole(told, limits, *shares, share_passive)
    found += [Finding("only-dont", one) for one in only_dont(text)]
    return Measured(len(told), total, mean, longest, *shares, share_passive, tuple(found))


def only_dont(text: str) -> list[str]:
    """
    Of each paragraph that ends by forbidding: its last sentence, where it does not say what to do instead.

    What stands in quotation marks is somebody's speech or the name of a button, and forbids nothing.
    """
    found = []
    for paragraph in re.split(r"\n\s*\n", text):
        told = sentences(unquoted(paragraph))
        if not told or not _DONT.search(told[-1]):
            continue
        clauses = [part for part in _CLAUSE.split(told[-1]) if words(part)]
        if all(_DONT.search(part) for part in clauses):
            found.append(sentences(paragraph)[-1])
    return found


def unquoted(text: str) -> str:
    """A text with one word in the place of whatever stands in quotation marks."""
    return _QUOTED.sub(
        lambda quoted: "ucapan" + (quoted.group()[-2] if quoted.group()[-2] in ".?!" else ""), text
    )


def _explained(text: str, vocabulary: Vocabulary) -> frozenset[str]:
    """Terms and acronyms that the text itself explains: `tautan (alamat yang bisa ditekan)`, or `X adalah ...`."""
    found = {one.lower() for one in _EXPLAINED.findall(text)}
    return frozenset(found & (vocabulary.terms.keys() | vocabulary.acronyms))


def _of_words(
    sentence: str, every: list[str], vocabulary: Vocabulary, explained: frozenset[str]
) -> Iterator[Finding]:
    for at, word in enumerate(every):
        lower = word.lower()
        named = word[0].isupper() and (at > 0 or not knows(vocabulary, word))
        if word.isupper() and len(word) > 1:
            if lower not in vocabulary.known and lower not in explained:
                yield Finding("acronym", sentence, word)
            continue
        if lower in vocabulary.terms and lower not in vocabulary.known and lower not in explained:
            yield Finding("term", sentence, word)
        elif not named and lower not in explained and not knows(vocabulary, word):
            yield Finding("unknown", sentence, word)
        if not named and syllables(word) >= LONG:
            yield Finding("long-word", sentence, word)
        if _STACKED.match(lower):
            yield Finding("stacked", sentence, word)
        if lower in _NUMBERS:
            yield Finding("number", sentence, word)
    if sum(word.lower() == "yang" for word in every) > 1:
        yield Finding("yang", sentence)


def _passive(every: list[str]) -> bool:
    return any(_DONE_TO.match(word.lower()) and word.lower() not in _NO_PASSIVE for word in every)


def _of_whole(
    told: list[str], limits: Limits, long: float, unknown: float, passive: float
) -> Iterator[Finding]:
    if long > MOST_LONG:
        yield Finding("long-share", "", f"{long:.0%}")
    if unknown > MOST_UNKNOWN:
        yield Finding("unknown-share", "", f"{unknown:.0%}")
    if passive > MOST_PASSIVE:
        yield Finding("passive-share", "", f"{passive:.0%}")
    every = [[word.lower() for word in words(sentence)] for sentence in told]
    for sentence, spoken in zip(told, every, strict=True):
        wrong = [word for word in spoken if word in _YOU and word not in limits.you]
        if wrong:
            yield Finding("you", sentence, wrong[0])
    forms = {word for spoken in every for word in spoken if word in ("kamu", "anda")}
    if len(forms) > 1:
        yield Finding("you", "", " + ".join(sorted(forms)))
