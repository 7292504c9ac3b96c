"""
The data files of the scorecard that we ship, read once, and a city's own file of weights: CSV, YAML, or XLSX.

A file is told by its content, never by its name. XLSX needs `openpyxl` (the extra `ruangaman[city]`); the other two
need nothing.
"""

import csv
import io
import zipfile
from collections.abc import Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, Final

import yaml

from ruangaman.core.kla import goals, rules
from ruangaman.core.kla.errors import KlaDataMalformed, WeightsRefused
from ruangaman.core.kla.goals import Goal
from ruangaman.core.kla.rules import KlaRules
from ruangaman.core.kla.weights import UNKNOWN, Weights, from_rows, shown

DATA: Final = Path(__file__).resolve().parents[1] / "data"
MOST_BYTES: Final = 1 << 20
MOST_UNFOLDED: Final = 8 << 20
"""Bytes of an XLSX file once unfolded."""
MOST_ROWS: Final = 500
MOST_COLUMNS: Final = 50
_NUMBER: Final = ("no", "nomor", "indikator", "indicator")
_WEIGHT: Final = ("bobot", "weight", "poin", "points", "nilai maksimal")


@cache
def kla() -> KlaRules:
    """The 24 indicators."""
    return rules.read(_shipped("kla.yaml"))


@cache
def unicef_goals() -> Sequence[Goal]:
    """The five goals."""
    return goals.read(_shipped("unicef_goals.yaml"), kla())


def _shipped(name: str) -> Any:
    try:
        return yaml.safe_load((DATA / name).read_bytes())
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as wrong:
        raise KlaDataMalformed(at=f"{name}: {type(wrong).__name__}") from None


def weights_of(content: bytes, known: KlaRules) -> Weights:
    """
    A city's weights.

    Args:
        content: CSV with a header (a number and a weight: `no`, `bobot`; comma, semicolon or tab), YAML with
            `weights: {1: 95, 2: "?"}`, or the first sheet of an XLSX file with the CSV's columns.

    Raises:
        WeightsRefused: empty, too large, of no kind that is read, or as `core.kla.weights.from_rows`.
    """
    if not content.strip():
        raise WeightsRefused(why="empty")
    if len(content) > MOST_BYTES:
        raise WeightsRefused(why="large")
    if content.startswith(b"PK"):
        return from_rows(_table(_sheet(content)), known)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise WeightsRefused(why="kind") from None
    if "\0" in text:
        raise WeightsRefused(why="kind")
    if any(line.split("#")[0].strip() == "weights:" for line in text.splitlines()) or "weights: {" in text:
        return from_rows(_yaml(text), known)
    return from_rows(_table(_csv(text)), known)


def example(known: KlaRules, language: str) -> bytes:
    """A CSV to fill in: every indicator, no weight known."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["no", "bobot", "indikator"])
    for one in known.indicators:
        writer.writerow([one.no, "?", one.title[language]])
    return out.getvalue().encode("utf-8-sig")


def _csv(text: str) -> list[list[str]]:
    first = text.lstrip().split("\n", 1)[0]
    sign = max(";\t,", key=first.count)
    try:
        found = list(islice(csv.reader(io.StringIO(text), delimiter=sign, strict=True), MOST_ROWS + 1))
    except csv.Error:
        raise WeightsRefused(why="kind") from None
    return found


def _table(rows: list[list[str]]) -> list[tuple[int, str, str]]:
    """(line, number, weight) below a header that may stand some lines down; empty lines and a line of sums are left."""
    if len(rows) > MOST_ROWS:
        raise WeightsRefused(why="large")
    for at, row in enumerate(rows):
        names = [cell.strip().lower() for cell in row[:MOST_COLUMNS]]
        number = next((names.index(one) for one in _NUMBER if one in names), None)
        weight = next((names.index(one) for one in _WEIGHT if one in names), None)
        if number is not None and weight is not None:
            return _below(rows, at + 1, number, weight)
    raise WeightsRefused(why="columns")


def _below(rows: list[list[str]], start: int, number: int, weight: int) -> list[tuple[int, str, str]]:
    found = []
    for line, row in enumerate(rows[start:], start + 1):
        told = row[number].strip() if number < len(row) else ""
        if not any(cell.strip() for cell in row) or told.lower() in ("jumlah", "total", "sum"):
            continue
        found.append((line, told, row[weight].strip() if weight < len(row) else ""))
    return found


def _sheet(content: bytes) -> list[list[str]]:
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise WeightsRefused(why="xlsx-needs-extra") from None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as folded:
            if sum(one.file_size for one in folded.infolist()) > MOST_UNFOLDED:
                raise WeightsRefused(why="large")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        try:
            rows = islice(book.worksheets[0].iter_rows(values_only=True), MOST_ROWS + 1)
            return [[_cell(cell) for cell in row[:MOST_COLUMNS]] for row in rows]
        finally:
            book.close()
    except WeightsRefused:
        raise
    except Exception as wrong:  # the reader of a foreign format may fail in any way
        raise WeightsRefused(why="kind") from wrong


def _cell(value: object) -> str:
    """As written: a whole number without the point that a sheet gives it; binary dust of sums is none of ours."""
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)


class _Once(yaml.SafeLoader):
    """Refuses a key that stands twice; plain numbers are kept as they are written."""


def _mapping(loader: _Once, node: yaml.MappingNode) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_scalar(key_node) if isinstance(key_node, yaml.ScalarNode) else ""
        if key in found:
            raise WeightsRefused(why="twice", line=key_node.start_mark.line + 1)
        if isinstance(value_node, yaml.ScalarNode):
            found[str(key)] = (key_node.start_mark.line + 1, str(loader.construct_scalar(value_node)))
        else:
            found[str(key)] = loader.construct_object(value_node, deep=True)
    return found


_Once.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def _yaml(text: str) -> list[tuple[int, str, str]]:
    try:
        # An anchor may unfold without end; weights need none.
        if any(isinstance(one, yaml.AliasToken) for one in yaml.scan(text)):
            raise WeightsRefused(why="kind")
        found = yaml.load(text, _Once)  # noqa: S506  (a safe loader with one rule more)
    except (yaml.YAMLError, RecursionError, ValueError):
        raise WeightsRefused(why="kind") from None
    told = found.get("weights") if isinstance(found, dict) else None
    if not isinstance(told, dict) or not all(isinstance(one, tuple) for one in told.values()):
        raise WeightsRefused(why="columns")
    return [(line, number, weight) for number, (line, weight) in told.items()]


def stored(weights: Weights) -> dict[str, str | None]:
    """As kept in a row: by number, decimals as text."""
    return {str(no): None if one is None else shown(one) for no, one in weights.points.items()}


def unstored(kept: dict[str, str | None], known: KlaRules) -> Weights:
    """What `stored` kept; raises WeightsRefused."""
    rows = ((0, no, sorted(UNKNOWN)[0] if one is None else one) for no, one in kept.items())
    return from_rows(rows, known)
