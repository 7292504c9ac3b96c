"""A compiled pack: the law of one place, ready to be asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from ruangaman.core.ages import as_date, as_number
from ruangaman.core.assessment import Finding
from ruangaman.core.law.answers import Answer, core, encode, zone_of
from ruangaman.core.law.asking import Asker, local_day
from ruangaman.core.law.columns import Columns, ask_columns
from ruangaman.core.law.compiling import NO_ROW, compile_questions
from ruangaman.core.law.conditions import interval
from ruangaman.core.law.model import Fact, Source, Text
from ruangaman.core.law.parse import Files, read_pack
from ruangaman.core.law.questions import Due, begin_of, clock_fields, due_of_row, score_fields, value_fields
from ruangaman.core.law.quick import SURPRISES, Quick, fits, readers, whole
from ruangaman.core.law.refusals import PackRefused, QuestionRefused
from ruangaman.core.law.tables import Facts, TableEngine

convert = msgspec.convert


@dataclass(frozen=True, slots=True)
class Proof:
    """What was proved of one table question."""

    cells: int
    compared: int
    norms: int
    periods: int
    laws: int


class Pack:
    """
    One jurisdiction's law. Immutable but for its memory of answers already found.

    `questions` maps each question's name to its kind: table, clock, score or value.
    """

    def __init__(self, source: Source, as_known_on: date | None, *, thorough: bool) -> None:
        self.source = source
        self.id, self.version, self.hash, self.zone = source.id, source.version, source.digest, source.zone
        self.title = source.title
        self.texts: Mapping[str, Text] = source.words
        self.values = source.values
        self.as_known_on = as_known_on
        self.law_version: Mapping[str, Any] = {
            "pack": source.id,
            "version": source.version,
            "hash": source.digest,
        }
        if as_known_on is not None:
            self.law_version = {**self.law_version, "as_known_on": as_known_on.isoformat()}
        tables, clocks, proofs = compile_questions(source, as_known_on, self.law_version, thorough=thorough)
        self.tables, self._clocks = tables, clocks
        self.proofs = {
            name: Proof(
                proved.cells, proved.compared, len(source.tables[name].norms), len(tables[name].periods),
                len(source.tables[name].laws),
            )
            for name, proved in proofs.items()
        }  # fmt: skip
        for engine in (*tables.values(), *clocks.values()):
            engine.pack = self
        self._askers: dict[str, Asker] = {}
        for name, engine in tables.items():
            if engine.question.age_by is None:
                self._askers[name] = Asker(source, engine, None)
        for name, engine in tables.items():
            if engine.question.age_by is not None:
                self._askers[name] = Asker(source, engine, self._askers[engine.question.age_by.question])
        self._quick = {name: Quick(asker, source.id) for name, asker in self._askers.items() if fits(asker)}
        self._quick_of = {quick.shape: quick for quick in self._quick.values()}
        self._read_line, self._read_array = readers(list(self._quick.values()))
        self._clock_askers = {name: Asker(source, engine, None) for name, engine in clocks.items()}
        self.questions: dict[str, str] = (
            dict.fromkeys(tables, "table")
            | dict.fromkeys(clocks, "clock")
            | dict.fromkeys(source.scores, "score")
            | {name: "value" for name, value in source.values.items() if any(row.text for row in value.rows)}
        )
        self._derive = [
            (one.name, [self._interval(one.of, said) for said in one.ranges or (one.when,)], one.ranges)
            for one in source.derived
        ]
        self._derived: dict[tuple[int, int, str], bytes] = {}

    def __repr__(self) -> str:
        return f"<Pack {self.id} {self.version}>"

    def _interval(self, of: str, said: str) -> tuple[int, int]:
        fact: Fact = self.source.facts[of]
        try:
            return interval(said, fact, {})
        except PackRefused as refused:
            raise refused.placed(file="pack.yaml", rule="derived") from None

    def title_of(self, question: str) -> Text:
        """A question's title; raises KeyError."""
        for kind in (self.source.tables, self.source.clocks, self.source.scores, self.source.values):
            if question in kind:
                found: Text = kind[question].title
                return found
        raise KeyError(question)

    def ask(self, facts: Mapping[str, Any], *, now: datetime) -> Answer:
        """
        One question with its facts (docs/guides/the-question.md); `on` absent means `now`.

        Raises:
            QuestionRefused: a stable code and the field at fault.
        """
        try:
            quick = self._quick[facts["question"]]
            found = quick.answer(convert(facts, quick.shape), now)
            if found is not None:
                return found
        except SURPRISES:
            pass  # the plain door answers, or says what is at fault
        return self.ask_plainly(facts, now)

    def ask_plainly(self, facts: Mapping[str, Any], now: datetime) -> Answer:
        """As `ask`, by the plain door alone: the second truth beside the quick one."""
        name = facts.get("question")
        asker = self._askers.get(name) if name.__class__ is str else None
        if asker is not None:
            return asker.engine.answer(asker.read(facts, now))
        if not isinstance(name, str):
            raise QuestionRefused(
                "ask.missing-field" if name is None else "ask.wrong-type", "question", "name the question"
            )
        if name in self._clocks:
            return self._ask_clock(name, facts, now)
        if name in self.source.scores:
            return self._ask_score(name, facts, now)
        if self.questions.get(name) == "value":
            return self._ask_value(name, facts, now)
        raise QuestionRefused("ask.unknown-question", "question", "this pack knows no such question")

    def ask_line(self, line: bytes, now: datetime) -> bytes | None:
        """The answer to a line of JSON by the quick door; None when the plain door must see to it."""
        try:
            said = self._read_line(line)
            room = [0, 0]
            found = self._quick_of[said.__class__].answer(said, now, room)
        except SURPRISES:
            return None
        return None if found is None or not whole(line, room) else found.as_json()

    def ask_array(
        self, body: bytes, now: datetime, most: int
    ) -> tuple[list[bytes], list[int], list[int]] | None:
        """
        The answers to a JSON array of up to `most` questions by the quick door; None when it cannot be read so.

        Returns:
            Answers, the places of those that the plain door must see to (empty answers), and the bytes and colons that
            the others take in compact JSON: who asks makes sure that each key stood once (`quick.whole`).
        """
        try:
            asked = self._read_array(body)
        except SURPRISES:
            return None
        if len(asked) > most:
            return None
        answers: list[bytes] = []
        left: list[int] = []
        room = [0, 0]
        for said in asked:
            length, colons = room
            try:
                found = self._quick_of[said.__class__].answer(said, now, room)
            except SURPRISES:
                found = None
            if found is None:
                left.append(len(answers))
                room = [length, colons]
                answers.append(b"")
            else:
                answers.append(found.as_json())
        return answers, left, room

    def typed(self, question: str, facts: Mapping[str, Any], *, now: datetime) -> Facts:
        """Facts of a table question as typed codes, for `answer`; raises QuestionRefused, or KeyError for the name."""
        return self._askers[question].read(facts, now)

    def answer(self, question: str, facts: Facts) -> Answer:
        """The answer to typed facts."""
        return self.tables[question].answer(facts)

    def ask_columns(self, question: str, columns: Mapping[str, Any], *, on: date) -> Columns:
        """Many cases at once, as NumPy columns; see `columns.ask_columns`."""
        return ask_columns(self.tables[question], columns, as_number(on))

    def due(self, clock: str, start: datetime, *, facts: Mapping[str, Any] | None = None) -> Due:
        """
        When a clock that began at `start` is due.

        Facts that the clock's rows need (`age`...) and `parameters` may be given. When they leave several rows open,
        the result has no due time of its own, only the readings of all rows.

        Raises:
            KeyError: no such clock.
            QuestionRefused: the facts cannot be read, or no row holds on that day.
        """
        if start.tzinfo is None:
            raise QuestionRefused("ask.bad-date", "start", "a date-time with offset")
        dues = self._dues(
            clock, dict(facts or {}), start, start.astimezone(ZoneInfo(self.zone)).date(), start
        )
        if not dues:
            raise QuestionRefused("ask.no-row", "start", "the clock does not exist on that day")
        if len(dues) == 1:
            return dues[0]
        lead = dues[0]
        return Due(
            None, None, tuple((f"{due.row}: {name}", at) for due in dues for name, at in due.readings), lead.unit, None,
            tuple(dict.fromkeys(a for due in dues for a in due.articles)), "unclear",
            tuple(one for due in dues for one in due.doubt), lead.text, {}, "undecided",
        )  # fmt: skip

    def _dues(
        self, clock: str, facts: dict[str, Any], start: datetime, day: date, now: datetime
    ) -> list[Due]:
        """The due times of every row that the facts leave open, in the order of the rows."""
        question = self.source.clocks[clock]
        parameters = facts.pop("parameters", None) or {}
        if not isinstance(parameters, dict):
            raise QuestionRefused("ask.wrong-type", "parameters", "parameters is an object")
        known = {row.parameter for row in question.rows if row.parameter}
        for name, value in parameters.items():
            if name not in known:
                raise QuestionRefused(
                    "ask.unknown-field", f"parameters.{str(name)[:64]}", "no such parameter"
                )
            if value.__class__ is not int or not 1 <= value <= 100_000:
                raise QuestionRefused(
                    "ask.wrong-value", f"parameters.{name}", "a whole number from 1 to 100000"
                )
        asker = self._clock_askers[clock]
        engine = asker.engine
        typed = asker.read({**facts, "on": day.isoformat()}, now)
        period = engine.period(typed.on)
        assert period.table is not None
        runs = period.runs(typed.packed, engine.ages_on(engine.births(typed), typed.on))
        table = period.table
        ranks = {-1}
        # Parts share no fact, so every combination of their cells is possible: the first row of each.
        for part in table.parts:
            own = {table.rank_of(members) for members in table.box(part, runs, None)}
            ranks = {max(a, b) for a in ranks for b in own}
        open_rows = {engine.question.outcomes[rank] for rank in ranks if rank >= 0} - {NO_ROW}
        return [
            due_of_row(self.source, row, start, day, parameters.get(row.parameter))
            for row in question.rows
            if row.id in open_rows and row.dated.known_on(self.as_known_on) and row.dated.holds(day)
        ]

    def _ask_clock(self, name: str, facts: Mapping[str, Any], now: datetime) -> Answer:
        zone = ZoneInfo(self.zone)
        rest = {key: value for key, value in facts.items() if key not in ("start", "done", "on")}
        question = self.source.clocks[name]
        fixed = all(row.fixed for row in question.rows)
        start_said, on_said, done_said = facts.get("start"), facts.get("on"), facts.get("done")
        if on_said is not None:
            now = begin_of(on_said, "on", zone)[0]
        if start_said is None and not fixed:
            raise QuestionRefused("ask.missing-field", "start", "a clock needs its start")
        start, day = (
            begin_of(start_said, "start", zone)
            if start_said is not None
            else (now, now.astimezone(zone).date())
        )
        done, done_day = None, None
        if done_said is not None:
            done, done_date = begin_of(done_said, "done", zone)
            if len(done_said) == 10:
                done_day = done_date
            if done < start and start_said is not None and done_date < day:
                raise QuestionRefused("ask.range-upside-down", "done", "done before the start")
        dues = self._dues(name, rest, start, day, now)
        if not dues:
            return self._told(self._nothing(name), local_day(now, self.zone))
        return self._told(
            clock_fields(self.source, question, dues, done, done_day, now), local_day(now, self.zone)
        )

    def _nothing(self, name: str) -> dict[str, Any]:
        return {
            "outcome": "not_in_force", "open": True, "decided": True, "reason": f"{self.id}/{name}/not-in-force",
            "at_worst": None, "at_best": None, "actions": (), "articles": (), "confidence": "unclear", "doubt": (),
            "value": None, "until": None,
            "text": {"id": "Untuk hari itu tidak ada ketentuan.", "en": "There is no provision for that day."},
        }  # fmt: skip

    def _ask_score(self, name: str, facts: Mapping[str, Any], now: datetime) -> Answer:
        question = self.source.scores[name]
        allowed = (
            "jurisdiction", "question", "on", "zone", "found", "not_found", "unanswered", "others", "aspect",
        )  # fmt: skip
        for key in facts:
            if key not in allowed:
                raise QuestionRefused("ask.unknown-field", str(key)[:64], "this question knows no such fact")
        on = self._plain_day(facts, now)
        codes = {item.code for items in question.aspects.values() for item in items}
        findings: dict[str, Finding] = {}
        for field, finding in (
            ("found", Finding.FOUND),
            ("not_found", Finding.NOT_FOUND),
            ("unanswered", Finding.UNANSWERED),
        ):
            said = facts.get(field)
            if said is None:
                continue
            if not isinstance(said, list) or not all(isinstance(one, str) for one in said):
                raise QuestionRefused("ask.wrong-type", field, "a list of item codes")
            for one in said:
                if one not in codes:
                    raise QuestionRefused("ask.unknown-value", field, "no such item")
                if one in findings:
                    raise QuestionRefused(
                        "ask.wrong-value", field, "each item once, found, not found or unanswered"
                    )
                findings[one] = finding
        others, aspect = facts.get("others"), facts.get("aspect")
        if others not in (None, "no_weight", "unanswered"):
            raise QuestionRefused("ask.unknown-value", "others", "no_weight or unanswered")
        if aspect is not None and (not isinstance(aspect, str) or aspect not in question.aspects):
            raise QuestionRefused("ask.unknown-value", "aspect", f"one of {', '.join(question.aspects)}")
        if not question.dated.holds(as_date(on)) or not question.dated.known_on(self.as_known_on):
            return self._told(self._nothing(name), on)
        aspects = list(question.aspects) if aspect is None else [aspect]
        return self._told(score_fields(self.source, question, findings, aspects, others == "no_weight"), on)

    def _ask_value(self, name: str, facts: Mapping[str, Any], now: datetime) -> Answer:
        for key in facts:
            if key not in ("jurisdiction", "question", "on", "zone"):
                raise QuestionRefused("ask.unknown-field", str(key)[:64], "this question knows no such fact")
        on = self._plain_day(facts, now)
        return self._told(value_fields(self.source, self.values[name], as_date(on), self.as_known_on), on)

    def _plain_day(self, facts: Mapping[str, Any], now: datetime) -> int:
        zone = facts.get("zone")
        zones = {self.zone: self.zone, **{z: z for z in self.source.zones.values()}, **self.source.zones}
        if zone is not None and (not isinstance(zone, str) or zone not in zones):
            raise QuestionRefused("ask.unknown-value", "zone", f"zone is one of {', '.join(zones)}")
        on = facts.get("on")
        if on is None:
            return local_day(now, zones[zone or self.zone])
        at, day = begin_of(on, "on", ZoneInfo(zones[zone or self.zone]))
        del at
        if not 1900 <= day.year <= 2999:
            raise QuestionRefused("ask.bad-date", "on", "years 1900 to 2999")
        return as_number(day)

    def _told(self, fields: dict[str, Any], on: int) -> Answer:
        until = fields.pop("until")
        one = core(
            self.law_version,
            shows_value=True,
            **fields,
            managed_by=None,
            conditions=(),
            notices=(),
            extras={},
            settles=(),
            age_needed=False,
            status=None,
        )
        return Answer(
            one, one.outcome, one.reason, one.articles, one.conditions, self, on, 0, until, zone_of(self.zone), 0,
            self.source.max_age,
        )  # fmt: skip

    def derive(self, low: int, high: int) -> dict[str, Any]:
        """What follows from an age range: `age`, and the pack's own derived facts ."""
        unknown = low == 0 and high >= self.source.max_age
        found: dict[str, Any] = {
            "age": None if unknown else low if low == high else {"at_least": low, "at_most": high}
        }
        for name, ranges, labels in self._derive:
            inside = [begin <= low and high < end for begin, end in ranges]
            if labels:
                found[name] = next(
                    (label.replace("..", "-") for label, one in zip(labels, inside, strict=True) if one), None
                )
            else:
                apart = high < ranges[0][0] or low >= ranges[0][1]
                found[name] = True if inside[0] else False if apart else None
        return found

    def derived_json(self, low: int, high: int, counted: str) -> bytes:
        """`derive` as the beginning of a JSON object, without its end."""
        key = (low, high, counted)
        found = self._derived.get(key)
        if found is None:
            if len(self._derived) > 50_000:
                self._derived.clear()
            told = self.derive(low, high) | ({"age_counts": counted} if counted else {})
            found = self._derived[key] = encode(told)[:-1]
        return found

    def engine(self, question: str) -> TableEngine:
        """The compiled table question; raises KeyError."""
        return self.tables[question]


def compile_pack(
    files: Files,
    *,
    as_known_on: date | None = None,
    others: Mapping[str, Files] | None = None,
    thorough: bool = False,
) -> Pack:
    """
    Read, join, compile and prove a pack.

    Args:
        files: the pack's files by their path inside its folder.
        as_known_on: replay: only what the pack knew on that day.
        others: the folders of the packs that it extends, by id.
        thorough: compare the second reading on every cell of large tables as well.

    Raises:
        PackRefused: with a stable code, file, rule and cell.
    """
    source = read_pack(files, others or {})
    if source.abstract:
        raise PackRefused("pack.abstract", "this pack is only there to be extended", file="pack.yaml")
    return Pack(source, as_known_on, thorough=thorough)
