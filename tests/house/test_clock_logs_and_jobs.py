"""The story's clock, the cleaned log, and the runner that outlives a failing room."""

import logging
import time
from datetime import UTC, datetime, timedelta

import pytest

from ruangaman.adapters import clock
from ruangaman.site import jobs
from ruangaman.site.logs import NoSecrets, clean

DAY = timedelta(days=1)


@pytest.fixture
def story(tmp_path):
    clock.allow(tmp_path)
    yield tmp_path
    clock.forbid()


def near(one: datetime, other: datetime) -> bool:
    return abs(one - other) < timedelta(seconds=5)


def test_outside_the_story_the_clock_cannot_be_moved_and_no_file_is_looked_at(tmp_path):
    (tmp_path / "story-clock").write_text("86400")
    for refused in (lambda: clock.move(DAY), clock.reset):
        with pytest.raises(clock.ClockRefused):
            refused()
    assert near(clock.now(), datetime.now(UTC))


def test_the_storys_clock_goes_forward_in_steps_that_add_up_and_runs_on(story):
    assert near(clock.move(DAY), datetime.now(UTC) + DAY)
    assert near(clock.move(DAY), datetime.now(UTC) + 2 * DAY)
    first = clock.now()
    time.sleep(0.002)  # two looks may fall into one microsecond
    assert clock.now() > first


def test_another_process_follows(story, monkeypatch):
    (story / "story-clock").write_text(str(3 * 86400.0))
    clock.allow(story)  # as a process that starts, or looks again
    assert near(clock.now(), datetime.now(UTC) + 3 * DAY)


@pytest.mark.parametrize("by", [-DAY, timedelta(days=61 * 366), timedelta(days=999_999_999)])
def test_the_storys_clock_never_goes_back_nor_beyond_reason(story, by):
    with pytest.raises(clock.ClockRefused):
        clock.move(by)
    assert near(clock.now(), datetime.now(UTC))


def test_a_story_that_begins_anew_begins_today(story):
    clock.move(DAY)
    clock.reset()
    assert near(clock.now(), datetime.now(UTC))


@pytest.mark.parametrize(
    ("said", "secret"),
    [
        ("Not Found: /izin/{}", "q" * 20 + "W-3_" + "z" * 19),
        ("key {} refused", "ra_live_8f3kDk2l9s0qPzX1"),
        ("mail to {} bounced", "ibu.sari@contoh.example"),
        ("call {}", "+6281234567890"),
        ("call {}", "081234567890"),
        ("nik {}", "3171234567890001"),
    ],
)
def test_no_secret_and_nothing_about_a_person_reaches_the_log(said, secret):
    assert secret not in clean(said.format(secret))
    try:
        raise ValueError(said.format(secret))
    except ValueError as error:
        record = logging.LogRecord(
            "x", logging.ERROR, __file__, 1, "%s", (secret,), (type(error), error, error.__traceback__)
        )
    NoSecrets().filter(record)
    written = logging.Formatter("%(message)s").format(record)
    assert secret not in written
    assert "test_no_secret_and_nothing_about_a_person_reaches_the_log" in written  # where it happened stays


def test_what_a_reader_of_the_log_needs_stays():
    line = "settling families failed: 12 rows, index=4711, /v1/sessions took 0.25 s at 2026-11-24T05:00:00Z"
    assert clean(line) == line


def test_a_room_that_fails_leaves_the_others_their_turn_and_is_asked_again(monkeypatch, caplog):
    asked = []

    def broken(now):
        asked.append(("broken", now))
        raise RuntimeError("no")

    rooms = {"broken": broken, "whole": lambda now: asked.append(("whole", now)) or 3}
    monkeypatch.setattr(jobs, "settlers", lambda: rooms)
    noon = datetime(2026, 11, 24, 5, tzinfo=UTC)
    for _ in range(2):
        assert jobs.settle_once(noon) == {"whole": 3}
    assert asked == [("broken", noon), ("whole", noon)] * 2
    assert "settling broken failed" in caplog.text


def test_every_room_with_a_clock_is_asked():
    assert {"families", "access"} <= set(jobs.settlers())


@pytest.mark.django_db
def test_ended_sessions_and_old_jobs_are_forgotten_and_fresh_ones_stay():
    from django.contrib.sessions.models import Session
    from django_tasks.base import TaskResultStatus
    from django_tasks_db.models import DBTaskResult

    now = datetime.now(UTC)
    for key, days in (("over", -1), ("open", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=now + days * DAY)
    for days in (20, 1):
        DBTaskResult.objects.create(
            status=TaskResultStatus.SUCCESSFUL,
            finished_at=now - days * DAY,
            task_path="x.y",
            backend_name="default",
            args_kwargs={},
        )
    jobs.tidy()
    assert [one.session_key for one in Session.objects.all()] == ["open"]
    assert [now - one.finished_at for one in DBTaskResult.objects.all()] == [DAY]
