"""
Sums over regions and objectives, without seeing a child.

Everything is told of lots (`core/learning/few.py`): no small number follows from a sum less its other parts. Campaigns
whose learners were made up are left out of sums, unless the house holds no other.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ruangaman.core.learning import few
from ruangaman.rooms.learning import results
from ruangaman.rooms.learning.campaigns import regions, telling
from ruangaman.rooms.learning.models import Campaign, Group


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: a region, a campaign or an objective, with counts and what they knew before and after."""

    name: str
    campaigns: int
    groups: int
    cell: few.Cell


@dataclass(frozen=True, slots=True)
class Effect:
    """What a campaign that compared measured of one objective."""

    campaign: Campaign
    objective: str
    verdict: str
    g: float | None
    g_low: float | None
    g_high: float | None


def _campaigns() -> list[Campaign]:
    every = list(Campaign.objects.order_by("made_at", "pk"))
    real = [one for one in every if not one.made_up]
    return real or every


def any_made_up() -> bool:
    """Whether what is summed was drawn and not measured."""
    return any(one.made_up for one in _campaigns())


def _lots() -> list[tuple[Campaign, few.Lot]]:
    return [(campaign, lot) for campaign in _campaigns() for lot in results.lots(campaign)]


def _groups(found: Iterable[Campaign]) -> list[tuple[str, str]]:
    """Campaign and region of each group. Groups are no people: a class is announced by its facilitator."""
    return [
        (str(campaign), region)
        for campaign, region in Group.objects.filter(campaign__in=list(found)).values_list(
            "campaign_id", "region"
        )
    ]


def _line(name: str, code: str, lots: list[tuple[Campaign, few.Lot]], groups: list[tuple[str, str]]) -> Line:
    here = [one for one in groups if regions.inside(one[1], code)]
    mine = [lot for _campaign, lot in lots if regions.inside(lot.place, code)]
    return Line(name, len({campaign for campaign, _region in here}), len(here), few.cell(mine))


def nation() -> Line:
    """Everything together."""
    return _line(regions.name(""), "", _lots(), _groups(_campaigns()))


def provinces() -> list[Line]:
    """Each province with a group, by its code."""
    return _within("", regions.PROVINCE)


def below(region: str) -> list[Line]:
    """An organiser's own region and the next below it that has a group: provinces, cities, districts, villages."""
    return _within(region, next((size for size in regions.LEVELS if size > len(region)), len(region)))


def _within(region: str, size: int) -> list[Line]:
    lots, groups = _lots(), _groups(_campaigns())
    codes = sorted(
        {code[:size] for _campaign, code in groups if len(code) >= size and regions.inside(code, region)}
    )
    rows = [_line(regions.name(region), region, lots, groups)] if region else []
    return rows + [_line(regions.name(code), code, lots, groups) for code in codes if code != region]


def objectives() -> list[tuple[str, few.Cell]]:
    """Each objective of a campaign, over all regions."""
    lots = [lot for _campaign, lot in _lots()]
    known = sorted({name for campaign in _campaigns() for name in campaign.objectives})
    return [(f"{name} · {telling.title(name)}", few.cell(lots, name)) for name in known]


def measured() -> list[Effect]:
    """The effect of each campaign that compared, in the order in which they were made; never by its size."""
    found = []
    for campaign in _campaigns():
        if campaign.design == "alone" or campaign.drawn_at is None:
            continue
        for objective in campaign.objectives:
            told = results.measured(campaign, objective)
            if told.verdict == "few":
                continue
            head = told.headline
            g = (head.g, head.g_low, head.g_high) if head else (None, None, None)
            found.append(Effect(campaign, telling.title(objective), telling.headline(told), *g))
    return found
