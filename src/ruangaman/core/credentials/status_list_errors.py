"""Refusals of status lists, of the tokens that carry them, and of the references that point into them."""

from ruangaman.core.credentials.errors import CredentialError


class StatusListInflatesTooFar(CredentialError):
    """The compressed list is longer than `at_most` bytes when inflated; inflating stopped there (a zip bomb)."""

    code = "status-list.inflates-too-far"


class StatusListNotZlib(CredentialError):
    """The list is no whole zlib stream (RFC 1950), or bytes follow it."""

    code = "status-list.bad-zlib"


class StatusListMalformed(CredentialError):
    """A member is missing or has the wrong type; `member` names it as the standard does."""

    code = "status-list.malformed"


class StatusIndexOutOfRange(CredentialError):
    """The reference points beyond the end of the list: nothing can be said of the token."""

    code = "status-list.index-out-of-range"


class StatusReferenceMalformed(CredentialError):
    """The token's `status_list` has no `idx` from 0 to 2**31 - 1 or no short https `uri`; `member` names it."""

    code = "status-list.bad-reference"


class StatusTokenOfAnotherType(CredentialError):
    """`typ` is not that of a status list token: another kind of token of the same signer is not one."""

    code = "status-list.wrong-type"


class StatusTokenForAnotherList(CredentialError):
    """`sub` is not the `uri` that the reference names."""

    code = "status-list.wrong-subject"


class StatusTokenExpired(CredentialError):
    """`exp` has passed, beyond the skew that clocks are allowed."""

    code = "status-list.expired"


class StatusTokenFromTheFuture(CredentialError):
    """`iat` or `nbf` lies ahead, beyond the skew that clocks are allowed."""

    code = "status-list.not-yet"


class StatusTokenStale(CredentialError):
    """`iat` is older than the caller's own policy takes."""

    code = "status-list.stale"


class StatusTokenMissing(CredentialError):
    """There is no status token to look into: it could not be fetched."""

    code = "status-list.unavailable"


class StatusListFull(CredentialError):
    """No unused index was found by chance: it is time for another list."""

    code = "status-list.full"
