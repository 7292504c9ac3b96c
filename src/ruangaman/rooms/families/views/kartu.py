"""The cards of the guardian's home: what waits, one card a service, what is watched, receipts, objections."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from ruangaman.core.consent import WAITING, State
from ruangaman.rooms.families import actions, children, guardians, requests, supervision, vouching
from ruangaman.rooms.families.models import (
    Child,
    ConsentRequest,
    Guardian,
    Objection,
    Permission,
    Receipt,
    Shown,
)
from ruangaman.rooms.families.views import words
from ruangaman.rooms.families.views.common import name_of, opens_at, short_article
from ruangaman.rooms.vault import api as vault


def waiting(who: Guardian, family: list[Child], now: datetime) -> list[dict[str, Any]]:
    """Requests of her children, and those sent to the address that is proven hers; each still needs the proof. None
    about who is grown: no parent's answer is needed any more.
    """
    rows = {
        row.pk: (child, row)
        for child in family
        for row in ConsentRequest.objects.filter(child__in=children.everyone(child), state__in=list(WAITING))
    }
    for row in guardians.asked_by_letter(who):
        rows.setdefault(row.pk, (row.child, row))
    return [
        {
            "name": name_of(child),
            "mark": bytes(row.digest),
            "at": row.created_at,
            "service": row.card["name"],
            "confirmation": row.kind == "confirmation",
            "due_at": row.due_at,
            "url": requests.find_path(row),
        }
        for child, row in rows.values()
        if actions.state_of(row, now) in WAITING and not children.grown(child.root, now)
    ]


def ages(who: Guardian, now: datetime) -> list[dict[str, Any]]:
    """The questions about an age that this guardian may answer."""
    return [
        {"id": one.id, "name": name_of(child), "years": one.years, "until": one.ends_at}
        for child, one in vouching.waiting(who, now=now)
    ]


def apps(child: Child, now: datetime, *, only: Guardian | None = None) -> list[dict[str, Any]]:
    """
    One card a service, with every account of the child there that is open; and what the law closes without a request.
    `only`: whose yeses alone are shown, since her proof has expired.
    """
    rows = children.everyone(child)
    asked: dict[UUID, list[ConsentRequest]] = {}
    for row in (
        ConsentRequest.objects.select_related("guardian").filter(child__in=rows).order_by("created_at")
    ):
        asked.setdefault(row.service_ref, []).append(row)
    found = [
        card for of_service in asked.values() if (card := _app(child, of_service, only, now)) is not None
    ]
    if only is None:
        found += _closed_by_law(rows, asked, now)
    return sorted(found, key=lambda one: not one["given"])


def _app(
    child: Child, asked: Sequence[ConsentRequest], only: Guardian | None, now: datetime
) -> dict[str, Any] | None:
    """The card of one service; None when there is nothing to show of it."""
    states = {row.pk: actions.state_of(row, now) for row in asked}
    shown = [row for row in asked if only is None or actions.gave(row, only)]
    shown = [row for row in shown if states[row.pk] is not State.REPLACED]
    if not shown:
        return None
    living = [row for row in shown if states[row.pk] is State.GIVEN]
    row = (living or shown)[-1]
    state, answer = states[row.pk], actions.law_answer(row)
    said = words.for_guardian(
        state,
        opens_at(row.card, answer, now),
        row.card["risk_profile"],
        article=short_article(answer),
        own=name_of(child) if row.kind == "confirmation" else "",
        taken_back=actions.taken_back(row),
    )
    if (
        not living and State.GIVEN in states.values()
    ):  # open by another guardian's yes: not hers to see any more
        said |= {"door": "", "word": ""}
    permissions = list(row.permissions.all())
    return {
        "row": row,
        "name": row.card["name"],
        "state": state.value,
        "given": bool(living),
        **said,
        "rule": answer.get("reason"),
        "counts": [
            (_count(permissions, "child"), _("%(name)s yang atur") % {"name": name_of(child)}),
            (_count(permissions, "guardian"), _("Anda yang atur")),
            (_count(permissions, "nobody"), _("ditutup aturan")),
        ],
        "accounts": accounts(living),
        "deletions": _deletions(shown, newest=None if living else row),
    }


def accounts(living: Sequence[ConsentRequest]) -> list[dict[str, Any]]:
    """What tells several accounts of one child at one service apart; empty when there is one."""
    if len(living) < 2:
        return []
    return [{"row": one, "mark": bytes(one.digest), "at": one.answered_at} for one in living]


def _deletions(rows: Sequence[ConsentRequest], *, newest: ConsentRequest | None) -> list[dict[str, Any]]:
    """The deletions that a parent must find: of the account that the card speaks of, and all that are not proven."""
    found = []
    for row in rows:
        task = row.deletions.first()
        if task is not None and (row is newest or task.done_at is None):
            found.append({"row": row, "mark": bytes(row.digest)})
    return found


def _closed_by_law(
    rows: Sequence[Child], asked: dict[UUID, list[ConsentRequest]], now: datetime
) -> list[dict[str, Any]]:
    found = []
    for shown in Shown.objects.filter(child__in=rows).exclude(service_ref__in=asked):
        answer = dict(vault.reveal(vault.SealedRef(shown.answer), purpose="show what the law closes"))
        if answer.get("outcome") == "deny":
            found.append(
                {
                    "row": None,
                    "name": shown.card["name"],
                    "state": "closed",
                    "given": False,
                    "rule": answer.get("reason"),
                    **words.for_guardian(
                        None,
                        opens_at(shown.card, answer, now),
                        shown.card["risk_profile"],
                        article=short_article(answer),
                    ),
                }
            )
    return found


def _count(permissions: list[Permission], who: str) -> int:
    return sum(one.managed_by == who for one in permissions)


def seen(child: Child, now: datetime, *, only: Guardian | None = None) -> list[dict[str, Any]]:
    """The watches that run, each with the account that it watches; two of one name are told apart by its tile."""
    rows = [
        row
        for row in ConsentRequest.objects.select_related("guardian").filter(
            child__in=children.everyone(child), state=State.GIVEN
        )
        if actions.state_of(row, now) is State.GIVEN and (only is None or actions.gave(row, only))
    ]
    services = [row.service_ref for row in rows]
    found = []
    for watch in supervision.watches_of([row.pk for row in rows]):
        row = watch.permission.request
        found.append(
            {
                "row": row,
                "title": watch.permission.title,
                "service": row.card["name"],
                "mark": bytes(row.digest) if services.count(row.service_ref) > 1 else None,
            }
        )
    return found


def receipts(child: Child, *, only: Guardian | None = None) -> list[dict[str, Any]]:
    """The newest twenty receipts."""
    rows = Receipt.objects.select_related("request", "request__guardian").filter(
        child__in=children.everyone(child)
    )
    found = []
    for row in rows.order_by("-created_at"):
        if only is not None and not (row.request and actions.gave(row.request, only)):
            continue
        own = row.request is not None and row.request.kind == "confirmation"
        found.append(
            {
                "mark": bytes(row.digest),
                "title": words.receipt_title(row.kind, row.body["service"]["name"], name_of(child), own=own),
                "at": row.created_at,
                "url": reverse("families:tanda_terima", args=[row.pk]),
            }
        )
        if len(found) == 20:
            break
    return found


def objections(child: Child) -> list[dict[str, Any]]:
    """What the child does not agree with, while it is the guardian's to answer."""
    found = []
    for row in Objection.objects.filter(
        child__in=children.everyone(child), answered_at__isnull=True, to="guardian", passed_at__isnull=True
    ):
        text = vault.reveal(vault.SealedRef(row.words), purpose="answer an objection") if row.words else ""
        found.append({"row": row, "text": text or words.feeling(row.feeling), "service": _about(row)})
    return found


def _about(row: Objection) -> str:
    """The app that an objection is about: the one it names, or the only one of the page it was written on."""
    cards = [row.request.card] if row.request else [one.card for one in row.child.requests.all()]
    names = {str(card["name"]) for card in cards}
    return names.pop() if len(names) == 1 else ""
