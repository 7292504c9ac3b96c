"""What a city may do, what each thing costs and what it changes: read once from a table of ours or of the city."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, isfinite
from typing import Any, Final

from ruangaman.core.errors import RuangAmanError
from ruangaman.core.reach.walk_rules import COLUMNS, CONFIDENCE

CROSSING, PAVEMENT, PLACE, GATE, AUDIT = KINDS = ("crossing", "pavement", "place", "gate", "audit")
MOST_RUPIAH: Final = 1e15
_MEMBERS: Final = {
    "each", "metre", "by", "sets", "apart_m", "longest_m", "within_m", "most", "share_safe", "name", "source",
    "confidence", "check",
}  # fmt: skip


class CostsMalformed(RuangAmanError):
    """The table of costs is not in the form of ours; `at` says where."""

    code = "city.costs-malformed"


@dataclass(frozen=True, slots=True)
class Kind:
    """
    One kind of action.

    Attributes:
        each, metre: rupiah for a piece, and for a metre. by: kind of road -> rupiah for a piece there.
        sets: the facts of a stretch once it is done.
        apart: metres between two candidates. longest: metres of one action. within: metres from a place to a street.
        most: candidates that are proposed. share_safe: of what is surveyed, above 0 and at most 1.
        name: by language. source, confidence, check: where the numbers come from, and what to do about them.
    """

    each: float
    metre: float
    by: Mapping[str, float]
    sets: Mapping[str, str]
    apart: float
    longest: float
    within: float
    most: int
    share_safe: float
    name: Mapping[str, str]
    source: str
    confidence: str
    check: str

    def whole(self, metres: float, *, road: str = "") -> float:
        """Rupiah of so many metres, as several actions where one may not be as long."""
        parts = max(ceil(metres / self.longest), 1)
        return float(round((parts - 1) * self.each + self.cost(metres=metres, road=road), -3))

    def cost(self, *, metres: float = 0.0, road: str = "") -> float:
        """Rupiah, to the thousand, of one such action of so many metres, on a road of this kind."""
        return float(round(self.by.get(road.removesuffix("_link"), self.each) + self.metre * metres, -3))


def read(told: object) -> tuple[str, dict[str, Kind]]:
    """
    The version of a table and its kinds, from plain data as `data/city_costs.yaml` has it.

    Raises:
        CostsMalformed: a kind, a number or a sentence is missing or is none.
    """
    if not isinstance(told, Mapping) or told.get("currency") != "IDR":
        raise CostsMalformed(at="currency")
    actions = told.get("actions")
    if not isinstance(actions, Mapping) or not set(actions) <= set(KINDS) or not actions:
        raise CostsMalformed(at="actions")
    return str(told.get("version", ""))[:40], {
        str(name): _kind(str(name), one) for name, one in actions.items()
    }


def _kind(name: str, told: object) -> Kind:
    if not isinstance(told, Mapping) or set(told) - _MEMBERS:
        raise CostsMalformed(at=name)
    words, sets, by = told.get("name"), told.get("sets", {}), told.get("by", {})
    if not isinstance(words, Mapping) or set(words) != {"id", "en"} or not isinstance(by, Mapping):
        raise CostsMalformed(at=f"{name}: name, by")
    if not isinstance(sets, Mapping) or not set(sets) <= COLUMNS:
        raise CostsMalformed(at=f"{name}: sets")
    if told.get("confidence") not in CONFIDENCE or not told.get("source"):
        raise CostsMalformed(at=f"{name}: source, confidence")
    share = _number(told, name, "share_safe", 1.0)
    if not 0 < share <= 1:
        raise CostsMalformed(at=f"{name}: share_safe")
    return Kind(
        each=_number(told, name, "each", 0.0),
        metre=_number(told, name, "metre", 0.0),
        by={str(road): _number(by, f"{name}: by", road, 0.0) for road in by},
        sets={str(column): str(value) for column, value in sets.items()},
        apart=_number(told, name, "apart_m", 50.0, least=1.0),
        longest=_number(told, name, "longest_m", 400.0, least=1.0),
        within=_number(told, name, "within_m", 50.0),
        most=int(_number(told, name, "most", 300.0)),
        share_safe=share,
        name={language: str(word)[:80] for language, word in words.items()},
        source=str(told["source"]),
        confidence=str(told["confidence"]),
        check=str(told.get("check", "")),
    )


def _number(told: Mapping[Any, Any], where: str, name: Any, otherwise: float, *, least: float = 0.0) -> float:
    found = told.get(name, otherwise)
    if isinstance(found, bool) or not isinstance(found, int | float) or not isfinite(found):
        raise CostsMalformed(at=f"{where}: {name}")
    if not least <= found <= MOST_RUPIAH:
        raise CostsMalformed(at=f"{where}: {name}")
    return float(found)
