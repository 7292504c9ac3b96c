"""Reads worth a name."""

from collections.abc import Sequence
from uuid import UUID

from ruangaman.rooms.access.api import KeyView, ServiceRef, ServiceView, SessionRef, SessionView
from ruangaman.rooms.access.errors import NotFound
from ruangaman.rooms.access.models import AccessSession, ApiKey, Service
from ruangaman.rooms.families import api as families


def _view(row: Service) -> ServiceView:
    return ServiceView(
        ref=ServiceRef(row.id),
        slug=row.slug,
        operator=row.operator,
        name=row.name,
        type=row.type,
        jurisdiction=row.jurisdiction,
        risk_profile=row.risk_profile,
        risk_determined_by=row.risk_determined_by,
        risk_determined_at=row.risk_determined_at,
        designed_for_children=row.designed_for_children,
        age_restricted=row.age_restricted,
        named=row.named,
        purpose=row.purpose,
        opens=tuple(row.opens),
        stays_closed=tuple(row.stays_closed),
        data_requested=tuple(row.data_requested),
        handling=row.handling,
        features=tuple(row.features),
        contact=row.contact,
        return_addresses=tuple(row.return_addresses),
        facts=row.facts(),
    )


def service_row(slug: str) -> Service:
    """The row of a living service; raises NotFound."""
    row = Service.objects.filter(slug=slug, retired_at__isnull=True).first()
    if row is None:
        raise NotFound(what="service")
    return row


def service(slug: str) -> ServiceView | None:
    """One living service, or None."""
    row = Service.objects.filter(slug=slug, retired_at__isnull=True).first()
    return _view(row) if row else None


def public_services() -> Sequence[ServiceView]:
    """All living services, by name."""
    return [_view(row) for row in Service.objects.filter(retired_at__isnull=True).order_by("name")]


def keys() -> Sequence[KeyView]:
    """All keys without their secrets."""
    after = dict(ApiKey.objects.filter(replaces__isnull=False).values_list("replaces_id", "key_id"))
    return [
        KeyView(
            key_id=row.key_id,
            label=row.label,
            operator=row.operator,
            service=row.service.slug if row.service else None,
            sandbox=row.sandbox,
            scopes=tuple(row.scopes),
            created_at=row.created_at,
            expires_at=row.expires_at,
            revoked_at=row.revoked_at,
            last_used_at=row.last_used_at,
            replaced_by=after.get(row.id),
        )
        for row in ApiKey.objects.select_related("service")
    ]


def sessions_of_child(child: UUID) -> Sequence[SessionView]:
    """The sessions behind one child, the newest first."""
    rows = AccessSession.objects.filter(child=child).select_related("service").order_by("-created_at")
    return [
        SessionView(
            ref=SessionRef(row.id),
            service=row.service.slug,
            child=row.child,
            request=row.request,
            state=row.state,
            sandbox=row.sandbox,
            created_at=row.created_at,
            closed_at=row.closed_at,
        )
        for row in rows
    ]


def family_of_session(ref: UUID) -> UUID | None:
    """The family of the child of a session; None when there is no such session."""
    row = AccessSession.objects.filter(id=ref).first()
    return families.family_of(families.ChildRef(row.child)) if row else None
