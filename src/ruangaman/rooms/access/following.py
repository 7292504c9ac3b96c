"""
Entries of accounts that need no guardian's yes follow the law: another pack, a rule that begins on its day, a birthday,
another determination of the service. Nothing is written then that an ear could hear, so the clock asks.

An entry is due when the pack that was asked is not the one that is installed, and when the time has come at which that
pack said that its answer may change (`valid_until`).
"""

from datetime import datetime
from itertools import pairwise
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from ruangaman.adapters import packs
from ruangaman.core.credentials.status_list import INVALID
from ruangaman.rooms.access.models import AccessSession, Service, StatusEntry
from ruangaman.rooms.ledger import api as ledger

MOST_AT_ONCE: Final = 200
"""Entries that one call asks about; the next call, a second later, goes on."""


def ask_again(service: Service) -> None:
    """The service is described otherwise: what the law says of its accounts is asked anew, by the clock."""
    _living().filter(session__service=service).update(law="")


def settle_due(now: datetime) -> int:
    """Ask the law again about each entry that is due, and set it as the law now has it. Returns how many were asked."""
    known = packs.all()
    laws = sorted(str(pack.law_version["hash"]) for pack in known.values())
    if not laws:
        return 0
    # Ranges instead of `not in`, so that the index finds the few that another pack was asked about.
    due = Q(due_at__lte=now) | Q(law__lt=laws[0]) | Q(law__gt=laws[-1])
    for one, other in pairwise(laws):
        due |= Q(law__gt=one, law__lt=other)
    rows = _living().filter(due, session__country__in=list(known), session__closed_at__isnull=True)
    return sum(_ask(entry, now) for entry in rows.values_list("id", flat=True)[:MOST_AT_ONCE])


@transaction.atomic
def _ask(identity: UUID, now: datetime) -> int:
    """One entry: law, session, ledger and list in one transaction. Whoever holds a row meanwhile is not waited for."""
    from ruangaman.rooms.access import sessions

    ledger.line_up()
    entry = _living().select_for_update(of=("self",), skip_locked=True).filter(id=identity).first()
    if entry is None:
        return 0
    rows = AccessSession.objects.select_related("service")
    rows = rows.select_for_update(of=("self",), no_key=True, skip_locked=True)
    session = rows.filter(id=entry.session_id, closed_at__isnull=True).first()
    if session is None:
        return 0
    answer = sessions.follow_law(session, now=now)
    _living().filter(id=identity).update(law=str(answer.law_version["hash"]), due_at=answer.valid_until)
    return 1


def _living() -> QuerySet[StatusEntry]:
    return StatusEntry.objects.filter(request__isnull=True).exclude(status=INVALID)
