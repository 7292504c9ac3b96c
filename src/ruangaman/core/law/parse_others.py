"""Clocks, scores, values, holidays and words: from tree to model."""

from datetime import date, timedelta

from ruangaman.core.law.model import (
    ClockQuestion,
    ClockRow,
    Holidays,
    Item,
    Reading,
    ScoreQuestion,
    Text,
    ValueOf,
    ValueQuestion,
    ValueRow,
)
from ruangaman.core.law.parse_common import (
    Shared,
    read_confidence,
    read_date,
    read_dated,
    read_doubts,
    read_hundredths,
    read_id,
    read_number,
    read_source,
    read_text,
    read_when,
    read_yes_no,
)
from ruangaman.core.law.reading import Node, Tree

UNITS = ("hours", "calendar_days", "working_days", "months")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def read_clocks(node: Node, shared: Shared) -> dict[str, ClockQuestion]:
    """`clocks.yaml`."""
    found = {}
    for name, part in node.sub("clocks").items():
        rows = tuple(_clock_row(row, shared) for row in part.sub("rows").list())
        if not rows:
            raise part.refuse("pack.missing-key", "a clock needs a row")
        if len({row.id for row in rows}) != len(rows):
            raise part.refuse("pack.duplicate-id", "row ids stand once each")
        found[name] = ClockQuestion(name, node.file, read_text(part.sub("title")), rows)
        part.done()
    node.done()
    return found


def _readings(node: Node, shared: Shared, allowed: tuple[str, ...]) -> tuple[Reading, ...]:
    if not node.has("otherwise"):
        return ()
    found = []
    for part in node.sub("otherwise").list():
        doubt, name = part.word("doubt"), part.word("reading")
        if doubt not in shared.doubts or name not in shared.doubts[doubt].readings[1:]:
            raise part.refuse("pack.unknown-doubt", f"no other reading {name!r} of a doubt {doubt!r}")
        changes = {key: value.text() for key, value in part.items() if key in allowed}
        if not changes:
            raise part.refuse("pack.missing-key", f"a reading changes {' or '.join(allowed)}")
        for key in changes:
            _checked_change(part, key)
        unknown = set(part.mapping()) - {"doubt", "reading", *allowed}
        if unknown:
            raise part.refuse("pack.unknown-key", f"unknown key {min(unknown)!r}")
        found.append(Reading(doubt, name, changes))
    return tuple(found)


def _checked_change(node: Node, key: str) -> None:
    part = node.sub(key)
    if key == "unit" and part.text() not in UNITS:
        raise part.refuse("pack.unknown-value", f"unit is one of {', '.join(UNITS)}")
    if key == "counts" and part.text() not in ("found", "not_found"):
        raise part.refuse("pack.unknown-value", "counts: found or not_found")
    if key == "weight":
        read_hundredths(part)
    if key == "amount" and part.text() != "none":
        read_number(part)


def _clock_row(node: Node, shared: Shared) -> ClockRow:
    row_id = read_id(node.sub("id"))
    due = read_date(node.sub("due")) if node.has("due") else None
    amount: int | None = None
    unit = "calendar_days"
    if due is None:
        part = node.sub("amount")
        amount = None if part.text() == "none" else read_number(part)
        unit = node.word("unit")
        if unit not in UNITS:
            raise node.refuse("pack.unknown-value", f"unit is one of {', '.join(UNITS)}")
    lapse: dict[str, str | tuple[str, ...]] = {}
    if node.has("on_lapse"):
        for key, value in node.sub("on_lapse").items():
            lapse[key] = (
                tuple(one.text() for one in value.list()) if isinstance(value.tree, list) else value.text()
            )
    row = ClockRow(
        id=row_id,
        when=read_when(node.sub("when"), shared) if node.has("when") else (),
        amount=amount,
        unit=unit,
        parameter=node.word("parameter", ""),
        start=read_date(node.sub("start")) if node.has("start") else None,
        due=due,
        reading=node.word("reading", "applied"),
        otherwise=_readings(node, shared, ("unit", "amount")),
        on_lapse=lapse,
        articles=read_source(node, shared),
        confidence=read_confidence(node),
        doubts=read_doubts(node, shared),
        dated=read_dated(node),
        text=read_text(node.sub("text")),
    )
    node.done()
    return row


def read_scores(node: Node, shared: Shared) -> dict[str, ScoreQuestion]:
    """`instrument.yaml`."""
    found = {}
    for name, part in node.sub("scores").items():
        aspects: dict[str, tuple[Item, ...]] = {}
        titles: dict[str, Text] = {}
        codes: set[str] = set()
        for aspect, body in part.sub("aspects").items():
            titles[aspect] = read_text(body.sub("title"))
            items = []
            for code, leaf in body.sub("items").items():
                if code in codes:
                    raise leaf.refuse("pack.duplicate-id", f"the item {code!r} stands twice")
                codes.add(code)
                counts = leaf.word("counts")
                _checked_change(leaf, "counts")
                weight = read_hundredths(leaf.sub("weight"))
                other = _readings(leaf, shared, ("weight", "counts"))
                items.append(Item(code, aspect, weight, counts, other, read_text(leaf.sub("text"))))
                leaf.done()
            aspects[aspect] = tuple(items)
            body.done()
        found[name] = ScoreQuestion(
            name=name,
            file=node.file,
            title=read_text(part.sub("title")),
            version=part.word("version"),
            high_over=read_hundredths(part.sub("high_over")),
            aspects=aspects,
            aspect_titles=titles,
            articles=read_source(part, shared),
            confidence=read_confidence(part),
            doubts=read_doubts(part, shared),
            dated=read_dated(part),
            text=read_text(part.sub("text")),
        )
        part.done()
    node.done()
    return found


def _value(tree: Tree, node: Node) -> ValueOf:
    if isinstance(tree, list):
        return tuple(part.text() for part in node.list())
    if isinstance(tree, dict):
        return {key: part.text() for key, part in node.items()}
    if tree == "unknown":
        return None
    return int(tree) if tree.isascii() and tree.isdigit() and len(tree) <= 15 else node.text()


def read_values(node: Node, shared: Shared) -> dict[str, ValueQuestion]:
    """`values.yaml`."""
    found = {}
    for name, part in node.sub("values").items():
        rows = []
        for row in part.sub("rows").list():
            is_ = row.sub("is")
            askable = row.has("text")
            rows.append(
                ValueRow(
                    _value(is_.tree, is_),
                    read_source(row, shared),
                    read_confidence(row, required=askable),
                    read_doubts(row, shared),
                    read_dated(row),
                    read_text(row.sub("text")) if askable else None,
                )
            )
            row.done()
        for n, one in enumerate(rows):
            for other in rows[:n]:
                apart = one.dated.known > other.dated.known_until or other.dated.known > one.dated.known_until
                if one.dated.begins == other.dated.begins and not apart:
                    raise part.refuse("pack.rows-overlap", "two rows of a value begin on the same day")
        found[name] = ValueQuestion(name, node.file, read_text(part.sub("title")), tuple(rows))
        part.done()
    node.done()
    return found


def read_holidays(node: Node, shared: Shared) -> Holidays:
    """`holidays.yaml`."""
    weekend = node.words("weekend")
    for day in weekend:
        if day not in DAYS:
            raise node.refuse("pack.unknown-value", f"weekend: {day!r} is not a day")
    covers = node.sub("covers")
    begins, ends = read_date(covers.sub("from")), read_date(covers.sub("until"))
    unknown = covers.word("otherwise_doubt")
    if unknown not in shared.doubts:
        raise covers.refuse("pack.unknown-doubt", f"no doubt {unknown!r}")
    covers.done()
    if begins > ends or ends - begins > timedelta(days=40 * 366):
        raise covers.refuse("pack.from-after-until", "covers: at most 40 years, in order")
    days: dict[date, Text] = {}
    estimated: set[date] = set()
    for part in node.sub("days").list():
        at = read_date(part.sub("date"))
        if not begins <= at <= ends:
            raise part.refuse("pack.bad-date", "a holiday outside `covers`")
        if read_id(part.sub("kind")) not in ("public", "joint_leave"):
            raise part.refuse("pack.unknown-value", "kind: public or joint_leave")
        name = read_text(part.sub("name"))
        sure = not read_yes_no(part, "estimated", False)
        if at in days:
            name = {"id": f"{days[at]['id']}; {name['id']}", "en": f"{days[at]['en']}; {name['en']}"}
            sure = sure or at not in estimated
        days[at] = name
        (estimated.discard if sure else estimated.add)(at)
        part.done()
    doubt = node.word("estimated_doubt", "")
    if (estimated and not doubt) or (doubt and doubt not in shared.doubts):
        raise node.refuse("pack.unknown-doubt", "estimated days need a declared `estimated_doubt`")
    decreed_until, undecreed = date.max, ""
    if node.has("decreed"):
        part = node.sub("decreed")
        decreed_until, undecreed = read_date(part.sub("until")), part.word("otherwise_doubt")
        if undecreed not in shared.doubts:
            raise part.refuse("pack.unknown-doubt", f"no doubt {undecreed!r}")
        part.done()
    articles = read_source(node, shared)
    node.done()
    return Holidays(
        frozenset(DAYS.index(day) for day in weekend),
        begins,
        ends,
        days,
        frozenset(estimated),
        doubt,
        articles,
        decreed_until,
        undecreed,
        unknown,
    )
