"""
What a child counts in a plan: as every other, or more in some kelurahan and kecamatan that a planner names.

A named area comes before a group of areas, a kelurahan before its kecamatan. Counts of children stay what they are;
weights decide what is chosen, and the value and its bound are of weighted children.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, isfinite
from typing import Any, Final

from django.http import QueryDict

from ruangaman.rooms.places import city_files, plan_rules
from ruangaman.rooms.places.errors import WeightsRefused
from ruangaman.rooms.places.models import City

AS_FILED, ALIKE, LOWEST, BELOW = GROUPS = ("berkas", "sama", "terendah", "bawah")
"""As in the file; all alike; the kelurahan with the smallest shares; those below the city's own share."""
EMPTY_ROWS: Final = 3


@dataclass(frozen=True, slots=True)
class Area:
    """An area that may be named: its words tell it from others of the same name."""

    code: str
    name: str
    level: str

    @property
    def words(self) -> str:
        return f"{self.name} ({self.code})" if self.name else self.code


@dataclass(frozen=True, slots=True)
class Weighing:
    """
    What a planner asks.

    Attributes:
        group: one of GROUPS. times: what a child of the group counts. rows: areas and what a child there counts.
    """

    group: str
    times: float
    rows: tuple[tuple[Area, float], ...]

    def changes(self, told: Mapping[str, Any]) -> bool:
        """Whether that is not what the file says."""
        return (
            bool(self.rows)
            or self.group in (LOWEST, BELOW)
            or (self.group == ALIKE and bool(told["weights"]))
        )


def areas(city: City, told: Mapping[str, Any]) -> list[Area]:
    """The kelurahan of a plan and the kecamatan above them, by name."""
    names = {
        str(one["properties"].get("code")): str(one["properties"].get("name") or "")
        for one in city_files.areas(city.slug)
        if isinstance(one.get("properties"), dict)
    }
    lower = {str(one["code"]): str(one.get("name") or "") for one in told["by_area"]}
    upper = {
        str(one["parent"]): names.get(str(one["parent"]), "") for one in told["by_area"] if one.get("parent")
    }
    found = [Area(code, name, "kecamatan") for code, name in upper.items() if code not in lower]
    found += [Area(code, name, "kelurahan") for code, name in lower.items()]
    return sorted(found, key=lambda one: (one.level, one.name.casefold(), one.code))


def read(query: QueryDict, known: Sequence[Area]) -> Weighing:
    """
    The weights of a form: `bobot` a group, `kali` how often its children count, `wilayah` and `hitung` row by row.

    Raises:
        WeightsRefused: `why` is `group`, `times`, `area`, `name-of-several`, `twice` or `rows`; `row` says which.
    """
    group = str(query.get("bobot", "")) or AS_FILED
    if group not in GROUPS:
        raise WeightsRefused(why="group", row=0)
    times = _times(str(query.get("kali", "")), 0) if group in (LOWEST, BELOW) else 1.0
    pairs = list(zip(query.getlist("wilayah"), query.getlist("hitung"), strict=False))
    rows: list[tuple[Area, float]] = []
    for row, (told, number) in enumerate(pairs, 1):
        if not told.strip() and not number.strip():
            continue
        if len(rows) >= plan_rules.weight("rows"):
            raise WeightsRefused(why="rows", row=row)
        area = _area(told, known, row)
        if any(area == one for one, _ in rows):
            raise WeightsRefused(why="twice", row=row)
        rows.append((area, _times(number, row)))
    return Weighing(group, times, tuple(rows))


def _times(told: str, row: int) -> float:
    text = told.strip().replace(",", ".")
    if not text:
        return plan_rules.weight("times")
    try:
        found = float(text) if len(text) <= 12 else float("nan")
    except ValueError:
        raise WeightsRefused(why="times", row=row) from None
    if not isfinite(found) or not plan_rules.weight("least") <= found <= plan_rules.weight("most"):
        raise WeightsRefused(why="times", row=row)
    return found


def _area(told: str, known: Sequence[Area], row: int) -> Area:
    wanted = " ".join(told.split())[:120].casefold()
    found = [one for one in known if wanted in (one.code.casefold(), one.words.casefold())]
    found = found or [one for one in known if one.name and one.name.casefold() == wanted]
    if not found:
        raise WeightsRefused(why="area", row=row)
    if len(found) > 1:
        raise WeightsRefused(why="name-of-several", row=row)
    return found[0]


def weighed(told: Mapping[str, Any], asked: Weighing) -> dict[str, Any]:
    """The document of a plan in which children count as is asked; its plan is the old one still."""
    made = dict(told)
    if asked.group == AS_FILED and not asked.rows:
        return made
    kept = _filed(told) if asked.group == AS_FILED else {}
    group = _members(told, asked.group)
    by_code = {**kept, **dict.fromkeys(group, asked.times)}
    upper = {one.code: number for one, number in asked.rows if one.level == "kecamatan"}
    lower = {one.code: number for one, number in asked.rows if one.level == "kelurahan"}
    for one in told["by_area"]:
        code, parent = str(one["code"]), str(one.get("parent") or "")
        if parent in upper:
            by_code[code] = upper[parent]
        if code in lower:
            by_code[code] = lower[code]
    its = [by_code.get(str(one["code"]), 1.0) for one in told["by_area"]]
    whatif = dict(told["whatif"])
    whatif["groups"] = [
        [children, its[area] if area >= 0 else 1.0, area] for children, _, area in told["whatif"]["groups"]
    ]
    counts = {
        str(one["code"]): number for one, number in zip(told["by_area"], its, strict=True) if number != 1
    }
    made |= {
        "whatif": whatif,
        "weights": bool(counts),
        "weighting": {
            "group": asked.group, "times": asked.times, "group_size": len(group), "areas": counts,
            "rows": [
                {"code": one.code, "name": one.name, "level": one.level, "weight": number} for one, number in asked.rows
            ],
        },
    }  # fmt: skip
    return made


def _filed(told: Mapping[str, Any]) -> dict[str, float]:
    """What children of areas count in the file; where it names none, what its groups tell."""
    found = {
        str(code): float(its) for code, its in ((told.get("weighting") or {}).get("areas") or {}).items()
    }
    if found or not told.get("weights"):
        return found
    return {
        str(told["by_area"][area]["code"]): float(weight)
        for _, weight, area in told["whatif"]["groups"]
        if area >= 0 and weight != 1
    }


def _members(told: Mapping[str, Any], group: str) -> list[str]:
    """The kelurahan of a group, by what the page tells of them; those kept back are in none."""
    rows = [one for one in told["by_area"] if not one["kept_back"] and float(one["children"]) > 0]
    share = {str(one["code"]): float(one["before"]) / float(one["children"]) for one in rows}
    if group == LOWEST:
        many = ceil(len(rows) * plan_rules.weight("lowest_part"))
        return sorted(share, key=lambda code: (share[code], code))[:many]
    if group == BELOW:
        whole = float(told["before"]) / max(float(told["all_children"]), 1e-9)
        return [code for code, its in share.items() if its < whole]
    return []
