"""`/v1/deletions`: what a platform must still delete, and its word that it did."""

from uuid import UUID

from ruangaman.rooms.access import deletions, door, wire


def show_all(call: door.Call) -> door.Reply:
    """All open duties of the key's services."""
    return door.Reply({"deletions": deletions.open_for(call.caller)})


def confirm(call: door.Call, ref: UUID) -> door.Reply:
    """The platform deleted; ends in the receipt."""
    said = call.read(wire.Confirmation)
    return door.Reply(deletions.confirm(call.caller, ref, said, now=call.now), ref=ref)


def _again(call: door.Call, ref: UUID) -> door.Reply:
    return door.Reply(deletions.receipt(call.caller, ref), ref=ref)


ALL = door.door({"GET": door.Act("deletions", show_all)})
CONFIRM = door.door({"POST": door.Act("deletions", confirm, again=_again, body=True)})
