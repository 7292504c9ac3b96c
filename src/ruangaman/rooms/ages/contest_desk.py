"""
What an officer does with a contest: opens it once, sees each file once, decides once. Each act stands in the ledger.

`officer` is an account of the staff; who is one is asked by the desk of the room above.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Q, QuerySet

from ruangaman.rooms.ages import config, contests, counting
from ruangaman.rooms.ages.contests import AgeReviewed
from ruangaman.rooms.ages.errors import ContestOpened, ContestOver, ContestRefused, NotFound
from ruangaman.rooms.ages.models import Contest, ContestFile
from ruangaman.rooms.ages.models.contests import DECISIONS
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.vault import api as vault

LONGEST: Final = 1000
"""Characters of a reason."""
EVIDENCE: Final = ("self_declared", "guardian_attested", "verified")


@dataclass(frozen=True, slots=True)
class Shown:
    """One file as an officer sees it, once: what it is, and its bytes in parts."""

    media_type: str
    name: str
    parts: Sequence[bytes]


def waiting() -> QuerySet[Contest]:
    """What nobody decided, the earliest due first; what the law gives no time last."""
    rows = Contest.objects.filter(decided_at__isnull=True, forgotten_at__isnull=True)
    rows = rows.select_related("question", "opened_by")
    return rows.order_by(F("due_at").asc(nulls_last=True), "raised_at", "id")


def decided(limit: int = 20) -> Sequence[Contest]:
    """The latest decisions."""
    rows = Contest.objects.filter(decided_at__isnull=False).select_related("question", "officer")
    return list(rows.order_by("-decided_at")[:limit])


def get(ref: UUID) -> Contest:
    """One contest; raises NotFound."""
    rows = Contest.objects.select_related("question", "opened_by", "officer")
    row = rows.filter(pk=ref).first()
    if row is None:
        raise NotFound
    return row


def _locked(ref: UUID) -> Contest:
    ledger.line_up()
    row = Contest.objects.select_for_update(of=("self",)).select_related("question").filter(pk=ref).first()
    if row is None:
        raise NotFound
    if row.decided_at is not None or row.forgotten_at is not None:
        raise ContestOver
    return row


def may_take_over(row: Contest, officer: User, now: datetime) -> bool:
    """Whether another officer may go on with it: its time is over, or the account of who opened it is closed."""
    if row.opened_by is None or row.opened_by_id == officer.pk:
        return False
    return not row.opened_by.is_active or (row.due_at is not None and now >= row.due_at)


@transaction.atomic
def open_it(ref: UUID, officer: User, *, now: datetime) -> None:
    """
    This officer takes the contest and may read it; nobody else may, unless its time runs out.

    Raises:
        NotFound, ContestOver; ContestOpened: another officer has it.
    """
    row = _locked(ref)
    if row.opened_by_id == officer.pk:
        return
    again = row.opened_by_id is not None
    if again and not may_take_over(row, officer, now):
        raise ContestOpened
    row.opened_at, row.opened_by = now, officer
    row.save(update_fields=["opened_at", "opened_by"])
    ledger.append(
        "contest.taken-over" if again else "contest.opened",
        {"contest": row.ledger_name, "officer": officer.pk},
        at=now,
    )


def words(row: Contest, officer: User) -> str:
    """What was told, for the officer who has it; empty for everybody else."""
    return contests.words_of(row) if row.opened_by_id == officer.pk else ""


@transaction.atomic
def show_file(ref: UUID, place: int, officer: User, *, now: datetime) -> Shown:
    """
    One file, for the one time that it can be seen: its key is destroyed before it is handed out.

    Raises:
        NotFound, ContestOver; ContestOpened: another officer has the contest, or the file was shown.
    """
    row = _locked(ref)
    if row.opened_by_id != officer.pk:
        raise ContestOpened
    file = ContestFile.objects.select_for_update().filter(contest=row, place=place).first()
    if file is None:
        raise NotFound
    if file.shown_at is not None:
        raise ContestOpened
    try:
        parts = contests.data_of(file)
    except vault.Forgotten:
        raise ContestOver from None
    facts: dict[str, str | int | bool | None] = {
        "contest": row.ledger_name,
        "officer": officer.pk,
        "file": place,
    }
    ledger.append("contest.file-shown", facts, at=now)
    assert file.family is not None
    vault.forget_family(vault.FamilyRef(file.family), now=now)
    file.shown_at, file.shown_to, file.family, file.parts = now, officer, None, []
    file.save(update_fields=["shown_at", "shown_to", "family", "parts"])
    return Shown(file.media_type, f"{row.number}-{place}.{file.kind}", parts)


@transaction.atomic
def decide(
    ref: UUID,
    officer: User,
    *,
    decision: str,
    reason: Mapping[str, str],
    age: Mapping[str, int] | None = None,
    evidence: str = "",
    now: datetime,
) -> Contest:
    """
    Decide, and destroy all that was told and shown, in one transaction; the account above follows with it.

    Args:
        reason: {id, en}, both written; the person reads it.
        age: what was found right, {at_least, at_most} in completed years; for a granted contest of a check. "Older"
            needs it; without it "younger" stays as it was said, and of "never" nothing is known any more.

    Raises:
        NotFound, ContestOver; ContestOpened: another officer has it, or nobody opened it.
        ContestRefused: no decision, no reason in both languages, no age, or none that can be.
    """
    row = _locked(ref)
    if row.opened_by_id != officer.pk:
        raise ContestOpened
    said = {language: str(reason.get(language, "")).strip()[:LONGEST] for language in ("id", "en")}
    if decision not in DECISIONS:
        raise ContestRefused(why="decision")
    if not all(said.values()):
        raise ContestRefused(why="reason")
    told = dict(age or {}) if decision == "granted" and row.ref is not None else {}
    if told and evidence not in EVIDENCE:
        raise ContestRefused(why="age")
    if decision == "granted" and row.kind == "older" and row.ref is not None and not told:
        raise ContestRefused(why="age")
    family = vault.open_family(now=now)
    row.answer, row.reason = family, vault.seal(family, "ages.contest-reason", said, now=now)
    row.decision, row.decided_at, row.officer = decision, now, officer
    row.forget_at = now + config.contest_forgets_after()
    _destroy(row, now)
    row.save()
    facts: dict[str, str | int | bool | None] = {
        "contest": row.ledger_name,
        "kind": row.kind,
        "decision": decision,
        "officer": officer.pk,
        "late": row.due_at is not None and now > row.due_at,
    }
    ledger.append("contest.decided", facts, at=now)
    _follow(row, told, evidence, now)
    return row


def _destroy(row: Contest, now: datetime) -> None:
    """Destroy the keys of what was told and shown, and with them every sealed part."""
    families = [row.evidence, *row.files.values_list("family", flat=True)]
    for family in (one for one in families if one is not None):
        vault.forget_family(vault.FamilyRef(family), now=now)
    row.evidence = row.words = None
    row.files.all().delete()


def _follow(row: Contest, age: Mapping[str, int], evidence: str, now: datetime) -> None:
    """What the decision means for the account of the check."""
    if row.ref is None:
        return
    if age:
        contests.tell(AgeReviewed(row.ref, "corrected", age, evidence, now))
    elif row.kind == "never":
        granted = row.decision == "granted"
        contests.tell(AgeReviewed(row.ref, "dropped" if granted else "released", {}, "", now))


def settle_due(now: datetime) -> int:
    """
    What time does: a contest whose clock ran out is marked, at its due second; what is kept too long is forgotten.

    One job, idempotent; each contest in a transaction of its own.
    """
    late = Contest.objects.filter(
        due_at__lte=now, late_at__isnull=True, decided_at__isnull=True, forgotten_at__isnull=True
    )
    over = Contest.objects.filter(forget_at__lte=now, forgotten_at__isnull=True)
    done = sum(_mark_late(pk, now) for pk in late.values_list("pk", flat=True))
    done += sum(forget(pk, now=now) for pk in over.values_list("pk", flat=True))
    counting.forget_old(now)
    return done


@transaction.atomic
def _mark_late(ref: UUID, now: datetime) -> bool:
    ledger.line_up()
    rows = Contest.objects.select_for_update().filter(pk=ref, late_at__isnull=True, decided_at__isnull=True)
    row = rows.filter(due_at__lte=now, forgotten_at__isnull=True).first()
    if row is None or row.due_at is None:
        return False
    row.late_at = row.due_at
    row.save(update_fields=["late_at"])
    ledger.append("contest.late", {"contest": row.ledger_name}, at=row.due_at)
    return True


@transaction.atomic
def forget(ref: UUID, *, now: datetime, at_once: bool = False) -> bool:
    """
    Forget what is still kept of a contest: words and files of an undecided one, the reason of a decided one.

    An age that "I never checked" held stays unknown: it is dropped, since nobody found it right.
    """
    ledger.line_up()
    rows = Contest.objects.select_for_update(of=("self",)).filter(pk=ref, forgotten_at__isnull=True)
    row = rows.filter(Q() if at_once else Q(forget_at__lte=now)).first()
    if row is None:
        return False
    undecided = row.decided_at is None
    _destroy(row, now)
    if row.answer is not None:
        vault.forget_family(vault.FamilyRef(row.answer), now=now)
    row.answer = row.reason = None
    row.salt = b""
    row.forgotten_at = now if at_once else row.forget_at
    row.save()
    facts: dict[str, str | int | bool | None] = {"contest": row.ledger_name, "decided": not undecided}
    ledger.append("contest.forgotten", facts, at=row.forgotten_at)
    if undecided and row.kind == "never" and row.ref is not None and not at_once:
        contests.tell(AgeReviewed(row.ref, "dropped", {}, "", now))
    return True


@transaction.atomic
def forget_account(ref: UUID, *, now: datetime) -> None:
    """The account was forgotten with its family: what its contests still keep goes too."""
    for pk in Contest.objects.filter(ref=ref, forgotten_at__isnull=True).values_list("pk", flat=True):
        forget(pk, now=now, at_once=True)
