"""The outbox: events on their way to platforms, at least once, until they arrive or are given up."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import F, Q

from ruangaman.adapters import http_out, ids
from ruangaman.rooms.access import config, signing
from ruangaman.rooms.access.models import Delivery, Event, WebhookEndpoint
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.vault import api as vault

# The waits that the Standard Webhooks specification proposes, after the first, the second... failure.
WAITS: Final = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
JITTER: Final = 0.2
DISABLE_AFTER: Final = timedelta(days=5)
LEASE: Final = timedelta(seconds=60)
LONGEST_ASKED_WAIT: Final = timedelta(hours=24)
GONE: Final = 410

Post = Callable[..., http_out.Reply]


def plan(event: Event, *, at: datetime, to: UUID | None = None) -> int:
    """One delivery for each endpoint that wants the event, with its job, in the same transaction."""
    mine = Q(operator=event.operator) & (Q(service_id=event.service_id) | Q(service__isnull=True))
    live = WebhookEndpoint.objects.filter(
        mine, sandbox=event.sandbox, removed_at__isnull=True, disabled_at__isnull=True
    )
    wanted = live.filter(id=to) if to else [one for one in live if not one.kinds or event.kind in one.kinds]
    count = 0
    for endpoint in wanted:
        row = Delivery.objects.create(id=ids.new(at), event=event, endpoint=endpoint, next_at=at)
        _enqueue(row.id, None)
        count += 1
    return count


def _enqueue(delivery: UUID, at: datetime | None) -> None:
    from ruangaman.rooms.access import tasks

    (tasks.deliver.using(run_after=at) if at else tasks.deliver).enqueue(str(delivery))


def wait(attempts: int, asked: timedelta | None = None) -> timedelta:
    """How long to wait after that many failures: growing, scattered by a fifth, longer when the receiver asks."""
    base = WAITS[min(attempts, len(WAITS)) - 1]
    scattered = base * (1 + JITTER * (secrets.randbelow(2001) - 1000) / 1000)
    return max(scattered, min(asked, LONGEST_ASKED_WAIT)) if asked else scattered


def secrets_of(endpoint: WebhookEndpoint, *, now: datetime) -> list[str]:
    """The secrets that sign at `now`, the newest first."""
    refs = [endpoint.secret]
    if endpoint.old_secret and endpoint.old_until and now < endpoint.old_until:
        refs.append(endpoint.old_secret)
    return [str(vault.reveal(vault.SealedRef(ref), purpose="sign a webhook")) for ref in refs]


def deliver(
    delivery: UUID, *, now: datetime, wall: datetime | None = None, post: Post = http_out.post
) -> str:
    """
    Try one delivery once. The call itself runs outside of any transaction.

    Args:
        wall: the time of the world outside, when the story's clock runs ahead of it; signatures and jobs use it.

    Returns what became of it: done, waiting, given_up, not_due, or nothing.
    """
    row = _claim(delivery, now)
    if row is None:
        return "not_due"
    from ruangaman.rooms.access import events

    body = msgspec.json.encode(events.document(row.event))
    ahead = now - (wall or now)
    signed = signing.headers(secrets_of(row.endpoint, now=now), str(row.event.id), now - ahead, body)
    status, problem, asked = 0, "", None
    try:
        reply = post(
            row.endpoint.url,
            body,
            [("Content-Type", "application/json"), ("User-Agent", "RuangAman-Webhook/1"), *signed],
            allow=config.webhook_allow(),
        )
        status = reply.status
        asked = timedelta(seconds=int(reply.retry_after)) if reply.retry_after.isdigit() else None
    except (http_out.AddressRefused, http_out.CallFailed) as error:
        problem = str(error.facts["why"])
    return _note(row, status, problem, asked, now, ahead)


def _claim(delivery: UUID, now: datetime) -> Delivery | None:
    """Take a due delivery for a minute; another worker that comes meanwhile finds it not due."""
    with transaction.atomic():
        taken = Delivery.objects.filter(id=delivery, state="waiting", next_at__lte=now).update(
            next_at=now + LEASE, attempts=F("attempts") + 1
        )
        if not taken:
            return None
        row = Delivery.objects.select_related("event__service", "endpoint").get(id=delivery)
        if row.endpoint.removed_at or row.endpoint.disabled_at:
            Delivery.objects.filter(id=row.id).update(state="given_up", last_problem="endpoint ended")
            return None
        return row


@transaction.atomic
def _note(
    row: Delivery, status: int, problem: str, asked: timedelta | None, now: datetime, ahead: timedelta
) -> str:
    noted: dict[str, Any] = {"last_status": status or None, "last_problem": problem}
    endpoint = WebhookEndpoint.objects.select_for_update(of=("self",)).get(id=row.endpoint_id)
    if 200 <= status < 300:
        Delivery.objects.filter(id=row.id).update(state="done", done_at=now, **noted)
        if endpoint.failing_since is not None:
            WebhookEndpoint.objects.filter(id=endpoint.id).update(failing_since=None)
        return "done"
    if endpoint.failing_since is None:
        endpoint.failing_since = now
        endpoint.save(update_fields=["failing_since"])
    gone = status == GONE
    if gone or now - endpoint.failing_since >= DISABLE_AFTER:
        Delivery.objects.filter(id=row.id).update(state="given_up", **noted)
        disable(endpoint, "gone" if gone else "failing", now=now)
        return "given_up"
    if row.attempts > len(WAITS):
        Delivery.objects.filter(id=row.id).update(state="given_up", **noted)
        return "given_up"
    again = now + wait(row.attempts, asked)
    Delivery.objects.filter(id=row.id).update(next_at=again, **noted)
    _enqueue(row.id, again - ahead)
    return "waiting"


def disable(endpoint: WebhookEndpoint, why: str, *, now: datetime) -> None:
    """Stop an endpoint and say so in the feed, where the platform can read it."""
    from ruangaman.rooms.access import events

    if not WebhookEndpoint.objects.filter(id=endpoint.id, disabled_at__isnull=True).update(
        disabled_at=now, disabled_because=why
    ):
        return
    Delivery.objects.filter(endpoint=endpoint, state="waiting").update(
        state="given_up", last_problem="endpoint ended"
    )
    ledger.append("access.webhook-disabled", {"endpoint": str(endpoint.id), "why": why}, at=now)
    events.write(
        "webhook.disabled",
        operator=endpoint.operator,
        service=endpoint.service,
        session=None,
        sandbox=endpoint.sandbox,
        facts={"endpoint": str(endpoint.id), "why": why},
        at=now,
    )


def settle_due(now: datetime) -> int:
    """Give a job to deliveries whose own was lost (a worker that died). Returns how many."""
    stranded = Delivery.objects.filter(state="waiting", next_at__lt=now - LEASE).values_list("id", flat=True)
    found = list(stranded[:200])
    for delivery in found:
        with transaction.atomic():
            if Delivery.objects.filter(id=delivery, state="waiting", next_at__lt=now - LEASE).update(
                next_at=now
            ):
                _enqueue(delivery, None)
    return len(found)
