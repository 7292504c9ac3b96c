"""Why a sentence is hard and what to do about it, in the words of an editor; and the cloze test that asks readers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ruangaman.core.learning.model import Limits, Plain
from ruangaman.core.learning.plain import MOST_LONG, MOST_PASSIVE, MOST_UNKNOWN, Finding, Vocabulary

EVERY, GAPS, ENOUGH = 7, 20, 0.6
"""Of a cloze test (Taylor 1953): every seventh word, twenty gaps, and the share right for reading alone."""

WHY: Final[Mapping[str, Plain]] = {
    "long-sentence": Plain(
        id="{word} kata; paling banyak {most}. Pecah menjadi dua, satu pikiran satu kalimat.",
        en="{word} words; at most {most}. Make two of it, one thought a sentence.",
    ),
    "unknown": Plain(
        id="“{word}” tidak ada di daftar kata pembaca ini. Ganti, atau jelaskan di tempat itu.",
        en="“{word}” is not among the words these readers know. Use another, or explain it there.",
    ),
    "long-word": Plain(
        id="“{word}” panjang: {syllables} suku kata. Cari kata yang lebih pendek.",
        en="“{word}” is long: {syllables} syllables. Look for a shorter word.",
    ),
    "stacked": Plain(
        id="“{word}” bertumpuk imbuhan. Tulis dengan kata kerja yang sederhana.",
        en="“{word}” piles affix on affix. Say it with a simple verb.",
    ),
    "passive": Plain(
        id="Kalimat pasif. Mulai dengan kata kerja: siapa melakukan apa.",
        en="Passive. Begin with the verb: who does what.",
    ),
    "yang": Plain(
        id="“yang” lebih dari satu kali. Pecah kalimatnya.",
        en="“yang” more than once. Make two sentences of it.",
    ),
    "term": Plain(
        id="“{word}” belum dijelaskan. Sandingkan dengan: {say}.",
        en="“{word}” is not explained. Give beside it: {say}.",
    ),
    "acronym": Plain(
        id="Singkatan “{word}” belum dijelaskan. Tulis kepanjangannya sekali.",
        en="The letters “{word}” are not explained. Write them out once.",
    ),
    "number": Plain(
        id="Tulis “{word}” dengan angka.",
        en="Write “{word}” as digits.",
    ),
    "you": Plain(
        id="Sapaan “{word}”. Teks ini menyapa dengan: {you}. Satu sapaan untuk satu teks.",
        en="Addressed as “{word}”. This text says: {you}. One form a text.",
    ),
    "only-dont": Plain(
        id="“Jangan” tanpa jalan keluar. Katakan apa yang dilakukan sebagai gantinya.",
        en="“Don't” and nothing else. Say what to do instead.",
    ),
    "mean": Plain(
        id="Rata-rata {word} kata per kalimat; paling banyak {mean}.",
        en="{word} words a sentence on average; at most {mean}.",
    ),
    "unknown-share": Plain(
        id="{word} kata tidak dikenal pembaca ini; paling banyak {unknown:.0%}.",
        en="{word} of the words are unknown to these readers; at most {unknown:.0%}.",
    ),
    "long-share": Plain(
        id="{word} kata panjang; paling banyak {long:.0%}.",
        en="{word} of the words are long; at most {long:.0%}.",
    ),
    "passive-share": Plain(
        id="{word} kalimat pasif; paling banyak {passive:.0%}.",
        en="{word} of the sentences are passive; at most {passive:.0%}.",
    ),
}


def why(one: Finding, limits: Limits, vocabulary: Vocabulary, syllables: int) -> Plain:
    """
    What is hard and what to do, in both languages.

    Args:
        syllables: of the finding's word.
    """
    told = {
        "word": one.word,
        "most": limits.most,
        "mean": limits.mean,
        "syllables": syllables,
        "say": vocabulary.terms.get(one.word.lower(), ""),
        "you": ", ".join(limits.you),
        "unknown": MOST_UNKNOWN,
        "long": MOST_LONG,
        "passive": MOST_PASSIVE,
    }
    form = WHY[one.code]
    return Plain(id=form.id.format(**told), en=form.en.format(**told))


@dataclass(frozen=True, slots=True)
class Cloze:
    """A text with numbered gaps, and the words that were taken out, in their order."""

    text: str
    key: tuple[str, ...]


_WORD: Final = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")


def cloze(text: str) -> Cloze:
    """
    Every seventh word taken out, twenty at most, the first sentence left whole so that readers find their way in.

    A reader who gets 60 % right reads such a text alone (`ENOUGH`).
    """
    whole = re.search(r"[.?!](?=\s)", text)
    begin = whole.end() if whole else 0
    taken: list[str] = []
    seen = 0

    def gap(match: re.Match[str]) -> str:
        nonlocal seen
        if match.start() < begin or len(taken) == GAPS:
            return match.group()
        seen += 1
        if seen % EVERY:
            return match.group()
        taken.append(match.group())
        return f"({len(taken)}) ______"

    return Cloze(_WORD.sub(gap, text), tuple(taken))
