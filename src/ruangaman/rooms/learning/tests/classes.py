"""A class for tests: a group made as its facilitator makes it, and sheets as devices send them."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import NAMESPACE_OID, uuid5

from django.utils import timezone

from ruangaman.core.learning import seats
from ruangaman.rooms.learning import courses
from ruangaman.rooms.learning.groups import making, syncing
from ruangaman.rooms.learning.models import Group

MONDAY = datetime(2026, 12, 7, 2, 0, tzinfo=UTC)


@dataclass
class Class:
    """A group with its secret."""

    group: Group
    token: str

    @property
    def secret(self) -> bytes:
        return making.read(self.token)

    def code(self, number: int) -> str:
        return seats.code(self.secret, number)

    def sheet(self, number: int, time: str = "pre", *, objective: str = "B3-2", right: int = 3, **other):
        """A sheet as a device sends it: so many items right, the rest by the first wrong option."""
        form = courses.course().forms[objective, seats.form(number, time)]
        answers = [
            [item.id, item.answer if at < right else next(o.id for o in item.options if not o.right), True]
            for at, item in enumerate(form.items)
        ]
        if objective.startswith("B2"):
            answers = [[*one[:2], None] for one in answers]
        return {
            "id": str(uuid5(NAMESPACE_OID, f"{self.code(number)} {time} {objective} {right}")),
            "code": self.code(number),
            "objective": objective,
            "time": time,
            "form": form.form,
            "version": form.version,
            "language": "id",
            "answers": answers,
            "taken_on": "2026-12-07",
            **other,
        }

    def teach(self, day: date | None, now: datetime = MONDAY) -> None:
        making.teach(self.group, day, now=now)
        self.group.refresh_from_db()


def make(
    *,
    seats_wanted: int = 12,
    objectives: tuple[str, ...] = ("B3-2",),
    audience: str = "B3",
    now: datetime = MONDAY,
    **other,
) -> Class:
    told = {
        "name": "5A",
        "language": "id",
        "region": "",
        "campaign": "",
        "network": "203.0.113.7",
    } | other
    group, token = making.make(
        audience=audience, objectives=objectives, seats_wanted=seats_wanted, now=now, **told
    )
    return Class(group, token)


def send(*sheets, now: datetime = MONDAY, network: str = "203.0.113.7"):
    """What became of each: (result, code)."""
    body = json.dumps({"sheets": list(sheets)}).encode()
    return [(one.result, one.code) for one in syncing.receive(body, network=network, now=now)]


def after(days: int, hours: int = 0) -> datetime:
    return MONDAY + timedelta(days=days, hours=hours)


def day(days: int) -> date:
    return timezone.localdate(after(days))
