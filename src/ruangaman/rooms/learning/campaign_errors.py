"""Refusals about campaigns."""

from ruangaman.core.errors import RuangAmanError


class NoSuchCampaign(RuangAmanError):
    """There is no such campaign, wording or short address here."""

    code = "learning.no-such-campaign"


class CampaignRefused(RuangAmanError):
    """A campaign or a wording cannot be taken so; `why` names the field."""

    code = "learning.campaign-refused"


class MessageTooLong(RuangAmanError):
    """A message for chat groups has more signs than fit; `field`, `signs` and `most` say which and how many."""

    code = "learning.message-too-long"


class DrawRefused(RuangAmanError):
    """
    Arms cannot be drawn, or the day of those who wait not set: nothing is compared, it was done, too few groups joined,
    no lesson would be in time any more, or the day does not fit; `why` says which.
    """

    code = "learning.draw-refused"


class CampaignOver(RuangAmanError):
    """The campaign was ended or sealed; nothing of it changes any more."""

    code = "learning.campaign-over"


class OrganiserRefused(RuangAmanError):
    """No such account or region, or nothing to end; `why` says which."""

    code = "learning.organiser-refused"
