"""From a pack as read to engines: periods, tables, proofs over all of them, and what must hold across periods."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from ruangaman.core.law.conditions import doubts_used
from ruangaman.core.law.model import ClockQuestion, Norm, Source, TableQuestion, Text
from ruangaman.core.law.parse_tables import AGE_CLAIM_OUTCOMES
from ruangaman.core.law.periods import Stretch, stretches
from ruangaman.core.law.proofs import Proved, prove
from ruangaman.core.law.refusals import PackRefused
from ruangaman.core.law.table import Table, compile_table
from ruangaman.core.law.tables import TableEngine
from ruangaman.core.law.words import prove_words

MOST_SCORE_DOUBTS = 6
MOST_PERIODS = 1_000
NO_ROW = "no-row"
_PLAIN: Text = {"id": "-", "en": "-"}


def compile_questions(
    source: Source, as_known_on: date | None, law_version: Mapping[str, Any], *, thorough: bool
) -> tuple[dict[str, TableEngine], dict[str, TableEngine], dict[str, Proved]]:
    """
    Every table question, every clock's choice of rows, and what was proved.

    Raises:
        PackRefused: the first proof that fails.
    """
    if as_known_on is None:
        prove_words(source)
    engines: dict[str, TableEngine] = {}
    proofs: dict[str, Proved] = {}
    for question in source.tables.values():
        _named(question)
        proved = proofs[question.name] = Proved()
        found = _periods(source, question, as_known_on)
        for _, table in found:
            if table is not None:
                try:
                    prove(table, source.doubts, proved, thorough=thorough)
                except PackRefused as refused:
                    raise refused.placed(file=question.file, rule=question.name) from None
        if as_known_on is None:
            _all_count(question, proved)
        engines[question.name] = TableEngine(source, question, found, law_version)
    if as_known_on is None:
        _doubts_change(source, proofs)
    for question in source.tables.values():
        age_by = question.age_by
        if age_by and (
            age_by.question not in source.tables
            or source.tables[age_by.question].outcomes != AGE_CLAIM_OUTCOMES
            or any(axis.fact.name == "age" for axis in engines[age_by.question].space.ages)
        ):
            raise PackRefused(
                "pack.bad-age-by",
                f"age_by names a table question without age and with the outcomes {', '.join(AGE_CLAIM_OUTCOMES)}",
                file=question.file,
                rule="age_by",
            )
    for score in source.scores.values():
        named = {one.doubt for items in score.aspects.values() for item in items for one in item.otherwise}
        if len(named) > MOST_SCORE_DOUBTS:
            raise PackRefused(
                "pack.too-many-readings",
                f"at most {MOST_SCORE_DOUBTS} doubts a score",
                file=score.file,
                rule=score.name,
            )
    clocks = {
        clock.name: TableEngine(
            source,
            _rows_as_norms(source, clock),
            _periods(source, _rows_as_norms(source, clock), as_known_on),
            law_version,
        )
        for clock in source.clocks.values()
    }
    return engines, clocks, proofs


def _periods(
    source: Source, question: TableQuestion, as_known_on: date | None
) -> list[tuple[Stretch, Table | None]]:
    found: list[tuple[Stretch, Table | None]] = []
    cut = list(stretches(source, question, as_known_on))
    if len(cut) > MOST_PERIODS:
        raise PackRefused(
            "pack.too-many-cells", f"{len(cut)} periods, at most {MOST_PERIODS}",
            file=question.file, rule=question.name,
        )  # fmt: skip
    for stretch in cut:
        if stretch.status is not None:
            found.append((stretch, None))
            continue
        if not stretch.norms and not any(question.status.values()):
            raise PackRefused(
                "pack.gap", f"no norm is in force on {stretch.begins}; say so with `status`",
                file=question.file, rule=question.name,
            )  # fmt: skip
        try:
            table = compile_table(question, stretch.norms, source.facts, source.doubts, stretch.values)
        except PackRefused as refused:
            raise refused.placed(file=question.file, rule=question.name) from None
        found.append((stretch, table))
    return found


def _named(question: TableQuestion) -> None:
    """Lifts name norms that exist."""
    rules = {norm.rule for norm in question.norms}
    for norm in question.norms:
        prefix = norm.rule.rpartition("/")[0]
        for aim in norm.lifts:
            if aim != "all" and (aim if "/" in aim else f"{prefix}/{aim}") not in rules:
                raise PackRefused(
                    "pack.unknown-norm", f"lifts: no norm {aim!r}", file=norm.file, rule=norm.id
                )


def _all_count(question: TableQuestion, proved: Proved) -> None:
    """Each norm and each lift does something in some cell of some period."""
    for norm in question.norms:
        if norm.dated.known_until != date.max:
            continue
        if norm.rule not in proved.counting:
            raise PackRefused(
                "pack.norm-never-counts", "the norm decides and adds nothing", file=norm.file, rule=norm.id
            )
        aside = {aim for rule, aim in proved.lifting if rule == norm.rule}
        prefix = norm.rule.rpartition("/")[0]
        named = {aim if "/" in aim else f"{prefix}/{aim}" for aim in norm.lifts if aim != "all"}
        if norm.lifts and (not aside or named - aside):
            what = ", ".join(sorted(named - aside)) or "anything"
            raise PackRefused(
                "pack.lifts-nothing", f"it never sets {what} aside", file=norm.file, rule=norm.id
            )


def _doubts_change(source: Source, proofs: Mapping[str, Proved]) -> None:
    """Each doubt with readings changes some cell, or a clock or a score."""
    changing = {name for proved in proofs.values() for name in proved.changing}
    used = {one.doubt for clock in source.clocks.values() for row in clock.rows for one in row.otherwise}
    used |= {
        one.doubt
        for score in source.scores.values()
        for items in score.aspects.values()
        for item in items
        for one in item.otherwise
    }
    in_tables = {
        name for table in source.tables.values() for name in doubts_used(norm.when for norm in table.norms)
    }
    for doubt in source.doubts.values():
        if doubt.readings and doubt.id not in changing and (doubt.id in in_tables or doubt.id not in used):
            raise PackRefused(
                "pack.doubt-changes-nothing", "no cell differs between its readings", file="pack.yaml",
                rule=f"doubts.{doubt.id}",
            )  # fmt: skip


def _rows_as_norms(source: Source, clock: ClockQuestion) -> TableQuestion:
    """The rows of a clock as norms whose strictest is the first row, so that unknown facts are cells here too."""
    empty = Norm(
        id=NO_ROW, layer=source.id, rule=f"{source.id}/{clock.name}/{NO_ROW}", file=clock.file, when=(), then=NO_ROW,
        extras={}, do=(), needs=(), notices=(), managed_by="", lifts=(), articles=(), confidence="unclear", doubts=(),
        dated=clock.rows[0].dated.__class__(), status=(), text=_PLAIN,
    )  # fmt: skip
    norms = tuple(
        replace(
            empty,
            id=row.id,
            rule=f"{source.id}/{clock.name}/{row.id}",
            when=row.when,
            then=row.id,
            dated=row.dated,
        )
        for row in clock.rows
    )
    return TableQuestion(
        name=clock.name, file=clock.file, title=clock.title,
        outcomes=(NO_ROW, *(row.id for row in reversed(clock.rows))),
        closed=frozenset(), undecided={"otherwise": "unclear"}, all_open_decides=False, texts={}, norms=(*norms, empty),
        laws=(), status={source.id: ()}, age_by=None, reads={},
    )  # fmt: skip
