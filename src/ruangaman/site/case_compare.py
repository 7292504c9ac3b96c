"""An answer held against the expected words of a case: equal, by meaning, as an instant, as a list."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from ruangaman.core import law
from ruangaman.core.law.reading import Tree
from ruangaman.site.case_words import NULLS, Expected, Vocabulary

_TRUTHS = {"yes": "true", "no": "false", "on": "true", "off": "false"}


def difference(
    word: str,
    wanted: Tree,
    given: Mapping[str, Tree],
    answers: Mapping[str, law.Answer],
    supporting: Mapping[str, tuple[str, ...]],
    vocabulary: Vocabulary,
) -> str:
    """
    What differs for one expected word; empty when nothing does.

    Args:
        word: the expected word, and `wanted` what the case expects of it.
        given: the given words of the case, for comparisons that need one of them.
        answers: the answers by question, in the order asked.
        supporting: per question the norms that support its outcome.
    """
    entry = vocabulary.expect.get(word)
    if entry is None:
        return f"the vocabulary has no expected word {word!r}"
    if entry.of and not any(name in entry.of for name in answers):
        return f"{word}: nothing that this case asks answers it"
    found: list[Any] = []
    for name, answer in answers.items():
        if entry.of and name not in entry.of:
            continue
        told = answer.as_dict() | {"also": list(supporting.get(name, ()))}
        hidden = any(value in values_at(told, path.split(".")) for path, value in entry.not_when.items())
        for path in () if hidden else entry.read:
            values = values_at(told, path.split("."))
            found += values
            if entry.first and any(value not in (None, []) for value in values):
                break
    if _fits(entry, wanted, found, given, vocabulary):
        return ""
    shown = found[0] if len(found) == 1 else found
    return f"{word}: expected {_shown(wanted)}, answered {_shown(shown)}"


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 160 else text[:157] + "..."


def values_at(value: Any, path: Sequence[str]) -> list[Any]:
    """Every value at a path; `*` is each entry of a map or list. A missing step gives nothing."""
    if not path:
        return [value]
    step, rest = path[0], path[1:]
    if step == "*":
        inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        return [one for entry in inside for one in values_at(entry, rest)]
    if isinstance(value, dict) and step in value:
        return values_at(value[step], rest)
    if isinstance(value, list) and step.lstrip("-").isdigit() and -len(value) <= int(step) < len(value):
        return values_at(value[int(step)], rest)
    return []


def _fits(
    entry: Expected, wanted: Tree, found: list[Any], given: Mapping[str, Tree], vocabulary: Vocabulary
) -> bool:
    if entry.compare == "members":
        return _lower(wanted) == str(_all_named(found, given.get(entry.given, []))).lower()
    if entry.compare == "count":
        return str(wanted) == str(len(_named(found, given.get(entry.given, []))))
    if entry.compare == "moment":
        return any(_same_moment(wanted, one) for one in found) or (_null(wanted) and not _filled(found))
    if entry.compare == "in_order":
        return any(_as_words(one) == _as_words(wanted) for one in found)
    flat = [one for value in found for one in (value if isinstance(value, list) else [value])]
    if entry.compare == "meaning":
        told = [_word(one) for one in flat if one is not None]
        return isinstance(wanted, str) and (
            (_null(wanted) and not told) or vocabulary.same_meaning(wanted, told)
        )
    return _same_words(entry, wanted, flat, vocabulary)


def _same_words(entry: Expected, wanted: Tree, flat: list[Any], vocabulary: Vocabulary) -> bool:
    """Each expected word is among the answer's; a single one may be any of them, a list must hold all and no more."""
    accepted = [_accepted(_word(one), entry, vocabulary) for one in flat if one is not None]
    if entry.only:
        accepted = [
            names
            for one, names in zip((f for f in flat if f is not None), accepted, strict=True)
            if _word(one) in entry.words
        ]
    if isinstance(wanted, list):
        asked = [_lower(one) for one in wanted]
        held = all(any(one in names for names in accepted) for one in asked)
        if entry.compare == "holds":
            return held and (bool(asked) or not accepted)
        return held and all(any(one in names for one in asked) for names in accepted)
    if not isinstance(wanted, str):
        return False
    if _null(wanted):
        return not accepted or any("null" in names for names in accepted)
    # YAML says true and false in more than one way; the word itself counts first (`default: off`).
    said = {_lower(wanted), _TRUTHS.get(_lower(wanted), _lower(wanted))}
    return any(said & names for names in accepted)


def _accepted(word: str, entry: Expected, vocabulary: Vocabulary) -> set[str]:
    """Under which names the answer's word may stand in a case."""
    return {_lower(one) for one in (*entry.words.get(word, (word,)), *vocabulary.other_names.get(word, ()))}


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return f"{value.get('at_least')}-{value.get('at_most')}" if "at_least" in value else str(value)
    return str(value)


def _lower(value: Any) -> str:
    return _word(value).lower()


def _null(value: Any) -> bool:
    return isinstance(value, str) and value in NULLS


def _filled(found: Iterable[Any]) -> bool:
    return any(one is not None for one in found)


def _as_words(value: Any) -> list[str]:
    return [_lower(one) for one in (value if isinstance(value, list) else [value])]


def _named(found: list[Any], given: Tree) -> list[str]:
    """Which of the given services stand on the list that the answer holds, whatever the letter case and blanks."""
    known = {_squeezed(one) for value in found for one in (value if isinstance(value, list) else [])}
    asked = [given] if isinstance(given, str) else [str(one) for one in given]
    return [one for one in asked if _squeezed(one) in known]


def _all_named(found: list[Any], given: Tree) -> bool:
    asked = [given] if isinstance(given, str) else list(given)
    return bool(asked) and len(_named(found, given)) == len(asked)


def _squeezed(value: Any) -> str:
    return "".join(str(value).lower().split())


def _same_moment(wanted: Tree, found: Any) -> bool:
    """A date is met by that day or an instant in it; a date-time by the same instant."""
    if not isinstance(wanted, str) or not isinstance(found, str):
        return False
    if len(wanted) == 10 or len(found) == 10:
        return wanted == found[:10]
    try:
        return datetime.fromisoformat(wanted) == datetime.fromisoformat(found)
    except (ValueError, TypeError):
        return False
