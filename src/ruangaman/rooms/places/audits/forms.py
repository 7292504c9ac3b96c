"""The form and rules by which a city audits: the house's, or its own, each load a version that audits keep."""

from datetime import datetime
from typing import Any, Final

from django.contrib.auth.models import User
from django.db import transaction

from ruangaman.adapters import audit_tables, ids
from ruangaman.core.audits.form import AuditFormMalformed
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.places.audits.errors import AuditRefused
from ruangaman.rooms.places.audits.reading import canonical
from ruangaman.rooms.places.models import AuditForm, City, CityForm

FORM, RULES = "form", "rules"
PARTS: Final = (FORM, RULES)


def latest(city: City) -> CityForm | None:
    """What the city loaded last; None where the house's own holds."""
    return CityForm.objects.filter(city=city).select_related("form").order_by("-number").first()


def current(city: City, *, now: datetime) -> AuditForm:
    """The form and rules that an audit of this city begins with."""
    own = latest(city)
    return own.form if own is not None else _row(*audit_tables.shipped(), now)


@transaction.atomic
def load(city: City, part: str, data: bytes, *, by: User, now: datetime) -> CityForm | None:
    """
    Take a city's own form or rules; the other part stays as it is. Audits that began keep theirs. The very same once
    more changes nothing; None when that is the house's own.

    Raises:
        AuditFormMalformed: no such part, no YAML, or not in the form of ours. AuditRefused: `form-version`, its version
            stands already for something else.
    """
    if part not in PARTS:
        raise AuditFormMalformed(at="part")
    told = audit_tables.own_form(data) if part == FORM else audit_tables.own_rules(data)
    ledger.line_up()
    last = latest(city)
    body, rules = (last.form.body, last.form.rules) if last else audit_tables.shipped()
    if told == (body if part == FORM else rules):
        return last
    if any(one["version"] == told["version"] and one != told for one in _earlier(city, part)):
        raise AuditRefused(why="form-version")
    row = _row(told, rules, now) if part == FORM else _row(body, told, now)
    number = last.number + 1 if last else 1
    entry = ledger.append(
        "places.audit-form-loaded",
        {"city": city.code, "number": number, "part": part, "sha256": row.sha256, "by": by.pk},
        at=now,
    )
    return CityForm.objects.create(
        id=ids.new(now), city=city, number=number, form=row, loaded_by=by, loaded_at=now,
        ledger_index=entry.index,
    )  # fmt: skip


def _earlier(city: City, part: str) -> list[dict[str, Any]]:
    rows = [one.form for one in CityForm.objects.filter(city=city).select_related("form")]
    loaded = [one.body if part == FORM else one.rules for one in rows]
    return [*loaded, audit_tables.shipped()[0 if part == FORM else 1]]


def _row(body: dict[str, Any], rules: dict[str, Any], now: datetime) -> AuditForm:
    digest = audit_tables.sha256(canonical({"form": body, "rules": rules}))
    row, _made = AuditForm.objects.get_or_create(
        sha256=digest, defaults={"version": body["version"], "body": body, "rules": rules, "made_at": now}
    )
    return row
