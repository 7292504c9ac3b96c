"""A folder of files into one `Source`: headers, layers from the lowest up, then questions."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from ruangaman.core.law.model import (
    AGE_KINDS,
    ClockQuestion,
    Derived,
    Doubt,
    Fact,
    FactKind,
    Holidays,
    Instrument,
    ScoreQuestion,
    Source,
    TableQuestion,
    Text,
    ValueQuestion,
)
from ruangaman.core.law.parse_common import (
    Shared,
    read_date,
    read_id,
    read_number,
    read_source,
    read_status,
    read_text,
    read_yes_no,
)
from ruangaman.core.law.parse_others import read_clocks, read_holidays, read_scores, read_values
from ruangaman.core.law.parse_tables import read_table
from ruangaman.core.law.reading import Node, Tree, read_files
from ruangaman.core.law.refusals import PackRefused

NOT_QUESTIONS = frozenset(
    {"pack", "clocks", "instrument", "values", "holidays", "texts", "vocabulary", "cases"}
)
YES_NO = ("yes", "no")
RESERVED = frozenset(
    {
        "jurisdiction",
        "question",
        "on",
        "zone",
        "start",
        "done",
        "found",
        "not_found",
        "others",
        "aspect",
        "parameters",
        "as_known_on",
        "nik",
    }
)
Files = Mapping[str, bytes]


def read_pack(files: Files, others: Mapping[str, Files]) -> Source:
    """
    The whole law of one place.

    Args:
        files: the pack's own files by their path inside its folder.
        others: the folders of packs that it extends, by id.

    Raises:
        PackRefused: anything unreadable, undeclared, doubled or missing.
    """
    layers = _layers(files, others, ())
    shared, digest = Shared(), hashlib.sha256()
    derived: dict[str, Derived] = {}
    tables: dict[str, TableQuestion] = {}
    clocks: dict[str, ClockQuestion] = {}
    scores: dict[str, ScoreQuestion] = {}
    values: dict[str, ValueQuestion] = {}
    words: dict[str, Text] = {}
    holidays = Holidays()
    for trees, raw in layers:
        for name in sorted(raw):
            digest.update(b"%d %b %d " % (len(name.encode()), name.encode(), len(raw[name])) + raw[name])
        head = Node(trees["pack.yaml"], "pack.yaml")
        layer = read_id(head.sub("id"))
        _declare(head, shared, derived)
        if "texts.yaml" in trees:
            body = Node(trees["texts.yaml"], "texts.yaml")
            words |= {key: read_text(part) for key, part in body.sub("words").items()}
            body.done()
        if "values.yaml" in trees:
            values |= read_values(Node(trees["values.yaml"], "values.yaml"), shared)
        if "clocks.yaml" in trees:
            clocks |= read_clocks(Node(trees["clocks.yaml"], "clocks.yaml"), shared)
        if "instrument.yaml" in trees:
            scores |= read_scores(Node(trees["instrument.yaml"], "instrument.yaml"), shared)
        if "holidays.yaml" in trees:
            holidays = read_holidays(Node(trees["holidays.yaml"], "holidays.yaml"), shared)
        for file, tree in trees.items():
            stem = file.removesuffix(".yaml")
            if stem in NOT_QUESTIONS:
                continue
            node = Node(tree, file)
            question = node.word("question")
            if question != stem:
                raise node.refuse("pack.bad-id", f"the file is named {stem!r}, its question {question!r}")
            tables[stem] = read_table(node, layer, shared, tables.get(stem))
    _one_kind_a_name(tables, clocks, scores, values)
    head = Node(layers[-1][0]["pack.yaml"], "pack.yaml")
    return Source(
        id=read_id(head.sub("id")),
        version=head.word("version"),
        title=read_text(head.sub("title")),
        zone=_zone(head.sub("zone")),
        zones={name: _zone(part) for name, part in head.sub("zones").items()} if head.has("zones") else {},
        leap_birthday=_leap(head),
        day_doubts=_day_doubts(head, shared),
        max_age=read_number(head.sub("max_age")),
        abstract=read_yes_no(head, "abstract", False),
        layers=tuple(str(trees["pack.yaml"]["id"]) for trees, _ in layers),  # type: ignore[call-overload,index]
        instruments=shared.instruments,
        facts=shared.facts,
        doubts=shared.doubts,
        derived=tuple(derived.values()),
        tables=tables,
        clocks=clocks,
        scores=scores,
        values=values,
        holidays=holidays,
        words=words,
        digest=digest.hexdigest(),
    )


def _layers(
    files: Files, others: Mapping[str, Files], above: tuple[str, ...]
) -> list[tuple[dict[str, Tree], Files]]:
    """The folders to join, lowest first, each once; a cycle or a missing folder is refused."""
    kept = {name: raw for name, raw in files.items() if _belongs(name)}
    if "pack.yaml" not in kept:
        raise PackRefused("pack.missing-file", "pack.yaml is missing", file="pack.yaml")
    trees = read_files(kept)
    head = Node(trees["pack.yaml"], "pack.yaml")
    own = read_id(head.sub("id"))
    if own in above:
        raise head.refuse("pack.extends-cycle", f"{' -> '.join((*above, own))}")
    found: list[tuple[dict[str, Tree], Files]] = []
    for name in head.words("extends"):
        if name not in others:
            raise head.refuse("pack.extends-missing", f"the folder of {name!r} is not there")
        for layer in _layers(others[name], others, (*above, own)):
            if all(layer[0]["pack.yaml"] != one[0]["pack.yaml"] for one in found):
                found.append(layer)
    return [*found, (trees, kept)]


def _belongs(name: str) -> bool:
    """Whether the compiler reads the file; cases and vocabulary belong to `law test`."""
    if not name.endswith((".yaml", ".yml")):
        return False
    if name.startswith("cases/") or name in ("vocabulary.yaml", "cases.yaml"):
        return False
    if "/" in name or name.endswith(".yml"):
        raise PackRefused("pack.unknown-file", "one folder of .yaml files (and cases/)", file=name)
    return True


def _zone(node: Node) -> str:
    found = node.text()
    try:
        return ZoneInfo(found).key
    except (KeyError, ValueError, OSError):
        raise node.refuse("pack.unknown-value", f"no time zone {found!r}") from None


def _day_doubts(head: Node, shared: Shared) -> dict[str, str]:
    """The doubts told when only the time zone, or only the rule for 29 February, decides."""
    found: dict[str, str] = {}
    for kind, part in head.sub("day_doubts").items() if head.has("day_doubts") else ():
        if kind not in ("zone", "leap_birthday"):
            raise part.refuse("pack.unknown-key", "day_doubts: zone and leap_birthday")
        doubt = shared.doubts.get(part.text())
        if doubt is None or doubt.readings:
            raise part.refuse("pack.unknown-doubt", f"no doubt without readings {part.text()!r}")
        found[kind] = doubt.id
    zones = [head.sub("zone"), *(part for _, part in head.sub("zones").items())] if head.has("zones") else []
    for part in zones if "zone" in found else ():
        if len({ZoneInfo(_zone(part)).utcoffset(datetime(2026, month, 1)) for month in range(1, 13)}) > 1:
            raise part.refuse("pack.unknown-value", "day_doubts.zone: only zones without summer time")
    return found


def _leap(head: Node) -> str:
    found = head.word("leap_birthday")
    if found not in ("03-01", "02-28"):
        raise head.refuse("pack.unknown-value", "leap_birthday: 03-01 or 02-28")
    return found


def _one_kind_a_name(*kinds: Mapping[str, object]) -> None:
    seen: set[str] = set()
    for kind in kinds:
        for name in kind:
            if name in seen:
                raise PackRefused("pack.duplicate-id", f"the question {name!r} stands twice", rule=name)
            seen.add(name)


def _declare(head: Node, shared: Shared, derived: dict[str, Derived]) -> None:
    """What a layer's `pack.yaml` declares, added to what lower layers declared."""
    for key in (
        "id",
        "version",
        "title",
        "zone",
        "leap_birthday",
        "day_doubts",
        "max_age",
        "extends",
        "abstract",
        "zones",
    ):
        if head.has(key):
            head.sub(key)
    read_date(head.sub("checked"))
    for name, part in head.sub("instruments").items() if head.has("instruments") else ():
        shared.instruments[name] = Instrument(
            name,
            part.word("short"),
            read_text(part.sub("title")),
            read_date(part.sub("checked")),
            part.words("sources"),
            read_status(part.sub("status"), shared) if part.has("status") else (),
            part.word("short_en") if part.has("short_en") else "",
        )
        part.done()
    most_age = read_number(head.sub("max_age"))
    if not 1 <= most_age <= 200:
        raise head.refuse("pack.bad-number", "max_age: 1 to 200")
    for name, part in head.sub("facts").items() if head.has("facts") else ():
        for fact in _facts(name, part, most_age):
            if shared.facts.setdefault(fact.name, fact) != fact:
                raise part.refuse(
                    "pack.duplicate-id", f"the fact {fact.name!r} is declared differently below"
                )
    paths = [fact.path for fact in shared.facts.values() if not fact.member_of and fact.kind not in AGE_KINDS]
    if len(set(paths)) != len(paths):
        raise head.refuse("pack.duplicate-id", "two facts have the same place (`at`)")
    _check_tells(head, shared)
    for name, part in head.sub("doubts").items() if head.has("doubts") else ():
        read_id(Node(name, part.file, part.rule))
        readings = part.words("readings")
        if len(readings) == 1 or len(set(readings)) != len(readings):
            raise part.refuse("pack.bad-doubt", "two readings or more, or none for a note")
        shared.doubts[name] = Doubt(
            name, readings, read_text(part.sub("point")), read_source(part, shared, required=False)
        )
        part.done()
    for name, part in head.sub("derived").items() if head.has("derived") else ():
        of = part.word("of")
        if of not in shared.facts or shared.facts[of].kind != "completed_years":
            raise part.refuse("pack.unknown-fact", f"derived: {of!r} is no fact of completed years")
        derived[name] = Derived(
            name, of, part.words("ranges"), part.word("when", ""), read_source(part, shared)
        )
        if bool(derived[name].ranges) == bool(derived[name].when):
            raise part.refuse("pack.missing-key", "derived: either `ranges` or `when`")
        part.done()
    head.done()


def _tells(node: Node) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (target, here, there)
        for target, part in (node.sub("tells").items() if node.has("tells") else ())
        for there, _ in part.items()
        for here in part.words(there)
    )


def _check_tells(head: Node, shared: Shared) -> None:
    """What a fact tells is of a fact of words or yes/no in the same group, each of its words once."""
    for fact in shared.facts.values():
        told = [(target, here) for target, here, _ in fact.tells]
        for target, here, there in fact.tells:
            other = shared.facts.get(target)
            if other is None or other.kind not in ("words", "yes_no") or other.member_of or other is fact:
                raise head.refuse("pack.unknown-fact", f"{fact.name} tells {target!r}: no fact of words")
            if len(other.path) != 2 or len(fact.path) != 2 or other.path[0] != fact.path[0]:
                raise head.refuse("pack.bad-id", f"{fact.name} tells {target!r}: not in the same group")
            if here not in fact.words or there not in other.words or told.count((target, here)) > 1:
                raise head.refuse("pack.unknown-value", f"{fact.name} tells {target!r}: {here} = {there}")


def _facts(name: str, node: Node, most_age: int) -> list[Fact]:
    """The declaration of one fact; a set becomes one yes/no fact a member."""
    read_id(Node(name, node.file, node.rule))
    path = tuple(node.word("at", name).split("."))
    if len(path) > 2 or path[0] in RESERVED or not all(path):
        raise node.refuse("pack.bad-id", "`at` is `field` or `group.field`, no field of the question itself")
    if node.has("members"):
        members = node.words("members")
        if not members or len(set(members)) != len(members):
            raise node.refuse("pack.wrong-type", "members, each once")
        found = [Fact(f"{name}.{one}", path, "yes_no", YES_NO, 0, name) for one in members]
    elif node.has("words"):
        words = node.words("words")
        if len(words) < 2 or len(set(words)) != len(words):
            raise node.refuse("pack.wrong-type", "two words or more, each once")
        found = [Fact(name, path, "words", words, tells=_tells(node))]
    else:
        kind = node.word("kind")
        if kind == "yes_no":
            found = [Fact(name, path, "yes_no", YES_NO)]
        elif kind == "ends":
            found = [Fact(name, path, "ends")]
        elif kind == "number":
            found = [Fact(name, path, "number", (), read_number(node.sub("most")))]
        elif kind in AGE_KINDS:
            most = 9999 if kind == "birth_year" else most_age + (kind == "calendar_years")
            kind_of: FactKind = kind  # type: ignore[assignment]
            found = [Fact(name, ("age",), kind_of, (), most)]
        else:
            raise node.refuse("pack.unknown-value", f"no kind of fact {kind!r}")
    node.done()
    return found
