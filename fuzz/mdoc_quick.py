"""The quick door of mobile documents beside the plain one: on any bytes, what the one says the other says too."""

from typing import Literal

from tests.mdocs import AV, TRANSCRIPT, Wallet, asked

from ruangaman.core.credentials import cbor, mdoc, mdoc_quick
from ruangaman.core.credentials.cbor import Encoded
from ruangaman.core.credentials.errors import CredentialError
from ruangaman.core.credentials.mdoc_terms import Asked

ASKED = asked()
_DOCUMENT = Wallet().document()


def target(data: bytes) -> None:
    """As an answer, as what its issuer signs, and as one element among those that were signed."""
    both(data)
    both(Wallet(item=lambda *_: cbor.embedded(data)).response())
    issued = _DOCUMENT["issuerSigned"] | {"nameSpaces": {AV: [Encoded(cbor.embedded(data))]}}
    both(cbor.encode({"version": "1.0", "documents": [_DOCUMENT | {"issuerSigned": issued}], "status": 0}))


def both(
    data: bytes, told: Asked = ASKED, transcript: bytes = TRANSCRIPT
) -> Literal["taken", "refused", "left"]:
    """What the quick door did, once it is sure that the plain door does the same.

    Raises:
        AssertionError: they differ.
    """
    quick: object = None
    plain: object = None
    try:
        quick = mdoc_quick.check(data, told, transcript)
    except CredentialError as refusal:
        quick = type(refusal)
    try:
        plain = mdoc.check_plainly(data, told, session_transcript=transcript)
    except CredentialError as refusal:
        plain = type(refusal)
    if quick is None:
        return "left"
    if repr(quick) != repr(plain):  # with types, for one and true are alike to Python
        raise AssertionError(f"the quick door: {quick!r}, the plain one: {plain!r}")
    return "taken" if isinstance(quick, mdoc.Checked) else "refused"
