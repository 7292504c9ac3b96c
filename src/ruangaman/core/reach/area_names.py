"""
From names of areas to their Kemendagri codes, inside their parent and nowhere else.

Names repeat all over the country, and two areas of one parent may differ by a word before their name alone. What is not
found, or fits two, stays without a code and says why; nothing is guessed.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from ruangaman.core.errors import RuangAmanError

STEPS: Final = ("kab", "kec", "kel")
"""Names that a layer tells, from the largest area to the smallest; their codes have so many dots more each."""
DOTTED: Final = re.compile(r"[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?", re.ASCII)
_RW: Final = re.compile(r"(?:RUKUN WARGA|RW)?[\s.\-]*0*([0-9]{1,3})", re.ASCII)
MOST_CODES: Final = 500_000


class CodesMalformed(RuangAmanError):
    """A table of codes or names that has not its form; `at` says where."""

    code = "city.codes-malformed"


@dataclass(frozen=True, slots=True)
class Words:
    """
    How names are written.

    Attributes:
        columns: what a column tells -> its names. short: word -> the whole word.
        before: step -> words before a name, as `plain` writes them, the longest first.
        exceptions: (step, parent, name as `plain` writes it) -> code.
    """

    columns: Mapping[str, tuple[str, ...]]
    before: Mapping[str, tuple[str, ...]]
    short: Mapping[str, str]
    exceptions: Mapping[tuple[str, str, str], str]


@dataclass(frozen=True, slots=True)
class Register:
    """
    A table of codes.

    Attributes:
        names: code -> name. inside: (parent, plain name, with or without words before it) -> codes.
        of_bps: code of BPS -> code.
    """

    names: Mapping[str, str]
    inside: Mapping[tuple[str, str], tuple[str, ...]]
    of_bps: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """
    A code, or None and why.

    Attributes:
        why: `no-name`, `two-names`, `parent-not-told`, `no-code`, `not-in-table`. at: what was looked for.
    """

    code: str | None
    why: str = ""
    at: str = ""


NO_REGISTER: Final = Register({}, {}, {})


def words(told: object) -> Words:
    """
    How names are written, from plain data as `data/area_names.yaml` has it.

    Raises:
        CodesMalformed.
    """
    try:
        table = cast("Mapping[str, Any]", told)
        made = Words(
            {name: tuple(map(str, values)) for name, values in table["columns"].items()},
            {name: tuple(map(str, values)) for name, values in table["before"].items()},
            {str(name): str(value) for name, value in table["short"].items()},
            {},
        )
        rows = [
            (str(one["level"]), str(one["parent"]), str(one["written"]), str(one["code"]))
            for one in table["exceptions"]
            if str(one["source"]) and str(one["since"])
        ]
        if set(made.before) != set(STEPS):
            raise ValueError("before")
        before = {
            step: tuple(sorted((plain(one, made) for one in given), key=len, reverse=True))
            for step, given in made.before.items()
        }
    except (KeyError, TypeError, ValueError, AttributeError) as wrong:
        raise CodesMalformed(at=str(wrong)[:200] or type(wrong).__name__) from None
    return with_exceptions(Words(made.columns, before, made.short, {}), rows)


def with_exceptions(known: Words, rows: Sequence[tuple[str, str, str, str]]) -> Words:
    """
    Names that are written otherwise: step, code of the parent, name as written, code.

    Raises:
        CodesMalformed: a step or a code is none.
    """
    more = dict(known.exceptions)
    for step, parent, written, code in rows:
        if step not in STEPS or not DOTTED.fullmatch(code) or not written.strip():
            raise CodesMalformed(at=f"{step} {written} {code}"[:200])
        more[step, parent, plain(written, known)] = code
    return Words(known.columns, known.before, known.short, more)


def register(rows: Sequence[tuple[str, str, str]], bps: Mapping[str, str], known: Words) -> Register:
    """
    A table of codes from rows of code, code of the parent ("" for a province), name.

    Raises:
        CodesMalformed: a code is none, twice, or of another parent; or there are too many.
    """
    if len(rows) > MOST_CODES:
        raise CodesMalformed(at=f"more than {MOST_CODES} rows")
    names: dict[str, str] = {}
    inside: dict[tuple[str, str], list[str]] = {}
    for code, parent, name in rows:
        if (
            not DOTTED.fullmatch(code)
            or parent != code.rpartition(".")[0]
            or code in names
            or not name.strip()
        ):
            raise CodesMalformed(at=code[:40] or name[:40])
        names[code] = name.strip()
        step = _step_of(code)
        for key in {plain(name, known), _bare(name, step, known)}:
            inside.setdefault((parent, key), []).append(code)
    return Register(names, {key: tuple(codes) for key, codes in inside.items()}, bps)


def find(table: Register, known: Words, scope: str, path: Sequence[tuple[str, str]]) -> Found:
    """
    The code of an area by its name and those of its parents.

    Args:
        scope: the code of the province or city in which the first name is looked for.
        path: step and name, from the largest on; steps that the scope is above or at may be told, and count.
    """
    parent = scope
    for step, name in path:
        depth = STEPS.index(step) + 1  # how many dots the code has
        if parent.count(".") >= depth:
            # The scope itself is told by name: it must be the one.
            own = ".".join(parent.split(".")[: depth + 1])
            found = _inside(table, known, own.rpartition(".")[0], step, name)
            if found.code is not None and found.code != own:
                return Found(None, "no-name", f"{name} < {own}")
            continue
        if not parent or parent.count(".") != depth - 1:
            return Found(None, "parent-not-told", name)
        found = _inside(table, known, parent, step, name)
        if found.code is None:
            return found
        parent = found.code
    return Found(parent)


def _inside(table: Register, known: Words, parent: str, step: str, name: str) -> Found:
    at = f"{name} < {parent}"
    keys = (plain(name, known), _bare(name, step, known))
    for key in keys:
        exception = known.exceptions.get((step, parent, key))
        if exception is not None:
            return Found(exception)
    for key in keys:
        codes = table.inside.get((parent, key), ())
        if len(codes) == 1:
            return Found(codes[0])
        if len(codes) > 1:
            return Found(None, "two-names", at)
    return Found(None, "no-name", at)


def coded(table: Register, told: str) -> Found:
    """A code of Kemendagri as a file writes it; without dots it counts when the table has it."""
    code = told.strip()
    if DOTTED.fullmatch(code):
        return Found(code) if not table.names or code in table.names else Found(None, "not-in-table", code)
    if code.isdecimal() and len(code) in (2, 4, 6, 10):
        dotted = ".".join(one for one in (code[:2], code[2:4], code[4:6], code[6:]) if one)
        if dotted in table.names:
            return Found(dotted)
    return Found(None, "no-code", code[:40])


def of_bps(table: Register, told: str) -> Found:
    """The Kemendagri code of one of BPS, by the table of both."""
    code = table.of_bps.get(told.strip())
    return Found(code) if code else Found(None, "not-in-table", f"BPS {told.strip()[:40]}")


def rw(told: str) -> str | None:
    """`RW 05`, `RW05`, `5` and `005` are RW05; None for what has no number."""
    found = _RW.fullmatch(told.strip().upper())
    return f"RW{int(found[1]):02d}" if found and int(found[1]) else None


def plain(name: str, known: Words) -> str:
    """Letters and digits alone, in capitals, short words made whole."""
    folded = unicodedata.normalize("NFKD", name)
    folded = "".join(one for one in folded if not unicodedata.combining(one)).upper()
    parts = re.findall(r"[A-Z0-9]+", re.sub(r"[’'`]", "", folded))
    return "".join(known.short.get(part, part) for part in parts)


def _bare(name: str, step: str, known: Words) -> str:
    """The same without a word before it; the longest counts."""
    key = plain(name, known)
    for before in known.before[step]:
        if key.startswith(before) and len(key) > len(before):
            return key[len(before) :]
    return key


def _step_of(code: str) -> str:
    return STEPS[max(code.count(".") - 1, 0)]


def slug(*parts: str) -> str:
    """The key of an area without a code: `?` and its names in small letters."""
    text = "-".join(re.sub(r"[^a-z0-9]+", "-", part.lower()).strip("-") for part in parts if part)
    return "?" + (text.strip("-") or "tanpa-nama")[:100]
