"""Asking a guardian: the request, the links that find it, the mail that carries it."""

import hashlib
import re
import uuid
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse

from ruangaman.adapters import ids
from ruangaman.core import tegel
from ruangaman.core.consent import WAITING, Event, State, effective
from ruangaman.rooms.families import actions, children, codes, limits, notices, outbox, tokens
from ruangaman.rooms.families.errors import NotFound, RequestRefused
from ruangaman.rooms.families.models import Child, ConsentRequest, Permission
from ruangaman.rooms.families.types import ChildRef, Invitation, RequestRef, ServiceCard, TileMark
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.vault import api as vault

KINDS = ("consent", "confirmation")
PER_CHILD_A_DAY = 20
PER_GUARDIAN_AN_HOUR = 6
PER_GUARDIAN_A_DAY = 20


def clean_email(text: str | None) -> str | None:
    """One spelling of an address (lower case, no spaces around); raises RequestRefused for what cannot be
    one.
    """
    if not text or not text.strip():
        return None
    address = text.strip().lower()
    if len(address) > 254 or not re.fullmatch(r"[^\s@<>\"(),:;\[\]\\]+@[^\s@.]+(\.[^\s@.]+)*", address):
        raise RequestRefused(why="address")
    return address


def clean_phone(text: str | None) -> str | None:
    """Digits with country code, Indonesian numbers completed (0812... becomes 62812...)."""
    if not text or not text.strip():
        return None
    digits = re.sub(r"[\s().+-]", "", text)
    if digits.startswith("0"):
        digits = "62" + digits[1:]
    if not re.fullmatch(r"[1-9]\d{7,14}", digits):
        raise RequestRefused(why="address")
    return digits


@transaction.atomic
def ask(
    *,
    child: ChildRef,
    card: ServiceCard,
    kind: str,
    due_at: datetime | None,
    answer: Mapping[str, Any],
    guardian_email: str | None,
    guardian_phone: str | None,
    now: datetime,
    linked_to: RequestRef | None,
    language: str,
) -> Invitation:
    """Make the request; replace one that waits, never one that was given, but a confirmation that has become void."""
    ledger.line_up()
    who = Child.objects.select_for_update(of=("self",)).select_related("person").filter(pk=child).first()
    if who is None:
        raise NotFound
    if kind not in KINDS or language not in ("id", "en"):
        raise RequestRefused(why="kind")
    if due_at is not None and due_at <= now:
        raise RequestRefused(why="due")
    email, phone = clean_email(guardian_email), clean_phone(guardian_phone)
    if not limits.within(
        "child.day", str(who.root.pk), limit=PER_CHILD_A_DAY, length=timedelta(days=1), now=now
    ):
        raise RequestRefused(why="too-many")
    _make_room(who, card.service_ref, kind, now)
    family = vault.FamilyRef(who.family)
    shown = asdict(card)
    shown["service_ref"] = str(card.service_ref)
    notice = notices.compose(shown, kind, language)
    identity, record_id = ids.new(now), uuid.uuid4()
    row = ConsentRequest.objects.create(
        id=identity,
        family=who.family,
        child=who,
        service_ref=card.service_ref,
        kind=kind,
        card=shown,
        answer=vault.seal(family, "families.answer", dict(answer), now=now),
        contact=vault.seal(family, "families.contact", {"email": email, "phone": phone}, now=now)
        if email or phone
        else None,
        language=language,
        notice=notice,
        notice_version=notices.VERSION,
        notice_language=language,
        notice_sha256=notices.digest(notice),
        record_id=record_id,
        digest=hashlib.sha256(f"{identity}:{record_id}:{notices.digest(notice)}".encode()).digest(),
        linked_to_id=linked_to,
        created_at=now,
        due_at=due_at,
        changed_at=now,
    )
    for position, feature in enumerate(card.features):
        Permission.objects.create(
            id=ids.new(now),
            family=who.family,
            request=row,
            feature=feature.name,
            title=dict(feature.title),
            managed_by=feature.managed_by,
            state=feature.state if feature.managed_by != "nobody" and not feature.watch else "off",
            article=feature.article,
            watch=feature.watch,
            position=position,
            changed_at=now,
        )
    for purpose, subject in (("page", row.pk), ("find", row.pk), ("child", who.pk)):
        tokens.put(
            purpose, tokens.derived(purpose, subject), who.family, now=now,
            request=row if purpose != "child" else None, child=who,
        )  # fmt: skip
    codes.renew(row, now=now, first=True)
    codes.put_word(row, now=now)
    actions.record(row, State.REQUESTED, at=now)
    actions.tell(row, "consent.requested", now)
    if email:
        mail(row, email, now=now)
    else:
        outbox.to_guardians(who.root, "request", request=row, now=now)
    return invitation(RequestRef(row.pk), now=now)


def _make_room(who: Child, service_ref: uuid.UUID, kind: str, now: datetime) -> None:
    """
    A request that still waits is replaced, one past its time is written as lapsed; a living yes stays.

    A living confirmation is replaced when a consent is asked for: the child turned out to be under 17, so the yes was
    never its own to give (PP 17/2025 Art. 9; docs/adr/0051).
    """
    for old in ConsentRequest.objects.select_for_update().filter(
        child=who, service_ref=service_ref, state__in=[*WAITING, State.GIVEN]
    ):
        state = effective(State(old.state), old.due_at, now, old.ends_at)
        void = old.kind == "confirmation" and kind == "consent"
        if state is State.GIVEN and not void:
            raise RequestRefused(why="already-given")
        if state in (State.LAPSED, State.EXPIRED):
            actions.write_end(old, now=now)
        else:
            given = state is State.GIVEN
            actions.step(old, Event.REPLACE, at=now, **({"ended_at": now} if given else {}))
            actions.record(old, State.REPLACED, at=now)
            if given:
                actions.end_watches(old, now)
                actions.tell(old, "consent.lapsed", now, why="age")


def mail(row: ConsentRequest, email: str, *, now: datetime) -> None:
    """Send the request to an address, within limits; the caller never learns whether the address is known."""
    hour = limits.within(
        "guardian.hour", email, limit=PER_GUARDIAN_AN_HOUR, length=timedelta(hours=1), now=now
    )
    day = limits.within("guardian.day", email, limit=PER_GUARDIAN_A_DAY, length=timedelta(days=1), now=now)
    silenced = vault.find(actions.SILENCED, email)
    outbox.write(
        "request", "mail", email, family=row.family, language=row.language, request=row, now=now,
        dropped=not (hour and day) or bool(silenced),
    )  # fmt: skip


def said_not_mine(row: ConsentRequest, email: str) -> bool:
    """Whether this very address said of this very child that it is not its own. Of other children nobody learns it."""
    mine = {str(one.pk) for one in children.everyone(row.child.root)}
    return any(
        vault.reveal(silence, purpose="which child it was said of") in mine
        for silence in vault.find(actions.SILENCED, email)
    )


def invitation(request: RequestRef, *, now: datetime) -> Invitation:
    """How to reach the guardian, from the request alone."""
    row = ConsentRequest.objects.filter(pk=request).first()
    if row is None:
        raise NotFound
    code, until = codes.present(row, now=now)
    mark = tegel.mark(bytes(row.digest))
    return Invitation(
        request=RequestRef(row.pk),
        page_url=tokens.absolute(
            reverse("families:minta", args=[tokens.derived("page", row.pk)]), row.language
        ),
        find_url=find_url(row),
        short_code=code,
        short_code_until=until,
        tile=TileMark(mark.code, mark.words, tegel.mark_svg(mark)),
        due_at=row.due_at,
        child_url=children.page_url(ChildRef(row.child_id), row.language),
    )


def find_path(row: ConsentRequest) -> str:
    """The path of the guardian's page for this request."""
    return reverse("families:izin", args=[tokens.derived("find", row.pk)])


def find_url(row: ConsentRequest, language: str = "") -> str:
    """The full address of the guardian's page, in the language of the request or in another."""
    return tokens.absolute(find_path(row), language or row.language)


def nickname_of(row: ConsentRequest) -> str:
    """The child's nickname for a page about this request; empty when none was given."""
    return children.nickname(row.child)
