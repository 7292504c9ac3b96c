"""
The same problem for HiGHS: exact, from a plan that is known, on what the bound has left open.

Rows that fixed actions decide are taken out, the rest added up again where their sets are the same.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ruangaman.core.reach import siting_rows
from ruangaman.core.reach.extra import ExtraMissing
from ruangaman.core.reach.siting_model import Bytes, Cover, Floats, affordable

NEARLY_NOTHING = 1e-6
"""What the solver may take for met, of each rule's own size."""


@dataclass(frozen=True, slots=True)
class Exact:
    """
    Attributes:
        chosen: (actions,) the solver's plan, None when it found none.
        bound: no plan is worth more (for `least_lack`: lacks less).
        proven: the search came to its end.
        lack: (kelurahan,) what is lacking in the solver's plan; for `least_lack` alone.
    """

    chosen: Bytes | None
    bound: float
    proven: bool
    lack: Floats


@dataclass(frozen=True, slots=True)
class Limits:
    """What the solver may use: seconds of its own clock, threads, and the relative gap at which it may stop."""

    seconds: float = 60.0
    threads: int = 2
    gap: float = 0.0


class _Matrix:
    """Rows of a linear program, gathered piece by piece."""

    def __init__(self) -> None:
        self.starts: list[NDArray[np.int64]] = []
        self.columns: list[NDArray[np.int32]] = []
        self.factors: list[Floats] = []
        self.lower: list[Floats] = []
        self.upper: list[Floats] = []

    def add(self, lengths: NDArray[np.integer], columns: Any, factors: Any, lower: Any, upper: Any) -> None:
        self.starts.append(np.asarray(lengths, np.int64))
        self.columns.append(np.asarray(columns, np.int32))
        self.factors.append(np.asarray(factors, np.float64))
        self.lower.append(np.broadcast_to(np.asarray(lower, np.float64), (len(lengths),)))
        self.upper.append(np.broadcast_to(np.asarray(upper, np.float64), (len(lengths),)))

    def one(self, columns: Any, factors: Any, lower: float, upper: float) -> None:
        self.add(np.array([len(columns)]), columns, np.broadcast_to(factors, (len(columns),)), lower, upper)


def solve(cover: Cover, fixed: Bytes, known: Bytes | None, limits: Limits) -> Exact:
    """
    The best plan among those that agree with `fixed` (1 in, -1 out, 0 free).

    Args:
        known: (actions,) a plan within the rules that agrees with `fixed`, from which the solver starts.

    Raises:
        ExtraMissing: highspy is not installed.
    """
    return _run(cover, fixed, known, limits, lack=False)


def least_lack(cover: Cover, limits: Limits) -> Exact:
    """The plan within all other rules that comes nearest to the least asked for. Raises: ExtraMissing."""
    return _run(cover, cover.fixed, None, limits, lack=True)


def _run(cover: Cover, fixed: Bytes, known: Bytes | None, limits: Limits, *, lack: bool) -> Exact:
    try:
        import highspy  # an extra: a house without a city has none
    except ImportError as error:
        raise ExtraMissing(package="highspy") from error
    actions, homes = len(cover.cost), len(cover.least_children)
    sure = fixed > 0
    size = np.diff(cover.need_start)
    open_sets = _of_all(cover, fixed >= 0)
    built = _of_all(cover, sure)
    value, children, where, start, item, already, already_children = _left(cover, open_sets, built)
    largest = max(float(value.sum()), 1e-300)

    # columns: actions, rows, sets that need several (in their order), what is lacking of children and of actions
    rows = len(value)
    joint = np.flatnonzero((size > 1) & open_sets & ~built)
    first_row, first_joint = actions, actions + rows
    first_lack = first_joint + len(joint)
    columns = first_lack + (2 * homes if lack else 0)
    column_of_set = cover.need[cover.need_start[:-1]].astype(np.int64)
    column_of_set[joint] = first_joint + np.arange(len(joint))
    start, column = _each_once(start, column_of_set[item], columns)
    objective = np.zeros(columns)
    upper = np.ones(columns)
    lower = np.zeros(columns)
    lower[:actions], upper[:actions] = fixed > 0, fixed >= 0
    if lack:
        objective[first_lack:] = -1.0
    else:
        objective[first_row:first_joint] = value / largest

    table = _Matrix()
    lengths = np.diff(start)
    at_row = np.arange(rows)
    entries = np.insert(column, start[:-1], first_row + at_row)
    factors = np.insert(np.ones(len(column)), start[:-1], -1.0)
    table.add(lengths + 1, entries, factors, 0.0, np.inf)
    of = np.repeat(np.arange(len(size)), size)  # of each need its set
    needed = np.isin(of, joint)
    ends = np.column_stack([cover.need[needed], column_of_set[of[needed]]]).ravel()
    many = int(needed.sum())
    table.add(np.full(many, 2), ends, np.tile([1.0, -1.0], many), 0.0, np.inf)
    everyone = np.arange(actions)
    if cover.at_most < actions:
        table.one(everyone, 1.0, -np.inf, cover.at_most)
    if np.isfinite(cover.budget):
        scale = max(cover.budget, 1e-300)
        if cover.budget > 0:
            table.one(everyone, cover.cost / scale, -np.inf, affordable(cover) / scale)
        else:
            upper[:actions][cover.cost > 0] = 0.0
    members = np.repeat(everyone, np.diff(cover.in_start))
    for group in range(cover.groups):
        table.one(members[cover.in_group == group], 1.0, -np.inf, 1.0)
    for home in np.flatnonzero(cover.least_children > 0):
        here = np.flatnonzero(where == home)
        want = cover.least_children[home]
        slack = [first_lack + home] if lack else []
        table.one(
            [*(first_row + here), *slack],
            np.concatenate([children[here] / want, np.ones(len(slack))]),
            1.0 - already_children[home] / want,
            np.inf,
        )
    for home in np.flatnonzero(cover.least_actions > 0):
        here = np.flatnonzero(cover.kelurahan == home)
        want = float(cover.least_actions[home])
        slack = [first_lack + homes + home] if lack else []
        table.one(
            [*here, *slack], np.concatenate([np.full(len(here), 1 / want), np.ones(len(slack))]), 1.0, np.inf
        )

    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = columns, sum(len(each) for each in table.starts)
    program.sense_ = highspy.ObjSense.kMaximize
    program.col_cost_, program.col_lower_, program.col_upper_ = objective, lower, upper
    program.row_lower_, program.row_upper_ = np.concatenate(table.lower), np.concatenate(table.upper)
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_ = np.concatenate([[0], np.cumsum(np.concatenate(table.starts))]).astype(np.int32)
    program.a_matrix_.index_ = np.concatenate(table.columns)
    program.a_matrix_.value_ = np.concatenate(table.factors)
    kinds = [highspy.HighsVarType.kInteger] * actions + [highspy.HighsVarType.kContinuous] * (
        columns - actions
    )
    program.integrality_ = kinds
    solver = _quiet(highspy)
    for name, setting in (
        ("output_flag", False),
        ("time_limit", float(limits.seconds)),
        ("threads", int(limits.threads)),
        ("mip_rel_gap", float(limits.gap)),
        ("mip_abs_gap", 1e-9),
        ("random_seed", 0),
    ):
        solver.setOptionValue(name, setting)
    if solver.passModel(program) == highspy.HighsStatus.kError:
        raise RuntimeError("the solver refuses the model")
    if known is not None:
        begin = highspy.HighsSolution()
        begin.col_value = _whole_solution(
            cover, known, start, column, joint, columns, (first_row, first_joint)
        ).tolist()
        solver.setSolution(begin)
    if solver.run() == highspy.HighsStatus.kError:  # its threads were set up for another number of them
        solver.resetGlobalScheduler(True)
        solver.run()
    return _read(solver, highspy, cover, largest, already, first_lack, lack)


def _quiet(highspy: Any) -> Any:
    """A solver that writes nothing: highspy's own greets on standard output, where a command's answer goes."""

    class Quiet(highspy.Highs):  # type: ignore[misc]
        def __init__(self) -> None:
            super(highspy.Highs, self).__init__()

    return Quiet()


def _of_all(cover: Cover, told: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(sets,): whether it is told of all actions that a set needs."""
    not_so = np.concatenate([[0], np.cumsum(~told[cover.need])])
    found: NDArray[np.bool_] = not_so[cover.need_start[1:]] == not_so[cover.need_start[:-1]]
    return found


def _left(
    cover: Cover, open_sets: NDArray[np.bool_], built: NDArray[np.bool_]
) -> tuple[Floats, Floats, NDArray[np.int32], NDArray[np.int64], NDArray[np.int32], float, Floats]:
    """The rows that are not decided yet, added up; and what is served already in value, and children by kelurahan."""
    row = np.repeat(np.arange(len(cover.value)), np.diff(cover.row_start))
    done = np.zeros(len(cover.value), bool)
    done[row[built[cover.row_set]]] = True
    keep = open_sets[cover.row_set] & ~done[row]
    length = np.bincount(row[keep], minlength=len(cover.value))
    kept = np.flatnonzero(length > 0)
    start = np.concatenate([[0], np.cumsum(length[kept])]).astype(np.int64)
    made = siting_rows.gathered(
        cover.value[kept],
        cover.children[kept],
        cover.row_kelurahan[kept],
        start,
        cover.row_set[keep],
        len(cover.need_start) - 1,
    )
    asked = done & (cover.row_kelurahan >= 0)
    children = np.zeros(len(cover.least_children))
    np.add.at(children, cover.row_kelurahan[asked], cover.children[asked])
    return *made, float(cover.value[done].sum()), children


def _each_once(
    start: NDArray[np.int64], item: NDArray[np.int64], columns: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Lists of columns without repetitions: several sets of one action are one column."""
    row = np.repeat(np.arange(len(start) - 1), np.diff(start))
    key = np.unique(row * columns + item)
    length = np.bincount(key // max(columns, 1), minlength=len(start) - 1)
    return np.concatenate([[0], np.cumsum(length)]).astype(np.int64), key % max(columns, 1)


def _whole_solution(
    cover: Cover,
    known: Bytes,
    start: NDArray[np.int64],
    item: NDArray[np.int64],
    joint: NDArray[np.int64],
    columns: int,
    firsts: tuple[int, int],
) -> Floats:
    """A value of every column that belongs to this plan."""
    solution = np.zeros(columns)
    solution[: len(known)] = known > 0
    solution[firsts[1] : firsts[1] + len(joint)] = _of_all(cover, known > 0)[joint]
    if len(item):
        solution[firsts[0] : firsts[1]] = np.maximum.reduceat(solution[item], start[:-1])
    return solution


def _read(
    solver: Any, highspy: Any, cover: Cover, largest: float, already: float, first_lack: int, lack: bool
) -> Exact:
    status, info = solver.getModelStatus(), solver.getInfo()
    homes = len(cover.least_children)
    nothing = np.zeros(homes)
    if status == highspy.HighsModelStatus.kInfeasible:
        return Exact(None, -np.inf, True, nothing)
    proven = status == highspy.HighsModelStatus.kOptimal
    limit = float(info.mip_dual_bound) if info.mip_node_count >= 0 else float(info.objective_function_value)
    if not np.isfinite(limit):
        limit = np.inf
    chosen = None
    found = np.array(solver.getSolution().col_value)
    if info.primal_solution_status == 2 and len(found):  # 2: within all rules
        chosen = (found[: len(cover.cost)] > 0.5).astype(np.int8)
        if lack:
            parts = found[first_lack:]
            nothing = parts[:homes] + parts[homes:]
    if lack:
        return Exact(chosen, -limit, proven, nothing)
    return Exact(chosen, limit * largest + already, proven, nothing)
