"""A runner that is killed in the middle of a job loses nothing: the job is run again, and a deadly one not for ever."""

import os
import signal
from datetime import UTC, datetime, timedelta

import pytest
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from ruangaman.site import jobs

NOW = datetime(2026, 11, 24, 5, tzinfo=UTC)


def running(runners: list[str], *, since: timedelta) -> DBTaskResult:
    return DBTaskResult.objects.create(
        status=TaskResultStatus.RUNNING,
        started_at=NOW - since,
        worker_ids=runners,
        task_path="ruangaman.rooms.families.tasks.deliver",
        backend_name="default",
        run_after=NOW,
        args_kwargs={"args": ["x"], "kwargs": {}},
    )


def dead_name() -> str:
    """The name of a process that has ended."""
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    name = jobs.own_name().replace(f":{os.getpid()}:", f":{pid}:")
    os.waitpid(pid, 0)
    return name


def state(row: DBTaskResult) -> str:
    row.refresh_from_db()
    return str(row.status)


@pytest.mark.django_db
def test_only_jobs_of_runners_that_are_gone_are_put_back():
    me, away = jobs.own_name(), "elsewhere:1:77:5"
    mine, theirs = running([me], since=timedelta(hours=1)), running([away], since=jobs.LONGEST_JOB)
    lost = running([dead_name()], since=timedelta(seconds=1))
    late = running([away], since=jobs.LONGEST_JOB + timedelta(seconds=1))
    old = running(["jobs"], since=jobs.LONGEST_JOB + timedelta(seconds=1))  # a name of an earlier version
    assert jobs.reclaim(NOW) == 3
    assert [state(one) for one in (mine, theirs)] == ["RUNNING", "RUNNING"]
    assert [state(one) for one in (lost, late, old)] == ["READY"] * 3
    assert jobs.reclaim(NOW) == 0


@pytest.mark.django_db
def test_another_process_with_the_number_of_a_dead_one_is_not_taken_for_it():
    before, _, _ = jobs.own_name().rpartition(":")
    assert jobs.alive(f"{before}:1") is False
    assert jobs.alive(jobs.own_name()) is True


@pytest.mark.django_db
def test_a_job_that_took_three_runners_with_it_is_given_up_and_logged(caplog):
    row = running([dead_name()] * jobs.MOST_RUNNERS, since=timedelta(seconds=1))
    assert jobs.reclaim(NOW) == 0
    assert state(row) == "FAILED"
    assert "lost its runner" in caplog.text


JOB = """
import time
from pathlib import Path
from django_tasks import task

@task()
def slow(folder: str) -> None:
    begun = Path(folder) / "begun"
    begun.write_text(begun.read_text() + "x" if begun.exists() else "x")
    if len(begun.read_text()) == 1:
        time.sleep(300)
    (Path(folder) / "done").write_text("x")
"""


@pytest.mark.slow
def test_a_job_of_a_killed_runner_is_run_by_the_next_one(house):
    (house.data / "slowjob.py").write_text(JOB)
    house.settings = {"PYTHONPATH": str(house.data)}
    enqueue = f"import slowjob; slowjob.slow.enqueue({str(house.data)!r})"
    assert house.python(enqueue).wait(60) == 0
    first = house.start("serve", "jobs")
    house.until(lambda: (house.data / "begun").exists())
    os.kill(first.pid, signal.SIGKILL)
    first.wait(10)
    assert not (house.data / "done").exists()
    house.start("serve", "jobs")
    house.until(lambda: (house.data / "done").exists(), 30)
    assert (house.data / "begun").read_text() == "xx"
