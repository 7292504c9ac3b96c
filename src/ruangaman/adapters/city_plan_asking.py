"""What the command `ruangaman city plan` is asked, checked; and how it answers on a screen."""

from collections.abc import Iterator, Mapping, Sequence
from math import isfinite
from typing import Any, Final

from ruangaman.core.errors import RuangAmanError
from ruangaman.core.reach import rounding
from ruangaman.core.reach.repair_costs import MOST_RUPIAH, Kind
from ruangaman.core.reach.rounding import Way
from ruangaman.core.reach.walk_rules import Profile, Reach, WalkRules

MOST_TOLD: Final = 40


class PlanNotAsked(RuangAmanError):
    """What is asked for is in no table: `what` is `age`, `light`, `mobility`, `reach`, `kinds`, `least`, `budget`."""

    code = "city.plan-not-asked"


def profile(rules: WalkRules, age: str, light: str, mobility: str, reach: str) -> tuple[Profile, Reach]:
    """Who walks, and how far; without a reach the first of the table for that age. Raises PlanNotAsked."""
    asked = Profile(age, light, mobility)
    for what, known in (
        ("age", {one.id for one in rules.ages}), ("light", rules.lights), ("mobility", rules.mobility),
    ):  # fmt: skip
        if getattr(asked, what) not in known:
            raise PlanNotAsked(what=what)
    for one in rules.reaches:
        if age in one.metres and reach in ("", one.id):
            return asked, one
    raise PlanNotAsked(what="reach")


def only(kinds: Mapping[str, Kind], chosen: str) -> dict[str, Kind]:
    """Some kinds of actions, by name and comma; all without any. Raises PlanNotAsked."""
    names = [one.strip() for one in chosen.split(",") if one.strip()]
    if not set(names) <= set(kinds):
        raise PlanNotAsked(what="kinds")
    return {name: kind for name, kind in kinds.items() if not names or name in names}


def budget(rupiah: float) -> float:
    """Rupiah. Raises PlanNotAsked."""
    if not isfinite(rupiah) or not 0 <= rupiah <= MOST_RUPIAH:
        raise PlanNotAsked(what="budget")
    return rupiah


def least(told: Sequence[str], codes: Mapping[str, int]) -> dict[str, float]:
    """Code -> share: for every area, then for those that are named. Raises PlanNotAsked."""
    found: dict[str, float] = {}
    for one in sorted(told, key=lambda each: "=" in each):
        code, equals, share = one.rpartition("=")
        try:
            value = float(share)
        except ValueError:
            raise PlanNotAsked(what="least") from None
        if not 0 <= value <= 1 or (equals and code not in codes):
            raise PlanNotAsked(what="least")
        found |= {code: value} if equals else dict.fromkeys(codes, value)
    return found


def lines(told: Mapping[str, Any]) -> Iterator[str]:
    """A plan, line by line: what is done, its price for each child, what is proved, and where it changes something."""
    names = {one["id"]: one for one in told["actions"]}
    walks = told["profile"]

    def many(children: float, way: Way = "nearest") -> str:
        found = rounding.shown(children, told["least_count"], way)
        return f"fewer than {told['least_count']:g}" if found is None else f"{found:g}"

    yield f"{told['city']['name']}: {walks['age']} {walks['light']} {walks['mobility']}, {told['reach']['metres']:g} m"
    yield f"Rp{told['cost']:,.0f} of Rp{told['budget']:,.0f}"
    yield f"{len(told['chosen'])} actions, of {told['tried']} that serve somebody"
    for number, step in enumerate(told["steps"][:MOST_TOLD], 1):
        title = " + ".join(names[one]["name"]["id"] for one in step["actions"])
        few = rounding.shown(step["children"], told["least_count"]) is None
        price = "" if step["price"] is None or few else f", Rp{step['price']:,.0f} a child"
        yield f"{number:4}. {title}: +{many(step['children'])} children, Rp{step['cost']:,.0f}{price}"
    if len(told["steps"]) > MOST_TOLD:
        yield f"      and {len(told['steps']) - MOST_TOLD} more"
    yield f"Safe now: {many(told['before'])} of {many(told['all_children'])} children"
    low, high = many(told["children_low"], "down"), many(told["children_high"], "up")
    yield f"Newly safe: {many(told['children'])}, between {low} and {high}"
    yield f"Proved: no plan is worth more than {100 * told['above']:.2f}% above this one"
    together = told["together"]
    yield f"Looked for: actions alone and up to {together['most']} that serve only together"
    for size, number in enumerate(together["left_out"], 1):
        if number:
            yield f"Not tried for their number: {number} sets of {size} actions, the dearest"
    rows = [one for one in told["by_area"] if not one["kept_back"] and one["after"] > one["before"]]
    for row in sorted(rows, key=lambda one: one["before"] - one["after"])[:MOST_TOLD]:
        yield (
            f"  {row['code']} {row['name']}: {many(row['before'])} -> {many(row['after'])} of {many(row['children'])}"
            f" ({many(row['low'], 'down')} to {many(row['high'], 'up')})"
        )
