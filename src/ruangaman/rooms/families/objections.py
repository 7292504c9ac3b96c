"""A child does not agree, or says that the age is wrong: kept, dated, and brought to who must answer."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from ruangaman.adapters import ids
from ruangaman.rooms.families import actions, children, lawdesk, officers
from ruangaman.rooms.families.errors import NotFound, SaysNothing
from ruangaman.rooms.families.models import AgeReview, Child, ConsentRequest, Guardian, Objection
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.vault import api as vault

FEELINGS = ("like", "dislike", "afraid")
LONGEST = 1000


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
    """A guardian of this child answers; the child reads it on the next visit."""
    row = Objection.objects.select_for_update().select_related("child").filter(pk=objection).first()
    if row is None:
        raise NotFound
    actions.relation_for(row.child, guardian, now=now)
    sealed = _words(row.child, "families.objection-reply", words, now)
    if sealed is None:
        raise SaysNothing
    Objection.objects.filter(pk=row.pk, answered_at__isnull=True).update(reply=sealed, answered_at=now)
    ledger.append("objection.answered", {"by": "guardian"}, at=now)


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
