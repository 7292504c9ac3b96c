"""The docType outside the signature is anybody's to change; the one in the signed security object decides."""

import pytest
from tests.mdocs import AV, Wallet, check

from ruangaman.core.credentials import mdoc


def test_a_document_that_calls_itself_otherwise_is_refused():
    for outside, signed in ((AV, mdoc.EU_PID), (mdoc.MDL, AV)):
        with pytest.raises(mdoc.DocTypeDiffers):
            check(Wallet(doc_type=outside, signed_doc_type=signed), doc_type=outside)


def test_another_kind_than_was_asked_for_is_refused():
    with pytest.raises(mdoc.DocTypeNotAsked):
        check(Wallet(doc_type=mdoc.EU_PID), doc_type=AV)
