"""Results: of a campaign, of one class alone, and of regions as a sum. Nothing of a child, nothing below ten."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from ruangaman.core.learning import few, times
from ruangaman.rooms.learning import results
from ruangaman.rooms.learning.campaigns import making, organisers, sums, telling
from ruangaman.rooms.learning.groups import making as group_making
from ruangaman.rooms.learning.models import Campaign, Group
from ruangaman.rooms.learning.views.common import of_group, private


def name_of(campaign: Campaign) -> str:
    """In the reader's language."""
    from django.utils.translation import get_language

    return campaign.name_en if get_language() == "en" else campaign.name_id


@require_safe
def campaign_results(request: HttpRequest, slug: str, objective: str = "") -> HttpResponse:
    """Did they learn; does it last; can it be trusted. Of one objective; others are a link away."""
    campaign = making.find(slug)
    wanted = objective or campaign.objectives[0]
    if wanted not in campaign.objectives:
        raise Http404
    told = results.measured(campaign, wanted)
    sealed = parse_datetime(campaign.sealed["at"]) if campaign.sealed else None
    context = {
        **telling.page(told, wanted),
        "campaign": campaign,
        "told_on": results.told_on(campaign),
        "reached": len(results.lots([campaign])[campaign.pk]) * few.LEAST,
        "name": name_of(campaign),
        "choices": [
            (
                telling.title(one),
                reverse("learning:campaign_results_of", args=[slug, one]),
                one == wanted,
            )
            for one in campaign.objectives
        ],
        "clusters": making.FEWEST_GROUPS,
        "learners": telling.FEWEST_LEARNERS,
        "seal": results.digest(campaign),
        "sealed_on": date_format(timezone.localtime(sealed), "j F Y") if sealed else "",
        "ground": "official",
    }
    return render(request, "learning/kampanye/hasil.html", context)


def group_results(
    request: HttpRequest, group: Group, objective: str = "", *, back: str = "", address: str = ""
) -> HttpResponse:
    """
    A facilitator's own class, before and after, with nothing to compare; the page of whoever holds its address.

    Args:
        back: the address of the facilitator's page. address: of this page; other objectives are its `?tujuan=`.
    """
    wanted = objective or request.GET.get("tujuan", "") or group.objectives[0]
    if wanted not in group.objectives:
        raise Http404
    told = results.of_group(group, wanted)
    campaign = group.campaign
    dots = told.arms[0].dots if told else ()
    context = {
        **telling.page(told, wanted),
        "group": group,
        "back": back,
        "told_on": times.told_from(group.taught_on),
        "days": times.TOLD_AFTER,
        "first": dots[0].mean if dots else None,
        "last": dots[-1].mean if dots else None,
        "choices": [
            (telling.title(one), f"{address}?tujuan={one}", one == wanted) for one in group.objectives
        ],
        "results_address": reverse("learning:campaign_results", args=[campaign.slug]) if campaign else "",
        "ground": "official",
    }
    return private(render(request, "learning/kampanye/hasil_kelas.html", context))


@require_safe
@of_group
def own_group(request: HttpRequest, group: Group, secret: bytes) -> HttpResponse:
    """The same, behind the secret of the facilitator's address."""
    token = group_making.told(secret)
    return group_results(
        request,
        group,
        back=reverse("learning:group", args=[token]),
        address=reverse("learning:group_results", args=[token]),
    )


@require_safe
def regions(request: HttpRequest) -> HttpResponse:
    """Campaigns, groups and learners by region and objective: sums for everybody, an organiser's own below them."""
    mine, found = organisers.of(request.user), sums.find()
    context = {
        "nation": sums.nation(found),
        "provinces": sums.provinces(found),
        "objectives": sums.objectives(found),
        "mine": [(one, sums.below(found, one.region)) for one in mine],
        "measured": sums.measured(found),
        "made_up": sums.any_made_up(found),
        "ground": "official",
    }
    answer = render(request, "learning/kampanye/wilayah.html", context)
    if mine:
        answer["Cache-Control"] = "no-store"
    return answer
