"""The port by which a higher room hears of changes (docs/adr/0081)."""

from ruangaman.rooms.families.types import ConsentEvent, Listener

_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Add a listener once; a second time changes nothing."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell(event: ConsentEvent) -> None:
    """Call every listener now, inside the transaction of the change. What a listener raises undoes the
    change.
    """
    for listener in _listeners:
        listener(event)
