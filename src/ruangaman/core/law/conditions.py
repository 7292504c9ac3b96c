"""The compiler's reading of `when`: words and numbers of a condition become sets of values and half-open intervals."""

import re
from collections.abc import Iterable, Mapping

from ruangaman.core.law.model import Fact, Raw, ValueOf, When
from ruangaman.core.law.refusals import PackRefused

Values = Mapping[str, ValueOf]
Interval = tuple[int, int]

_NUMBER = re.compile(
    r"(?:(?P<less><)\s*(?P<below>\S+)|(?P<least>>=)\s*(?P<from>\S+)|(?P<a>[^\s.]+)\.\.(?P<b>[^\s.]+)|(?P<is>\S+))\Z"
)


def names_used(when: When) -> set[str]:
    """The `$name`s that a condition stands on."""
    return {
        name
        for clause in when
        for raw in clause.values()
        for one in ((raw,) if isinstance(raw, str) else raw)
        for name in re.findall(r"\$([A-Za-z0-9_-]+)", one)
    }


def facts_used(whens: Iterable[When]) -> set[str]:
    """The facts (not the doubts) that conditions speak of."""
    return {name for when in whens for clause in when for name in clause if not name.startswith("doubt.")}


def doubts_used(whens: Iterable[When]) -> set[str]:
    """The doubts that conditions speak of."""
    return {name[6:] for when in whens for clause in when for name in clause if name.startswith("doubt.")}


def number(text: str, values: Values) -> int:
    """A whole number as written, or the dated value that it names."""
    if text.startswith("$"):
        found = values.get(text[1:])
        if not isinstance(found, int):
            raise PackRefused("pack.value-missing", f"{text} is no number on this day")
        return found
    if not re.fullmatch(r"\d{1,12}", text):
        raise PackRefused("pack.bad-condition", f"{text!r} is no whole number")
    return int(text)


def interval(text: str, fact: Fact, values: Values) -> Interval:
    """
    One numeric condition as `[low, high)` on the axis 0..most.

    >>> interval("13..15", Fact("age", ("age",), "completed_years", (), 150), {})
    (13, 16)
    """
    found = _NUMBER.match(text)
    if not found:
        raise PackRefused("pack.bad-condition", f"{text!r}: write < n, >= n, a..b or n")
    top = fact.most + 1
    if found["less"]:
        low, high = 0, number(found["below"], values)
    elif found["least"]:
        low, high = number(found["from"], values), top
    elif found["a"]:
        low, high = number(found["a"], values), number(found["b"], values) + 1
    else:
        low = number(found["is"], values)
        high = low + 1
    if low >= high or low > fact.most or high > top:
        raise PackRefused(
            "pack.bad-condition", f"{text!r} holds for no value of {fact.name!r}, or reaches beyond it"
        )
    return low, high


def intervals(raw: Raw, fact: Fact, values: Values) -> list[Interval]:
    """All intervals of a condition; a list means any."""
    return [interval(one, fact, values) for one in ((raw,) if isinstance(raw, str) else raw)]


def positions(raw: Raw, words: tuple[str, ...], name: str, values: Values) -> list[int]:
    """The places of a condition's words among the fact's words; an unknown word is refused."""
    found = []
    for one in (raw,) if isinstance(raw, str) else raw:
        word = one
        if one.startswith("$"):
            dated = values.get(one[1:])
            if not isinstance(dated, str):
                raise PackRefused("pack.value-missing", f"{one} is no word on this day")
            word = dated
        if word not in words:
            raise PackRefused("pack.unknown-value", f"{word!r} is no value of {name!r}")
        found.append(words.index(word))
    return found


def cut_points(whens: Iterable[When], fact: Fact, values: Values) -> tuple[int, ...]:
    """Where the norms cut a number: the starts of its bands, 0 first."""
    cuts = {0}
    for when in whens:
        for clause in when:
            if fact.name in clause:
                for low, high in intervals(clause[fact.name], fact, values):
                    cuts.add(low)
                    if high <= fact.most:
                        cuts.add(high)
    return tuple(sorted(cuts))
