"""Children: what is known of them stands sealed; a family grows when a guardian proves to have more than
one child.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Model
from django.urls import reverse

from ruangaman.adapters import ids
from ruangaman.core.nicknames import is_nickname
from ruangaman.rooms.families import age as ages
from ruangaman.rooms.families import events, lawdesk, tokens
from ruangaman.rooms.families.errors import NicknameRefused, NotFound
from ruangaman.rooms.families.models import (
    AgeReview,
    Child,
    Claim,
    ConsentRequest,
    DeletionTask,
    Guardian,
    Invite,
    Objection,
    OneTimeWord,
    Outgoing,
    Permission,
    Receipt,
    RecordEvent,
    Relation,
    ShortCode,
    Shown,
    Token,
    Watch,
)
from ruangaman.rooms.families.types import ChildRef, ConsentEvent, ServiceCard
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.vault import api as vault

MOVED = "child.moved"
"""Told when a child joins another family, so that what a higher room sealed under the old key follows."""


def local_day(now: datetime, jurisdiction: str = "ID") -> date:
    """The day on which an instant falls where the law counts its days."""
    return now.astimezone(lawdesk.zone(jurisdiction)).date()


def day_hash(day: date) -> bytes:
    """The keyed hash of a day: whoever reads the table learns no birthday."""
    return vault.lookup("families.band-day", day.isoformat())


def turn_hash(age: Mapping[str, Any] | None, after: date) -> bytes | None:
    """The keyed hash of the next birthday after a day that changes something; None when there is none."""
    day = ages.next_turn(age, after)
    return day_hash(day) if day else None


class AgeTold(NamedTuple):
    """An age as it was told: facts of the law, evidence, when, and the earliest birth date that is left (yyyymmdd)."""

    age: dict[str, Any]
    evidence: str
    assurance: str | None
    at: datetime
    born_from: int | None


def get(child: UUID) -> Child:
    """The row of a child; raises NotFound."""
    try:
        return Child.objects.select_related("person").get(pk=child)
    except Child.DoesNotExist:
        raise NotFound from None


@transaction.atomic
def add(*, nickname: str | None, age: Mapping[str, Any] | None, now: datetime) -> ChildRef:
    """A child in a new family. Raises NicknameRefused: the name goes into a guardian's letter, and must be one."""
    name = " ".join((nickname or "").split()) or None
    if name is not None and not is_nickname(name):
        raise NicknameRefused
    family = vault.open_family(now=now)
    profile = {"nickname": name, "age": dict(age) if age else None, "evidence": None, "assurance": None}
    row = Child.objects.create(
        id=ids.new(now),
        family=family,
        profile=vault.seal(family, "families.child", profile, now=now),
        band_day=turn_hash(age, local_day(now)),
        created_at=now,
    )
    ledger.append("child.added", {}, at=now)
    return ChildRef(row.pk)


def profile_of(row: Child, purpose: str) -> dict[str, Any]:
    """What is known of a child: nickname, age, evidence, assurance."""
    return dict(vault.reveal(vault.SealedRef(row.profile), purpose=purpose))


def nickname(row: Child, purpose: str = "show the request") -> str:
    """The name a page calls the child by: its own row's, else the person's; empty when none was given."""
    return str(profile_of(row, purpose).get("nickname") or "") or (
        str(profile_of(row.person, purpose).get("nickname") or "") if row.person else ""
    )


def age_of(child: ChildRef) -> dict[str, Any] | None:
    """Age, evidence and assurance; None when nothing is known, or no longer."""
    try:
        profile = profile_of(get(child), "age for a decision")
    except vault.Forgotten:
        return None
    if not profile.get("age"):
        return None
    return {key: profile.get(key) for key in ("age", "evidence", "assurance")}


def age_told(child: ChildRef) -> AgeTold | None:
    """The age as it was told last, with the day and what earlier words leave; None when nothing is known."""
    row = get(child)
    try:
        profile = profile_of(row, "weigh another word about the age")
    except vault.Forgotten:
        return None
    if not profile.get("age"):
        return None
    at = datetime.fromisoformat(profile["told_at"]) if profile.get("told_at") else row.created_at
    return AgeTold(
        profile["age"], profile["evidence"] or "", profile["assurance"], at, profile.get("born_from")
    )


@transaction.atomic
def set_age(
    child: ChildRef,
    age: Mapping[str, Any] | None,
    evidence: str,
    assurance: str | None,
    now: datetime,
    born_from: int | None = None,
) -> None:
    """Replace what is known of the age."""
    row = get(child)
    profile = profile_of(row, "correct the age")
    profile.update(
        age=dict(age) if age else None,
        evidence=evidence,
        assurance=assurance,
        told_at=now.isoformat(),
        born_from=born_from,
    )
    vault.reseal(vault.SealedRef(row.profile), profile, now=now)
    Child.objects.filter(pk=row.pk).update(band_day=turn_hash(age, local_day(now)))
    ledger.append("child.age-set", {"evidence": evidence}, at=now)


@transaction.atomic
def show_decision(child: ChildRef, *, card: ServiceCard, answer: Mapping[str, Any], now: datetime) -> str:
    """Keep the latest answer of the law for the child's page of this service; returns its address."""
    row = get(child)
    shown = asdict(card) | {"service_ref": str(card.service_ref)}
    old = Shown.objects.filter(child=row, service_ref=card.service_ref).first()
    if old is not None:
        vault.reseal(vault.SealedRef(old.answer), dict(answer), now=now)
        Shown.objects.filter(pk=old.pk).update(card=shown, at=now)
    else:
        Shown.objects.create(
            id=ids.new(now),
            family=row.family,
            child=row,
            service_ref=card.service_ref,
            card=shown,
            answer=vault.seal(vault.FamilyRef(row.family), "families.answer", dict(answer), now=now),
            at=now,
        )
    tokens.put("child", tokens.derived("child", row.pk), row.family, now=now, child=row)
    return page_url(child)


def page_url(child: ChildRef, language: str = "") -> str:
    """The address of the child's page at one service, in a language."""
    return tokens.absolute(reverse("families:anak", args=[tokens.derived("child", child)]), language)


def grown(root: Child, now: datetime) -> bool:
    """Whether this person is no child any more, for sure: then no guardian has any right here.

    A birth date says it better than a range, which nobody moves on birthdays; in doubt somebody is still a child.
    """
    known = [age for row in everyone(root) if (age := profile_of(row, "is this still a child").get("age"))]
    dated = [age for age in known if age.get("birth_date")] or known
    today = local_day(now)
    return bool(dated) and all(ages.is_grown(age, today) for age in dated)


def everyone(root: Child) -> list[Child]:
    """All rows of one person, the first one first."""
    return [root, *Child.objects.filter(person=root).order_by("created_at")]


@transaction.atomic
def same_person(row: Child, as_root: Child, *, now: datetime) -> None:
    """From now on both rows are one person: `row` and its copies join the family and the person of
    `as_root`.
    """
    root = row.root
    if root.pk == as_root.pk:
        return
    move(root, as_root.family, now=now)
    Child.objects.filter(person=root).update(person=as_root)
    Child.objects.filter(pk=root.pk).update(person=as_root, person_hash=None)
    Relation.objects.filter(child=root).delete()
    row.refresh_from_db()
    ledger.append("child.joined", {}, at=now)


@transaction.atomic
def move(root: Child, family: UUID, *, now: datetime) -> None:
    """Re-seal everything of one person under another family's key and carry its rows over; tell it above."""
    if root.family == family:
        return
    rows, old = everyone(root), root.family
    sealed: list[UUID] = [row.profile for row in rows]
    requests = ConsentRequest.objects.filter(child__in=rows)
    for one in requests:
        sealed += [ref for ref in (one.answer, one.contact, one.note) if ref]
    sealed += Outgoing.objects.filter(request__in=requests).values_list("address", flat=True)
    sealed += Watch.objects.filter(permission__request__in=requests).values_list("reason", flat=True)
    for pair in Objection.objects.filter(child__in=rows).values_list("words", "reply"):
        sealed += [ref for ref in pair if ref]
    for words in (
        AgeReview.objects.filter(child__in=rows).values_list("words", flat=True),
        DeletionTask.objects.filter(child__in=rows).values_list("complaint", flat=True),
    ):
        sealed += [ref for ref in words if ref]
    sealed += Shown.objects.filter(child__in=rows).values_list("answer", flat=True)
    sealed += [ref for ref in Invite.objects.filter(child__in=rows).values_list("address", flat=True) if ref]
    sealed += [
        ref for ref in Relation.objects.filter(child__in=rows).values_list("reference", flat=True) if ref
    ]
    vault.move([vault.SealedRef(ref) for ref in dict.fromkeys(sealed)], vault.FamilyRef(family), now=now)
    Child.objects.filter(pk__in=[row.pk for row in rows]).update(family=family)
    by_request: tuple[type[Model], ...] = (
        Token,
        ShortCode,
        OneTimeWord,
        Claim,
        RecordEvent,
        Permission,
        DeletionTask,
        Receipt,
        Outgoing,
    )
    by_child: tuple[type[Model], ...] = (
        Token, Objection, AgeReview, DeletionTask, Receipt, Relation, Invite, Shown,
    )  # fmt: skip
    for model in by_request:
        model._default_manager.filter(request__in=requests).update(family=family)
    for model in by_child:
        model._default_manager.filter(child__in=rows).update(family=family)
    Watch.objects.filter(permission__request__in=requests).update(family=family)
    requests.update(family=family)
    for row in rows:
        events.tell(ConsentEvent(MOVED, None, ChildRef(row.pk), None, now, {"family": str(family)}))
    if not any(model._default_manager.filter(family=old).exists() for model in (Child, Guardian)):
        vault.forget_family(vault.FamilyRef(old), now=now)
    root.refresh_from_db()


def guardians_of(root: Child, *, now: datetime, level: int = 3) -> list[Guardian]:
    """Everybody with a valid relation of that level to this person."""
    return list(
        Guardian.objects.filter(
            relations__child=root, relations__level__gte=level, relations__valid_from__lte=now
        )
        .exclude(relations__valid_to__lte=now)
        .distinct()
    )
