"""
`ruangaman law test CASEFILE...`: hold what jurists wrote against what the packs answer.

A case is met when every word of `expect` is; a doubtful case is met as well by an answer that says that the law is
unclear, and never breaks a build. The last line is `N met, N not met, N doubtful`, where `doubtful` counts the doubtful
cases that are met neither way. A word that the pack does not know is an error of the file: the case counts as not met,
doubtful or not, and the word is named on standard error. Exit status: 0, or 1 when a case is not met, or 2 when a file
cannot be read as cases or holds an unknown word.
Format of the files: docs/guides/case-files.md.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from typing import Any, TextIO
from zoneinfo import ZoneInfo

from ruangaman.adapters import packs
from ruangaman.core import law
from ruangaman.core.errors import RuangAmanError
from ruangaman.core.law.reading import Tree
from ruangaman.site.case_compare import difference, values_at
from ruangaman.site.case_words import (
    Ask,
    BadVocabulary,
    Given,
    NotUnderstood,
    Topic,
    Vocabulary,
    fact_value,
    near,
    read_vocabulary,
)

DEFAULT_JURISDICTION = "ID"
CASE_KEYS = (
    "id", "jurisdiction", "rule", "given", "expect", "article", "confidence", "note", "doubtful", "why_doubtful",
    "source", "author",
)  # fmt: skip
MET, NOT_MET, DOUBTFUL = "met", "not met", "doubtful"
_SCORE_FACTS = ("found", "not_found", "others", "aspect", "unanswered")


class BadCaseFile(RuangAmanError):
    """A file that cannot be read as cases; `file` and `case` say where, `problem` says what."""

    code = "case.malformed"


@dataclass(frozen=True, slots=True)
class Case:
    """One row of a case file."""

    id: str
    jurisdiction: str
    topic: str
    given: Mapping[str, Tree]
    expect: Mapping[str, Tree]
    doubtful: bool
    article: str
    unknown_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a case: `state`, the differences or remarks as short sentences, and the words nobody knows."""

    case: Case
    state: str
    remarks: tuple[str, ...]
    answers: Mapping[str, law.Answer]
    unknown: tuple[NotUnderstood, ...] = ()


def run(case_files: Sequence[Path], out: TextIO | None = None) -> int:
    """Test every file and print one line a case; the exit status as the module says."""
    out = out or sys.stdout
    counts = {MET: 0, NOT_MET: 0, DOUBTFUL: 0}
    broken = False
    for path in case_files:
        try:
            cases = read_cases(path.read_bytes(), str(path))
        except OSError:
            print(f"case.unreadable: {path}: no such file, or it may not be read", file=sys.stderr)
            broken = True
            continue
        except (BadCaseFile, law.PackRefused) as wrong:
            print(_told(wrong), file=sys.stderr)
            broken = True
            continue
        for case in cases:
            result = hold(case)
            counts[result.state] += 1
            for word in result.unknown:
                named = " ".join(f"{key}={value}" for key, value in word.facts.items() if value)
                print(
                    f"{word.code}: the pack does not know this word [file={path} case={case.id} {named}]",
                    file=sys.stderr,
                )
                broken = True
            remarks = f"  ({'; '.join(result.remarks)})" if result.remarks else ""
            print(f"{result.state:<8}  {case.id}{remarks}", file=out)
    print(f"{counts[MET]} met, {counts[NOT_MET]} not met, {counts[DOUBTFUL]} doubtful", file=out)
    return 2 if broken else 1 if counts[NOT_MET] else 0


def read_cases(raw: bytes, file: str) -> list[Case]:
    """
    The cases of a file.

    Raises:
        BadCaseFile: not a list of cases, a case without id, given or expect, an id twice.
        PackRefused: the bytes are no YAML that we read (anchors, duplicate keys, above 1 MiB...).
    """
    tree = law.read_yaml(raw, file)
    if not isinstance(tree, dict) or not isinstance(tree.get("cases"), list):
        raise BadCaseFile(file=file, case="", problem="a case file is a map whose key `cases` is a list")
    if not tree["cases"]:
        raise BadCaseFile(file=file, case="", problem="the list `cases` is empty, so nothing would be tested")
    found: list[Case] = []
    seen: set[str] = set()
    for n, row in enumerate(tree["cases"], 1):
        case = _case(row, file, n)
        if case.id in seen:
            raise BadCaseFile(file=file, case=case.id, problem="the id stands twice")
        seen.add(case.id)
        found.append(case)
    return found


def _case(row: Tree, file: str, number: int) -> Case:
    name = str(row.get("id", f"number {number}")) if isinstance(row, dict) else f"number {number}"

    def refuse(problem: str) -> BadCaseFile:
        return BadCaseFile(file=file, case=name[:40], problem=problem)

    if not isinstance(row, dict):
        raise refuse("a case is a map")
    case_id, given, expect = row.get("id"), row.get("given"), row.get("expect")
    if not isinstance(case_id, str) or not case_id.strip():
        raise refuse("a case has an id")
    if not isinstance(given, dict) or not isinstance(expect, dict) or not expect:
        raise refuse("`given` and `expect` are maps, and `expect` holds a word")
    topic = given.get("topic", row.get("rule"))
    if not isinstance(topic, str):
        raise refuse("`given.topic` (or `rule`) says what is asked")
    unknown_keys = [key for key in row if key not in CASE_KEYS]
    for key in unknown_keys:
        # A slip here would change the case unseen: `doubtfull`, or a `jurisdicton` that leaves the default in force.
        if meant := near(key, CASE_KEYS):
            raise refuse(f"the key {key[:40]!r} of a case is not known; {meant!r} is")
    doubtful = str(row.get("doubtful", "false")).lower()
    if doubtful not in ("true", "false", "yes", "no"):
        raise refuse("doubtful: true or false")
    return Case(
        case_id,
        str(row.get("jurisdiction", DEFAULT_JURISDICTION)),
        topic,
        {key: value for key, value in given.items() if key != "topic"},
        expect,
        doubtful in ("true", "yes"),
        str(row.get("article", "")),
        tuple(key[:40] for key in unknown_keys),
    )


def hold(
    case: Case,
    pack: law.Pack | None = None,
    vocabulary: Vocabulary | None = None,
    now: datetime | None = None,
) -> Result:
    """Ask what the case asks and compare. `now`, where the case names no day, is the day the pack was last checked."""
    answers: dict[str, law.Answer] = {}
    remarks = [f"key not understood: {key}" for key in case.unknown_keys]
    unknown: list[NotUnderstood] = []
    differences: list[str] = []
    try:
        pack = pack or packs.load(case.jurisdiction)
        vocabulary = vocabulary or vocabulary_of(case.jurisdiction)
        unknown = unknown_words(case, vocabulary)
        if not unknown:
            answers, supporting = ask_case(case, pack, vocabulary, now or checked_day(pack))
            differences = [
                found
                for word, wanted in case.expect.items()
                if (found := difference(word, wanted, case.given, answers, supporting, vocabulary))
            ]
    except NotUnderstood as wrong:
        unknown = [wrong]
    except law.QuestionRefused as refused:
        differences = [f"the question was refused: {refused.code} at {refused.field}: {refused.message}"]
    except law.PackRefused as refused:
        differences = [f"the pack is refused: {refused}"]
    except BadVocabulary as wrong:
        differences = [f"the vocabulary is broken at {wrong.facts.get('where')}"]
    except packs.NoSuchPack:
        differences = [f"there is no pack for {case.jurisdiction}"]
    if unknown:
        return Result(
            case, NOT_MET, (*remarks, *(_not_understood(one) for one in unknown)), {}, tuple(unknown)
        )
    if not differences:
        return Result(case, MET, (*remarks, *(("doubtful in law",) if case.doubtful else ())), answers)
    if case.doubtful and any(says_unclear(answer) for answer in answers.values()):
        return Result(case, MET, (*remarks, "the answer says that the law is unclear", *differences), answers)
    return Result(case, DOUBTFUL if case.doubtful else NOT_MET, (*remarks, *differences), answers)


def _not_understood(wrong: NotUnderstood) -> str:
    at = f" in {wrong.facts['at']}" if "at" in wrong.facts else ""
    meant = f", but {wrong.facts['near']!r}" if wrong.facts.get("near") else ""
    return f"the vocabulary does not know {wrong.facts.get('word')!r}{at}{meant}"


def unknown_words(case: Case, vocabulary: Vocabulary) -> list[NotUnderstood]:
    """The topic, the given and the expected words of a case that the vocabulary does not know, each with its place."""
    topic = vocabulary.topics.get(case.topic)
    if topic is None:
        return [NotUnderstood(word=case.topic[:40], at="topic", near=near(case.topic, vocabulary.topics))]
    given = [word for word in said_flat(case.given, vocabulary) if not vocabulary.entries(word, topic)]
    expected = [word for word in case.expect if word not in vocabulary.expect]
    return [
        *(NotUnderstood(word=word[:40], at="given", near=near(word, vocabulary.given)) for word in given),
        *(
            NotUnderstood(word=word[:40], at="expect", near=near(word, vocabulary.expect))
            for word in expected
        ),
    ]


def said_flat(given: Mapping[str, Tree], vocabulary: Vocabulary) -> dict[str, Tree]:
    """The given words; a map of facts (`consent: {state: granted}`) is read as paths (`consent.state: granted`)."""
    flat: dict[str, Tree] = {}
    for word, said in given.items():
        entries = vocabulary.given.get(word, ())
        if isinstance(said, dict) and said and not any(one.form in ("each", "age") for one in entries):
            flat |= {f"{word}.{key}": value for key, value in said.items()}
        else:
            flat[word] = said
    return flat


def says_unclear(answer: law.Answer) -> bool:
    """Whether an answer says that the law leaves the point open."""
    return answer.outcome == "unclear" or answer.confidence == "unclear" or bool(answer.doubt)


def ask_case(
    case: Case, pack: law.Pack, vocabulary: Vocabulary, now: datetime
) -> tuple[dict[str, law.Answer], dict[str, tuple[str, ...]]]:
    """
    Every question of the case's topic in order, and per question the norms that support its outcome.

    Raises:
        NotUnderstood: a value is no word of the vocabulary, or none of the topic's questions fits the given words.
        QuestionRefused: the facts are refused.
    """
    topic = vocabulary.topics[case.topic]
    facts, chosen = _facts(case, topic, vocabulary)
    answers: dict[str, law.Answer] = {}
    supporting: dict[str, tuple[str, ...]] = {}
    for one in topic.asks:
        name = chosen.get(one.by_word, "") if one.by_word else one.question
        if not name or (one.when_given and not any(word in case.given for word in one.when_given)):
            continue
        asked = _for_question(facts, name, pack, now)
        answer = answers[name] = pack.ask(asked, now=now)
        if name in pack.tables and answer.decided:
            supporting[name] = _supporting(pack, name, asked, now)
        _pass_on(one, answer, facts)
    if not answers:
        raise NotUnderstood(word=f"what {case.topic} asks with these words"[:60])
    return answers, supporting


def _supporting(pack: law.Pack, name: str, asked: Mapping[str, Any], now: datetime) -> tuple[str, ...]:
    """Every norm with the winning outcome that holds whatever is unknown: a case may name any of them as the reason."""
    engine = pack.tables[name]
    facts = pack.typed(name, asked, now=now)
    period = engine.period(facts.on)
    if period.table is None:
        return ()
    table = period.table
    runs = period.runs(facts.packed, engine.ages_on(engine.births(facts), facts.on))
    sets = [table.box(part, runs, None) for part in table.parts]
    rank = max(max(table.rank_of(members) for members in one) for one in sets)
    every = {n for one in sets for n in set(one[0]).intersection(*map(set, one[1:]))}
    return tuple(table.norms[n].rule for n in sorted(every) if table.ranks[n] == rank)


def _facts(case: Case, topic: Topic, vocabulary: Vocabulary) -> tuple[dict[str, Any], dict[str, str]]:
    """Facts by field, and the question that a word names."""
    facts: dict[str, Any] = {}
    chosen: dict[str, str] = {}
    for path, value in topic.unnamed.items():
        _put(facts, path, _plain(value))
    for word, said in said_flat(case.given, vocabulary).items():
        for entry in vocabulary.entries(word, topic):
            try:
                value = fact_value(entry, said, case.given, vocabulary.yes_no)
            except NotUnderstood as wrong:
                raise NotUnderstood(**{**wrong.facts, "at": word[:40]}) from None
            if entry.names_question:
                chosen[word] = str(value)
            elif value is not None:
                _put(facts, entry.fact, value)
    return facts, chosen


def _plain(value: str) -> Any:
    if value in ("true", "false"):
        return value == "true"
    return int(value) if value.isdigit() else value


def _put(facts: dict[str, Any], path: str, value: Any) -> None:
    group, _, name = path.partition(".")
    if not name:
        facts[group] = {**facts[group], **value} if isinstance(facts.get(group), dict) else value
    elif isinstance(facts.setdefault(group, {}), dict):
        facts[group][name] = value


def _pass_on(one: Ask, answer: law.Answer, facts: dict[str, Any]) -> None:
    """What the next question of the topic learns from this answer."""
    for path, fact in one.passes.items():
        for value in values_at(answer.as_dict(), path.split(".")):
            _put(facts, fact, value)


def _for_question(facts: Mapping[str, Any], name: str, pack: law.Pack, now: datetime) -> dict[str, Any]:
    """The facts that this kind of question may be sent."""
    kind = pack.questions.get(name)
    fields = {"on", "zone"}
    if kind == "score":
        fields.update(_SCORE_FACTS)
    elif kind in ("table", "clock"):
        fields.update(fact.path[0] for fact in pack.source.facts.values())
        fields.add("age")
        if kind == "clock":
            fields.update(("start", "done", "parameters"))
        elif pack.source.tables[name].reads:
            fields.update(pack.source.tables[name].reads)
    found: dict[str, Any] = {key: value for key, value in facts.items() if key in fields}
    if kind == "table" and isinstance(found.get("on"), str) and len(found["on"]) > 10:
        found["on"] = _with_offset(found["on"])
    if kind == "clock" and not all(row.fixed for row in pack.source.clocks[name].rows):
        # A case that only asks how long a time is names no start.
        found.setdefault("start", now.isoformat())
    return {"question": name, **found}


def _with_offset(said: str) -> str:
    return said[:-1] + "+00:00" if said.endswith(("Z", "z")) else said


@cache
def vocabulary_of(jurisdiction: str) -> Vocabulary:
    """The vocabulary of a pack; raises NoSuchPack, BadVocabulary, PackRefused."""
    folder = packs.folders().get(jurisdiction)
    if folder is None:
        raise packs.NoSuchPack(jurisdiction=jurisdiction[:16])
    raw = packs.read_folder(folder).get("vocabulary.yaml")
    if raw is None:
        raise law.PackRefused(
            "pack.missing-file", "vocabulary.yaml is missing", file="vocabulary.yaml", rule="file"
        )
    pack = packs.load(jurisdiction)
    found = read_vocabulary(law.read_yaml(raw, "vocabulary.yaml"), names=names_in(pack))
    return replace(found, given=facts_as_words(pack) | dict(found.given))


def facts_as_words(pack: law.Pack) -> dict[str, tuple[Given, ...]]:
    """The pack's own names of its facts and their paths in a question, which a case may use as given words too."""
    forms = {
        "yes_no": "yes_no",
        "words": "word",
        "number": "whole",
        "ends": "moment",
        "completed_years": "age",
    }
    found: dict[str, tuple[Given, ...]] = {}
    for fact in pack.source.facts.values():
        path = ".".join(fact.path)
        entry = (Given(path, "members" if fact.member_of else forms.get(fact.kind, "word")),)
        found[path] = entry
        if not fact.member_of:
            found[fact.name] = entry
    return found


def names_in(pack: law.Pack) -> set[str]:
    """Ids of norms and words of outcomes: what the comparison by meaning knows beside the vocabulary."""
    found = {norm.id for table in pack.source.tables.values() for norm in table.norms}
    for table in pack.source.tables.values():
        found.update(table.outcomes)
    return found


def checked_day(pack: law.Pack) -> datetime:
    """Noon, in the pack's zone, of the newest day on which its instruments were checked."""
    day = max(one.checked for one in pack.source.instruments.values())
    return datetime.combine(day, time(12), tzinfo=ZoneInfo(pack.zone)).astimezone(UTC)


def _told(wrong: RuangAmanError) -> str:
    if isinstance(wrong, law.PackRefused):
        return f"case.malformed: {wrong}"
    where = " ".join(f"{key}={value}" for key, value in wrong.facts.items() if key != "problem" and value)
    return f"{wrong.code}: {wrong.facts.get('problem', '')} [{where}]"
