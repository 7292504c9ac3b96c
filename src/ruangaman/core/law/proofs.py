"""What a pack must prove before it may answer: no gap, no conflict, every norm counts, the declared laws hold."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ruangaman.core.law.conditions import facts_used
from ruangaman.core.law.model import Doubt, Law, When
from ruangaman.core.law.plain import PlainReading
from ruangaman.core.law.refusals import PackRefused
from ruangaman.core.law.table import Applied, Mask, Part, Table, mask_of

FULL_COMPARISON = 60_000
"""Cells (times band ends and readings) compared at every load; above, an even sample, and all by `law check`."""


@dataclass(slots=True)
class Proved:
    """What was proved, summed over the periods of a question."""

    cells: int = 0
    compared: int = 0
    laws: int = 0
    counting: set[str] = field(default_factory=set)
    lifting: set[tuple[str, str]] = field(default_factory=set)
    changing: set[str] = field(default_factory=set)


def prove(table: Table, doubts: Mapping[str, Doubt], proved: Proved, *, thorough: bool) -> None:
    """
    Check one table.

    Raises:
        PackRefused: with the cell or the norm where it fails.
    """
    _total(table)
    for part in table.parts:
        proved.cells += prod(part.shape)
        for applied in table.readings:
            if applied is None or applied in part.ids:
                _no_conflict(table, part, applied)
        _counts(table, part, proved)
    _doubts(table, proved)
    for law in table.question.laws:
        for applied in table.readings:
            _law(table, law, doubts, applied)
        proved.laws += 1
    _compare(table, doubts, proved, thorough=thorough)


def _refused(table: Table, code: str, message: str, *, rule: str = "", cell: str = "") -> PackRefused:
    return PackRefused(code, message, file=table.question.file, rule=rule or table.question.name, cell=cell)


def _part_ranks(table: Table, part: Part, applied: Applied) -> NDArray[np.int16]:
    ranks = np.array([table.rank_of(members) for members in part.sets], dtype=np.int16)
    found: NDArray[np.int16] = ranks[part.cells(applied)]
    return found


def _total(table: Table) -> None:
    """A gap exists when every part has a cell in which nothing decides."""
    if not table.norms:
        raise _refused(table, "pack.gap", "no norm is in force", cell="(always)")
    for applied in table.readings:
        named = []
        for part in table.parts:
            empty = np.argwhere(_part_ranks(table, part, applied) < 0)
            if not len(empty):
                break
            named.append(table.cell_name(part, empty[0]))
        else:
            raise _refused(table, "pack.gap", "no norm decides this cell", cell="; ".join(named))


def _no_conflict(table: Table, part: Part, applied: Applied) -> None:
    """Norms that share the winning outcome agree on their single-valued fields."""
    for number, members in enumerate(part.sets):
        rank = table.rank_of(members)
        told: dict[str, tuple[str, str]] = {}
        for n in members:
            norm = table.norms[n]
            if table.ranks[n] != rank or rank < 0:
                continue
            single = dict(norm.extras) | ({"managed_by": norm.managed_by} if norm.managed_by else {})
            for key, value in single.items():
                if told.setdefault(key, (value, norm.id))[0] != value:
                    place = np.argwhere(part.cells(applied) == number)
                    if len(place):
                        raise _refused(
                            table,
                            "pack.conflict",
                            f"{told[key][1]} and {norm.id} disagree on {key}",
                            rule=norm.id,
                            cell=table.cell_name(part, place[0]),
                        )


def _counts(table: Table, part: Part, proved: Proved) -> None:
    """
    Which norms decide or add somewhere, and which lifts take something out. Each layer by itself: joined layers shadow
    each other rightly.
    """
    for members in part.sets:
        for layer in {table.norms[n].layer for n in members}:
            own = [n for n in members if table.norms[n].layer == layer]
            rank = table.rank_of(own)
            winner = next((n for n in own if table.ranks[n] == rank and rank >= 0), None)
            for n in own:
                norm = table.norms[n]
                others = [table.norms[m] for m in own if m != n]
                adds = any(
                    set(getattr(norm, kind)) - {one for other in others for one in getattr(other, kind)}
                    for kind in ("do", "notices", "needs")
                    if kind != "needs" or table.ranks[n] in (rank, -1)
                )
                if n == winner or adds:
                    proved.counting.add(norm.rule)
    for n in part.norms:
        for aim in table.lifts[n]:
            if aim in part.norms and _together(table, part, n, aim):
                proved.lifting.add((table.norms[n].rule, table.norms[aim].rule))
                # A norm that counts by taking others out decides something, though its own words never win.
                if any(n in members for members in part.sets):
                    proved.counting.add(table.norms[n].rule)


def _together(table: Table, part: Part, lifter: int, aim: int) -> bool:
    """Whether the lifter counts in a cell where the aim would match."""
    doubts: Mapping[str, Doubt] = {}
    when = table.norms[aim].when
    plain: When = tuple(
        {name: raw for name, raw in clause.items() if not name.startswith("doubt.")} for clause in when
    )
    mask = mask_of(plain if all(plain) else (), table.axes, part.axes, table.values, doubts, None)
    counts = np.array([lifter in members for members in part.sets], dtype=np.bool_)
    return any(bool((counts[cells] & mask).any()) for cells in part.ids.values())


def _doubts(table: Table, proved: Proved) -> None:
    """The applied reading is nowhere more open than another; and which doubts change some cell."""
    for applied in table.readings:
        if applied is None:
            continue
        for part in table.parts:
            if applied not in part.ids:
                continue
            if (part.ids[applied] != part.ids[None]).any():
                proved.changing.add(applied[0])
            more_open = _open(table, part, None) & ~_open(table, part, applied)
            if more_open.any():
                raise _refused(
                    table,
                    "pack.doubt-more-open",
                    f"the applied reading is more open than {applied[1]!r}",
                    rule=f"doubt.{applied[0]}",
                    cell=table.cell_name(part, np.argwhere(more_open)[0]),
                )


def _open(table: Table, part: Part, applied: Applied) -> Mask:
    """Cells of a part that are open; a cell in which this part decides nothing restricts nothing."""
    opens = [rank < 0 or table.open_rank(rank) for rank in map(table.rank_of, part.sets)]
    found: Mask = np.array(opens, dtype=np.bool_)[part.cells(applied)]
    return found


def _law(table: Table, law: Law, doubts: Mapping[str, Doubt], applied: Applied) -> None:
    for part in table.parts:
        speaks = facts_used([law.given, law.when]) | {
            law.fact,
            *(law.order if law.kind == "changes_nothing" else ()),
        }
        own = {table.axes[axis].fact.name for axis in part.axes}
        if law.kind != "action_only_when" and not speaks & own:
            continue
        missing = facts_used([law.given]) - own
        given: Mask = (
            np.ones(part.shape, dtype=np.bool_)
            if missing
            else np.broadcast_to(
                mask_of(law.given, table.axes, part.axes, table.values, doubts, applied), part.shape
            )
        )
        broken = _LAWS[law.kind](table, part, law, doubts, applied, given)
        if broken is not None:
            shown = next(iter(law.order), law.action) if not law.fact else law.fact
            raise _refused(
                table,
                "pack.law-broken",
                f"the law does not hold in the reading {applied[1] if applied else 'applied'}",
                rule=f"{law.kind}: {shown}",
                cell=table.cell_name(part, broken),
            )


Found = Sequence[int] | None
Check = Callable[[Table, Part, Law, Mapping[str, Doubt], Applied, Mask], Found]


def _first(broken: Any) -> Found:
    return None if not broken.any() else [int(n) for n in np.argwhere(broken)[0]]


def _axis(table: Table, part: Part, name: str) -> int | None:
    for k, axis in enumerate(part.axes):
        if table.axes[axis].fact.name == name:
            return k
    return None


def _right(
    table: Table, part: Part, law: Law, doubts: Mapping[str, Doubt], applied: Applied, given: Mask
) -> Found:
    del doubts
    k = _axis(table, part, law.fact)
    if k is None:
        return None
    axis = table.axes[part.axes[k]]
    for word in law.order:
        if word not in axis.fact.words:
            raise _refused(
                table, "pack.unknown-value", f"{word!r} is no value of {law.fact!r}", rule=law.kind
            )
    opens = np.moveaxis(_open(table, part, applied), k, 0)
    held = np.moveaxis(given, k, 0)
    for left, right in zip(law.order, law.order[1:], strict=False):
        a, b = axis.fact.words.index(left), axis.fact.words.index(right)
        place = _first(~opens[a] & opens[b] & held[a] & held[b])
        if place is not None:
            return [*place[:k], b, *place[k:]]
    return None


def _older(
    table: Table, part: Part, law: Law, doubts: Mapping[str, Doubt], applied: Applied, given: Mask
) -> Found:
    del doubts
    k = _axis(table, part, law.fact)
    if k is None:
        return None
    axis = table.axes[part.axes[k]]
    opens = np.moveaxis(_open(table, part, applied), k, 0)
    held = np.moveaxis(given, k, 0)
    for band in range(axis.size - 1):
        if axis.cuts[band] < int(law.order[0]):
            continue
        place = _first(opens[band] & ~opens[band + 1] & held[band] & held[band + 1])
        if place is not None:
            return [*place[:k], band + 1, *place[k:]]
    return None


def _nothing(
    table: Table, part: Part, law: Law, doubts: Mapping[str, Doubt], applied: Applied, given: Mask
) -> Found:
    del doubts
    ranks = _part_ranks(table, part, applied)
    for name in law.order:
        k = _axis(table, part, name)
        if k is not None:
            first = np.take(ranks, [0], axis=k)
            place = _first((ranks != first) & given)
            if place is not None:
                return place
    return None


def _only(
    table: Table, part: Part, law: Law, doubts: Mapping[str, Doubt], applied: Applied, given: Mask
) -> Found:
    does = np.array([any(law.action in table.norms[n].do for n in members) for members in part.sets])
    if not does.any():
        return None
    if facts_used([law.when]) - {table.axes[axis].fact.name for axis in part.axes}:
        allowed: Mask = np.zeros(part.shape, dtype=np.bool_)
    else:
        allowed = mask_of(law.when, table.axes, part.axes, table.values, doubts, applied)
    return _first(does[part.cells(applied)] & ~allowed & given)


_LAWS: Mapping[str, Check] = {
    "going_right_never_opens": _right,
    "growing_older_never_closes": _older,
    "changes_nothing": _nothing,
    "action_only_when": _only,
}


def _compare(table: Table, doubts: Mapping[str, Doubt], proved: Proved, *, thorough: bool) -> None:
    """The plain reading agrees on every known cell, at both ends of each band, in every reading."""
    plain = PlainReading(table.norms, table.values)
    for part in table.parts:
        corners = prod(2 if table.axes[axis].cuts else 1 for axis in part.axes)
        total = prod(part.shape) * corners * len(part.ids)
        step = 1 if thorough or total <= FULL_COMPARISON else total // FULL_COMPARISON + 1
        for applied in part.ids:
            readings = {
                f"doubt.{name}": doubt.readings[0] for name, doubt in doubts.items() if doubt.readings
            }
            if applied:
                readings[f"doubt.{applied[0]}"] = applied[1]
            cells = part.ids[applied].reshape(-1)
            for number in range(0, len(cells), step):
                place = [int(n) for n in np.unravel_index(number, part.shape)] if part.shape else []
                expected = part.sets[cells[number]]
                for case in _cases(table, part, place):
                    proved.compared += 1
                    if plain.counting(case | readings, part.norms) != expected:
                        raise _refused(
                            table,
                            "pack.readings-differ",
                            "the compiled table and the plain reading disagree",
                            cell=table.cell_name(part, place),
                        )
    _compare_whole(table, doubts, plain)


def _cases(table: Table, part: Part, place: Sequence[int]) -> Iterator[dict[str, str | int]]:
    """A cell as full facts: each number at both ends of its band."""
    choices: list[list[tuple[str, str | int]]] = []
    for axis_number, at in zip(part.axes, place, strict=True):
        axis = table.axes[axis_number]
        name = axis.fact.name
        if axis.cuts:
            choices.append([(name, end) for end in dict.fromkeys(axis.ends(at))])
        else:
            choices.append([(name, axis.fact.words[at])])
    for chosen in product(*choices):
        yield dict(chosen)


def _compare_whole(table: Table, doubts: Mapping[str, Doubt], plain: PlainReading) -> None:
    """All parts together, on an even sample: a wrong split into parts would show here and nowhere else."""
    if len(table.parts) < 2:
        return
    readings = {f"doubt.{name}": doubt.readings[0] for name, doubt in doubts.items() if doubt.readings}
    for sample in range(200):
        case: dict[str, str | int] = dict(readings)
        expected: set[int] = set()
        seed = sample * 2654435761 % (1 << 32)
        for part in table.parts:
            place = []
            for size in part.shape:
                seed = (seed * 1664525 + 1013904223) % (1 << 32)
                place.append((seed >> 8) % size)
            case |= next(_cases(table, part, place))
            expected.update(part.sets[part.cells(None)[tuple(place)]])
        if plain.counting(case, range(len(table.norms))) != tuple(sorted(expected)):
            raise _refused(
                table, "pack.readings-differ", "the parts of the table and the plain reading disagree"
            )
