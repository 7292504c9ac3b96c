"""
Which keys an issuer holds: one for each claim, assurance and epoch.

An epoch is a week unless the calendar says otherwise. A key signs during its epoch alone and is taken one overlap
longer, so that a token that was fetched late can still be spent. Each further key splits the crowd in which somebody
hides (RFC 9576 6.1), so claims and assurances are few.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Final, TypeVar

from ruangaman.core.credentials.age_claims import read_claim
from ruangaman.core.credentials.token_errors import KeyByteNotFound
from ruangaman.core.credentials.token_keys import key_byte

DAY_S: Final = 86_400
TRIES: Final = 10_000
"""How many keys are made in search of a free last byte. With 200 bytes taken all fail once in 10^1000 times."""

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Calendar:
    """
    When epochs begin. All in seconds; `start` is the Unix time at which epoch 0 begins.

    >>> week = Calendar(start=0, length=7 * DAY_S, overlap=DAY_S)
    >>> week.epoch(8 * DAY_S), week.window(1)
    (1, (604800, 1296000))
    """

    start: int = 0
    length: int = 7 * DAY_S
    overlap: int = DAY_S

    def __post_init__(self) -> None:
        if self.length <= 0 or not 0 <= self.overlap < self.length:
            raise ValueError("an epoch has a length, and its overlap is shorter")

    def epoch(self, now: int) -> int:
        """The epoch whose keys sign now."""
        return (now - self.start) // self.length

    def window(self, epoch: int) -> tuple[int, int]:
        """(not-before, not-after) of the epoch's keys: they are taken until before not-after."""
        begins = self.start + epoch * self.length
        return begins, begins + self.length + self.overlap

    def taken(self, now: int) -> tuple[int, ...]:
        """The epochs whose keys are taken now, the one that signs first."""
        epoch = self.epoch(now)
        before = self.window(epoch - 1)[1] > now
        return (epoch, epoch - 1) if before else (epoch,)


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of one key."""

    claim: str
    assurance: str
    epoch: int


def slots(claims: Iterable[str], assurances: Iterable[str], epoch: int) -> tuple[Slot, ...]:
    """One place for each claim and assurance. Raises ClaimRefused."""
    words = tuple(assurances)
    return tuple(Slot(read_claim(claim).name, word, epoch) for claim in claims for word in words)


def missing(
    calendar: Calendar,
    claims: Iterable[str],
    assurances: Iterable[str],
    held: Collection[Slot],
    now: int,
    ahead: int,
) -> tuple[Slot, ...]:
    """
    The keys to make now, the most urgent first: of this epoch, and of the next one when it begins within `ahead`
    seconds, so that directories name it before it signs.
    """
    epochs = range(calendar.epoch(now), calendar.epoch(now + ahead) + 1)
    named = tuple(claims)
    words = tuple(assurances)
    return tuple(slot for epoch in epochs for slot in slots(named, words, epoch) if slot not in held)


def over(calendar: Calendar, held: Iterable[Slot], now: int, skew: int) -> tuple[Slot, ...]:
    """The keys that nobody takes any more, so that they and the tokens spent under them may be destroyed."""
    return tuple(slot for slot in held if calendar.window(slot.epoch)[1] + skew <= now)


def with_a_free_byte(
    make: Callable[[], Key], id_of: Callable[[Key], bytes], live_ids: Iterable[bytes], tries: int = TRIES
) -> Key:
    """
    Make keys until one ends in a byte that no live key's id ends in; a request names its key by that byte alone.

    Args:
        make: makes a fresh key.
        id_of: the 32-byte id of a key.
        live_ids: ids of all keys that are held, those of the next epoch too.

    Raises:
        KeyByteNotFound: none was free, or none was found.
    """
    taken = {key_byte(one) for one in live_ids}
    if len(taken) < 256:
        for _ in range(tries):
            key = make()
            if key_byte(id_of(key)) not in taken:
                return key
    raise KeyByteNotFound(taken=len(taken))
