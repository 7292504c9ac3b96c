"""`GET /v1/events`: the feed, by cursor."""

from ruangaman.rooms.access import door, events
from ruangaman.rooms.access.bounds import LARGEST_PAGE
from ruangaman.rooms.access.errors import CursorRefused, FieldRefused

LARGEST_CURSOR = 2**63 - 1


def _number(call: door.Call, name: str, default: int, least: int, most: int) -> int:
    said = call.request.GET.getlist(name)
    if not said:
        return default
    text = said[0]
    if len(said) > 1 or not text.isascii() or not text.isdigit() or len(text) > 19:
        raise CursorRefused(field=name, most=most)
    if not least <= int(text) <= most:
        raise CursorRefused(field=name, most=most)
    return int(text)


def feed(call: door.Call) -> door.Reply:
    """The next events after a cursor, the oldest first. `next` is the cursor to come back with."""
    unknown = set(call.request.GET) - {"after", "limit"}
    if unknown:
        raise FieldRefused(field=min(unknown)[:80], why="unknown")
    after = _number(call, "after", 0, 0, LARGEST_CURSOR)
    limit = _number(call, "limit", 100, 1, LARGEST_PAGE)
    found = events.feed(call.caller, after=after, limit=limit + 1)
    page = found[:limit]
    return door.Reply(
        {
            "events": [events.document(one) | {"cursor": one.cursor} for one in page],
            "next": page[-1].cursor if page else after,
            "more": len(found) > limit,
        }
    )


VIEW = door.door({"GET": door.Act("events", feed)})
