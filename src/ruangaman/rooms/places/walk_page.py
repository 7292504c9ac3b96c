"""What a page says of one walk: the choice, the answer in words, the steps, and what the city could repair."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from ruangaman.adapters import walk_files
from ruangaman.adapters.walk_files import Age, Goal, Place
from ruangaman.core.reach import journey as journeys
from ruangaman.core.reach import walk_map
from ruangaman.core.reach.journey import CROSSING, PAVEMENT, Action, Journey, Step, Why
from ruangaman.core.reach.walk_map import AUDIT
from ruangaman.core.reach.walk_rules import Answer
from ruangaman.rooms.places import children_told, city_files, plan_telling
from ruangaman.rooms.places.children_told import count, fewer
from ruangaman.rooms.places.city_files import Streets

MILLION: Final = 1_000_000
MOST_STARTS: Final = 60
LONGEST_SEARCH: Final = 60
MOST_ACTIONS: Final = 8


@dataclass(frozen=True, slots=True)
class Choice:
    """
    What a page is asked.

    Attributes:
        start: a corner, -1 for none. goal: where to. limit: metres in reach of this age.
        reach: the id of that reach. repaired: numbers of the actions that are chosen, in the walk's order.
    """

    age: Age
    light: str
    mobility: str
    goal: Goal
    start: int
    limit: float
    reach: str
    repaired: tuple[int, ...]

    @property
    def profile(self) -> str:
        return f"{self.age.id}/{self.light}/{self.mobility}"

    def query(self, **other: object) -> str:
        """These choices as the end of an address."""
        told = QueryDict(mutable=True)
        told["umur"], told["cahaya"], told["cara"], told["ke"] = (
            self.age.id,
            self.light,
            self.mobility,
            self.goal.id,
        )
        if self.start >= 0:
            told["dari"] = str(self.start)
        for name, value in other.items():
            if value in (None, ""):
                told.pop(name, None)
            else:
                told[name] = str(value)
        return told.urlencode()


def choice(streets: Streets, told: QueryDict, *, story: Mapping[str, Any]) -> Choice:
    """What was chosen; anything else than what is offered counts as not said."""
    city, goals = streets.city, walk_files.goals().goals
    profile = story.get("profile") or {}
    age_id = told.get("umur") or profile.get("age")
    age = next((one for one in city.ages if one.id == age_id), city.ages[min(1, len(city.ages) - 1)])
    light = _one_of(told.get("cahaya"), city.lights)
    mobility = _one_of(told.get("cara"), city.mobility)
    goal = next((one for one in goals if one.id == told.get("ke")), goals[0])
    start = _number(told.get("dari"), -1)
    if start not in city.starts:
        start = -1
    reach, limit = reach_of(streets, age.id)
    repaired = tuple(sorted({_number(one, -1) for one in told.getlist("baik")[:MOST_ACTIONS]} - {-1}))
    return Choice(age, light, mobility, goal, start, limit, reach, repaired)


def _one_of(told: str | None, offered: Sequence[str]) -> str:
    return told if told is not None and told in offered else offered[0]


def _number(told: str | None, otherwise: int) -> int:
    return int(told) if told and told.isascii() and told.isdecimal() and len(told) <= 9 else otherwise


def reach_of(streets: Streets, age: str) -> tuple[str, float]:
    """How far is reach for an age: the widest of the table, by id and metres; of two as wide the later one."""
    found = [(metres[age], name) for name, metres in streets.city.reach.items() if age in metres]
    best = max((metres for metres, _name in found), default=0.0)
    name = next((name for metres, name in reversed(found) if metres == best), "")
    return name, best


def story_start(streets: Streets, told: Mapping[str, Any]) -> int:
    """The corner at which the walk of a city's own story begins; -1 without one."""
    wanted = {told.get("street"), told.get("corner")}
    return next((vertex for vertex, names in streets.city.starts.items() if wanted <= set(names)), -1)


def starts(streets: Streets, search: str, inside: Sequence[int] | None) -> list[tuple[int, str]]:
    """Corners to choose from, by street name or within an area: number and words; at most MOST_STARTS."""
    word = " ".join(search.split())[:LONGEST_SEARCH].casefold()
    if not word and inside is None:
        return []
    every = streets.city.starts
    found = [
        (vertex, corner(every[vertex], word))
        for vertex in (every if inside is None else inside)
        if not word or any(word in one.casefold() for one in every[vertex])
    ]
    return sorted(found, key=lambda one: (one[1], one[0]))[:MOST_STARTS]


def corner(names: Sequence[str], word: str = "") -> str:
    """A corner in words, the street that was searched for first."""
    # A gang comes before the road into which it leads: one looks for the mouth of the gang.
    rows = sorted(
        names, key=lambda one: (not word or word not in one.casefold(), "gang" not in one.casefold(), one)
    )
    if len(rows) == 1:
        return _("%(street)s, sudut jalan tanpa nama") % {"street": rows[0]}
    return _("%(street)s, sudut %(other)s") % {"street": rows[0], "other": ", ".join(rows[1:3])}


@dataclass(frozen=True, slots=True)
class Told:
    """
    A walk in words.

    Attributes:
        answer: "safe", "unknown" or "unsafe". title, lead: heading and the sentence below.
        steps: each as a page shows it. actions: likewise. gain: what the chosen actions bring; None with none chosen.
        after: what the walk is after what is built of them; "" with none chosen.
    """

    journey: Journey
    answer: str
    title: str
    lead: str
    start: str
    place: Place | None
    steps: tuple[dict[str, Any], ...]
    actions: tuple[dict[str, Any], ...]
    gain: dict[str, str] | None
    after: str


ANSWERS: Final = {Answer.SAFE: "safe", Answer.UNKNOWN: "unknown", Answer.UNSAFE: "unsafe"}


def told(slug: str, streets: Streets, asked: Choice, *, child: str = "") -> Told:
    """
    The walk that was asked for.

    Args:
        child: a name of the story, "" for any child of that age.
    """
    city, table = streets.city, walk_files.goals()
    wanted = [
        number
        for number, one in enumerate(city.streets.entrances)
        if city.places[one.place].kind in asked.goal.kinds
    ]
    found = journeys.journey(
        city.streets, asked.profile, asked.start, wanted, limit=asked.limit, far=table.far
    )
    offered = journeys.actions(city.streets, asked.profile, found, streets.lines)[:MOST_ACTIONS]
    chosen = [offered[one] for one in asked.repaired if one < len(offered)]
    built, hoped = journeys.repairs_of(chosen)
    gain, after = None, ""
    if chosen:
        gain = _gain(
            walk_map.gained(
                city.streets, city.homes, asked.profile, wanted, built, limit=asked.limit, hoped=hoped
            ),
            asked.goal,
            city_files.least(slug),
        )
        then = journeys.journey(
            city.streets, asked.profile, asked.start, wanted, limit=asked.limit, far=table.far, repairs=built
        )
        after = title(then, asked, child)
    place = city.places[city.streets.entrances[found.entrance].place] if found.entrance >= 0 else None
    return Told(
        found, ANSWERS[found.answer], title(found, asked, child), _lead(found, streets),
        corner(city.starts[asked.start]), place, tuple(_steps(found, streets)),
        tuple(_actions(slug, streets, offered, asked)), gain, after,
    )  # fmt: skip


def _language() -> str:
    return "en" if get_language() == "en" else "id"


def in_language(texts: Mapping[str, str]) -> str:
    """One of our texts by language."""
    return texts.get(_language()) or texts["id"]


def who(asked: Choice, child: str) -> str:
    """Who walks, at the beginning of a sentence."""
    if child:
        return child
    if asked.age.with_adult:
        return _("Anak %(ages)s tahun bersama orang dewasa") % {"ages": _ages(asked.age)}
    return _("Anak %(ages)s tahun") % {"ages": _ages(asked.age)}


def _ages(age: Age) -> str:
    return f"{age.first}–{age.last}"


def title(found: Journey, asked: Choice, child: str) -> str:
    """The answer first."""
    words = {"who": who(asked, child), "to": in_language(asked.goal.to)}
    alone = not asked.age.with_adult and asked.mobility != "wheelchair"
    if found.why is Why.SAFE:
        return (
            _("%(who)s bisa jalan sendiri %(to)s.") if alone else _("%(who)s bisa jalan aman %(to)s.")
        ) % words
    if found.why is Why.NOT_SURVEYED:
        words["who"] = child or words["who"][0].lower() + words["who"][1:]
        return _("Belum tahu apakah %(who)s bisa jalan aman %(to)s.") % words
    return (
        _("%(who)s belum bisa jalan sendiri %(to)s.") if alone else _("%(who)s belum bisa jalan aman %(to)s.")
    ) % words


def _lead(found: Journey, streets: Streets) -> str:
    if found.why is Why.NO_WAY:
        return _("Tidak ada jalan yang kami tahu ke sana dari sini.")
    far = _("Jaraknya %(metres)s meter.") % {"metres": metres(found.metres)}
    rows = journeys.hindrances(found)
    if found.why is Why.TOO_FAR and not any(one.answer == Answer.UNSAFE for one in rows):
        return f"{far} {_('Untuk umur ini, %(metres)s meter masih terjangkau.') % {'metres': metres(found.limit)}}"
    if found.why is Why.SAFE or not rows:
        return far
    worst = rows[0].answer
    stand = "; ".join(dict.fromkeys(hindrance(one, streets) for one in rows if one.answer == worst))
    if worst == Answer.UNSAFE:
        return f"{far} {_('Yang menghalangi: %(what)s.') % {'what': stand}}"
    return f"{far} {_('Yang belum diketahui: %(what)s.') % {'what': stand}}"


def metres(number: float) -> str:
    """Whole metres, as one writes them."""
    return number_format(round(number), use_l10n=True, force_grouping=True)


def street(step: Step) -> str:
    return step.street or _("jalan tanpa nama")


def hindrance(step: Step, streets: Streets) -> str:
    """What of a step is in the way, in a few words."""
    rule = journeys.deciding(step, streets.city.answers)
    if step.across and rule.startswith("cross/without-a-crossing"):
        return _("%(street)s tanpa zebra cross") % {"street": street(step)}
    return f"{street(step)} ({why(step, streets).rstrip('.').lower()})"


def why(step: Step, streets: Streets) -> str:
    """The sentence of the rule that decides a step."""
    texts = streets.city.rules.get(journeys.deciding(step, streets.city.answers))
    return in_language(texts) if texts else _("Belum ada aturan untuk jalan seperti ini.")


def answer_word(answer: Answer) -> str:
    return {Answer.SAFE: _("aman"), Answer.UNKNOWN: _("belum tahu"), Answer.UNSAFE: _("tidak aman")}[answer]


def _steps(found: Journey, streets: Streets) -> list[dict[str, Any]]:
    rows = []
    for number, step in enumerate(found.steps, start=1):
        name = street(step)
        rows.append(
            {
                "number": number,
                "name": _("Menyeberang %(street)s") % {"street": name} if step.across else name,
                "metres": metres(max(step.metres, 1)),
                "answer": ANSWERS[step.answer],
                "word": answer_word(step.answer),
                "why": why(step, streets),
                "rule": journeys.deciding(step, streets.city.answers),
                "line": step.line,
                "across": step.across,
            }
        )
    return rows


def _actions(slug: str, streets: Streets, offered: Sequence[Action], asked: Choice) -> list[dict[str, Any]]:
    costs = city_files.costs(slug)
    rows = []
    for number, one in enumerate(offered):
        kind, looks = costs.kinds.get(one.kind), streets.city.streets.look
        road = {
            streets.city.roads[looks[edge]] for edge in one.edges if looks[edge] < len(streets.city.roads)
        }
        cost = None if kind is None else max(kind.whole(one.metres, road=name) for name in road or {""})
        rows.append(
            {
                "number": number,
                "kind": one.kind,
                "name": action_name(one),
                "cost": None if cost is None else rupiah(cost),
                "chosen": number in asked.repaired,
            }
        )
    return rows


def action_name(one: Action) -> str:
    name = {"street": one.street or _("jalan tanpa nama")}
    if one.kind == CROSSING:
        return _("Zebra cross di %(street)s") % name
    if one.kind == PAVEMENT:
        return _("Trotoar %(street)s") % name
    assert one.kind == AUDIT
    return _("Survei %(street)s dulu") % name


def rupiah(amount: float) -> str:
    """Rupiah in millions or billions, as one says them."""
    if amount >= 1000 * MILLION:
        told = number_format(round(amount / (1000 * MILLION), 1), use_l10n=True)
        return _("Rp%(number)s miliar") % {"number": told}
    return plan_telling.rupiah(amount)


def _gain(found: walk_map.Gain, goal: Goal, least: float) -> dict[str, str]:
    table = walk_files.goals()
    low, high = found.sure * (1 - table.error), max(found.possible, found.sure) * (1 + table.error)
    to = {"to": in_language(goal.to)}
    if high < least:
        text = _("Kurang dari %(least)s anak lagi bisa jalan aman %(to)s.") % {"least": f"{least:g}", **to}
        return {"number": "", "text": text, "between": ""}
    number = f"+{count(found.sure, least)}" if found.sure >= least else fewer(least)
    fewest, most = children_told.between(low, high, least)
    between = _("antara %(low)s dan %(high)s") % {"low": fewest, "high": most}
    unknown = len(found.unknown)
    if unknown:
        because = ngettext(
            "karena %(count)s jalan belum disurvei", "karena %(count)s jalan belum disurvei", unknown
        )
        between = f"{between}, {because % {'count': unknown}}"
    return {"number": number, "text": _("anak bisa jalan aman %(to)s") % to, "between": between}
