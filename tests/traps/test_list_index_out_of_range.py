"""A reference beyond the end of its list: a reader that took it for 0 would call a withdrawn token valid."""

import pytest
from tests.traps.status_tokens import NOW, URI, cwt, jwt, key_of

from ruangaman.core.credentials import status_list as lists
from ruangaman.core.credentials import status_token as tokens
from ruangaman.core.credentials.status_list_build import status_list
from ruangaman.core.credentials.status_list_errors import StatusIndexOutOfRange, StatusReferenceMalformed


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
@pytest.mark.parametrize("fail_closed", [True, False])
def test_the_first_index_beyond_the_end_is_refused_by_every_policy(bits, fail_closed):
    made = status_list(bytes(16), bits)
    assert len(made) == 16
    for token in (jwt(made), cwt(made)):
        last = tokens.standing(lists.Reference(15, URI), token, now=NOW, key_of=key_of)
        assert last.accepted
        for idx in (16, 17, 2**31 - 1):
            with pytest.raises(StatusIndexOutOfRange):
                tokens.standing(
                    lists.Reference(idx, URI), token, now=NOW, key_of=key_of, fail_closed=fail_closed
                )


def test_a_negative_index_does_not_count_from_the_end():
    made = status_list(bytes(16), 1)
    with pytest.raises(StatusIndexOutOfRange):
        made.status(-1)
    with pytest.raises(StatusReferenceMalformed):
        lists.reference_in_jwt({"status": {"status_list": {"idx": -1, "uri": URI}}})


def test_an_empty_list_has_no_index_at_all():
    with pytest.raises(StatusIndexOutOfRange):
        lists.StatusList(1, b"").status(0)
