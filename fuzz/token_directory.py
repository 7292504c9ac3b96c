"""An issuer's directory: any bytes are read or refused."""

from ruangaman.core.credentials.errors import CredentialError
from ruangaman.core.credentials.token_directory import read_directory, write_directory


def target(data: bytes) -> None:
    """What is read is written to a directory that is read alike; two keys that end in one byte are not written."""
    try:
        found = read_directory(data)
        written = write_directory(found.issuer_request_uri, found.token_keys)
    except CredentialError:
        return
    assert read_directory(written) == found
