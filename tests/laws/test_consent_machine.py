"""Every state with every event, written out by hand as the notes draw it, and the lapse to the microsecond."""

from datetime import UTC, datetime, timedelta

import pytest

from ruangaman.core import consent
from ruangaman.core.consent import Event, State

DUE = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)

# One row a state, one column an event; "-" means that the step does not exist.
MATRIX = """
                   deliver           fail_delivery     open               verify             give   refuse   deny_child    own_child  lapse   withdraw   expire   invalidate   replace
requested          delivered         undeliverable     opened             guardian_verified  -      -        not_my_child  -          lapsed  -          -        invalidated  replaced
delivered          delivered         undeliverable     opened             guardian_verified  -      -        not_my_child  -          lapsed  -          -        invalidated  replaced
undeliverable      delivered         undeliverable     opened             guardian_verified  -      -        not_my_child  -          lapsed  -          -        invalidated  replaced
opened             opened            opened            opened             guardian_verified  -      -        not_my_child  -          lapsed  -          -        invalidated  replaced
guardian_verified  guardian_verified guardian_verified guardian_verified  guardian_verified  given  refused  not_my_child  -          lapsed  -          -        invalidated  replaced
given              -                 -                 -                  -                  -      -        -             -          -       withdrawn  expired  invalidated  replaced
refused            -                 -                 -                  -                  -      -        -             -          -       -          -        -            -
lapsed             -                 -                 -                  -                  -      -        -             -          -       -          -        -            -
not_my_child       -                 -                 -                  -                  -      -        -             opened     -       -          -        -            -
withdrawn          -                 -                 -                  -                  -      -        -             -          -       -          -        -            -
expired            -                 -                 -                  -                  -      -        -             -          -       -          -        -            -
invalidated        -                 -                 -                  -                  -      -        -             -          -       -          -        -            -
replaced           -                 -                 -                  -                  -      -        -             -          -       -          -        -            -
"""  # noqa: E501


def drawn() -> dict[tuple[State, Event], State | None]:
    head, *rows = [line.split() for line in MATRIX.strip("\n").splitlines()]
    return {
        (State(row[0]), Event(event)): None if cell == "-" else State(cell)
        for row in rows
        for event, cell in zip(head, row[1:], strict=True)
    }


def test_the_drawing_names_every_state_and_every_event():
    assert set(drawn()) == {(state, event) for state in State for event in Event}


@pytest.mark.parametrize(("step", "then"), drawn().items(), ids=lambda value: str(value))
def test_each_step_is_as_drawn(step, then):
    state, event = step
    if then is None:
        with pytest.raises(consent.NotPossible) as refused:
            consent.after(state, event)
        assert refused.value.facts == {"state": state.value, "event": event.value}
    else:
        assert consent.after(state, event) is then


def test_only_a_verified_guardian_can_answer():
    assert {state for state, event in consent.TABLE if event in (Event.GIVE, Event.REFUSE)} == {
        State.GUARDIAN_VERIFIED
    }


def test_nothing_but_given_is_granted_to_the_law():
    assert set(consent.LAW_STATE) == set(State)
    assert {state for state, law in consent.LAW_STATE.items() if law == "granted"} == {State.GIVEN}
    assert {state for state, law in consent.LAW_STATE.items() if law == "pending"} == {
        State.REQUESTED,
        State.DELIVERED,
        State.OPENED,
        State.GUARDIAN_VERIFIED,
    }


@pytest.mark.parametrize("state", sorted(State))
def test_a_waiting_request_lapses_just_after_the_due_instant_and_nothing_else_does(state):
    waiting = state in consent.WAITING
    assert consent.effective(state, DUE, DUE - TICK) is state
    assert consent.effective(state, DUE, DUE) is state
    assert consent.effective(state, DUE, DUE + TICK) is (State.LAPSED if waiting else state)
    assert consent.effective(state, None, DUE + timedelta(days=9999)) is state


@pytest.mark.parametrize("state", sorted(State))
def test_a_consent_ends_at_its_end(state):
    assert consent.effective(state, None, DUE - TICK, DUE) is state
    assert consent.effective(state, None, DUE, DUE) is (State.EXPIRED if state is State.GIVEN else state)
