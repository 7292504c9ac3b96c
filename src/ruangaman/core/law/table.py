"""
One question in one period as arrays: every known cell holds which norms count in it.

A norm matches a cell when its `when` holds there; a norm that lifts others takes them out. Norms that share no fact and
no lift stand in separate parts, so the table is the sum of its parts instead of their product.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ruangaman.core.law.conditions import (
    Values,
    cut_points,
    doubts_used,
    facts_used,
    intervals,
    positions,
)
from ruangaman.core.law.model import Doubt, Fact, Norm, TableQuestion, When
from ruangaman.core.law.refusals import PackRefused

MAX_CELLS = 2_000_000
MAX_READINGS_CELLS = 4 * MAX_CELLS
BITS = 60
SMALL = 64
"""Up to so many cells Python sorts them sooner than NumPy."""
Applied = tuple[str, str] | None
"""One doubt read in another way, or None: every doubt in its first reading."""
Run = tuple[int, int]
"""First and last place on an axis, both included."""
Cells = NDArray[np.int32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Axis:
    """One fact as places 0..size-1. `cuts` are the starts of a number's bands; empty for words."""

    fact: Fact
    size: int
    cuts: tuple[int, ...] = ()

    def ends(self, place: int) -> tuple[int, int]:
        """The lowest and the highest number in a band."""
        last = self.cuts[place + 1] - 1 if place + 1 < self.size else self.fact.most
        return self.cuts[place], last

    def shown(self, place: int) -> str:
        """How a place is named in refusals and tables."""
        if not self.cuts:
            return self.fact.words[place]
        low, high = self.ends(place)
        return f"{low}" if low == high else f"{low}..{high}"


@dataclass(slots=True)
class Part:
    """Facts that hang together. `sets[ids[cell]]` are the norms (places in `Table.norms`) that count in a cell."""

    axes: tuple[int, ...]
    norms: tuple[int, ...]
    shape: tuple[int, ...]
    sets: list[tuple[int, ...]] = field(default_factory=list)
    known: dict[tuple[int, ...], int] = field(default_factory=dict)
    ids: dict[Applied, Cells] = field(default_factory=dict)
    barring: tuple[Mask, ...] = ()
    """Per `never` the cells whose facts cannot hold together: left out while something about them is unknown."""
    ranked: Cells | None = None
    held: dict[int, Any] = field(default_factory=dict)
    """What each of `sets` says, once it was asked (see `judging.Held`)."""
    layers: Cells | None = None

    def ranks(self, rank_of: Callable[[tuple[int, ...]], int]) -> Cells:
        """The rank of each of `sets`, kept: sets are only added while the table is made, ranks asked ever after."""
        if self.ranked is None or len(self.ranked) != len(self.sets):
            self.ranked = np.array([rank_of(members) for members in self.sets], dtype=np.int32)
        return self.ranked

    def layered(self) -> Cells:
        """Every reading's array and the barred cells, one above the other: all that can tell two cells apart."""
        if self.layers is None:
            self.layers = np.stack([*self.ids.values(), *(mask.astype(np.int32) for mask in self.barring)])
        return self.layers

    def place(self, runs: Sequence[Run]) -> tuple[slice, ...]:
        """Where the cells lie that the runs leave open."""
        return tuple(slice(runs[axis][0], runs[axis][1] + 1) for axis in self.axes)

    def barred(self, place: tuple[slice, ...]) -> Mask | None:
        """
        The cells of a box that cannot be; None when there are none.

        Facts that were stated against each other stand as they were stated: a `never` that would leave nothing of
        the box is set aside, the others still hold.
        """
        whole: Mask | None = None
        for mask in self.barring:
            own = mask[place]
            if own.any() and not own.all():
                whole = own if whole is None else whole | own
        return None if whole is None or whole.all() else whole

    def cells(self, applied: Applied) -> Cells:
        """The array for a reading; a doubt that this part does not know changes nothing here."""
        return self.ids[applied] if applied in self.ids else self.ids[None]


@dataclass(slots=True)
class Table:
    """A question in one period. Ranks number the outcomes from open (0) to strict; -1 is a norm that only adds."""

    question: TableQuestion
    norms: tuple[Norm, ...]
    ranks: tuple[int, ...]
    axes: tuple[Axis, ...]
    parts: tuple[Part, ...]
    readings: tuple[Applied, ...]
    values: Values
    lifts: tuple[tuple[int, ...], ...]

    def rank_of(self, members: Sequence[int]) -> int:
        """The strictest outcome among norms, -1 when none decides."""
        return max((self.ranks[n] for n in members), default=-1)

    def open_rank(self, rank: int) -> bool:
        """Whether the outcome of this rank is open."""
        return self.question.outcomes[rank] not in self.question.closed

    @property
    def known_cells(self) -> int:
        """How many cells the parts have together, in the applied reading."""
        return sum(prod(part.shape) for part in self.parts)

    def alike(self, fact: str, one: int, other: int) -> bool:
        """Whether no norm, in no reading, tells two words of a fact apart."""
        for part in self.parts:
            for k, axis in enumerate(part.axes, 1):
                if self.axes[axis].fact.name == fact:
                    layers = part.layered()
                    if (layers.take(one, axis=k) != layers.take(other, axis=k)).any():
                        return False
        return True

    def squeezed(self, runs: Sequence[Run]) -> tuple[tuple[Run, ...], bytes]:
        """
        The runs without those along which no cell differs, in any reading, and what the cells inside them hold.

        INVARIANT: equal contents have equal answers: norms by reading, barred cells by `never`, the axes that are still
        open, and for a number where its run begins, since the answer names the cuts.
        """
        found = list(runs)
        content: list[Any] = []
        for part in self.parts:
            box = part.layered()[
                (slice(None), *(slice(runs[axis][0], runs[axis][1] + 1) for axis in part.axes))
            ]
            for k, axis in enumerate(part.axes, 1):
                low, high = runs[axis]
                if low == high:
                    continue
                first = box.take([0], axis=k)
                if (box == first).all():
                    found[axis], box = (low, low), first
                else:
                    content.append((axis, high - low, low if self.axes[axis].cuts else 0))
            content.append(sha256(box.tobytes()).digest())
        return tuple(found), sha256(repr(content).encode()).digest()

    def numbers(self, part: Part, runs: Sequence[Run], applied: Applied) -> list[int]:
        """The places in `part.sets` of the different sets in the cells that the runs leave open."""
        place = part.place(runs)
        cells = part.cells(applied)[place]
        barred = part.barred(place) if part.barring else None
        if barred is not None:
            cells = cells[~barred]
        found: list[int] = cells.ravel().tolist() if cells.size <= SMALL else np.unique(cells).tolist()
        return found if len(found) == 1 else sorted(set(found))

    def box(self, part: Part, runs: Sequence[Run], applied: Applied) -> list[tuple[int, ...]]:
        """The different sets of norms in the cells that the runs leave open."""
        return [part.sets[n] for n in self.numbers(part, runs, applied)]

    def cell_name(self, part: Part, place: Sequence[int]) -> str:
        """A cell in words, for refusals."""
        named = (
            f"{self.axes[axis].fact.name}={self.axes[axis].shown(int(at))}"
            for axis, at in zip(part.axes, place, strict=True)
        )
        return ", ".join(named) or "(always)"


def compile_table(
    question: TableQuestion,
    norms: tuple[Norm, ...],
    facts: Mapping[str, Fact],
    doubts: Mapping[str, Doubt],
    values: Values,
) -> Table:
    """
    Turn the norms in force into arrays.

    Raises:
        PackRefused: an undeclared value, a lift without aim or in a circle, or more than 2,000,000 cells (before any
            of them is allocated).
    """
    used = facts_used(norm.when for norm in norms)
    # A fact that bars another tells something of it, also in a period whose norms do not name it.
    used |= {name for when in question.never if facts_used([when]) & used for name in facts_used([when])}
    laws = [law.given for law in question.laws] + [law.when for law in question.laws] + list(question.never)
    floors = {
        law.fact: int(law.order[0])
        for law in question.laws
        if law.kind == "growing_older_never_closes" and law.order[0].isdigit()
    }
    axes = []
    for fact in (fact for name, fact in facts.items() if name in used):
        if fact.numeric:
            cuts = set(cut_points([norm.when for norm in norms] + laws, fact, values))
            if fact.name in floors:
                cuts.add(floors[fact.name])
            axes.append(Axis(fact, len(cuts), tuple(sorted(cuts))))
        else:
            axes.append(Axis(fact, len(fact.words)))
    ranks = tuple(_rank(norm, question, values) for norm in norms)
    lifts, order = _lifts(norms)
    places = {axis.fact.name: n for n, axis in enumerate(axes)}
    parts = tuple(_parts(norms, places, lifts, axes, question.never))
    named = [name for name in doubts if name in doubts_used(norm.when for norm in norms)]
    readings: tuple[Applied, ...] = (
        None,
        *((name, other) for name in named for other in doubts[name].readings[1:]),
    )
    table = Table(question, norms, ranks, tuple(axes), parts, readings, values, lifts)
    for part in parts:
        part.barring = _barring(table, part, doubts)
        own = doubts_used(norms[n].when for n in part.norms)
        held = prod(part.shape) * sum(applied is None or applied[0] in own for applied in readings)
        if held > MAX_READINGS_CELLS:
            raise PackRefused(
                "pack.too-many-cells",
                f"{held} cells over all readings of doubts, at most {MAX_READINGS_CELLS}",
                file=norms[part.norms[0]].file,
                rule=norms[part.norms[0]].id,
            )
        for applied in readings:
            if applied is None or applied[0] in own:
                part.ids[applied] = _fill(table, part, doubts, applied, order)
    return table


def _barring(table: Table, part: Part, doubts: Mapping[str, Doubt]) -> tuple[Mask, ...]:
    """Per `never` of the question that a part knows, the cells that can never be."""
    own = {table.axes[axis].fact.name for axis in part.axes}
    return tuple(
        np.broadcast_to(mask_of(when, table.axes, part.axes, table.values, doubts, None), part.shape)
        for when in table.question.never
        if facts_used([when]) <= own
    )


def _rank(norm: Norm, question: TableQuestion, values: Values) -> int:
    outcome = norm.then
    if outcome.startswith("$"):
        dated = values.get(outcome[1:])
        if dated not in question.outcomes:
            raise PackRefused("pack.unknown-outcome", f"{outcome} is no outcome on this day", rule=norm.id)
        outcome = str(dated)
    return question.outcomes.index(outcome) if outcome else -1


def _lifts(norms: tuple[Norm, ...]) -> tuple[tuple[tuple[int, ...], ...], list[int]]:
    """Per norm the norms it lifts, and an order in which every lifter stands before what it lifts."""
    names = {norm.rule: n for n, norm in enumerate(norms)}
    found: list[tuple[int, ...]] = []
    for n, norm in enumerate(norms):
        if norm.lifts == ("all",):
            found.append(
                tuple(
                    m
                    for m, other in enumerate(norms)
                    if m != n and other.layer == norm.layer and other.lifts != ("all",)
                )
            )
            continue
        prefix = norm.rule.rpartition("/")[0]
        aims = [names.get(aim if "/" in aim else f"{prefix}/{aim}") for aim in norm.lifts]
        found.append(tuple(aim for aim in aims if aim is not None))
    above = [sum(n in aims for aims in found) for n in range(len(norms))]
    order: list[int] = [n for n, count in enumerate(above) if count == 0]
    for n in order:
        for aim in found[n]:
            above[aim] -= 1
            if above[aim] == 0:
                order.append(aim)
    if len(order) < len(norms):
        stuck = next(norms[n] for n in range(len(norms)) if n not in order)
        raise PackRefused(
            "pack.lifts-cycle", "norms lift each other in a circle", file=stuck.file, rule=stuck.id
        )
    return tuple(found), order


def _parts(
    norms: tuple[Norm, ...],
    places: Mapping[str, int],
    lifts: tuple[tuple[int, ...], ...],
    axes: Sequence[Axis],
    never: Sequence[When],
) -> Iterable[Part]:
    """Groups of norms that share a fact, a lift or a `never`; refused above the limit of cells."""
    root = list(range(len(norms) + len(axes)))

    def find(n: int) -> int:
        while root[n] != n:
            root[n] = root[root[n]]
            n = root[n]
        return n

    for n, norm in enumerate(norms):
        for name in facts_used([norm.when]):
            root[find(n)] = find(len(norms) + places[name])
        for aim in lifts[n]:
            root[find(n)] = find(aim)
    for when in never:
        together = [len(norms) + places[name] for name in facts_used([when]) if name in places]
        for one in together[1:]:
            root[find(one)] = find(together[0])
    groups: dict[int, list[int]] = {}
    for n in range(len(norms)):
        groups.setdefault(find(n), []).append(n)
    for key, members in groups.items():
        own = tuple(n for n in range(len(axes)) if find(len(norms) + n) == key)
        shape = tuple(axes[n].size for n in own)
        if prod(shape) > MAX_CELLS:
            named = " x ".join(f"{axes[n].fact.name}({axes[n].size})" for n in own)
            raise PackRefused(
                "pack.too-many-cells",
                f"{prod(shape)} cells, at most {MAX_CELLS}: {named}",
                file=norms[members[0]].file,
                rule=norms[members[0]].id,
            )
        yield Part(own, tuple(members), shape)


def mask_of(
    when: When,
    axes: Sequence[Axis],
    own: Sequence[int],
    values: Values,
    doubts: Mapping[str, Doubt],
    applied: Applied,
) -> Mask:
    """Where a condition holds, as an array that broadcasts over the axes `own`."""
    ndim = len(own)
    if not when:
        return np.ones((1,) * ndim, dtype=np.bool_)
    whole: Mask = np.zeros((1,) * ndim, dtype=np.bool_)
    where = {axes[n].fact.name: k for k, n in enumerate(own)}
    for clause in when:
        held: Mask = np.ones((1,) * ndim, dtype=np.bool_)
        for name, raw in clause.items():
            if name.startswith("doubt."):
                readings = doubts[name[6:]].readings
                read = applied[1] if applied and applied[0] == name[6:] else readings[0]
                held = held & (readings.index(read) in positions(raw, readings, name, values))
                continue
            axis = axes[own[where[name]]]
            line = np.zeros(axis.size, dtype=np.bool_)
            if axis.cuts:
                starts = np.array(axis.cuts)
                for low, high in intervals(raw, axis.fact, values):
                    line |= (starts >= low) & (starts < high)
            else:
                line[positions(raw, axis.fact.words, name, values)] = True
            shape = [1] * ndim
            shape[where[name]] = axis.size
            held = held & line.reshape(shape)
        whole = whole | held
    return whole


def _fill(
    table: Table, part: Part, doubts: Mapping[str, Doubt], applied: Applied, order: Sequence[int]
) -> Cells:
    """The array of one part in one reading."""
    masks: dict[int, Mask] = {}
    for n in order:
        if n in part.norms:
            norm = table.norms[n]
            try:
                mask = mask_of(norm.when, table.axes, part.axes, table.values, doubts, applied)
            except PackRefused as refused:
                raise refused.placed(file=norm.file, rule=norm.id) from None
            for lifter in part.norms:
                if lifter in masks and n in table.lifts[lifter]:
                    mask = mask & ~masks[lifter]
            masks[n] = mask
    codes = np.zeros(prod(part.shape), dtype=np.int64)
    found: list[tuple[int, ...]] = [()]
    members = sorted(part.norms)
    for begin in range(0, len(members), BITS):
        group = members[begin : begin + BITS]
        bits = np.zeros(part.shape, dtype=np.int64)
        for k, n in enumerate(group):
            bits |= masks[n].astype(np.int64) << k
        distinct, place = np.unique(bits.reshape(-1), return_inverse=True)
        joined = codes * len(distinct) + place
        kept, codes = np.unique(joined, return_inverse=True)
        found = [
            found[code // len(distinct)]
            + tuple(n for k, n in enumerate(group) if distinct[code % len(distinct)] >> k & 1)
            for code in kept.tolist()
        ]
    numbers = np.array([_intern(part, one) for one in found], dtype=np.int32)
    return numbers[codes].reshape(part.shape)


def _intern(part: Part, members: tuple[int, ...]) -> int:
    if members not in part.known:
        part.known[members] = len(part.sets)
        part.sets.append(members)
    return part.known[members]
