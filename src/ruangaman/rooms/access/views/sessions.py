"""`/v1/sessions`: sign up, look, tell the age, close; and the simulated guardian of the sandbox."""

from uuid import UUID

from ruangaman.rooms.access import door, sessions, showing, wire
from ruangaman.rooms.access.errors import SandboxOnly
from ruangaman.rooms.access.models import AccessSession


def _shown(call: door.Call, session: AccessSession, status: int = 200) -> door.Reply:
    headers = {"Location": f"/v1/sessions/{session.id}"} if status == 201 else {}
    return door.Reply(showing.session(session, now=call.now), status, headers, session.id, etag=True)


def create(call: door.Call) -> door.Reply:
    """A child signs up, or comes back."""
    opened = sessions.open_session(call.caller, call.read(wire.NewSession), now=call.now)
    return _shown(call, opened.session, 201 if opened.created else 200)


def show(call: door.Call, ref: UUID) -> door.Reply:
    """The session as it stands now."""
    return _shown(call, sessions.for_caller(call.caller, ref))


def tell_age(call: door.Call, ref: UUID) -> door.Reply:
    """The age is known better."""
    return _shown(call, sessions.tell_age(call.caller, ref, call.read(wire.NewAge), now=call.now))


def close(call: door.Call, ref: UUID) -> door.Reply:
    """The account was closed."""
    return _shown(call, sessions.close(call.caller, ref, now=call.now))


def simulate(call: door.Call, ref: UUID) -> door.Reply:
    """Pretend that a guardian answered."""
    if not call.caller.sandbox:
        raise SandboxOnly
    said = call.read(wire.Simulated)
    return _shown(call, sessions.simulate(call.caller, ref, said.answer, now=call.now))


def _again(call: door.Call, ref: UUID) -> door.Reply:
    return _shown(call, sessions.for_caller(call.caller, ref))


LIST = door.door({"POST": door.Act("sessions", create, again=_again, body=True)})
ONE = door.door({"GET": door.Act("sessions", show), "DELETE": door.Act("sessions", close)})
AGE = door.door({"POST": door.Act("sessions", tell_age, again=_again, body=True)})
GUARDIAN = door.door({"POST": door.Act("sessions", simulate, again=_again, body=True)})
