"""What an answer says besides its norms: the evidence that decided it, and a day that only zone or leap rule fixes."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.laws.synthetic import FILES, encoded

from ruangaman.adapters import packs
from ruangaman.core import law
from ruangaman.core.law import Answer, Pack

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
EVIDENCE = "PP 17/2025 Art. 22"


@pytest.fixture(scope="module")
def pack() -> Pack:
    return packs.load("ID")


def account(pack: Pack, on: str | None, birth: str | None, now: datetime = NOW, **more: Any) -> Answer:
    facts: dict[str, Any] = {
        "question": "account",
        "service": {"risk_profile": more.pop("risk", "high"), "designed_for_children": False, "type": "game"},
        "consent": {"state": more.pop("consent", "granted"), "by": "parent"},
        **more,
    }
    if on is not None:
        facts["on"] = on
    if birth is not None:
        facts["age"] = {"birth_date": birth}
    return pack.ask(facts, now=now)


def doubts(answer: Answer) -> list[str]:
    return [one["id"] for one in answer.as_dict()["doubt"]]


# Bare dates: nothing to doubt. Date-times: only while the date differs and the answer with it.
ZONES = [
    ("2026-11-23T23:30:00+07:00", "2010-11-24", ["WITA", "WIT"]),
    ("2026-11-23T22:00:00+07:00", "2010-11-24", ["WIT"]),
    ("2026-11-23T21:59:59+07:00", "2010-11-24", []),
    ("2026-11-23T15:00:00+00:00", "2010-11-24", ["WIT"]),
    ("2026-11-24T00:00:00+07:00", "2010-11-24", []),
    ("2026-11-23T23:30:00+07:00", "2010-11-25", []),
    ("2026-11-23", "2010-11-24", []),
]


@pytest.mark.parametrize(("on", "birth", "zones"), ZONES)
def test_when_only_the_zone_decides_the_answer_stays_closed_and_says_so(
    pack: Pack, on: str, birth: str, zones: list[str]
) -> None:
    answer = account(pack, on, birth)
    assert doubts(answer) == (["time_zone"] if zones else [])
    for zone in zones:
        assert answer.outcome == "deny"
        told = answer.as_dict()["doubt"][0]
        assert told["applied"] == "WIB"
        assert {"reading": zone, "outcome": "allow"} in told["otherwise"]
        assert len(told["otherwise"]) == len(zones)
        assert account(pack, on, birth, zone=zone).outcome == "allow"
    assert doubts(account(pack, on, birth, zone="WIB")) == []


def test_without_a_day_the_clock_of_the_asker_is_doubted_alike(pack: Pack) -> None:
    late = datetime(2026, 11, 23, 16, 30, tzinfo=UTC)
    assert doubts(account(pack, None, "2010-11-24", late)) == ["time_zone"]
    assert doubts(account(pack, None, "2010-11-24", late - timedelta(hours=2))) == []


@pytest.mark.parametrize(
    ("on", "birth", "told"),
    [
        ("2026-02-28", "2010-02-28", []),
        ("2026-02-28", "2008-02-29", ["leap_day"]),
        ("2026-03-01", "2008-02-29", []),
        ("2026-02-27", "2008-02-29", []),
        ("2028-02-28", "2012-02-29", []),
        ("2027-02-28", "2008-02-29", []),
    ],
)
def test_when_only_the_rule_for_29_february_decides_the_answer_says_so(
    pack: Pack, on: str, birth: str, told: list[str]
) -> None:
    for _ in range(2):  # read, then remembered
        answer = account(pack, on, birth, consent="none")
        assert doubts(answer) == told
    if told:
        assert answer.outcome == "ask_guardian"
        assert answer.as_dict()["doubt"][0]["otherwise"] == [
            {"reading": "birthday_28_february", "outcome": "not_a_child"}
        ]


def test_both_doubts_may_stand_together(pack: Pack) -> None:
    answer = account(pack, "2026-02-28T23:30:00+07:00", "2008-02-29", consent="none")
    assert doubts(answer) == ["time_zone", "leap_day"]


def test_a_doubt_about_the_day_is_told_exactly_when_another_zone_answers_otherwise(pack: Pack) -> None:
    chance = random.Random(4)
    told = 0
    for _ in range(400):
        at = datetime(2026, 11, 23, chance.randrange(12, 20), chance.randrange(60), tzinfo=UTC)
        birth = f"{chance.choice((2008, 2009, 2010, 2013))}-11-{chance.choice((22, 23, 24, 25))}"
        more = {"risk": chance.choice(("low", "high")), "consent": chance.choice(("granted", "none"))}
        here = account(pack, at.isoformat(), birth, **more)
        there = [account(pack, at.isoformat(), birth, zone=zone, **more).core for zone in ("WITA", "WIT")]
        same = all(
            (one.outcome, one.extras, one.actions) == (here.outcome, here.core.extras, here.actions)
            for one in there
        )
        assert ("time_zone" in doubts(here)) != same
        told += "time_zone" in doubts(here)
    assert told > 10


def said(answer: Answer) -> dict[str, Any]:
    """An answer without what tells the day and its end."""
    found = answer.as_dict()
    del found["valid_until"], found["derived"]
    return found


@pytest.mark.parametrize(
    ("begin", "birth", "risk", "changes"),
    [
        # Sixteen on 25 November: where it is that day first, at 22.00 in Jakarta; then WITA's hour, then its own day.
        ("2026-11-24", "2010-11-25", "high", ["24T22", "24T23", "25T00"]),
        # Born on 29 February, eighteen: doubted on 28 February; on 1 March sure, in Jayapura first.
        ("2026-02-26", "2008-02-29", "high", ["28T00", "28T22", "28T23", "01T00"]),
        ("2028-02-27", "2012-02-29", "high", ["28T22", "28T23", "29T00"]),
        # The named platforms' day of the law: 28 March 2026.
        ("2026-03-27", "2012-06-01", "low", ["27T22", "27T23", "28T00"]),
    ],
)
@pytest.mark.parametrize("plain", [False, True])
def test_an_answer_ends_where_a_doubt_about_the_day_begins(
    pack: Pack, begin: str, birth: str, risk: str, changes: list[str], *, plain: bool
) -> None:
    """From each half hour on, what is told stays the same until `valid_until`, and every change is foreseen."""
    first = datetime.fromisoformat(f"{begin}T00:00+07:00")
    facts: dict[str, Any] = {
        "jurisdiction": "ID",
        "question": "account",
        "age": {"birth_date": birth},
        "service": {"risk_profile": risk, "named": True, "designed_for_children": True},
        "consent": {"state": "granted" if risk == "low" else "none", "by": "parent"},
    }
    ask = pack.ask_plainly if plain else lambda facts, now: pack.ask(facts, now=now)
    hours = [first + timedelta(minutes=30 * half) for half in range(2 * 24 * 4)]
    answers = [ask({**facts, "on": at.isoformat()}, NOW) for at in hours]
    told = [said(answer) for answer in answers]
    ends = [answer.valid_until for answer in answers]
    seen = []
    for place, at in enumerate(hours):
        until = ends[place]
        assert until is None or until > at
        for later in range(place, len(hours)):
            if until is not None and hours[later] >= until:
                break
            assert told[later] == told[place], (at, hours[later], until)
        if place and told[place] != told[place - 1]:
            assert ends[place - 1] == at
            seen.append(at.isoformat()[8:13])
    assert seen == changes
    assert ask({**facts}, hours[5]).valid_until == ends[5]


CLAIMS: list[tuple[str | None, str, str, bool, list[str]]] = [
    # evidence, risk, birth date, whether it decides, doubts
    (None, "high", "2009-01-01", False, []),
    ("verified", "high", "2009-01-01", True, []),
    ("self_declared", "high", "2009-01-01", True, []),
    ("self_declared", "high", "2012-01-01", False, []),  # closed under 16 whether the claim counts or not
    ("self_declared", "low", "2012-01-01", True, ["low_risk_evidence"]),
    ("none", "high", "2009-01-01", True, []),
]


@pytest.mark.parametrize(("evidence", "risk", "birth", "decides", "told"), CLAIMS)
def test_the_norm_about_the_evidence_is_cited_when_it_decides(
    pack: Pack, evidence: str | None, risk: str, birth: str, decides: bool, told: list[str]
) -> None:
    more = {} if evidence is None else {"evidence": evidence}
    for _ in range(2):  # found, then remembered
        answer = account(pack, "2026-11-24", birth, risk=risk, **more)
        assert (EVIDENCE in answer.articles) == decides
        assert doubts(answer) == told
        assert answer.confidence == ("unclear" if told else ">=2")


def test_evidence_without_a_stated_age_decides_nothing(pack: Pack) -> None:
    assert EVIDENCE not in account(pack, "2026-11-24", None, evidence="verified").articles


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ("{zone: note}", None),
        ("{colour: note}", "day_doubts.colour"),
        ("{zone: nobody}", "day_doubts.zone"),
        ("{zone: cure}", "day_doubts.zone"),
    ],
)
def test_the_doubts_of_a_day_are_declared_in_the_pack(said: str, rule: str | None) -> None:
    text = FILES["pack.yaml"].replace("max_age: 150", f"max_age: 150\nday_doubts: {said}")
    files = encoded({**FILES, "pack.yaml": text})
    if rule is None:
        assert law.compile_pack(files).source.day_doubts == {"zone": "note"}
        return
    with pytest.raises(law.PackRefused) as caught:
        law.compile_pack(files)
    assert caught.value.rule == rule


def test_zones_with_summer_time_cannot_doubt_a_day() -> None:
    text = FILES["pack.yaml"].replace("zone: Asia/Jakarta", "zone: Europe/Oslo\nday_doubts: {zone: note}", 1)
    with pytest.raises(law.PackRefused, match="summer time"):
        law.compile_pack(encoded({**FILES, "pack.yaml": text}))
