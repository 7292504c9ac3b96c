"""The bounds of what the door takes in."""

from typing import Final

LARGEST_BODY: Final = 1024 * 1024
LARGEST_BATCH: Final = 1_000
DEEPEST: Final = 16
LARGEST_PAGE: Final = 500
MOST_YEARS: Final = 150  # what an age in a message may be at most; what it means, the pack says
BODY_UNREAD: Final = "ruangaman.body-unread"
"""In the environment of WSGI: no body was read, since no living key came with the call."""
SENDERS: Final = 8  # threads of one job runner that send webhooks
MOST_TESTS: Final = 3  # test events that wait for one endpoint
