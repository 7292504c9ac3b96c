"""What a pack says of ages apart from any case: the ranges it names, when a child is no child any more, and the
birthdays after which it answers otherwise. Reads the pack and changes nothing; no number stands here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from ruangaman.core.ages import birthday
from ruangaman.core.law.conditions import Interval, interval
from ruangaman.core.law.model import Source
from ruangaman.core.law.pack import Pack

RANGES = "band"
CHILD = "is_child"
"""The names under which a pack derives both (docs/guides/pack-format.md)."""
PACKS_KEPT = 32


@dataclass(frozen=True, slots=True)
class AgeRange:
    """A range of completed years that the law names, both ends included; `name` as answers say it (`derived.band`)."""

    name: str
    first: int
    last: int


def _derived(source: Source, name: str) -> list[Interval]:
    found = next((one for one in source.derived if one.name == name), None)
    if found is None:
        return []
    return [interval(said, source.facts[found.of], {}) for said in found.ranges or (found.when,)]


@lru_cache(maxsize=PACKS_KEPT)
def age_ranges(pack: Pack) -> tuple[AgeRange, ...]:
    """The ranges that the law names, the youngest first; empty when it names none."""
    found = [AgeRange(f"{low}-{end - 1}", low, end - 1) for low, end in _derived(pack.source, RANGES)]
    return tuple(sorted(found, key=lambda one: one.first))


@lru_cache(maxsize=PACKS_KEPT)
def lowest_age(pack: Pack) -> int:
    """The youngest age that the law speaks of: where its first range begins; 0 when it names none."""
    return next((one.first for one in age_ranges(pack)), 0)


@lru_cache(maxsize=PACKS_KEPT)
def grown_from(pack: Pack) -> int:
    """The completed years from which somebody is no child; beyond every age when the pack does not say."""
    return max((end for _, end in _derived(pack.source, CHILD)), default=pack.source.max_age + 1)


def middle_range(pack: Pack) -> AgeRange:
    """The range in the middle: whose words fit best when nothing at all is known of an age. Raises LookupError."""
    ranges = age_ranges(pack)
    if not ranges:
        raise LookupError(f"{pack.id} names no ranges of age")
    return ranges[len(ranges) // 2]


def turns(pack: Pack, questions: Iterable[str], on: int) -> tuple[int, ...]:
    """
    The completed years at which, on a day, a table question answers otherwise than a day before, or a range begins or
    ends.

    Args:
        questions: names of table questions; one that the pack does not have, or that is not in force, adds nothing.
        on: the day as yyyymmdd.
    """
    found = {one.first for one in age_ranges(pack)} | {one.last + 1 for one in age_ranges(pack)}
    found |= {end for _, end in _derived(pack.source, CHILD)}
    for name in questions:
        engine = pack.tables.get(name)
        table = engine.period(on).table if engine is not None else None
        for axis in table.axes if table is not None else ():
            if axis.fact.kind == "completed_years":
                found.update(axis.cuts)
    return tuple(sorted(found - {0}))


def fingerprint(pack: Pack, questions: Iterable[str]) -> str:
    """64 hexadecimal digits that are others once any birthday of `next_turn` may be another day."""
    named = tuple(questions)
    engines = [pack.tables[name] for name in named if name in pack.tables]
    days = sorted({period.begins for engine in engines for period in engine.periods})
    told = [pack.source.leap_birthday, *((day, turns(pack, named, day)) for day in days)]
    return sha256(repr(told).encode()).hexdigest()


def next_turn(pack: Pack, questions: Iterable[str], born: int, after: int) -> int | None:
    """
    The first birthday after a day on which something of `turns` changes, as yyyymmdd; None once nothing does.

    Args:
        born: the birth date as yyyymmdd.
        after: the day as yyyymmdd; a birthday on that very day is past.

    What holds on the birthday itself counts, so that a rule that only begins later already counts for it.
    """
    named = tuple(questions)
    first = max(0, after // 10000 - born // 10000)
    for years in range(first, grown_from(pack) + 1):
        day = birthday(born, years, pack.source.leap_birthday)
        if day > after and years in turns(pack, named, day):
            return day
    return None
