"""Evidence of a card: brought, confirmed by a second person, withdrawn with its bytes."""

import hashlib
import json
from datetime import date, datetime
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from ruangaman.adapters import ids, kla_files
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.places import kla_feeds
from ruangaman.rooms.places.errors import EvidenceRefused, KlaRefused, NotFound
from ruangaman.rooms.places.kla import files
from ruangaman.rooms.places.kla.cards import office_of, plain
from ruangaman.rooms.places.models import City, KlaCard, KlaEvidence, KlaFile

FILE, LINK, RESULT, PLAN = "file", "link", "result", "plan"
MOST_OF_INDICATOR: Final = 60
MOST_OF_CITY: Final = 400_000_000
"""Bytes of files that a city keeps."""
_OLDEST: Final = date(1990, 1, 1)


@transaction.atomic
def add_file(
    card: KlaCard, indicator: int, data: bytes, *, title: str, question: str, dated: date, until: date | None,
    by: User, now: datetime,
) -> KlaEvidence:  # fmt: skip
    """
    Keep a file, without what it says of people and cameras.

    Raises:
        EvidenceRefused: the file, a date, the title, or too much. KlaRefused: a person in the title.
    """
    kept = files.read(data)
    used = KlaEvidence.objects.filter(card__city=card.city).aggregate(n=Sum("size"))["n"] or 0
    if used + len(kept.data) > MOST_OF_CITY:
        raise EvidenceRefused(why="full")
    row = _row(card, indicator, FILE, title, question, dated, until, by, now)
    row.media, row.extension, row.size = kept.media, kept.extension, len(kept.data)
    row.sha256 = hashlib.sha256(kept.data).hexdigest()
    _keep(row, row.sha256, now)
    KlaFile.objects.create(evidence=row, data=kept.data)
    return row


@transaction.atomic
def add_link(
    card: KlaCard, indicator: int, url: str, *, title: str, question: str, dated: date, until: date | None,
    by: User, now: datetime,
) -> KlaEvidence:  # fmt: skip
    """
    Keep an address elsewhere; nothing is fetched from it.

    Raises:
        EvidenceRefused: no https address, a date, the title, too many. KlaRefused: a person in the title.
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
    except ValueError:
        raise EvidenceRefused(why="url") from None
    if parts.scheme != "https" or not parts.hostname or parts.username is not None or len(url) > 500:
        raise EvidenceRefused(why="url")
    if not url.isprintable() or " " in url:
        raise EvidenceRefused(why="url")
    row = _row(card, indicator, LINK, title, question, dated, until, by, now)
    row.url = url
    _keep(row, url, now)
    return row


@transaction.atomic
def add_result(
    card: KlaCard, indicator: int, key: str, *, question: str, by: User, now: datetime
) -> KlaEvidence:
    """
    Keep a result of this house as it is today. It needs no second person: its hash says what it was.

    Raises:
        EvidenceRefused: there is no such result now, or it stands there already.
    """
    fact = kla_feeds.fact(card.city, indicator, key, now)
    if fact is None:
        raise EvidenceRefused(why="no-result")
    kept = fact.kept()
    told = json.dumps(kept, sort_keys=True, ensure_ascii=False).encode()
    digest = hashlib.sha256(told).hexdigest()
    here = KlaEvidence.objects.filter(card=card, indicator=indicator, withdrawn_at__isnull=True)
    if here.filter(sha256=digest).exists():
        raise EvidenceRefused(why="twice")
    row = _row(card, indicator, RESULT, fact.text["id"][:200], question, fact.on, None, by, now)
    row.facts, row.sha256, row.confirmed_at = kept, digest, now
    _keep(row, digest, now)
    return row


@transaction.atomic
def add_plan(
    card: KlaCard, indicator: int, *, title: str, question: str, by_day: date, by: User, now: datetime
) -> KlaEvidence:
    """
    Note which evidence is to come, and by when; it counts for a forecast alone.

    Raises:
        EvidenceRefused: the day is over, the title, too many. KlaRefused: a person in the title.
    """
    if by_day < timezone.localdate(now):
        raise EvidenceRefused(why="day")
    row = _row(card, indicator, PLAN, title, question, by_day, None, by, now)
    _keep(row, row.title, now)
    return row


def _row(
    card: KlaCard, indicator: int, kind: str, title: str, question: str, dated: date, until: date | None,
    by: User, now: datetime,
) -> KlaEvidence:  # fmt: skip
    if indicator not in kla_files.kla().numbers:
        raise EvidenceRefused(why="indicator")
    try:
        title = title if kind == RESULT else plain(title, most=200)
        question = plain(question, most=60)
    except KlaRefused as refused:
        raise EvidenceRefused(why=str(refused.facts["why"])) from None
    if not title:
        raise EvidenceRefused(why="title")
    if (
        dated < _OLDEST
        or (kind != PLAN and dated > timezone.localdate(now))
        or (until is not None and until < dated)
    ):
        raise EvidenceRefused(why="day")
    here = KlaEvidence.objects.filter(card=card, indicator=indicator, withdrawn_at__isnull=True)
    if here.count() >= MOST_OF_INDICATOR:
        raise EvidenceRefused(why="many")
    return KlaEvidence(
        id=ids.new(now), card=card, indicator=indicator, kind=kind, title=title, question=question, dated=dated,
        until=until, added_by=by, added_at=now,
    )  # fmt: skip


def _keep(row: KlaEvidence, told: str, now: datetime) -> None:
    """Save the row with its entry. The hash in it is salted: a file that should not have come can be forgotten."""
    row.salt, hashed = ledger.salted(told.encode())
    row.save(force_insert=True)
    facts: dict[str, str | int | bool | None] = {
        "city": row.card.city.code, "year": row.card.year, "indicator": row.indicator, "kind": row.kind,
        "dated": row.dated.isoformat(), "hash": hashed,
    }  # fmt: skip
    ledger.append("places.kla-evidence-added", facts, at=now)


def get(city: City, ref: UUID) -> KlaEvidence:
    """One piece of this city; raises NotFound."""
    found = (
        KlaEvidence.objects.select_related("card__city", "added_by", "confirmed_by")
        .filter(pk=ref, card__city=city)
        .first()
    )
    if found is None:
        raise NotFound(what="evidence")
    return found


@transaction.atomic
def confirm(row: KlaEvidence, *, by: User, now: datetime) -> None:
    """
    A second person says that it is what its line says.

    Raises:
        EvidenceRefused: who brought it cannot confirm it; it is a plan, withdrawn, or confirmed.
    """
    if row.added_by_id == by.pk:
        raise EvidenceRefused(why="own")
    changed = KlaEvidence.objects.filter(
        pk=row.pk, confirmed_at__isnull=True, withdrawn_at__isnull=True, kind__in=(FILE, LINK)
    ).update(confirmed_at=now, confirmed_by=by)
    if not changed:
        raise EvidenceRefused(why="over")
    ledger.append(
        "places.kla-evidence-confirmed",
        {"city": row.card.city.code, "year": row.card.year, "indicator": row.indicator},
        at=now,
    )


@transaction.atomic
def withdraw(row: KlaEvidence, *, why: str, by: User, now: datetime) -> None:
    """
    Take a piece away: its bytes, its hash and the salt of its entry are destroyed, the line stays.

    Raises:
        EvidenceRefused: no reason, or it is gone. KlaRefused: the reason names a person.
    """
    why = plain(why, most=200)
    if not why:
        raise EvidenceRefused(why="reason")
    changed = KlaEvidence.objects.filter(pk=row.pk, withdrawn_at__isnull=True).update(
        withdrawn_at=now, withdrawn_why=why, sha256="", salt=None, size=0, url="", facts=None
    )
    if not changed:
        raise EvidenceRefused(why="over")
    KlaFile.objects.filter(evidence_id=row.pk).delete()
    ledger.append(
        "places.kla-evidence-withdrawn",
        {
            "city": row.card.city.code,
            "year": row.card.year,
            "indicator": row.indicator,
            "by": office_of(row.card.city, by, "score"),
        },
        at=now,
    )


def data_of(row: KlaEvidence) -> bytes:
    """The bytes of a file; raises NotFound."""
    found = KlaFile.objects.filter(evidence_id=row.pk).first()
    if found is None:
        raise NotFound(what="file")
    return bytes(found.data)
