"""Helplines as dated data: a number is shown only where it answers, with the day it was checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import yaml

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
    verified_on: date | None


@cache
def helplines(jurisdiction: str = "ID", district: str | None = None) -> tuple[Helpline, ...]:
    """The lines that answer in the whole country, and those somebody checked for this district."""
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
            verified_on=line["verified_on"],
        )
        for line in data["lines"]
        if line["where"] == "all" or (district is not None and district in line["where"])
    )
