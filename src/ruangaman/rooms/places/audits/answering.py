"""
What an auditor answers: from a page or from a phone, once or again, and closed when it is complete.

A phone may be without signal for days and may send the same set many times: a set has an id, and the same id gets
the same reply. Two phones of one auditor may differ: an answer carries the revision that was seen, and one that
changed here meanwhile is not overwritten but told back. Nothing is decided silently.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from ruangaman.adapters import audit_tables
from ruangaman.core.audits.agreement import compare
from ruangaman.core.audits.form import ANSWERS, Form
from ruangaman.core.audits.limits import number
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.places.audits.errors import AnswersRefused, AuditFinished, SendingDiffers
from ruangaman.rooms.places.audits.reading import as_json, canonical, form_of, given, limits_of, plain
from ruangaman.rooms.places.models import Audit, AuditAnswer, AuditSeat, AuditSending

MOST_ANSWERS: Final = 300
MOST_SENDINGS: Final = 2000
"""Sets of one seat that are remembered; a form has 64 questions."""


@dataclass(frozen=True, slots=True)
class Said:
    """One answer that was sent. `base` is the revision that the sender saw, 0 for none."""

    item: str
    answer: str
    measure: Decimal | None
    base: int


def read(told: object, of: Form) -> list[Said]:
    """
    A list of answers from JSON.

    Raises:
        AnswersRefused
    """
    if not isinstance(told, list) or len(told) > MOST_ANSWERS:
        raise AnswersRefused(why="form")
    said = [_said(one, of) for one in told]
    if len({one.item for one in said}) != len(said):
        raise AnswersRefused(why="twice")
    return said


def _said(told: Any, of: Form) -> Said:
    if not isinstance(told, dict) or not isinstance(told.get("item"), str):
        raise AnswersRefused(why="form")
    item = of.items.get(told["item"])
    if item is None:
        raise AnswersRefused(why="item", item=str(told["item"])[:60])
    if told.get("answer") not in ANSWERS:
        raise AnswersRefused(why="answer", item=item.id)
    base, text = told.get("base", 0), told.get("measure")
    if isinstance(base, bool) or not isinstance(base, int) or not 0 <= base < 1 << 31:
        raise AnswersRefused(why="form", item=item.id)
    measure = None if text in (None, "") else number(text)
    if text not in (None, "") and (measure is None or item.measure is None):
        raise AnswersRefused(why="measure", item=item.id)
    return Said(item.id, told["answer"], measure, base)


@transaction.atomic
def receive(
    seat: AuditSeat, sending: UUID, told: object, *, finish: bool, now: datetime
) -> Mapping[str, Any]:
    """
    Take a set of answers of a phone.

    Returns:
        `accepted`: item -> its revision now; `conflicts`: item -> what stands here (answer, measure, revision), where
        another answer was given elsewhere meanwhile; `missing`: items without an answer; `finished`.

    Raises:
        AnswersRefused, AuditFinished, SendingDiffers
    """
    ledger.line_up()
    seat = _locked(seat)
    digest = audit_tables.sha256(canonical([told, finish]))
    before = AuditSending.objects.filter(pk=sending).first()
    if before is not None:
        if before.seat_id != seat.pk or before.sha256 != digest:
            raise SendingDiffers
        return dict(before.reply)
    _still_open(seat)
    if seat.sendings.count() >= MOST_SENDINGS:
        raise AnswersRefused(why="many")
    reply = _put(seat, read(told, form_of(seat.audit.form)), now)
    missing = _missing(seat)
    finished = finish and not missing and not reply["conflicts"]
    if finished:
        _close(seat, now)
    reply |= {"missing": missing, "finished": finished}
    AuditSending.objects.create(id=sending, seat=seat, sha256=digest, reply=reply, received_at=now)
    return reply


@transaction.atomic
def put(seat: AuditSeat, said: Sequence[Said], *, now: datetime) -> Mapping[str, Any]:
    """
    Take answers of a page; as `receive`, without an id.

    Raises:
        AuditFinished
    """
    ledger.line_up()
    seat = _locked(seat)
    _still_open(seat)
    return _put(seat, said, now)


@transaction.atomic
def finish(seat: AuditSeat, *, now: datetime) -> None:
    """
    Say that all is answered; the answers are closed, and compared when the other one is done as well.

    Raises:
        AuditFinished
        AnswersRefused: `missing`.
    """
    ledger.line_up()
    seat = _locked(seat)
    _still_open(seat)
    missing = _missing(seat)
    if missing:
        raise AnswersRefused(why="missing", item=missing[0])
    _close(seat, now)


def _locked(seat: AuditSeat) -> AuditSeat:
    rows = AuditSeat.objects.select_for_update(of=("self",))
    return rows.select_related("audit__form", "audit__limits").get(pk=seat.pk)


def _still_open(seat: AuditSeat) -> None:
    if seat.finished_at or seat.audit.cancelled_at or seat.audit.decided_at:
        raise AuditFinished


def _put(seat: AuditSeat, said: Sequence[Said], now: datetime) -> dict[str, Any]:
    here = {row.item: row for row in seat.answers.all()}
    accepted: dict[str, int] = {}
    conflicts: dict[str, dict[str, Any]] = {}
    for one in said:
        row = here.get(one.item)
        if row is None:
            AuditAnswer.objects.create(
                seat=seat, item=one.item, answer=one.answer, measure=one.measure, received_at=now
            )
            accepted[one.item] = 1
        elif (row.answer, row.measure) == (one.answer, one.measure):
            accepted[one.item] = row.revision
        elif row.revision != one.base:
            conflicts[one.item] = as_told(row)
        else:
            row.answer, row.measure, row.received_at = one.answer, one.measure, now
            row.revision += 1
            row.save(update_fields=["answer", "measure", "received_at", "revision"])
            accepted[one.item] = row.revision
    return {"accepted": accepted, "conflicts": conflicts}


def as_told(row: AuditAnswer) -> dict[str, Any]:
    """An answer as a phone is told of it."""
    measure = "" if row.measure is None else plain(row.measure)
    return {"answer": row.answer, "measure": measure, "revision": row.revision}


def _missing(seat: AuditSeat) -> list[str]:
    here = set(seat.answers.values_list("item", flat=True))
    return [name for name in form_of(seat.audit.form).items if name not in here]


def _close(seat: AuditSeat, now: datetime) -> None:
    answers = as_json(given(seat.answers.all()))
    salt, hexadecimal = ledger.salted(canonical(answers))
    seat.finished_at, seat.salt, seat.digest = now, salt, bytes.fromhex(hexadecimal)
    seat.save(update_fields=["finished_at", "salt", "digest"])
    told: dict[str, str | int | bool | None] = {
        "audit": str(seat.audit_id), "seat": seat.number, "salted_sha256": hexadecimal
    }  # fmt: skip
    ledger.append("places.audit-answered", told, at=now)
    seats = list(seat.audit.seats.order_by("number"))
    if all(one.finished_at for one in seats):
        _compare(seat.audit, seats, now)


def _compare(audit: Audit, seats: Sequence[AuditSeat], now: datetime) -> None:
    form = form_of(audit.form)
    first, second = (given(one.answers.all()) for one in seats)
    found = compare(form, first, second, limits_of(audit.limits, form))
    value = found.kappa.value
    audit.agreement = {
        "items": found.kappa.items,
        "same": found.kappa.same,
        "kappa": None if value is None else [value.numerator, value.denominator],
        "why": found.kappa.why,
        "differences": [one.item for one in found.differences],
        "by_heading": {name: list(counts) for name, counts in found.by_heading.items()},
    }
    audit.both_at = now
    audit.save(update_fields=["agreement", "both_at"])
    told: dict[str, str | int | bool | None] = {
        "audit": str(audit.pk), "items": found.kappa.items, "same": found.kappa.same,
        "differences": len(found.differences),
    }  # fmt: skip
    ledger.append("places.audit-compared", told, at=now)
