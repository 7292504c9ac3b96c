"""
Forgetting a family: its key, its sealed fields, look-ups and salts are destroyed; rows without words stay (0047).

Three ways lead here: the term that ends (`forget_due`), a wish of its people (`wish_of_guardian`, `wish_of_grown`), and
an operator with a reason (`forget`). What happened stands in `Forgotten`, with a salted hash in the ledger.
"""

import logging
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Model
from django.urls import reverse

from ruangaman.adapters import ids
from ruangaman.rooms.families import children, events, holding, receipts, tokens
from ruangaman.rooms.families.errors import NoSuchFamily, StillHeld, WhyRefused
from ruangaman.rooms.families.models import (
    Child,
    Claim,
    ConsentRequest,
    Forgotten,
    Guardian,
    Invite,
    OneTimeWord,
    Outgoing,
    Passkey,
    Permission,
    Receipt,
    RecordEvent,
    Relation,
    ShortCode,
    Shown,
    Token,
    VerdictUse,
    Watch,
)
from ruangaman.rooms.families.types import ChildRef, ConsentEvent, FamilyView, HeldBy
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.vault import api as vault

log = logging.getLogger("ruangaman.families")

FORGOTTEN = "family.forgotten"
"""Told for each child in the transaction of forgetting, so that higher rooms end what they keep of it."""

# Rows that only carry something from one person to another; those named first point at those named later.
CARRIERS: tuple[type[Model], ...] = (
    Watch, Permission, Outgoing, Invite, ShortCode, OneTimeWord, Claim, Passkey, Relation, Shown, VerdictUse,
)  # fmt: skip


def is_forgotten(family: UUID) -> bool:
    """Whether this family was forgotten."""
    return Forgotten.objects.filter(pk=family).exists()


def forget_due(now: datetime) -> int:
    """
    Forget every family whose term is over, each in a transaction of its own; returns how many. One that cannot be
    forgotten is logged and tried again with the next run; the others do not wait for it.
    """
    done = 0
    for family in holding.due(now):
        try:
            done += _forget_when_over(family, now)
        except Exception:
            log.exception("a family whose term is over could not be forgotten")
    return done


@transaction.atomic
def _forget_when_over(family: UUID, now: datetime) -> bool:
    rows = _locked(family)
    if is_forgotten(family) or (rows and not holding.is_over(family, now)):
        return False  # another runner was first, or somebody came back meanwhile
    _forget(family, rows, "term", now)
    return True


@transaction.atomic
def forget(family: UUID, *, why: str, despite_open: bool = False, now: datetime) -> Forgotten:
    """
    An operator forgets a family.

    Args:
        why: the reason as it stands in the ledger for ever; the caller has seen that it names nobody.
        despite_open: also when an answer or a platform's proof is still owed; open matters then close with that
            reason, and a platform stays bound to delete. Never while an account is in use.

    Raises:
        NoSuchFamily: unknown here, or forgotten before. StillHeld
    """
    rows = _locked(family)
    if not rows or is_forgotten(family):
        raise NoSuchFamily
    held = holding.what_holds(rows, now)
    if despite_open:
        held = [one for one in held if one.kind == "account"]
    _refuse(held)
    return _forget(family, rows, "operator", now, reason=why)


LONGEST_WHY = 200
_PERSONAL = re.compile(r"@|[0-9](?:[ .-]?[0-9]){7,}")


def reason(text: str) -> str:
    """An operator's reason on one line; raises WhyRefused when it is empty, too long, or holds an address or number."""
    words = " ".join(text.split())
    if not words or len(words) > LONGEST_WHY or not words.isprintable() or _PERSONAL.search(words):
        raise WhyRefused
    return words


def view(family: UUID, *, now: datetime) -> FamilyView:
    """How a family stands; raises NoSuchFamily."""
    rows = list(Child.objects.filter(family=family))
    gone = Forgotten.objects.filter(pk=family).first()
    if gone is not None:
        told = bytes(gone.digest).hex()
        return FamilyView(family, len(rows), (), None, gone.at, told, gone.ledger_index)
    if not rows:
        raise NoSuchFamily
    held = tuple(HeldBy(one.kind, one.service, one.until) for one in holding.what_holds(rows, now))
    return FamilyView(family, len(rows), held, holding.forgotten_on(rows, now), None)


def against_wish(guardian: Guardian, child: Child, now: datetime) -> list[holding.Held]:
    """What keeps a guardian's wish from being done now; empty when nothing does."""
    rows = _minors(child.family, now)
    others = {
        one.pk for row in rows if row.person_id is None for one in children.guardians_of(row, now=now)
    } - {guardian.pk}
    found = [*holding.what_holds(rows, now), *holding.unread(rows, now)]
    return [*found, holding.Held("guardian")] if others else found


@transaction.atomic
def wish_of_guardian(guardian: Guardian, child: Child, *, now: datetime) -> Forgotten:
    """
    A guardian wishes that the family of this child be forgotten: its minors and the guardian. Somebody who is grown up
    leaves with everything that is theirs first, since no parent decides about that.

    Raises:
        StillHeld: `against_wish` says what holds it.
    """
    _locked(child.family)
    _refuse(against_wish(guardian, child, now))
    family = child.family
    for person in _persons(family):
        if children.grown(person, now):
            _leave(person, now)
    return _forget(family, _locked(family), "wish", now)


def against_wish_of_grown(person: Child, now: datetime) -> list[holding.Held]:
    """What keeps the wish of somebody grown up from being done now."""
    return holding.what_holds(children.everyone(person.root), now)


@transaction.atomic
def wish_of_grown(person: Child, *, now: datetime) -> Forgotten:
    """
    Somebody who is 18 wishes to be forgotten; brothers and sisters stay.

    Raises:
        StillHeld: an account is in use, something is owed, or it is not sure that this person is grown up.
    """
    ledger.line_up()
    root = Child.objects.select_for_update().get(pk=person.root.pk)
    if not children.grown(root, now):
        raise StillHeld(why="guardian")
    _refuse(against_wish_of_grown(root, now))
    if len(_persons(root.family)) > 1:
        _leave(root, now)
    return _forget(root.family, _locked(root.family), "wish", now)


def page_url(row: Forgotten) -> str:
    """The address of the proof; it names nobody and can be kept."""
    return reverse("families:dilupakan", args=[tokens.derived("forgotten", row.pk)])


def by_link(text: str, *, now: datetime) -> Forgotten:
    """The proof behind a link; raises NotFound."""
    return Forgotten.objects.get(pk=tokens.find(text, "forgotten", now=now).family)


def as_json(row: Forgotten) -> dict[str, Any]:
    """The proof with what is needed to check it without us."""
    proof = {
        "salted_sha256": bytes(row.digest).hex(),
        "salt": bytes(row.salt).hex(),
        "ledger_index": row.ledger_index,
        "how": "sha256(salt || canonical JSON of this document without proof)",
    }
    return {**row.body, "proof": proof}


def _locked(family: UUID) -> list[Child]:
    ledger.line_up()
    rows = Child.objects.select_for_update(of=("self",)).select_related("person").filter(family=family)
    return list(rows.order_by("created_at"))


def _persons(family: UUID) -> list[Child]:
    return list(Child.objects.filter(family=family, person__isnull=True))


def _minors(family: UUID, now: datetime) -> list[Child]:
    return [
        row
        for person in _persons(family)
        if not children.grown(person, now)
        for row in children.everyone(person)
    ]


def _leave(person: Child, now: datetime) -> None:
    """Somebody grown up goes on in a family of their own; the ties to guardians stay behind and end."""
    Relation.objects.filter(child=person).delete()
    children.move(person, vault.open_family(now=now), now=now)


def _refuse(held: Sequence[holding.Held]) -> None:
    if held:
        raise StillHeld(why=",".join(dict.fromkeys(one.kind for one in held)))


def _forget(family: UUID, rows: Sequence[Child], why: str, now: datetime, reason: str = "") -> Forgotten:
    for row in rows:
        events.tell(ConsentEvent(FORGOTTEN, None, ChildRef(row.pk), None, now, {"why": why}))
    _empty(family, now)
    vault.forget_family(vault.FamilyRef(family), now=now)
    identity = ids.new(now)
    body = {
        "schema_version": 1,
        "receipt_id": str(identity),
        "kind": "forgotten",
        "at": now.isoformat(),
        "why": why,
        "destroyed": ["key", "sealed fields", "look-ups", "salts", "links"],
    }
    salt, hexadecimal = ledger.salted(receipts.canonical(body))
    facts = {"why": why, "salted_sha256": hexadecimal} | ({"reason": reason} if reason else {})
    entry = ledger.append(FORGOTTEN, facts, at=now)
    tokens.put("forgotten", tokens.derived("forgotten", family), family, now=now)
    return Forgotten.objects.create(
        family=family,
        at=now,
        why=why,
        body=body,
        digest=bytes.fromhex(hexadecimal),
        salt=salt,
        ledger_index=entry.index,
    )


def _empty(family: UUID, now: datetime) -> None:
    """Take from the family's rows what finds, joins or proves; leave when something was asked, and yes or no."""
    mine = {"family": family}
    Token.objects.filter(**mine).exclude(purpose="receipt").delete()
    Token.objects.filter(outgoing__family=family).delete()
    Token.objects.filter(guardian__family=family).delete()
    Relation.objects.filter(guardian__family=family).delete()
    for model in CARRIERS:
        model._default_manager.filter(**mine).delete()
    RecordEvent.objects.filter(**mine).update(salt=None, guardian=None)
    for receipt in Receipt.objects.filter(**mine):
        kept = {name: receipt.body.get(name) for name in ("receipt_id", "kind", "at", "service")}
        Receipt.objects.filter(pk=receipt.pk).update(body=kept, salt=b"")
    ConsentRequest.objects.filter(**mine).update(contact=None, note=None, relation_kind="", proof_method="")
    Guardian.objects.filter(**mine).update(identity=None, email=None, email_verified_at=None, phone=None)
    Child.objects.filter(**mine).update(person_hash=None, band_day=None)
    Child.objects.filter(**mine, closed_at__isnull=True).update(closed_at=now)
