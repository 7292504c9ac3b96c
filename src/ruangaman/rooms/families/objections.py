"""A child does not agree, or says that the age is wrong: kept, dated, and brought to who must answer."""

from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from ruangaman.adapters import ids
from ruangaman.rooms.families import actions, children, lawdesk, officers
from ruangaman.rooms.families.errors import NotFound, PassedOn, SaysNothing
from ruangaman.rooms.families.models import AgeReview, Child, ConsentRequest, Guardian, Objection
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.vault import api as vault

FEELINGS = ("like", "dislike", "afraid")
LONGEST = 1000
WHICH_START: Final = {
    "id": "Waktu petugas dihitung sejak waktu orang tua habis. Dihitung sejak anak menulis, waktunya sudah lewat.",
    "en": "The officers' time runs from the end of the parent's. Counted from when the child wrote, it is over.",
}
"""No source seen says from when the time runs of an objection that went home first."""


def _words(child: Child, kind: str, text: str, now: datetime) -> UUID | None:
    words = text.strip()[:LONGEST]
    return vault.seal(vault.FamilyRef(child.family), kind, words, now=now) if words else None


def hears_guardian(root: Child, now: datetime) -> bool:
    """Whether an objection of this person reaches a guardian; a grown-up's does not."""
    return not children.grown(root, now) and bool(children.guardians_of(root, now=now))


@transaction.atomic
def disagree(
    child: Child,
    *,
    now: datetime,
    request: ConsentRequest | None = None,
    words: str = "",
    feeling: str = "",
    right: str = "",
    service_ref: UUID | None = None,
) -> Objection:
    """Write an objection down; it goes to a proven guardian, or to an officer where there is none.

    Args:
        right: `copy` or `delete`, of the data at `service_ref`; goes to an officer and to the platform, never home.
    """
    if right and (right not in officers.RIGHTS or service_ref is None):
        raise SaysNothing
    if feeling and feeling not in FEELINGS:
        raise SaysNothing
    sealed = _words(child, "families.objection", words, now)
    if sealed is None and not feeling:
        raise SaysNothing
    to = "officer" if right else ("guardian" if hears_guardian(child.root, now) else "officer")
    jurisdiction = request.card["jurisdiction"] if request else "ID"
    due = lawdesk.matter_due(right or "objection", jurisdiction, now)
    row = Objection.objects.create(
        id=ids.new(now),
        family=child.family,
        child=child,
        request=request,
        to=to,
        feeling=feeling,
        words=sealed,
        created_at=now,
        due_at=due.due_at,
    )
    ledger.append("objection.made", {"to": to, "right": right or None}, at=now)
    if to == "officer":
        officers.raise_matter(
            right or "objection",
            row.pk,
            child,
            service_ref=service_ref,
            due=due,
            said=feeling,
            has_words=sealed is not None,
            at=now,
        )
    return row


@transaction.atomic
def reply(objection: UUID, *, guardian: Guardian, words: str, now: datetime) -> None:
    """A guardian of this child answers; the child reads it on the next visit. Raises NotFound, NotTheGuardian,
    PassedOn, SaysNothing.
    """
    ledger.line_up()
    row = Objection.objects.select_for_update().select_related("child").filter(pk=objection).first()
    if row is None:
        raise NotFound
    actions.relation_for(row.child, guardian, now=now)
    if row.passed_at is not None:
        raise PassedOn
    sealed = _words(row.child, "families.objection-reply", words, now)
    if sealed is None:
        raise SaysNothing
    Objection.objects.filter(pk=row.pk, answered_at__isnull=True).update(reply=sealed, answered_at=now)
    ledger.append("objection.answered", {"by": "guardian"}, at=now)


def unanswered(now: datetime) -> list[UUID]:
    """Objections whose guardian let the time pass."""
    late = Objection.objects.filter(
        to="guardian", answered_at__isnull=True, passed_at__isnull=True, due_at__lt=now
    )
    return list(late.values_list("pk", flat=True))


@transaction.atomic
def pass_on(objection: UUID, *, now: datetime) -> bool:
    """What its guardian did not answer passes to the officers, once, at its due instant; False when it does not."""
    ledger.line_up()
    row = (
        Objection.objects.select_for_update(of=("self",)).select_related("child", "request").get(pk=objection)
    )
    late = row.due_at
    if row.to != "guardian" or row.answered_at or row.passed_at or late is None or late >= now:
        return False
    due = lawdesk.matter_due("objection", row.request.card["jurisdiction"] if row.request else "ID", late)
    # The earliest reading of the law counts from the child's letter; then the time is over already.
    due = replace(due, safe_at=late, doubt=WHICH_START)
    row.passed_at, row.due_at = late, due.due_at
    row.save(update_fields=["passed_at", "due_at"])
    ledger.append("objection.passed-on", {}, at=late)
    officers.raise_matter(
        "objection",
        row.pk,
        row.child,
        service_ref=row.request.service_ref if row.request else None,
        due=due,
        said=row.feeling,
        has_words=row.words is not None,
        at=late,
    )
    return True


@transaction.atomic
def wrong_age(child: Child, *, direction: str, words: str, now: datetime) -> AgeReview:
    """Keep "my age is wrong" for a person to decide; an open one of the same child is not doubled."""
    if direction not in ("older", "younger", "never"):
        raise SaysNothing
    open_one = AgeReview.objects.filter(child=child, decided_at__isnull=True).first()
    if open_one is not None:
        return open_one
    due = lawdesk.matter_due("age", "ID", now)
    row = AgeReview.objects.create(
        id=ids.new(now),
        family=child.family,
        child=child,
        direction=direction,
        words=_words(child, "families.age-review", words, now),
        created_at=now,
        due_at=due.due_at,
    )
    ledger.append("age.contested", {"direction": direction}, at=now)
    officers.raise_matter(
        "age",
        row.pk,
        child,
        service_ref=None,
        due=due,
        said=direction,
        has_words=row.words is not None,
        at=now,
    )
    return row
