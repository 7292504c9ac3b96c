"""
Sums over a plan's file: what any choice of its actions serves, without the streets.

A file tells groups of children and sets of actions that serve them (`adapters/city_plans`). A group is served in the
largest share of the sets that are open, for sure where a share is 1; `static/places/kalau.js` sums the same.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ruangaman.rooms.places.errors import PlanRefused

FORMAT: Final = 1
MOST_ACTIONS: Final = 3_000
MOST_GROUPS: Final = 200_000
MOST_ENTRIES: Final = 2_000_000
MOST_TOGETHER: Final = 8
MOST_RUPIAH: Final = 1e15
NEARLY: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Group:
    """Children, what one of them counts, and the place of their area in the file's list, -1 for none."""

    children: float
    weight: float
    area: int


@dataclass(frozen=True, slots=True)
class Set:
    """One action or several (their places in the file), the share that they make safe, and the groups."""

    actions: tuple[int, ...]
    share: float
    groups: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Pool:
    """
    What a plan's file lets one choose from.

    Attributes:
        keys, costs: of the actions. groups, sets: whom they serve.
        of_action: of each action its sets. error: relative, of the counts of children.
        areas: of each area {code, name, children, before}, the numbers missing where they are kept back.
    """

    keys: tuple[str, ...]
    costs: tuple[float, ...]
    groups: tuple[Group, ...]
    sets: tuple[Set, ...]
    of_action: tuple[tuple[int, ...], ...]
    error: float
    areas: tuple[Mapping[str, Any], ...]

    def numbers(self, keys: Iterable[str]) -> frozenset[int]:
        """The places of these actions; those that are not in the file are left out."""
        wanted = set(keys)
        return frozenset(at for at, key in enumerate(self.keys) if key in wanted)


@dataclass(frozen=True, slots=True)
class Sums:
    """Rupiah; children newly served: expected, at least, at most; and `value`, each counted by its weight."""

    cost: float
    children: float
    low: float
    high: float
    value: float


def pool(told: Mapping[str, Any]) -> Pool:
    """
    A plan's file, checked.

    Raises:
        PlanRefused: it is none of ours, or too large.
    """
    try:
        if told["format"] != FORMAT:
            raise PlanRefused(why="format")
        actions, whatif, areas = told["actions"], told["whatif"], tuple(told["by_area"])
        if len(actions) > MOST_ACTIONS or len(whatif["groups"]) > MOST_GROUPS:
            raise PlanRefused(why="too-large")
        groups = tuple(Group(float(n), float(weight), int(area)) for n, weight, area in whatif["groups"])
        sets = tuple(
            Set(tuple(map(int, one["actions"])), float(one["share"]), tuple(map(int, one["groups"])))
            for one in whatif["sets"]
        )
        keys, costs = tuple(str(one["id"]) for one in actions), tuple(float(one["cost"]) for one in actions)
        error = float(told["error"])
    except (KeyError, TypeError, ValueError, AttributeError):
        raise PlanRefused(why="form") from None
    fits = (
        len(set(keys)) == len(keys)
        and sum(len(one.groups) for one in sets) <= MOST_ENTRIES
        and all(0 <= cost <= MOST_RUPIAH for cost in costs)
        and 0 <= error < 1
        and all(one.children >= 0 and one.weight >= 0 and -1 <= one.area < len(areas) for one in groups)
        and all(
            1 <= len(set(one.actions)) == len(one.actions) <= MOST_TOGETHER
            and 0 <= one.share <= 1
            and all(0 <= action < len(keys) for action in one.actions)
            and all(0 <= group < len(groups) for group in one.groups)
            for one in sets
        )
    )
    if not fits:
        raise PlanRefused(why="form")
    of_action: list[list[int]] = [[] for _ in keys]
    for at, one in enumerate(sets):
        for action in one.actions:
            of_action[action].append(at)
    return Pool(keys, costs, groups, sets, tuple(map(tuple, of_action)), error, areas)


def shares(
    found: Pool, done: Collection[int], outcomes: Mapping[int, bool] | None = None
) -> dict[int, float]:
    """
    The share of each group that is served once these actions are done; groups in none are left out.

    Args:
        outcomes: what surveys and re-audits have shown: an action that is safe counts wholly, one that is not nothing.
    """
    there, known = set(done), outcomes or {}
    served: dict[int, float] = {}
    for one in found.sets:
        if not there.issuperset(one.actions) or any(known.get(action) is False for action in one.actions):
            continue
        share = 1.0 if all(known.get(action) is True for action in one.actions) else one.share
        for group in one.groups:
            served[group] = max(served.get(group, 0.0), share)
    return served


def sums(found: Pool, done: Collection[int], outcomes: Mapping[int, bool] | None = None) -> Sums:
    """What these actions serve that is not served today."""
    children = low = high = value = 0.0
    for group, share in sorted(shares(found, done, outcomes).items()):
        its = found.groups[group]
        children += its.children * share
        value += its.children * its.weight * share
        low += its.children if share >= 1 else 0.0
        high += its.children
    return Sums(
        sum(found.costs[one] for one in sorted(set(done))),
        children,
        low * (1 - found.error),
        high * (1 + found.error),
        value,
    )


def by_area(
    found: Pool, done: Collection[int], outcomes: Mapping[int, bool] | None = None
) -> list[tuple[float, float, float]]:
    """Children newly served in each area of the file: expected, at least, at most; without the error of the counts."""
    told = [[0.0, 0.0, 0.0] for _ in found.areas]
    for group, share in sorted(shares(found, done, outcomes).items()):
        its = found.groups[group]
        if its.area >= 0:
            row = told[its.area]
            row[0] += its.children * share
            row[1] += its.children if share >= 1 else 0.0
            row[2] += its.children
    return [(row[0], row[1], row[2]) for row in told]


def without_areas(told: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a file that a page needs for its sums; groups without the areas in which they live."""
    whatif = told["whatif"]
    return {
        "error": told["error"],
        "least_count": told["least_count"],
        "actions": [{"id": one["id"], "cost": one["cost"]} for one in told["actions"]],
        "whatif": {"groups": [each[:2] for each in whatif["groups"]], "sets": whatif["sets"]},
    }
