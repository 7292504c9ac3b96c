"""What this room refuses, each with a stable code; the sentences stand in `site/errors.py`."""

from ruangaman.core.errors import RuangAmanError


class NotFound(RuangAmanError):
    """There is no such child, request, link or receipt; never says which."""

    code = "families.not-found"


class LinkExpired(RuangAmanError):
    """The link or code has passed its time."""

    code = "families.link-expired"


class LinkUsed(RuangAmanError):
    """A one-time link was opened a second time."""

    code = "families.link-used"


class TooMany(RuangAmanError):
    """Too many tries; `facts["wait_s"]` says how many seconds to wait."""

    code = "families.too-many"


class NicknameRefused(RuangAmanError):
    """This is no name by which a child is called (`core.nicknames`); no child was added."""

    code = "families.nickname-refused"


class RequestRefused(RuangAmanError):
    """No request was made; `facts["why"]`: address, kind, due, already-given, too-many."""

    code = "families.request-refused"


class RequestLapsed(RuangAmanError):
    """The window of this request has closed; nothing changed."""

    code = "consent.lapsed"


class AlreadyAnswered(RuangAmanError):
    """The request was answered before; `facts["state"]` says how it stands."""

    code = "consent.already-answered"


class ClosedByLaw(RuangAmanError):
    """The law closes this, whatever a guardian answers or sets."""

    code = "families.closed-by-law"


class NotTheGuardian(RuangAmanError):
    """This person is not proven to be this child's guardian with the authority for this act."""

    code = "families.not-the-guardian"


class NothingToWithdraw(RuangAmanError):
    """There is no living consent to withdraw."""

    code = "consent.nothing-to-withdraw"


class WatchNeedsReason(RuangAmanError):
    """A watch is turned on only with a reason, which the child reads."""

    code = "families.watch-needs-reason"


class DeletionRefused(RuangAmanError):
    """The confirmation of a deletion is incomplete or impossible; `facts["why"]` says what."""

    code = "families.deletion-refused"


class NotTheStory(RuangAmanError):
    """Only the story has a mailbox that can be looked at."""

    code = "families.not-the-story"


class PasskeyRefused(RuangAmanError):
    """The passkey was not accepted, whatever the cause."""

    code = "families.passkey-refused"


class PassedOn(RuangAmanError):
    """The guardian's time to answer this objection is over; an officer answers now."""

    code = "families.passed-on"


class SaysNothing(RuangAmanError):
    """A form came without the words or the choice that it needs."""

    code = "families.says-nothing"


class StillHeld(RuangAmanError):
    """The family cannot be forgotten yet; `facts["why"]` names what holds it: account, deletion, objection, age,
    complaint, unread, guardian.
    """

    code = "families.still-held"


class NoSuchFamily(RuangAmanError):
    """No family that can be forgotten stands under this id; it may have been forgotten before."""

    code = "families.no-such-family"


class WhyRefused(RuangAmanError):
    """The reason for forgetting is empty, longer than 200 characters, or may name a person."""

    code = "families.why-refused"
