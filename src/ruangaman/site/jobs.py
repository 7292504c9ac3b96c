"""
The job runner: sends letters (django-tasks-db) and webhooks (`senders.py`), and lets the clocks of the law strike.

Clocks run from due times that stand in the tables. Each second every room is asked to settle what fell due; it writes
the due time as the time of the fact, so a late or restarted runner changes nothing but the moment of writing. Two
runners at once do no harm: each settlement is idempotent and takes its rows under a lock.

A job whose runner was killed goes back to those that wait (`reclaim`), whatever it does: a job may so run twice, and
each is written for that.
"""

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import close_old_connections
from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from ruangaman.adapters import clock
from ruangaman.site.senders import Senders

logger = logging.getLogger("ruangaman.jobs")

HEARTBEAT = "jobs-heartbeat"
ROOMS = "ruangaman.rooms."
_EVERY = 1.0  # seconds
_TIDY_EVERY = 3600.0  # seconds
_RECLAIM_EVERY = 60.0  # seconds
LONGEST_JOB = timedelta(
    minutes=10
)  # a mail or a call is given up within minutes; whoever runs longer is lost
MOST_RUNNERS = 3  # a job that took so many runners down with it is the cause of it

Settle = Callable[[datetime], int]


def settlers() -> dict[str, Settle]:
    """The rooms that have clocks: each whose door (`api.py`) offers `settle_due(now) -> int`."""
    rooms = [config for config in apps.get_app_configs() if config.name.startswith(ROOMS)]
    doors = {config.label: import_module(f"{config.name}.api") for config in rooms}
    return {label: door.settle_due for label, door in doors.items() if hasattr(door, "settle_due")}


def settle_once(now: datetime) -> dict[str, int]:
    """Ask every room once. One room's failure is logged and leaves the others their turn; it is asked again."""
    settled = {}
    for label, settle in settlers().items():
        try:
            settled[label] = settle(now)
        except Exception:  # the runner must outlive any one room; the failure is logged with its traceback
            logger.exception("settling %s failed", label)
    return settled


def own_name() -> str:
    """The name of this runner in the table of jobs: machine, process space, process, and when it began."""
    pid = os.getpid()
    return f"{socket.gethostname()}:{_space()}:{pid}:{_begun(pid)}"


def _space() -> str:
    """Which process ids this process can see; empty where the system does not tell."""
    try:
        return str(Path("/proc/self/ns/pid").readlink()).strip("pid:[]")
    except OSError:
        return ""


def _begun(pid: int) -> str:
    """When a process began, in ticks since the machine did; empty for one that is over, or not told."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(") ")[2].split()
    except OSError:
        return ""
    return "" if told[0] in "ZX" else told[19]


def alive(name: str) -> bool | None:
    """Whether the runner of this name still runs; None when that cannot be seen from here."""
    host, _, rest = name.partition(":")
    space, _, rest = rest.partition(":")
    pid, _, begun = rest.partition(":")
    if host != socket.gethostname() or not space or space != _space() or not pid.isdigit() or not begun:
        return None
    return _begun(int(pid)) == begun


def reclaim(wall: datetime) -> int:
    """
    Put jobs back whose runner is gone: seen to be dead, or out of sight and over the longest time of a job.

    A job that lost its runner `MOST_RUNNERS` times is marked as failed and logged, so that it cannot stop the house.

    Args:
        wall: the time of the world, not of the story's clock; jobs are stamped with it.

    Returns how many were put back.
    """
    back = 0
    for row in DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING):
        runner = str(row.worker_ids[-1]) if row.worker_ids else ""
        living = alive(runner)
        late = row.started_at is None or wall - row.started_at > LONGEST_JOB
        if living or (living is None and not late):
            continue
        mine = DBTaskResult.objects.filter(
            pk=row.pk, status=TaskResultStatus.RUNNING, started_at=row.started_at
        )
        if len(row.worker_ids) >= MOST_RUNNERS:
            if mine.update(
                status=TaskResultStatus.FAILED, finished_at=wall, exception_class_path="runner lost"
            ):
                logger.error("job %s (%s) lost its runner %d times", row.pk, row.task_path, MOST_RUNNERS)
            continue
        back += mine.update(status=TaskResultStatus.READY, started_at=None)
    if back:
        logger.warning("%d jobs of a lost runner wait again", back)
    return back


def tidy() -> None:
    """Forget what is over: sessions that have ended, and jobs that were done two weeks ago."""
    call_command("clearsessions")
    call_command("prune_db_task_results", queue_name="*", min_age_days=14, verbosity=0)


def run() -> int:
    """Run until a signal asks for the stop."""
    stop = threading.Event()

    def tick() -> None:
        beat = Path(settings.DATA_DIR) / HEARTBEAT
        tidied = reclaimed = float("-inf")
        while not stop.wait(_EVERY):
            try:
                close_old_connections()
                now = clock.now()
                settle_once(now)
                if time.monotonic() - reclaimed > _RECLAIM_EVERY:
                    reclaimed = time.monotonic()
                    reclaim(now - clock.ahead())
                if time.monotonic() - tidied > _TIDY_EVERY:
                    tidied = time.monotonic()
                    tidy()
                beat.write_text(str(time.time()), encoding="ascii")
            except Exception:  # a full disk or a lost database: the next second is another chance
                logger.exception("this second was not settled")

    ticker = threading.Thread(target=tick, name="clocks", daemon=True)
    ticker.start()
    senders = Senders()
    senders.start()
    worker = Worker(
        queue_names=["*"],
        interval=0.5,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=own_name(),
        excluded_queue_names=[],
    )
    try:
        worker.configure_signals()
        worker.run()
    except SystemExit:
        logger.info("asked to stop")
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # one stop is enough
        stop.set()
        senders.stop(within_s=3)
        ticker.join(timeout=3)
    return 0
