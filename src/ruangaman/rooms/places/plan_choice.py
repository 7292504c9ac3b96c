"""
Another budget for a plan that was computed: chosen among its actions at once; `plan_bound` tells how good that is.

The command `ruangaman city plan` searches longer, among all candidates, and proves more.
"""

from collections.abc import Collection, Iterable, Mapping
from heapq import heapify, heappop, heappush
from itertools import count

from ruangaman.rooms.places.errors import LeastNotReached
from ruangaman.rooms.places.plan_sums import NEARLY, Pool, shares, sums

MOST_SWAPS = 20

Package = tuple[int, ...]
"""An action, or several that serve together."""


class _Building:
    """A choice that grows; `served` is the share of each group."""

    def __init__(self, found: Pool, done: Iterable[int] = ()) -> None:
        self.found = found
        self.order = list(done)
        self.done = set(self.order)
        self.served = shares(found, self.done)
        self.cost = sum(found.costs[one] for one in self.order)

    def raises(self, package: Package) -> dict[int, float]:
        """The groups that a package serves in a larger share than now, and that share."""
        there, found = self.done.union(package), self.found
        raised: dict[int, float] = {}
        for action in package:
            for at in found.of_action[action]:
                one = found.sets[at]
                if there.issuperset(one.actions):
                    for group in one.groups:
                        if one.share > raised.get(group, self.served.get(group, 0.0)):
                            raised[group] = one.share
        return raised

    def gain(self, package: Package) -> float:
        """What a package adds, by weight."""
        groups = self.found.groups
        return sum(
            (share - self.served.get(group, 0.0)) * groups[group].children * groups[group].weight
            for group, share in self.raises(package).items()
        )

    def gain_in(self, package: Package, area: int) -> float:
        """The children of one area that a package adds."""
        groups = self.found.groups
        return sum(
            (share - self.served.get(group, 0.0)) * groups[group].children
            for group, share in self.raises(package).items()
            if groups[group].area == area
        )

    def price(self, package: Package) -> float:
        return sum(self.found.costs[one] for one in package if one not in self.done)

    def add(self, package: Package) -> None:
        self.served |= self.raises(package)
        self.cost += self.price(package)
        self.order += [one for one in package if one not in self.done]
        self.done |= set(package)


def best(found: Pool, budget: float, least: Mapping[int, float] | None = None) -> tuple[int, ...]:
    """
    A good plan: what is asked for areas first, then what serves most for its cost, then what serves most.

    Args:
        budget: rupiah. least: place of an area in the file -> share of its children that must be served.

    Raises:
        LeastNotReached: no plan was found that gives an area its least; that there is none is not proved.
    """
    begun = _Building(found)
    for area, share in sorted((least or {}).items()):
        _meet(begun, area, share, budget)
    kept = len(begun.order)
    tried = [_filled(found, begun.order, budget, by_cost=by_cost) for by_cost in (True, False)]
    chosen = max(tried, key=lambda one: sums(found, one).value)
    return tuple(_swapped(found, chosen, budget, kept))


def _packages(found: Pool) -> list[Package]:
    """Single actions, and those that serve together."""
    several = {tuple(sorted(one.actions)) for one in found.sets if len(one.actions) > 1}
    return [(action,) for action in range(len(found.keys))] + sorted(several)


def _filled(found: Pool, begun: Collection[int], budget: float, *, by_cost: bool) -> list[int]:
    """
    Greedy, looking again only at what comes first: a package adds less the more is there, unless a partner of it came.
    """
    made, ticket = _Building(found, begun), count()
    partners: dict[int, set[Package]] = {}
    packages = _packages(found)
    for package in packages:
        if len(package) > 1:
            for action in package:
                partners.setdefault(action, set()).update({package, *((one,) for one in package)})

    def entry(package: Package) -> tuple[float, int, Package]:
        gain = made.gain(package)
        return (-gain / max(made.price(package), 1.0) if by_cost else -gain, next(ticket), package)

    queue = [entry(package) for package in packages if not made.done.issuperset(package)]
    heapify(queue)
    while queue:
        rank, _, package = heappop(queue)
        if rank >= 0 or made.done.issuperset(package):
            continue
        if made.cost + made.price(package) > budget * (1 + NEARLY):
            continue
        now = entry(package)
        if queue and now[0] > queue[0][0]:
            if now[0] < 0:
                heappush(queue, now)
            continue
        before = set(made.done)
        made.add(package)
        for action in made.done - before:
            for other in sorted(partners.get(action, ())):
                if not made.done.issuperset(other):
                    heappush(queue, entry(other))
    return made.order


def _meet(made: _Building, area: int, share: float, budget: float) -> None:
    told = made.found.areas[area]
    if "children" not in told:  # kept back: nothing can be asked of so few
        return
    groups = made.found.groups
    missing = share * float(told["children"]) - float(told["before"])
    missing -= sum(
        part * groups[group].children for group, part in made.served.items() if groups[group].area == area
    )
    packages = _packages(made.found)
    while missing > NEARLY * max(float(told["children"]), 1.0):
        fits = [
            (made.gain_in(one, area) / max(made.price(one), 1.0), one)
            for one in packages
            if not made.done.issuperset(one) and made.cost + made.price(one) <= budget * (1 + NEARLY)
        ]
        rank, package = max(fits, default=(0.0, ()))
        if rank <= 0:
            raise LeastNotReached(kelurahan=str(told["name"]), code=str(told["code"]))
        missing -= made.gain_in(package, area)
        made.add(package)


def _swapped(found: Pool, chosen: list[int], budget: float, kept: int) -> list[int]:
    """One action out and the gap filled anew, while that serves more; what areas were promised stays."""
    value = sums(found, chosen).value
    for at in list(range(kept, len(chosen)))[::-1][:MOST_SWAPS]:
        tried = _filled(found, chosen[:at] + chosen[at + 1 :], budget, by_cost=False)
        if sums(found, tried).value > value * (1 + NEARLY):
            chosen, value = tried, sums(found, tried).value
    return chosen


def _in_order(found: Pool, chosen: Collection[int]) -> list[int]:
    """The chosen actions, each time the one or the set that adds most for its cost; last what adds nothing."""
    made, left = _Building(found), set(chosen)
    packages = [one for one in _packages(found) if left.issuperset(one)]
    while left:
        open_ = [one for one in packages if not made.done.issuperset(one)]
        rank, package = max(
            ((made.gain(one) / max(made.price(one), 1.0), one) for one in open_), default=(0.0, ())
        )
        if rank <= 0:
            return made.order + sorted(left)
        made.add(package)
        left -= set(package)
    return made.order


def steps(found: Pool, chosen: Collection[int]) -> list[tuple[int, float]]:
    """The chosen actions in their order, and the children that each adds to those before it."""
    made, told = _Building(found), list[tuple[int, float]]()
    groups = found.groups
    for action in _in_order(found, chosen):
        raised = made.raises((action,))
        adds = sum(
            (share - made.served.get(group, 0.0)) * groups[group].children for group, share in raised.items()
        )
        told.append((action, adds))
        made.add((action,))
    return told
