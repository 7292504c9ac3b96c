"""The small town, built; and its results, read."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

from ruangaman.adapters.city_build import run as building
from tests.city_town import Town

DAY = date(2026, 11, 30)


def build(folder: Path, town: Town | None = None, **changes):
    asked = replace((town or Town()).write(folder), **changes)
    building.build(asked, made_on=DAY)
    return asked.out


def read(path: Path):
    return json.loads(path.read_text(encoding="utf-8"))


def rows_of(city: Path) -> list[dict]:
    told = read(city / "results" / "coverage.json")
    return [dict(zip(told["columns"], row, strict=True)) for row in told["rows"]]


def one(rows, **wanted):
    found = [row for row in rows if all(row[name] == value for name, value in wanted.items())]
    assert len(found) == 1, (wanted, len(found))
    return found[0]
