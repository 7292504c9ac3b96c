"""What can go wrong, as exceptions with stable codes."""

from collections.abc import Mapping
from typing import Any


class Problem(Exception):
    """The house refused a call. `code` is stable and public; the catalogue stands at `GET /v1/errors`."""

    def __init__(self, status: int, code: str, details: Mapping[str, Any], retry_after: float | None) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.details = dict(details)
        self.retry_after = retry_after

    @property
    def field(self) -> str | None:
        """The field that was wrong, when one was."""
        found = self.details.get("field")
        return found if isinstance(found, str) else None


class ConnectionFailed(Exception):
    """No reply came, also not after retrying. The act may or may not have been done: the same call again is safe."""


class StatusUnknown(Exception):
    """Whether a permission stands cannot be known now, which is a no; `code` says what stood in the way."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class WebhookRefused(Exception):
    """A webhook that did not come from the house, or came too late; `code` says which check it failed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
