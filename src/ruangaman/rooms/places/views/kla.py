"""What anyone may read of a city's scorecard: indicators, levels, what the city told, and UNICEF's goals."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from ruangaman.adapters import clock, kla_files
from ruangaman.core.kla import scoring
from ruangaman.rooms.places import kla_feeds, roles
from ruangaman.rooms.places.kla import cards, checks
from ruangaman.rooms.places.kla.cards import Board
from ruangaman.rooms.places.models import City


@require_GET
def public(request: HttpRequest, slug: str) -> HttpResponse:
    """The indicators, and the newest card that the city published."""
    city = roles.city_of(slug)
    published = [one for one in cards.cards(city) if one.published_at is not None]
    chosen = next((one for one in published if str(one.year) == request.GET.get("tahun")), None)
    if chosen is None and published:
        chosen = published[0]
    seen = cards.board(chosen) if chosen else None
    rules = kla_files.kla()
    facts = kla_feeds.facts(city, clock.now())
    checked = checks.last_finished(chosen) if chosen else None
    lines = {line.indicator.no: line for line in seen.lines} if seen else {}
    groups = [
        (
            rules.clusters[cluster],
            [
                (one, facts.get(one.no, ()), lines.get(one.no))
                for one in rules.indicators
                if one.cluster == cluster
            ],
        )
        for cluster in rules.clusters
    ]
    context = {
        "city": city,
        "rules": rules,
        "groups": groups,
        "seen": seen,
        "published": published,
        "checked": checks.read(checked) if checked else None,
    }
    return render(request, "places/kla/umum.html", context)


@require_GET
def public_goals(request: HttpRequest, slug: str) -> HttpResponse:
    """UNICEF's goals over the same indicators; points only where the city published them."""
    city = roles.city_of(slug)
    published = next((one for one in cards.cards(city) if one.published_at is not None), None)
    seen = cards.board(published) if published else None
    return render(request, "places/kla/unicef.html", goals_of(city, seen) | {"public": True})


def goals_of(city: City, seen: Board | None) -> dict[str, Any]:
    """Each goal with its indicators, what this house knows of them, and its points where a card is shown."""
    rules, facts = kla_files.kla(), kla_feeds.facts(city, clock.now())
    told = []
    for goal in kla_files.unicef_goals():
        chosen = [rules.indicator(no) for no in goal.indicators]
        points = full = None
        if seen is not None:
            points = scoring.of_indicators(seen.weights, seen.told, goal.indicators)
            all_of_it = dict.fromkeys(goal.indicators, scoring.Told(share=scoring.ONE))
            full = scoring.of_indicators(seen.weights, all_of_it, goal.indicators)
        known = [fact for no in goal.indicators for fact in facts.get(no, ())]
        told.append((goal, chosen, points, full, list({fact.key: fact for fact in known}.values())))
    return {"city": city, "goals": told, "seen": seen}
