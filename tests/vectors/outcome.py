"""What can be said of one vector file."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Outcome:
    """`state` is `pass`, `fail` or `not covered`; `detail` says what was checked, what differs, or why not."""

    state: str
    detail: str

    def __str__(self) -> str:
        return "kind not covered" if self.state == "not covered" else self.state


def passed(detail: str) -> Outcome:
    return Outcome("pass", detail)


def failed(detail: str) -> Outcome:
    return Outcome("fail", detail)


def not_covered(detail: str) -> Outcome:
    return Outcome("not covered", detail)


class Differs(AssertionError):
    """A vector and our code disagree; the message says in what."""


def same(what: str, ours: Any, theirs: Any) -> None:
    """Raise `Differs` unless both are equal."""
    if ours != theirs:
        raise Differs(f"{what}: {_short(ours)} instead of {_short(theirs)}")


def _short(value: Any) -> str:
    text = value.hex() if isinstance(value, bytes) else repr(value)
    return text if len(text) <= 120 else f"{text[:117]}..."


class Check(Protocol):
    """Looks at one file. Raises `Differs` (or the code's own refusal) for a fail; whoever runs it writes that down."""

    def __call__(self, file: Path) -> Outcome: ...
