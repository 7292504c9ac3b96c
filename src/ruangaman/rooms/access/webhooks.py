"""Endpoints of platforms: register, rotate, test, remove."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from ruangaman.adapters import http_out, ids
from ruangaman.rooms.access import config, events, signing
from ruangaman.rooms.access.bounds import MOST_TESTS
from ruangaman.rooms.access.errors import (
    FieldRefused,
    NotFound,
    SecretsOverlap,
    TestsWaiting,
    TooManyEndpoints,
    UrlRefused,
    WebhookDisabled,
)
from ruangaman.rooms.access.keys import Caller
from ruangaman.rooms.access.models import Delivery, Service, WebhookEndpoint
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.vault import api as vault

MOST: Final = 10
LOOK_S: Final = 3.0
_LOOKING: Final = threading.BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class NewEndpoint:
    """An endpoint with its secret, as shown at registration and rotation."""

    endpoint: WebhookEndpoint
    secret: str


def _read(url: str) -> http_out.Target:
    try:
        return http_out.read(url, allow=config.webhook_allow())
    except http_out.AddressRefused as error:
        raise UrlRefused(why=str(error.facts["why"])) from None


def look_up(url: str) -> None:
    """
    Refuse an address whose name leads to a place that this house does not call. Asks the name servers and may wait for
    them: never inside a transaction. Each delivery looks again, so a name that is not found in time is taken; while
    two are waited for, no third is, or silent name servers could hold every thread of web.

    Raises:
        UrlRefused
    """
    target = _read(url)
    if target.allowed or not _LOOKING.acquire(blocking=False):
        return
    try:
        http_out.resolve(target, within_s=LOOK_S)
    except http_out.AddressRefused as error:
        why = str(error.facts["why"])
        if why != "unresolved":  # a name that does not resolve today may tomorrow
            raise UrlRefused(why=why) from None
    finally:
        _LOOKING.release()


@transaction.atomic
def register(
    *,
    operator: str,
    service: Service | None,
    sandbox: bool,
    url: str,
    kinds: Sequence[str] = (),
    now: datetime,
) -> NewEndpoint:
    """
    A new endpoint with a secret of its own. Call `look_up` first, outside of any transaction.

    Raises:
        UrlRefused: an address that this house does not call.
        FieldRefused: an event kind that there is not.
        TooManyEndpoints: the caller has ten already.
    """
    _read(url)
    if set(kinds) - set(events.KINDS):
        raise FieldRefused(field="kinds", why="unknown")
    living = WebhookEndpoint.objects.filter(operator=operator, sandbox=sandbox, removed_at__isnull=True)
    if living.filter(service=service).count() >= MOST:
        raise TooManyEndpoints(most=MOST)
    family = vault.open_family(now=now)
    secret = signing.new_secret()
    endpoint = WebhookEndpoint.objects.create(
        id=ids.new(now),
        operator=operator,
        service=service,
        sandbox=sandbox,
        url=url,
        kinds=sorted(set(kinds)),
        family=family,
        secret=vault.seal(family, "access.webhook-secret", secret, now=now),
        created_at=now,
    )
    ledger.append(
        "access.webhook-registered",
        {"endpoint": str(endpoint.id), "operator": operator, "service": service.slug if service else None},
        at=now,
    )
    return NewEndpoint(endpoint, secret)


def for_caller(caller: Caller, ref: UUID) -> WebhookEndpoint:
    """One living endpoint that this key may see; raises NotFound."""
    row = (
        WebhookEndpoint.objects.select_related("service")
        .filter(events.of_caller(caller), id=ref, removed_at__isnull=True)
        .first()
    )
    if row is None:
        raise NotFound(what="webhook")
    return row


def of_caller(caller: Caller) -> Sequence[WebhookEndpoint]:
    """The living endpoints that this key may see."""
    rows = WebhookEndpoint.objects.filter(events.of_caller(caller), removed_at__isnull=True)
    return list(rows.select_related("service"))


@transaction.atomic
def rotate(endpoint: WebhookEndpoint, *, overlap: timedelta, now: datetime) -> NewEndpoint:
    """
    A new secret; the old one signs beside it for `overlap`. A disabled endpoint is started again.

    Without any overlap all older secrets end at once, whatever was promised: the way out when one has leaked.

    Raises:
        SecretsOverlap: an overlap is asked for while the one before it lasts.
    """
    row = WebhookEndpoint.objects.select_for_update(of=("self",), no_key=True).get(id=endpoint.id)
    if row.old_until is not None and now < row.old_until and overlap > timedelta(0):
        raise SecretsOverlap
    if row.old_secret:
        vault.forget(vault.SealedRef(row.old_secret), now=now)
    secret = signing.new_secret()
    row.old_secret, row.old_until = row.secret, now + overlap
    row.secret = vault.seal(vault.FamilyRef(row.family), "access.webhook-secret", secret, now=now)
    row.disabled_at, row.disabled_because = None, ""
    row.failing_since, row.failures, row.resting_until = None, 0, None
    row.save()
    ledger.append("access.webhook-rotated", {"endpoint": str(row.id)}, at=now)
    return NewEndpoint(row, secret)


def secret_of(endpoint: WebhookEndpoint) -> str:
    """The newest secret, for a repeated call with the same idempotency key alone."""
    return str(vault.reveal(vault.SealedRef(endpoint.secret), purpose="repeat a reply"))


@transaction.atomic
def remove(endpoint: WebhookEndpoint, *, now: datetime) -> None:
    """End an endpoint; its secrets are destroyed with their key."""
    WebhookEndpoint.objects.filter(id=endpoint.id).update(removed_at=now)
    Delivery.objects.filter(endpoint=endpoint, state="waiting").update(
        state="given_up", last_problem="endpoint ended"
    )
    vault.forget_family(vault.FamilyRef(endpoint.family), now=now)
    ledger.append("access.webhook-removed", {"endpoint": str(endpoint.id)}, at=now)


@transaction.atomic
def test(endpoint: WebhookEndpoint, *, now: datetime) -> UUID:
    """
    Send an event of kind `test` to this endpoint alone; returns the event's id.

    Raises:
        WebhookDisabled: nothing is sent there any more.
        TestsWaiting: three tests have not arrived yet.
    """
    row = WebhookEndpoint.objects.select_for_update(of=("self",), no_key=True).get(id=endpoint.id)
    if row.disabled_at is not None:
        raise WebhookDisabled(why=row.disabled_because)
    waiting = Delivery.objects.filter(endpoint=endpoint, state="waiting", event__kind="test").count()
    if waiting >= MOST_TESTS:
        raise TestsWaiting(most=MOST_TESTS)
    event = events.write(
        "test",
        operator=endpoint.operator,
        service=endpoint.service,
        session=None,
        sandbox=endpoint.sandbox,
        facts={"endpoint": str(endpoint.id)},
        at=now,
        to=endpoint.id,
    )
    assert event is not None  # it is of no session
    return event.id


def document(endpoint: WebhookEndpoint, secret: str | None = None) -> dict[str, object]:
    """An endpoint as the door shows it; the secret only when it was just made."""
    shown: dict[str, object] = {
        "id": str(endpoint.id),
        "url": endpoint.url,
        "kinds": endpoint.kinds,
        "service": endpoint.service.slug if endpoint.service else None,
        "sandbox": endpoint.sandbox,
        "created_at": endpoint.created_at,
        "old_secret_until": endpoint.old_until,
        "failing_since": endpoint.failing_since,
        "disabled_at": endpoint.disabled_at,
        "disabled_because": endpoint.disabled_because or None,
    }
    if secret is not None:
        shown["secret"] = secret
    return shown
