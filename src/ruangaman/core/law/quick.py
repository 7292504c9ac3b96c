"""
The quick door of a table question: facts read by msgspec into a struct of just the fields that play a part.

It takes well-formed facts of words, yes/no, dates and an age, which is nearly all that platforms send. Whatever else
comes (a number, a set, a field that plays no part, anything at fault) it leaves to the plain door (`asking.py`).
INVARIANT: what it answers, the plain door answers alike, byte for byte; what the plain door refuses, it leaves.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import reduce
from math import prod
from operator import attrgetter, getitem, or_
from typing import Any, Final, Literal

import msgspec
from msgspec import UNSET, UnsetType

from ruangaman.core.ages import day_after, is_leap, oldest_birth
from ruangaman.core.law.answers import Answer, Core, Zone, encode
from ruangaman.core.law.asking import WITHOUT_EVIDENCE, Asker
from ruangaman.core.law.fields import DATES, FIRST_DAY, LAST_DAY, LEAP_DAYS, day_number, instant
from ruangaman.core.law.memory import Memory
from ruangaman.core.law.model import Fact
from ruangaman.core.law.refusals import QuestionRefused
from ruangaman.core.law.tables import AGES, FAR, Facts
from ruangaman.core.law.telling import Telling

MOST_PARTS: Final = 4096
LEAP_DAY: Final = 229
SETTLED: Final = 20000101
"""From this day on a zone without summer time has the offset that it has today."""
PLAIN: Final = ("words", "yes_no")
WITH_AN_AGE: Final = (("evidence",), ("assurance",))
Elsewhere = tuple[tuple[str, int], ...]
NOWHERE: Final[Elsewhere] = ()
Range = tuple[Core, int, int, int, int, str]
SURPRISES: Final = (
    msgspec.MsgspecError,
    KeyError,
    TypeError,
    ValueError,
    AttributeError,
    OverflowError,
    RecursionError,
    QuestionRefused,
)


class Part(dict[Any, int]):
    """
    What one field of the outer object adds: to the packed code, and above `bits` to the count of keys (six bits) and
    to the bytes that compact JSON needs for it.

    A group of fields is a frozen struct, so it is looked up whole. Only values that msgspec checked are looked up.
    """

    def __init__(
        self, field: str, adds: Mapping[str, Mapping[Any, int]], bits: int, tells: Sequence[Telling]
    ) -> None:
        super().__init__()
        self.field, self._adds, self._bits, self._tells = field, adds, bits, tells

    def __missing__(self, value: Any) -> int:
        code, keys, length = 0, 0, 0
        if value is not UNSET:
            keys, length = 1, len(self.field) + 4
            if isinstance(value, msgspec.Struct):
                inner = {name: one for name, one in msgspec.structs.asdict(value).items() if one is not UNSET}
                told = {name: one for each in self._tells for name, one in each.of(inner).items()}
                code = sum(self._adds[name][one] for name, one in (inner | told).items())
                keys += len(inner)
                length += (
                    2 + sum(len(name) + 4 + len(encode(one)) for name, one in inner.items()) - bool(inner)
                )
            else:
                code = self._adds[""][value] if value is not None else 0
                length += len(encode(value))
        if len(self) >= MOST_PARTS:
            self.clear()
        found = self[value] = code + ((length << 6 | keys) << self._bits)
        return found


def fits(asker: Asker) -> bool:
    """Whether a question can be asked by this door: words and yes/no only, one plain count of the age or none."""
    plain = all(axis.fact.kind in PLAIN and not axis.fact.member_of for axis in asker.engine.space.axes)
    named = all(step.isidentifier() for fact in _facts(asker) for step in fact.path)
    return (
        plain
        and named
        and asker.engine.simple
        and not asker.reads
        and (asker.claim is None or asker.wide > 0)
    )


def _facts(asker: Asker) -> list[Fact]:
    """
    The facts of the struct, the age aside: those that play a part, their neighbours in the same group, and what
    platforms send with every age. A field that is not there costs a visit to the plain door.
    """
    playing = [axis.fact for axis in asker.engine.space.axes]
    if asker.claim is not None:
        playing += [axis.fact for axis in asker.claim.engine.space.axes]
    groups = {fact.path[0] for fact in playing if len(fact.path) == 2}
    beside = [
        fact
        for fact in asker.source.facts.values()
        if fact.kind in PLAIN and not fact.member_of and (fact.path[0] in groups or fact.path in WITH_AN_AGE)
    ]
    return list({fact.name: fact for fact in (*playing, *beside)}.values())


class Quick:
    """Answers one question from a mapping or from a struct that a decoder of `shape` read."""

    def __init__(self, asker: Asker, jurisdiction: str) -> None:
        engine = asker.engine
        self._asker, self._engine, self._zone, self._anywhere = asker, engine, asker.zone, asker.anywhere
        self._pack = engine.pack
        self._max_age, self._wide, self._width, self._bands = (
            asker.source.max_age, asker.wide, engine.width, engine.bands
        )  # fmt: skip
        self._has_age = asker.has_age
        day_doubts = asker.source.day_doubts
        self._uneven = asker.uneven_here if "zone" in day_doubts else frozenset()
        self._own_offset = asker.own_offset if "zone" in day_doubts else None
        self._known: dict[int, tuple[str, int]] = {}
        claim = asker.claim
        self._claim_begins = claim.engine.current.begins if claim is not None else 0
        self._lasts_from = (
            max(engine.current.begins, self._claim_begins) if engine.current.ends == FAR else FAR
        )
        """From this day on nothing is to come: the law stays as it is, only ages change."""
        self._births = Memory()  # (answer, age at which it is another, how the age counts) by facts and band
        self._ranges = Memory()  # (answer, years, day, range that counts, how) by facts and range
        codes = prod(map(asker.engine.space.codes, asker.engine.space.axes))
        if claim is not None:
            codes *= prod(map(claim.engine.space.codes, claim.engine.space.axes))
        self._bits = codes.bit_length()
        self._mask = (1 << self._bits) - 1
        self._unknown = asker.unknown
        self._least = len(encode({"jurisdiction": jurisdiction, "question": asker.engine.question.name}))
        self._parts: list[Part] = []
        # Fields that play no part: only the length of a line knows them.
        self._idle: list[Part] = []
        self.shape = self._struct(asker, jurisdiction)
        self._given: Callable[[Any], Any] | None = _at(asker) if claim is not None else None
        self._bare = WITHOUT_EVIDENCE if claim is not None else ""
        names = [part.field for part in self._parts]
        # `attrgetter` of several names gives a tuple; of one or none it would not.
        self._read: Callable[[Any], Any] = (
            attrgetter(*names) if len(names) > 1 else lambda said: [getattr(said, name) for name in names]
        )

    def _struct(self, asker: Asker, jurisdiction: str) -> type[msgspec.Struct]:
        name = asker.engine.question.name
        fields: list[tuple[str, Any, Any]] = [
            ("jurisdiction", Literal[jurisdiction], UNSET),
            ("on", str | UnsetType | None, UNSET),
            ("zone", str | UnsetType | None, UNSET),
        ]
        if asker.has_age:
            fields.append(("age", Any, UNSET))
        groups: dict[str, list[Fact]] = {}
        for fact in _facts(asker):
            groups.setdefault(fact.path[0], []).append(fact)
        for field, facts in groups.items():
            adds = {"" if len(fact.path) == 1 else fact.path[1]: _adds(asker, fact) for fact in facts}
            kind: Any = _kind(facts[0])
            if "" not in adds:
                inner = [(fact.path[1], _kind(fact) | UnsetType | None, UNSET) for fact in facts]
                kind = msgspec.defstruct(field, inner, frozen=True, gc=False, forbid_unknown_fields=True)
            fields.append((field, kind | UnsetType | None, UNSET))
            part = Part(field, adds, self._bits, [one for one in asker.tells if one.group == field])
            plays = any(any(words.values()) for words in adds.values())
            (self._parts if plays else self._idle).append(part)
        return msgspec.defstruct(
            name, fields, tag_field="question", tag=name, frozen=True, gc=False, forbid_unknown_fields=True
        )

    def answer(self, said: Any, now: datetime, room: list[int] | None = None) -> Answer | None:
        """
        The answer to a struct of `shape`; None when the plain door must see to it.

        `room`: the bytes and colons that its compact JSON takes are added to these two numbers (see `whole`).

        Raises:
            One of SURPRISES: the plain door must see to it.
        """
        total = sum(map(getitem, self._parts, self._read(said)), self._unknown)
        packed = total & self._mask
        on, zone, elsewhere = DATES.get(said.on, 0), self._zone, NOWHERE
        rare = not on
        if rare or said.zone is not UNSET:
            on, zone, elsewhere = self._day(said, now)
        birth = low = 0
        high = self._max_age
        if self._has_age:
            age = said.age
            if age.__class__ is dict:
                born = age.get("birth_date")
                if born is not None:
                    birth = DATES.get(born) or day_number(born)
                    low = (on - birth) // 10000
                    if not 0 <= low <= high or len(age) != 1 or (rare and birth % 10000 == LEAP_DAY):
                        return None
                    high = low
                else:
                    least, most = age["at_least"], age["at_most"] if len(age) == 2 else high
                    if least.__class__ is not int or most.__class__ is not int or len(age) > 2:
                        return None
                    if not 0 <= least <= most <= high:
                        return None
                    low, high = least, most
            elif age is not UNSET and age is not None:
                return None
        if room is not None:
            self._measure(said, total >> self._bits, room)
        if on < self._lasts_from or (rare and (elsewhere or on > LAST_DAY or on % 10000 in LEAP_DAYS)):
            return self._otherwise(said, packed, on, birth, low, high, zone, elsewhere)
        until = 0
        if birth:
            key = packed * self._width + self._bands[low]
            one, step, counts = self._births.get(key) or self._find(said, packed, key, low)
            if step:
                until = birth + step * 10000
                if until % 10000 == LEAP_DAY and not is_leap(until // 10000):
                    until = self._engine.common_year(until, on)
            if counts and counts != WITHOUT_EVIDENCE:
                low = 0
                if counts != "at_most_stated":
                    high = self._max_age
        else:
            key = (packed * AGES + low) * AGES + high
            one, years, day, low, high, counts = self._ranges.get(key) or self._find_range(
                said, packed, key, low, high
            )
            if years >= 0:
                until = (day_after(on) if day else on) + years * 10000
        return Answer(
            one, one.outcome, one.reason, one.articles, one.conditions, self._pack, on, until, None, zone, low, high,
            counts,
        )  # fmt: skip

    def _day(self, said: Any, now: datetime) -> tuple[int, Zone, Elsewhere]:
        """The day, where it ends, and, when it may be another elsewhere, the days of the other zones."""
        text, named = said.on, said.zone
        zone = self._asker.zones[named] if named.__class__ is str else self._zone
        at = now
        if text.__class__ is str:
            if len(text) == 10:
                return day_number(text), zone, NOWHERE
            # No look at the history of a zone: one that plays a part in a doubt knows no summer time.
            if text[19:] == self._own_offset and text[10] == "T" and zone is self._zone:
                on, at = day_number(text[:10]), datetime.fromisoformat(text)
                if on > SETTLED and at.hour not in self._uneven:
                    return on, self._anywhere if named.__class__ is not str else zone, NOWHERE
            at = instant(text)
        local = at.astimezone(zone.shown)
        on = local.year * 10000 + local.month * 100 + local.day
        if named.__class__ is str:
            return on, zone, NOWHERE
        near = local.hour in self._uneven
        return on, self._anywhere, tuple(self._asker.days_elsewhere(at)) if near else NOWHERE

    def _word(self, said: Any, packed: int) -> tuple[str, int, bool]:
        """
        How much of a stated age counts, the packed code with what citing that adds, and whether evidence was given.

        Raises:
            KeyError: the plain door has not found it yet.
        """
        if self._given is None:
            return "as_stated", packed, False
        claimed, packed = divmod(packed, self._wide)
        given = self._given(said)
        if given is None or given is UNSET:
            return "as_stated", packed, False
        known = self._known.get(claimed) or self._found(claimed)
        if known is None:
            raise KeyError(claimed)
        word, cites = known
        return word, packed + cites, True

    def _otherwise(
        self,
        said: Any,
        packed: int,
        on: int,
        birth: int,
        low: int,
        high: int,
        zone: Zone,
        elsewhere: Elsewhere,
    ) -> Answer | None:
        """The answer when the law changes at times, ages jump on this day, or the day is another one elsewhere."""
        if not FIRST_DAY <= on <= LAST_DAY or (elsewhere and not self._alike(on, birth, elsewhere)):
            return None
        word, packed, given = self._word(said, packed)
        if given and on < self._claim_begins:
            return None
        bare = "" if given else self._bare
        engine = self._engine
        if word == "at_most_stated":
            found = engine.capped(packed, on, self._oldest(on, birth, low, high), None, zone, word)
        elif word != "as_stated":
            if birth:
                low = high = 0
            stated = Facts(packed, on, birth, low, high, None, None, zone)
            found = engine.answer(self._asker.counting(stated, word, None))
        elif birth:
            found = engine.born(packed, on, birth, None, zone, bare)
        else:
            found = engine.aged(
                packed, on, low, high, None, zone, bare if low or high < self._max_age else ""
            )
        if elsewhere and 0 < found.until_day <= max(day for _, day in elsewhere):
            return None
        return found

    def _find(self, said: Any, packed: int, key: int, age: int) -> tuple[Core, int, str]:
        """The answer at a known age, the age at which it is another (0: never), and how much of the age counts."""
        engine = self._engine
        word, packed, given = self._word(said, packed)
        if word == "as_stated":
            found = (*engine.point(engine.current, packed, age), "" if given else self._bare)
        elif word == "at_most_stated":
            found = (*engine.capped_at(engine.current, packed, age), word)
        else:
            found = (engine.current.core(packed, engine.ages_between(0, self._max_age)), 0, word)
        return self._births.keep(key, engine.shared(found))

    def _find_range(self, said: Any, packed: int, key: int, low: int, high: int) -> Range:
        """As `TableEngine.ranged`, with the range that counts, and how."""
        engine = self._engine
        word, packed, given = self._word(said, packed)
        found: Range
        if word == "as_stated":
            bare = self._bare if not given and (low or high < self._max_age) else ""
            found = (*engine.ranged(engine.current, packed, low, high), low, high, bare)
        elif word == "at_most_stated":
            one, step = engine.capped_at(engine.current, packed, high)
            # The oldest who fits has the birthday of `high` + 1 years on the day after.
            found = (one, step - high - 1 if step else -1, 1, 0, high, word)
        else:
            one = engine.current.core(packed, engine.ages_between(0, self._max_age))
            found = (one, -1, 0, 0, self._max_age, word)
        return self._ranges.keep(key, engine.shared(found))

    def _found(self, claimed: int) -> tuple[str, int] | None:
        """How much of a stated age counts, and what citing that adds; once the plain door has found it."""
        word = self._asker.counts.get(claimed)
        if word is None:
            return None
        found = self._known[claimed] = (word, self._asker.cites.get(claimed, 0))
        return found

    def _alike(self, on: int, birth: int, elsewhere: Elsewhere) -> bool:
        """Whether the days in other zones count the same age under the same law: then the answer has no doubt."""
        period = self._engine.period(on)
        return all(
            self._engine.period(day) is period
            and (not birth or (day - birth) // 10000 == (on - birth) // 10000)
            for _, day in elsewhere
        )

    def _oldest(self, on: int, birth: int, low: int, high: int) -> int | None:
        """The earliest birth date that fits; None when the age is open above."""
        if birth:
            return birth
        if low == 0 and high >= self._max_age:
            return None
        return oldest_birth(high, on, self._engine.leap)

    def _measure(self, said: Any, parts: int, room: list[int]) -> None:
        """
        Add the bytes and colons of well-formed facts; `parts`: the bytes and keys of the parts that play.

        Raises:
            KeyError: no jurisdiction is named.
        """
        on, zone = said.on, said.zone
        if said.jurisdiction is UNSET:
            raise KeyError("jurisdiction")
        for part in self._idle:
            parts += part[getattr(said, part.field)] >> self._bits
        length, colons = self._least + (parts >> 6), 2 + (parts & 63)
        if on is not UNSET:
            colons += 1 if on is None else 1 + on.count(":")
            length += 10 if on is None else 8 + len(on)
        if zone is not UNSET:
            colons += 1
            length += 12 if zone is None else 10 + len(zone)
        age = said.age if self._has_age else UNSET
        if age is None:
            colons += 1
            length += 11
        elif age is not UNSET:
            colons += 1 + len(age)
            length += 34 if "birth_date" in age else 7 + len(encode(age))
        room[0] += length
        room[1] += colons


def whole(text: bytes, room: Sequence[int]) -> bool:
    """
    Whether JSON text holds each key once, given the bytes and colons that its facts take in compact JSON.

    A struct forgets a key that stood twice. A text as short as compact JSON can be has no room for a second one. Of a
    longer one (spaces, most often) the colons are counted: each key that was written has one, and none is hidden in an
    escape.
    """
    return len(text) == room[0] or (b"\\" not in text and text.count(b":") == room[1])


def readers(quicks: Sequence[Quick]) -> tuple[Callable[[bytes], Any], Callable[[bytes], Any]]:
    """
    Read a JSON object, or an array of them, into the structs of the questions that they name.

    Both raise one of SURPRISES.
    """
    if not quicks:
        nothing = dict[bytes, Any]().__getitem__
        return nothing, nothing
    shapes = reduce(or_, (quick.shape for quick in quicks))
    return msgspec.json.Decoder(shapes).decode, msgspec.json.Decoder(list[shapes]).decode  # type: ignore[valid-type]


def _kind(fact: Fact) -> Any:
    return Literal[fact.words] if fact.kind == "words" else bool


def _adds(asker: Asker, fact: Fact) -> Mapping[Any, int]:
    """What each value of a fact adds to the packed code."""
    words, bools, _ = (asker.flat, asker.bools, None) if len(fact.path) == 1 else asker.groups[fact.path[0]]
    if fact.kind == "words":
        return words[fact.path[-1]]
    yes, no = bools[fact.path[-1]]
    return {True: yes, False: no, None: 0}


def _at(asker: Asker) -> Callable[[Any], Any]:
    """Reads the evidence, on which it depends how much of the stated age counts; UNSET when there is none to read."""
    field, *steps = asker.claim_path
    if not steps:
        return attrgetter(field)

    def given(said: Any) -> Any:
        for step in (field, *steps):
            said = getattr(said, step, UNSET)
        return said

    return given
