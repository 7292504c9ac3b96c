"""
What a moderator does: opens a report, says it anew in plain words or says why not, joins what is the same, sends it on.

Nothing that somebody wrote is shown by itself; what is shown was written by an adult and finds nobody.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Min, Q, QuerySet

from ruangaman.core.reports import holding, states
from ruangaman.core.reports.grid import Cell
from ruangaman.core.reports.states import Told
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.places.errors import NotFound
from ruangaman.rooms.places.models import City, Report, ReportStep
from ruangaman.rooms.places.report_errors import ReportOver, ReportRefused
from ruangaman.rooms.places.reports import clocks, letters, sending, tables
from ruangaman.rooms.places.roles import Acting
from ruangaman.rooms.vault import api as vault

LANGUAGES: Final = ("id", "en")
Facts = dict[str, str | int | bool | None]


def mine(city: City, who: Acting) -> QuerySet[Report]:
    """The reports of a city that this person may see: those of their area, or of their office."""
    rows = Report.objects.filter(city=city)
    rows = rows.filter(body__in=who.bodies) if who.bodies else rows
    return rows.filter(who.where("area"))


def waiting(city: City, who: Acting) -> QuerySet[Report]:
    """What nobody has decided: danger first, then what is due first."""
    rows = mine(city, who).filter(state=states.RECEIVED, forgotten_at__isnull=True)
    due = Min("clocks__due_at", filter=Q(clocks__what="moderate"))
    return rows.annotate(due=due).order_by("-danger", "-urgent", "due", "id")


def get(city: City, who: Acting, ref: UUID) -> Report:
    """One report; raises NotFound, of another area too."""
    rows = Report.objects.select_related("city", "joined_to", "opened_by")
    row = rows.filter(city=city, pk=ref).first()
    if row is None or not who.sees(row.area, row.body):
        raise NotFound(what="report")
    return row


def locked(city: City, who: Acting, ref: UUID, wanted: str) -> Report:
    """A report whose state is to become another; raises NotFound, ReportOver."""
    ledger.line_up()
    rows = Report.objects.select_for_update(of=("self",)).select_related("city")
    row = rows.filter(city=city, pk=ref).first()
    if row is None or not who.sees(row.area, row.body):
        raise NotFound(what="report")
    if wanted and wanted not in states.NEXT[row.state]:
        raise ReportOver
    return row


@transaction.atomic
def open_it(city: City, who: Acting, ref: UUID, *, now: datetime) -> None:
    """This person may read it now, and nobody else until another opens it; raises NotFound, ReportOver."""
    row = locked(city, who, ref, states.REFUSED)
    if row.opened_by_id == who.user.pk:
        return
    row.opened_at, row.opened_by = now, who.user
    row.save(update_fields=["opened_at", "opened_by"])
    ledger.append("report.opened", {"report": row.ledger_name, "by": who.user.pk}, at=now)


def words(row: Report, who: Acting) -> str:
    """What was told, for who opened it; empty for everybody else."""
    return sending.words_of(row) if row.opened_by_id == who.user.pk else ""


@transaction.atomic
def publish(
    city: City,
    who: Acting,
    ref: UUID,
    *,
    said: Mapping[str, str],
    body: str,
    private: bool,
    photo: bool,
    now: datetime,
) -> Report:
    """
    Accept a report, in the moderator's words, and send it to the body that takes care of it.

    Args:
        said: {id, en}, both written: plain, finding nobody, and not the original.
        private: it is answered and not listed; a kind that is private stays so.
        photo: an adult looked, and no face is on it. False: the photo is destroyed.

    Raises:
        NotFound; ReportOver: another person has it, or it was decided. ReportRefused: the words or the body.
    """
    row = _opened(city, who, ref, states.PUBLISHED)
    rules = tables.kinds(city)
    found = plain_words(city, said, rules.limits.published)
    original = sending.words_of(row)
    if any(holding.copied(original, text, rules.limits.copied_words) for text in found.values()):
        raise ReportRefused(why="original")
    if body not in tables.bodies(city).of:
        raise ReportRefused(why="body")
    row.state, row.text_id, row.text_en, row.body = states.PUBLISHED, found["id"], found["en"], body
    row.private = row.private or private
    row.published_at = now
    row.serial = (Report.objects.filter(city=city).aggregate(n=Max("serial"))["n"] or 0) + 1
    if row.photo_state == "waiting":
        row.photo_by = who.user
        if photo and not row.private:
            row.photo_state = "shown"
        else:
            _drop_photo(row, now)
    row.save()
    clocks.meet(row, ("moderate",), now)
    sending.start_clock(row, "answer", now)
    sending.start_clock(row, "solve", now)
    step(row, who, "published", now, body=body, said=found)
    letters.tell_office(row, now)
    return row


@transaction.atomic
def refuse(
    city: City, who: Acting, ref: UUID, *, reason: str, said: Mapping[str, str], now: datetime
) -> Report:
    """
    Say why it is not shown, in plain words for its sender alone; the photo is destroyed.

    Raises:
        NotFound; ReportOver: another person has it, or it was decided. ReportRefused: no reason, or no words.
    """
    row = _opened(city, who, ref, states.REFUSED)
    if reason not in tables.kinds(city).refusals:
        raise ReportRefused(why="reason")
    found = plain_words(city, said, tables.kinds(city).limits.answer)
    family = vault.open_family(now=now)
    row.answer_family, row.answer = family, vault.seal(family, "places.report-answer", found, now=now)
    row.state, row.refusal = states.REFUSED, reason
    _drop_photo(row, now)
    row.save()
    clocks.meet(row, ("moderate",), now)
    clocks.close(row, now)
    told: Facts = {"report": row.ledger_name, "reason": reason, "by": who.user.pk}
    ledger.append("report.refused", told, at=now)
    return row


@transaction.atomic
def join(city: City, who: Acting, ref: UUID, to: UUID, *, now: datetime) -> Report:
    """
    The same was told before: from now its sender reads the answer of the other one, which counts one more.

    Danger goes over, and clocks never end later than they would have.

    Raises:
        NotFound; ReportOver: one of them has ended, or another person has it.
        ReportRefused: a hazard and an idea, one private and one not, or itself.
    """
    ledger.line_up()
    row = locked(city, who, ref, states.JOINED)
    if row.state == states.RECEIVED and row.opened_by_id != who.user.pk:
        raise ReportOver
    other = locked(city, who, to, states.JOINED)
    if other.pk == row.pk or other.of != row.of or row.private != other.private:
        raise ReportRefused(why="join")
    Report.objects.filter(joined_to=row).update(joined_to=other)
    row.state, row.joined_to = states.JOINED, other
    _drop_photo(row, now)
    row.save()
    clocks.meet(row, ("moderate", "answer", "solve", "vote"), now)
    if row.urgent and not other.urgent:
        other.urgent, other.danger = True, other.danger or row.danger
        other.save(update_fields=["urgent", "danger"])
        clocks.hurry(other, now)
    told: Facts = {"report": row.ledger_name, "to": other.ledger_name, "by": who.user.pk}
    ledger.append("report.joined", told, at=now)
    return other


@transaction.atomic
def send(city: City, who: Acting, ref: UUID, body: str, *, now: datetime) -> Report:
    """Another body takes care of it; its clocks go on. Raises NotFound, ReportOver, ReportRefused."""
    row = locked(city, who, ref, states.ANSWERED)
    if body not in tables.bodies(city).of or body == row.body:
        raise ReportRefused(why="body")
    row.body = body
    row.save(update_fields=["body"])
    step(row, who, "sent", now, body=body)
    letters.tell_office(row, now)
    return row


@transaction.atomic
def take_photo_down(city: City, who: Acting, ref: UUID, *, now: datetime) -> None:
    """A photo that should not have been shown is destroyed at once; raises NotFound."""
    row = locked(city, who, ref, "")
    if row.photo:
        _drop_photo(row, now)
        row.save(update_fields=["photo", "photo_state"])
        told: Facts = {"report": row.ledger_name, "by": who.user.pk}
        ledger.append("report.photo-taken-down", told, at=now)


def done_photos(city: City, who: Acting) -> QuerySet[ReportStep]:
    """Photos of what was done that wait for a look by somebody other than who sent them."""
    rows = ReportStep.objects.filter(report__in=mine(city, who), photo_state="waiting")
    return rows.exclude(photo_by=who.user).select_related("report__city").order_by("id")


@transaction.atomic
def look_at_done(city: City, who: Acting, ref: UUID, *, show: bool, now: datetime) -> None:
    """
    Show the photo of what was done, once an adult saw that no face is on it; else it is destroyed, also one that is
    shown.

    Raises:
        NotFound. ReportRefused: there is none, or the same person sent it.
    """
    row = locked(city, who, ref, "")
    one = row.steps.exclude(photo=[]).filter(photo_state__in=("waiting", "shown")).last()
    if one is None:
        raise ReportRefused(why="photo-none")
    if show and one.photo_by_id == who.user.pk:
        raise ReportRefused(why="photo-own")
    if not show:
        for part in one.photo:
            vault.forget(vault.SealedRef(UUID(part)), now=now)
        one.photo = []
    one.photo_state = "shown" if show else "refused"
    one.save(update_fields=["photo", "photo_state"])
    told: Facts = {"report": row.ledger_name, "shown": show, "by": who.user.pk}
    ledger.append("report.done-photo-looked", told, at=now)


def alike(city: City, who: Acting, row: Report) -> Sequence[tuple[Report, float]]:
    """Which others may be the same, the nearest first, with their metres."""
    rule = tables.kinds(city).alike
    others = mine(city, who).filter(kind=row.kind, private=row.private, forgotten_at__isnull=True)
    others = others.filter(state__in=(states.RECEIVED, *states.OPEN)).exclude(pk=row.pk)
    known = {str(one.pk): one for one in others}
    found = states.alike(_told(row), ((name, _told(one)) for name, one in known.items()), rule)
    return [(known[name], metres) for name, metres in found]


def step(
    row: Report,
    who: Acting,
    what: str,
    now: datetime,
    *,
    body: str = "",
    said: Mapping[str, str] | None = None,
    reason: str = "",
    planned_on: date | None = None,
    done_on: date | None = None,
    photo: Sequence[str] = (),
) -> ReportStep:
    """Note what happened, for its readers and in the ledger."""
    told: Facts = {"report": row.ledger_name, "by": who.user.pk, "body": body or row.body}
    entry = ledger.append(f"report.{what.replace('_', '-')}", told, at=now)
    words = said or {"id": "", "en": ""}
    return ReportStep.objects.create(
        report=row, what=what, at=now, by=who.user, body=body, text_id=words["id"], text_en=words["en"],
        reason=reason, planned_on=planned_on, done_on=done_on, photo=list(photo),
        photo_state="waiting" if photo else "", photo_by=who.user if photo else None, entry=entry.index,
    )  # fmt: skip


def plain_words(city: City, said: Mapping[str, str], longest: int) -> dict[str, str]:
    """
    Words that others will read, in both languages.

    Raises:
        ReportRefused: one is missing or too long, or something in them finds somebody; `what` says what.
    """
    found = {language: str(said.get(language, "")).strip() for language in LANGUAGES}
    if not all(found.values()):
        raise ReportRefused(why="words")
    if any(len(text) > longest for text in found.values()):
        raise ReportRefused(why="long")
    held = {what for text in found.values() for what in holding.held(text, tables.kinds(city).held)}
    if held:
        raise ReportRefused(why="personal", what=", ".join(sorted(held)))
    return found


def _opened(city: City, who: Acting, ref: UUID, wanted: str) -> Report:
    row = locked(city, who, ref, wanted)
    if row.opened_by_id != who.user.pk:
        raise ReportOver
    return row


def _drop_photo(row: Report, now: datetime) -> None:
    for one in row.photo:
        vault.forget(vault.SealedRef(UUID(one)), now=now)
    if row.photo:
        row.photo, row.photo_state = [], "refused"


def _told(row: Report) -> Told:
    cell = None if row.row is None else Cell(row.row, row.column or 0, row.metres or 1)
    return Told(row.kind, cell, row.place, row.area, row.raised_at)
