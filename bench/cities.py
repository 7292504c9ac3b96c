"""Cities: reading a file, searching its streets, and deciding what to build, beside their peers."""

from pathlib import Path

from bench import city_reading, city_search, siting, siting_works
from bench.table import Row


def rows(folder: Path) -> list[Row]:
    return [row for part in (city_reading, city_search, siting, siting_works) for row in part.rows(folder)]
