"""Refusals of audits."""

from ruangaman.core.errors import RuangAmanError


class AuditRefused(RuangAmanError):
    """The act does not fit how the audit stands; `why` names what."""

    code = "places.audit-refused"


class AnswersRefused(RuangAmanError):
    """What was sent is no set of answers to this form; `why` and `item` name the place."""

    code = "places.answers-refused"


class AuditFinished(RuangAmanError):
    """These answers are closed: the auditor said that they are complete, or the audit is over."""

    code = "places.audit-finished"


class SendingDiffers(RuangAmanError):
    """The same id was sent before with something else in it."""

    code = "places.sending-differs"


class SignInAgain(RuangAmanError):
    """The session is over; what stands on the phone stays there."""

    code = "places.sign-in"


class NotYours(RuangAmanError):
    """This is another auditor's work, or of another area."""

    code = "places.not-yours"


class DefectRefused(RuangAmanError):
    """The repair is not in that state, or there is no such item; `why` names what."""

    code = "places.defect-refused"
