"""
Votes of Forum Anak by a rule that one can read: approval, a quorum, and what decides between equals.

The sentences of a rule stand beside its numbers and are filled with them: what is read is what is counted.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import Any, Final

from ruangaman.core.errors import RuangAmanError
from ruangaman.core.reports import rules as tables
from ruangaman.core.reports.rules import Texts

REPORTS, OLDER = "reports", "older"
TIES: Final = (REPORTS, OLDER)
LEAST_QUORUM: Final = 3
"""With fewer ballots everybody's choice could be read off the counts; no table may go below."""


class BallotRefused(RuangAmanError):
    """A ballot that the rule does not allow; `why` says which sentence."""

    code = "places.ballot-refused"


@dataclass(frozen=True, slots=True)
class VoteRule:
    """One rule. `quorum_share`: of the members when the round ends."""

    id: str
    name: Texts
    most: int
    winners: int
    quorum_share: float
    quorum_least: int
    ideas_least: int
    ideas_most: int
    days_least: int
    days_open: int
    days_longest: int
    ties: tuple[str, ...]
    sentences: tuple[Texts, ...]

    def quorum(self, members: int) -> int:
        """How many ballots it takes."""
        return max(self.quorum_least, ceil(round(self.quorum_share * members, 6)))

    def read_aloud(self) -> list[dict[str, str]]:
        """The rule in sentences, with its numbers."""
        numbers = {
            "most": self.most,
            "winners": self.winners,
            "quorum_least": self.quorum_least,
            "quorum_percent": round(self.quorum_share * 100),
        }
        return [
            {language: _filled(said, numbers) for language, said in one.items()} for one in self.sentences
        ]


def _filled(said: str, numbers: Mapping[str, int]) -> str:
    for name, number in numbers.items():
        said = said.replace(f"{{{name}}}", str(number))
    if "{" in said or "}" in said:
        raise ValueError("sentences: a brace that names no number")
    return said


@dataclass(frozen=True, slots=True)
class Idea:
    """What is voted on. `older`: anything that sorts by when it was published, unlike for each idea."""

    id: str
    votes: int
    reports: int
    older: int


@dataclass(frozen=True, slots=True)
class Result:
    """`order`: all ideas, the first first. `winners`: of them, empty without a quorum."""

    valid: bool
    quorum: int
    order: tuple[str, ...]
    winners: tuple[str, ...]


def check_ballot(rule: VoteRule, chosen: Sequence[str], ideas: Iterable[str]) -> frozenset[str]:
    """
    A ballot: which ideas it approves.

    Raises:
        BallotRefused: none, too many, one twice, or one that is not in the round.
    """
    found = frozenset(chosen)
    if not found:
        raise BallotRefused(why="none")
    if len(chosen) > rule.most or len(found) != len(chosen):
        raise BallotRefused(why="many")
    if not found <= set(ideas):
        raise BallotRefused(why="idea")
    return found


def count(rule: VoteRule, ideas: Sequence[Idea], *, ballots: int, members: int) -> Result:
    """Who wins. Equal votes are decided by `rule.ties` in their order; what publishes ideas makes `older` unlike."""

    def place(idea: Idea) -> tuple[int, ...]:
        return (-idea.votes, *(-idea.reports if tie == REPORTS else idea.older for tie in rule.ties))

    order = sorted(ideas, key=place)
    quorum = rule.quorum(members)
    valid = ballots >= quorum
    winners = tuple(idea.id for idea in order if idea.votes > 0)[: rule.winners] if valid else ()
    return Result(valid, quorum, tuple(idea.id for idea in order), winners)


def read(told: object) -> Mapping[str, VoteRule]:
    """The rules, as `data/vote_rules.yaml` has them; raises ReportRulesMalformed with the place of the fault."""
    try:
        table = tables.mapping(told, "the table")
        tables.version(table)
        found = [_rule(one) for one in tables.rows(table["rules"], "rules")]
        if len({one.id for one in found}) != len(found):
            raise ValueError("rules: an id twice")
        return {one.id: one for one in found}
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError) as wrong:
        raise tables.malformed(wrong) from None


def read_rule(told: object) -> VoteRule:
    """One rule, as a round keeps it."""
    return read({"version": "of a round", "rules": [told]})[tables.mapping(told, "rule")["id"]]


def _rule(told: Mapping[str, Any]) -> VoteRule:
    name = tables.identity(told)
    tables.sure(told, name)
    ties = tuple(told["ties"])
    if OLDER not in ties or len(set(ties)) != len(ties) or not set(ties) <= set(TIES):
        raise ValueError(f"{name}: ties name reports or older, older always, each once")
    share = told["quorum_share"]
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
        raise ValueError(f"{name}: quorum_share is from 0 to 1")
    own = [tables.texts(one, name, 200) for one in tables.rows(told["sentences"], name)]
    of_ties = tables.mapping(told["tie_sentences"], name)
    numbers = {
        field: tables.whole(told[field], f"{name}.{field}", most=100)
        for field in (
            "most",
            "winners",
            "ideas_least",
            "ideas_most",
            "days_least",
            "days_open",
            "days_longest",
        )
    }
    if not (
        numbers["ideas_least"] <= numbers["ideas_most"]
        and numbers["days_least"] <= numbers["days_open"] <= numbers["days_longest"]
    ):
        raise ValueError(f"{name}: ideas or days are upside down")
    found = VoteRule(
        id=name,
        name=tables.texts(told["name"], name),
        quorum_share=float(share),
        quorum_least=tables.whole(
            told["quorum_least"], f"{name}.quorum_least", least=LEAST_QUORUM, most=10_000
        ),
        ties=ties,
        sentences=(*own, *(tables.texts(of_ties[tie], name, 200) for tie in ties)),
        **numbers,
    )
    found.read_aloud()  # a brace that names no number is found here
    return found


def open_for(rule: VoteRule, days: int) -> timedelta:
    """
    How long a round is open.

    Raises:
        BallotRefused: fewer or more days than the rule allows.
    """
    if not rule.days_least <= days <= rule.days_longest:
        raise BallotRefused(why="days")
    return timedelta(days=days)
