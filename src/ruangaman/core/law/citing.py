"""How an article is cited to a reader. The packs write sources in one spelling, `PP 17/2025 Art. 9(1)`; an Indonesian
reader meets `PP 17/2025 Pasal 9 ayat (1)`. The one place that knows both.
"""

import re
from collections.abc import Iterable, Sequence

from ruangaman.core.law.model import Instrument


def indonesian(source: str) -> str:
    """
    The Indonesian spelling of a source; what is written so already stays.

    >>> indonesian("PP 17/2025 Art. 9(1)"), indonesian("Permenkomdigi 9/2026 Art. 30 (reported)")
    ('PP 17/2025 Pasal 9 ayat (1)', 'Permenkomdigi 9/2026 Pasal 30 (menurut berita)')
    """
    words = re.sub(r"\bArts?\.\s*", "Pasal ", source)
    words = re.sub(r"(Pasal \d+\w*)((?:\(\w+\))+)", _paragraphs, words)
    words = re.sub(r"\bApp\. ", "Lampiran ", words)
    return words.replace("(reported)", "(menurut berita)")


def english(source: str, instruments: Iterable[Instrument]) -> str:
    """The English spelling of a source: the packs' own, but for an instrument whose short name is Indonesian words."""
    for one in instruments:
        if one.short_en and source.startswith(one.short):
            return one.short_en + source[len(one.short) :]
    return source


def _paragraphs(found: re.Match[str]) -> str:
    """`Pasal 16A(4)` -> `Pasal 16A ayat (4)`; of several, `(1)(b)`, each stays in its brackets."""
    return f"{found[1]} ayat {found[2]}"


def short(words: str) -> str:
    """
    A source in either spelling without its paragraphs, on one line.

    >>> short("PP 17/2025 Pasal 21 ayat (1)").split(), short("PP 17/2025 Art. 21(1)").split()
    (['PP', '17/2025', 'Pasal', '21'], ['PP', '17/2025', 'Art.', '21'])
    """
    return re.sub(r"(Pasal|Arts?\.) ?(\d+).*", "\\1\N{NO-BREAK SPACE}\\2", words)


def cited(sources: Sequence[str]) -> dict[str, list[str]]:
    """The sources for readers of both languages, each once, in order."""
    once = list(dict.fromkeys(sources))
    return {"id": [indonesian(one) for one in once], "en": once}
