"""
Sums over regions and objectives, without seeing a child.

Everything is told of lots (`core/learning/few.py`): no small number follows from a sum less its other parts. Campaigns
whose learners were made up are left out of sums, unless the house holds no other.
"""

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
    g: float
    g_low: float
    g_high: float


@dataclass(frozen=True, slots=True)
class Found:
    """All that is summed, read once. groups: campaign and region of each; groups are no people."""

    campaigns: list[Campaign]
    lots: list[few.Lot]
    groups: list[tuple[str, str]]


def find() -> Found:
    """What the house holds."""
    every = list(Campaign.objects.order_by("made_at", "pk"))
    campaigns = [one for one in every if not one.made_up] or every
    found = results.lots(campaigns)
    groups = Group.objects.filter(campaign__in=campaigns).values_list("campaign_id", "region")
    return Found(
        campaigns,
        [lot for one in campaigns for lot in found[one.pk]],
        [(str(campaign), region) for campaign, region in groups],
    )


def any_made_up(found: Found) -> bool:
    """Whether what is summed was drawn and not measured."""
    return any(one.made_up for one in found.campaigns)


def _line(name: str, code: str, found: Found) -> Line:
    here = [one for one in found.groups if regions.inside(one[1], code)]
    mine = [lot for lot in found.lots if regions.inside(lot.place, code)]
    return Line(name, len({campaign for campaign, _region in here}), len(here), few.cell(mine))


def nation(found: Found) -> Line:
    """Everything together."""
    return _line(regions.name(""), "", found)


def provinces(found: Found) -> list[Line]:
    """Each province with a group, by its code."""
    return _within(found, "", regions.PROVINCE)


def below(found: Found, region: str) -> list[Line]:
    """An organiser's own region and the next below it that has a group: provinces, cities, districts, villages."""
    return _within(found, region, next((size for size in regions.LEVELS if size > len(region)), len(region)))


def _within(found: Found, region: str, size: int) -> list[Line]:
    codes = sorted(
        {
            code[:size]
            for _campaign, code in found.groups
            if len(code) >= size and regions.inside(code, region)
        }
    )
    rows = [_line(regions.name(region), region, found)] if region else []
    return rows + [_line(regions.name(code), code, found) for code in codes if code != region]


def objectives(found: Found) -> list[tuple[str, few.Cell]]:
    """Each objective of a campaign, over all regions."""
    known = sorted({name for campaign in found.campaigns for name in campaign.objectives})
    return [(f"{name} · {telling.title(name)}", few.cell(found.lots, name)) for name in known]


def measured(found: Found) -> list[Effect]:
    """The effect of each campaign that compared, in the order in which they were made; never by its size."""
    shown = []
    for campaign in found.campaigns:
        if campaign.design == "alone":
            continue
        for objective in campaign.objectives:
            told = results.measured(campaign, objective)
            if told is None or told.headline is None:
                continue
            head = told.headline
            shown.append(
                Effect(
                    campaign,
                    telling.title(objective),
                    telling.headline(told),
                    head.g,
                    head.g_low,
                    head.g_high,
                )
            )
    return shown
