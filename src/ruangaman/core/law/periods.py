"""Time cut into periods: in each, one set of norms, one set of values, one table. Equal tables are shared."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from ruangaman.core.law.conditions import names_used
from ruangaman.core.law.model import Norm, Source, Status, TableQuestion, ValueOf, ValueQuestion, ValueRow
from ruangaman.core.law.refusals import PackRefused

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """From `begins` to `ends`, both included: the norms in force, or `status` when no layer is in force."""

    begins: date
    ends: date
    norms: tuple[Norm, ...]
    values: Mapping[str, ValueOf]
    status: Status | None


def status_on(rows: Iterable[Status], on: date, as_known_on: date | None) -> Status | None:
    """The row that holds on a day; None before the first."""
    held = None
    for row in rows:
        if row.begins <= on and (as_known_on is None or row.known <= as_known_on):
            held = row
    return held


def row_on(value: ValueQuestion, on: date, as_known_on: date | None) -> ValueRow | None:
    """The row of a value that holds on a day: the latest that has begun, unless it has ended."""
    begun = [row for row in value.rows if row.dated.known_on(as_known_on) and row.dated.begins <= on]
    latest = max(begun, key=lambda row: row.dated.begins, default=None)
    return latest if latest is not None and on <= latest.dated.ends else None


def in_force(norm: Norm, on: date, as_known_on: date | None) -> bool:
    """Whether a norm counts on a day."""
    if not norm.dated.known_on(as_known_on) or not norm.dated.holds(on):
        return False
    if not norm.status:
        return True
    held = status_on(norm.status, on, as_known_on)
    return held is not None and held.is_ == "in_force"


def values_named(question: TableQuestion, norms: Iterable[Norm]) -> set[str]:
    """The dated values that norms, laws and readers of a question stand on."""
    found = set()
    for norm in norms:
        found |= names_used(norm.when)
        if norm.then.startswith("$"):
            found.add(norm.then[1:])
    for law in question.laws:
        found |= names_used(law.when) | names_used(law.given)
    for numbers in question.reads.values():
        found |= {one[1:] for one in numbers.values() if one.startswith("$")}
    return found


def stretches(source: Source, question: TableQuestion, as_known_on: date | None) -> list[Stretch]:
    """
    The whole of time, cut where anything of the question changes.

    Raises:
        PackRefused: a value that a norm names has no row in a stretch in which the norm is in force.
    """
    starts = {date.min}
    for norm in question.norms:
        starts |= _edges(norm.dated.begins, norm.dated.ends) | {row.begins for row in norm.status}
    for rows in question.status.values():
        starts |= {row.begins for row in rows}
    named = values_named(question, question.norms)
    for name in named:
        if name not in source.values:
            raise PackRefused(
                "pack.value-missing", f"no value {name!r}", file=question.file, rule=question.name
            )
        for row in source.values[name].rows:
            starts |= _edges(row.dated.begins, row.dated.ends)
    ordered = sorted(starts)
    found: list[Stretch] = []
    for n, begins in enumerate(ordered):
        ends = ordered[n + 1] - DAY if n + 1 < len(ordered) else date.max
        one = _stretch(source, question, begins, ends, as_known_on)
        if found and (found[-1].norms, found[-1].values, found[-1].status) == (
            one.norms,
            one.values,
            one.status,
        ):
            one = Stretch(found[-1].begins, ends, one.norms, one.values, one.status)
            found.pop()
        found.append(one)
    return found


def _edges(begins: date, ends: date) -> set[date]:
    return {begins} | ({ends + DAY} if ends < date.max else set())


def _stretch(
    source: Source, question: TableQuestion, begins: date, ends: date, as_known_on: date | None
) -> Stretch:
    norms: list[Norm] = []
    asleep: Status | None = None
    for layer, rows in question.status.items():
        held = status_on(rows, begins, as_known_on)
        if rows and (held is None or held.is_ != "in_force"):
            asleep = held or Status(date.min, "not_yet", rows[0].source)
            continue
        norms += [
            norm for norm in question.norms if norm.layer == layer and in_force(norm, begins, as_known_on)
        ]
    if not norms and asleep is not None:
        return Stretch(begins, ends, (), {}, asleep)
    values: dict[str, ValueOf] = {}
    for name in sorted(values_named(question, norms)):
        row = row_on(source.values[name], begins, as_known_on)
        if row is None:
            raise PackRefused(
                "pack.value-missing",
                f"${name} has no row on {begins}; give the question a `status`, or the value an earlier `from`",
                file=question.file,
                rule=question.name,
            )
        values[name] = row.is_
    return Stretch(begins, ends, tuple(norms), values, None)
