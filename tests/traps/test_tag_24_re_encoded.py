"""
A digest goes over the tag-24 bytes as they came. A sender may write longer heads than needed; who parses and encodes
again takes the digest of other bytes, and either refuses the honest or accepts what nobody signed.
"""

import pytest
from tests.mdocs import Wallet, check, item_bytes

from ruangaman.core.credentials import cbor, mdoc


def long_heads(digest_id, identifier, value):
    """The same element with two bytes for the length where one is enough."""
    content = cbor.read(item_bytes(digest_id, identifier, value)).content
    return b"\xd8\x18\x59" + len(content).to_bytes(2) + content


def longest_tag(digest_id, identifier, value):
    """The same element with the tag itself in four bytes."""
    return b"\xda\x00\x00\x00\x18" + item_bytes(digest_id, identifier, value)[2:]


@pytest.mark.parametrize("written", [item_bytes, long_heads, longest_tag])
def test_an_element_counts_as_it_was_signed_however_its_heads_are_written(written):
    assert check(Wallet(item=written)).over == {18: True}


@pytest.mark.parametrize("written", [long_heads, longest_tag])
def test_an_element_whose_heads_were_rewritten_on_the_way_is_refused(written):
    shortened = Wallet(item=written, sent_item=lambda one: cbor.embedded(cbor.read(one).content))
    with pytest.raises(mdoc.DigestWrong):
        check(shortened)


def test_the_device_signs_its_names_as_received():
    """Other heads around the empty map of the device's own elements are other signed bytes."""
    told = Wallet().response()
    place = told.rindex(b"\xd8\x18\x41\xa0")
    changed = told[:place] + b"\xd8\x18\x58\x01\xa0" + told[place + 4 :]
    from tests.mdocs import TRANSCRIPT, asked

    with pytest.raises(mdoc.DeviceAuthWrong):
        mdoc.check_device_response(changed, asked(), session_transcript=TRANSCRIPT)
