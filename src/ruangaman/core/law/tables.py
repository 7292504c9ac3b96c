"""A table question ready to be asked: facts as one packed number and a pair of ages, answers kept once found."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from ruangaman.core.ages import Births, as_date, as_number, is_leap
from ruangaman.core.law.answers import Answer, Core, core
from ruangaman.core.law.besides import Claim, Elsewhere, cited, differs, doubted
from ruangaman.core.law.judging import judge
from ruangaman.core.law.model import AGE_KINDS, Fact, Source, TableQuestion, Text
from ruangaman.core.law.periods import Stretch
from ruangaman.core.law.table import Axis, Run, Table

Found = TypeVar("Found", tuple[Core, int], tuple[Core, int, int])
FAR = 99991231
MEMO = 16_384
"""At most so many answers a period are kept; then the memory starts anew."""
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
    zone: str = ""
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
        self.point: dict[int, tuple[Core, int]] = {}
        self.ranges: dict[int, tuple[Core, int, int]] = {}
        self.capped: dict[int, tuple[Core, int]] = {}
        self.cores: dict[int, Core] = {}
        self.boxes: dict[tuple[Any, ...], Core] = {}
        self.asleep = owner.asleep(stretch) if table is None else None

    def core(self, packed: int, ages: Sequence[Run]) -> Core:
        """The answer for packed facts and, per age axis of the question, a range of numbers."""
        if self.asleep is not None:
            return self.asleep
        key = packed
        for axis, (low, high) in zip(self.owner.space.ages, ages, strict=True):
            key = (key * axis.size + band(axis, low)) * axis.size + band(axis, high)
        found = self.cores.get(key)
        if found is None:
            if len(self.cores) > MEMO:
                self.cores.clear()
            found = self.cores[key] = self._judged(packed, ages)
        return found

    def _judged(self, packed: int, ages: Sequence[Run]) -> Core:
        """The answer by what the open cells hold: most of the facts that differ lead to cells that do not."""
        assert self.table is not None
        runs, content = self.table.squeezed(self.runs(packed, ages))
        found = self.boxes.get(content)
        if found is None:
            if len(self.boxes) > MEMO:
                self.boxes.clear()
            found = self.boxes[content] = self.owner.intern(
                judge(self.table, runs, self.owner.source.doubts, self.owner.law_version)
            )
        number = packed // self.owner.space.total
        return self._cited(found, packed, ages, self.owner.claims[number]) if number else found

    def _cited(self, found: Core, packed: int, ages: Sequence[Run], claim: Claim) -> Core:
        """The answer with the norm about the evidence, where the evidence decides it."""
        bare = packed % self.owner.space.total
        if claim.word == "not_at_all":
            decides = found.age_needed
        elif claim.word == "at_most_stated":
            decides = differs(found, self.core(bare, [(high, high) for _, high in ages]))
        else:
            every = [(0, axis.fact.most) for axis in self.owner.space.ages]
            decides = differs(found, self.core(bare, every))
        return self.owner.intern(cited(self.owner.law_version, found, claim)) if decides else found

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
        self.findings: dict[tuple[int, ...], Any] = {}
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
        self.last_cut = self.space.ages[0].cuts[-1] if kinds else 0
        self.leap = source.leap_birthday
        self.leap_shift = 72 if source.leap_birthday == "03-01" else -1

    def standing_for(self, axis: Axis, place: int) -> int:
        """The first word of a fact that the law treats just like this one: fewer codes, fewer answers to find."""
        if axis.cuts:
            return place
        tables = [period.table for period in self.periods if period.table is not None]
        alike = (n for n in range(place) if all(table.alike(axis.fact.name, n, place) for table in tables))
        return next(alike, place)

    def shared(self, found: Found) -> Found:
        """One tuple for equal findings: thousands of facts lead to the same few."""
        kept: Found = self.findings.setdefault((id(found[0]), *found[1:]), found)
        return kept

    @property
    def known_cells(self) -> int:
        """Known cells of the period that is in force last."""
        return self.current.table.known_cells if self.current.table else 1

    def intern(self, one: Core) -> Core:
        """The one core that is equal to this: answers are compared by identity."""
        key = one.head + one.tail
        if key not in self.interned and len(self.interned) > MEMO:
            self.interned.clear()
            self.findings.clear()
        return self.interned.setdefault(key, one)

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
        on = facts.on
        period = self.current
        if not period.begins <= on <= period.ends:
            period = self.period(on)
        birth = facts.birth
        if not self.simple or (self.leap_shift < 0 and on % 10000 == 228):
            return self.general(period, facts)
        claim = facts.claim
        if claim is not None:
            if claim.youngest is not None or not self.has_age:
                return self.general(period, facts)
            return self._at_most(period, facts, claim.oldest)
        if birth:
            age = (on - birth) // 10000
            found = period.point.get(facts.packed * AGES + age)
            if found is None:
                found = self.point(period, facts.packed, age)
            one, step = found
            until = 0
            if step:
                until = birth + step * 10000
                if until % 10000 == 229 and (
                    until // 10000 % 4 or (until % 1000000 < 10000 and until // 10000 % 400)
                ):
                    until += self.leap_shift
            if period.ends != FAR and (until == 0 or until > period.ends):
                return self.general(period, facts)
            return Answer(
                one, self.pack, on, until, facts.ends, facts.zone, age, age, facts.counted, facts.more
            )
        low, high = facts.low, facts.high
        ranged = period.ranges.get((facts.packed * AGES + low) * AGES + high)
        if ranged is None:
            ranged = self._range(period, facts.packed, low, high)
        one, years, day = ranged
        until = 0
        if years >= 0:
            if on % 10000 in (228, 229):
                return self.general(period, facts)
            until = (self.tomorrow(on) if day else on) + years * 10000
        if period.ends != FAR and (until == 0 or until > period.ends):
            return self.general(period, facts)
        return Answer(one, self.pack, on, until, facts.ends, facts.zone, low, high, facts.counted, facts.more)

    def _at_most(self, period: Period, facts: Facts, oldest: int | None) -> Answer:
        """The answer when only an upper end of the age counts: 0 to the age of one born on `oldest`, None: no end."""
        most = self._most()
        high = most if oldest is None else min((facts.on - oldest) // 10000, most)
        found = period.capped.get(facts.packed * AGES + high)
        if found is None:
            found = self._capped(period, facts.packed, high)
        one, step = found
        until = 0
        if step and oldest is not None:
            until = oldest + step * 10000
            if until % 10000 == 229 and not is_leap(until // 10000):
                until += self.leap_shift
        if period.ends != FAR and (until == 0 or until > period.ends):
            return self.general(period, facts)
        return Answer(
            one, self.pack, facts.on, until, facts.ends, facts.zone, 0, high, facts.counted, facts.more
        )

    def _capped(self, period: Period, packed: int, high: int) -> tuple[Core, int]:
        """The answer for the ages 0 to `high`, and the age at which one born first makes it another (0: never)."""
        if len(period.capped) > MEMO:
            period.capped.clear()
        one = period.core(packed, self._ages(0, high))
        later = (cut for cut in self.space.ages[0].cuts if cut > high)
        step = next((cut for cut in later if period.core(packed, self._ages(0, cut)) is not one), 0)
        found = period.capped[packed * AGES + high] = self.shared((one, step))
        return found

    def tomorrow(self, on: int) -> int:
        """The day after a day."""
        found = _DAYS.get(on)
        if found is None:
            if len(_DAYS) > 5000:
                _DAYS.clear()
            found = _DAYS[on] = as_number(as_date(on).fromordinal(as_date(on).toordinal() + 1))
        return found

    def _most(self) -> int:
        return self.source.max_age

    def _ages(self, low: int, high: int) -> tuple[Run, ...]:
        return ((low, high),) if self.has_age else ()

    def point(self, period: Period, packed: int, age: int) -> tuple[Core, int]:
        """The answer at a known age, and the age at which it is another (0: never)."""
        if len(period.point) > MEMO:
            period.point.clear()
        one = period.core(packed, self._ages(age, age))
        step = 0
        if self.has_age:
            for cut in self.space.ages[0].cuts:
                if cut > age and period.core(packed, self._ages(cut, cut)) is not one:
                    step = cut
                    break
        found = period.point[packed * AGES + age] = self.shared((one, step))
        return found

    def _range(self, period: Period, packed: int, low: int, high: int) -> tuple[Core, int, int]:
        """
        The answer for a range on the day itself, and when it is another: after how many years (-1: never), on that
        anniversary (0) or the day after it (1). On the day after the k-th anniversary somebody may be high + k + 1.
        """
        if len(period.ranges) > MEMO:
            period.ranges.clear()
        one = period.core(packed, self._ages(low, high))
        found = (one, -1, 0)
        most = self._most()
        if self.has_age and not (low == 0 and high >= most):
            for years in range(self.last_cut + 1):
                if (
                    period.core(packed, self._ages(min(low + years, most), min(high + years + 1, most)))
                    is not one
                ):
                    found = (one, years, 1)
                    break
                if (
                    period.core(packed, self._ages(min(low + years + 1, most), min(high + years + 1, most)))
                    is not one
                ):
                    found = (one, years + 1, 0)
                    break
        found = period.ranges[(packed * AGES + low) * AGES + high] = self.shared(found)
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
            if len(self.apart) > MEMO:
                self.apart.clear()
            # The first core is kept beside the second so that its id stays its own.
            found = self.apart[key] = (here.core, doubted(self.source, self.law_version, here.core, others))
        return msgspec.structs.replace(here, core=found[1])

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
        low, high = births.years(facts.on, self.source.max_age, self.leap)
        return Answer(
            one, self.pack, facts.on, until, facts.ends, facts.zone, low, high, facts.counted, facts.more
        )

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
                nexts.append(self.tomorrow(period.ends))
            if not nexts:
                return 0
            day = min(nexts)
            while period.ends < day:
                period = self.periods[self.periods.index(period) + 1]
            if self._at(period, packed, births, day) is not one:
                return day
        # A change of the law beyond a lifetime still ends the answer.
        return self.tomorrow(period.ends) if period.ends != FAR else 0


_DAYS: dict[int, int] = {}
