"""Campaigns for tests: joined by classes, drawn, taught, tested, and what they would tell."""

import json
from itertools import count

from ruangaman.rooms.learning import results
from ruangaman.rooms.learning.campaigns import making
from ruangaman.rooms.learning.models import Campaign
from ruangaman.rooms.learning.tests import classes
from ruangaman.rooms.learning.tests.classes import after, day, send
from ruangaman.rooms.ledger.models import Entry

WANTED = {
    "name_id": "Jeli membaca pesan",
    "name_en": "Look twice",
    "objectives": "B3-2",
    "region": "33 Jawa Tengah",
    "reach_goal": "100",
    "effect_goal": "0.20",
    "design": "waitlist",
    "starts_on": "2026-12-07",
    "ends_on": "2027-02-01",
}


def entries(kind):
    return [json.loads(bytes(row.entry))["public"] for row in Entry.objects.filter(kind=kind)]


def joined(row: Campaign, count: int = 8, seats: int = 12):
    """Classes in two cities, that joined by the code."""
    regions = ("33.74", "33.72")
    return [
        classes.make(
            campaign=row.code, seats_wanted=seats, region=regions[n % 2], name=f"5{'ABCDEFGHIJ'[n % 10]}"
        )
        for n in range(count)
    ]


def took(told, time, right, when):
    found = [
        told.sheet(n, time, right=right(n), taken_on=day(when).isoformat())
        for n in range(1, told.group.seats + 1)
    ]
    assert {r for r, _ in send(*found, now=after(when))} == {"accepted"}


def learned(row: Campaign, groups, *, gain: int = 2):
    """All classes take their tests; the taught know `gain` items more after 28 days."""
    making.draw(row, now=after(1))
    making.wait_from(row, day(3), now=after(1))
    places = {"teach": count(), "wait": count()}
    for told in groups:
        told.group.refresh_from_db()
        took(told, "pre", lambda n: n % 4, 2)
        if told.group.arm == "teach":
            told.teach(day(3), now=after(2))
        # Groups differ a little, or there would be no interval; those of one arm as those of the other, however the
        # draw went, or luck alone would make a difference.
        extra = gain if told.group.arm == "teach" else 0
        odd = next(places[told.group.arm]) % 3
        took(told, "delayed", lambda n, e=extra, o=odd: min(6, n % 4 + e + (n % (o + 2) == 0)), 31)


def told_of(row: Campaign):
    """What it would tell on its day; the campaign stays as it was."""
    found = results.measured(results.seal(row, after(84)), "B3-2")
    Campaign.objects.filter(pk=row.pk).update(sealed=None, ended_at=None)
    return found
