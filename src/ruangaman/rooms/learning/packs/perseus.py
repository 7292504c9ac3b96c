"""
An exercise in the form of Khan Academy's Perseus, the one that Kolibri counts as right or wrong.

A zip with a file of JSON for each question, named after it, and drawings. Kolibri shows hints on demand; what an answer
says of itself is kept beside it and shown where answers are looked at afterwards.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from ruangaman.core.learning import passages
from ruangaman.core.learning.model import Item, Option, Told
from ruangaman.rooms.learning.packs.qti3 import pictured
from ruangaman.rooms.learning.packs.zipped import zipped

# Perseus replaces this with where the drawings of the opened file are; the sign is part of it.
_HERE: Final = "${☣ LOCALPATH}"
_WIDGET: Final = "radio 1"
_TOOLS: Final = ("calculator", "chi2Table", "periodicTable", "tTable", "zTable")

# What would be read as form and not as text: Markdown, sums between dollars, widgets, addresses.
_MARKED: Final = re.compile(r"([\\`*_{}\[\]$~|<>#^])")
_BEGINS_A_LIST: Final = re.compile(r"^(\d+)\.", re.MULTILINE)
_BEGINS: Final = re.compile(r"^([-+=])", re.MULTILINE)


def exercise(items: Iterable[Item], language: str, pictures: Mapping[str, bytes]) -> bytes:
    """The file of an exercise."""
    items = list(items)
    files = {
        f"{item.id}.json": json.dumps(
            question(item, language, pictures.keys()), ensure_ascii=False, sort_keys=True
        ).encode()
        for item in items
    }
    files["exercise.json"] = json.dumps({"all_assessment_items": [item.id for item in items]}).encode()
    for item in items:
        files |= {_drawn(name): pictures[name] for name in pictured(item) & pictures.keys()}
    return zipped(files)


def question(item: Item, language: str, drawn: Iterable[str] = ()) -> dict[str, Any]:
    """
    One question with one right answer.

    Args:
        drawn: names of drawings that the file holds; others are left out.
    """
    drawn = frozenset(drawn)
    parts = [_shown(item.picture)] if item.picture in drawn else []
    if item.shown:
        parts.append("\n>\n".join(f"> {line}" for line in _passage(item.shown, language).split("\n\n")))
    parts += [plain(item.stem.said(language)), f"[[☃ {_WIDGET}]]"]
    return {
        "question": {
            "content": "\n\n".join(parts),
            "images": {},
            "widgets": {
                _WIDGET: {
                    "type": "radio",
                    "alignment": "default",
                    "static": False,
                    "graded": True,
                    "version": {"major": 1, "minor": 0},
                    "options": {
                        "choices": [_choice(one, language, drawn) for one in item.options],
                        "randomize": True,
                        "multipleSelect": False,
                        "countChoices": False,
                        "displayCount": None,
                        "hasNoneOfTheAbove": False,
                        "onePerLine": True,
                        "deselectEnabled": False,
                    },
                }
            },
        },
        "answerArea": dict.fromkeys(_TOOLS, False),
        "itemDataVersion": {"major": 0, "minor": 1},
        "hints": [
            {"content": plain(one.said(language)), "images": {}, "widgets": {}, "replace": False}
            for one in item.hints
        ],
    }


def plain(text: str) -> str:
    """
    A text that is read as it stands.

    >>> print(plain("2 * 3 = $6, lihat https://toko.example"))
    2 \\\\* 3 = \\\\$6, lihat https\\\\://toko.example
    """
    text = _MARKED.sub(r"\\\1", text).replace("://", "\\://")
    return _BEGINS.sub(r"\\\1", _BEGINS_A_LIST.sub(r"\1\\.", text))


def _choice(option: Option, language: str, drawn: frozenset[str]) -> dict[str, Any]:
    said = plain(option.text.said(language))
    return {
        "content": f"{_shown(option.picture)}\n\n{said}" if option.picture in drawn else said,
        "correct": option.right,
        "clue": _passage(option.feedback, language),
        "isNoneOfTheAbove": False,
    }


def _passage(told: Told, language: str) -> str:
    parts = []
    for block in passages.blocks(told.said(language)):
        if isinstance(block, passages.Points):
            parts.append("\n".join(f"- {plain(point)}" for point in block.lines))
        else:
            parts.append(plain(block))
    return "\n\n".join(parts)


def _shown(picture: str | None) -> str:
    return f"![]({_HERE}/{_drawn(picture or '')})"


def _drawn(picture: str) -> str:
    return f"images/{picture}.svg"
