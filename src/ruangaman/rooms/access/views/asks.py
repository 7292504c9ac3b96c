"""`POST /v1/ask`: the law's answer, without a session and without anything being kept."""

import time

from ruangaman.adapters import packs
from ruangaman.rooms.access import asking, door
from ruangaman.rooms.access.errors import BodyTooLarge, BodyUnreadable, QuestionRefused


def ask(call: door.Call) -> door.Reply:
    """One question or up to 1,000."""
    asked = asking.ask(call.raw, packs.all(), now=call.now)
    if asked.code == "access.body-too-large":
        raise BodyTooLarge
    if asked.code == "access.body-unreadable":
        raise BodyUnreadable
    if asked.code:
        raise QuestionRefused(code=asked.code, field=asked.field, message=asked.message)
    if asked.questions > 1:
        door.questions().charge(call.caller.key_id, asked.questions / 10 - 1, at=time.monotonic())
    return door.Reply(asked.body)


VIEW = door.door({"POST": door.Act("ask", ask, body=True, questions=True)})
