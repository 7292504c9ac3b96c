"""Laws of reports: nothing of a position is left, what finds somebody is held, a vote is what its sentences say."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise, permutations, product
from math import cos, radians
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import ruangaman
from ruangaman.adapters import helpline_files
from ruangaman.core import voting
from ruangaman.core.reports import grid, holding, rules, states
from ruangaman.core.reports.grid import Cell, NoCell
from ruangaman.core.reports.rules import ReportRulesMalformed
from ruangaman.core.reports.states import Told
from ruangaman.core.voting import BallotRefused, Idea

DATA = Path(ruangaman.__file__).parent / "data"


def told(name: str) -> dict:
    return yaml.safe_load((DATA / name).read_text(encoding="utf-8"))


KINDS = rules.read_kinds(told("report_kinds.yaml"))
CLOCKS = rules.read_clocks(told("report_clocks.yaml"))
BODIES = rules.read_bodies(told("report_bodies.yaml"), KINDS)
RULE = voting.read(told("vote_rules.yaml"))["approval"]
NOON = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)
SIDE = st.sampled_from([50, 100, 250, 1000])
PLACES = st.tuples(st.floats(-178, 178), st.floats(-60, 60))


# Places


@given(PLACES, SIDE)
def test_a_cell_is_a_square_around_the_position_and_rounding_again_changes_nothing(place, side):
    cell = grid.cell_of(*place, side)
    x, y = grid.centre(cell)
    assert grid.cell_of(x, y, side) == cell == grid.read(str(cell), side)
    metres = cos(radians(y)) * grid.DEGREE
    assert abs(place[1] - y) * grid.DEGREE <= side / 2 + 1e-3
    assert abs(place[0] - x) * metres <= side / 2 + 1e-3


@given(PLACES, SIDE, st.tuples(st.floats(0.01, 0.99), st.floats(0.01, 0.99)))
def test_every_position_of_a_square_gives_the_same_cell(place, side, within):
    cell = grid.cell_of(*place, side)
    width = side / (grid.DEGREE * cos(radians((cell.row + 0.5) * side / grid.DEGREE)))
    inside = ((cell.column + within[0]) * width, (cell.row + within[1]) * side / grid.DEGREE)
    assert grid.cell_of(*inside, side) == cell


@given(PLACES, SIDE)
def test_the_ring_is_closed_turns_left_and_has_the_side_that_it_says(place, side):
    ring = grid.ring(grid.cell_of(*place, side))
    assert ring[0] == ring[-1]
    assert len(ring) == 5
    area = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring))
    assert area > 0
    assert (ring[2][1] - ring[0][1]) * grid.DEGREE == pytest.approx(side, abs=0.1)


def test_neighbours_are_a_side_apart():
    for side, (rows, columns) in product((50, 100), ((0, 1), (1, 0), (0, 3))):
        near = Cell(-6867, 118097, side), Cell(-6867 + rows, 118097 + columns, side)
        assert grid.metres_between(*near) == pytest.approx(side * (rows + columns), rel=0.02)


@pytest.mark.parametrize(
    "text", ["", "1", "1:", "a:b", "1:2:3", "١:٢", "-:1", "999999999:0", "89000:0", "0:999999"]
)
def test_what_is_no_square_of_the_earth_is_refused(text):
    with pytest.raises(NoCell):
        grid.read(text, 1000)


# What finds somebody


PHONES = st.text("0123456789", min_size=8, max_size=13)
BETWEEN = st.sampled_from(["", " ", "-", ".", " - ", "\u200b", "_", "/", " o "])


@given(PHONES, st.lists(BETWEEN, min_size=12, max_size=12), st.sampled_from(["", "wa ", "hub: "]))
def test_a_number_is_held_however_it_is_spread(digits, between, before):
    spread = "".join(sign + gap for sign, gap in zip(digits, between, strict=False))
    assert holding.PHONE in holding.held(before + spread + " ya", KINDS.held)


@given(st.sampled_from(KINDS.held.home), st.sampled_from(["{}", "{} gelap", "di DEPAN {}!", "Got, {}. Bau"]))
def test_a_home_is_held_wherever_it_stands(phrase, sentence):
    assert holding.HOME in holding.held(sentence.format(phrase.upper()), KINDS.held)


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("Namaku Sari", ["name"]), ("kata Bu Tuti bahaya", ["name"]), ("Pak Lurah, tolong", []),
        ("ketua rt galak", []), ("gang 3 no 5", ["number"]), ("RT05 banjir", ["number"]),
        ("ｗｗｗ．x．ｉｄ", ["link"]), ("ketik sari@surat.id", ["link"]), ("di sini.Ide bagus", []),
        ("nol delapan satu dua tiga empat", ["phone"]), ("０８１２３４５６７８", ["phone"]),
        ("Banjir 30 cm selama 2 jam", []), ("Lampu di taman mati 3 malam", []), ("Ru\u200bmahku gelap", ["home"]),
    ],
)  # fmt: skip
def test_what_is_held_and_what_is_not(said, what):
    assert list(holding.held(said, KINDS.held)) == what


@pytest.mark.parametrize(
    ("said", "found"),
    [("Aku diancam orang", True), ("Dia pegang badan adikku", True), ("he touched me", True), ("PELECEHAN", True),
     ("Raperda itu bagus", False), ("Anjingnya galak", False), ("Jalannya berlubang", False)],
)  # fmt: skip
def test_words_of_danger_are_heard(said, found):
    assert holding.danger(said, KINDS.held) is found


WORDS = ["lampu", "taman", "mati", "gelap", "jalan", "anak", "sore"]


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12))
def test_the_original_is_never_a_rewording_of_itself(words):
    said = " ".join(words)
    for shown in (said, said.upper() + "!", "  " + said.replace(" ", ", ")):
        assert holding.copied(said, shown, KINDS.limits.copied_words)
    if len(words) >= KINDS.limits.copied_words:
        assert holding.copied(said, f"Warga melapor: {said} sekali.", KINDS.limits.copied_words)


@given(st.text(max_size=200))
def test_any_text_is_read_without_an_error(said):
    assert set(holding.held(said, KINDS.held)) <= {"home", "phone", "number", "name", "link"}
    holding.danger(said, KINDS.held)


# What becomes of it, and what is the same


def test_whatever_has_ended_stays_ended_and_every_other_state_can_end():
    assert set(states.NEXT) == set(states.STATES)
    for state, after in states.NEXT.items():
        ended = state in (*states.CLOSED, states.REFUSED, states.JOINED)
        assert bool(after) is not ended
        assert states.RECEIVED not in after
        assert ended or after & {*states.CLOSED, states.REFUSED}


CELLS = st.builds(Cell, st.integers(-6870, -6860), st.integers(118090, 118100), st.just(100))
TOLD = st.builds(
    Told,
    st.sampled_from(["hole", "dark"]),
    st.none() | CELLS,
    st.sampled_from(["", "p:1", "s:2"]),
    st.sampled_from(["31.71.01.1001", "31.71.01.1002"]),
    st.integers(0, 120).map(lambda days: NOON + timedelta(days=days)),
)


@given(TOLD, st.lists(TOLD, max_size=12))
def test_what_may_be_the_same_is_of_one_kind_near_and_in_time_the_nearest_first(one, others):
    rows = [(str(index), other) for index, other in enumerate(others)]
    found = states.alike(one, rows, KINDS.alike)
    assert len(found) <= KINDS.alike.most
    assert [metres for _, metres in found] == sorted(metres for _, metres in found)
    known = dict(rows)
    for name, metres in found:
        assert known[name].kind == one.kind
        assert metres <= KINDS.alike.metres
        assert abs(known[name].at - one.at) <= timedelta(days=KINDS.alike.days)
    slow = [name for name, other in rows if states.apart(one, other, KINDS.alike) is not None]
    assert {name for name, _ in found} <= set(slow)
    assert len(found) == min(len(slow), KINDS.alike.most)


@given(TOLD, TOLD)
def test_being_the_same_has_no_direction(one, other):
    assert states.apart(one, other, KINDS.alike) == pytest.approx(states.apart(other, one, KINDS.alike))


# The tables


def test_every_kind_has_a_body_everywhere_and_danger_is_never_public():
    for kind in KINDS.kinds.values():
        body = BODIES.right_for(kind.id, "31.71.01.1001")
        assert body or kind.id == "other_idea", kind.id
        assert not kind.helpline or (kind.private and kind.urgent)


def test_a_body_of_an_area_goes_before_one_of_the_city():
    table = told("report_bodies.yaml")
    table["bodies"].append(
        {"id": "kel", "name": {"id": "Kel", "en": "Kel"}, "kinds": ["hole"], "areas": ["31.71.01.1001"]}
    )
    found = rules.read_bodies(table, KINDS)
    assert found.right_for("hole", "31.71.01.1001") == "kel"
    assert found.right_for("hole", "31.71.01.1001.RW02") == "kel"
    assert found.right_for("hole", "31.71.01.10011") == "pu"
    assert found.right_for("no_such", "31.71.01.1001") == ""


def test_the_helpline_is_the_one_on_the_page_of_help():
    line = next(one for one in helpline_files.lines().lines if one.id == "sapa-129")
    assert KINDS.helpline == {"name": line.name_id, "phone": line.value}


def test_an_urgent_clock_is_never_slower_and_each_reminds_before_its_end():
    for clock in CLOCKS.of.values():
        (remind, due), (soon, sooner) = (clock.due(NOON, urgent=urgent) for urgent in (False, True))
        assert NOON < soon < sooner <= due
        assert NOON < remind < due


@pytest.mark.parametrize(
    ("file", "path", "value"),
    [
        ("report_kinds.yaml", ("grid", "metres"), 10), ("report_kinds.yaml", ("grid", "confidence"), "sure"),
        ("report_kinds.yaml", ("kinds", 0, "of"), "wish"), ("report_kinds.yaml", ("kinds", 0, "id"), "A b"),
        ("report_kinds.yaml", ("kinds", 0, "name"), {"id": "x"}), ("report_kinds.yaml", ("kinds",), []),
        ("report_kinds.yaml", ("kinds", 0, "urgent"), "yes"), ("report_kinds.yaml", ("limits", "words"), 10**9),
        ("report_kinds.yaml", ("limits", "more"), 1), ("report_kinds.yaml", ("held", "digits"), 1),
        ("report_kinds.yaml", ("keep", "days_longest"), 0), ("report_kinds.yaml", ("week", 1, "id"), "any"),
        ("report_clocks.yaml", ("clocks", 0, "id"), "answer"), ("report_clocks.yaml", ("clocks", 0, "days"), -1),
        ("report_clocks.yaml", ("clocks", 0, "remind_days"), 9), ("report_clocks.yaml", ("clocks", 0, "source"), 1),
        ("report_clocks.yaml", ("version",), ""), ("report_bodies.yaml", ("bodies", 0, "kinds"), ["nothing"]),
        ("report_bodies.yaml", ("bodies", 0, "areas"), [31.71]), ("report_bodies.yaml", ("bodies", 1, "id"), "pppa"),
        ("vote_rules.yaml", ("rules", 0, "quorum_least"), 1), ("vote_rules.yaml", ("rules", 0, "ties"), ["reports"]),
        ("vote_rules.yaml", ("rules", 0, "quorum_share"), 2), ("vote_rules.yaml", ("rules", 0, "days_open"), 90),
        ("vote_rules.yaml", ("rules", 0, "sentences", 0, "id"), "{mostly} ide"), ("vote_rules.yaml", ("rules",), 3),
        ("vote_rules.yaml", ("rules", 0, "sentences", 0, "en"), "{most:>99999}"),
    ],
)  # fmt: skip
def test_a_table_that_is_not_in_its_form_is_refused_with_its_place(file, path, value):
    table = told(file)
    read = {
        "report_kinds.yaml": rules.read_kinds,
        "report_clocks.yaml": rules.read_clocks,
        "report_bodies.yaml": lambda one: rules.read_bodies(one, KINDS),
        "vote_rules.yaml": voting.read,
    }[file]
    read(table)
    inner = table
    for part in path[:-1]:
        inner = inner[part]
    inner[path[-1]] = value
    with pytest.raises(ReportRulesMalformed) as refused:
        read(table)
    assert refused.value.facts["at"]


@pytest.mark.parametrize("wrong", [None, [], "x", 3, {"version": "1"}, {1: 2}])
def test_what_is_no_table_is_refused(wrong):
    for read in (rules.read_kinds, rules.read_clocks, lambda one: rules.read_bodies(one, None), voting.read):
        with pytest.raises(ReportRulesMalformed):
            read(wrong)


# Votes


IDEAS = st.lists(st.tuples(st.integers(0, 4), st.integers(1, 3)), min_size=1, max_size=7).map(
    lambda rows: [Idea(str(index), votes, reports, index) for index, (votes, reports) in enumerate(rows)]
)


def goes_first(one: Idea, other: Idea) -> bool:
    """The sentences of the rule, read one after the other."""
    if one.votes != other.votes:
        return one.votes > other.votes
    if one.reports != other.reports:
        return one.reports > other.reports
    return one.older < other.older


@given(IDEAS, st.integers(0, 40), st.integers(0, 40), st.randoms())
def test_a_vote_is_what_its_sentences_say(ideas, ballots, members, random):
    shuffled = list(ideas)
    random.shuffle(shuffled)
    found = voting.count(RULE, shuffled, ballots=ballots, members=members)
    enough = ballots >= RULE.quorum_least and ballots * 2 >= members
    assert found.valid is enough
    by = {idea.id: idea for idea in ideas}
    slow = sorted(
        ideas, key=lambda idea: sum(goes_first(other, idea) for other in ideas if other is not idea)
    )
    assert list(found.order) == [idea.id for idea in slow]
    chosen = [idea.id for idea in slow if idea.votes > 0][: RULE.winners]
    assert list(found.winners) == (chosen if enough else [])
    losers = [by[name] for name in by if name not in found.winners]
    assert all(goes_first(by[name], loser) for name in found.winners for loser in losers)


def test_ballots_within_the_rule_are_taken_and_no_others():
    ideas = ["1", "2", "3", "4"]
    for size in range(5):
        for chosen in permutations(ideas, size):
            if 1 <= size <= RULE.most:
                assert voting.check_ballot(RULE, chosen, ideas) == frozenset(chosen)
            else:
                with pytest.raises(BallotRefused):
                    voting.check_ballot(RULE, chosen, ideas)
    for wrong in (["1", "1"], ["9"], [""]):
        with pytest.raises(BallotRefused):
            voting.check_ballot(RULE, wrong, ideas)


def test_the_sentences_hold_the_numbers_that_are_counted():
    read = " ".join(one["id"] for one in RULE.read_aloud())
    for number in (RULE.most, RULE.winners, RULE.quorum_least, 50):
        assert str(number) in read
    table = told("vote_rules.yaml")
    table["rules"][0] |= {"most": 7, "winners": 6, "quorum_share": 0.25}
    changed = " ".join(one["en"] for one in voting.read(table)["approval"].read_aloud())
    for said in ("1 to 7 ideas", "the 6 ideas", "25%"):
        assert said in changed


@pytest.mark.parametrize(("members", "needed"), [(0, 5), (9, 5), (10, 5), (11, 6), (30, 15)])
def test_a_quorum_is_rounded_up(members, needed):
    assert RULE.quorum(members) == needed


@pytest.mark.parametrize("days", [0, 2, 61])
def test_a_round_is_open_as_long_as_the_rule_allows(days):
    assert voting.open_for(RULE, 14) == timedelta(days=14)
    with pytest.raises(BallotRefused):
        voting.open_for(RULE, days)
