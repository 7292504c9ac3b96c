"""The reader's language, and the law's sources as people say them."""

from collections.abc import Sequence

from django.utils.translation import get_language

from ruangaman.adapters import packs
from ruangaman.core.law import citing
from ruangaman.core.law.model import Text

JURISDICTION = "ID"


def language() -> str:
    """The reader's language, "id" or "en"."""
    return "en" if (get_language() or "id").startswith("en") else "id"


def said(text: Text | None) -> str:
    """The reader's sentence of an {id, en} pair; empty for none."""
    if not text:
        return ""
    return text["en"] if language() == "en" else text["id"]


def article_words(source: str) -> str:
    """The legal basis as people say it: "PP 17/2025 Art. 21(1)" -> "PP TUNAS Pasal 21 ayat (1)"."""
    words = source.replace("PP 17/2025", "PP TUNAS")
    if language() == "id":
        return citing.indonesian(words)
    return citing.english(words, packs.load(JURISDICTION).source.instruments.values())


def short_article(sources: Sequence[str]) -> str:
    """The first article, without its paragraphs: enough for a link. Empty when the answer cites none."""
    if not sources:
        return ""
    return citing.short(article_words(sources[0]))
