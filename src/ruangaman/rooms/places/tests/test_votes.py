"""Forum Anak votes by a rule that one can read; nobody can tell who chose what."""

import hashlib
import json
from datetime import timedelta

import pytest

from ruangaman.core.voting import BallotRefused
from ruangaman.rooms.ledger.models import Entry
from ruangaman.rooms.places import api, roles, votes
from ruangaman.rooms.places.errors import NotFound
from ruangaman.rooms.places.models import Report, ReportClock, Role, VoteOption, VoteRound, VoteTurn
from ruangaman.rooms.places.report_errors import VoteRefused
from ruangaman.rooms.places.reports import desk, tables
from ruangaman.rooms.vault.models import Key, Sealed

from .conftest import NOON
from .reporting import answered, idea, published, told

TITLE = {"id": "Ide untuk 2027", "en": "Ideas for 2027"}
TEXTS = ["Zebra cross di depan taman.", "Lampu di gang.", "Pohon di lapangan.", "Tempat duduk di halte."]


@pytest.fixture
def ideas(city, moderator):
    """Four public ideas, numbered 1 to 4."""
    for index, text in enumerate(TEXTS):
        row = idea(city, f"Aku mau {index}", once=bytes([index]) * 32)
        published(city, moderator, row, said={"id": text, "en": f"Idea {index}."})


def members(person, count: int) -> list:
    return [person("forum_anak") for _ in range(count)]


def begun(
    city, moderator, *, serials=(1, 2, 3, 4), days=14, now=NOON, title=None, rule="approval"
) -> VoteRound:
    return votes.open_round(
        city, moderator.user, rule=rule, title=title or TITLE, serials=serials, days=days, now=now
    )


def test_from_the_round_to_the_answer(city, moderator, ideas, person, hour):
    row = begun(city, moderator)
    ballots = [["1", "2"], ["1"], ["1", "3"], ["2", "3"], ["3"], ["1"]]
    for user, chosen in zip(members(person, 8), ballots, strict=False):
        votes.cast(city, 1, user, chosen, now=hour.pass_(hours=1))
    assert api.settle_due(row.closes_at - timedelta(seconds=1)) >= 0
    row.refresh_from_db()
    assert row.closed_at is None
    api.settle_due(row.closes_at + timedelta(hours=5))
    row.refresh_from_db()
    assert (row.closed_at, row.members, row.ballots, row.valid) == (row.closes_at, 8, 6, True)
    counted = {
        one.report.serial: (one.votes, one.rank, one.won) for one in row.options.select_related("report")
    }
    assert counted == {1: (4, 1, True), 3: (3, 2, True), 2: (2, 3, True), 4: (0, 4, False)}
    entry = Entry.objects.get(index=row.entry)
    assert (entry.kind, entry.at) == ("vote.counted", row.closes_at)
    assert row.sha256 in bytes(entry.entry).decode()
    assert hashlib.sha256(row.result.encode()).hexdigest() == row.sha256
    assert json.loads(row.result)["ideas"][0] == {"idea": 1, "votes": 4, "rank": 1, "won": True}
    clocks = ReportClock.objects.filter(what="vote")
    assert {clock.report.serial for clock in clocks} == {1, 2, 3}
    assert {clock.due_at for clock in clocks} == {row.closes_at + timedelta(days=30)}
    winner = Report.objects.get(serial=1)
    answered(city, moderator, winner, now=hour.pass_(days=15))
    assert clocks.get(report=winner).met_at == hour()
    api.settle_due(row.closes_at + timedelta(days=31))
    assert clocks.filter(late_at__isnull=False).count() == 2


def test_swapping_two_ballots_changes_nothing_that_is_kept(city, moderator, ideas, person, hour):
    row, users = begun(city, moderator), members(person, 5)
    other = begun(city, moderator)
    for serial, order in ((row.serial, (0, 1)), (other.serial, (1, 0))):
        chosen = [["1"], ["2", "4"]]
        for user, which in zip(users, order, strict=False):
            votes.cast(city, serial, user, chosen[which], now=hour())
    first, second = map(votes._tally, VoteRound.objects.order_by("serial"))
    assert first == second == {"1": 1, "2": 1, "3": 0, "4": 1, "ballots": 2}
    names = {field.name for field in VoteTurn._meta.get_fields()}
    assert names == {"id", "round", "user"}  # no choice, no time
    entries = Entry.objects.filter(kind="vote.cast")
    for entry in entries:
        assert b"forum_anak" not in bytes(entry.entry)


def test_the_running_count_is_sealed_and_its_key_is_destroyed_at_the_end(
    city, moderator, ideas, person, hour
):
    row = begun(city, moderator)
    for user in members(person, 5):
        votes.cast(city, 1, user, ["1"], now=hour.pass_(hours=1))
    assert Sealed.objects.get(pk=row.tally).sealed_at == NOON  # no row says when anybody voted
    assert not VoteOption.objects.filter(votes__isnull=False).exists()
    family = row.family
    api.settle_due(row.closes_at)
    row.refresh_from_db()
    assert (row.family, row.tally) == (None, None)
    assert Key.objects.get(pk=family).wrapped is None
    assert not Sealed.objects.filter(kind="places.vote-count").exists()


def test_below_the_quorum_nothing_is_opened(city, moderator, ideas, person, hour):
    row = begun(city, moderator)
    for user in members(person, 4):
        votes.cast(city, 1, user, ["2"], now=hour())
    api.settle_due(row.closes_at)
    row.refresh_from_db()
    assert row.valid is False
    assert row.ballots == 4
    assert not row.options.filter(votes__isnull=False).exists()
    assert not row.options.filter(won=True).exists()
    assert not ReportClock.objects.filter(what="vote").exists()
    assert {one["votes"] for one in json.loads(row.result)["ideas"]} == {None}


def test_a_member_votes_once_and_only_within_the_rule(city, moderator, ideas, person, hour):
    row, (user, *_) = begun(city, moderator), members(person, 1)
    for wrong in ([], ["1", "2", "3", "4"], ["9"], ["1", "1"], ["ballots"]):
        with pytest.raises(BallotRefused):
            votes.cast(city, 1, user, wrong, now=hour())
    assert not votes.has_voted(row, user)
    votes.cast(city, 1, user, ["1"], now=hour())
    with pytest.raises(VoteRefused):
        votes.cast(city, 1, user, ["2"], now=hour())
    assert votes._tally(VoteRound.objects.get()) == {"1": 1, "2": 0, "3": 0, "4": 0, "ballots": 1}
    assert votes.has_voted(row, user)


@pytest.mark.parametrize("role", sorted(set(roles.ACTS) - {"forum_anak", "province"}))
def test_nobody_else_votes(city, moderator, ideas, person, hour, role):
    begun(city, moderator)
    with pytest.raises(VoteRefused):
        votes.cast(city, 1, person(role), ["1"], now=hour())


def test_who_left_forum_anak_votes_no_more_and_counts_for_no_quorum(city, moderator, ideas, person, hour):
    row, users = begun(city, moderator), members(person, 6)
    for role in Role.objects.filter(user__in=users[4:]):
        roles.end(role, now=hour())
    with pytest.raises(VoteRefused):
        votes.cast(city, 1, users[5], ["1"], now=hour())
    api.settle_due(row.closes_at)
    row.refresh_from_db()
    assert row.members == 4


def test_after_its_end_nobody_votes_though_no_job_ran(city, moderator, ideas, person, hour):
    row, (user, *_) = begun(city, moderator), members(person, 1)
    with pytest.raises(VoteRefused):
        votes.cast(city, 1, user, ["1"], now=row.closes_at)
    with pytest.raises(NotFound):
        votes.cast(city, 7, user, ["1"], now=hour())


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"serials": (1,)}, VoteRefused), ({"serials": (1, 99)}, VoteRefused), ({"days": 1}, BallotRefused),
        ({"days": 99}, BallotRefused), ({"title": {"id": "x", "en": " "}}, VoteRefused),
        ({"rule": "ranked"}, VoteRefused),
        ({"title": {"id": "x" * 121, "en": "y"}}, VoteRefused),
    ],
)  # fmt: skip
def test_a_round_that_the_rule_does_not_allow_does_not_begin(city, moderator, ideas, change, error):
    with pytest.raises(error):
        begun(city, moderator, **change)
    assert not VoteRound.objects.exists()


def test_only_open_public_ideas_are_voted_on(city, moderator, ideas):
    published(city, moderator, told(city), said={"id": "Lubang di tepi.", "en": "A hole at the side."})
    answered(city, moderator, Report.objects.get(serial=2), "solved")
    hidden = idea(city, "Aku mau lagi")
    published(city, moderator, hidden, said={"id": "Rahasia.", "en": "Secret."}, private=True)
    assert [row.serial for row in votes.ideas(city)] == [1, 3, 4]


def test_equal_votes_are_decided_by_how_many_sent_it_then_by_age(city, moderator, ideas, person, hour):
    again = idea(city, "Sama seperti tiga")
    desk.open_it(city, moderator, again.pk, now=NOON)
    desk.join(city, moderator, again.pk, Report.objects.get(serial=3).pk, now=NOON)
    row = begun(city, moderator)
    for user in members(person, 5):
        votes.cast(city, 1, user, ["2", "3", "4"], now=hour())
    api.settle_due(row.closes_at)
    ranks = {one.report.serial: one.rank for one in row.options.select_related("report")}
    assert ranks == {3: 1, 2: 2, 4: 3, 1: 4}


def test_a_round_keeps_the_rule_with_which_it_began(city, moderator, ideas, person, hour):
    row = begun(city, moderator)
    text = tables.text_of(city, "votes").replace("most: 3 ", "most: 1 ")
    tables.load(city, "votes", text.encode(), by=person("pppa"), now=hour.pass_(hours=1))
    assert votes.rule_of(row).most == 3
    assert begun(city, moderator).rule["most"] == 1


def test_no_more_than_three_rounds_at_once(city, moderator, ideas):
    for _ in range(3):
        begun(city, moderator)
    with pytest.raises(VoteRefused):
        begun(city, moderator)
