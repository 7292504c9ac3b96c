"""Helplines as dated data: a number is shown only where it answers, with the day it was checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import yaml

EVERYWHERE = "all"
FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Helpline:
    """One number. `verified_on` None: nobody has called it yet. `whatsapp`: international, no plus."""

    id: str
    name: Mapping[str, str]
    run_by: Mapping[str, str]
    purpose: Mapping[str, str]
    phone: str
    whatsapp: str | None
    hours: Mapping[str, str]
    where: str | tuple[str, ...]
    verified_on: date | None
    expires_on: date | None


@cache
def every_line(jurisdiction: str = "ID") -> tuple[Helpline, ...]:
    """All lines of the file, also those that may not be shown anywhere yet."""
    data = yaml.safe_load((FOLDER / f"{jurisdiction}.yaml").read_text(encoding="utf-8"))
    return tuple(
        Helpline(
            id=line["id"],
            name=line["name"],
            run_by=line["run_by"],
            purpose=line["for"],
            phone=line["phone"],
            whatsapp=line["whatsapp"],
            hours=line["hours"],
            where=line["where"] if line["where"] == EVERYWHERE else tuple(line["where"]),
            verified_on=line["verified_on"],
            expires_on=line["expires_on"],
        )
        for line in data["lines"]
    )


def helplines(jurisdiction: str = "ID", district: str | None = None) -> tuple[Helpline, ...]:
    """The lines that answer in the whole country, and those somebody checked for this district."""
    return tuple(
        line
        for line in every_line(jurisdiction)
        if line.where == EVERYWHERE or (district is not None and district in line.where)
    )
