"""Where people and children live, in which areas, and on which streets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ruangaman.adapters import city_areas
from ruangaman.adapters.city_areas import Areas
from ruangaman.adapters.city_people import Band, People, PeopleMalformed
from ruangaman.core.reach import children as spreading
from ruangaman.core.reach import walks
from ruangaman.core.reach.build_rules import LEVELS, BuildRules
from ruangaman.core.reach.children import Told
from ruangaman.core.reach.points import Points
from ruangaman.core.reach.walk_rules import AgeGroup
from ruangaman.core.reach.walks import Streets

SEXES = ("", "f", "m")


@dataclass(frozen=True, slots=True)
class Kids:
    """
    Children of a group of ages.

    Attributes:
        expected: float64 (homes,). told: bool (homes,), whether the area tells every year of the group.
        disabled: float64 (homes,), those with a disability; disability_told: bool (homes,).
        by_sex: `f`, `m` -> float64 (homes,), where the table tells it.
        untold: codes of areas with people of which not every year is told.
        unplaced: code -> children where nobody lives.
    """

    expected: NDArray[np.float64]
    told: NDArray[np.bool_]
    disabled: NDArray[np.float64]
    disability_told: NDArray[np.bool_]
    by_sex: Mapping[str, NDArray[np.float64]]
    untold: tuple[str, ...]
    unplaced: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Homes:
    """
    Attributes:
        lon, lat: float64 (homes,), degrees. people: float64 (homes,), expected numbers.
        area: level -> int32 (homes,), the area's number, -1 for none.
        points: on streets.
        kids: id of the group of ages -> children; empty without a table.
        unknown_areas: codes of the table that are no areas of this city.
        of, land: as in `People`.
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    people: NDArray[np.float64]
    area: Mapping[str, NDArray[np.int32]]
    points: Points
    kids: Mapping[str, Kids]
    unknown_areas: tuple[str, ...]
    of: str
    land: NDArray[np.float64]


def homes(
    people: People,
    areas: Areas,
    streets: Streets,
    bands: Sequence[Band],
    ages: Sequence[AgeGroup],
    rules: BuildRules,
) -> Homes:
    """
    Homes of a city.

    Raises:
        PeopleMalformed: children of an area are counted and told of a part of it as well.
    """
    area = city_areas.assign(areas, people.lon, people.lat)
    points = walks.snap(
        streets, people.lon, people.lat, limit=rules.home_limit, least_component=rules.least_component
    )
    number = {code: at for at, code in enumerate(areas.code)}
    known = [band for band in bands if band.area in number]
    _demand_told_once(known)
    kids = {age.id: _kids(known, number, areas, area, people.people, age) for age in ages} if bands else {}
    unknown = sorted({band.area for band in bands if band.area not in number})
    return Homes(
        people.lon, people.lat, people.people, area, points, kids, tuple(unknown), people.of, people.land
    )


def _demand_told_once(bands: Sequence[Band]) -> None:
    """A count of an area holds the children of its parts; of a share the smaller area's own counts."""
    by_area: dict[str, list[Band]] = {}
    for band in bands:
        by_area.setdefault(band.area, []).append(band)
    for band in bands:
        upper = band.area
        while "." in upper:
            upper = upper.rpartition(".")[0]
            for above in by_area.get(upper, ()):
                if above.count is not None and above.first <= band.last and band.first <= above.last:
                    raise PeopleMalformed(what="children of an area and of a part of it", area=band.area)


def _kids(
    bands: Sequence[Band], number: Mapping[str, int], areas: Areas, area: Mapping[str, NDArray[np.int32]],
    people: NDArray[np.float64], age: AgeGroup,
) -> Kids:  # fmt: skip
    its = [band for band in bands if band.first <= age.last and age.first <= band.last]
    tells = np.zeros(len(areas.code), np.bool_)
    tells[[number[band.area] for band in its]] = True
    place = np.full(len(people), -1, np.int32)
    for level in LEVELS:  # the smallest area that tells counts: it is written last
        here = area[level]
        place = np.where((here >= 0) & tells[here], here, place)
    many = len(areas.code)

    def spread(chosen: Sequence[Told]) -> spreading.Children:
        return spreading.spread(people, place, chosen, areas=many, first=age.first, last=age.last)

    by_sex, untold, unplaced = {}, set[int](), dict[int, float]()
    disabled = np.zeros(len(people))
    for sex in SEXES:
        own = [band for band in its if band.sex == sex]
        if not own:
            continue
        found = spread([Told(number[one.area], one.first, one.last, one.count, one.share) for one in own])
        by_sex[sex] = found.expected
        of_sex = {number[one.area] for one in own}
        untold |= set(found.untold) & of_sex
        for at, lost in found.unplaced.items():
            unplaced[at] = unplaced.get(at, 0.0) + lost
        disabled += spread(
            [
                Told(
                    number[one.area], one.first, one.last,
                    None if one.count is None else one.count * one.disabled,
                    None if one.share is None else one.share * one.disabled,
                )
                for one in own if one.disabled is not None
            ]
        ).expected  # fmt: skip
    told = np.zeros(many, np.bool_)
    told[list({number[band.area] for band in its} - untold)] = True
    says = told.copy()
    says[[number[band.area] for band in its if band.disabled is None]] = False
    there = place >= 0
    return Kids(
        expected=sum(by_sex.values(), np.zeros(len(people))),
        told=there & told[place],
        disabled=disabled,
        disability_told=there & says[place],
        by_sex={sex: found for sex, found in by_sex.items() if sex},
        untold=tuple(areas.code[at] for at in sorted(untold)),
        unplaced={areas.code[at]: lost for at, lost in unplaced.items()},
    )
