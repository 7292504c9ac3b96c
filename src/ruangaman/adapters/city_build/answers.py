"""What each area is told: coverage by age, light, way of moving and reach, with bounds, small counts kept back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ruangaman.adapters.city_areas import Areas
from ruangaman.adapters.city_build import entering
from ruangaman.adapters.city_build.homes import ON_FOOT, SOMEHOW, WHEELS, Homes
from ruangaman.adapters.city_places import Place
from ruangaman.core.reach import coverage, walk_network, walks
from ruangaman.core.reach.build_rules import LEVELS, BuildRules
from ruangaman.core.reach.gates import Gates
from ruangaman.core.reach.walk_network import Judged
from ruangaman.core.reach.walk_rules import Answer, Profile, WalkRules
from ruangaman.core.reach.walks import Costed, Streets, Walked, Why

REASONS = tuple(why.name.lower() for why in Why if why != Why.SAFE)
COLUMNS = (
    "code", "level", "name", "parent", "age", "light", "mobility", "reach", "metres", "of", "people", "children",
    "safe", "unknown", "unsafe", "low", "high", "share_low", "share_high", *REASONS, "median_metres", "nearest_place",
    "kept_back",
)  # fmt: skip
"""
Of a row of coverage. `of` says what is counted: `children`; `people`, where no table tells of children: shares then are
of all people; `not_told`, where no table tells how many of them use a wheelchair: shares then are of all children, if
they did. Counts stand where `of` is `children`. Rows of mobility `DISABLED` are of all children with a disability.
"""
FOOT: Final = "foot"
WHEELCHAIR: Final = "wheelchair"
DISABLED: Final = "disabled"
"""In a row the children with a disability, each as they move; no way of moving of the table of walks."""


@dataclass(frozen=True, slots=True)
class Profiled:
    """A profile, its judgement of every edge, and what homes find."""

    profile: Profile
    judged: Judged
    costed: Costed | None


def profiled(
    streets: Streets,
    rules: WalkRules,
    homes: Homes | None,
    gates: Gates,
    places: Sequence[Place],
    limit: float,
) -> Iterator[Profiled]:
    """Every profile of the table, in its order; homes are asked where there are any."""
    plain: Costed | None = None
    surely, maybe = entering.for_wheelchairs(gates, places)
    for profile in rules.profiles:
        judged = walk_network.judged(streets.network, rules, profile)
        found = None
        if homes is not None:
            rolls = profile.mobility == WHEELCHAIR
            found = walks.costed(
                streets, judged, homes.points, gates.points, limit=limit, plain=plain,
                surely=surely if rolls else None, maybe=maybe if rolls else None,
            )  # fmt: skip
            plain = plain or found
        yield Profiled(profile, judged, found)


def reaches(rules: WalkRules, profile: Profile, limit: float) -> list[tuple[str, float]]:
    """Reach and metres for a profile, none beyond the limit."""
    return [
        (one.id, min(one.metres[profile.age], limit)) for one in rules.reaches if profile.age in one.metres
    ]


@dataclass(frozen=True, slots=True)
class _Counted:
    """
    Some children (or people) and the walks by which they are answered.

    Attributes:
        exact: float64 (homes,), by whom small counts are kept back. told: the same in groups, which are counted.
        walks: of one way of moving, or on foot and in a wheelchair where nobody says which.
    """

    exact: NDArray[np.float64]
    told: NDArray[np.float64]
    walks: tuple[Costed, ...]

    def walked(self, gates: Gates, limit: float) -> Walked:
        found = [walks.answered(one, gates.place, limit=limit) for one in self.walks]
        return found[0] if len(found) == 1 else walks.between(*found)


def rows(
    areas: Areas, homes: Homes, shown: Homes, gates: Gates, found: Profiled, places: Sequence[str],
    walk_rules: WalkRules, rules: BuildRules,
) -> Iterator[tuple[object, ...]]:  # fmt: skip
    """
    Rows of coverage of one profile, as `COLUMNS`.

    Args:
        homes: with the numbers themselves, by whom small counts are kept back. shown: in groups, which are told.
    """
    if found.costed is None:
        return
    its = (found.costed,)
    profile = found.profile
    kids, groups = homes.kids.get(profile.age), shown.kids.get(profile.age)
    if kids is None or groups is None:
        of, counted = "people", _Counted(homes.people, shown.people, its)
    elif profile.mobility == FOOT:
        of, counted = "children", _Counted(kids.expected, groups.expected, its)
    elif kids.wheelchair_told.any():
        of, counted = "children", _Counted(kids.moving(WHEELS), groups.moving(WHEELS), its)
    else:
        of, counted = "not_told", _Counted(kids.expected, groups.expected, its)
    yield from _rows(areas, homes, shown, gates, profile, of, [counted], places, walk_rules, rules)


def of_disabled(
    areas: Areas, homes: Homes, shown: Homes, gates: Gates, profiled: Sequence[Profiled], places: Sequence[str],
    walk_rules: WalkRules, rules: BuildRules,
) -> Iterator[tuple[object, ...]]:  # fmt: skip
    """
    Rows of coverage of children with a disability, each as they move, where the table tells of any (`DISABLED`).

    Where nobody says who of them uses a wheelchair, a child counts as safe that is so on foot and in a wheelchair.
    """
    by = {one.profile: one for one in profiled}
    for foot in profiled:
        profile = foot.profile
        kids, groups = homes.kids.get(profile.age), shown.kids.get(profile.age)
        wheels = by.get(Profile(profile.age, profile.light, WHEELCHAIR))
        if profile.mobility != FOOT or kids is None or groups is None or not kids.disability_told.any():
            continue
        if wheels is None or foot.costed is None or wheels.costed is None:
            continue
        counted = [
            _Counted(kids.moving(kind), groups.moving(kind), its)
            for kind, its in (
                (WHEELS, (wheels.costed,)), (ON_FOOT, (foot.costed,)), (SOMEHOW, (foot.costed, wheels.costed))
            )
        ]  # fmt: skip
        of_all = Profile(profile.age, profile.light, DISABLED)
        yield from _rows(areas, homes, shown, gates, of_all, "children", counted, places, walk_rules, rules)


def _rows(
    areas: Areas, homes: Homes, shown: Homes, gates: Gates, profile: Profile, of: str, counted: Sequence[_Counted],
    places: Sequence[str], walk_rules: WalkRules, rules: BuildRules,
) -> Iterator[tuple[object, ...]]:  # fmt: skip
    exact = np.concatenate([one.exact for one in counted])
    told = np.concatenate([one.told for one in counted])
    every = sum((one.exact for one in counted), np.zeros(len(homes.people)))
    kids = homes.kids.get(profile.age)
    children = every if kids is None or profile.mobility == FOOT or of == "not_told" else kids.expected
    whole = areas.whole()
    widest = _joined([one.walked(gates, rules.nearest_limit) for one in counted])
    safe_site = np.where(np.isfinite(widest.safe_cost), widest.site, -1).astype(np.int32)
    answered = {
        reach: _joined([one.walked(gates, metres) for one in counted])
        for reach, metres in reaches(walk_rules, profile, rules.nearest_limit)
    }
    hidden = np.zeros(len(areas.code), np.bool_)
    for level in LEVELS:
        numbers = areas.at(level)
        if not len(numbers):
            continue
        once = _local(homes.area[level], numbers, len(areas.code))
        local = np.tile(once, len(counted))
        parents = np.where(whole[numbers] >= 0, whole[numbers], 0).astype(np.int32)
        within = hidden[parents] if level != "city" else np.zeros(len(numbers), np.bool_)
        many = len(numbers)
        people = _people(once, homes.people, shown.people, rules.least_children, many)
        median = coverage.medians(local, told, widest.safe_cost, areas=many)
        nearest = coverage.commonest(local, told, safe_site, areas=many, places=max(len(places), 1))
        by_children = within
        rest = _rest(homes.area, every, areas, numbers, whole)
        if children is not every:
            beside = _rest(homes.area, children, areas, numbers, whole)
            by_children = _kept_back(once, children, parents, within, beside, rules, many)
        for reach, metres in reaches(walk_rules, profile, rules.nearest_limit):
            walked = answered[reach]
            found = coverage.by_area(
                local, exact, walked.answer, walked.why, areas=many, error=rules.count_error[level],
                least=rules.least_children, parent=parents, hidden=within | by_children, rest=rest, told=told,
            )  # fmt: skip
            for row in found[:many]:
                at = int(numbers[row.area])
                hidden[at] |= row.kept_back
                yield (
                    areas.code[at], level, areas.name[at], areas.parent[at],
                    profile.age, profile.light, profile.mobility, reach, metres,
                    *_figures(row, of, people[row.area], median[row.area], nearest[row.area], places),
                )  # fmt: skip


def _joined(found: Sequence[Walked]) -> Walked:
    """One after the other."""
    if len(found) == 1:
        return found[0]
    return Walked(*(np.concatenate([getattr(one, its.name) for one in found]) for its in fields(Walked)))


def _kept_back(
    local: NDArray[np.int32], children: NDArray[np.float64], parents: NDArray[np.int32], within: NDArray[np.bool_],
    rest: NDArray[np.float64], rules: BuildRules, many: int,
) -> NDArray[np.bool_]:  # fmt: skip
    """What is kept back of all children is kept back of those with a disability too."""
    none = np.zeros(len(local), np.uint8)
    found = coverage.by_area(
        local,
        children,
        none,
        none,
        areas=many,
        error=0.0,
        least=rules.least_children,
        parent=parents,
        hidden=within,
        rest=rest,
    )
    return np.array([row.kept_back for row in found[:many]], np.bool_)


def _rest(
    area: Mapping[str, NDArray[np.int32]], weights: NDArray[np.float64], areas: Areas, numbers: NDArray[np.int64],
    whole: NDArray[np.int32],
) -> NDArray[np.float64]:  # fmt: skip
    """By number of an area: what it counts more than those of its parts that have these numbers; 0 without parts."""
    many = len(areas.code)
    total = np.zeros(many)
    for its in area.values():
        total += np.bincount(its[its >= 0], weights[its >= 0], many)
    parts = numbers[whole[numbers] >= 0]
    found = total - np.bincount(whole[parts], total[parts], many)
    found[np.setdiff1d(np.arange(many), whole[parts])] = 0.0
    return found


def _local(area: NDArray[np.int32], numbers: NDArray[np.int64], many: int) -> NDArray[np.int32]:
    place = np.full(many + 1, coverage.NO_AREA, np.int32)
    place[numbers] = np.arange(len(numbers))
    return place[area]


def _people(
    local: NDArray[np.int32], exact: NDArray[np.float64], told: NDArray[np.float64], least: float, many: int
) -> list[float | None]:
    found, shown = (np.bincount(local[local >= 0], its[local >= 0], many) for its in (exact, told))
    return [
        round(float(told_), 1) if one == 0 or one >= least else None
        for one, told_ in zip(found, shown, strict=True)
    ]


def _figures(
    row: coverage.Row, of: str, people: float | None, median: float, nearest: int, places: Sequence[str]
) -> tuple[object, ...]:
    middle = round(float(median)) if np.isfinite(median) and not row.kept_back else None
    place = places[nearest] if nearest >= 0 and not row.kept_back else None
    shares = (_rounded(row.share_low, 4), _rounded(row.share_high, 4))
    if of != "children" or row.kept_back:
        counts: tuple[object, ...] = (None,) * 6
        reasons: tuple[object, ...] = (None,) * len(REASONS)
    else:
        counts = tuple(
            _rounded(one, 1) for one in (row.children, row.safe, row.unknown, row.unsafe, row.low, row.high)
        )
        reasons = tuple(_rounded((row.by_reason or {}).get(one), 1) for one in REASONS)
    return (
        of,
        None if row.kept_back else people,
        *counts,
        *shares,
        *reasons,
        middle,
        place,
        int(row.kept_back),
    )


def _rounded(number: float | None, digits: int) -> float | None:
    return None if number is None else round(number, digits)


def network_answers(streets: Streets, found: Judged) -> Mapping[str, float]:
    """Kilometres of streets by answer."""
    share = walk_network.share(streets.network, found)
    return {answer.name.lower(): round(share[answer] / 1000, 3) for answer in Answer}
