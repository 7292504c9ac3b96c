"""
Mails of a city: each waits in a row until a mail server took it, and is tried again by waits that are data.

A row names its reader by account or office; the address is looked up when it is sent and stands nowhere here. What asks
for nothing any more by then is dropped. What could not be delivered at last is told on a page and by a command.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.errors import MessageError
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import yaml
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from ruangaman.adapters import ids
from ruangaman.adapters import mail as mails
from ruangaman.rooms.places import config
from ruangaman.rooms.places.models import City, Letter
from ruangaman.rooms.places.models.letters import DROPPED, GIVEN_UP, QUEUED, SENT

_FILE: Final = Path(__file__).resolve().parents[2] / "data" / "city_mail.yaml"
_WRITERS: Final = {
    "report": "ruangaman.rooms.places.reports.letters",
    "pledge": "ruangaman.rooms.places.plan_letters",
    "certificate": "ruangaman.rooms.places.audits.letters",
}
"""Who writes a mail of each kind: `written(letter) -> Written | None`, None when there is nothing left to ask for."""


@dataclass(frozen=True, slots=True)
class Written:
    """A mail as it is sent now. `at` stands as its date."""

    address: str
    subject: str
    body: str
    at: datetime


@cache
def _rules() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(_FILE.read_text("utf-8"))
    return found


def waits() -> tuple[timedelta, ...]:
    """How long after each try that failed the next one comes."""
    return tuple(timedelta(minutes=one) for one in _rules()["waits_minutes"])


def sends() -> bool:
    """Whether this house sends mails of cities at all; the story does not."""
    return bool(str(getattr(settings, "MAIL_URL", ""))) and not config.story()


def put(
    city: City,
    about: str,
    ref: object,
    why: str,
    to: Sequence[object],
    *,
    office: bool = False,
    now: datetime,
) -> int:
    """Lay one mail down for each of these accounts (their keys) or offices (their ids); none without a server."""
    if not sends():
        return 0
    rows = [
        Letter(
            id=ids.new(now), city=city, about=about, ref=str(ref), why=why, to=str(one), office=office,
            made_at=now, next_at=now,
        )
        for one in to
    ]  # fmt: skip
    return len(Letter.objects.bulk_create(rows))


def settle_due(now: datetime) -> int:
    """Hand what is due to the job runner, and forget what was sent long ago; how many were handed over."""
    from ruangaman.rooms.places import tasks

    claimed = _claim(now)
    for letter, tries in claimed:
        tasks.deliver.enqueue(str(letter), tries)
    _forget(now)
    return len(claimed)


def _claim(now: datetime) -> list[tuple[UUID, int]]:
    due = Letter.objects.filter(state=QUEUED, next_at__lte=now)
    if not due.exists():  # asked each second: no lock for nothing
        return []
    with transaction.atomic():
        rows = due.select_for_update(skip_locked=True).order_by("next_at", "id")
        found = list(rows.values_list("pk", "tries")[: int(_rules()["most_at_once"])])
        later = now + timedelta(seconds=int(_rules()["claim_seconds"]))
        Letter.objects.filter(pk__in=[pk for pk, _tries in found]).update(next_at=later)
    return found


def _forget(now: datetime) -> None:
    for states, days in (((SENT, DROPPED), "keep_days"), ((GIVEN_UP,), "keep_failed_days")):
        over = Letter.objects.filter(
            state__in=states, ended_at__lte=now - timedelta(days=int(_rules()[days]))
        )
        if over.exists():  # asked each second: nothing is locked for nothing
            over.delete()


def attempt(letter: UUID, tries: int, *, now: datetime) -> str:
    """
    One try. Of several claims of the same try only the first counts: behind a server that hangs they pile up.

    A try that ends with its runner is none that succeeded: the row still waits, and its tries are counted before.
    """
    with transaction.atomic():
        row = Letter.objects.select_for_update(of=("self",)).filter(pk=letter).first()
        if row is None or row.state != QUEUED or row.tries != tries:
            return row.state if row else "gone"
        if row.tries > len(waits()):  # its last try was lost with its runner
            return _end(row, GIVEN_UP, now, "lost")
        row.tries += 1
        row.next_at = now + waits()[min(row.tries, len(waits())) - 1]
        row.save(update_fields=["tries", "next_at"])
    written = _written(row)
    if written is None:
        return _end(row, DROPPED, now)
    try:
        _send(row, written)
    except mails.MailFailed as failed:
        why = str(failed.facts.get("why", ""))[:60]
        if failed.permanent or row.tries > len(waits()):
            return _end(row, GIVEN_UP, now, why)
        Letter.objects.filter(pk=row.pk, state=QUEUED).update(failure=why)
        return QUEUED
    return _end(row, SENT, now)


def _end(row: Letter, state: str, now: datetime, failure: str = "") -> str:
    Letter.objects.filter(pk=row.pk, state=QUEUED).update(state=state, failure=failure, ended_at=now)
    return state


def _written(row: Letter) -> Written | None:
    found: Written | None = import_module(_WRITERS[row.about]).written(row)
    return found if found is not None and found.address else None


def _send(row: Letter, written: Written) -> None:
    if not sends():
        raise mails.MailFailed(False, "no-mail-server")
    try:
        where = mails.server(
            str(settings.MAIL_URL),
            str(settings.MAIL_FROM),
            timeout_s=float(settings.MAIL_TIMEOUT_S),
            ca_file=str(settings.MAIL_CA_FILE),
        )
    except ValueError:
        raise mails.MailFailed(False, "settings") from None
    try:
        mail = mails.compose(
            where.sender, written.address, written.subject, written.body, message_id=str(row.pk), language="id",
            at=written.at,
        )  # fmt: skip
    except (ValueError, IndexError, MessageError):
        raise mails.MailFailed(True, "address") from None
    mails.send(where, mail)


def failing(city: City | None = None) -> QuerySet[Letter]:
    """What was given up, and what waits for another try, of one city or of all; given up first, the newest first."""
    rows = Letter.objects.filter(state=GIVEN_UP) | Letter.objects.filter(state=QUEUED, tries__gt=0)
    rows = rows if city is None else rows.filter(city=city)
    return rows.select_related("city").order_by("state", "-made_at")


def again(city: City | None, *, now: datetime) -> int:
    """Try what failed once more, from the first wait on; how many."""
    failed = failing(city).values_list("pk", flat=True)
    return Letter.objects.filter(pk__in=list(failed)).update(
        state=QUEUED, tries=0, next_at=now, ended_at=None
    )
