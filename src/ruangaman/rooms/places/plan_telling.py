"""Numbers and words of plans as pages tell them."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _

NEAREST: Final = 5
"""Counts are told to the nearest five: a small group is not found by taking one sum from another."""


def rounded(children: float) -> int:
    """Children as they may be told."""
    return NEAREST * round(round(children) / NEAREST)


def count(children: float, least: float) -> str:
    """Children: to the nearest five, and few of them as fewer than the least count; 0 is told."""
    whole = round(children)
    if whole == 0:
        return "0"
    if abs(whole) < least:
        return _("kurang dari %s") % f"{least:g}"
    return number_format(rounded(children), use_l10n=True, force_grouping=True)


def price(cost: float, children: float, least: float) -> str:
    """What one child costs, by the count that is told, so that no other count follows from it; "" for few children."""
    if round(children) < max(least, NEAREST):
        return ""
    return rupiah(cost / rounded(children), small=True)


def rupiah(amount: float, *, small: bool = False) -> str:
    """Rupiah in millions with one place; a price for one child in whole rupiah."""
    if small:
        return _("Rp%s") % number_format(round(amount), use_l10n=True, force_grouping=True)
    millions = round(amount / 1e6, 1)
    places = 0 if millions == round(millions) else 1
    return _("Rp%s juta") % number_format(millions, decimal_pos=places, use_l10n=True, force_grouping=True)


def within(cost: float, budget: float) -> bool:
    """Whether a cost is within a budget; fractions of a rupiah do not count."""
    return cost <= budget * (1 + 1e-9)


def profile_words(profile: Mapping[str, Any]) -> str:
    """Who walks, when and how."""
    light = {"day": _("siang"), "dusk": _("senja")}.get(str(profile["light"]), str(profile["light"]))
    by = {"foot": _("jalan kaki"), "wheelchair": _("kursi roda")}.get(
        str(profile["mobility"]), str(profile["mobility"])
    )
    return _("Anak %(age)s tahun, %(by)s, %(light)s") % {"age": profile["age"], "by": by, "light": light}
