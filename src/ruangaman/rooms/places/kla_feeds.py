"""
What this house knows that speaks of an indicator: facts with a date and a source, never a score.

Readers are registered by number of the indicator and asked each time (`register`); ours read the results of the city's
folder, those of `kla_room_feeds` the room's own work. What is not there is absent, with the reason; it is never zero.
"""

import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from ruangaman.rooms.places import config
from ruangaman.rooms.places.models import City

FED: Final = (2, 3, 5, 6, 11, 19, 20)
"""Indicators of which results of this house speak."""
MOST_BYTES: Final = 64 << 20
MOST_ROWS: Final = 400
_AGES: Final = ("0-5", "6-12", "13-17")
CREATIVE: Final = frozenset({"library", "arts_centre", "community_centre", "theatre", "museum"})
_PLAY: Final = frozenset({"park", "playground", "garden", "rptra", "rbra"})


@dataclass(frozen=True, slots=True)
class Fact:
    """
    One thing that is known.

    Attributes:
        key: names it within its indicator, so that it can be chosen as evidence.
        text: a sentence in both languages.
        on: the day of which it tells.
        source: where it stands; `sha256` of the file or record, where there is one.
        rows: what stands behind it by area: (code, name, words), at most `MOST_ROWS`.
        column: what the words of the rows are, in both languages.
    """

    key: str
    text: Mapping[str, str]
    on: date
    source: str
    sha256: str = ""
    rows: Sequence[tuple[str, str, str]] = field(default=())
    column: Mapping[str, str] = field(default_factory=dict)

    def kept(self) -> dict[str, Any]:
        """As kept with evidence."""
        return {
            "key": self.key, "text": dict(self.text), "on": self.on.isoformat(), "source": self.source,
            "sha256": self.sha256, "rows": [list(one) for one in self.rows],
        } | ({"column": dict(self.column)} if self.column else {})  # fmt: skip


Reader = Callable[[City, datetime], Sequence[Fact]]
_readers: dict[int, list[Reader]] = {no: [] for no in FED}


def register(indicator: int, reader: Reader) -> None:
    """
    Add a reader for an indicator once; it is asked with the city and the present instant, and gives nothing when there
    is nothing yet.

    Raises:
        KeyError: results of this house do not speak of that indicator.
    """
    if reader not in _readers[indicator]:
        _readers[indicator].append(reader)


def facts(city: City, now: datetime) -> Mapping[int, Sequence[Fact]]:
    """What is known of each indicator that results of this house speak of; an empty list where nothing is."""
    return {no: [one for reader in readers for one in reader(city, now)] for no, readers in _readers.items()}


def fact(city: City, indicator: int, key: str, now: datetime) -> Fact | None:
    """One of them by its key."""
    readers = _readers.get(indicator, [])
    return next((one for reader in readers for one in reader(city, now) if one.key == key), None)


# What stands in the city's folder


@dataclass(frozen=True, slots=True)
class _Result:
    """A JSON file of the results, cut to what is asked of it here."""

    content: Mapping[str, Any]
    sha256: str


def _result(city: City, name: str) -> _Result | None:
    path = config.folder(city.slug) / "results" / name
    try:
        stat = path.stat()
    except OSError:
        return None
    if stat.st_size > MOST_BYTES:
        return None
    return _read(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=64)
def _read(path: Path, _changed: int, _size: int) -> _Result | None:
    """Read once as long as the file does not change; rows of coverage are cut to the city and its kelurahan."""
    try:
        data = path.read_bytes()
        content = json.loads(data)
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(content, dict | list):
        return None
    if isinstance(content, list):
        content = {"rows": content}
    rows = content.get("rows")
    if not isinstance(rows, list):
        content = {**content, "rows": []}
    elif "columns" in content:
        content = {**content, "rows": _cut(content["columns"], rows)}
    return _Result(content, hashlib.sha256(data).hexdigest())


def _cut(columns: Any, rows: Sequence[Any]) -> list[dict[str, Any]]:
    if not isinstance(columns, list) or "level" not in columns:
        return []
    level = columns.index("level")
    wanted = (row for row in rows if isinstance(row, list) and len(row) == len(columns))
    return [dict(zip(columns, row, strict=True)) for row in wanted if row[level] in ("city", "kelurahan")]


def _day(city: City) -> date | None:
    """On which day the folder was made."""
    try:
        told = json.loads((config.folder(city.slug) / "city.json").read_bytes()[:MOST_BYTES])
        return date.fromisoformat(str(told["made_on"])[:10])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _on_foot_by_day(row: Mapping[str, Any]) -> bool:
    return row.get("light") == "day" and row.get("mobility") == "foot" and not row.get("kept_back")


def _share(row: Mapping[str, Any]) -> tuple[float, float] | None:
    low, high = row.get("share_low"), row.get("share_high")
    if not isinstance(low, int | float) or not isinstance(high, int | float) or not 0 <= low <= high <= 1:
        return None
    return float(low), float(high)


def _percent(low: float, high: float) -> tuple[str, str]:
    """In words, in both languages; whole percents, rounded outwards so that the truth stays inside."""
    bounds = _bounds(low, high)
    return "% sampai ".join(bounds) + "%", "% to ".join(bounds) + "%"


def _bounds(low: float, high: float) -> list[str]:
    first, last = math.floor(low * 100 + 1e-9), math.ceil(high * 100 - 1e-9)
    return [str(first)] if first == last else [str(first), str(last)]


def _metres(row: Mapping[str, Any]) -> str:
    value = row.get("metres")
    return f"{value:g}" if isinstance(value, int | float) else "?"


def _walks(city: City, _now: datetime) -> Sequence[Fact]:
    """Children who reach a place by a safe walk, by age, in the whole city."""
    found, on = _result(city, "coverage.json"), _day(city)
    if found is None or on is None:
        return ()
    told = []
    for age in _AGES:
        rows = [
            row
            for row in found.content.get("rows", ())
            if row["level"] == "city" and row.get("age") == age and _on_foot_by_day(row)
        ]
        far: set[Any] = set()
        for row in rows:
            share = _share(row)
            if share is None or row.get("metres") in far:
                continue
            far.add(row.get("metres"))  # two reaches of one length say the same
            first, second = _percent(*share)
            told.append(
                Fact(
                    f"walk-{age}-{row.get('reach')}",
                    {
                        "id": f"Anak {age} tahun dengan jalan aman ke tempat untuk anak, "
                        f"paling jauh {_metres(row)} m: {first}.",
                        "en": f"Children aged {age} with a safe walk to a place for children, "
                        f"{_metres(row)} m at most: {second}.",
                    },
                    on,
                    "results/coverage.json",
                    found.sha256,
                )
            )
    return told


def _kelurahan(city: City, _now: datetime) -> Sequence[Fact]:
    """How many kelurahan have a number, and each of them."""
    found, on = _result(city, "coverage.json"), _day(city)
    if found is None or on is None:
        return ()
    rows = []
    for row in found.content.get("rows", ()):
        share = _share(row)
        if (
            row["level"] != "kelurahan"
            or row.get("age") != "6-12"
            or not _on_foot_by_day(row)
            or share is None
        ):
            continue
        rows.append(
            (
                str(row.get("code")),
                str(row.get("name")),
                f"{_metres(row)} m",
                "-".join(_bounds(*share)) + "%",
            )
        )
    first = sorted({one[2] for one in rows})[:1]
    rows = [one for one in rows if [one[2]] == first]
    if not rows:
        return ()
    return (
        Fact(
            "kelurahan",
            {
                "id": f"Kelurahan dengan angka jalan aman anak 6-12 tahun ({first[0]}): {len(rows)}.",
                "en": f"Kelurahan with a number of safe walks of children aged 6-12 ({first[0]}): {len(rows)}.",
            },
            on,
            "results/coverage.json",
            found.sha256,
            tuple((code, name, words) for code, name, _, words in sorted(rows)[:MOST_ROWS]),
            {"id": "Anak dengan jalan aman", "en": "Children with a safe walk"},
        ),
    )


def _open_space(city: City, _now: datetime) -> Sequence[Fact]:
    """SDG 11.7.1, both parts; a part without its value, or with none in reach of the map's few places, is left out."""
    found, on = _result(city, "sdg.json"), _day(city)
    if found is None or on is None:
        return ()
    told = []
    for part, indonesian, english in (
        ("a", "ruang terbuka dan jalan di lahan terbangun", "open space and streets of the built-up area"),
        ("b", "orang dalam jangkauan ruang terbuka", "people within reach of open space"),
    ):
        one = found.content.get(f"part_{part}")
        value = one.get("value") if isinstance(one, dict) else None
        if not isinstance(value, int | float) or not value > 0:
            continue
        share = f"{value * 100:.1f}"  # the file holds a share
        texts = {
            "id": f"SDG 11.7.1, {indonesian}: {share.replace('.', ',')}%.",
            "en": f"SDG 11.7.1, {english}: {share}%.",
        }
        told.append(Fact(f"sdg-11-7-1-{part}", texts, on, "results/sdg.json", found.sha256))
    return told


def _places(kinds: frozenset[str], key: str, indonesian: str, english: str) -> Reader:
    def reader(city: City, _now: datetime) -> Sequence[Fact]:
        found, on = _result(city, "places.json"), _day(city)
        rows = found.content.get("rows") or found.content.get("places") if found else None
        if found is None or on is None or not isinstance(rows, list):
            return ()
        count = sum(1 for one in rows if isinstance(one, dict) and one.get("kind") in kinds)
        if not count:  # a map that lists none is no proof that there is none
            return ()
        return (
            Fact(
                key,
                {"id": f"{indonesian}: {count}.", "en": f"{english}: {count}."},
                on,
                "results/places.json",
                found.sha256,
            ),
        )

    return reader


register(2, _kelurahan)
register(11, _walks)
register(11, _open_space)
register(
    11,
    _places(_PLAY, "places-to-play", "Taman dan tempat bermain di peta", "Parks and playgrounds on the map"),
)
register(20, _walks)
register(
    20,
    _places(CREATIVE, "creative", "Tempat budaya dan kreativitas di peta", "Places of culture on the map"),
)
register(5, _places(frozenset({"library"}), "libraries", "Perpustakaan di peta", "Libraries on the map"))
register(
    19,
    _places(
        frozenset({"school", "kindergarten"}), "schools", "Sekolah dan PAUD di peta", "Schools on the map"
    ),
)
