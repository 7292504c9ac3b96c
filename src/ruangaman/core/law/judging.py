"""From the cells that the facts leave open to one answer: worst and best, reason, what all demand, what settles."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ruangaman.core.law.answers import Core, core
from ruangaman.core.law.model import AGE_KINDS, Doubt, Norm, Text
from ruangaman.core.law.table import Applied, Part, Run, Table

Runs = tuple[Run, ...]
Sets = list[list[tuple[int, ...]]]
EXACT_SETTLES = 8
"""Up to so many open facts the smallest settling set is searched; above, one from which no fact can be left out."""
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


def judge(table: Table, runs: Runs, doubts: Mapping[str, Doubt], law_version: Mapping[str, Any]) -> Core:
    """The whole answer for the cells inside `runs`."""
    applied = summarise(table, runs, None)
    settles = _settles(table, runs, None) if not applied.decided else ()
    fields = _named(table, applied, settles, law_version["pack"])
    told = []
    for doubt in doubts.values():
        others = []
        for reading in table.readings:
            if reading is None or reading[0] != doubt.id:
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


def summarise(table: Table, runs: Runs, applied: Applied) -> Summary:
    """Worst and best of the open cells, and what the norms in them say together."""
    sets: Sets = [table.box(part, runs, applied) for part in table.parts]
    worst, best = _extremes(table, sets)
    all_open = table.open_rank(worst) and table.question.all_open_decides
    decided = worst == best or all_open
    every = {n for one in sets for n in set(one[0]).intersection(*map(set, one[1:]))}
    some = sorted({n for one in sets for members in one for n in members})
    winners = [n for n in some if best <= table.ranks[n] <= worst and _wins(table, sets, n, best)]
    certain = [n for n in sorted(every) if table.ranks[n] == worst]
    lead = certain[0] if worst == best and certain else None
    if lead is None and decided and worst != best and certain:
        lead = certain[0]
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


def _extremes(table: Table, sets: Sets) -> tuple[int, int]:
    ranks = [[table.rank_of(members) for members in one] for one in sets]
    return max(max(one) for one in ranks), max(min(one) for one in ranks)


def _wins(table: Table, sets: Sets, n: int, best: int) -> bool:
    """Whether a norm is the first with the winning outcome in some open cell."""
    for one in sets:
        for members in one:
            if n in members:
                rank = table.rank_of(members)
                if rank == table.ranks[n] >= best and next(m for m in members if table.ranks[m] == rank) == n:
                    return True
    return False


def _collect(table: Table, sets: Sets, worst: int, decided: bool) -> dict[str, Any]:
    """Actions, notices, conditions: the sum over parts of what every open cell of the part demands."""
    norms = table.norms

    def demanded(
        of: Callable[[Norm], tuple[str, ...]], counts: Callable[[tuple[int, ...], int], bool]
    ) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for one in sets:
            said = [[word for n in members if counts(members, n) for word in of(norms[n])] for members in one]
            found |= dict.fromkeys(word for word in said[0] if all(word in other for other in said[1:]))
        return tuple(found)

    def always(members: tuple[int, ...], n: int) -> bool:
        del members, n
        return True

    def winning(members: tuple[int, ...], n: int) -> bool:
        rank = worst if decided else table.rank_of(members)
        return table.ranks[n] in (rank, -1)

    needs = demanded(lambda norm: norm.needs, winning)
    if decided and table.open_rank(worst):
        # INVARIANT: an opening carries the conditions of every case that it may be, never only the common ones.
        needs = tuple(
            dict.fromkeys(
                word
                for one in sets
                for members in one
                for n in members
                if table.ranks[n] == -1 or table.open_rank(table.ranks[n])
                for word in norms[n].needs
                if table.ranks[n] in (-1, table.rank_of(members))
            )
        )
    cells = [members for one in sets for members in one if table.rank_of(members) == worst]
    strictest = [norms[n] for members in cells for n in members if table.ranks[n] == worst]
    managers = [norm.managed_by for norm in strictest if norm.managed_by]
    extras: dict[str, str] | None = None
    for members in cells:
        own = {
            key: value for n in members if table.ranks[n] == worst for key, value in norms[n].extras.items()
        }
        extras = own if extras is None else {k: v for k, v in extras.items() if own.get(k) == v}
    return {
        "actions": demanded(lambda norm: norm.do, always),
        "notices": demanded(lambda norm: norm.notices, always),
        "conditions": needs,
        "managed_by": max(managers, key=MANAGER.index, default=None),
        "extras": extras or {} if decided else {},
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


Pairs = set[tuple[int, int]]


def _pairs(table: Table, part: Part, runs: Runs, applied: Applied, asked: Iterable[int]) -> Pairs:
    """The (worst, best) that remain in a part for each combination of answers to the facts `asked`."""
    ranks = part.ranks(table.rank_of)
    place = tuple(slice(runs[axis][0], runs[axis][1] + 1) for axis in part.axes)
    box = ranks[part.cells(applied)[place]]
    rest = tuple(k for k, axis in enumerate(part.axes) if axis not in set(asked))
    worst, best = _reduced(box, part.barred(place, rest) if part.barring else None, rest)
    return set(zip(np.ravel(worst).tolist(), np.ravel(best).tolist(), strict=True))


def _reduced(
    ranks: NDArray[np.int32], barred: NDArray[np.bool_] | None, rest: tuple[int, ...], *, keep: bool = False
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Strictest and most open rank over the axes `rest`, without barred cells where others are left."""
    worst, best = ranks.max(axis=rest, keepdims=keep), ranks.min(axis=rest, keepdims=keep)
    if barred is None:
        return worst, best
    lowest, highest = int(ranks.min()), int(ranks.max())
    free = ~barred.all(axis=rest, keepdims=keep)
    return (
        np.where(free, np.where(barred, lowest, ranks).max(axis=rest, keepdims=keep), worst),
        np.where(free, np.where(barred, highest, ranks).min(axis=rest, keepdims=keep), best),
    )


def _decides(table: Table, runs: Runs, applied: Applied, asked: Iterable[int]) -> bool:
    """Whether every combination of answers to the facts `asked` decides."""
    whole: Pairs = {(-1, -1)}
    for part in table.parts:
        own = _pairs(table, part, runs, applied, asked)
        whole = {(max(a, c), max(b, d)) for a, b in whole for c, d in own}
    all_open = table.question.all_open_decides
    return all(worst == best or (all_open and table.open_rank(worst)) for worst, best in whole)


def _settles(table: Table, runs: Runs, applied: Applied) -> tuple[int, ...]:
    """The axes to ask, least intrusive first: the smallest set that decides whatever is answered."""
    unsure = [n for n, (first, last) in enumerate(runs) if first != last]
    matter: list[int] = []
    for part in table.parts:
        if len(_pairs(table, part, runs, applied, part.axes)) > 1:
            matter.extend(axis for axis in part.axes if axis in unsure)
    unsure = sorted(matter)
    if len(unsure) <= EXACT_SETTLES:
        for size in range(1, len(unsure) + 1):
            for asked in combinations(unsure, size):
                if _decides(table, runs, applied, asked):
                    return asked
        return tuple(unsure)
    kept = list(unsure)
    for axis in reversed(unsure):
        fewer = [one for one in kept if one != axis]
        if _decides(table, runs, applied, fewer):
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
    for part in table.parts:
        if n not in part.axes:
            continue
        ranks = part.ranks(table.rank_of)
        place = tuple(slice(runs[axis][0], runs[axis][1] + 1) for axis in part.axes)
        box = ranks[part.cells(None)[place]]
        rest = tuple(k for k, axis in enumerate(part.axes) if axis not in settles)
        k = part.axes.index(n)
        barred = part.barred(place, rest) if part.barring else None
        for reduced in _reduced(box, barred, rest, keep=True):
            for band in range(last - first):
                if (np.take(reduced, band, axis=k) != np.take(reduced, band + 1, axis=k)).any():
                    found.add(table.axes[n].cuts[first + band + 1])
    return sorted(found)
