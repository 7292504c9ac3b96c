"""
One in-process measurement in a process of its own: `python -m bench.measure WHAT FOLDER`.

Prints a JSON object of answers per CPU second. `cold`: the first pass of this process over the facts; `warm`:
the passes after it.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np

from bench import sample
from ruangaman.adapters import packs
from ruangaman.core import law
from ruangaman.core.ages import as_number

COLUMN_ROWS = 2_000_000
ROUNDS = 5
ENOUGH_CPU_SECONDS = 0.4


def once(work: Callable[[], object], count: int) -> float:
    start = time.process_time()
    work()
    return count / (time.process_time() - start)


def repeatedly(work: Callable[[], object], count: int) -> float:
    """Median of rounds of at least ENOUGH_CPU_SECONDS."""
    seen = []
    for _ in range(ROUNDS):
        done = 0
        start = time.process_time()
        while (spent := time.process_time() - start) < ENOUGH_CPU_SECONDS:
            work()
            done += count
        seen.append(done / spent)
    return statistics.median(seen)


def cold_and_warm(work: Callable[[], object], count: int) -> dict[str, float]:
    return {"cold": once(work, count), "warm": repeatedly(work, count)}


def load() -> law.Pack:
    return packs.load("ID")


def mixed(folder: Path) -> list[bytes]:
    return (folder / "mixed.jsonl").read_bytes().splitlines()


def typed(folder: Path) -> dict[str, float]:
    """Typed facts to answers, each read: outcome, reason, articles, conditions and the time until which it holds."""
    pack = load()
    facts = [pack.typed("account", json.loads(line), now=sample.NOW) for line in mixed(folder)]
    answer = pack.engine("account").answer

    def answers() -> None:
        for each in facts:
            found = answer(each)
            found.outcome, found.reason, found.articles, found.conditions, found.valid_until  # noqa: B018

    return cold_and_warm(answers, len(facts))


def from_dict(folder: Path) -> dict[str, float]:
    """Dicts as a JSON parser gives them, all fields validated, to answers."""
    pack = load()
    facts = [json.loads(line) for line in mixed(folder)]
    ask, now = pack.ask, sample.NOW

    def every() -> None:
        for each in facts:
            ask(each, now=now)

    return cold_and_warm(every, len(facts))


def line(folder: Path) -> dict[str, float]:
    """JSON lines to JSON lines."""
    known = {"ID": load()}
    lines = mixed(folder)
    answer_line, now = law.answer_line, sample.NOW
    refused = [
        each for each in (answer_line(known, one, now=now) for one in lines) if each.startswith(b'{"error"')
    ]
    if refused:
        raise RuntimeError(f"{len(refused)} lines refused, the first: {refused[0]!r}")
    known = {"ID": packs.compile_folder(packs.folders()["ID"])}

    def every() -> None:
        for each in lines:
            answer_line(known, each, now=now)

    return cold_and_warm(every, len(lines))


def columns(_folder: Path) -> dict[str, float]:
    """Columns of one day: birth dates, and each fact as a code, unknown among them."""
    pack = load()
    chance = np.random.default_rng(sample.SEED)
    births = np.array(
        [as_number(sample.FIRST_DAY - timedelta(days=days)) for days in range(1, 21 * 365)], dtype=np.int32
    )
    given = {"birth": chance.choice(births, COLUMN_ROWS)}
    for name in ("risk_profile", "designed_for_children", "service_type", "consent", "consent_by"):
        fact = pack.source.facts[name]
        given[name] = chance.integers(0, len(fact.words) + 1, COLUMN_ROWS, dtype=np.uint8)
    for name in ("parent_notified", "parent_confirmed"):
        given[name] = chance.integers(0, 3, COLUMN_ROWS, dtype=np.uint8)
    return cold_and_warm(lambda: pack.ask_columns("account", given, on=sample.FIRST_DAY), COLUMN_ROWS)


def known(folder: Path) -> dict[str, object]:
    """The facts of the peers: our outcomes, and our rates on just these facts."""
    pack = load()
    facts = json.loads((folder / "known.json").read_text())
    ready = [pack.typed("account", each, now=sample.NOW) for each in facts]
    answer, ask, now = pack.engine("account").answer, pack.ask, sample.NOW
    outcomes = [ask(each, now=now).outcome for each in facts]
    if outcomes != [answer(each).outcome for each in ready]:
        raise RuntimeError("typed facts and dicts are answered differently")

    def from_typed() -> None:
        for each in ready:
            answer(each)

    def from_dicts() -> None:
        for each in facts:
            ask(each, now=now)

    return {
        "outcomes": outcomes,
        "typed": repeatedly(from_typed, len(ready)),
        "dict": repeatedly(from_dicts, len(facts)),
    }


WHAT: dict[str, Callable[[Path], dict[str, Any]]] = {
    "typed": typed,
    "dict": from_dict,
    "line": line,
    "columns": columns,
    "known": known,
}

if __name__ == "__main__":
    print(json.dumps(WHAT[sys.argv[1]](Path(sys.argv[2]))))
