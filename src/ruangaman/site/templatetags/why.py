"""From a decision to a lesson: the link to the screen that explains a reason of the law in two minutes."""

from django import template

from ruangaman.rooms.learning import api as learning

register = template.Library()


@register.inclusion_tag("tegel/components/why.html")
def why(reason: object, who: str, about: str = "") -> dict[str, str]:
    """
    A link, or nothing where no lesson explains the reason to these readers.

    Args:
        reason: id of the law's reason, as an answer gives it; nothing else is shown of it.
        who: an audience of the lessons, such as B3 or PAR.
        about: the service that it is about, for ears: several links of one page have the same words.
    """
    return {"address": learning.explaining(str(reason or ""), who) or "", "about": about}


@register.inclusion_tag("tegel/components/why.html")
def why_feature(feature: str, jurisdiction: str, who: str, about: str = "") -> dict[str, str]:
    """The same for what the law keeps switched off: `feature` as a service names it, such as precise_location."""
    return why(f"{jurisdiction}/feature/{feature.replace('_', '-')}", who, about)
