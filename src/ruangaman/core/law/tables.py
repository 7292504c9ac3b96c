"""A table question ready to be asked: facts as one packed number and a pair of ages, answers kept once found."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, TypeVar

import msgspec

from ruangaman.core.ages import Births, as_date, as_number, day_after, is_leap
from ruangaman.core.law.answers import Answer, Core, Zone, core, zone_of
from ruangaman.core.law.besides import Claim, Elsewhere, cited, differs, doubted
from ruangaman.core.law.fields import LEAP_DAYS
from ruangaman.core.law.judging import judge
from ruangaman.core.law.memory import MOST_BOXES, Memory, Numbers, Sparse, with_room
from ruangaman.core.law.model import AGE_KINDS, Fact, Source, TableQuestion, Text
from ruangaman.core.law.periods import Stretch
from ruangaman.core.law.table import Axis, Run, Table

Found = TypeVar("Found", bound=tuple[Core, *tuple[Any, ...]])
FAR = 99991231
CORES = 16_384
"""At most so many different answers are remembered; Indonesia's account question has less than two thousand."""
AGES = 512
"""Room for an age in a packed key."""


class Facts(msgspec.Struct, frozen=True, gc=False):
    """
    Facts as typed codes: words and numbers in `packed` (see `Space`), the age as a birth date, a range, or births.

    `birth` above 0: a known birth date, yyyymmdd. Otherwise `low`..`high` are completed years on `on`; `claim` set: any
    other knowledge about the birth, or that the day may be counted otherwise. `ends`: the instant at which a stated
    fact ends.
    """

    packed: int
    on: int
    birth: int = 0
    low: int = 0
    high: int = 0
    claim: Births | Elsewhere | None = None
    ends: datetime | None = None
    zone: Zone = zone_of("UTC")
    counted: str = ""
    more: Any = None


class Space:
    """The facts of a question over all its periods: bands cut by every period, codes packed into one number."""

    def __init__(self, tables: Sequence[Table], facts: Mapping[str, Fact]) -> None:
        cuts: dict[str, set[int]] = {}
        for table in tables:
            for axis in table.axes:
                cuts.setdefault(axis.fact.name, set()).update(axis.cuts)
        axes = [
            Axis(fact, len(cuts[name]) or len(fact.words), tuple(sorted(cuts[name])))
            for name, fact in facts.items()
            if name in cuts
        ]
        self.axes = tuple(axis for axis in axes if axis.fact.kind not in AGE_KINDS)
        self.ages = tuple(axis for axis in axes if axis.fact.kind in AGE_KINDS)
        self.strides: list[int] = []
        stride = 1
        for axis in self.axes:
            self.strides.append(stride)
            stride *= self.codes(axis)
        self.total = stride
        """Above every packed code: a packed code may carry a number of `TableEngine.claims`, times this."""
        self.unknown = sum(
            step * self.code(axis, (0, axis.size - 1))
            for step, axis in zip(self.strides, self.axes, strict=True)
        )

    @staticmethod
    def codes(axis: Axis) -> int:
        """How many codes a fact has, unknown and ranges included."""
        return axis.size * (axis.size + 1) // 2 if axis.cuts else axis.size + 1

    @staticmethod
    def code(axis: Axis, run: Run) -> int:
        """The code of a run of places."""
        low, high = run
        if axis.cuts:
            return low * axis.size - low * (low - 1) // 2 + high - low
        return low if low == high else axis.size

    @staticmethod
    def run(axis: Axis, code: int) -> Run:
        """The run of places of a code."""
        if not axis.cuts:
            return (code, code) if code < axis.size else (0, axis.size - 1)
        low = 0
        while code >= axis.size - low:
            code -= axis.size - low
            low += 1
        return low, low + code

    def unpack(self, packed: int) -> dict[str, tuple[Axis, Run]]:
        """Each fact's run, by its name."""
        found = {}
        for axis in self.axes:
            packed, code = divmod(packed, self.codes(axis))
            found[axis.fact.name] = (axis, self.run(axis, code))
        return found


def band(axis: Axis, number: int) -> int:
    """The band in which a number lies."""
    return bisect_right(axis.cuts, number) - 1


class Period:
    """One stretch of time with its table, and the answers found so far."""

    def __init__(self, owner: "TableEngine", stretch: Stretch, table: Table | None) -> None:
        self.owner, self.table, self.stretch = owner, table, stretch
        self.begins = as_number(max(stretch.begins, as_date(19000101)))
        self.ends = FAR if stretch.ends.year == 9999 else as_number(stretch.ends)
        self.cores: Numbers = Sparse()
        """Numbers of `TableEngine.answers`, by facts and run of bands: what the memories below forget costs little."""
        self.point = Memory()  # (answer, age at which it is another) by facts and band of the age
        self.capped = Memory()  # (answer, age at which it is another) by facts and band of the upper end
        self.ranges = Memory()  # (answer, years, day) by facts and range
        self.others = Memory(MOST_BOXES)  # answer by facts and bands, for other counts of age
        self.boxes = Memory(MOST_BOXES)  # answer by what the open cells hold
        self.asleep = owner.asleep(stretch) if table is None else None

    def core(self, packed: int, ages: Sequence[Run]) -> Core:
        """The answer for packed facts and, per age axis of the question, a range of numbers."""
        if self.asleep is not None:
            return self.asleep
        owner = self.owner
        claim, bare = divmod(packed, owner.space.total)
        if owner.simple:
            low, high = (owner.bands[ages[0][0]], owner.bands[ages[0][1]]) if ages else (0, 0)
            code = bare * owner.runs + low * owner.width - low * (low - 1) // 2 + high - low
            number = self.cores[code]
            found = owner.answers[number] if number else self._found(code, bare, ages)
        else:
            found = self._found_otherwise(bare, ages)
        return self._cited(found, bare, ages, claim) if claim else found

    def _found(self, code: int, bare: int, ages: Sequence[Run]) -> Core:
        found = self._judged(bare, ages)
        number = self.owner.numbers.get(id(found), 0)
        if number:
            self.cores = with_room(self.cores, self.owner.space.total * self.owner.runs)
            self.cores[code] = number
        return found

    def _found_otherwise(self, bare: int, ages: Sequence[Run]) -> Core:
        key = bare
        for axis, (low, high) in zip(self.owner.space.ages, ages, strict=True):
            key = (key * axis.size + band(axis, low)) * axis.size + band(axis, high)
        found: Core | None = self.others.get(key)
        if found is None:
            found = self._judged(bare, ages)
            self.others.keep(key, found)
        return found

    def _judged(self, bare: int, ages: Sequence[Run]) -> Core:
        """The answer by what the open cells hold: most of the facts that differ lead to cells that do not."""
        assert self.table is not None
        runs, content = self.table.squeezed(self.runs(bare, ages))
        found: Core | None = self.boxes.get(content)
        if found is None:
            owner = self.owner
            found = owner.intern(judge(self.table, runs, owner.source.doubts, owner.law_version))
            self.boxes.keep(content, found)
        return found

    def _cited(self, found: Core, bare: int, ages: Sequence[Run], number: int) -> Core:
        """The answer with the norm about the evidence, where the evidence decides it."""
        owner, claim = self.owner, self.owner.claims[number]
        if claim.word == "not_at_all":
            decides = found.age_needed
        elif claim.word == "at_most_stated":
            decides = differs(found, self.core(bare, [(high, high) for _, high in ages]))
        else:
            decides = differs(found, self.core(bare, [(0, axis.fact.most) for axis in owner.space.ages]))
        if not decides:
            return found
        key = (id(found), number)
        known = owner.citing.get(key)
        if known is None:
            known = owner.intern(cited(owner.law_version, found, claim))
            # An answer without a number is not kept, so its id may come again.
            if id(found) in owner.numbers:
                owner.citing[key] = known
        return known

    def runs(self, packed: int, ages: Sequence[Run]) -> tuple[Run, ...]:
        """The open places on each axis of this period's table."""
        assert self.table is not None
        runs_of = self.owner.space.unpack(packed)
        ages_of = {axis.fact.name: pair for axis, pair in zip(self.owner.space.ages, ages, strict=True)}
        runs: list[Run] = []
        for axis in self.table.axes:
            name = axis.fact.name
            if name in ages_of:
                low, high = ages_of[name]
                runs.append((band(axis, low), band(axis, high)))
                continue
            wide, (first, last) = runs_of[name]
            if axis.cuts:
                first, last = band(axis, wide.cuts[first]), band(axis, wide.ends(last)[1])
            runs.append((first, last))
        return tuple(runs)


class TableEngine:
    """One table question over all of time."""

    def __init__(
        self,
        source: Source,
        question: TableQuestion,
        found: Sequence[tuple[Stretch, Table | None]],
        law_version: Mapping[str, Any],
    ) -> None:
        self.source, self.question, self.law_version = source, question, law_version
        self.pack: Any = None
        self.lookups: dict[int, Any] = {}
        self.interned: dict[bytes, Core] = {}
        self.answers: list[Any] = [None]
        self.numbers: dict[int, int] = {}
        self.findings: dict[tuple[int, ...], Any] = {}
        self.citing: dict[tuple[int, int], Core] = {}
        self.claims: list[Claim] = [Claim("", (), "", ())]
        self.apart: dict[tuple[Any, ...], tuple[Core, Core]] = {}
        self.space = Space([table for _, table in found if table is not None], source.facts)
        self.periods = [Period(self, stretch, table) for stretch, table in found]
        self.periods = [period for period in self.periods if period.ends >= 19000101]
        self.current = self.periods[-1]
        kinds = [axis.fact.kind for axis in self.space.ages]
        # The quick ways know completed years only; other counts of age take the general way.
        self.simple = kinds in ([], ["completed_years"])
        self.has_age = bool(kinds)
        axis = self.space.ages[0] if kinds else None
        self.width = axis.size if axis is not None else 1
        self.runs = self.width * (self.width + 1) // 2
        self.bands = [0 if axis is None else band(axis, age) for age in range(source.max_age + 1)]
        """Per completed age its band: everybody in a band gets the same answers, until the same later birthday."""
        self.leap = source.leap_birthday
        self.leap_shift = 72 if source.leap_birthday == "03-01" else -1
        self.leap_doubt = "leap_birthday" in source.day_doubts

    def standing_for(self, axis: Axis, place: int) -> int:
        """The first word of a fact that the law treats just like this one: fewer codes, fewer answers to find."""
        if axis.cuts:
            return place
        tables = [period.table for period in self.periods if period.table is not None]
        alike = (n for n in range(place) if all(table.alike(axis.fact.name, n, place) for table in tables))
        return next(alike, place)

    def shared(self, found: Found) -> Found:
        """One tuple for equal findings: thousands of facts lead to the same few."""
        if id(found[0]) not in self.numbers:
            return found
        kept: Found = self.findings.setdefault((id(found[0]), *found[1:]), found)
        return kept

    @property
    def known_cells(self) -> int:
        """Known cells of the period that is in force last."""
        return self.current.table.known_cells if self.current.table else 1

    def intern(self, one: Core) -> Core:
        """The one core that is equal to this: answers are compared by identity, and kept for good up to a limit."""
        key = sha256(one.head + one.tail).digest()
        known = self.interned.get(key)
        if known is None:
            if len(self.answers) >= CORES:
                # Beyond the limit equal answers are not the same; that only makes `valid_until` earlier.
                return one
            known = self.interned[key] = one
            self.answers.append(one)
            self.numbers[id(one)] = len(self.answers) - 1
        return known

    def asleep(self, stretch: Stretch) -> Core:
        """The answer while the law is not in force: it restricts nothing, and says why."""
        status = stretch.status
        assert status is not None
        text: Text = self.question.texts["not_in_force"]
        return self.intern(
            core(
                self.law_version,
                outcome="not_in_force",
                open=True,
                decided=True,
                reason=f"{self.source.id}/{self.question.name}/not-in-force",
                at_worst=None,
                at_best=None,
                managed_by=None,
                conditions=(),
                actions=(),
                notices=(),
                extras={},
                articles=status.source,
                confidence=">=2",
                doubt=(),
                settles=(),
                age_needed=False,
                status=status.is_,
                value=None,
                text=text,
            )
        )

    def period(self, on: int) -> Period:
        """The period of a day."""
        for period in reversed(self.periods):
            if period.begins <= on:
                return period
        return self.periods[0]

    def answer(self, facts: Facts) -> Answer:
        """The answer to typed facts: the hot path."""
        claim = facts.claim
        if claim is not None or not self.simple:
            if not self.simple or claim is None or claim.youngest is not None or not self.has_age:
                return self.general(self.period(facts.on), facts)
            return self.capped(
                facts.packed, facts.on, claim.oldest, facts.ends, facts.zone, facts.counted, facts.more
            )
        if facts.birth:
            return self.born(
                facts.packed, facts.on, facts.birth, facts.ends, facts.zone, facts.counted, facts.more
            )
        return self.aged(
            facts.packed, facts.on, facts.low, facts.high, facts.ends, facts.zone, facts.counted, facts.more
        )

    def born(
        self,
        packed: int,
        on: int,
        birth: int,
        ends: datetime | None,
        zone: Zone,
        counted: str = "",
        more: Any = None,
    ) -> Answer:
        """The answer for one birth date, in a question that counts completed years or no age."""
        period = self.current
        if not period.begins <= on <= period.ends:
            period = self.period(on)
        age = (on - birth) // 10000
        found = period.point.get(packed * self.width + self.bands[age])
        one, step = found or self.point(period, packed, age)
        until = 0
        if step:
            until = birth + step * 10000
            if until % 10000 == 229 and not is_leap(until // 10000):
                until = self.common_year(until, on)
        if (period.ends != FAR and (until == 0 or until > period.ends)) or (
            self.leap_shift < 0 and on % 10000 == 228
        ):
            return self.general(period, Facts(packed, on, birth, 0, 0, None, ends, zone, counted, more))
        return Answer(
            one, one.outcome, one.reason, one.articles, one.conditions, self.pack, on, until, ends, zone, age, age,
            counted, more,
        )  # fmt: skip

    def aged(
        self,
        packed: int,
        on: int,
        low: int,
        high: int,
        ends: datetime | None,
        zone: Zone,
        counted: str = "",
        more: Any = None,
    ) -> Answer:
        """The answer for a range of completed years on the day itself, in such a question."""
        period = self.current
        if not period.begins <= on <= period.ends:
            period = self.period(on)
        ranged = period.ranges.get((packed * AGES + low) * AGES + high)
        if ranged is None:
            ranged = self.ranged(period, packed, low, high)
        one, years, day = ranged
        until = 0
        if years >= 0:
            until = (day_after(on) if day else on) + years * 10000
        if (period.ends != FAR and (until == 0 or until > period.ends)) or (
            on % 10000 in LEAP_DAYS and (years >= 0 or self.leap_shift < 0)
        ):
            return self.general(period, Facts(packed, on, 0, low, high, None, ends, zone, counted, more))
        return Answer(
            one, one.outcome, one.reason, one.articles, one.conditions, self.pack, on, until, ends, zone, low, high,
            counted, more,
        )  # fmt: skip

    def capped(
        self,
        packed: int,
        on: int,
        oldest: int | None,
        ends: datetime | None,
        zone: Zone,
        counted: str = "",
        more: Any = None,
    ) -> Answer:
        """The answer when only an upper end of the age counts: 0 to the age of one born on `oldest`, None: no end."""
        period = self.current
        if not period.begins <= on <= period.ends:
            period = self.period(on)
        most = self.source.max_age
        high = most if oldest is None else min((on - oldest) // 10000, most)
        found = period.capped.get(packed * self.width + self.bands[high])
        one, step = found or self.capped_at(period, packed, high)
        until = 0
        if step and oldest is not None:
            until = oldest + step * 10000
            if until % 10000 == 229 and not is_leap(until // 10000):
                until = self.common_year(until, on)
        if (period.ends != FAR and (until == 0 or until > period.ends)) or (
            self.leap_shift < 0 and on % 10000 == 228
        ):
            births = Births(oldest, None)
            return self.general(period, Facts(packed, on, 0, 0, 0, births, ends, zone, counted, more))
        return Answer(
            one, one.outcome, one.reason, one.articles, one.conditions, self.pack, on, until, ends, zone, 0, high,
            counted, more,
        )  # fmt: skip

    def _told(self, one: Core, facts: Facts, until: int, low: int, high: int) -> Answer:
        return Answer(
            one, one.outcome, one.reason, one.articles, one.conditions, self.pack, facts.on, until, facts.ends,
            facts.zone, low, high, facts.counted, facts.more,
        )  # fmt: skip

    def capped_at(self, period: Period, packed: int, high: int) -> tuple[Core, int]:
        """The answer for the ages 0 to `high`, and the age at which one born first makes it another (0: never)."""
        key = packed * self.width + self.bands[high]
        one = period.core(packed, self.ages_between(0, high))
        later = (cut for cut in self.space.ages[0].cuts if cut > high)
        step = next((cut for cut in later if period.core(packed, self.ages_between(0, cut)) is not one), 0)
        found = self.shared((one, step))
        period.capped.keep(key, found)
        return found

    def common_year(self, leap_day: int, on: int) -> int:
        """
        The day on which a birthday of 29 February ends an answer in a year without that day: by the pack's rule, or
        the first of both readings when the other one is a doubt.
        """
        if self.leap_doubt and leap_day - 1 > on:
            return leap_day - 1
        return leap_day + self.leap_shift

    def _most(self) -> int:
        return self.source.max_age

    def ages_between(self, low: int, high: int) -> tuple[Run, ...]:
        return ((low, high),) if self.has_age else ()

    def point(self, period: Period, packed: int, age: int) -> tuple[Core, int]:
        """The answer at a known age, and the age at which it is another (0: never)."""
        key = packed * self.width + self.bands[age]
        one = period.core(packed, self.ages_between(age, age))
        step = 0
        if self.has_age:
            for cut in self.space.ages[0].cuts:
                if cut > age and period.core(packed, self.ages_between(cut, cut)) is not one:
                    step = cut
                    break
        found = self.shared((one, step))
        period.point.keep(key, found)
        return found

    def ranged(self, period: Period, packed: int, low: int, high: int) -> tuple[Core, int, int]:
        """
        The answer for a range on the day itself, and when it is another: after how many years (-1: never), on that
        anniversary (0) or the day after it (1). On the day after the k-th anniversary somebody may be high + k + 1.
        """
        key = (packed * AGES + low) * AGES + high
        one = period.core(packed, self.ages_between(low, high))
        found = (one, -1, 0)
        most = self._most()
        if self.has_age and not (low == 0 and high >= most):
            # The answer can only change when an end of the range comes into another band.
            cuts = self.space.ages[0].cuts
            events = {(cut - high - 1, 1) for cut in cuts if cut > high} | {
                (cut - low, 0) for cut in cuts if cut > low
            }
            for years, day in sorted(events):
                ages = self.ages_between(min(low + years, most), min(high + years + day, most))
                if period.core(packed, ages) is not one:
                    found = (one, years, day)
                    break
        found = self.shared(found)
        period.ranges.keep(key, found)
        return found

    def claimed(self, word: str, one: Core) -> int:
        """What an answer about the evidence adds to the packed code, so that answers that it decides can cite it."""
        claim = Claim(word, one.articles, one.confidence, one.doubt)
        if claim not in self.claims:
            self.claims.append(claim)
        return self.claims.index(claim) * self.space.total

    def _elsewhere(self, claim: Elsewhere) -> Answer:
        """The answer as the pack counts the day, with a doubt when another zone or leap rule gives another answer."""
        here = self.answer(claim.here)
        others = [(kind, name, self.answer(there).core) for kind, name, there in claim.there]
        key = (id(here.core), *((kind, name, other.outcome) for kind, name, other in others))
        found = self.apart.get(key)
        if found is None:
            if len(self.apart) > CORES:
                self.apart.clear()
            # The first core is kept beside the second so that its id stays its own.
            found = self.apart[key] = (here.core, doubted(self.source, self.law_version, here.core, others))
        until = here.until_day
        if any(kind == "leap_birthday" for kind, _, _ in others):
            tomorrow = day_after(here.on)
            until = min(until or tomorrow, tomorrow)
        return msgspec.structs.replace(here, core=found[1], until_day=until)

    def births(self, facts: Facts) -> Births:
        """What the facts say about the birth date."""
        if facts.claim is not None:
            return facts.claim if isinstance(facts.claim, Births) else self.births(facts.claim.here)
        if facts.birth:
            return Births(facts.birth, facts.birth)
        if facts.low == 0 and facts.high >= self.source.max_age:
            return Births()
        return Births.of_range(facts.low, facts.high, facts.on, self.leap)

    def general(self, period: Period, facts: Facts) -> Answer:
        """Every count of age, every period: a walk over the days on which something can change."""
        if isinstance(facts.claim, Elsewhere):
            return self._elsewhere(facts.claim)
        births = self.births(facts)
        one = self._at(period, facts.packed, births, facts.on)
        until = self._change(period, facts.packed, births, facts.on, one)
        oldest = births.oldest
        if oldest is not None and oldest % 10000 == 229 and births.youngest in (None, oldest):
            leap_day = until // 10000 * 10000 + 229
            if until == leap_day + self.leap_shift and not is_leap(until // 10000):
                until = self.common_year(leap_day, facts.on)
        low, high = births.years(facts.on, self.source.max_age, self.leap)
        return self._told(one, facts, until, low, high)

    def _at(self, period: Period, packed: int, births: Births, on: int) -> Core:
        return period.core(packed, self.ages_on(births, on))

    def ages_on(self, births: Births, on: int) -> list[Run]:
        """Per age axis the numbers that are possible on a day."""
        ages = []
        for axis in self.space.ages:
            if axis.fact.kind == "completed_years":
                ages.append(births.years(on, axis.fact.most, self.leap))
            elif axis.fact.kind == "calendar_years":
                ages.append(births.calendar_years(on, axis.fact.most))
            else:
                ages.append(births.birth_years(axis.fact.most))
        return ages

    def _change(self, period: Period, packed: int, births: Births, on: int, one: Core) -> int:
        """The first day after `on` with another answer; 0 when there is none in a long life's time."""
        calendar = any(axis.fact.kind == "calendar_years" for axis in self.space.ages)
        horizon = on + (self.source.max_age + 2) * 10000
        day = on
        while day < horizon:
            nexts = []
            if self.has_age and births != Births():
                grows = births.next_day(day, self.leap)
                if grows is not None:
                    nexts.append(grows)
                if calendar:
                    nexts.append((day // 10000 + 1) * 10000 + 101)
            if period.ends != FAR:
                nexts.append(day_after(period.ends))
            if not nexts:
                return 0
            day = min(nexts)
            while period.ends < day:
                period = self.periods[self.periods.index(period) + 1]
            if self._at(period, packed, births, day) is not one:
                return day
        # A change of the law beyond a lifetime still ends the answer.
        return day_after(period.ends) if period.ends != FAR else 0
