"""Regions by Kemendagri's codes: "" the country, 33 a province, 33.74 a city, 33.74.01 a district, then a village."""

import re
from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ruangaman.adapters.province_names import names

CODE: Final = re.compile(r"(?:[0-9]{2}(?:\.[0-9]{2}(?:\.[0-9]{2}(?:\.[0-9]{4})?)?)?)?", re.ASCII)
LEVELS: Final = tuple(len(one) for one in ("33", "33.74", "33.74.01", "33.74.01.1001"))
"""Signs of the code of a province, a city, a district and a village."""
PROVINCE: Final = LEVELS[0]


def valid(code: str) -> bool:
    """Whether it is a code, of a province that we know a name of."""
    return bool(CODE.fullmatch(code)) and (not code or code[:PROVINCE] in names())


def inside(code: str, whole: str) -> bool:
    """Whether a region lies in another, or is it."""
    return not whole or code == whole or code.startswith(f"{whole}.")


def name(code: str) -> str:
    """
    In the reader's language. Of what lies in a province we have no table of names: its code stands with the province.
    """
    if not code:
        return _("Indonesia")
    told = names().get(code[:PROVINCE])
    if told is None:
        return code
    province = told["en" if get_language() == "en" else "id"]
    return province if len(code) == PROVINCE else f"{code}, {province}"


def choices() -> list[tuple[str, str]]:
    """Provinces to pick from, in the order of their codes."""
    return [(code, name(code)) for code in sorted(names())]
