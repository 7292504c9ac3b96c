"""From the cells that the facts leave open to one answer: worst and best, reason, what all demand, what settles."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ruangaman.core.law.answers import Core, core
from ruangaman.core.law.model import AGE_KINDS, Doubt, Text
from ruangaman.core.law.table import Applied, Part, Run, Table

Runs = tuple[Run, ...]
Sets = list[list["Held"]]
EXACT_SETTLES = 12
"""
Facts that every settling set holds are found at once. Up to so many of the others the smallest set is searched, and so
it is provably smallest; above, one is told from which no fact can be left out.
"""
CONFIDENCE = (">=2", "one", "unclear")
MANAGER = ("child", "guardian", "nobody")
EVERY_CASE: Text = {
    "id": "Apa pun fakta yang belum diketahui, jawabannya sama.",
    "en": "Whatever the unknown facts are, the answer is the same.",
}


@dataclass(frozen=True, slots=True)
class Summary:
    """One reading of the open cells. `fields` are the fields of the answer that the norms give."""

    worst: int
    best: int
    decided: bool
    fields: Mapping[str, Any]


@dataclass(slots=True)
class Held:
    """What a set of norms that hold together says; made once a table and set."""

    members: tuple[int, ...]
    rank: int
    winner: int | None
    do: tuple[str, ...]
    notices: tuple[str, ...]
    needs: dict[int, tuple[str, ...]]


def _held(table: Table, part: Part, number: int) -> Held:
    found: Held | None = part.held.get(number)
    if found is None:
        members = part.sets[number]
        rank = table.rank_of(members)
        found = part.held[number] = Held(
            members,
            rank,
            next((n for n in members if table.ranks[n] == rank), None) if rank >= 0 else None,
            tuple(word for n in members for word in table.norms[n].do),
            tuple(word for n in members for word in table.norms[n].notices),
            {},
        )
    return found


def _needs(table: Table, one: Held, rank: int) -> tuple[str, ...]:
    """The conditions of the norms with this rank, and of those that only add."""
    found = one.needs.get(rank)
    if found is None:
        norms = (table.norms[n] for n in one.members if table.ranks[n] in (rank, -1))
        found = one.needs[rank] = tuple(word for norm in norms for word in norm.needs)
    return found


def judge(table: Table, runs: Runs, doubts: Mapping[str, Doubt], law_version: Mapping[str, Any]) -> Core:
    """The whole answer for the cells inside `runs`."""
    applied = summarise(table, runs, None)
    settles = _settles(table, runs, None) if not applied.decided else ()
    fields = _named(table, applied, settles, law_version["pack"])
    told = []
    for doubt in doubts.values():
        others = []
        for reading in table.readings:
            if reading is None or reading[0] != doubt.id or not _reads_otherwise(table, runs, reading):
                continue
            other = summarise(table, runs, reading)
            other_settles = _settles(table, runs, reading) if not other.decided else ()
            other_fields = _named(table, other, other_settles, law_version["pack"])
            if _differs(fields, other_fields):
                others.append({"reading": reading[1], "outcome": other_fields["outcome"]})
        noted = doubt.id in fields["notes"]
        if others or noted:
            one: dict[str, Any] = {"id": doubt.id, "point": doubt.point}
            if others:
                one |= {"applied": doubt.readings[0], "otherwise": others}
            if doubt.articles:
                one["articles"] = doubt.articles
            told.append(one)
    del fields["notes"]
    return core(
        law_version,
        **fields,
        doubt=tuple(told),
        settles=tuple(_shown(table, runs, settles)),
        age_needed=any(table.axes[n].fact.kind in AGE_KINDS for n in settles),
        status=None,
        value=None,
    )


def _differs(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    kinds = ("outcome", "open", "conditions", "actions", "notices", "managed_by", "extras")
    return any(one[kind] != other[kind] for kind in kinds)


def _reads_otherwise(table: Table, runs: Runs, applied: Applied) -> bool:
    """Whether some open cell holds other norms in this reading."""
    for part in table.parts:
        if applied in part.ids:
            place = part.place(runs)
            if not np.array_equal(part.ids[applied][place], part.ids[None][place]):
                return True
    return False


def summarise(table: Table, runs: Runs, applied: Applied) -> Summary:
    """Worst and best of the open cells, and what the norms in them say together."""
    sets: Sets = [
        [_held(table, part, number) for number in table.numbers(part, runs, applied)] for part in table.parts
    ]
    worst = max(max(one.rank for one in own) for own in sets)
    best = max(min(one.rank for one in own) for own in sets)
    all_open = table.open_rank(worst) and table.question.all_open_decides
    decided = worst == best or all_open
    every = {n for own in sets for n in set(own[0].members).intersection(*(one.members for one in own[1:]))}
    winners = sorted(
        {one.winner for own in sets for one in own if one.winner is not None and best <= one.rank <= worst}
    )
    certain = [n for n in sorted(every) if table.ranks[n] == worst]
    lead = certain[0] if decided and certain else None
    fields = _collect(table, sets, worst, decided)
    if not decided:
        reason, text, sure = "undecided", None, winners
    elif lead is not None:
        reason, text, sure = table.norms[lead].rule, table.norms[lead].text, certain
    else:
        strictest = [n for n in winners if table.ranks[n] == worst]
        same = len({table.norms[n].rule for n in strictest}) == 1
        reason = table.norms[strictest[0]].rule if same else "every-case"
        text = table.norms[strictest[0]].text if same else None
        sure = winners
    levels = [CONFIDENCE.index(table.norms[n].confidence) for n in sure]
    level = min(levels) if lead is not None else max(levels)
    first = [lead] if lead is not None else sorted(winners, key=lambda n: (-table.ranks[n], n))
    cited = first + (sorted(every - set(first)) if decided else [])
    fields |= {
        "reason": reason,
        "text": text,
        "confidence": CONFIDENCE[level],
        "articles": tuple(dict.fromkeys(a for n in cited for a in table.norms[n].articles)),
        "notes": {d for n in (*first, *every) for d in table.norms[n].doubts},
    }
    return Summary(worst, best, decided, fields)


def _in_all(said: Sequence[tuple[str, ...]]) -> Iterable[str]:
    """The words that every one of these says, as the first has them."""
    return said[0] if len(said) == 1 else (word for word in said[0] if all(word in one for one in said[1:]))


def _collect(table: Table, sets: Sets, worst: int, decided: bool) -> dict[str, Any]:
    """Actions, notices, conditions: the sum over parts of what every open cell of the part demands."""
    norms = table.norms
    needs: dict[str, None] = {}
    if decided and table.open_rank(worst):
        # INVARIANT: an opening carries the conditions of every case that it may be, never only the common ones.
        for own in sets:
            for one in own:
                if one.rank < 0 or table.open_rank(one.rank):
                    needs |= dict.fromkeys(_needs(table, one, one.rank))
    else:
        for own in sets:
            needs |= dict.fromkeys(
                _in_all([_needs(table, one, worst if decided else one.rank) for one in own])
            )
    cells = [one.members for own in sets for one in own if one.rank == worst]
    strictest = [norms[n] for members in cells for n in members if table.ranks[n] == worst]
    managers = [norm.managed_by for norm in strictest if norm.managed_by]
    extras: dict[str, str] | None = None
    for members in cells if decided else ():
        said = {
            key: value for n in members if table.ranks[n] == worst for key, value in norms[n].extras.items()
        }
        extras = said if extras is None else {k: v for k, v in extras.items() if said.get(k) == v}
    return {
        "actions": tuple(dict.fromkeys(word for own in sets for word in _in_all([one.do for one in own]))),
        "notices": tuple(
            dict.fromkeys(word for own in sets for word in _in_all([one.notices for one in own]))
        ),
        "conditions": tuple(needs),
        "managed_by": max(managers, key=MANAGER.index, default=None),
        "extras": extras or {},
    }


def _named(table: Table, summary: Summary, settles: Sequence[int], place: str) -> dict[str, Any]:
    """The outcome in words; an undecided one by the first fact that would settle it. `place` is the pack's id."""
    question = table.question
    fields = dict(summary.fields)
    if summary.decided:
        outcome = question.outcomes[summary.worst]
        opens = table.open_rank(summary.worst)
    else:
        outcome, opens = question.undecided["otherwise"], False
        if settles:
            fact = table.axes[settles[0]].fact
            outcome = question.undecided.get(fact.name) or question.undecided.get(fact.path[0]) or outcome
    if fields["reason"] in ("undecided", "every-case"):
        fields["reason"] = f"{place}/{question.name}/{fields['reason']}"
        fields["text"] = question.texts.get(outcome, EVERY_CASE)
    apart = summary.worst != summary.best
    return fields | {
        "outcome": outcome,
        "open": opens,
        "decided": summary.decided,
        "at_worst": question.outcomes[summary.worst] if apart else None,
        "at_best": question.outcomes[summary.best] if apart else None,
    }


Ranks = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Box:
    """The open cells of one part: strictest and most open rank a cell, apart where a cell can never be."""

    axes: tuple[int, ...]
    worst: Ranks
    best: Ranks

    def pairs(self, asked: Collection[int]) -> set[tuple[int, int]]:
        """The (worst, best) that remain for each combination of answers to the facts `asked` that can be."""
        rest = tuple(k for k, axis in enumerate(self.axes) if axis not in asked)
        found = set(
            zip(self.worst.max(rest).ravel().tolist(), self.best.min(rest).ravel().tolist(), strict=True)
        )
        return {one for one in found if one[0] > NEVER}


NEVER, ALWAYS = -9, 1 << 30
"""Below and above every rank: what a cell that can never be adds to the strictest and to the most open."""


def _boxes(table: Table, runs: Runs, applied: Applied) -> list[Box]:
    found = []
    for part in table.parts:
        place = part.place(runs)
        ranks = part.ranks(table.rank_of)[part.cells(applied)[place]]
        barred = part.barred(place) if part.barring else None
        if barred is None:
            found.append(Box(part.axes, ranks, ranks))
        else:
            found.append(Box(part.axes, np.where(barred, NEVER, ranks), np.where(barred, ALWAYS, ranks)))
    return found


def _decides(table: Table, boxes: Sequence[Box], asked: Collection[int]) -> bool:
    """Whether every combination of answers to the facts `asked` that can be decides."""
    whole: set[tuple[int, int]] = {(-1, -1)}
    for box in boxes:
        own = box.pairs(asked)
        whole = {(max(a, c), max(b, d)) for a, b in whole for c, d in own}
    all_open = table.question.all_open_decides
    return all(worst == best or (all_open and table.open_rank(worst)) for worst, best in whole)


def _settles(table: Table, runs: Runs, applied: Applied) -> tuple[int, ...]:
    """
    The axes to ask, least intrusive first: the smallest set that decides whatever is answered.

    Who asks more never decides less. So a fact without which all the others do not decide stands in every set that
    does, and only the rest is searched.
    """
    boxes = _boxes(table, runs, applied)
    unsure = sorted(
        axis
        for box in boxes
        if len(box.pairs(box.axes)) > 1
        for axis in box.axes
        if runs[axis][0] != runs[axis][1]
    )
    needed = [axis for axis in unsure if not _decides(table, boxes, [one for one in unsure if one != axis])]
    if _decides(table, boxes, needed):
        return tuple(needed)
    rest = [axis for axis in unsure if axis not in needed]
    if len(rest) <= EXACT_SETTLES:
        for size in range(1, len(rest) + 1):
            for asked in combinations(rest, size):
                if _decides(table, boxes, (*needed, *asked)):
                    return tuple(sorted((*needed, *asked)))
        return tuple(unsure)
    kept = list(unsure)
    for axis in reversed(rest):
        fewer = [one for one in kept if one != axis]
        if _decides(table, boxes, fewer):
            kept = fewer
    return tuple(kept)


def _shown(table: Table, runs: Runs, settles: Sequence[int]) -> Iterable[dict[str, Any]]:
    """Each fact to ask: its place in the facts, and its values, or for a number the cuts that matter."""
    for n in settles:
        axis = table.axes[n]
        one: dict[str, Any] = {"fact": ".".join(axis.fact.path)}
        if axis.cuts:
            if axis.fact.kind != "completed_years" and axis.fact.kind in AGE_KINDS:
                one["count"] = axis.fact.kind
            one["at_least"] = _cuts(table, runs, n, settles)
        elif axis.fact.member_of:
            one |= {"member": axis.fact.name.partition(".")[2], "values": [True, False]}
        elif axis.fact.kind == "yes_no":
            one["values"] = [True, False]
        else:
            one["values"] = list(axis.fact.words)
        yield one


def _cuts(table: Table, runs: Runs, n: int, settles: Sequence[int]) -> list[int]:
    """The numbers at which the outcome changes: "16 or older?" and nothing else."""
    found = set()
    first, last = runs[n]
    for box in _boxes(table, runs, None):
        if n not in box.axes:
            continue
        rest = tuple(k for k, axis in enumerate(box.axes) if axis not in settles)
        k = box.axes.index(n)
        worst, best = box.worst.max(rest, keepdims=True), box.best.min(rest, keepdims=True)
        for band in range(last - first):
            one, other = ((worst.take(at, axis=k), best.take(at, axis=k)) for at in (band, band + 1))
            both = (one[0] > NEVER) & (other[0] > NEVER)
            if (both & ((one[0] != other[0]) | (one[1] != other[1]))).any():
                found.add(table.axes[n].cuts[first + band + 1])
    return sorted(found)
