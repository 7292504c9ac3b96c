"""How often a key may call: one bucket of tokens for each key, in the memory of the process.

Several processes have a bucket each, so the limit holds per process; `docs/guides/platform.md` says so.
"""

from typing import Final, Generic, TypeVar

MOST_BUCKETS: Final = 10_000
K = TypeVar("K")


class Buckets(Generic[K]):
    """
    Token buckets by name. A bucket fills with `per_second` tokens up to `burst`, a call takes one or more.

    >>> buckets = Buckets(per_second=2.0, burst=2.0)
    >>> [buckets.take("key", at=0.0) for _ in range(3)], buckets.take("key", at=0.5)
    ([0.0, 0.0, 0.5], 0.0)
    """

    __slots__ = ("_left", "burst", "per_second")

    def __init__(self, *, per_second: float, burst: float) -> None:
        self.per_second = per_second
        self.burst = burst
        self._left: dict[K, list[float]] = {}

    def take(self, name: K, *, at: float, cost: float = 1.0) -> float:
        """Take `cost` tokens at the monotonic second `at`: 0.0 when they were there, else the seconds to wait."""
        known = self._left.get(name)
        if known is None:
            if len(self._left) >= MOST_BUCKETS:
                self._forget(at)
            known = self._left[name] = [self.burst, at]
        left = known[0] + (at - known[1]) * self.per_second
        if left > self.burst:
            left = self.burst
        known[1] = at
        # A batch dearer than a whole bucket would never be served; it takes the bucket below zero instead.
        need = cost if cost < self.burst else self.burst
        if left < need:
            known[0] = left
            return (need - left) / self.per_second
        known[0] = left - cost
        return 0.0

    def charge(self, name: K, cost: float, *, at: float) -> None:
        """Take `cost` more after the fact, below zero when it must be: the next call then waits."""
        left, seen = self._left.get(name, [self.burst, at])
        self._left[name] = [min(self.burst, left + (at - seen) * self.per_second) - max(cost, 0.0), at]

    def _forget(self, at: float) -> None:
        """Drop the full buckets, which say nothing, and when none is full the one unused for longest."""
        full = [
            n for n, (left, seen) in self._left.items() if left + (at - seen) * self.per_second >= self.burst
        ]
        for name in full or [min(self._left, key=lambda n: self._left[n][1])]:
            del self._left[name]
