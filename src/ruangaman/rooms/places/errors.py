"""Refusals of the room."""

from ruangaman.core.errors import RuangAmanError


class NotFound(RuangAmanError):
    """There is no such thing in this city."""

    code = "places.not-found"


class CityRefused(RuangAmanError):
    """The description of a city is not complete or stands already; `why` names what."""

    code = "places.city-refused"


class RoleRefused(RuangAmanError):
    """No such role, or it lacks its city, its area or its organisation; `why` names what."""

    code = "places.role-refused"


class KlaRefused(RuangAmanError):
    """What was asked does not fit the card as it stands; `why` says what."""

    code = "places.kla-refused"


class EvidenceRefused(RuangAmanError):
    """A piece of evidence is not complete, of no kind that is taken, or too much; `why` says what."""

    code = "places.evidence-refused"
