"""Rows as values of the core: the form of an audit, its limits, the answers of a seat; and one spelling of JSON."""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from ruangaman.core.audits import form, limits, rules
from ruangaman.core.audits.scoring import Given, Score, score
from ruangaman.rooms.places.models import Audit, AuditAnswer, AuditForm, AuditLimits

MOST_KNOWN: Final = 64
_KNOWN: dict[str, tuple[form.Form, rules.Rules]] = {}


def canonical(body: Any) -> bytes:
    """One spelling of a JSON value (RFC 8785 for what we put in: no floats, sorted keys, UTF-8)."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def form_of(row: AuditForm) -> form.Form:
    """The form of a row; each is read once, since its key is the hash of what stands in it."""
    return _read(row)[0]


def rules_of(row: AuditForm) -> rules.Rules:
    """The rules of a row."""
    return _read(row)[1]


def _read(row: AuditForm) -> tuple[form.Form, rules.Rules]:
    found = _KNOWN.get(row.sha256)
    if found is None:
        found = form.read(row.body), rules.read(row.rules)
        if len(_KNOWN) >= MOST_KNOWN:
            _KNOWN.clear()
        _KNOWN[row.sha256] = found
    return found


def limits_of(row: AuditLimits | None, of: form.Form) -> dict[str, limits.Limit]:
    """The limits of a row; none without one. Keys that the form does not ask for, or in another unit, are left out."""
    if row is None:
        return {}
    fitting = [
        one for one in row.body if one["key"] in of.measures and one["unit"] == of.measures[one["key"]].unit
    ]
    return {one["key"]: limits.read([one], of.measures)[one["key"]] for one in fitting}


def as_rows(found: Mapping[str, limits.Limit]) -> list[dict[str, str]]:
    """Limits as they are kept."""
    return [
        {
            "key": one.key,
            "unit": one.unit,
            "least": _text(one.least),
            "most": _text(one.most),
            "source": one.source,
        }
        for one in found.values()
    ]


def given(rows: Iterable[AuditAnswer]) -> dict[str, Given]:
    """Answers by item."""
    return {row.item: Given(row.answer, row.measure) for row in rows}


def as_json(answers: Mapping[str, Given]) -> dict[str, list[str]]:
    """Answers as they are hashed and kept: item -> [answer, measure or ""]."""
    return {name: [one.answer, _text(one.measure)] for name, one in sorted(answers.items())}


def from_json(told: Mapping[str, list[str]]) -> dict[str, Given]:
    """The same read back."""
    return {name: Given(answer, Decimal(text) if text else None) for name, (answer, text) in told.items()}


def score_of(audit: Audit) -> Score:
    """What the decided answers of an audit are worth."""
    read = form_of(audit.form)
    return score(read, from_json(audit.answers or {}), limits_of(audit.limits, read))


def _text(value: Decimal | None) -> str:
    """`90`, `1.5`: without zeros that say nothing."""
    return "" if value is None else plain(value)


def plain(value: Decimal) -> str:
    """A number without an exponent and without zeros at its end."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
