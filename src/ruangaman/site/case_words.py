"""
The words of case files: how a pack's `vocabulary.yaml` turns them into facts, and an answer's fields back into words.

The vocabulary works one word at a time: a topic names questions, a given word names a fact, a value names a value, an
expected word names a field of an answer. It never sees a whole case. Format: docs/guides/case-files.md.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any

from ruangaman.core.errors import RuangAmanError
from ruangaman.core.law.reading import Tree

Words = Mapping[str, str]
NULLS = ("null", "Null", "NULL", "", "~")
FORMS = (
    "word", "yes_no", "whole", "members", "each", "age", "birth_date", "moment", "day_number", "same_as",
    "for_the_reader",
)  # fmt: skip
AGE_ENDS = {
    "at_least": "at_least", "min": "at_least", "from": "at_least", "low": "at_least", "lowest": "at_least",
    "at_most": "at_most", "max": "at_most", "to": "at_most", "high": "at_most", "highest": "at_most",
}  # fmt: skip
_BOUNDS = {
    ">=": ("at_least", 0), ">": ("at_least", 1), "from": ("at_least", 0), "at least": ("at_least", 0),
    "over": ("at_least", 1), "<": ("at_most", -1), "under": ("at_most", -1), "below": ("at_most", -1),
    "<=": ("at_most", 0), "at most": ("at_most", 0), "up to": ("at_most", 0),
}  # fmt: skip
_RANGE = re.compile(r"(\d{1,3}) ?(?:-|\.\.|–|to) ?(under |below |<)? ?(\d{1,3})", re.ASCII)
_BOUND = re.compile(
    r"(?P<word>>=|<=|>|<|from|at least|over|under|below|at most|up to) ?(?P<years>\d{1,3})"
    r"|(?P<least>\d{1,3}) ?(?P<plus>\+|and over|and above|or older|or over)",
    re.ASCII,
)
COMPARISONS = ("equal", "holds", "in_order", "meaning", "moment", "members", "count")


class BadVocabulary(RuangAmanError):
    """A vocabulary that cannot be used; `where` names the entry."""

    code = "case.bad-vocabulary"


class NotUnderstood(RuangAmanError):
    """A word that the vocabulary does not know: the `word`, the place `at` which it stands, and what it is `near`."""

    code = "case.unknown-word"


@dataclass(frozen=True, slots=True)
class Given:
    """One fact that a given word sets. `names_question`: the word's value chooses the question instead."""

    fact: str
    form: str = "word"
    words: Words = field(default_factory=dict)
    tokens: Words = field(default_factory=dict)
    otherwise: str = ""
    absent: str = ""
    other: str = ""
    equal: str = ""
    different: str = ""
    names_question: bool = False


@dataclass(frozen=True, slots=True)
class Expected:
    """Where an expected word is read in the answers, and how the two are compared."""

    read: tuple[str, ...]
    of: tuple[str, ...] = ()
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    compare: str = "equal"
    only: bool = False
    given: str = ""
    not_when: Words = field(default_factory=dict)
    first: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """One question of a topic; asked when it has no `when_given` or one of those words is given."""

    question: str
    by_word: str = ""
    when_given: tuple[str, ...] = ()
    passes: Words = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Topic:
    """What a case of this topic asks, what holds where it names nothing, and unknown words read by a part of them."""

    asks: tuple[Ask, ...]
    unnamed: Words = field(default_factory=dict)
    parts: Words = field(default_factory=dict)

    def known_by_part(self, word: str) -> str:
        """The given word that an unknown one stands for (`report_mechanism` by its part `report`); empty if none."""
        pieces = parts_of(word)
        return next((known for part, known in self.parts.items() if part in pieces), "")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All words of one pack."""

    topics: Mapping[str, Topic]
    given: Mapping[str, tuple[Given, ...]]
    expect: Mapping[str, Expected]
    other_names: Mapping[str, tuple[str, ...]]
    parts: Mapping[str, tuple[str, ...]]
    means: Mapping[str, frozenset[str]]
    known_parts: frozenset[str]
    yes_no: Mapping[str, bool]

    def entries(self, word: str, topic: Topic) -> tuple[Given, ...]:
        """What a given word sets in a topic; nothing for a word that nobody knows."""
        return self.given.get(word) or self.given.get(topic.known_by_part(word), ())

    def says(self, word: str) -> frozenset[str]:
        """The parts of a reason's name by meaning: `under13_no_consent` is {under, 13, none, consent}."""
        found: set[str] = set()
        for part in parts_of(word):
            found.update(self.parts.get(part, (part,)))
        return frozenset(found)

    def same_meaning(self, expected: str, answered: Iterable[str]) -> bool:
        """
        Whether a reason or state says the same as one of the answer's own names.

        It does when all its known parts, at least one, stand in a name or in what `means` adds to it; a case may also
        name two of the answer's reasons in one word.
        """
        wanted = self.says(expected) & self.known_parts
        if not wanted:
            return False
        told: set[str] = set()
        for name in answered:
            own = name.rpartition("/")[2]
            parts = self.says(own) | self.means.get(own, frozenset())
            if expected in (name, own) or wanted <= parts:
                return True
            told |= parts
        return wanted <= told


def near(word: str, known: Iterable[str]) -> str:
    """The known word that this one was probably meant to be; empty when none is close."""
    by_form = {one.lower(): one for one in known}
    found = get_close_matches(word.lower(), by_form, n=1, cutoff=0.8)
    return by_form[found[0]] if found else ""


def parts_of(word: str) -> list[str]:
    """A word cut at everything that is neither letter nor digit, and between the two: under13 is [under, 13]."""
    return re.findall(r"[a-z]+|\d+", word.lower())


def read_vocabulary(tree: Tree, *, names: Iterable[str] = ()) -> Vocabulary:
    """
    A vocabulary from its tree of strings.

    Args:
        tree: the parsed `vocabulary.yaml`.
        names: ids of norms and words of outcomes, whose parts are known to the comparison by meaning.

    Raises:
        BadVocabulary: an unknown key, form or comparison, or a wrong type.
    """
    top = _map(tree, "vocabulary")
    _only(top, ("topics", "given", "expect", "other_names", "meaning", "yes", "no"), "vocabulary")
    meaning = _map(top.get("meaning", {}), "meaning")
    _only(meaning, ("parts", "means"), "meaning")
    parts = {
        key: tuple(_word(value, f"parts.{key}").split())
        for key, value in _map(meaning.get("parts", {}), "meaning.parts").items()
    }
    means = {
        key: frozenset(_words(value, f"means.{key}"))
        for key, value in _map(meaning.get("means", {}), "meaning.means").items()
    }
    given_tree = _map(top.get("given", {}), "given")
    found = Vocabulary(
        topics={
            key: _topic(value, f"topics.{key}")
            for key, value in _map(top.get("topics", {}), "topics").items()
        },
        given={key: _givens(value, f"given.{key}", given_tree) for key, value in given_tree.items()},
        expect={
            key: _expected(value, f"expect.{key}")
            for key, value in _map(top.get("expect", {}), "expect").items()
        },
        other_names={
            key: tuple(_words(value, f"other_names.{key}"))
            for key, value in _map(top.get("other_names", {}), "other_names").items()
        },
        parts=parts,
        means=means,
        known_parts=frozenset(),
        yes_no=dict.fromkeys(_words(top.get("yes", []), "yes"), True)
        | dict.fromkeys(_words(top.get("no", []), "no"), False),
    )
    known = {part for one in means.values() for part in one} | {
        part for one in parts.values() for part in one
    }
    for name in (*names, *means):
        known |= found.says(name)
    return replace(found, known_parts=frozenset(known))


def fact_value(one: Given, said: Tree, given: Mapping[str, Tree], yes_no: Mapping[str, bool]) -> Any:
    """
    The value of a fact from the value of a given word; None sets nothing.

    Raises:
        NotUnderstood: the value is no word of this vocabulary.
    """
    if one.form == "for_the_reader":
        return None
    if isinstance(said, str) and said in NULLS:
        return one.absent or None
    if one.form == "same_as":
        other = given.get(one.other)
        return None if other is None else one.equal if other == said else one.different
    if one.form == "members":
        return [one.words.get(member, member) for member in _listed(said)]
    if one.form == "each":
        if not isinstance(said, dict):
            raise NotUnderstood(word="a map is expected")
        return {key: one.words.get(str(value), value) for key, value in said.items()}
    if one.form == "age":
        return _age(said)
    if not isinstance(said, str):
        raise NotUnderstood(word="a single word is expected")
    return _single(one, said, yes_no)


def _single(one: Given, said: str, yes_no: Mapping[str, bool]) -> Any:
    if one.form == "moment":
        # YAML writes a date-time with a blank as well: 2026-11-24 08:00:00+07:00.
        return said.replace(" ", "T", 1).replace(" ", "") if len(said) > 10 else said
    if one.form == "birth_date":
        return {"birth_date": said}
    if one.form == "whole":
        return _whole(said)
    if one.form == "day_number":
        return _whole(said[:10].replace("-", ""))
    found = _looked_up(one.words, said)
    if found is None:
        pieces = parts_of(said)
        found = next((value for token, value in one.tokens.items() if token in pieces), None)
    if found is None:
        # `otherwise` is for what the pack does not name, not for a slip of the pen in a name that it knows.
        if one.otherwise and (meant := _slip(said, one.words)):
            raise NotUnderstood(word=said[:40], near=meant)
        found = one.otherwise or (said if one.form != "yes_no" else None)
    if found == "skip":
        return None
    if one.form == "yes_no" or found in ("true", "false"):
        truth = yes_no.get((found or said).lower())
        if truth is None:
            raise NotUnderstood(word=said[:40])
        return truth
    return found


def _looked_up(words: Words, said: str) -> str | None:
    """The word itself, or one that differs in letter case, blanks and strokes alone (`tiktok`, `bigo-live`)."""
    if said in words:
        return words[said]
    wanted = "".join(parts_of(said))
    return next(
        (value for word, value in words.items() if wanted and "".join(parts_of(word)) == wanted), None
    )


def _slip(said: str, words: Words) -> str:
    """The known word of which this is nearly the spelling; short words are too alike to say."""
    found = get_close_matches(said.lower(), [one.lower() for one in words if len(one) > 4], n=1, cutoff=0.85)
    return found[0] if found and len(said) > 4 else ""


def _age(said: Tree) -> dict[str, int]:
    """Ages in completed years, both ends included: `14`, `13-15`, `[13, 15]`, `{at_least: 13}`, `>= 16`, `under 13`."""
    if isinstance(said, dict):
        ends = {AGE_ENDS.get(key, ""): value for key, value in said.items()}
        if not said or "" in ends or len(ends) != len(said):
            raise NotUnderstood(word=", ".join(said)[:40] or "an empty map")
        return {end: _whole(str(value)) for end, value in ends.items() if value not in NULLS}
    if isinstance(said, list):
        if not 1 <= len(said) <= 2:
            raise NotUnderstood(word=f"a list of {len(said)}")
        pairs = zip(("at_least", "at_most"), (said[0], said[-1]), strict=True)
        return {end: _whole(str(value)) for end, value in pairs if value not in NULLS}
    plain = " ".join(said.replace("_", " ").lower().split())
    if found := _RANGE.fullmatch(plain):
        low, below, high = found.groups()
        return {"at_least": int(low), "at_most": int(high) - (1 if below else 0)}
    if found := _BOUND.fullmatch(plain):
        end, step = ("at_least", 0) if found["plus"] else _BOUNDS[found["word"]]
        return {end: int(found["years"] or found["least"]) + step}
    years = _whole(plain)
    return {"at_least": years, "at_most": years}


def _whole(said: str) -> int:
    if not (said.isascii() and said.strip().isdigit()):
        raise NotUnderstood(word=said[:40])
    return int(said)


def _listed(said: Tree) -> list[str]:
    if isinstance(said, str):
        return [said]
    if isinstance(said, list):
        return [str(one) for one in said]
    raise NotUnderstood(word="a list is expected")


def _topic(tree: Tree, where: str) -> Topic:
    top = _map(tree, where)
    _only(top, ("asks", "unnamed", "parts"), where)
    asks = []
    for n, one in enumerate(_list(top.get("asks", []), where)):
        entry = _map(one, f"{where}[{n}]")
        _only(entry, ("question", "question_by", "when_given", "passes"), f"{where}[{n}]")
        asks.append(
            Ask(
                _word(entry.get("question", ""), where),
                _word(entry.get("question_by", ""), where),
                tuple(_words(entry.get("when_given", []), where)),
                _pairs(entry.get("passes", {}), where),
            )
        )
    if not asks:
        raise BadVocabulary(where=where)
    return Topic(tuple(asks), _pairs(top.get("unnamed", {}), where), _pairs(top.get("parts", {}), where))


def _givens(tree: Tree, where: str, all_given: Mapping[str, Tree]) -> tuple[Given, ...]:
    if isinstance(tree, dict) and "same" in tree:
        _only(tree, ("same",), where)
        other = _word(tree["same"], where)
        if other not in all_given or all_given[other] is tree:
            raise BadVocabulary(where=where)
        return _givens(all_given[other], where, {})
    return tuple(_given(one, where) for one in (tree if isinstance(tree, list) else [tree]))


def _given(tree: Tree, where: str) -> Given:
    entry = _map(tree, where)
    _only(
        entry,
        ("fact", "as", "words", "tokens", "otherwise", "absent", "other", "equal", "different", "names"),
        where,
    )
    form = _word(entry.get("as", "word"), where)
    names = _word(entry.get("names", ""), where)
    fact = _word(entry.get("fact", ""), where)
    if form not in FORMS or names not in ("", "question") or not (fact or names or form == "for_the_reader"):
        raise BadVocabulary(where=where)
    return Given(
        fact,
        form,
        _pairs(entry.get("words", {}), where),
        _pairs(entry.get("tokens", {}), where),
        _word(entry.get("otherwise", ""), where),
        _word(entry.get("absent", ""), where),
        _word(entry.get("other", ""), where),
        _word(entry.get("equal", ""), where),
        _word(entry.get("different", ""), where),
        bool(names),
    )


def _expected(tree: Tree, where: str) -> Expected:
    entry = _map(tree, where)
    _only(entry, ("read", "of", "words", "compare", "only", "given", "not_when", "first"), where)
    compare = _word(entry.get("compare", "equal"), where)
    read = tuple(_words(entry.get("read", []), where))
    if compare not in COMPARISONS or not read:
        raise BadVocabulary(where=where)
    return Expected(
        read,
        tuple(_words(entry.get("of", []), where)),
        {key: tuple(_words(value, where)) for key, value in _map(entry.get("words", {}), where).items()},
        compare,
        _word(entry.get("only", "no"), where) == "yes",
        _word(entry.get("given", ""), where),
        _pairs(entry.get("not_when", {}), where),
        _word(entry.get("first", "no"), where) == "yes",
    )


def _map(tree: Tree, where: str) -> dict[str, Tree]:
    if not isinstance(tree, dict):
        raise BadVocabulary(where=where)
    return tree


def _list(tree: Tree, where: str) -> list[Tree]:
    if not isinstance(tree, list):
        raise BadVocabulary(where=where)
    return tree


def _word(tree: Tree, where: str) -> str:
    if not isinstance(tree, str):
        raise BadVocabulary(where=where)
    return tree


def _words(tree: Tree, where: str) -> list[str]:
    return [tree] if isinstance(tree, str) else [_word(one, where) for one in _list(tree, where)]


def _pairs(tree: Tree, where: str) -> dict[str, str]:
    return {key: _word(value, f"{where}.{key}") for key, value in _map(tree, where).items()}


def _only(entry: Mapping[str, Tree], allowed: tuple[str, ...], where: str) -> None:
    for key in entry:
        if key not in allowed:
            raise BadVocabulary(where=f"{where}.{key}")
