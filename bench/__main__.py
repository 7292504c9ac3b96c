"""`make bench`: measure the parts asked for, print the table, keep it in docs/benchmarks.md."""

import argparse
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bench import cities, consent, credentials, http_ask, in_process, lessons, stream
from bench.machine import ROOT, Neighbours, line
from bench.table import Row, markdown, terminal

PAGE = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- table: written by make bench -->", "<!-- end of table -->"
PARTS: dict[str, tuple[str, Callable[[Path], list[Row]]]] = {
    "law": ("In process", in_process.rows),
    "http": ("POST /v1/ask", http_ask.rows),
    "consent": ("From request to answered consent", consent.rows),
    "stream": ("The command", stream.rows),
    "credentials": ("Age proofs", credentials.rows),
    "city": ("Cities", cities.rows),
    "lessons": ("Lessons", lessons.rows),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument(
        "--rows", default=",".join(PARTS), help="parts to measure, with commas: " + ", ".join(PARTS)
    )
    wanted = [part for part in parser.parse_args().rows.split(",") if part]
    if unknown := [part for part in wanted if part not in PARTS]:
        parser.error(f"unknown part: {', '.join(unknown)}")

    machine = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {line()}"
    print(machine, flush=True)
    sections: list[str] = []
    missed = 0
    with tempfile.TemporaryDirectory(prefix="ruangaman-bench-") as folder:
        for part in wanted:
            title, measure = PARTS[part]
            neighbours, start = Neighbours(), time.monotonic()
            rows = measure(Path(folder))
            seconds = time.monotonic() - start
            note = (
                f"{seconds:.0f} s; other programs used {neighbours.cores_used(seconds):.2f} cores meanwhile"
            )
            print(f"\n{title} ({note})\n\n{terminal(rows)}", flush=True)
            sections.append(f"### {title}\n\n{note}\n\n{markdown(rows)}")
            missed += sum(row.met is False for row in rows)
    if set(wanted) == set(PARTS):
        write_page(machine, sections)
    print(f"\n{missed} missed")


def write_page(machine: str, sections: list[str]) -> None:
    """Put the tables between the page's two marks; a part of the bench leaves the page as it was."""
    page = PAGE.read_text()
    before, _, rest = page.partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text("\n\n".join([before + BEGIN, machine, *sections, END]) + after)


if __name__ == "__main__":
    main()
