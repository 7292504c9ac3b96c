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


class PlanRefused(RuangAmanError):
    """A plan's file or what was asked of it cannot be used; `why` names what."""

    code = "places.plan-refused"


class WeightsRefused(RuangAmanError):
    """
    Weights of a plan cannot be used: `why` is `group`, `times`, `area`, `name-of-several`, `twice` or `rows`; `row` is
    the line of the form, 0 for the group.
    """

    code = "places.weights-refused"


class LeastNotReached(RuangAmanError):
    """No plan was found that gives `kelurahan` the share of its children that was asked for."""

    code = "places.least-not-reached"


class PledgeRefused(RuangAmanError):
    """A pledge cannot be made: `why` is `date`, `organisation`, `taken`, `ended` or `done`."""

    code = "places.pledge-refused"


class FindingRefused(RuangAmanError):
    """A re-audit cannot be written down: `why` is `date` or `note`."""

    code = "places.finding-refused"
