"""The door of the room: what services, oversight and the story may call. Everything takes `now`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NewType, TypedDict, Unpack
from uuid import UUID

from ruangaman.rooms.access.bounds import BODY_UNREAD, SENDERS
from ruangaman.rooms.access.errors import KeyMissing, KeyRefused
from ruangaman.rooms.access.keys import SCOPES, Caller, NewKey
from ruangaman.rooms.access.keys import create as create_key
from ruangaman.rooms.access.keys import living as callers
from ruangaman.rooms.access.keys import revoke as revoke_key
from ruangaman.rooms.access.keys import rotate as rotate_key
from ruangaman.rooms.access.keys import used_many as keys_used

__all__ = [
    "BODY_UNREAD",
    "SCOPES",
    "SENDERS",
    "Caller",
    "ClientView",
    "DeliveryRef",
    "Described",
    "KeyView",
    "NewClient",
    "NewKey",
    "ServiceRef",
    "ServiceView",
    "SessionRef",
    "SessionView",
    "WebhookRef",
    "add_openid_client",
    "add_staff",
    "all_keys",
    "all_openid_clients",
    "callers",
    "create_key",
    "create_service",
    "end_openid_client",
    "ensure_openid_key",
    "is_known",
    "keys_used",
    "public_services",
    "register_webhook",
    "renew_openid_secret",
    "revoke_key",
    "rotate_key",
    "rotate_openid_key",
    "send_delivery",
    "service",
    "sessions_of_child",
    "settle_due",
    "take_delivery",
    "update_service",
]

ServiceRef = NewType("ServiceRef", UUID)
SessionRef = NewType("SessionRef", UUID)
WebhookRef = NewType("WebhookRef", UUID)
DeliveryRef = NewType("DeliveryRef", UUID)


class Described(TypedDict, total=False):
    """What an operator says of a service. Texts are {"id", "en"}; a feature is {"name", "title", "on", "watch"}, its
    name a word of the pack's question `feature`. `handling` is what the operator states of how it handles data
    (docs/guides/platform.md). What is left out of a new service has the default of its column.
    """

    name: str
    type: str
    purpose: Mapping[str, str]
    opens: Sequence[Mapping[str, str]]
    stays_closed: Sequence[Mapping[str, str]]
    data_requested: Sequence[Mapping[str, Any]]
    handling: Mapping[str, Any]
    risk_profile: str
    risk_determined_by: str
    risk_determined_at: datetime | None
    designed_for_children: bool
    age_restricted: bool
    named: bool
    features: Sequence[Mapping[str, Any]]
    contact: str
    return_addresses: Sequence[str]


@dataclass(frozen=True, slots=True)
class ServiceView:
    """What anybody may know of a service. Texts are {"id", "en"}."""

    ref: ServiceRef
    slug: str
    operator: str
    name: str
    type: str
    jurisdiction: str
    risk_profile: str
    risk_determined_by: str
    risk_determined_at: datetime | None
    designed_for_children: bool
    age_restricted: bool
    named: bool
    purpose: Mapping[str, str]
    opens: tuple[Mapping[str, str], ...]
    stays_closed: tuple[Mapping[str, str], ...]
    data_requested: tuple[Mapping[str, Any], ...]
    handling: Mapping[str, Any]
    features: tuple[Mapping[str, Any], ...]
    contact: str
    return_addresses: tuple[str, ...]
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session without any person in it. `state` is what stood when something was last written."""

    ref: SessionRef
    service: str
    child: UUID
    request: UUID | None
    state: str
    sandbox: bool
    created_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class KeyView:
    """A key without its secret. `replaced_by` names the one that took its place; until `expires_at` both live."""

    key_id: str
    label: str
    operator: str
    service: str | None
    sandbox: bool
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    replaced_by: str | None


def create_service(
    *,
    slug: str = "",
    operator: str = "",
    now: datetime,
    jurisdiction: str = "ID",
    **described: Unpack[Described],
) -> ServiceRef:
    """
    Add a service; `slug`, `operator`, `name`, `type` and `purpose` are needed. A risk profile other than `unassessed`
    says who determined it and when.

    Raises:
        ServiceRefused: `facts["why"]` names the field, a missing one too.
    """
    from ruangaman.rooms.access import services

    row = services.create(slug=slug, operator=operator, jurisdiction=jurisdiction, now=now, **described)
    return ServiceRef(row.id)


def update_service(slug: str, *, now: datetime, **described: Unpack[Described]) -> ServiceRef:
    """Change what is described of a service; raises NotFound, ServiceRefused."""
    from ruangaman.rooms.access import services

    return ServiceRef(services.update(slug, now=now, **described).id)


def service(slug: str) -> ServiceView | None:
    """One living service, or None."""
    from ruangaman.rooms.access import queries

    return queries.service(slug)


def public_services() -> Sequence[ServiceView]:
    """All living services, by name."""
    from ruangaman.rooms.access import queries

    return queries.public_services()


def is_known(authorization: str, *, now: datetime) -> bool:
    """Whether this value of the header Authorization is a living key; asked before a body is waited for."""
    from ruangaman.rooms.access import keys

    try:
        keys.check(keys.bearer(authorization), now=now)
    except (KeyMissing, KeyRefused):
        return False
    return True


def all_keys() -> Sequence[KeyView]:
    """All keys, ended ones too, without secrets, the oldest first."""
    from ruangaman.rooms.access import queries

    return queries.keys()


def register_webhook(
    *,
    service: str,
    url: str,
    kinds: Sequence[str] = (),
    sandbox: bool = False,
    now: datetime,
) -> tuple[WebhookRef, str]:
    """An endpoint of one service, and its secret (`whsec_...`). Asks the name servers: call it outside of any
    transaction. Raises NotFound, UrlRefused, FieldRefused.
    """
    from ruangaman.rooms.access import queries, webhooks

    row = queries.service_row(service)
    webhooks.look_up(url)
    made = webhooks.register(
        operator=row.operator, service=row, sandbox=sandbox, url=url, kinds=kinds, now=now
    )
    return WebhookRef(made.endpoint.id), made.secret


def add_staff(
    name: str, *, admin: bool = False, officer: bool = False, mail: str | None = None, now: datetime
) -> str:
    """Make an account of the staff, or end its password; gives the link, good for a day and once, by which its person
    sets a password. `mail`: where the house writes to it, empty takes it away; with it a password that is in use
    stays, and there is no link (""). Raises StaffNameRefused, StaffMailRefused.
    """
    from ruangaman.rooms.access.desk import staff

    return staff.add(name, admin=admin, officer=officer, mail=mail, now=now)


def staff_signs_in(name: str) -> bool:
    """Whether there is an account of the staff with this name that has a password."""
    from django.contrib.auth.models import User

    from ruangaman.rooms.access.desk import staff

    user = User.objects.filter(username=name).first()
    return user is not None and staff.signs_in(user)


@dataclass(frozen=True, slots=True)
class NewClient:
    """A client of the OpenID Provider as it is shown once; a public one has no secret."""

    client: str
    secret: str | None


@dataclass(frozen=True, slots=True)
class ClientView:
    """A client of the OpenID Provider without its secret. `age`: the one that it may ask."""

    client: str
    service: str
    age: int | None
    public: bool
    pushed_only: bool
    redirects: tuple[str, ...]
    ended: bool


def add_openid_client(
    service: str,
    *,
    redirects: Sequence[str],
    age: int | None = None,
    public: bool = False,
    pushed_only: bool = False,
    now: datetime,
) -> NewClient:
    """
    Add a client of the OpenID Provider for one service (docs/guides/oidc.md).

    Args:
        redirects: the addresses to which it may return, each compared as it stands.
        age: the one age that it may ask; all clients of a service ask the same.
        public: an app that can keep no secret. pushed_only: it pushes its requests (RFC 9126).

    Raises:
        ServiceUnknown; ClientRefused: `facts["field"]` and `facts["why"]`.
    """
    from ruangaman.rooms.access.oidc import clients

    return clients.add(service, redirects=redirects, age=age, public=public, pushed_only=pushed_only, now=now)


def renew_openid_secret(client: str, *, now: datetime) -> NewClient:
    """A new secret in place of the old one, at once; raises NotFound, ClientRefused."""
    from ruangaman.rooms.access.oidc import clients

    return clients.renew_secret(client, now=now)


def end_openid_client(client: str, *, now: datetime) -> None:
    """End a client of the OpenID Provider at once; raises NotFound."""
    from ruangaman.rooms.access.oidc import clients

    clients.end(client, now=now)


def all_openid_clients() -> Sequence[ClientView]:
    """All clients of the OpenID Provider, ended ones too, the oldest first."""
    from ruangaman.rooms.access.oidc import clients

    return clients.every()


def ensure_openid_key(*, now: datetime) -> None:
    """See to it that there is a key for ID tokens."""
    from ruangaman.rooms.access.oidc import keys

    keys.ensure(now)


def rotate_openid_key(*, at_once: bool = False, now: datetime) -> tuple[str, datetime]:
    """A new key for ID tokens takes over, in two hours or at once: its `kid`, and when."""
    from ruangaman.rooms.access.oidc import keys

    made = keys.rotate(now, at_once=at_once)
    return made.kid, made.not_before


def sessions_of_child(child: UUID) -> Sequence[SessionView]:
    """The sessions behind one child reference of `families`, the newest first."""
    from ruangaman.rooms.access import queries

    return queries.sessions_of_child(child)


def family_of_session(ref: UUID) -> UUID | None:
    """The family of the child behind a session, for commands; None when there is no such session."""
    from ruangaman.rooms.access import queries

    return queries.family_of_session(ref)


def settle_due(now: datetime) -> int:
    """What time does in this room: simulated lapses, old idempotency keys. Idempotent."""
    from ruangaman.rooms.access import settling

    return settling.settle_due(now)


def take_delivery(*, now: datetime) -> DeliveryRef | None:
    """The next event that may leave for a platform, taken for a minute with its endpoint; None when nothing may."""
    from ruangaman.rooms.access import deliveries

    found = deliveries.take(now)
    return DeliveryRef(found) if found else None


def send_delivery(ref: DeliveryRef, *, now: datetime, wall: datetime) -> str:
    """
    Send what was taken, once; may wait for the receiver for ten seconds, so never inside a transaction.

    Args:
        wall: the time of the world outside, which the story's clock may be ahead of.

    Returns what became of it: done, waiting, given_up.
    """
    from ruangaman.rooms.access import deliveries

    return deliveries.send(ref, now=now, wall=wall)
