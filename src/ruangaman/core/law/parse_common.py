"""Small readers that every file of a pack shares: dates, texts, sources, statuses, conditions."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from ruangaman.core.law.model import Dated, Doubt, Fact, Instrument, Raw, Status, Text, When
from ruangaman.core.law.reading import Node

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*\Z")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
CONFIDENCES = (">=2", "one", "unclear")


@dataclass(slots=True)
class Shared:
    """What the parts of a pack name: instruments, facts, sets, doubts."""

    instruments: dict[str, Instrument] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    doubts: dict[str, Doubt] = field(default_factory=dict)


def read_id(node: Node) -> str:
    """A plain identifier."""
    found = node.text()
    if not ID.match(found):
        raise node.refuse("pack.bad-id", "letters, digits, - and _ only")
    return found


def read_date(node: Node) -> date:
    """A day, as YYYY-MM-DD."""
    found = node.text()
    try:
        if not DATE.match(found):
            raise ValueError
        return date.fromisoformat(found)
    except ValueError:
        raise node.refuse("pack.bad-date", "a date is written YYYY-MM-DD") from None


def read_number(node: Node) -> int:
    """A whole number from 0 up."""
    found = node.text()
    if not re.fullmatch(r"\d{1,12}", found):
        raise node.refuse("pack.bad-number", "a whole number is expected")
    return int(found)


def read_hundredths(node: Node) -> int:
    """A number with at most two decimals, in whole hundredths: "20.1" is 2010."""
    found = node.text()
    if not re.fullmatch(r"\d{1,6}(\.\d{1,2})?", found):
        raise node.refuse("pack.bad-number", "a number with at most two decimals is expected")
    whole, _, rest = found.partition(".")
    return int(whole) * 100 + int(rest.ljust(2, "0") or 0)


def read_text(node: Node) -> Text:
    """A sentence in both languages; one alone is refused."""
    both: Text = {"id": "", "en": ""}
    for key, part in node.items():
        if key not in ("id", "en"):
            raise node.refuse("pack.unknown-key", f"unknown language {key!r}")
        if not isinstance(part.tree, str) or not part.tree.strip():
            raise part.refuse("pack.text-missing", "a filled sentence is expected")
        both[key] = " ".join(part.tree.split())  # type: ignore[literal-required]
    if not both["id"] or not both["en"]:
        raise node.refuse("pack.text-missing", "a text stands in both languages, id and en")
    return both


def read_yes_no(node: Node, key: str, default: bool) -> bool:
    """A `yes` or `no`, with a default when left out."""
    found = node.word(key, "yes" if default else "no")
    if found not in ("yes", "no"):
        raise node.refuse("pack.wrong-type", f"{key}: yes or no")
    return found == "yes"


def read_dated(node: Node) -> Dated:
    """`from`, `until`, `known`, `known_until` of a norm or row."""
    named = {"from": date.min, "until": date.max, "known": date.min, "known_until": date.max}
    for key in named:
        if node.has(key):
            named[key] = read_date(node.sub(key))
    if named["from"] > named["until"] or named["known"] > named["known_until"]:
        raise node.refuse("pack.from-after-until", "it ends before it begins")
    return Dated(named["from"], named["until"], named["known"], named["known_until"])


def read_source(node: Node, shared: Shared, *, required: bool = True) -> tuple[str, ...]:
    """`source: [pp17-2025 Art. 21(1)]` as citations that people read: "PP 17/2025 Art. 21(1)"."""
    if not node.has("source"):
        if required:
            raise node.refuse("pack.no-source", "a source is missing")
        return ()
    cited = []
    for part in node.sub("source").list():
        instrument, _, article = part.text().partition(" ")
        if instrument not in shared.instruments:
            raise part.refuse("pack.unknown-instrument", f"no instrument {instrument!r}")
        cited.append(f"{shared.instruments[instrument].short} {article}".strip())
    if not cited:
        raise node.refuse("pack.no-source", "a source is missing")
    return tuple(cited)


def read_confidence(node: Node, *, required: bool = True) -> str:
    """How many sources stand behind it."""
    if not required and not node.has("confidence"):
        return "unclear"
    found = node.word("confidence")
    if found not in CONFIDENCES:
        raise node.refuse("pack.bad-confidence", f"confidence is one of {', '.join(CONFIDENCES)}")
    return found


def read_doubts(node: Node, shared: Shared) -> tuple[str, ...]:
    """The doubts that a norm or row carries as notes."""
    found = node.words("doubts")
    for doubt in found:
        if doubt not in shared.doubts:
            raise node.refuse("pack.unknown-doubt", f"no doubt {doubt!r}")
    return found


def read_status(node: Node, shared: Shared) -> tuple[Status, ...]:
    """Rows `{from, is}`, oldest first."""
    rows = []
    for part in node.list():
        rows.append(
            Status(
                read_date(part.sub("from")),
                read_id(part.sub("is")),
                read_source(part, shared, required=False),
                read_date(part.sub("known")) if part.has("known") else date.min,
            )
        )
        part.done()
    if not rows or [row.begins for row in rows] != sorted({row.begins for row in rows}):
        raise node.refuse("pack.bad-status", "status rows stand in order of their dates, each date once")
    return tuple(rows)


def read_when(node: Node, shared: Shared) -> When:
    """A map (all hold) or a list of maps (any holds), kept as written; facts and doubts must be declared."""
    maps = node.list() if isinstance(node.tree, list) else [node]
    clauses: list[Mapping[str, Raw]] = []
    for part in maps:
        clause: dict[str, Raw] = {}
        for name, value in part.items():
            if name.startswith("doubt."):
                doubt = shared.doubts.get(name[6:])
                if doubt is None:
                    raise value.refuse("pack.unknown-doubt", f"no doubt {name[6:]!r}")
                if not doubt.readings:
                    raise value.refuse("pack.unknown-doubt", f"{name[6:]!r} has no readings")
            elif name not in shared.facts:
                raise value.refuse("pack.unknown-fact", f"no fact {name!r}")
            elif shared.facts[name].kind == "ends":
                raise value.refuse("pack.bad-condition", f"{name!r} only bounds how long an answer is valid")
            clause[name] = (
                tuple(one.text() for one in value.list()) if isinstance(value.tree, list) else value.text()
            )
        if not clause:
            raise part.refuse("pack.bad-condition", "an empty condition; leave `when` out for always")
        clauses.append(clause)
    if not clauses:
        raise node.refuse("pack.bad-condition", "an empty condition; leave `when` out for always")
    return tuple(clauses)
