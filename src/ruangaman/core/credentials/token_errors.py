"""What the readers and signers of age tokens refuse."""

from ruangaman.core.credentials.errors import CredentialError


class KeyRefused(CredentialError):
    """The numbers of an RSA key do not belong together, or have a size that is not used."""

    code = "token.key"


class BlindingFailed(CredentialError):
    """A message or a drawn number has no inverse under this key, or the draw gives nothing usable."""

    code = "token.blinding"


class BlindedMessageRefused(CredentialError):
    """What is to be signed has another length than the modulus, or is 0, 1, n-1, n or more."""

    code = "token.blinded-message"


class SigningFault(CredentialError):
    """ALARM: a computed signature does not give back its input. It was destroyed, since a faulty one tells the key."""

    code = "token.signing-fault"


class BlindSignatureRefused(CredentialError):
    """The issuer's answer has another length than the modulus, or does not unblind to a signature."""

    code = "token.blind-signature"


class SignatureRefused(CredentialError):
    """The signature is not one of this key over this message."""

    code = "token.signature"


class SignatureTooLarge(CredentialError):
    """The signature as a number is not below the modulus."""

    code = "token.signature-too-large"


class TokenLengthRefused(CredentialError):
    """A token has 354 bytes."""

    code = "token.length"


class TokenTypeRefused(CredentialError):
    """Another token type than 0x0002."""

    code = "token.type"


class ChallengeRefused(CredentialError):
    """A challenge that is no TokenChallenge, or holds what may not stand there."""

    code = "token.challenge"


class RequestRefused(CredentialError):
    """A TokenRequest has 259 bytes."""

    code = "token.request"


class ResponseRefused(CredentialError):
    """A TokenResponse has 256 bytes."""

    code = "token.response"


class TokenKeyRefused(CredentialError):
    """A public key that does not stand in the one form of token type 0x0002."""

    code = "token.token-key"


class EncodingRefused(CredentialError):
    """Not base64url with its padding."""

    code = "token.encoding"


class HeaderRefused(CredentialError):
    """A header that is too long, breaks the grammar, or lacks what the scheme needs."""

    code = "token.header"


class DirectoryRefused(CredentialError):
    """A directory of an issuer that is too large, too deep, or not of its form."""

    code = "token.directory"


class KeyUnknown(CredentialError):
    """No key has this id, or this last byte of an id."""

    code = "token.key-unknown"


class KeyNotYetValid(CredentialError):
    """The key's time has not begun."""

    code = "token.key-not-yet-valid"


class KeyEnded(CredentialError):
    """The key's time is over: the token is of an epoch that has passed."""

    code = "token.key-ended"


class ClaimNotMet(CredentialError):
    """The key stands for another claim than the one that is asked for."""

    code = "token.claim-not-met"


class AssuranceNotMet(CredentialError):
    """The key stands for a weaker assurance than the one that is asked for."""

    code = "token.assurance-not-met"


class ChallengeUnknown(CredentialError):
    """The token answers no challenge that was sent in this session."""

    code = "token.challenge-unknown"


class TokenSpent(CredentialError):
    """This token was redeemed before."""

    code = "token.spent"


class TwoThresholds(CredentialError):
    """Two claims about one child in one session would narrow its age."""

    code = "token.two-thresholds"


class ClaimRefused(CredentialError):
    """Not the name of an age claim."""

    code = "token.claim"


class AssuranceRefused(CredentialError):
    """A word of assurance that the given order does not hold."""

    code = "token.assurance"


class KeyByteTaken(CredentialError):
    """Two live keys end in the same byte of their ids, so a request could mean either."""

    code = "token.key-byte-taken"


class KeyByteNotFound(CredentialError):
    """No key with a free last byte of its id was found."""

    code = "token.key-byte-not-found"
