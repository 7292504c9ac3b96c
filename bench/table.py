"""One row of the bench, its verdict, and the table of all rows."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured, beside what, and whether the limit was met; `met` None: no limit was set."""

    name: str
    ours: str
    peer: str = "–"
    limit: str = "–"
    ratio: float | None = None
    met: bool | None = None

    @property
    def verdict(self) -> str:
        return {True: "met", False: "**missed**", None: "shown"}[self.met]

    def cells(self) -> tuple[str, ...]:
        return (self.name, self.ours, self.peer, self.limit, times(self.ratio), self.verdict)


def number(value: float) -> str:
    """Three significant digits as people read them: 1.24 M, 312 k, 88.5."""
    for size, letter in ((1e6, " M"), (1e3, " k")):
        if value >= size:
            return f"{value / size:.3g}{letter}" if value < 1000 * size else f"{value / size:,.0f}{letter}"
    return f"{value:.3g}"


def times(ratio: float | None) -> str:
    if ratio is None:
        return "–"
    return f"{ratio:,.0f}×" if ratio >= 10 else f"{ratio:.2f}×"


def against_limit(name: str, rate: float, at_least: float) -> Row:
    """A rate per CPU second held against an absolute limit; the ratio is rate to limit."""
    return Row(
        name,
        f"{number(rate)}/s",
        limit=f"≥ {number(at_least)}/s",
        ratio=rate / at_least,
        met=rate >= at_least,
    )


def against_peer(name: str, rate: float, peer: str, peer_rate: float, at_least: float | None = None) -> Row:
    """Our rate beside a peer's; the ratio is ours to theirs, `at_least` the smallest ratio aimed at."""
    ratio = rate / peer_rate
    return Row(
        name,
        f"{number(rate)}/s",
        peer=f"{peer}: {number(peer_rate)}/s",
        limit="–" if at_least is None else f"≥ {at_least:g}×",
        ratio=ratio,
        met=None if at_least is None else ratio >= at_least,
    )


HEAD = ("row", "ours", "peer", "limit", "ratio", "verdict")


def markdown(rows: Iterable[Row]) -> str:
    lines = ["| " + " | ".join(HEAD) + " |", "|---|---:|---|---|---:|---|"]
    lines += ["| " + " | ".join(row.cells()) + " |" for row in rows]
    return "\n".join(lines)


def terminal(rows: Iterable[Row]) -> str:
    """The same table with its columns lined up."""
    table = [HEAD, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in table) for column in range(len(HEAD))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in table
    )
