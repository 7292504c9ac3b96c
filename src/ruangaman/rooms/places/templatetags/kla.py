"""Numbers, ranges, days and states of the scorecard in templates."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ruangaman.core.kla.checking import Change
from ruangaman.core.kla.rules import Level
from ruangaman.core.kla.scoring import Range, Told
from ruangaman.rooms.places.kla import telling

register = template.Library()


@register.filter
def span(found: Range | None) -> str:
    """`588,40`, or `500 sampai 1000`."""
    return "-" if found is None else telling.span(found)


@register.filter
def number(value: Decimal | None) -> str:
    """`588,40`; a question mark word where it is not known."""
    return _("belum tahu") if value is None else telling.number(value)


@register.filter
def difference(found: Change) -> str:
    """`+12`, `-132,60`."""
    return telling.difference(found)


@register.filter
def told(one: Told) -> str:
    """`72%`, `95 poin`, `-`."""
    return telling.told(one)


@register.filter
def levels(found: tuple[Level, Level]) -> str:
    """`Pratama`, or from one to another."""
    return telling.levels(found)


@register.filter
def words(pair: Mapping[str, str]) -> str:
    """The text of a pair in the page's language."""
    return telling.of(pair)


@register.filter
def standing(value: str) -> str:
    """How evidence stands, in words."""
    return _(telling.STANDINGS[str(value)])


@register.filter
def kind(value: str) -> str:
    """What a piece of evidence is."""
    return _(telling.KINDS[value])


@register.filter
def verdict(value: str) -> str:
    """What the province said."""
    return _(telling.MARKS[value])


@register.filter
def gap(value: str) -> str:
    """The rule between two levels, in words."""
    return _(telling.GAPS[value])


@register.filter
def on(value: date | datetime | None) -> str:
    """`25 November 2026`."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value)
    return date_format(value, "j F Y")
