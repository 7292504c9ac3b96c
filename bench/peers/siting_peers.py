"""`siting_peers.py highs|spopt FILE SECONDS`: the same maximal cover by HiGHS with the plain model, or by spopt."""

import json
import sys
import time

import numpy as np


def highs(start, point, children, chosen, seconds):  # type: ignore[no-untyped-def]
    import highspy

    sites, points = len(start) - 1, len(children)
    site = np.repeat(np.arange(sites), np.diff(start))
    order = np.argsort(point, kind="stable")
    length = np.bincount(point, minlength=points)
    begin = np.concatenate([[0], np.cumsum(length)])
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = sites + points, points + 1
    program.sense_ = highspy.ObjSense.kMaximize
    program.col_cost_ = np.concatenate([np.zeros(sites), children])
    program.col_lower_, program.col_upper_ = np.zeros(sites + points), np.ones(sites + points)
    program.row_lower_ = np.concatenate([np.zeros(points), [-np.inf]])
    program.row_upper_ = np.concatenate([np.full(points, np.inf), [chosen]])
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_ = np.concatenate([[0], np.cumsum(np.append(length + 1, sites))])
    program.a_matrix_.index_ = np.concatenate(
        [np.insert(site[order], begin[:-1], sites + np.arange(points)), np.arange(sites)]
    )
    program.a_matrix_.value_ = np.concatenate(
        [np.insert(np.ones(len(point)), begin[:-1], -1.0), np.ones(sites)]
    )
    program.integrality_ = [highspy.HighsVarType.kInteger] * sites + [
        highspy.HighsVarType.kContinuous
    ] * points
    solver = highspy.Highs()
    for name, setting in (
        ("output_flag", False),
        ("time_limit", seconds),
        ("threads", 2),
        ("mip_rel_gap", 0.0),
    ):
        solver.setOptionValue(name, setting)
    solver.passModel(program)
    solver.run()
    info, found = solver.getInfo(), np.array(solver.getSolution().col_value)
    built = np.flatnonzero(found[:sites] > 0.5) if info.primal_solution_status == 2 else []
    return built, float(info.mip_dual_bound)


def spopt(start, point, children, chosen, seconds):  # type: ignore[no-untyped-def]
    import pulp
    from spopt.locate import MCLP

    distance = np.ones((len(children), len(start) - 1), np.float32)
    for site in range(len(start) - 1):
        distance[point[start[site] : start[site + 1]], site] = 0.0
    model = MCLP.from_cost_matrix(distance, children, service_radius=0.5, p_facilities=int(chosen))
    model.solve(pulp.HiGHS(msg=False, timeLimit=seconds, threads=2, gapRel=0.0), results=False)
    built = [each for each, variable in enumerate(model.fac_vars) if (variable.value() or 0) > 0.5]
    return built, float("nan")


def main() -> None:
    which, path, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
    read = np.load(path)
    start, point, children, chosen = (read[name] for name in ("start", "point", "children", "chosen"))
    cpu, wall = time.process_time(), time.monotonic()
    built, bound = {"highs": highs, "spopt": spopt}[which](start, point, children, float(chosen), seconds)
    cpu, wall = time.process_time() - cpu, time.monotonic() - wall
    covered = np.zeros(len(children), bool)
    for site in built:
        covered[point[start[site] : start[site + 1]]] = True
    value = float(children[covered].sum())
    bound = min(bound, float(children.sum())) if np.isfinite(bound) else float(children.sum())
    print(json.dumps({"value": value, "gap": (bound - value) / bound, "cpu": cpu, "wall": wall}))


main()
