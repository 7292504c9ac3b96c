"""`ruangaman ask` over many lines: rate by CPU second, and a peak of memory that does not grow."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bench import sample
from bench.machine import memory_mib
from bench.table import Row, number

SIZES = (10_000, 100_000, 1_000_000)
GROWTH_ALLOWED = 0.10  # from the second size to the third; up to the second the bounded memories fill
COMMAND = Path(sys.executable).with_name("ruangaman")


@dataclass(frozen=True, slots=True)
class Run:
    lines: int
    cpu_seconds: float
    peak_mib: float


def ask(questions: Path, count: int) -> Run:
    """
    Answer a file of JSON Lines by the command and count what comes out.

    The peak is the process's own high-water mark, read every few milliseconds: the figure that `wait4` gives
    would contain the memory of the program that started it.
    """
    with (
        questions.open("rb") as given,
        subprocess.Popen(["wc", "-l"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as counter,
    ):
        asked = subprocess.Popen([str(COMMAND), "ask"], stdin=given, stdout=counter.stdin)
        assert counter.stdin is not None
        assert counter.stdout is not None
        counter.stdin.close()
        peak = 0.0
        while True:
            pid, status, used = os.wait4(asked.pid, os.WNOHANG)
            if pid:
                break
            peak = max(peak, memory_mib(asked.pid, "VmHWM"))
            time.sleep(0.005)
        asked.returncode = os.waitstatus_to_exitcode(status)
        answered = int(counter.stdout.read())
    if asked.returncode or answered != count:
        raise RuntimeError(f"ruangaman ask: exit {asked.returncode}, {answered} answers to {count} lines")
    return Run(count, used.ru_utime + used.ru_stime, peak)


def rows(folder: Path) -> list[Row]:
    questions = folder / "questions.jsonl"
    runs = []
    for count in SIZES:
        with questions.open("wb") as out:
            out.writelines(sample.lines(count))
        runs.append(ask(questions, count))
    questions.unlink()
    largest = runs[-1]
    growth = largest.peak_mib / runs[-2].peak_mib - 1
    peaks = ", ".join(f"{run.peak_mib:.1f} at {run.lines:,}" for run in runs)
    return [
        Row(
            "`ruangaman ask`, a million lines, distinct facts, start-up included",
            f"{number(largest.lines / largest.cpu_seconds)}/s",
        ),
        Row(
            "`ruangaman ask`, peak memory",
            f"{largest.peak_mib:.1f} MiB",
            peer=f"MiB: {peaks}",
            limit=f"tenfold lines: ≤ {GROWTH_ALLOWED:.0%} more",
            met=growth <= GROWTH_ALLOWED,
        ),
    ]
