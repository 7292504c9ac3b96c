"""
`python -m fuzz [SECONDS [NAME...]]`: every target for so many seconds, each in a process of its own, one line a target.

A target is a module of this folder with `target(data: bytes) -> None` that lets `CredentialError` pass and nothing
else. It may have `seeds() -> Iterable[bytes]` to begin from; the inputs that broke it before are tried first. What
breaks one stays in `fuzz/crashes/`; exit status 1 then, and when a target ran out of time or memory.

Needs atheris, which has an environment of its own (`make fuzz`); nothing here imports it but the process of a target.
"""

import importlib
import pkgutil
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
CRASHES = HERE / "crashes"
DEFAULT_SECONDS = 20
ONE_INPUT_SECONDS = 5
MEMORY_MIB = 1_024
LONGEST_INPUT = 1 << 14
# Starting, loading what is instrumented, and writing down what was found.
GRACE_SECONDS = 60
_RUNS = re.compile(r"stat::number_of_executed_units:\s*(\d+)")
_PEAK = re.compile(r"stat::peak_rss_mb:\s*(\d+)")
_KEPT = re.compile(r"Test unit written to (\S+)")
# How the search went on: nobody needs it once it is over.
_PROGRESS = re.compile(r"^(?:#\d+\t|INFO: |WARNING: ).*\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Came:
    """What came of one target: `crash` is the input that broke it, if one did, and `told` the end of its report."""

    name: str
    runs: int
    peak_mib: int
    broken: bool
    crash: Path | None = None
    told: str = ""

    def __str__(self) -> str:
        state = "broken" if self.broken else "ok"
        kept = f", the input is in {self.crash.relative_to(HERE.parent)}" if self.crash else ""
        return f"{state:<6}  {self.name:<20}  {self.runs:,} inputs, {self.peak_mib} MiB at most{kept}"


def names() -> list[str]:
    """The modules of this folder that hold a target, by their text: none is imported."""
    return sorted(
        found.name
        for found in pkgutil.iter_modules([str(HERE)])
        if re.search(r"^def target\(", (HERE / f"{found.name}.py").read_text(encoding="utf-8"), re.MULTILINE)
    )


def load(name: str) -> Callable[[bytes], None]:
    found: Callable[[bytes], None] = importlib.import_module(f"fuzz.{name}").target
    return found


def beginnings(name: str) -> list[bytes]:
    """What a target is to begin from, and what broke it before."""
    module = importlib.import_module(f"fuzz.{name}")
    given: Iterable[bytes] = module.seeds() if hasattr(module, "seeds") else ()
    return [*(path.read_bytes() for path in sorted(CRASHES.glob(f"{name}-*"))), *given]


def run(name: str, seconds: int) -> Came:
    """One target in a process of its own."""
    CRASHES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="ruangaman-fuzz-") as folder:
        began, corpus = Path(folder) / "seeds", Path(folder) / "corpus"
        began.mkdir()
        corpus.mkdir()
        for number, seed in enumerate(beginnings(name)):
            (began / f"{number:04}").write_bytes(seed)
        command = [
            sys.executable, "-m", "fuzz.one", name, f"-max_total_time={seconds}", f"-timeout={ONE_INPUT_SECONDS}",
            f"-rss_limit_mb={MEMORY_MIB}", f"-max_len={LONGEST_INPUT}", "-print_final_stats=1",
            f"-artifact_prefix={CRASHES / name}-", str(corpus), str(began),
        ]  # fmt: skip
        try:
            ran = subprocess.run(
                command,
                cwd=HERE.parent,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=seconds + GRACE_SECONDS,
                check=False,
            )
            told, broken = ran.stdout + ran.stderr, ran.returncode != 0
        except subprocess.TimeoutExpired:
            told, broken = f"did not end within {seconds + GRACE_SECONDS} seconds", True
    kept = _KEPT.search(told)
    crash = Path(kept[1]) if kept else None
    return Came(name, _last(_RUNS, told), _last(_PEAK, told), broken, crash, _PROGRESS.sub("", told)[-3_000:])


def _last(what: re.Pattern[str], told: str) -> int:
    found = what.findall(told)
    return int(found[-1]) if found else 0


def main(arguments: list[str]) -> int:
    seconds = int(arguments[0]) if arguments else DEFAULT_SECONDS
    wanted = arguments[1:] or names()
    if unknown := sorted(set(wanted) - set(names())):
        print(f"no such target: {', '.join(unknown)}", file=sys.stderr)
        return 2
    broken = 0
    for name in wanted:
        came = run(name, seconds)
        print(came, flush=True)
        if came.broken:
            broken += 1
            print(came.told, file=sys.stderr)
    print(f"{len(wanted)} targets, {broken} broken")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
