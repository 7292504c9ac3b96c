"""The one family of refusals of everything that reads tokens and credentials."""

from ruangaman.core.errors import RuangAmanError


class CredentialError(RuangAmanError):
    """
    Base of every refusal of a token or credential. A caller that catches it has caught all of them.

    `code` begins with the format: `token.`, `sd-jwt.`, `mdoc.`, `status-list.`, `openid4vp.`, `jose.`, `cbor.`,
    `cose.`, `x509.` or `longfellow.`.
    """

    code = "credential"
