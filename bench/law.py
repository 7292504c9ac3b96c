"""
The law engine alone, per CPU second: typed facts, dict, JSON line, columns. `python -m bench.law [JURISDICTION]`.

All rows are met once before the clock starts, as in a service that runs. The facts are an even mix: known birth dates,
ranges, unknown facts, every consent state.
"""

import itertools
import json
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

import numpy as np

from ruangaman.adapters import packs
from ruangaman.core import law

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
ON = date(2026, 11, 24)


def sample(rows: int = 20_000) -> list[dict[str, Any]]:
    """Account questions: two in three with a birth date, the others a range; every fourth leaves a fact out."""
    risks = ("low", "high", "unassessed")
    states = ("granted", "none", "pending", "refused", "withdrawn", "lapsed")
    found = []
    for n in range(rows):
        service: dict[str, Any] = {
            "risk_profile": risks[n % 3],
            "designed_for_children": n % 5 < 2,
            "type": "game",
        }
        consent: dict[str, Any] = {"state": states[n // 3 % 6], "by": ("parent", "child")[n // 7 % 2]}
        if n // 7 % 2:
            consent |= {"parent_notified": n % 11 < 8, "parent_confirmed": n % 13 < 8}
        age: dict[str, Any] = {"birth_date": f"{2004 + n % 22}-{1 + n % 12:02d}-{1 + n % 28:02d}"}
        if n % 3 == 2:
            low = n // 3 % 18
            age = {"at_least": low, "at_most": low + n % 4}
        if n % 4 == 3:
            service.pop(("risk_profile", "designed_for_children")[n // 4 % 2])
        found.append(
            {"jurisdiction": "ID", "question": "account", "on": "2026-11-24", "age": age, "service": service,
             "consent": consent}
        )  # fmt: skip
    return found


def rate(run: Callable[[], int], seconds: float = 1.0) -> float:
    """The best rate of three, in rows per CPU second."""
    best = 0.0
    run()
    for _ in range(3):
        rows, begin = 0, time.process_time()
        while (spent := time.process_time() - begin) < seconds:
            rows += run()
        best = max(best, rows / spent)
    return best


def measure(pack: law.Pack, rows: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Rows per CPU second for each way of asking."""
    typed = [pack.typed("account", row, now=NOW) for row in rows]
    lines = [json.dumps(row, separators=(",", ":")).encode() for row in rows]
    known = {pack.id: pack}

    def by_typed() -> int:
        answer = pack.tables["account"].answer
        for facts in typed:
            answer(facts)
        return len(typed)

    def by_dict() -> int:
        ask = pack.ask
        for row in rows:
            ask(row, now=NOW)
        return len(rows)

    def by_line() -> int:
        answer_line = law.answer_line
        for line in lines:
            answer_line(known, line, now=NOW)
        return len(lines)

    columns = columns_of(pack, 1_000_000)

    def by_columns() -> int:
        pack.ask_columns("account", columns, on=ON)
        return 1_000_000

    return {
        "typed facts": rate(by_typed),
        "dict, validated": rate(by_dict),
        "JSON line to JSON line": rate(by_line),
        "NumPy columns": rate(by_columns),
    }


def columns_of(pack: law.Pack, rows: int) -> dict[str, Any]:
    """Random columns of every fact that the account question uses."""
    random = np.random.default_rng(7)
    engine = pack.tables["account"]
    found: dict[str, Any] = {
        axis.fact.name: random.integers(0, axis.size + 1, rows, dtype=np.uint8) for axis in engine.space.axes
    }
    years, months, days = (random.integers(a, b, rows) for a, b in ((2004, 2026), (1, 13), (1, 29)))
    found["birth"] = np.minimum(years * 10000 + months * 100 + days, 20261124).astype(np.int32)
    return found


def main() -> None:
    """Print the table."""
    pack = packs.load(sys.argv[1] if len(sys.argv) > 1 else "ID")
    for name, found in itertools.chain(measure(pack, sample()).items()):
        print(f"{name:<28}{found:>16,.0f} /CPU s")


if __name__ == "__main__":
    main()
