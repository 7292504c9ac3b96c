"""The province's check: a card is handed over frozen, each claim is marked, and what remains is a score of its own."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from ruangaman.adapters import ids, kla_files
from ruangaman.core.kla import checking, scoring
from ruangaman.core.kla.checking import Verdict
from ruangaman.core.kla.rules import Level
from ruangaman.core.kla.scoring import NOTHING, Range, Told
from ruangaman.core.kla.weights import Weights, shown
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.places.errors import KlaRefused
from ruangaman.rooms.places.kla.cards import board, evidence_of, plain
from ruangaman.rooms.places.models import City, KlaCard, KlaEvidence, KlaSubmission, KlaVerdict


@dataclass(frozen=True, slots=True)
class Handed:
    """A submission read back: what was claimed, with which weights, and what remains by the marks so far."""

    submission: KlaSubmission
    weights: Weights
    gap: str
    told: Mapping[int, Told]
    verdicts: Mapping[int, KlaVerdict]
    claimed: Range
    remains: Range
    claimed_levels: tuple[Level, Level]
    levels: tuple[Level, Level]
    open: tuple[int, ...]
    """Claims without a mark."""


@transaction.atomic
def submit(card: KlaCard, *, by: User, now: datetime) -> KlaSubmission:
    """
    Hand the card to the province as it is now.

    Raises:
        KlaRefused: nothing is claimed, or the province still checks the one before.
    """
    ledger.line_up()
    if KlaSubmission.objects.filter(card=card, finished_at__isnull=True).exists():
        raise KlaRefused(why="open")
    seen = board(card)
    if not any(one.claims for one in seen.told.values()):
        raise KlaRefused(why="nothing")
    snapshot: dict[str, Any] = {
        "format": 1,
        "instrument": seen.rules.instrument,
        "data_version": seen.rules.version,
        "city": card.city.code,
        "name": card.city.name,
        "year": card.year,
        "last_day": card.last_day.isoformat(),
        "weights": kla_files.stored(seen.weights),
        "weights_version": card.weights.number if card.weights else None,
        "weights_sha256": card.weights.sha256 if card.weights else None,
        "gap": seen.gap,
        "months": seen.months,
        "scores": {
            str(one.indicator.no): _said(one.told, one.why) for one in seen.lines if not one.told.silent
        },
        "total": {"low": shown(seen.total.low), "high": shown(seen.total.high)},
        "evidence": [told_of_evidence(one) for one in evidence_of(card)],
    }
    digest = hashlib.sha256(canonical(snapshot)).hexdigest()
    salt, hashed = ledger.salted(digest.encode())
    number = KlaSubmission.objects.filter(card=card).count() + 1
    row = KlaSubmission.objects.create(
        id=ids.new(now), card=card, number=number, snapshot=snapshot, sha256=digest, salt=salt, by=by, at=now
    )
    ledger.append(
        "places.kla-submitted",
        {"city": card.city.code, "year": card.year, "number": number, "hash": hashed},
        at=now,
    )
    return row


def canonical(told: Mapping[str, Any]) -> bytes:
    """The bytes of which the hash is: keys in order, no spaces, UTF-8."""
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _said(told: Told, why: str) -> dict[str, str | None]:
    return {
        "share": None if told.share is None else shown(told.share),
        "points": None if told.points is None else shown(told.points),
        "why": why,
    }


def told_of_evidence(one: KlaEvidence) -> dict[str, Any]:
    """One piece as it is handed over; never its bytes, never who brought it."""
    return {
        "id": str(one.pk), "indicator": one.indicator, "question": one.question, "kind": one.kind,
        "title": one.title, "dated": one.dated.isoformat(), "until": one.until.isoformat() if one.until else None,
        "url": one.url, "media": one.media, "extension": one.extension, "size": one.size, "sha256": one.sha256,
        "confirmed": one.confirmed_at is not None, "facts": one.facts,
    }  # fmt: skip


def read(row: KlaSubmission) -> Handed:
    """A submission, with the marks so far; what has none stands as claimed."""
    rules = kla_files.kla()
    snapshot = row.snapshot
    weights = kla_files.unstored(snapshot["weights"], rules)
    told = {int(no): _told(one) for no, one in snapshot["scores"].items()}
    verdicts = {one.indicator: one for one in KlaVerdict.objects.select_related("by").filter(submission=row)}
    claims = {no: told.get(no, NOTHING) for no in rules.numbers}
    claimed = scoring.score(weights, claims).total
    left = checking.checked(weights, told, {no: _verdict(one) for no, one in verdicts.items()})
    remains = scoring.score(weights, left).total
    return Handed(
        submission=row, weights=weights, gap=snapshot["gap"], told=told, verdicts=verdicts, claimed=claimed,
        remains=remains, claimed_levels=scoring.levels(claimed, rules, snapshot["gap"]),
        levels=scoring.levels(remains, rules, snapshot["gap"]),
        open=tuple(no for no in rules.numbers if no in told and told[no].claims and no not in verdicts),
    )  # fmt: skip


def _told(one: Mapping[str, str | None]) -> Told:
    share, points = one["share"], one["points"]
    return Told(
        None if share is None else Decimal(share),
        None if points is None else Decimal(points),
    )


def _verdict(row: KlaVerdict) -> Verdict:
    return Verdict(row.mark, row.remains)


def last(card: KlaCard) -> KlaSubmission | None:
    """The newest submission of a card."""
    return KlaSubmission.objects.select_related("card__city").filter(card=card).order_by("-number").first()


def last_finished(card: KlaCard) -> KlaSubmission | None:
    """The newest one whose check is finished."""
    rows = KlaSubmission.objects.select_related("card__city").filter(card=card, finished_at__isnull=False)
    return rows.order_by("-number").first()


@transaction.atomic
def mark(
    row: KlaSubmission,
    no: int,
    verdict: str,
    *,
    remains: Decimal | None,
    reason: str,
    by: User,
    now: datetime,
) -> KlaVerdict:
    """
    Mark one claim; a mark may be changed until the check is finished.

    Raises:
        KlaRefused: the check is finished, nothing was claimed there, or a reason is missing where less is left.
        ScoreRefused: a part that is no part of the claim.
    """
    _still_open(row)
    told = read(row).told.get(no)
    if told is None or not told.claims:
        raise KlaRefused(why="no-claim")
    checking.left_of(told, Verdict(verdict, remains), no)
    reason = plain(reason)
    if verdict != checking.ACCEPTED and not reason:
        raise KlaRefused(why="reason")
    found, _ = KlaVerdict.objects.update_or_create(
        submission=row,
        indicator=no,
        defaults={"mark": verdict, "remains": remains, "reason": reason, "by": by, "at": now},
    )
    _enter("places.kla-marked", row, {"indicator": no, "mark": verdict}, now)
    return found


@transaction.atomic
def accept_rest(row: KlaSubmission, *, by: User, now: datetime) -> int:
    """
    Accept every claim that has no mark; returns how many.

    Raises:
        KlaRefused: the check is finished.
    """
    _still_open(row)
    rest = read(row).open
    for no in rest:
        mark(row, no, checking.ACCEPTED, remains=None, reason="", by=by, now=now)
    return len(rest)


@transaction.atomic
def finish(row: KlaSubmission, *, by: User, now: datetime) -> KlaSubmission:
    """
    End the check: the score that remains is written beside the claimed one, and both go to the ledger as a hash.

    Raises:
        KlaRefused: finished before, or a claim has no mark.
    """
    _still_open(row)
    handed = read(row)
    if handed.open:
        raise KlaRefused(why="unmarked", indicator=handed.open[0])
    after = {
        "claimed": {"low": shown(handed.claimed.low), "high": shown(handed.claimed.high)},
        "remains": {"low": shown(handed.remains.low), "high": shown(handed.remains.high)},
        "levels": [one.id for one in handed.levels],
        "marks": {str(no): one.mark for no, one in sorted(handed.verdicts.items())},
        "submission": row.sha256,
    }
    if not KlaSubmission.objects.filter(pk=row.pk, finished_at__isnull=True).update(
        after=after, finished_at=now, finished_by=by
    ):
        raise KlaRefused(why="finished")
    marks = [one.mark for one in handed.verdicts.values()]
    hashed = hashlib.sha256(bytes(row.salt) + canonical(after)).hexdigest()
    told: dict[str, str | int] = {one: marks.count(one) for one in checking.VERDICTS}
    _enter("places.kla-checked", row, {**told, "hash": hashed}, now)
    row.refresh_from_db()
    return row


def _still_open(row: KlaSubmission) -> None:
    """In line with all others, and as the row is now: a check that was finished meanwhile takes no mark."""
    ledger.line_up()
    row.refresh_from_db(fields=["finished_at", "finished_by", "after"])
    if row.finished_at is not None:
        raise KlaRefused(why="finished")


def _enter(kind: str, row: KlaSubmission, more: Mapping[str, str | int], now: datetime) -> None:
    card = row.card
    told: dict[str, str | int | bool | None] = {
        "city": card.city.code,
        "year": card.year,
        "number": row.number,
    }
    ledger.append(kind, told | dict(more), at=now)


def of_province(cities: Sequence[City]) -> Sequence[tuple[City, Handed | None]]:
    """Each city with its newest submission of the newest year, or None where it handed over none."""
    rows = KlaSubmission.objects.select_related("card__city").filter(card__city__in=cities)
    newest: dict[Any, KlaSubmission] = {}
    for row in rows.order_by("card__year", "number"):
        newest[row.card.city_id] = row
    return [(city, read(newest[city.pk]) if city.pk in newest else None) for city in cities]
