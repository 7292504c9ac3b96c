"""Numbers and words of plans as pages tell them."""

from collections.abc import Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from ruangaman.adapters import walk_files
from ruangaman.rooms.places import children_told


def price(cost: float, children: float, least_count: float) -> str:
    """What one child costs, by the count that is told, so that no other count follows from it; "" for few children."""
    told = children_told.steps(children, least_count)
    return rupiah(cost / told, small=True) if told > 0 else ""


def rupiah(amount: float, *, small: bool = False) -> str:
    """Rupiah in millions with one place; a price for one child in whole rupiah."""
    if small:
        return _("Rp%s") % number_format(round(amount), use_l10n=True, force_grouping=True)
    millions = round(amount / 1e6, 1)
    places = 0 if millions == round(millions) else 1
    return _("Rp%s juta") % number_format(millions, decimal_pos=places, use_l10n=True, force_grouping=True)


def least(told: Mapping[str, Any]) -> float:
    """The least count by which a plan is told: the larger of the house's and that of the build that it was made of."""
    return max(walk_files.goals().least, float(told["least_count"]))


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
