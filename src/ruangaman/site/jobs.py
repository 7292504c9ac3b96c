"""
The job runner: delivers what waits (django-tasks-db), and lets the clocks of the law strike.

Clocks run from due times that stand in the tables. Each second every room is asked to settle what fell due; it writes
the due time as the time of the fact, so a late or restarted runner changes nothing but the moment of writing. Two
runners at once do no harm: each settlement is idempotent and takes its rows under a lock.
"""

import logging
import signal
import threading
import time
from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import close_old_connections
from django_tasks_db.management.commands.db_worker import Worker

from ruangaman.adapters import clock

logger = logging.getLogger("ruangaman.jobs")

HEARTBEAT = "jobs-heartbeat"
ROOMS = "ruangaman.rooms."
_EVERY = 1.0  # seconds
_TIDY_EVERY = 3600.0  # seconds

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


def tidy() -> None:
    """Forget what is over: sessions that have ended, and jobs that were done two weeks ago."""
    call_command("clearsessions")
    call_command("prune_db_task_results", queue_name="*", min_age_days=14, verbosity=0)


def run() -> int:
    """Run until a signal asks for the stop."""
    stop = threading.Event()

    def tick() -> None:
        beat = Path(settings.DATA_DIR) / HEARTBEAT
        tidied = float("-inf")
        while not stop.wait(_EVERY):
            try:
                close_old_connections()
                settle_once(clock.now())
                if time.monotonic() - tidied > _TIDY_EVERY:
                    tidied = time.monotonic()
                    tidy()
                beat.write_text(str(time.time()), encoding="ascii")
            except Exception:  # a full disk or a lost database: the next second is another chance
                logger.exception("this second was not settled")

    ticker = threading.Thread(target=tick, name="clocks", daemon=True)
    ticker.start()
    worker = Worker(
        queue_names=["*"],
        interval=0.5,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="jobs",
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
        ticker.join(timeout=5)
    return 0
