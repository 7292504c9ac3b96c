"""Services of operators: what guardians read and the law is asked about."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Unpack

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import transaction

from ruangaman.adapters import ids, packs
from ruangaman.core.law import QuestionRefused
from ruangaman.rooms.access import addresses, events, following
from ruangaman.rooms.access.api import Described
from ruangaman.rooms.access.errors import NotFound, ServiceRefused
from ruangaman.rooms.access.models import Service
from ruangaman.rooms.access.models.services import RISK_PROFILES
from ruangaman.rooms.families import api as families
from ruangaman.rooms.ledger import api as ledger

TEXT_LISTS: Final = ("opens", "stays_closed")
ASKED_MARKS: Final = frozenset(families.DataAsked.__annotations__) - {"id", "en"}
NEEDED: Final = ("name", "type", "purpose")
DETERMINATION: Final = frozenset({"risk_profile", "risk_determined_by", "risk_determined_at"})
CHANGEABLE: Final = tuple(Described.__annotations__)


def _is_text(value: Any) -> bool:
    return (
        isinstance(value, Mapping)
        and set(value) == {"id", "en"}
        and all(isinstance(one, str) and 0 < len(one.strip()) <= 400 for one in value.values())
    )


def _is_data_asked(value: Any) -> bool:
    if not isinstance(value, Mapping):
        return False
    marks = {name: one for name, one in value.items() if name not in ("id", "en")}
    return (
        _is_text({name: one for name, one in value.items() if name not in marks})
        and set(marks) <= ASKED_MARKS
        and all(isinstance(one, bool) for one in marks.values())
    )


def _check_handling(stated: Any) -> None:
    """What is left out is not stated; an empty list states that there is none, which cannot be true of a place."""
    if not isinstance(stated, Mapping):
        raise ServiceRefused(why="handling")
    for name, value in stated.items():
        if name in families.HANDLING_LISTS:
            well = isinstance(value, list | tuple) and all(map(_is_text, value))
            well = well and (bool(value) or name not in ("storage_locations", "processing_locations"))
        elif name in families.HANDLING_TEXTS:
            well = _is_text(value)
        else:
            well = name == "party_address" and isinstance(value, str) and 0 < len(value.strip()) <= 400
        if not well:
            raise ServiceRefused(why=f"handling.{name}"[:80])


def check(row: Service, now: datetime) -> None:
    """Refuse a description that a guardian could not read or the law could not take."""
    if not str(row.name).strip():
        raise ServiceRefused(why="name")
    if row.risk_profile not in RISK_PROFILES:
        raise ServiceRefused(why="risk_profile")
    determined = bool(row.risk_determined_by) and row.risk_determined_at is not None
    if determined == (row.risk_profile == "unassessed"):
        raise ServiceRefused(why="risk_determined_by")
    if row.risk_determined_at is not None and row.risk_determined_at > now:
        # What is announced for later does not bind today: it is entered on its day, and told to the platform then.
        raise ServiceRefused(why="risk_determined_at lies in the future")
    if not _is_text(row.purpose):
        raise ServiceRefused(why="purpose")
    for name in TEXT_LISTS:
        if not isinstance(getattr(row, name), list) or not all(map(_is_text, getattr(row, name))):
            raise ServiceRefused(why=name)
    if not isinstance(row.data_requested, list) or not all(map(_is_data_asked, row.data_requested)):
        raise ServiceRefused(why="data_requested")
    _check_handling(row.handling)
    if why := addresses.refusal_of_all(row.return_addresses):
        raise ServiceRefused(why=f"return_addresses: {why}"[:80])
    seen = set()
    for feature in row.features:
        if not isinstance(feature, Mapping) or set(feature) - {"name", "title", "on", "watch"}:
            raise ServiceRefused(why="features")
        if not feature.get("name") or feature["name"] in seen or not _is_text(feature.get("title")):
            raise ServiceRefused(why="features")
        seen.add(feature["name"])
    pack = packs.all().get(row.jurisdiction)
    if pack is None:
        raise ServiceRefused(why="jurisdiction")
    try:
        pack.ask({"question": "account", "service": row.facts()}, now=now)
    except QuestionRefused as error:
        raise ServiceRefused(why=str(getattr(error, "field", "") or error.code)) from None


def _describe(row: Service, described: Described) -> None:
    """Write what is described into the row, texts as plain lists and dicts; raises ServiceRefused on another name."""
    if unknown := set(described) - set(CHANGEABLE):
        raise ServiceRefused(why=f"no such field: {min(unknown)}"[:80])
    for name, value in described.items():
        if name in (*TEXT_LISTS, "data_requested", "features"):
            if isinstance(value, str) or not isinstance(value, Sequence):
                raise ServiceRefused(why=name)
            value = [dict(one) if isinstance(one, Mapping) else one for one in value]
        elif name == "return_addresses":
            if isinstance(value, str) or not isinstance(value, Sequence):
                raise ServiceRefused(why=name)
            value = list(value)
        elif isinstance(value, Mapping):
            value = dict(value)
        setattr(row, name, value)


@transaction.atomic
def create(
    *, slug: str, operator: str, jurisdiction: str, now: datetime, **described: Unpack[Described]
) -> Service:
    """
    Add a service.

    Raises:
        ServiceRefused: `why` names the field, a missing one too; a slug that is taken says `slug`.
    """
    missing = [name for name in NEEDED if not described.get(name)]
    for name, given in (("slug", slug), ("operator", operator), ("jurisdiction", jurisdiction)):
        if not isinstance(given, str):  # a file may say anything
            raise ServiceRefused(why=f"{name}: a text")
        if not given.strip():
            raise ServiceRefused(why=f"{name}: missing")
    if missing:
        raise ServiceRefused(why=f"{missing[0]}: missing")
    try:
        validate_slug(slug)
    except ValidationError:
        raise ServiceRefused(why="slug") from None
    if slug != slug.lower() or len(slug) > 60 or Service.objects.filter(slug=slug).exists():
        raise ServiceRefused(why="slug")
    row = Service(id=ids.new(now), slug=slug, operator=operator, jurisdiction=jurisdiction, created_at=now)
    _describe(row, described)
    return keep(row, changed=None, now=now)


@transaction.atomic
def update(slug: str, *, now: datetime, **described: Unpack[Described]) -> Service:
    """
    Change the description of a service. Living sessions follow at their next look; requests that wait keep the
    card that the guardian has seen.

    Raises:
        NotFound; ServiceRefused.
    """
    row = Service.objects.select_for_update(no_key=True).filter(slug=slug, retired_at__isnull=True).first()
    if row is None:
        raise NotFound(what="service")
    _describe(row, described)
    return keep(row, changed=sorted(described), now=now)


def _determination(row: Service) -> dict[str, str | None]:
    """How risky the service is, who says so and since when, as a platform hears it."""
    at = row.risk_determined_at
    return {
        "risk_profile": row.risk_profile,
        "determined_by": row.risk_determined_by or None,
        "determined_at": at.isoformat() if at else None,
    }


@transaction.atomic
def keep(row: Service, *, changed: Sequence[str] | None, now: datetime) -> Service:
    """
    Check and write a row with its ledger entry; `changed` None is a new one. Another determination is told to the
    platform, whoever enters it: to its sandbox too, whose sessions follow as well.

    Raises:
        ServiceRefused
    """
    row.updated_at = now
    check(row, now)
    if changed is None:
        row.save(force_insert=True)
        ledger.append("access.service-added", _public(row), at=now)
        return row
    before = _determination(Service.objects.select_for_update(no_key=True).get(id=row.id))
    row.save(force_update=True)
    ledger.append("access.service-changed", _public(row) | {"fields": " ".join(changed)}, at=now)
    following.ask_again(row)
    determined = _determination(row)
    if not DETERMINATION & set(changed) or determined == before:
        return row
    for sandbox in (False, True):
        events.write(
            "determination.published",
            operator=row.operator,
            service=row,
            session=None,
            sandbox=sandbox,
            facts=determined,
            at=now,
        )
    return row


def _public(row: Service) -> dict[str, str | int | bool | None]:
    return {
        "service": row.slug,
        "operator": row.operator,
        "risk_profile": row.risk_profile,
        "determined_by": row.risk_determined_by or None,
        "designed_for_children": row.designed_for_children,
    }
