"""Where people and children live, in which areas, and on which streets."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ruangaman.adapters import city_areas
from ruangaman.adapters.city_areas import Areas
from ruangaman.adapters.city_people import Band, People, PeopleMalformed
from ruangaman.core.reach import children as spreading
from ruangaman.core.reach import groups, walks
from ruangaman.core.reach.build_rules import LEVELS, BuildRules
from ruangaman.core.reach.children import Told
from ruangaman.core.reach.points import Points
from ruangaman.core.reach.walk_rules import AgeGroup
from ruangaman.core.reach.walks import Streets

SEXES = ("", "f", "m")
WHEELS, ON_FOOT, SOMEHOW = "wheelchair", "on_foot", "somehow"
"""How children with a disability move: it is told, or nobody says. All other children are of no kind, ""."""
KINDS = ("", WHEELS, ON_FOOT, SOMEHOW)

Part = tuple[str, str]
"""Sex and kind. No child is of two parts."""


@dataclass(frozen=True, slots=True)
class Kids:
    """
    Children of a group of ages.

    Attributes:
        parts: float64 (homes,) of each part.
        told: bool (homes,), whether the area tells every year of the group. disability_told: whether it tells how many
            of them have a disability; wheelchair_told: and how many of those use a wheelchair.
        untold: codes of areas with people of which not every year is told.
        unplaced: code -> children where nobody lives.
    """

    parts: Mapping[Part, NDArray[np.float64]]
    told: NDArray[np.bool_]
    disability_told: NDArray[np.bool_]
    wheelchair_told: NDArray[np.bool_]
    untold: tuple[str, ...]
    unplaced: Mapping[str, float]

    def _of(self, sexes: Collection[str], kinds: Collection[str]) -> NDArray[np.float64]:
        nobody = np.zeros(len(self.told))
        return sum((its for (sex, kind), its in self.parts.items() if sex in sexes and kind in kinds), nobody)

    @property
    def expected(self) -> NDArray[np.float64]:
        """float64 (homes,), all of them."""
        return self._of(SEXES, KINDS)

    @property
    def by_sex(self) -> dict[str, NDArray[np.float64]]:
        """`f`, `m` -> float64 (homes,), where the table tells it."""
        there = {sex for sex, _kind in self.parts}
        return {sex: self._of((sex,), KINDS) for sex in SEXES if sex and sex in there}

    @property
    def disabled(self) -> NDArray[np.float64]:
        """float64 (homes,), those with a disability."""
        return self._of(SEXES, KINDS[1:])

    def moving(self, kind: str) -> NDArray[np.float64]:
        """float64 (homes,), those with a disability who move so."""
        return self._of(SEXES, (kind,))


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

    parts: dict[Part, NDArray[np.float64]] = {}
    untold, unplaced = set[int](), dict[int, float]()
    for sex in SEXES:
        own = [band for band in its if band.sex == sex]
        if not own:
            continue
        found = spread([Told(number[one.area], one.first, one.last, one.count, one.share) for one in own])
        of_sex = {number[one.area] for one in own}
        untold |= set(found.untold) & of_sex
        for at, lost in found.unplaced.items():
            unplaced[at] = unplaced.get(at, 0.0) + lost
        for kind in KINDS:
            moving = spread([_of_kind(number[one.area], one, kind) for one in own]).expected
            parts[sex, kind] = moving
    told = np.zeros(many, np.bool_)
    told[list({number[band.area] for band in its} - untold)] = True
    says, says_how = told.copy(), told.copy()
    says[[number[band.area] for band in its if band.disabled is None]] = False
    says_how[[number[band.area] for band in its if band.wheelchair is None]] = False
    there = place >= 0
    return Kids(
        parts={part: its for part, its in parts.items() if part[1] == "" or its.any()},
        told=there & told[place],
        disability_told=there & says[place],
        wheelchair_told=there & says_how[place],
        untold=tuple(areas.code[at] for at in sorted(untold)),
        unplaced={areas.code[at]: lost for at, lost in unplaced.items()},
    )


def _of_kind(area: int, band: Band, kind: str) -> Told:
    """Of a band the children of a kind."""
    disabled = band.disabled or 0.0
    wheels = band.wheelchair or 0.0
    how = band.wheelchair is not None
    share = {
        "": 1 - disabled, WHEELS: wheels, ON_FOOT: disabled - wheels if how else 0.0,
        SOMEHOW: 0.0 if how else disabled,
    }[kind]  # fmt: skip
    count, part = (None if one is None else one * share for one in (band.count, band.share))
    return Told(area, band.first, band.last, count, part)


def grouped(homes: Homes, size: float) -> Homes:
    """The same homes with children and other people in groups of `size`: what is told of a city is told of these."""
    levels = [homes.area[level] for level in LEVELS if level in homes.area]
    order = groups.line(levels, homes.lon, homes.lat)
    kids = {age: replace(its, parts=_parts_grouped(its, order, size)) for age, its in homes.kids.items()}
    nobody = np.zeros(len(homes.people))
    children = sum((its.expected for its in kids.values()), nobody)
    people = children + groups.grouped(homes.people, order, size, beside=children)
    return replace(homes, people=people, kids=kids)


def _parts_grouped(kids: Kids, order: NDArray[np.int64], size: float) -> dict[Part, NDArray[np.float64]]:
    """
    Each part in groups: the small ones by themselves, then what of a sex, and of all, is beside them, so that sums err
    no more than their parts.
    """
    nobody = np.zeros(len(order))
    told: dict[Part, NDArray[np.float64]] = {
        part: groups.grouped(its, order, size) for part, its in kids.parts.items() if part[1]
    }
    sexes = [sex for sex in SEXES if (sex, "") in kids.parts]
    for sex in sexes:
        last = sex == sexes[-1]
        whole = kids.expected if last else kids.by_sex[sex]
        beside = sum((its for part, its in told.items() if last or part[0] == sex), nobody)
        told[sex, ""] = groups.grouped(whole, order, size, beside=beside)
    return told
