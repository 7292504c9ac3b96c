"""One file a table question: from tree to norms and laws."""

from collections.abc import Mapping

from ruangaman.core.law.model import AgeBy, Law, Norm, TableQuestion, Text, When
from ruangaman.core.law.parse_common import (
    Shared,
    read_confidence,
    read_dated,
    read_doubts,
    read_id,
    read_number,
    read_source,
    read_status,
    read_text,
    read_when,
)
from ruangaman.core.law.reading import Node

MANAGERS = ("child", "guardian", "nobody")
AGE_CLAIM_OUTCOMES = ("as_stated", "at_most_stated", "not_at_all")
READERS = {"nik": ("digits", "female_day_offset", "lowest_serial")}
LAWS = ("going_right_never_opens", "growing_older_never_closes", "changes_nothing", "action_only_when")


def read_table(node: Node, layer: str, shared: Shared, below: TableQuestion | None) -> TableQuestion:
    """One question of one layer, joined with the question of the layers `below` it."""
    name = read_id(node.sub("question"))
    outcomes = node.words("outcomes") or (below.outcomes if below else ())
    closed = node.words("closed") if node.has("closed") or below is None else tuple(below.closed)
    if not outcomes or len(set(outcomes)) != len(outcomes):
        raise node.refuse("pack.missing-key", "outcomes, from open to strict, each once")
    if below and [one for one in outcomes if one in below.outcomes] != list(below.outcomes):
        raise node.refuse(
            "pack.bad-outcomes", "all outcomes of the extended pack stand here in the same order"
        )
    for outcome in closed:
        if outcome not in outcomes:
            raise node.refuse("pack.unknown-outcome", f"closed: {outcome!r} is not an outcome")
    undecided: dict[str, str] = dict(below.undecided) if below else {}
    if node.has("undecided"):
        for fact, part in node.sub("undecided").items():
            if fact != "otherwise" and fact not in shared.facts and fact not in _sets(shared):
                raise part.refuse("pack.unknown-fact", f"no fact {fact!r}")
            undecided[fact] = read_id(part)
    undecided.setdefault("otherwise", "unclear")
    for outcome in undecided.values():
        if outcome in outcomes and outcome not in closed:
            raise node.refuse("pack.undecided-open", f"undecided: {outcome!r} is open")
    texts: dict[str, Text] = dict(below.texts) if below else {}
    if node.has("texts"):
        texts |= {key: read_text(part) for key, part in node.sub("texts").items()}
    status = dict(below.status) if below else {}
    status[layer] = read_status(node.sub("status"), shared) if node.has("status") else ()
    for outcome in (*undecided.values(), *(("not_in_force",) if any(status.values()) else ())):
        if outcome not in texts:
            raise node.refuse("pack.text-missing", f"texts: no sentence for {outcome!r}")
    norms = list(below.norms) if below else []
    seen: set[str] = set()
    for part in node.sub("norms").list() if node.has("norms") else ():
        norm = _norm(part, layer, name, outcomes, shared)
        if norm.id in seen:
            raise part.refuse("pack.duplicate-id", f"the id {norm.id!r} stands twice")
        seen.add(norm.id)
        norms.append(norm)
    laws = list(below.laws) if below else []
    for part in node.sub("laws").list() if node.has("laws") else ():
        laws.append(_law(part, shared))
    age_by = below.age_by if below else None
    if node.has("age_by"):
        part = node.sub("age_by")
        age_by = AgeBy(read_id(part.sub("question")), part.word("when_given"))
        part.done()
        if age_by.when_given not in shared.facts:
            raise part.refuse("pack.unknown-fact", f"no fact {age_by.when_given!r}")
    reads = dict(below.reads) if below else {}
    if node.has("reads"):
        reads |= {reader: _reader(reader, part) for reader, part in node.sub("reads").items()}
    never = below.never if below else ()
    if node.has("never"):
        never += tuple(read_when(part, shared) for part in node.sub("never").list())
    title = read_text(node.sub("title")) if node.has("title") or below is None else below.title
    all_open = node.word("all_open", "decided")
    if all_open not in ("decided", "undecided"):
        raise node.refuse("pack.wrong-type", "all_open: decided or undecided")
    node.done()
    return TableQuestion(
        name=name,
        file=node.file,
        title=title,
        outcomes=outcomes,
        closed=frozenset(closed),
        undecided=undecided,
        all_open_decides=all_open == "decided",
        texts=texts,
        norms=tuple(norms),
        laws=tuple(laws),
        status=status,
        age_by=age_by,
        reads=reads,
        never=never,
    )


def _sets(shared: Shared) -> set[str]:
    return {fact.path[0] for fact in shared.facts.values() if fact.member_of}


def _reader(name: str, node: Node) -> Mapping[str, str]:
    if name not in READERS:
        raise node.refuse("pack.unknown-reader", f"no reader {name!r}")
    found = {key: part.text() for key, part in node.items()}
    if set(found) != set(READERS[name]):
        raise node.refuse("pack.unknown-reader", f"{name} needs exactly {', '.join(READERS[name])}")
    return found


def _norm(node: Node, layer: str, question: str, outcomes: tuple[str, ...], shared: Shared) -> Norm:
    norm_id = read_id(node.sub("id"))
    node.rule = norm_id
    then = node.word("then", "")
    if then and not then.startswith("$") and then not in outcomes:
        raise node.refuse("pack.unknown-outcome", f"then: {then!r} is not an outcome")
    do, needs, notices = node.words("do"), node.words("needs"), node.words("notices")
    lifts = ("all",) if node.has("lifts") and node.sub("lifts").tree == "all" else node.words("lifts")
    extras = {key: part.text() for key, part in node.sub("with").items()} if node.has("with") else {}
    if not (then or do or needs or notices):
        raise node.refuse("pack.missing-key", "a norm decides (`then`) or adds (`do`, `needs`, `notices`)")
    managed_by = node.word("managed_by", "")
    if managed_by and managed_by not in MANAGERS:
        raise node.refuse("pack.unknown-value", f"managed_by is one of {', '.join(MANAGERS)}")
    norm = Norm(
        id=norm_id,
        layer=layer,
        rule=f"{layer}/{question}/{norm_id}",
        file=node.file,
        when=read_when(node.sub("when"), shared) if node.has("when") else (),
        then=then,
        extras=extras,
        do=do,
        needs=needs,
        notices=notices,
        managed_by=managed_by,
        lifts=lifts,
        articles=read_source(node, shared),
        confidence=read_confidence(node),
        doubts=read_doubts(node, shared),
        dated=read_dated(node),
        status=read_status(node.sub("status"), shared) if node.has("status") else (),
        text=read_text(node.sub("text")),
    )
    node.done()
    return norm


def _law(node: Node, shared: Shared) -> Law:
    kinds = [kind for kind in LAWS if node.has(kind)]
    if len(kinds) != 1:
        raise node.refuse("pack.unknown-law", f"a law is one of {', '.join(LAWS)}")
    kind = kinds[0]
    part = node.sub(kind)
    fact, action = "", ""
    order: tuple[str, ...] = ()
    when: When = ()
    if kind == "changes_nothing":
        order = tuple(one.text() for one in part.list())
    elif kind == "action_only_when":
        action, when = part.word("action"), read_when(part.sub("when"), shared)
        part.done()
    else:
        if len(part.mapping()) != 1:
            raise part.refuse("pack.wrong-type", "one fact a law")
        fact, value = part.items()[0]
        order = (
            (value.text(),)
            if kind == "growing_older_never_closes"
            else tuple(one.text() for one in value.list())
        )
    for name in (fact, *(order if kind == "changes_nothing" else ())):
        if name and name not in shared.facts:
            raise part.refuse("pack.unknown-fact", f"no fact {name!r}")
    if kind == "growing_older_never_closes":
        # The axis of a law is cut at its number, so both must be numbers.
        if not shared.facts[fact].numeric:
            raise part.refuse("pack.unknown-law", f"{fact!r} is no number, so nobody grows older by it")
        read_number(part.sub(fact))
    given = read_when(node.sub("given"), shared) if node.has("given") else ()
    node.done()
    return Law(kind, fact, order, action, when, given, node.file)
