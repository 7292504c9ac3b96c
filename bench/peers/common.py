"""What every peer shares: reading the sample, timing by CPU second, reporting. Standard library only."""

import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

STRICTNESS = ("not_a_child", "allow", "wait", "ask_guardian", "deny")
ROUNDS = 3
ENOUGH_CPU_SECONDS = 0.5


def rows() -> list[dict[str, Any]]:
    """The known facts of the shared sample, completed age already counted, from the file named first."""
    loaded: list[dict[str, Any]] = json.loads(Path(sys.argv[1]).read_text())
    return loaded


def strictest(outcomes: list[str]) -> str:
    return max(outcomes, key=STRICTNESS.index)


def rate(work: Callable[[], object], count: int) -> float:
    """Answers per CPU second of this process: median of rounds of at least half a CPU second."""
    work()
    seen = []
    for _ in range(ROUNDS):
        done = 0
        start = time.process_time()
        while (spent := time.process_time() - start) < ENOUGH_CPU_SECONDS:
            work()
            done += count
        seen.append(done / spent)
    return statistics.median(seen)


def report(
    rates: dict[str, float], outcomes: list[str] | None = None, open_: list[bool] | None = None
) -> None:
    print(json.dumps({"rates": rates, "outcomes": outcomes, "open": open_}))
