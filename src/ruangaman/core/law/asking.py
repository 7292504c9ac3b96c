"""
The door of a question: a mapping of JSON values in, typed facts out, or a refusal with a stable code.

The quick way assumes that all is well; at the first surprise `refusal` goes through the same facts slowly and names
the field. INVARIANT: what `refusal` accepts, the quick way accepts, and the other way round.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta, timezone
from functools import cache
from math import prod
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from ruangaman.core.ages import Births, as_date, as_number, is_leap
from ruangaman.core.identity import NikScheme, read_nik
from ruangaman.core.law.answers import Zone, zone_of
from ruangaman.core.law.besides import LEAP_READINGS, Elsewhere, differs
from ruangaman.core.law.fields import (
    DATES,
    FIRST_DAY,
    LAST_DAY,
    check_age,
    check_day,
    check_special,
    check_truth,
    check_word,
    day_number,
    instant,
    number_range,
    truth,
)
from ruangaman.core.law.model import AGE_KINDS, Fact, Source
from ruangaman.core.law.refusals import QuestionRefused
from ruangaman.core.law.table import Axis
from ruangaman.core.law.tables import Facts, Space, TableEngine, band
from ruangaman.core.law.telling import telling, with_told


def _day_of(local: datetime) -> int:
    """The day that a local clock shows."""
    return local.year * 10000 + local.month * 100 + local.day


_ANY_DAY = datetime(2026, 11, 24)

WITHOUT_EVIDENCE = "as_stated_without_evidence"
"""`derived.age_counts` of an age of which nobody said how it is known."""

Group = tuple[dict[str, dict[Any, int]], dict[str, tuple[int, int]], dict[str, Fact]]
"""Words, yes/no facts and other facts inside one JSON object, by field."""


@cache
def _uneven_hours(own: timedelta, others: tuple[timedelta, ...]) -> frozenset[int]:
    """The hours of UTC in some minute of which another zone has another date."""
    return frozenset(
        hour
        for hour in range(24)
        for minutes in range(60)
        for offset in others
        if (_ANY_DAY + timedelta(hours=hour, minutes=minutes) + offset).date()
        != (_ANY_DAY + timedelta(hours=hour, minutes=minutes) + own).date()
    )


class Asker:
    """Reads the facts of one table question."""

    def __init__(self, source: Source, engine: TableEngine, claim: "Asker | None") -> None:
        self.source, self.engine, self.claim = source, engine, claim
        self.other_zones = [
            (name, offset)
            for name, zone in source.zones.items()
            if (offset := ZoneInfo(zone).utcoffset(_ANY_DAY)) is not None and zone != source.zone
        ]
        # INVARIANT: the zones of a pack with `day_doubts.zone` know no summer time (`parse` refuses it).
        own = ZoneInfo(source.zone).utcoffset(_ANY_DAY) or timedelta()
        own_offset = self.own_offset = _ANY_DAY.replace(tzinfo=ZoneInfo(source.zone)).isoformat()[-6:]
        self.hours_ahead = {"Z": 0, "+00:00": 0, own_offset: own // timedelta(hours=1)}
        self.uneven_hours = _uneven_hours(own, tuple(offset for _, offset in self.other_zones))
        part = 1 if own % timedelta(hours=1) else 0
        begin = own // timedelta(hours=1)
        self.uneven_here = frozenset(
            (hour + begin + more) % 24 for hour in self.uneven_hours for more in (0, part)
        )
        """The same hours as the own zone's clock shows them."""
        names = {name: name for name in (source.zone, *source.zones.values())} | dict(source.zones)
        self.zones = {name: zone_of(zone) for name, zone in names.items()}
        self.zone = self.anywhere = self.zones[source.zone]
        if "zone" in source.day_doubts:
            first = max(names.values(), key=lambda zone: ZoneInfo(zone).utcoffset(_ANY_DAY) or timedelta())
            self.anywhere = zone_of(source.zone, first)
            """For an instant without a zone: its answer ends where the next day begins first."""
        self.flat: dict[str, dict[Any, int]] = {}
        self.bools: dict[str, tuple[int, int]] = {}
        self.groups: dict[str, Group] = {}
        self.special: dict[str, Fact] = {}
        self.sets: dict[str, tuple[int, dict[str, int]]] = {}
        axes = self.places = {axis.fact.name: n for n, axis in enumerate(engine.space.axes)}
        self.reads = "nik" in engine.question.reads
        self.unknown = engine.space.unknown
        # When the question about the evidence has words only, one reading gives both codes: its own in the upper part.
        self.wide = 0
        self.counts: dict[int, str] = {}
        self.cites: dict[int, int] = {}
        """Per code of the question about the evidence, what it adds to the packed code (see `TableEngine.claimed`)."""
        if claim is not None and claim.only_words and not self.reads:
            self.wide = prod(map(engine.space.codes, engine.space.axes))
            self.unknown += self.wide * claim.unknown
        for fact in source.facts.values():
            place = axes.get(fact.name)
            if fact.kind in AGE_KINDS:
                continue
            if fact.member_of:
                none, members = self.sets.get(fact.path[0], (0, {}))
                yes, no = (self._delta(place, word) for word in ("yes", "no"))
                self.sets[fact.path[0]] = (none + no, members | {fact.name.partition(".")[2]: yes - no})
            else:
                self._place(fact, place)
        self.tells = [telling(fact, source.facts) for fact in source.facts.values() if fact.tells]
        self.has_age = any(fact.kind in AGE_KINDS for fact in source.facts.values())
        self.max_age = source.max_age
        age_by = engine.question.age_by
        self.claim_path = source.facts[age_by.when_given].path if age_by is not None else ("",)
        self.claim_field = self.claim_path[0] if len(self.claim_path) == 1 else ""

    def _place(self, fact: Fact, place: int | None) -> None:
        """Where the JSON holds a fact, and what each of its values adds to the packed code."""
        words, bools, special = self.flat, self.bools, self.special
        if len(fact.path) == 2:
            words, bools, special = self.groups.setdefault(fact.path[0], ({}, {}, {}))
        field = fact.path[-1]
        if fact.kind == "words":
            words[field] = {None: 0} | {word: self._adds(fact, place, word) for word in fact.words}
        elif fact.kind == "yes_no":
            bools[field] = (self._adds(fact, place, "yes"), self._adds(fact, place, "no"))
        else:
            special[field] = fact

    @property
    def only_words(self) -> bool:
        """Whether words and yes/no facts are all that the question asks for."""
        plain = ("words", "yes_no")
        axes = self.engine.space.axes
        return not (self.reads or self.engine.has_age) and all(
            axis.fact.kind in plain and not axis.fact.member_of for axis in axes
        )

    def _adds(self, fact: Fact, place: int | None, word: str) -> int:
        """What a word adds to the code of this question and, above it, to that of the question about the evidence."""
        own = self._delta(place, word)
        if self.wide and self.claim is not None:
            own += self.wide * self.claim._delta(self.claim.places.get(fact.name), word)
        return own

    def _delta(self, place: int | None, word: str) -> int:
        """What a word adds to the packed code in which everything is unknown; 0 for a fact that plays no part."""
        if place is None:
            return 0
        space: Space = self.engine.space
        axis: Axis = space.axes[place]
        at = self.engine.standing_for(axis, axis.fact.words.index(word))
        return space.strides[place] * (space.code(axis, (at, at)) - space.code(axis, (0, axis.size - 1)))

    def read(self, facts: Mapping[str, Any], now: datetime) -> Facts:
        """
        Typed facts.

        Raises:
            QuestionRefused: with the code and the field.
        """
        try:
            return self._quick(facts, now)
        except QuestionRefused:
            raise
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
            raise self.refusal(facts, now) from None

    def _quick(self, facts: Mapping[str, Any], now: datetime) -> Facts:
        if self.tells:
            facts = with_told(facts, self.tells)
        packed = self.unknown
        flat, bools, groups = self.flat, self.bools, self.groups
        age: Any = None
        on_said: Any = None
        zone = self.zone
        ends: datetime | None = None
        more: Any = None
        for key, value in facts.items():
            if key == "jurisdiction" or key == "question":
                continue
            if key == "age":
                age = value
            elif key in groups:
                if value is None:
                    continue
                words, inner_bools, special = groups[key]
                for name, one in value.items():
                    if name in words:
                        packed += words[name][one]
                    elif name in inner_bools:
                        if one is True:
                            packed += inner_bools[name][0]
                        elif one is False:
                            packed += inner_bools[name][1]
                        elif one is not None:
                            raise TypeError
                    else:
                        packed, ends = self._special(special[name], one, packed, ends, now)
            elif key in flat:
                packed += flat[key][value]
            elif key == "on":
                on_said = value
            elif key in bools:
                if value is not None:
                    packed += bools[key][not truth(value)]
            elif key == "zone":
                zone = self.zones[value] if value is not None else zone
            elif key in self.sets:
                packed += self._set(key, value)
            elif key == "nik" and self.reads:
                more = value
            else:
                packed, ends = self._special(self.special[key], value, packed, ends, now)
        claimed = 0
        if self.wide:
            claimed, packed = divmod(packed, self.wide)
            packed += self.cites.get(claimed, 0)
        on = DATES.get(on_said, 0)
        rare = not on
        if rare:
            on = self.day(on_said, now, zone)
            if facts.get("zone") is None and (on_said is None or len(on_said) != 10):
                zone = self.anywhere
        if not FIRST_DAY <= on <= LAST_DAY:
            raise ValueError
        if more is not None:
            packed, more = self._nik(more, packed, on)
        # An age of which nobody says how it is known counts as the asker states it; the answer says so (docs/adr/0003).
        given, bare = None, ""
        if self.claim is not None:
            given = facts.get(self.claim_field) if self.claim_field else self._evidence(facts)
            bare = WITHOUT_EVIDENCE if given is None else ""
        if age is None:
            if "age" in facts and not self.has_age:
                raise KeyError("age")
            found = Facts(packed, on, 0, 0, self.max_age, None, ends, zone, "", more)
        else:
            birth = 0
            if len(age) == 1 and "birth_date" in age:
                birth = DATES.get(age["birth_date"]) or day_number(age["birth_date"])
                if birth > on or (on - birth) // 10000 > self.max_age or not self.has_age:
                    raise ValueError
                found = Facts(packed, on, birth, 0, 0, None, ends, zone, bare, more)
            else:
                found = self._ranged(age, packed, on, ends, zone, bare, more)
        if given is not None:
            found = self._claimed(found, facts, now, claimed)
        return self._apart(found, facts, now) if rare and self.source.day_doubts else found

    def days_elsewhere(self, at: datetime) -> list[tuple[str, int]]:
        """The day of an instant in each other zone of the pack."""
        universal = at.astimezone(UTC)
        return [(name, as_number((universal + offset).date())) for name, offset in self.other_zones]

    def _next_midnight(self, at: datetime) -> datetime:
        """The first midnight after an instant in any zone of the pack."""
        own = at.astimezone(self.zone.shown).utcoffset() or timedelta()
        local = [
            at.astimezone(timezone(offset)) for offset in (own, *(offset for _, offset in self.other_zones))
        ]
        midnights = (datetime.combine(each.date() + timedelta(days=1), time(), each.tzinfo) for each in local)
        return min(midnights).astimezone(UTC)

    def _near_midnight(self, said: str | None, now: datetime) -> bool:
        """Whether the date may be another in one of the zones; false without a look at them in most hours of a day."""
        if said is None:
            return now.tzinfo is not UTC or now.hour in self.uneven_hours
        hours = self.hours_ahead.get("Z" if said[-1:] == "Z" else said[-6:])
        if hours is not None and said[10:11] == "T" and said[11:13].isdigit():
            return (int(said[11:13]) - hours) % 24 in self.uneven_hours
        return len(said) > 10

    def _apart(self, found: Facts, facts: Mapping[str, Any], now: datetime) -> Facts:
        """The facts beside those of another zone, when none was given, and of the other rule for 29 February."""
        there = []
        said = facts.get("on")
        days: list[int] = []
        if facts.get("zone") is None and "zone" in self.source.day_doubts and self._near_midnight(said, now):
            for name, other in self.days_elsewhere(now if said is None else instant(said)):
                if other != found.on:
                    days.append(other)
                    there.append(("zone", name, self._quick({**facts, "zone": name}, now)))
        age = facts.get("age")
        born = age.get("birth_date") if age and "leap_birthday" in self.source.day_doubts else None
        if born and born[4:] == "-02-29" and found.on % 10000 == 228 and not is_leap(found.on // 10000):
            counted = "-02-28" if self.source.leap_birthday == "03-01" else "-03-01"
            name = LEAP_READINGS["02-28" if counted == "-02-28" else "03-01"]
            zone = facts.get("zone") or self.source.zone
            moved = {**facts, "zone": zone, "age": {"birth_date": born[:4] + counted}}
            there.append(("leap_birthday", name, self._quick(moved, now)))
        if there:
            one = self.engine.answer(found)
            there = [each for each in there if differs(one.core, self.engine.answer(each[2]).core)]
            if days and (there or 0 < one.until_day <= max(days)):
                # The day has begun elsewhere: what is told now ends with the next midnight, not with one that is over.
                midnight = self._next_midnight(now if said is None else instant(said))
                ends = midnight if found.ends is None else min(midnight, found.ends)
                found = msgspec.structs.replace(found, zone=self.zone, ends=ends)
        if not there:
            return found
        here = Elsewhere(found, tuple(there))
        return Facts(found.packed, found.on, 0, 0, 0, here, found.ends, found.zone, found.counted, found.more)

    def day(self, said: Any, now: datetime, zone: Zone) -> int:
        """The local day of the decision."""
        if said is None:
            return local_day(now, zone.shown.key)
        on = day_number(said) if len(said) == 10 else _day_of(instant(said).astimezone(zone.shown))
        if not FIRST_DAY <= on <= LAST_DAY:
            raise ValueError
        return on

    def _ranged(
        self,
        age: Mapping[str, Any],
        packed: int,
        on: int,
        ends: datetime | None,
        zone: Zone,
        bare: str,
        more: Any,
    ) -> Facts:
        most = self.max_age
        if not self.has_age:
            raise KeyError("age")
        low, high = age.get("at_least"), age.get("at_most")
        for one in (low, high):
            if one is not None and (one.__class__ is not int or not 0 <= one <= most):
                raise ValueError
        if len(age) != ("at_least" in age) + ("at_most" in age) or (low is None and high is None):
            raise ValueError
        if low is None:
            births = Births.of_range(None, high, on, self.engine.leap)
            return Facts(packed, on, 0, 0, most, births, ends, zone, bare if high != most else "", more)
        if high is None:
            high = most
        if low > high:
            raise ValueError
        return Facts(packed, on, 0, low, high, None, ends, zone, bare if low or high < most else "", more)

    def _evidence(self, facts: Mapping[str, Any]) -> Any:
        """How the stated age is known; None when that is not said."""
        inside: Any = facts
        for step in self.claim_path:
            inside = inside.get(step) if isinstance(inside, dict) else None
        return inside

    def _claimed(self, found: Facts, facts: Mapping[str, Any], now: datetime, claimed: int) -> Facts:
        """How much of the stated age counts, by the pack's own table; `claimed` is that table's code, if it is wide."""
        claim = self.claim
        assert claim is not None
        ends = found.ends
        lasting = self.wide > 0 and found.on >= claim.engine.current.begins
        word = self.counts.get(claimed) if lasting else None
        if word is None:
            asked = (
                Facts(claimed, found.on, 0, 0, self.max_age, None, ends, found.zone)
                if self.wide
                else claim.read(facts, now)
            )
            told = claim.engine.answer(asked)
            word = told.at_worst or told.outcome
            if word != "not_in_force":
                total = self.engine.space.total
                adds = self.engine.claimed(word, told.core)
                found = msgspec.structs.replace(found, packed=found.packed % total + adds)
                if lasting and not told.until_day:
                    self.cites[claimed] = adds
            if told.until_day:
                until = told.valid_until
                ends = until if ends is None or (until is not None and until < ends) else ends
            elif lasting:
                self.counts[claimed] = word
        return self.counting(found, word, ends)

    def counting(self, found: Facts, word: str, ends: datetime | None) -> Facts:
        """The facts with as much of the stated age as the word of the evidence lets count; a new end, if it has one."""
        if word == "at_most_stated":
            oldest = found.birth or self.engine.births(found).oldest
            births = Births(oldest, None)
        elif word == "not_at_all" or word not in ("as_stated", "not_in_force"):
            births = Births()
        elif ends == found.ends:
            return found
        else:
            return msgspec.structs.replace(found, ends=ends)
        return Facts(found.packed, found.on, 0, 0, 0, births, ends, found.zone, word, found.more)

    def _special(
        self, fact: Fact, value: Any, packed: int, ends: datetime | None, now: datetime
    ) -> tuple[int, datetime | None]:
        """A number, a range of numbers, or the instant at which a fact ends."""
        if value is None:
            return packed, ends
        if fact.kind == "ends":
            end = instant(value)
            if end <= now:
                raise QuestionRefused(
                    "ask.ended", ".".join(fact.path), "the fact has ended; send its new state"
                )
            return packed, end if ends is None or end < ends else ends
        low, high = number_range(value, fact.most)
        for place, axis in enumerate(self.engine.space.axes):
            if axis.fact.name == fact.name:
                space = self.engine.space
                run = (band(axis, low), band(axis, high))
                packed += space.strides[place] * (
                    space.code(axis, run) - space.code(axis, (0, axis.size - 1))
                )
        return packed, ends

    def _set(self, key: str, value: Any) -> int:
        if value is None:
            return 0
        none, members = self.sets[key]
        if value.__class__ is not list or len(set(value)) != len(value):
            raise TypeError
        return none + sum(members[one] for one in value)

    def _nik(self, value: Any, packed: int, on: int) -> tuple[int, Any]:
        if value.__class__ is not str or len(value) > 64:
            raise TypeError
        period = self.engine.period(on)
        numbers = self.engine.question.reads["nik"]
        values = period.table.values if period.table is not None else {}
        scheme = {}
        for key, said in numbers.items():
            one: Any = values.get(said[1:]) if said.startswith("$") else said
            if one is None:
                return packed, None
            scheme[key] = int(one)
        reading = read_nik(value, NikScheme(**scheme))
        for place, axis in enumerate(self.engine.space.axes):
            if axis.fact.name in reading.facts:
                packed += self._delta(place, reading.facts[axis.fact.name])
        return packed, dict(reading.told) or None

    def refusal(self, facts: Mapping[str, Any], now: datetime) -> QuestionRefused:
        """Why the facts are refused: the first field at fault, in the order in which they came."""
        for key, value in facts.items():
            if not isinstance(key, str):
                return QuestionRefused("ask.unknown-field", "", "field names are strings")
            found = self._refusal(key, value)
            if found is not None:
                return found
        return self._refusal_of_age(facts, now)

    def _refusal(self, key: str, value: Any) -> QuestionRefused | None:
        if key in ("jurisdiction", "question"):
            return None
        if key == "on":
            return check_day(value)
        if key == "zone":
            if value is None or (isinstance(value, str) and value in self.zones):
                return None
            return QuestionRefused("ask.unknown-value", "zone", f"zone is one of {', '.join(self.zones)}")
        if key == "age" and self.has_age:
            return check_age(value, self.source.max_age)
        if key == "nik" and self.reads:
            if value is None or (isinstance(value, str) and len(value) <= 64):
                return None
            return QuestionRefused("ask.wrong-type", "nik", "nik is a string")
        if key in self.groups:
            words, bools, special = self.groups[key]
            if value is None:
                return None
            if not isinstance(value, dict):
                return QuestionRefused("ask.wrong-type", key, f"{key} is an object")
            for name, one in value.items():
                place = f"{key}.{name}" if len(str(name)) <= 64 else key
                if name in words:
                    found = check_word(place, one, words[name])
                elif name in bools:
                    found = check_truth(place, one)
                elif name in special:
                    found = check_special(place, one, special[name])
                else:
                    found = QuestionRefused("ask.unknown-field", place, "this pack knows no such fact")
                if found is not None:
                    return found
            return None
        if key in self.flat:
            return check_word(key, value, self.flat[key])
        if key in self.bools:
            return check_truth(key, value)
        if key in self.special:
            return check_special(key, value, self.special[key])
        if key in self.sets:
            if value is None:
                return None
            if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
                return QuestionRefused("ask.wrong-type", key, f"{key} is a list of words")
            members = self.sets[key][1]
            if any(one not in members for one in value):
                return QuestionRefused("ask.unknown-value", key, f"members are {', '.join(members)}")
            if len(set(value)) != len(value):
                return QuestionRefused("ask.wrong-value", key, "each member once")
            return None
        return QuestionRefused("ask.unknown-field", key[:64], "this pack knows no such fact")

    def _refusal_of_age(self, facts: Mapping[str, Any], now: datetime) -> QuestionRefused:
        """Each field is well formed; then the birth date does not fit the day."""
        age = facts.get("age")
        if isinstance(age, dict) and isinstance(age.get("birth_date"), str):
            zone = self.zones[facts["zone"]] if facts.get("zone") else self.zone
            if day_number(age["birth_date"]) > self.day(facts.get("on"), now, zone):
                return QuestionRefused(
                    "ask.birth-in-future", "age.birth_date", "born after the day of the decision"
                )
            return QuestionRefused(
                "ask.age-too-high", "age.birth_date", f"an age is at most {self.source.max_age} years"
            )
        return QuestionRefused("ask.bad-facts", "", "the facts cannot be read")


def local_day(now: datetime, zone: str) -> int:
    """The day of an instant in a zone, as yyyymmdd; the bounds of the day are kept, since most questions ask of now."""
    begins, ends, found = _TODAY.get(zone, _NEVER)
    if not begins <= now < ends:
        found = _day_of(now.astimezone(ZoneInfo(zone)))
        day = as_date(found)
        here = ZoneInfo(zone)
        begins = datetime(day.year, day.month, day.day, tzinfo=here).astimezone(UTC)
        tomorrow = day + timedelta(days=1)
        ends = datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=here).astimezone(UTC)
        if len(_TODAY) >= 64:
            _TODAY.clear()
        _TODAY[zone] = (begins, ends, found)
    return found


_NEVER = (datetime.max.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC), 0)
_TODAY: dict[str, tuple[datetime, datetime, int]] = {}
