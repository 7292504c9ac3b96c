"""What this room refuses, each with a stable code; the sentences stand in `site/errors_of_ages.py`."""

from ruangaman.core.errors import RuangAmanError


class NotFound(RuangAmanError):
    """There is no such check, attempt, wallet or key; never says which."""

    code = "ages.not-found"


class CheckOver(RuangAmanError):
    """The check was answered, or is needed no more."""

    code = "ages.check-over"


class AttemptOver(RuangAmanError):
    """The try took longer than it may, or came back a second time."""

    code = "ages.attempt-over"


class TooManyTries(RuangAmanError):
    """Too many tries of one check are open; `facts["wait_s"]` says how many seconds until the oldest ends."""

    code = "ages.too-many-tries"


class WayClosed(RuangAmanError):
    """This way of proving is switched off here, or not enough for this service."""

    code = "ages.way-closed"


class NoSuchRange(RuangAmanError):
    """This range of ages is none of those between which somebody chooses."""

    code = "ages.no-such-range"


class OtherBrowser(RuangAmanError):
    """The answer came back to another browser than the one that asked (session fixation)."""

    code = "ages.other-browser"


class AskedTooOften(RuangAmanError):
    """The guardians of this account were asked often enough for one day."""

    code = "ages.asked-too-often"


class NotEntitled(RuangAmanError):
    """What is known of this wallet's age does not carry this claim, or not with this assurance."""

    code = "ages.not-entitled"


class QuotaUsed(RuangAmanError):
    """All tokens of this key that one wallet may have are taken; there are new ones in the next epoch."""

    code = "ages.quota-used"


class Stopped(RuangAmanError):
    """Nothing is issued to this wallet: its age was corrected, or it was paused."""

    code = "ages.stopped"


class InstitutionRefused(RuangAmanError):
    """The institution cannot be registered; `facts["why"]` names the field."""

    code = "ages.institution-refused"


class KeyUnknown(RuangAmanError):
    """No living key of the issuer fits the request (RFC 9578 section 6.2)."""

    code = "ages.key-unknown"


class RequestMalformed(RuangAmanError):
    """The request for a token has the wrong form (RFC 9578 section 6.1)."""

    code = "ages.request-malformed"


class MediaTypeRefused(RuangAmanError):
    """Another media type than the protocol's; `facts["wanted"]` names it."""

    code = "ages.media-type-refused"


class LoginMissing(RuangAmanError):
    """Tokens are issued to a wallet that says who it is, by its own secret."""

    code = "ages.login-missing"


class ContestRefused(RuangAmanError):
    """A contest or its answer cannot be taken as it is; `facts["why"]` says what is missing."""

    code = "ages.contest-refused"


class ContestOver(RuangAmanError):
    """This contest was decided, or what was told for it was forgotten."""

    code = "ages.contest-over"


class ContestOpened(RuangAmanError):
    """Another officer has opened this contest, or the file was shown before: each is seen once, by one person."""

    code = "ages.contest-opened"


class TooMany(RuangAmanError):
    """Too many tries or contests from here within the hour."""

    code = "ages.too-many"


class CodeRefused(RuangAmanError):
    """The code of an offer of cards is unknown, over or taken, its digits are wrong, or its wallet was stopped."""

    code = "ages.code-refused"


class DigitsMissing(RuangAmanError):
    """The digits that stand beside the offer are needed, or were sent where none are asked for."""

    code = "ages.digits-missing"


class CardTokenRefused(RuangAmanError):
    """The access token of an offer is unknown, over, or gave its batch already."""

    code = "ages.card-token-refused"


class ChainRefused(RuangAmanError):
    """These certificates cannot stand beside the key; `facts["why"]` says what is wrong."""

    code = "ages.chain-refused"


class TrustRefused(RuangAmanError):
    """A list of trusted issuers cannot be taken; `facts["why"]` names the field."""

    code = "ages.trust-refused"


class WalletAnswerRefused(RuangAmanError):
    """The wallet's answer has the wrong form or size, or is for another address."""

    code = "ages.wallet-answer-refused"


class CredentialNotValid(RuangAmanError):
    """The issuer's status list does not say that this credential is valid: revoked, or suspended."""

    code = "ages.credential-not-valid"


class StatusUnreachable(RuangAmanError):
    """The issuer's status list could not be fetched, and without it nothing is believed."""

    code = "ages.status-unreachable"


class FacePackageRefused(RuangAmanError):
    """The archive with the model of faces is not the pinned one; `facts["why"]` says what is wrong."""

    code = "ages.face-package-refused"


class FaceTriesUsed(RuangAmanError):
    """One account tries an estimate only a few times a day; `facts["most"]` says how many."""

    code = "ages.face-tries-used"


class FaceAnswerRefused(RuangAmanError):
    """The browser sent something else than one yes for the try that it began; nothing of it is kept."""

    code = "ages.face-answer-refused"
