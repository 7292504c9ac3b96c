"""`/v1/data-requests`: what children of 16 and 17 ask of the data that a platform holds, and the platform's answer."""

from uuid import UUID

from ruangaman.rooms.access import door, wire
from ruangaman.rooms.access.desk import requests
from ruangaman.rooms.access.errors import SandboxOnly


def show_all(call: door.Call) -> door.Reply:
    """All that is not answered, of the key's services."""
    return door.Reply({"data_requests": requests.open_for(call.caller)})


def answer(call: door.Call, ref: UUID) -> door.Reply:
    """The platform's answer, once."""
    said = call.read(wire.DataAnswer)
    return door.Reply(requests.answer(call.caller, ref, said, now=call.now), ref=ref)


def simulate(call: door.Call, ref: UUID) -> door.Reply:
    """Pretend that a child asked."""
    if not call.caller.sandbox:
        raise SandboxOnly
    said = call.read(wire.SimulatedRequest)
    made = requests.simulate(call.caller, ref, said.right, now=call.now)
    return door.Reply(made, 201, ref=UUID(made["id"]))


def _again(call: door.Call, ref: UUID) -> door.Reply:
    return door.Reply(requests.one(call.caller, ref), ref=ref)


SIMULATE = door.door({"POST": door.Act("sessions", simulate, again=_again, body=True)})
ALL = door.door({"GET": door.Act("deletions", show_all)})
ANSWER = door.door({"POST": door.Act("deletions", answer, again=_again, body=True)})
