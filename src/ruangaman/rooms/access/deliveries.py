"""
The outbox: events on their way to platforms, at least once, until they arrive or are given up.

The table of deliveries is the queue itself (docs/adr/0065): a sender takes the next one that may leave. An endpoint is
called by one sender at a time, and one that fails rests, so that nobody's silence is waited for twice at once.
"""

import secrets
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Value, When

from ruangaman.adapters import http_out, ids
from ruangaman.rooms.access import config, signing
from ruangaman.rooms.access.bounds import SENDERS
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
PAUSES: Final = (
    timedelta(seconds=4),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=4),
    timedelta(minutes=10),
)
"""How long an endpoint is left alone after its first, second... failure in a row; shorter than the waits above."""
LEASE: Final = timedelta(seconds=60)
# Of the senders of one runner (`bounds.SENDERS`); some stay free whoever fails to answer.
MOST_SANDBOX: Final = 2
MOST_FAILING: Final = 2
MOST_FAILING_SANDBOX: Final = 1
MOST_OF_ONE: Final = 3  # of one operator, live and sandbox apart
LONGEST_ASKED_WAIT: Final = timedelta(hours=24)
GONE: Final = 410

Post = Callable[..., http_out.Reply]


def plan(event: Event, *, at: datetime, to: UUID | None = None) -> int:
    """One delivery for each endpoint that wants the event, in the same transaction. Returns how many."""
    mine = Q(operator=event.operator) & (Q(service_id=event.service_id) | Q(service__isnull=True))
    live = WebhookEndpoint.objects.filter(
        mine, sandbox=event.sandbox, removed_at__isnull=True, disabled_at__isnull=True
    )
    wanted = live.filter(id=to) if to else [one for one in live if not one.kinds or event.kind in one.kinds]
    count = 0
    for endpoint in wanted:
        Delivery.objects.create(id=ids.new(at), event=event, endpoint=endpoint, next_at=at)
        count += 1
    return count


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


def take(now: datetime) -> UUID | None:
    """
    Take the next delivery that may leave, and its endpoint, for a minute; None when there is none.

    Live before sandbox, endpoints that answer before those that fail, and then whoever waits longest. Within one
    endpoint the oldest event leaves first. The look goes without a transaction, since it is made twice a second and
    finds nothing most of the time; so the bounds hold exactly within one runner, and nearly among several.
    """
    for endpoint in _free(now):
        found = _claim(endpoint.id, now)
        if found is not None:
            return found
    return None


def _due(now: datetime) -> QuerySet[Delivery]:
    """What waits and may be tried, the oldest first."""
    return Delivery.objects.filter(state="waiting", next_at__lte=now).order_by("next_at", "event_id")


def _free(now: datetime) -> list[WebhookEndpoint]:
    """The first endpoints that have something due, are not being called, do not rest, and pass no bound."""
    living = WebhookEndpoint.objects.filter(removed_at__isnull=True, disabled_at__isnull=True)
    busy = list(living.filter(busy_until__gt=now).values_list("operator", "sandbox", "failing_since"))
    free = living.filter(
        Q(busy_until__isnull=True) | Q(busy_until__lte=now),
        Q(resting_until__isnull=True) | Q(resting_until__lte=now),
    )
    for sandbox, most in ((False, MOST_FAILING), (True, MOST_FAILING_SANDBOX)):
        if sum(one[1] is sandbox and one[2] is not None for one in busy) >= most:
            free = free.exclude(sandbox=sandbox, failing_since__isnull=False)
    if sum(one[1] for one in busy) >= MOST_SANDBOX:
        free = free.filter(sandbox=False)
    for (operator, sandbox), count in Counter((one[0], one[1]) for one in busy).items():
        if count >= MOST_OF_ONE:
            free = free.exclude(operator=operator, sandbox=sandbox)
    since = Subquery(_due(now).filter(endpoint=OuterRef("pk")).values("next_at")[:1])
    failing = Case(When(failing_since__isnull=True, then=Value(0)), default=Value(1))
    order = ("sandbox", failing, F("resting_until").asc(nulls_first=True), "since")
    return list(free.annotate(since=since).filter(since__isnull=False).order_by(*order)[:SENDERS])


@transaction.atomic
def _claim(endpoint: UUID, now: datetime) -> UUID | None:
    """Take an endpoint with the oldest of what is due there; None when another sender was first."""
    free = WebhookEndpoint.objects.filter(
        Q(busy_until__isnull=True) | Q(busy_until__lte=now), id=endpoint, disabled_at__isnull=True
    )
    if not free.filter(removed_at__isnull=True).update(busy_until=now + LEASE):
        return None
    row = _due(now).filter(endpoint_id=endpoint).first()
    if row is not None and row.attempts > len(
        WAITS
    ):  # its last try was never noted: the sender did not outlive it
        Delivery.objects.filter(id=row.id).update(state="given_up", last_problem="sender lost")
        row = None
    if row is None:
        WebhookEndpoint.objects.filter(id=endpoint).update(busy_until=None)
        return None
    Delivery.objects.filter(id=row.id).update(next_at=now + LEASE, attempts=F("attempts") + 1)
    return row.id


def send(delivery: UUID, *, now: datetime, wall: datetime | None = None, post: Post = http_out.post) -> str:
    """
    Try a delivery that was taken, once. The call itself runs outside of any transaction.

    Args:
        wall: the time of the world outside, when the story's clock runs ahead of it; signatures use it.

    Returns what became of it: done, waiting, given_up.
    """
    from ruangaman.rooms.access import events

    row = Delivery.objects.select_related("event__service", "endpoint").get(id=delivery)
    if row.endpoint.removed_at or row.endpoint.disabled_at:
        Delivery.objects.filter(id=row.id).update(state="given_up", last_problem="endpoint ended")
        return "given_up"
    begun = time.monotonic()
    body = msgspec.json.encode(events.document(row.event))
    signed = signing.headers(secrets_of(row.endpoint, now=now), str(row.event.id), wall or now, body)
    status, problem, asked = 0, "", None
    try:
        reply = post(
            row.endpoint.url,
            body,
            [("Content-Type", "application/json"), ("User-Agent", "RuangAman-Webhook/1"), *signed],
            allow=config.webhook_allow(),
        )
        status = reply.status
        asked = _asked(reply.retry_after, wall or now)
    except (http_out.AddressRefused, http_out.CallFailed) as error:
        problem = str(error.facts["why"])
    return _note(row, status, problem, asked, now + timedelta(seconds=time.monotonic() - begun))


@transaction.atomic
def _note(row: Delivery, status: int, problem: str, asked: timedelta | None, now: datetime) -> str:
    """Write what became of a try and let the endpoint go. `now`: when the call was over."""
    noted: dict[str, Any] = {"last_status": status or None, "last_problem": problem}
    endpoint = WebhookEndpoint.objects.select_for_update(of=("self",), no_key=True).get(id=row.endpoint_id)
    if endpoint.busy_until == row.endpoint.busy_until:  # else this call took so long that another sender came
        endpoint.busy_until = None
    if 200 <= status < 300:
        Delivery.objects.filter(id=row.id).update(state="done", done_at=now, **noted)
        endpoint.failing_since, endpoint.failures, endpoint.resting_until = None, 0, None
        endpoint.save(update_fields=["busy_until", "failing_since", "failures", "resting_until"])
        return "done"
    endpoint.failing_since = endpoint.failing_since or now
    endpoint.failures = min(endpoint.failures + 1, len(PAUSES))
    endpoint.resting_until = now + max(PAUSES[endpoint.failures - 1], _whole(status, asked))
    endpoint.save(update_fields=["busy_until", "failing_since", "failures", "resting_until"])
    gone = status == GONE
    if gone or now - endpoint.failing_since >= DISABLE_AFTER:
        Delivery.objects.filter(id=row.id).update(state="given_up", **noted)
        disable(endpoint, "gone" if gone else "failing", now=now)
        return "given_up"
    if row.attempts > len(WAITS):
        Delivery.objects.filter(id=row.id).update(state="given_up", **noted)
        return "given_up"
    Delivery.objects.filter(id=row.id).update(next_at=now + wait(row.attempts, asked), **noted)
    return "waiting"


def _asked(said: str, wall: datetime) -> timedelta | None:
    """How long a receiver asks to wait: seconds or a date (RFC 9110 10.2.3); None when it says neither."""
    if said.isascii() and said.isdigit():
        return timedelta(seconds=min(int(said), LONGEST_ASKED_WAIT.total_seconds()))
    try:
        until = parsedate_to_datetime(said)
    except (ValueError, OverflowError):
        return None
    return until - wall if until.tzinfo is not None and until > wall else None


def _whole(status: int, asked: timedelta | None) -> timedelta:
    """How long the receiver asks to be left alone as a whole: what it says with 429 or 503 (RFC 9110 10.2.3)."""
    return min(asked, LONGEST_ASKED_WAIT) if asked and status in (429, 503) else timedelta(0)


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
