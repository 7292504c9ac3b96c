"""Tries have a term, and a wallet's times are days: nothing joins it to the check that it came from."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from ruangaman.adapters import ids
from ruangaman.rooms.ages import api as ages
from ruangaman.rooms.ages import checks, config, holders, links
from ruangaman.rooms.ages.models import AgeCheck, Attempt, Holder
from ruangaman.rooms.ages.tests.conftest import NOON, decided
from ruangaman.rooms.vault.models import Key, Sealed

pytestmark = pytest.mark.django_db
TODAY = datetime(NOON.year, NOON.month, NOON.day, tzinfo=UTC)


def tried(row, now, *, why="", ended=None, life=config.ATTEMPT):
    secret = links.fresh()
    return Attempt.objects.create(
        id=ids.new(now),
        question=row,
        method="institution",
        partner="sekolah",
        state=links.digest(secret),
        browser=links.digest(secret),
        began_at=now,
        ends_at=now + life,
        ended_at=ended,
        why=why,
    )


def test_what_was_tried_in_vain_is_deleted_two_days_after_it_ended_and_no_sooner(hour):
    row = decided(16, True)
    late, refused = tried(row, NOON), tried(row, NOON, why="cancelled", ended=NOON)
    ages.settle_due(hour.pass_(minutes=11))
    assert Attempt.objects.get(pk=late.pk).ended_at == NOON + config.ATTEMPT
    ages.settle_due(NOON + config.ATTEMPTS_KEPT - timedelta(seconds=1))
    assert Attempt.objects.filter(pk__in=[late.pk, refused.pk]).count() == 2
    ages.settle_due(NOON + config.ATTEMPTS_KEPT)
    assert list(Attempt.objects.filter(pk__in=[late.pk, refused.pk])) == [late]
    ages.settle_due(NOON + config.ATTEMPTS_KEPT + config.ATTEMPT)
    assert not Attempt.objects.filter(pk=late.pk).exists()


def test_an_open_try_and_a_long_one_stay(hour):
    row = decided(16, True)
    question = tried(row, NOON, life=timedelta(days=3))
    ages.settle_due(NOON + timedelta(days=2, hours=23))
    assert Attempt.objects.get(pk=question.pk).ended_at is None


def test_more_than_one_go_deletes_in_steps(hour, monkeypatch):
    monkeypatch.setattr(checks, "MOST_AT_ONCE", 2)
    row = decided(16, True)
    before = Attempt.objects.count()
    for _ in range(3):
        tried(row, NOON, why="cancelled", ended=NOON)
    over = NOON + config.ATTEMPTS_KEPT
    left = []
    for _ in range(2):
        ages.settle_due(over)
        left.append(Attempt.objects.count() - before)
    assert left == [1, 0]


def test_what_decided_goes_with_the_result_and_the_page_still_says_what_it_can(hour):
    row = decided(16, True)
    assert row.attempts.filter(why="").count() == 1
    ages.settle_due(NOON + config.ATTEMPTS_KEPT)
    assert row.attempts.count() == 1
    ages.settle_due(NOON + config.result_kept() - timedelta(seconds=1))
    assert row.attempts.count() == 1
    ages.settle_due(hour.pass_(seconds=config.result_kept().total_seconds()))
    assert row.attempts.count() == 0
    page = Client().get(f"/cek-umur/{links.derived(row.pk)}")
    assert page.status_code == 200
    assert AgeCheck.objects.get(pk=row.pk).decided_at == NOON


def test_a_wallet_knows_days_alone_and_joins_to_no_check_by_time(hour):
    row = decided(16, True)
    secret = holders.open_wallet(row, now=hour.pass_(minutes=7))
    found = Holder.objects.get()
    assert (found.created_at, found.decided_at) == (TODAY, TODAY)
    assert AgeCheck.objects.get(pk=row.pk).kept_at == TODAY
    # A version 7 id tells its time too (RFC 9562 section 5.7): that of the wallet and of all that is sealed for it.
    whole = int(TODAY.timestamp() * 1000)
    assert {one.int >> 80 for one in (found.pk, found.family, found.range)} == {whole}
    assert Key.objects.get(pk=found.family).created_at == TODAY
    assert Sealed.objects.get(pk=found.range).sealed_at == TODAY
    holders.stop(holders.login(secret), now=hour.pass_(hours=30))
    assert Holder.objects.get().stopped_at == TODAY + timedelta(days=1)


@pytest.mark.parametrize(("at", "day"), [((23, 59), 24), ((0, 0), 25)])
def test_the_day_is_that_of_utc(at, day):
    moment = datetime(2026, 11, 24 if at[0] else 25, *at, 59, 999_999, tzinfo=UTC)
    wib = moment.astimezone(ZoneInfo("Asia/Jakarta"))
    assert holders.whole_day(wib) == datetime(2026, 11, day, tzinfo=UTC)
