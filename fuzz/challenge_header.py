"""The headers of the PrivateToken scheme: any text is read or refused."""

from ruangaman.core.credentials.errors import CredentialError
from ruangaman.core.credentials.token_headers import (
    challenge_header,
    read_challenges,
    read_token,
    token_header,
)


def target(data: bytes) -> None:
    """What is read is written to a header that is read alike. HTTP headers are Latin-1 (RFC 9110 5.5)."""
    for header in (data.decode("latin-1"), "PrivateToken " + data.decode("utf-8", "replace")):
        try:
            found = read_challenges(header)
            assert read_challenges(challenge_header(found)) == found
        except CredentialError:
            pass
        try:
            token = read_token(header)
            assert read_token(token_header(token)) == token
        except CredentialError:
            pass
