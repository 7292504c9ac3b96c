"""What waits for an officer or a platform: taken up when it is raised, read under a trace, answered once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Q, QuerySet

from ruangaman.adapters import ids
from ruangaman.rooms.access import events
from ruangaman.rooms.access.bounds import MOST_YEARS
from ruangaman.rooms.access.errors import AnswerRefused, MatterAnswered, MatterClosed, NotFound
from ruangaman.rooms.access.models import AccessSession, Matter, MatterReading
from ruangaman.rooms.access.models.desk import DECISIONS, OF_PLATFORM
from ruangaman.rooms.families import api as families
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.vault import api as vault

RAISED: Final = "matter.raised"
MOVED: Final = "child.moved"
LONGEST: Final = 1000  # characters of a reason
EVIDENCE: Final = ("self_declared", "guardian_attested", "verified")


@dataclass(frozen=True, slots=True)
class Corrected:
    """The age that an officer found right, in whole years with both ends included, and what it rests on."""

    at_least: int | None
    at_most: int | None
    evidence: str

    def facts(self) -> dict[str, int]:
        """As the law's facts say it; raises AnswerRefused."""
        ends = {
            name: value
            for name, value in (("at_least", self.at_least), ("at_most", self.at_most))
            if value is not None
        }
        upside_down = None not in (self.at_least, self.at_most) and ends["at_least"] > ends["at_most"]
        if not ends or upside_down or any(not 0 <= value <= MOST_YEARS for value in ends.values()):
            raise AnswerRefused(why="age")
        if self.evidence not in EVIDENCE:
            raise AnswerRefused(why="age")
        return ends


def _instant(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def take_up(event: families.ConsentEvent) -> None:
    """Keep what was raised in `families`, inside its transaction, and tell the platform what it must answer itself."""
    session = AccessSession.objects.select_related("service").filter(child=event.child).first()
    if session is None:
        return
    facts = event.facts
    row = Matter.objects.create(
        id=ids.new(event.at),
        kind=facts["matter"],
        ref=UUID(facts["ref"]),
        session=session,
        by=facts["by"],
        said=facts["said"],
        has_words=facts["has_words"],
        raised_at=event.at,
        due_at=_instant(facts["due_at"]),
        safe_at=_instant(facts["safe_at"]),
        articles=list(facts["articles"]),
        doubt=dict(facts["doubt"]),
    )
    if row.of_platform:
        tell_made(row, event.at)


def follow(event: families.ConsentEvent) -> None:
    """Seal the answers to this child anew under the key of the family that it joined."""
    rows = Matter.objects.filter(session__child=event.child, reason__isnull=False)
    family = vault.FamilyRef(UUID(event.facts["family"]))
    refs = [vault.SealedRef(ref) for ref in rows.values_list("reason", flat=True) if ref]
    vault.move(refs, family, now=event.at)
    rows.update(family=family)


def close_forgotten(event: families.ConsentEvent) -> None:
    """Nobody is left to read an answer: what waits for this child closes with that reason, and leaves its entry."""
    rows = Matter.objects.select_for_update(of=("self",)).select_related("session__service")
    for row in rows.filter(session__child=event.child, answered_at__isnull=True, forgotten_at__isnull=True):
        row.forgotten_at = event.at
        row.save(update_fields=["forgotten_at"])
        ledger.append(
            "matter.closed",
            {"kind": row.kind, "session": row.session.ledger_name, "why": "family-forgotten"},
            at=event.at,
        )


def tell_made(row: Matter, at: datetime) -> None:
    """Tell the platform that it must answer."""
    _tell(row, "data_request.made", at)


def _tell(row: Matter, kind: str, at: datetime, **more: Any) -> None:
    facts = {
        "data_request": str(row.id),
        "right": row.kind,
        "due_at": row.due_at.isoformat() if row.due_at else None,
    }
    _event(row, kind, facts | more, at)


def _event(row: Matter, kind: str, facts: dict[str, Any], at: datetime) -> None:
    events.write(
        kind,
        operator=row.session.service.operator,
        service=row.session.service,
        session=row.session,
        sandbox=row.session.sandbox,
        facts=facts,
        at=at,
    )


def waiting(turn: str = "") -> QuerySet[Matter]:
    """What is not answered, the earliest due first, what has no due time last. `turn`: house, platform or empty."""
    rows = Matter.objects.filter(answered_at__isnull=True, forgotten_at__isnull=True, session__sandbox=False)
    return in_order(rows, turn)


def in_order(rows: QuerySet[Matter], turn: str = "") -> QuerySet[Matter]:
    """These rows in the order in which they fall due."""
    rows = rows.select_related("session__service")
    if turn:
        of_platform = Q(kind__in=OF_PLATFORM)
        rows = rows.filter(of_platform if turn == "platform" else ~of_platform)
    return rows.order_by(F("due_at").asc(nulls_last=True), "raised_at", "id")


def answered(limit: int = 20) -> Sequence[Matter]:
    """The latest answers."""
    rows = Matter.objects.filter(answered_at__isnull=False, session__sandbox=False)
    return list(rows.select_related("session__service", "officer").order_by("-answered_at")[:limit])


def get(ref: UUID) -> Matter:
    """One matter; raises NotFound."""
    rows = Matter.objects.select_related("session__service", "officer").filter(session__sandbox=False)
    row = rows.filter(pk=ref).first()
    if row is None:
        raise NotFound(what="matter")
    return row


def has_read(row: Matter, officer: User) -> bool:
    """Whether this officer has opened it before."""
    return MatterReading.objects.filter(matter=row, officer=officer).exists()


@transaction.atomic
def read(ref: UUID, officer: User, *, now: datetime) -> None:
    """Note that this officer opens what was written; once for each officer, and in the ledger."""
    row = get(ref)
    _, first = MatterReading.objects.get_or_create(matter=row, officer=officer, defaults={"at": now})
    if first:
        ledger.append(
            "matter.read",
            {"kind": row.kind, "session": row.session.ledger_name, "officer": officer.pk},
            at=now,
        )


def words(row: Matter, officer: User) -> str:
    """What was written, for an officer who has opened it; empty once it is forgotten. Raises AnswerRefused."""
    if not has_read(row, officer):
        raise AnswerRefused(why="unread")
    try:
        return families.matter_words(
            row.kind, row.ref, purpose="let an officer answer what was written to the officers"
        )
    except vault.Forgotten:
        return ""


def recorded_age(row: Matter, officer: User) -> dict[str, Any] | None:
    """What is known of the age, for an officer who has opened a contest of it; raises AnswerRefused."""
    if row.kind != "age":
        return None
    if not has_read(row, officer):
        raise AnswerRefused(why="unread")
    try:
        return families.child_age(families.ChildRef(row.session.child))
    except vault.Forgotten:
        return None


def reason_of(row: Matter) -> dict[str, str]:
    """The reason of an answer in both languages; empty words when it was not written, or forgotten."""
    if row.reason is None:
        return {"id": "", "en": ""}
    try:
        found = vault.reveal(vault.SealedRef(row.reason), purpose="show the answer to whom it was given")
    except vault.Forgotten:
        return {"id": "", "en": ""}
    return {"id": str(found.get("id", "")), "en": str(found.get("en", ""))}


def _locked(ref: UUID) -> Matter:
    rows = Matter.objects.select_related("session__service").select_for_update(of=("self",))
    row = rows.filter(pk=ref).first()
    if row is None:
        raise NotFound(what="matter")
    if row.answered_at is not None:
        raise MatterAnswered
    if row.forgotten_at is not None:
        raise MatterClosed
    return row


def _keep(row: Matter, decision: str, reason: dict[str, str], *, now: datetime) -> None:
    said = {name: text.strip()[:LONGEST] for name, text in reason.items() if text.strip()}
    if decision not in DECISIONS:
        raise AnswerRefused(why="decision")
    if "id" not in said:
        raise AnswerRefused(why="reason")
    row.family = families.family_of(families.ChildRef(row.session.child))
    try:
        row.reason = vault.seal(vault.FamilyRef(row.family), "access.matter-reason", said, now=now)
    except vault.Forgotten:
        raise AnswerRefused(why="forgotten") from None
    row.decision, row.answered_at = decision, now
    row.save(update_fields=["family", "reason", "decision", "answered_at", "officer", "role"])
    families.matter_answered(row.kind, row.ref, now=now)
    by = "house" if row.officer_id else "platform"
    ledger.append(
        "matter.answered",
        {
            "kind": row.kind,
            "decision": decision,
            "session": row.session.ledger_name,
            "by": by,
            "officer": row.officer_id,
        },
        at=now,
    )
    if row.of_platform:
        _tell(row, "data_request.answered", now, decision=decision, answered_by=by)


@transaction.atomic
def answer(
    ref: UUID,
    officer: User,
    *,
    decision: str,
    reason: str,
    corrected: Corrected | None = None,
    now: datetime,
) -> None:
    """
    An officer of the house answers. A granted contest of an age sets the age, and the law is asked anew at every
    service of this person; a granted complaint reminds the platform once more.

    Raises:
        NotFound; MatterAnswered; AnswerRefused: no decision or reason, not read before, or no age to set.
    """
    row = _locked(ref)
    if row.has_words and not has_read(row, officer):
        raise AnswerRefused(why="unread")
    row.officer = officer
    granted = decision == "granted"
    age = None
    if row.kind == "age" and granted:
        age = (corrected or Corrected(None, None, "")).facts()
    _keep(row, decision, {"id": reason}, now=now)
    if age is not None and corrected is not None:
        _correct(row, age, corrected.evidence, now)
    if row.kind == "complaint" and granted:
        task = families.deletion(families.DeletionRef(row.ref))
        due = task.due_at.isoformat() if task.due_at else None
        told = {"deletion": str(row.ref), "reason": task.reason, "due_at": due, "late": True}
        _event(row, "deletion.due", told, now)


def _correct(row: Matter, age: dict[str, int], evidence: str, now: datetime) -> None:
    """Set the age wherever this person is known, and tell each platform that it may have changed."""
    from ruangaman.rooms.access import sessions

    children = families.rows_of_person(families.ChildRef(row.session.child))
    for session in AccessSession.objects.select_related("service").filter(child__in=children):
        sessions.correct_age(session, age, evidence, now=now)


@transaction.atomic
def answer_by_platform(
    ref: UUID, *, decision: str, reason: dict[str, str], role: str, now: datetime
) -> Matter:
    """The platform answers a request about the data that it holds; the caller has seen that it is its own.

    Raises:
        NotFound, MatterAnswered, AnswerRefused
    """
    row = _locked(ref)
    row.role = role
    _keep(row, decision, reason, now=now)
    return row


def answers_to(refs: Sequence[UUID]) -> list[families.OfficerAnswer]:
    """The answers to what was raised in `families`, for its pages."""
    rows = Matter.objects.select_related("session__service").filter(ref__in=refs, answered_at__isnull=False)
    found = []
    for row in rows:
        said = reason_of(row)
        assert row.answered_at is not None
        found.append(
            families.OfficerAnswer(
                ref=row.ref,
                kind=row.kind,
                decision=row.decision,
                text=families.Text(id=said["id"], en=said["en"]),
                by="" if row.officer_id else row.session.service.name,
                at=row.answered_at,
            )
        )
    return found
