"""What this room refuses, each with a stable code; the sentences stand in `site/errors.py`."""

from ruangaman.core.errors import RuangAmanError


class KeyMissing(RuangAmanError):
    """No key came with the call."""

    code = "access.key-missing"


class KeyRefused(RuangAmanError):
    """The key is unknown, expired or revoked; never says which."""

    code = "access.key-refused"


class ScopeMissing(RuangAmanError):
    """The key may not do this; `facts["scope"]` names what it lacks."""

    code = "access.scope-missing"


class TooManyCalls(RuangAmanError):
    """The key called too often; `facts["wait_s"]` says how many seconds to wait."""

    code = "access.too-many-calls"


class BodyTooLarge(RuangAmanError):
    """The body is over the limit, in bytes or in items."""

    code = "access.body-too-large"


class BodyUnreadable(RuangAmanError):
    """The body is no JSON, or nested too deep."""

    code = "access.body-unreadable"


class NotJson(RuangAmanError):
    """The body is declared as something else than JSON."""

    code = "access.not-json"


class FieldRefused(RuangAmanError):
    """One field is unknown, missing or of the wrong form; `facts["field"]` names it."""

    code = "access.field-refused"


class AgeNotStronger(RuangAmanError):
    """An older age than is known was told by evidence that is no stronger; a person may contest what is known."""

    code = "access.age-not-stronger"


class EncodingRefused(RuangAmanError):
    """The body is packed (`Content-Encoding`)."""

    code = "access.encoding-refused"


class PreconditionFailed(RuangAmanError):
    """`If-Match` or `If-None-Match` does not fit what stands here; nothing was done."""

    code = "access.precondition-failed"


class NotAcceptable(RuangAmanError):
    """The caller wants a format that is not spoken here."""

    code = "access.not-acceptable"


class MethodRefused(RuangAmanError):
    """This address does not take this method."""

    code = "access.method-not-allowed"


class NotFound(RuangAmanError):
    """There is no such thing for this key; never says whether it exists for another."""

    code = "access.not-found"


class ServiceUnknown(RuangAmanError):
    """No such service for this key."""

    code = "access.service-unknown"


class ServiceRefused(RuangAmanError):
    """The description of a service is incomplete or contradicts itself."""

    code = "access.service-refused"


class ReturnUnknown(RuangAmanError):
    """`return_to` is none of the addresses that this service has registered, letter by letter."""

    code = "access.return-unknown"


class CountryUnknown(RuangAmanError):
    """No law pack for this country."""

    code = "access.country-unknown"


class SessionClosed(RuangAmanError):
    """The account was closed; nothing more can be done with its session."""

    code = "access.session-closed"


class AskedTooOften(RuangAmanError):
    """The guardian was asked often enough; `facts["wait_s"]` says how many seconds to wait."""

    code = "access.guardian-asked-too-often"


class IdempotencyKeyReused(RuangAmanError):
    """The same idempotency key came with another body or another call."""

    code = "access.idempotency-key-reused"


class IdempotencyKeyRefused(RuangAmanError):
    """The idempotency key is empty, too long or not printable ASCII."""

    code = "access.idempotency-key-refused"


class UrlRefused(RuangAmanError):
    """A webhook's address is not one that this house may call; `facts["why"]` says why."""

    code = "access.url-refused"


class TooManyEndpoints(RuangAmanError):
    """The caller has as many webhooks as it may have."""

    code = "access.too-many-endpoints"


class WebhookDisabled(RuangAmanError):
    """The endpoint gets nothing until its secret is rotated; `facts["why"]`: failing, gone."""

    code = "access.webhook-disabled"


class TestsWaiting(RuangAmanError):
    """As many test events wait for this endpoint as may; `facts["most"]` says how many."""

    code = "access.tests-waiting"


class SecretsOverlap(RuangAmanError):
    """Two secrets sign already; a third would end the first before the time that was promised."""

    code = "access.secrets-overlap"


class CursorRefused(RuangAmanError):
    """`after` or `limit` is not a whole number in its range."""

    code = "access.cursor-refused"


class SandboxOnly(RuangAmanError):
    """Only a sandbox key may do this."""

    code = "access.sandbox-only"


class NotSimulated(RuangAmanError):
    """The simulated answer does not fit where the request stands."""

    code = "access.not-simulated"


class MatterAnswered(RuangAmanError):
    """It was answered before; an answer is given once."""

    code = "access.matter-answered"


class MatterClosed(RuangAmanError):
    """It closed unanswered: the family that it was about has been forgotten."""

    code = "access.matter-closed"


class AnswerRefused(RuangAmanError):
    """An answer lacks what it needs; `facts["why"]`: decision, reason, unread, age, forgotten."""

    code = "access.answer-refused"


class StaffNameRefused(RuangAmanError):
    """A name to sign in with is empty, too long, or has letters that it may not have."""

    code = "access.staff-name-refused"


class StaffMailRefused(RuangAmanError):
    """What should be the mail address of an account is none."""

    code = "access.staff-mail-refused"


class KeyChoiceRefused(RuangAmanError):
    """A key was asked for with an unknown scope, or for nothing at all."""

    code = "access.key-choice-refused"


class QuestionRefused(RuangAmanError):
    """The law could not take a single question; `facts` hold the law's code, the field, and what is wrong."""

    code = "access.question-refused"
