"""
What makes a street safe to walk, as a city's table of rules says it: read once, asked for each kind of street.

The first base that fits says what a street is; without one it is unknown. Each rule besides that fits then counts: the
worst answer wins, factors are multiplied, metres are added, reasons are kept. A missing tag fits only where a rule says
`missing`, so that it is never safe by silence.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from itertools import product
from math import inf, prod
from typing import Any, Final, cast

from ruangaman.core.errors import RuangAmanError

MISSING: Final = "missing"
MOST_RULES: Final = 500
CONFIDENCE: Final = frozenset({"certain", "likely", "rule_of_thumb"})
COLUMNS: Final = frozenset(
    {
        "part", "highway", "class", "pavement", "speed", "lanes", "crossing", "rails", "foot", "lit", "surface",
        "smoothness", "kerb", "wheelchair", "footway", "service", "bridge", "tunnel", "traffic_calming", "incline",
        "covered", "tactile_paving", "unjoined",
    }
)  # fmt: skip
"""What a rule may ask for."""
WALLS: Final = frozenset({"railway", "waterway", "barrier"})
NUMBERS: Final = frozenset({"speed", "lanes"})
NO_RULE: Final = "walk/no-rule"
_NO_RULE_SAYS: Final = {
    "id": "Belum ada aturan untuk jalan seperti ini.",
    "en": "No rule speaks of such a street.",
}
_MEMBERS: Final = {
    "id",
    "when",
    "ages",
    "lights",
    "mobility",
    "answer",
    "factor",
    "metres",
    "why",
    "source",
    "confidence",
}


class WalkRulesMalformed(RuangAmanError):
    code = "city.walk-rules-malformed"


class Answer(IntEnum):
    """Of a stretch, and of a whole walk: the worst of its stretches."""

    SAFE = 0
    UNKNOWN = 1
    UNSAFE = 2


@dataclass(frozen=True, slots=True)
class Profile:
    """Who walks, when, how: ids of the table."""

    age: str
    light: str
    mobility: str


@dataclass(frozen=True, slots=True)
class AgeGroup:
    """Whole years, both included. `metres_per_second` turns minutes into metres."""

    id: str
    first: int
    last: int
    with_adult: bool
    metres_per_second: float


@dataclass(frozen=True, slots=True)
class Between:
    """A number over `over` and up to `to`, in the unit of its column."""

    over: float
    to: float


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table; an empty set of profiles stands for all."""

    id: str
    when: Mapping[str, frozenset[str] | Between]
    ages: frozenset[str]
    lights: frozenset[str]
    mobility: frozenset[str]
    answer: Answer
    factor: float
    metres: float
    why: Mapping[str, str]
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Reach:
    """How far counts as in reach: metres of walking cost by group of ages."""

    id: str
    metres: Mapping[str, float]
    source: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """
    What a kind of street is to one profile.

    Attributes:
        factor: by which its metres count. metres: that are added once.
        because: ids of the rules that fit, in their order.
    """

    answer: Answer
    factor: float
    metres: float
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WalkRules:
    """
    The whole table.

    Attributes:
        big, big_lanes: streets that are crossed at crossings alone, by `highway` or by so many lanes.
        never_big: values of `highway` on which lanes make no such street.
        crossing_within: metres along which a crossing is looked for.
        widths: metres from side to side by `highway`; "otherwise" for the rest.
        marked, no_crossing: values of `crossing`. rails: values of `railway` on a node that a street crosses.
        gates: values of `barrier` by which a place is entered. no_entrance: values of `entrance` by which it is not.
        sidewalk: value -> what it says of left and right; sidewalk_side: value -> what it says of its own side.
        closed: column -> values with which nobody walks there. opens: values of `foot` that open `access`.
        walls: column of barriers -> values that nobody comes across on the way to a street.
    """

    version: str
    ages: tuple[AgeGroup, ...]
    lights: tuple[str, ...]
    mobility: tuple[str, ...]
    big: frozenset[str]
    big_lanes: int
    never_big: frozenset[str]
    crossing_within: float
    widths: Mapping[str, float]
    marked: frozenset[str]
    no_crossing: frozenset[str]
    rails: frozenset[str]
    gates: frozenset[str]
    no_entrance: frozenset[str]
    sidewalk: Mapping[str, tuple[str, str]]
    sidewalk_side: Mapping[str, str]
    closed: Mapping[str, frozenset[str]]
    opens: frozenset[str]
    walls: Mapping[str, frozenset[str]]
    bases: tuple[Rule, ...]
    besides: tuple[Rule, ...]
    reaches: tuple[Reach, ...]

    @property
    def profiles(self) -> tuple[Profile, ...]:
        """Every one, in the order of the table."""
        return tuple(
            Profile(age.id, light, mobility)
            for age, light, mobility in product(self.ages, self.lights, self.mobility)
        )

    def reason(self, rule: str) -> Mapping[str, str]:
        """The sentence of a rule, by language."""
        return next((one.why for one in (*self.bases, *self.besides) if one.id == rule), _NO_RULE_SAYS)


def judge(rules: WalkRules, facts: Mapping[str, str | int], profile: Profile) -> Verdict:
    """What a street with these facts is to this profile. A column without a fact is missing."""
    base = next((rule for rule in rules.bases if _counts(rule, facts, profile)), None)
    found = [rule for rule in rules.besides if _counts(rule, facts, profile)]
    if base is not None:
        found.insert(0, base)
    answers = (
        [rule.answer for rule in found]
        if base is not None
        else [Answer.UNKNOWN, *(rule.answer for rule in found)]
    )
    return Verdict(
        max(answers),
        prod(rule.factor for rule in found),
        sum(rule.metres for rule in found),
        tuple(rule.id for rule in found) or (NO_RULE,),
    )


def _counts(rule: Rule, facts: Mapping[str, str | int], profile: Profile) -> bool:
    return (
        (not rule.ages or profile.age in rule.ages)
        and (not rule.lights or profile.light in rule.lights)
        and (not rule.mobility or profile.mobility in rule.mobility)
        and all(_fits(asked, facts.get(column, MISSING)) for column, asked in rule.when.items())
    )


def _fits(asked: frozenset[str] | Between, fact: str | int) -> bool:
    if isinstance(asked, Between):
        return isinstance(fact, int) and asked.over < fact <= asked.to
    return str(fact) in asked


def read(told: object) -> WalkRules:
    """
    A table of rules from plain data, as `data/safe_walk.yaml` has it.

    Raises:
        WalkRulesMalformed: with the place of the fault.
    """
    try:
        return _table(_mapping(told, "the table"))
    except (KeyError, TypeError, ValueError, AttributeError) as wrong:
        raise WalkRulesMalformed(at=str(wrong)[:200] or type(wrong).__name__) from None


def _table(told: Mapping[str, Any]) -> WalkRules:
    profiles, big, crossings, closed = (
        told["profiles"],
        told["crossed_at_crossings"],
        told["crossings"],
        told["closed"],
    )
    ages = tuple(
        AgeGroup(
            str(one["id"]), int(one["from"]), int(one["to"]), bool(one["with_adult"]),
            _number(one["metres_per_second"], "metres_per_second", above=0.0),
        )
        for one in profiles["ages"]
    )  # fmt: skip
    known = {
        "ages": frozenset(age.id for age in ages),
        "lights": frozenset(map(str, profiles["lights"])),
        "mobility": frozenset(map(str, profiles["mobility"])),
    }
    if not all(known.values()) or len(known["ages"]) != len(ages):
        raise ValueError("profiles: none, or one twice")
    bases = tuple(_rule(one, known) for one in told["bases"])
    besides = tuple(_rule(one, known) for one in told["besides"])
    names = [rule.id for rule in (*bases, *besides)]
    if len(set(names)) != len(names) or len(names) > MOST_RULES:
        raise ValueError("rules: an id twice, or too many")
    speeds = {age.id: age.metres_per_second for age in ages}
    return WalkRules(
        version=str(told["version"]),
        ages=ages,
        lights=tuple(map(str, profiles["lights"])),
        mobility=tuple(map(str, profiles["mobility"])),
        big=frozenset(map(str, big["highway"])),
        big_lanes=int(big["lanes_from"]),
        never_big=frozenset(map(str, big.get("lanes_not_on", ()))),
        crossing_within=_number(big["crossing_within_m"], "crossing_within_m"),
        widths={str(name): _number(metres, "width_m") for name, metres in big["width_m"].items()},
        marked=frozenset(map(str, crossings["marked"])),
        no_crossing=frozenset(map(str, crossings["none"])),
        rails=frozenset(map(str, crossings["rails"])),
        gates=frozenset(map(str, told["entrances"]["barrier"])),
        no_entrance=frozenset(map(str, told["entrances"]["entrance_no"])),
        sidewalk={str(value): _sides(sides) for value, sides in told["pavement"]["sidewalk"].items()},
        sidewalk_side={str(value): _said(says) for value, says in told["pavement"]["side"].items()},
        closed={
            name: frozenset(map(str, closed[name]))
            for name in ("highway", "foot", "access", "area", "locked")
        },
        opens=frozenset(map(str, closed["foot_opens_access"])),
        walls=_walls(_mapping(told.get("walls", {}), "walls")),
        bases=bases,
        besides=besides,
        reaches=tuple(_reach(one, speeds) for one in told["reach"]),
    )


def _walls(told: Mapping[str, Any]) -> Mapping[str, frozenset[str]]:
    if told.keys() - WALLS:
        raise ValueError(f"walls: {', '.join(sorted(told.keys() - WALLS))}")
    return {name: frozenset(map(str, values)) for name, values in told.items()}


def _sides(told: object) -> tuple[str, str]:
    left, right = cast("list[object]", told)
    return _said(left), _said(right)


def _said(told: object) -> str:
    if told not in ("yes", "no", MISSING):
        raise ValueError(f"pavement: {told!r}; write yes and no in quotes")
    return str(told)


def _rule(told: Mapping[str, Any], known: Mapping[str, frozenset[str]]) -> Rule:
    name = str(told["id"])
    profiles = {}
    for axis, ids in known.items():
        profiles[axis] = frozenset(map(str, told.get(axis, ())))
        if not profiles[axis] <= ids:
            raise ValueError(f"{name}: {axis}")
    if told.keys() - _MEMBERS or told["confidence"] not in CONFIDENCE or set(told["why"]) != {"id", "en"}:
        raise ValueError(f"{name}: a word that is not known, or a sentence that is missing")
    return Rule(
        id=name,
        when={
            column: _asked(column, wanted, name) for column, wanted in _mapping(told["when"], name).items()
        },
        answer=Answer[str(told["answer"]).upper()],
        factor=_number(told.get("factor", 1.0), name, above=0.0),
        metres=_number(told.get("metres", 0.0), name),
        why={language: str(sentence) for language, sentence in told["why"].items()},
        source=str(told["source"]),
        confidence=str(told["confidence"]),
        **profiles,
    )


def _asked(column: str, wanted: object, rule: str) -> frozenset[str] | Between:
    if column not in COLUMNS:
        raise ValueError(f"{rule}: {column} is no column")
    if column in NUMBERS:
        bounds = _mapping(wanted, rule)
        if bounds.keys() - {"over", "to"}:
            raise ValueError(f"{rule}: {column}")
        return Between(
            _number(bounds.get("over", -1.0), rule, above=-2.0), _number(bounds.get("to", inf), rule)
        )
    values = wanted if isinstance(wanted, list) else [wanted]
    if not values or not all(isinstance(one, str) for one in values):
        raise ValueError(f"{rule}: {column} wants words; write yes and no in quotes")
    return frozenset(values)


def _reach(told: Mapping[str, Any], speeds: Mapping[str, float]) -> Reach:
    name, ages = str(told["id"]), frozenset(map(str, told["ages"]))
    if not ages <= speeds.keys() or ("metres" in told) == ("minutes" in told):
        raise ValueError(f"{name}: ages, or one of metres and minutes")
    if "metres" in told:
        return Reach(
            name, dict.fromkeys(sorted(ages), _number(told["metres"], name, above=0.0)), str(told["source"])
        )
    minutes = _number(told["minutes"], name, above=0.0)
    return Reach(name, {age: minutes * 60 * speeds[age] for age in sorted(ages)}, str(told["source"]))


def _mapping(told: object, where: str) -> Mapping[str, Any]:
    if not isinstance(told, Mapping) or not all(isinstance(name, str) for name in told):
        raise TypeError(f"{where}: wants names and values")
    return told


def _number(told: object, where: str, *, above: float = -1e-9) -> float:
    if isinstance(told, bool) or not isinstance(told, int | float) or not told > above:
        raise ValueError(f"{where}: {told!r} is no number that fits")
    return float(told)
