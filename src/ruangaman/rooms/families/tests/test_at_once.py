"""Two people at the same moment: one answer, one code opening too many, one link, one batch of letters."""

from datetime import timedelta

import pytest
from tests.at_once import together, writers

from ruangaman.adapters import clock
from ruangaman.rooms.families import actions, api, outbox, tokens
from ruangaman.rooms.families.models import ConsentRequest, Guardian, Receipt, Token
from ruangaman.rooms.ledger import api as ledger

from .conftest import row, state

__all__ = ["writers"]  # the fixture that gives SQLite a file to write side by side

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def two(ask, mother, father):
    """Both parents are known; a new request waits."""
    from .conftest import OBROL

    first = ask()
    mother.answer(first, "no", "sari")
    second = ask(child=row(first).child_id)
    father.answer(second, "no", "sari")
    assert Guardian.objects.count() == 2
    third = ask(child=row(first).child_id, card=OBROL)
    guardians = Guardian.objects.order_by("created_at", "pk")
    return third, guardians[0].pk, guardians[1].pk


@pytest.mark.parametrize("round_", range(4))
def test_two_guardians_answer_at_once_and_one_answer_stands(two, round_):
    invitation, one, other = two
    results = together(
        lambda: actions.answer(invitation.request, guardian=one, yes=True, now=clock.now()).state,
        lambda: actions.answer(invitation.request, guardian=other, yes=False, now=clock.now()).state,
    )
    assert sorted(results) in (["consent.already-answered", "given"], ["consent.already-answered", "refused"])
    assert state(invitation) in results
    assert Receipt.objects.filter(request_id=invitation.request).count() == 1
    ledger.verify()


def test_a_double_press_is_one_answer(two):
    invitation, one, _ = two
    results = together(
        *[
            lambda: actions.answer(invitation.request, guardian=one, yes=True, now=clock.now()).state
            for _ in range(4)
        ]
    )
    assert results == ["given"] * 4
    assert Receipt.objects.filter(request_id=invitation.request).count() == 1


def test_an_answer_and_a_lapse_at_once_leave_one_fact(two, time):
    invitation, one, _ = two
    due = invitation.due_at
    results = together(
        lambda: actions.answer(invitation.request, guardian=one, yes=True, now=due).state,
        lambda: api.settle_due(due + timedelta(microseconds=1)),
    )
    request = ConsentRequest.objects.get(pk=invitation.request)
    assert request.state in ("given", "lapsed")
    assert ("given" in results) == (request.state == "given")
    assert request.events.filter(event_state__in=("dpv:ConsentGiven", "ruangaman:RequestLapsed")).count() == 1


def test_a_one_time_link_opens_once_for_two_at_once(ask, deliver):
    ask(guardian_email="ibu@example.org")
    deliver()
    link = Token.objects.get(purpose="mail")
    results = together(*[lambda: tokens.redeem(link, now=clock.now()) for _ in range(3)])
    assert sorted(map(str, results)) == ["None", "families.link-used", "families.link-used"]


def test_two_job_runners_do_not_take_the_same_letter(ask):
    for number in range(4):
        ask(guardian_email=f"ibu{number}@example.org")
    taken = together(lambda: outbox.claim_due(clock.now()), lambda: outbox.claim_due(clock.now()))
    everything = [one for claim in taken for one in claim]
    assert len(everything) == len(set(everything)) == 4
