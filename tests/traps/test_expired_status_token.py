"""An old status token, from before the withdrawal: replayed, it would bring back what was taken away."""

import pytest
from tests.traps.status_tokens import NOW, URI, cwt, jwt, key_of

from ruangaman.core.credentials import status_token as tokens
from ruangaman.core.credentials.status_list import Reference
from ruangaman.core.credentials.status_list_build import status_list
from ruangaman.core.credentials.status_list_errors import StatusTokenExpired, StatusTokenFromTheFuture

MADE = status_list(bytes(8), 1)
FORMS = [jwt(MADE), cwt(MADE)]  # issued at NOW, good for an hour
END = NOW + 3_600


def look(token, now, **more):
    return tokens.standing(Reference(0, URI), token, now=now, key_of=key_of, **more)


@pytest.mark.parametrize("token", FORMS, ids=["jwt", "cwt"])
def test_it_is_taken_until_300_seconds_after_its_end_and_refused_from_then_on(token):
    assert look(token, END + 299).accepted
    for now in (END + 300, END + 301, END + 10**9):
        with pytest.raises(StatusTokenExpired):
            look(token, now)


@pytest.mark.parametrize("token", FORMS, ids=["jwt", "cwt"])
def test_it_is_taken_from_300_seconds_before_it_was_issued_and_refused_earlier(token):
    assert look(token, NOW - 300).accepted
    for fail_closed in (True, False):
        with pytest.raises(StatusTokenFromTheFuture):
            look(token, NOW - 301, fail_closed=fail_closed)


def test_where_the_policy_lets_it_pass_it_says_so_and_names_no_status():
    passed = look(FORMS[0], END + 301, fail_closed=False)
    assert (passed.accepted, passed.status, passed.because) == (True, None, "status-list.expired")
