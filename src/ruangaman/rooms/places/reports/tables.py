"""The tables by which a city takes reports: ours, or its own where it brought one."""

import hashlib
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import yaml
from django.contrib.auth.models import User
from django.db import transaction

from ruangaman.adapters import ids
from ruangaman.core import voting
from ruangaman.core.reports import rules
from ruangaman.core.reports.rules import Bodies, Clocks, Kinds, ReportRulesMalformed
from ruangaman.core.voting import VoteRule
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.places.models import City, ReportTable

DATA: Final = Path(__file__).resolve().parents[3] / "data"
FILES: Final = {
    "kinds": "report_kinds.yaml",
    "clocks": "report_clocks.yaml",
    "bodies": "report_bodies.yaml",
    "votes": "vote_rules.yaml",
}
MOST_BYTES: Final = 256 * 1024


def kinds(city: City) -> Kinds:
    """What may be told in this city, and how it is taken."""
    found: Kinds = _of(city, "kinds")
    return found


def clocks(city: City) -> Clocks:
    """By when this city reads, answers and does something."""
    found: Clocks = _of(city, "clocks")
    return found


def bodies(city: City) -> Bodies:
    """Who takes care of what in this city."""
    found: Bodies = _of(city, "bodies")
    return found


def vote_rules(city: City) -> dict[str, VoteRule]:
    """The rules by which Forum Anak of this city may vote."""
    return dict(_of(city, "votes"))


def raw_vote_rule(city: City, name: str) -> dict[str, Any]:
    """One rule as its table has it: what a round keeps."""
    told = yaml.safe_load(text_of(city, "votes"))
    return next(dict(one) for one in told["rules"] if one["id"] == name)


def text_of(city: City, part: str) -> str:
    """The table as it was written."""
    row = newest(city, part)
    return row.text if row else (DATA / FILES[part]).read_text(encoding="utf-8")


def newest(city: City, part: str) -> ReportTable | None:
    """The city's own table of a part, None where ours holds."""
    return ReportTable.objects.filter(city=city, part=part).order_by("-loaded_at", "-id").first()


@transaction.atomic
def load(city: City, part: str, content: bytes, *, by: User, now: datetime) -> ReportTable:
    """
    Take a city's own table. What runs already keeps its times and rules; what comes later follows this one.

    Raises:
        ReportRulesMalformed: no such part, too large, no YAML, or not in the form of ours.
    """
    if part not in FILES:
        raise ReportRulesMalformed(at="part")
    if len(content) > MOST_BYTES:
        raise ReportRulesMalformed(at="more than 256 KiB")
    try:
        text = content.decode("utf-8")
        told = yaml.safe_load(text)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as wrong:
        raise ReportRulesMalformed(at=type(wrong).__name__) from None
    _read(part, told)
    if part == "bodies":
        rules.read_bodies(told, kinds(city))
    ledger.line_up()
    digest = hashlib.sha256(content).hexdigest()
    ledger.append("report.table-loaded", {"city": city.code, "part": part, "sha256": digest}, at=now)
    version = str(told["version"])[:40]
    return ReportTable.objects.create(
        id=ids.new(now), city=city, part=part, version=version, text=text, sha256=digest, loaded_at=now,
        loaded_by=by,
    )  # fmt: skip


def _of(city: City, part: str) -> Any:
    rows = ReportTable.objects.filter(city=city, part=part).order_by("-loaded_at", "-id")
    own = rows.values_list("pk", flat=True).first()
    return _shipped(part) if own is None else _own(own, part)


@lru_cache(maxsize=len(FILES))
def _shipped(part: str) -> Any:
    return _read(part, yaml.safe_load((DATA / FILES[part]).read_text(encoding="utf-8")))


@lru_cache(maxsize=64)
def _own(table: UUID, part: str) -> Any:
    return _read(part, yaml.safe_load(ReportTable.objects.get(pk=table).text))


def _read(part: str, told: object) -> Any:
    if part == "kinds":
        return rules.read_kinds(told)
    if part == "clocks":
        return rules.read_clocks(told)
    if part == "votes":
        return voting.read(told)
    return rules.read_bodies(told, None)
