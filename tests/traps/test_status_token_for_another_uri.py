"""A good status token of another list: it would say of one token what is true of another."""

import pytest
from tests.traps.status_tokens import NOW, URI, cwt, jwt, key_of

from ruangaman.core.credentials import status_token as tokens
from ruangaman.core.credentials.status_list import Reference
from ruangaman.core.credentials.status_list_build import status_list
from ruangaman.core.credentials.status_list_errors import StatusTokenForAnotherList

ALL_VALID = status_list(bytes(8), 1)


@pytest.mark.parametrize(
    "other",
    [URI + "0", URI + "/", URI[:-1], URI.upper(), URI.replace("umur", "UMUR"), URI + "#a", "", URI + " "],
)
@pytest.mark.parametrize("fail_closed", [True, False])
def test_it_is_refused_however_alike_the_addresses_are(other, fail_closed):
    for token in (jwt(ALL_VALID, uri=other), cwt(ALL_VALID, uri=other)):
        with pytest.raises(StatusTokenForAnotherList):
            tokens.standing(Reference(3, URI), token, now=NOW, key_of=key_of, fail_closed=fail_closed)


def test_the_same_address_is_taken():
    for token in (jwt(ALL_VALID), cwt(ALL_VALID)):
        assert tokens.standing(Reference(3, URI), token, now=NOW, key_of=key_of).accepted
