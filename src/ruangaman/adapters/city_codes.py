"""A folder with the table of Kemendagri codes, as a city brings it, and our words for names of areas."""

import csv
import gzip
import io
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

import yaml

from ruangaman.adapters.yaml_tables import DATA, MOST_BYTES
from ruangaman.core.reach import area_names
from ruangaman.core.reach.area_names import CodesMalformed, Register, Words

MOST_TABLE_BYTES: Final = 64 << 20
_TABLES: Final = (
    ("provinces.csv", ""),
    ("regencies.csv", "province_code"),
    ("districts.csv", "regency_code"),
    ("villages.csv", "district_code"),
)


@cache
def own_words() -> Words:
    """How names are written: data/area_names.yaml."""
    with (DATA / "area_names.yaml").open("rb") as opened:
        return area_names.words(yaml.safe_load(opened.read(MOST_BYTES)))


def read(folder: Path, within: str = "") -> tuple[Register, Words]:
    """
    The table of a folder: provinces.csv, regencies.csv, districts.csv, villages.csv (each may be .csv.gz), with `code`,
    the code of the parent and `name`; and, if they are there, bps.csv (`code`, `bps`) and exceptions.csv (`level`,
    `parent`, `written`, `code`, `since`, `source`).

    Args:
        within: only codes that begin with this one are kept, and those above it.

    Raises:
        CodesMalformed.
    """
    words = own_words()
    rows = []
    for name, parent in _TABLES:
        for row in _rows(folder, name, needed=True):
            code = (row.get("code") or "").strip()
            if code.startswith(within) or within.startswith(code):
                rows.append((code, (row.get(parent) or "").strip() if parent else "", row.get("name") or ""))
    bps = {
        (row.get("bps") or "").strip(): (row.get("code") or "").strip()
        for row in _rows(folder, "bps.csv", needed=False)
    }
    exceptions = []
    for row in _rows(folder, "exceptions.csv", needed=False):
        if not row.get("since") or not row.get("source"):
            raise CodesMalformed(at="exceptions.csv: since, source")
        exceptions.append(
            (row.get("level") or "", row.get("parent") or "", row.get("written") or "", row.get("code") or "")
        )
    return area_names.register(rows, bps, words), area_names.with_exceptions(words, exceptions)


def _rows(folder: Path, name: str, *, needed: bool) -> Iterator[Mapping[str, str | None]]:
    path = folder / name
    if not path.is_file():
        path = folder / f"{name}.gz"
    if not path.is_file():
        if needed:
            raise CodesMalformed(at=name)
        return
    try:
        with path.open("rb") as raw:
            opened = gzip.GzipFile(fileobj=raw) if path.suffix == ".gz" else raw
            content = opened.read(MOST_TABLE_BYTES + 1)
        if len(content) > MOST_TABLE_BYTES:
            raise CodesMalformed(at=f"{name}: too large")
        yield from csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as wrong:
        raise CodesMalformed(at=f"{name}: {type(wrong).__name__}") from None
