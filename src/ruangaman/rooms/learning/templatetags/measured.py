"""Numbers of results as readers of each language write them."""

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def percent(share: float | None) -> str:
    """A share, 0 to 1, as whole per cent; a dash where nothing may be told."""
    return "–" if share is None else f"{share:.0%}"


@register.filter
def decimal(number: float | None, places: int = 2) -> str:
    """With a comma in Indonesian; a true minus; a dash where there is none."""
    if number is None:
        return "–"
    told = f"{number:.{places}f}".replace("-", "−")
    if not told.strip("−0."):
        told = told.replace("−", "")
    return told if get_language() == "en" else told.replace(".", ",")


@register.filter
def points(share: float | None) -> str:
    """A difference of shares in points of per cent."""
    return "–" if share is None else decimal(share * 100, 0)


@register.filter
def people(tens: int | None) -> str:
    """People in tens; below ten that they are fewer."""
    return (
        _("kurang dari 10") if not tens else f"{tens:,}".replace(",", "," if get_language() == "en" else ".")
    )
