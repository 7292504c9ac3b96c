"""The bounds of the OpenID Provider."""

from datetime import timedelta
from typing import Final

from ruangaman.rooms.access import config

PUSHED: Final = timedelta(seconds=60)
"""How long a pushed request waits for its browser (RFC 9126 section 2.2)."""
FLOW: Final = timedelta(hours=1)
"""How long a visit waits for a proof or a parent. Whoever comes later begins again, and finds the same account."""
TOLD: Final = timedelta(minutes=2)
"""How long a visit that ended in a code is kept at the least: the code lives a minute, and is exchanged for it."""
ANNOUNCED: Final = timedelta(hours=2)
"""How long a key is published before it signs: twice as long as anybody keeps the key set."""
KEYS_KEPT_S: Final = 3600
OUTLIVES: Final = timedelta(hours=2)
"""How long a key is published after it signed last; a token lives five minutes."""
REMEMBERED: Final = timedelta(days=400)
"""How long a browser keeps its own secret; no browser keeps a cookie longer."""
SHORTEST_MAX_AGE: Final = 86_400
"""`auth_time` is told to the day, so that a shorter `max_age` could never be kept."""
MOST_FLOWS: Final = 8
LONGEST: Final = 2_000
"""Characters of one parameter."""
SCOPE: Final = "age_over:"
FORGEABLE: Final = "age_forgeable"
"""The claim beside an age that rests on an estimate alone; absent otherwise."""


def issuer() -> str:
    """The issuer identifier: where this house stands."""
    return config.base_url()


def acr(assurance: str) -> str:
    """The address that names a degree of assurance in `acr`."""
    return f"{issuer()}/assurance/{assurance}"
