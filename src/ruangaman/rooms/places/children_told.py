"""
Numbers of children in words: the one way in which pages, mails, feeds and the ledger of this room tell them.

What a city's folder holds is counted of groups already (`core.reach.groups`); here it is put in steps of the least
count once more, since a share of a survey or the error of counts is no whole number of groups. For the what-if in the
browser `static/places/kalau.js` does the same.
"""

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from ruangaman.core.reach import rounding
from ruangaman.core.reach.rounding import Way


def count(children: float, least: float, way: Way = "nearest") -> str:
    """
    Children in steps of the least count; of fewer, nobody included, that they are fewer.

    Args:
        way: `down` for the least that may be so, `up` for the most, so that what is told is true.
    """
    told = rounding.shown(children, least, way)
    return fewer(least) if told is None else number(told)


def between(low: float, high: float, least: float) -> tuple[str, str]:
    """The least and the most in words."""
    return count(low, least, "down"), count(high, least, "up")


def fewer(least: float) -> str:
    """What is told of a count that is too small to be told."""
    return _("kurang dari %(least)s") % {"least": f"{least:g}"}


def number(told: float) -> str:
    """A whole number, as one writes it."""
    return number_format(round(told), use_l10n=True, force_grouping=True)


def steps(children: float, least: float) -> int:
    """The same as a number, for what is kept; 0 for few."""
    told = rounding.shown(children, least)
    return 0 if told is None else round(told)
