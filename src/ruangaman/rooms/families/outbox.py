"""Mails and messages on their way: a row with a sealed address, rendered when it is sent, delivered at
least once.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from ruangaman.adapters import ids, messages
from ruangaman.adapters import mail as mails
from ruangaman.core import tegel
from ruangaman.core.consent import Event
from ruangaman.rooms.families import children, config, lawdesk, tokens
from ruangaman.rooms.families.errors import NotTheStory
from ruangaman.rooms.families.models import (
    Child,
    ConsentRequest,
    DeletionTask,
    Guardian,
    Invite,
    Outgoing,
    Token,
)
from ruangaman.rooms.vault import api as vault

WAITS = [timedelta(seconds=s) for s in (30, 120, 600, 1800, 3600, 7200, 14400)]
MOST_TRIES = len(WAITS) + 1
LOGIN_LIFE = timedelta(minutes=15)
LINK_LIFE = timedelta(days=7)  # a request without a due time; one with a due time keeps its link until then


def write(
    template: str,
    lane: str,
    address: str,
    *,
    family: UUID,
    language: str,
    now: datetime,
    request: ConsentRequest | None = None,
    guardian: Guardian | None = None,
    invite: Invite | None = None,
    deletion: DeletionTask | None = None,
    dropped: bool = False,
) -> Outgoing:
    """Put one letter in the outbox, in the transaction of the act. `dropped`: over a limit, kept but never
    sent.
    """
    return Outgoing.objects.create(
        id=ids.new(now),
        family=family,
        lane=lane,
        template=template,
        address=vault.seal(vault.FamilyRef(family), "families.address", address, now=now, searchable=address),
        language=language,
        request=request,
        guardian=guardian,
        invite=invite,
        deletion=deletion,
        state="dropped" if dropped else "queued",
        created_at=now,
        next_at=now,
    )


def to_guardians(root: Child, template: str, *, now: datetime, **about: Any) -> int:
    """Write to every proven guardian of this person who has a verified address; returns to how many."""
    sent = 0
    for guardian in children.guardians_of(root, now=now):
        if guardian.email and guardian.email_verified_at:
            address = str(vault.reveal(vault.SealedRef(guardian.email), purpose="write to a guardian"))
            write(
                template, "mail", address, family=guardian.family, language=guardian.language,
                guardian=guardian, now=now, **about,
            )  # fmt: skip
            sent += 1
    return sent


def _link(row: Outgoing) -> str:
    """The one-time link of this letter, to pages in its language: the same on each try, so that a second copy opens no
    second door.
    """
    purpose = {"request": "mail", "login": "login", "address": "address"}.get(row.template)
    if row.template == "invite" and row.invite_id:
        path = reverse("families:undangan", args=[tokens.derived("invite", row.invite_id)])
        return tokens.absolute(path, row.language)
    if purpose is None:
        return tokens.absolute(reverse("families:keluarga"), row.language)
    text = tokens.derived(purpose, row.pk)
    if purpose == "login":
        expires = row.created_at + LOGIN_LIFE
    else:
        due = row.request.due_at if row.request else None
        expires = due or row.created_at + LINK_LIFE
    tokens.put(
        purpose, text, row.family, now=row.created_at, request=row.request, guardian=row.guardian,
        outgoing=row, expires_at=expires,
    )  # fmt: skip
    return tokens.absolute(reverse("families:tautan", args=[text]), row.language)


def render(row: Outgoing) -> tuple[str, str]:
    """Subject and body in the letter's language; personal data are opened only here."""
    context: dict[str, Any] = {"link": _link(row)}
    if row.request:
        mark = tegel.mark(bytes(row.request.digest))
        context |= {
            "request": row.request,
            "name": children.nickname(row.request.child, "write a letter"),
            "service": row.request.card["name"],
            "code": mark.code,
            "words": ", ".join(mark.words[row.language]),
            "due_at": row.request.due_at,
            "confirmation": row.request.kind == "confirmation",
        }
    if row.invite:
        context["name"] = children.nickname(row.invite.child, "write a letter")
    with override(row.language), timezone.override(lawdesk.zone()):
        text = render_to_string(f"families/mail/{row.template}.txt", context)
    subject, _, body = text.strip().partition("\n")
    return subject.strip(), body.strip() + "\n"


def deliver(identity: UUID, tries: int, *, now: datetime) -> str:
    """
    Try to send one letter; returns its state. A second call for a letter that is sent changes nothing.

    Args:
        tries: how many had been made when this one was claimed. When there are more now, another claim of the same
            try was first: behind a mail server that hangs, claims pile up, and none but the first may spend a try.
    """
    with transaction.atomic():
        row = Outgoing.objects.select_for_update().filter(pk=identity).first()
        if row is None or row.state != "queued" or row.attempts != tries:
            return row.state if row else "gone"
        row.attempts += 1
        row.next_at = now + WAITS[min(row.attempts, len(WAITS)) - 1]
        row.save(update_fields=["attempts", "next_at"])
        address = str(vault.reveal(vault.SealedRef(row.address), purpose="deliver a letter"))
        subject, body = render(row)
    try:
        _send(row, address, subject, body, now)
    except (mails.MailFailed, messages.MessageFailed) as failed:
        over = failed.permanent or row.attempts >= MOST_TRIES
        with transaction.atomic():
            Outgoing.objects.filter(pk=row.pk, state="queued").update(
                failure=str(failed.facts.get("why", ""))[:60], state="undeliverable" if over else "queued"
            )
            if over:
                _tell(row, Event.FAIL_DELIVERY, now)
        return "undeliverable" if over else "queued"
    with transaction.atomic():
        Outgoing.objects.filter(pk=row.pk).update(state="sent", sent_at=now, failure="")
        _tell(row, Event.DELIVER, now)
    return "sent"


def _tell(row: Outgoing, event: Event, now: datetime) -> None:
    from ruangaman.rooms.families import actions

    if row.request_id and row.template == "request":
        actions.mark(row.request_id, event, now=now)


def _send(row: Outgoing, address: str, subject: str, body: str, now: datetime) -> None:
    if config.story():
        return  # the story keeps its letters to be looked at
    if row.lane == "mail":
        where = config.mail()
        if where is None:
            raise mails.MailFailed(True, "no-mail-server")
        mails.send(
            where,
            mails.compose(
                where.sender, address, subject, body, message_id=str(row.pk), language=row.language, at=now
            ),
        )
    else:
        messenger = config.whatsapp()
        if messenger is None:
            raise messages.MessageFailed(True, "no-messenger")
        messenger.send_text(address, body)


def claim_due(now: datetime, limit: int = 100) -> list[tuple[UUID, int]]:
    """Letters whose time has come, with the tries made so far; each claimed for one minute so that two runners do not
    send it twice at once.
    """
    with transaction.atomic():
        found = list(
            Outgoing.objects.select_for_update(skip_locked=True)
            .filter(state="queued", next_at__lte=now)
            .order_by("next_at")
            .values_list("pk", "attempts")[:limit]
        )
        Outgoing.objects.filter(pk__in=[letter for letter, _tries in found]).update(
            next_at=now + timedelta(minutes=1)
        )
    return found


def mailbox(*, limit: int = 200) -> Sequence[Mapping[str, Any]]:
    """What was sent in the story, newest first: lane, address, subject, body, time."""
    if not config.story():
        raise NotTheStory
    letters = []
    for row in Outgoing.objects.filter(state="sent").order_by("-created_at")[:limit]:
        subject, body = render(row)
        used = Token.objects.filter(outgoing=row, used_at__isnull=False).exists()
        letters.append(
            {
                "id": str(row.pk),
                "lane": row.lane,
                "template": row.template,
                "to": str(vault.reveal(vault.SealedRef(row.address), purpose="the story's mailbox")),
                "subject": subject,
                "body": body,
                "link": _link(row),
                "at": row.sent_at,
                "used": used,
            }
        )
    return letters
