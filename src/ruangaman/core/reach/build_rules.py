"""How a city is read and counted, as a table says it: distances, limits, widths, each with its source."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any, Final, cast

from ruangaman.core.errors import RuangAmanError
from ruangaman.core.reach.gates import GateLimits
from ruangaman.core.reach.walk_rules import CONFIDENCE

LEVELS: Final = ("city", "kecamatan", "kelurahan", "rw")
"""From the largest to the smallest."""
MOST_CANDIDATES: Final = 5_000


class BuildRulesMalformed(RuangAmanError):
    """`at` says where."""

    code = "city.build-rules-malformed"


@dataclass(frozen=True, slots=True)
class Kinds:
    """Which kinds of places count, and with which `access` and `fee` they do not."""

    kinds: tuple[str, ...]
    closed_access: frozenset[str]
    closed_fee: frozenset[str]


@dataclass(frozen=True, slots=True)
class BuildRules:
    """
    The whole table; lengths are metres.

    Attributes:
        home_limit: between a home and its street. least_component: vertices of the streets that a home may come onto.
        nearest_limit: how far the nearest place is looked for.
        least_children: counts below are kept back.
        count_error: by level, relative, 0 to below 1.
        join: how near a place of the city's table and one of the map are when they are one.
        public_metres: reach of open public space. street_width: by `highway`; "otherwise" for the rest.
        cell, cluster_density, cluster_people: where the city is, by cells: side, people in a km2, people together.
        candidates, told: stretches that are looked at and that are told.
        line_metres, area_metres: how far what is drawn may lie from what is there.
    """

    version: str
    home_limit: float
    least_component: int
    gates: GateLimits
    nearest_limit: float
    least_children: float
    count_error: Mapping[str, float]
    safe_places: Kinds
    join: float
    public_space: Kinds
    public_metres: float
    street_width: Mapping[str, float]
    cell: float
    cluster_density: float
    cluster_people: float
    candidates: int
    told: int
    line_metres: float
    area_metres: float


def read(told: object) -> BuildRules:
    """
    A table from plain data, as `data/city_build.yaml` has it.

    Raises:
        BuildRulesMalformed: with the place of the fault.
    """
    try:
        return _table(cast("Mapping[str, Any]", told))
    except (KeyError, TypeError, ValueError, AttributeError) as wrong:
        raise BuildRulesMalformed(at=str(wrong)[:200] or type(wrong).__name__) from None


def _table(told: Mapping[str, Any]) -> BuildRules:
    homes, gates, safe, public = told["homes"], told["gates"], told["safe_places"], told["public_space"]
    widths = public["street_width_m"]
    _sourced(widths, "street_width_m")
    width = {str(name): _finite(metres, "street_width_m") for name, metres in widths["values"].items()}
    if "otherwise" not in width:
        raise ValueError("street_width_m: otherwise")
    error = {level: _number(told["count_error"], level, below=1.0) for level in LEVELS}
    return BuildRules(
        version=str(told["version"]),
        home_limit=_number(homes, "limit_m"),
        least_component=int(_number(homes, "least_component")),
        gates=GateLimits(
            beside=_number(gates, "beside_m"),
            entrance=_number(gates, "entrance_m"),
            one_point=_number(gates, "one_point_m"),
            step=_number(gates, "step_m", least=0.5),
            apart=_number(gates, "apart_m", least=1),
        ),
        nearest_limit=_number(told["nearest"], "limit_m", least=1.0),
        least_children=_number(told["privacy"], "least_children"),
        count_error=error,
        safe_places=_kinds(safe),
        join=_number(safe, "join_m"),
        public_space=_kinds(public),
        public_metres=_number(public, "metres", least=1.0),
        street_width=width,
        cell=_number(public, "cell_m", least=50.0),
        cluster_density=_number(public, "cluster_density"),
        cluster_people=_number(public, "cluster_people"),
        candidates=int(_number(told["survey"], "candidates", below=MOST_CANDIDATES + 1)),
        told=int(_number(told["survey"], "told", below=MOST_CANDIDATES + 1)),
        line_metres=_number(told["map"], "line_m"),
        area_metres=_number(told["map"], "area_m"),
    )


def _kinds(told: Mapping[str, Any]) -> Kinds:
    kinds = told["kinds"]
    if not isinstance(kinds, list) or not kinds:
        raise ValueError("kinds")
    return Kinds(
        tuple(map(str, kinds)),
        frozenset(map(str, told["closed_access"])),
        frozenset(map(str, told["closed_fee"])),
    )


def _sourced(told: Mapping[str, Any], where: str) -> None:
    if not str(told["source"]).strip() or told["confidence"] not in CONFIDENCE:
        raise ValueError(f"{where}: a source and a confidence")


def _number(told: Mapping[str, Any], name: str, *, least: float = 0.0, below: float = 1e9) -> float:
    _sourced(told[name], name)
    found = _finite(told[name]["value"], name)
    if not least <= found < below:
        raise ValueError(f"{name}: {found}")
    return found


def _finite(told: object, where: str) -> float:
    if isinstance(told, bool) or not isinstance(told, int | float) or not isfinite(told) or told < 0:
        raise ValueError(f"{where}: {told!r} is no number that fits")
    return float(told)
