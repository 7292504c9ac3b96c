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
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import close_old_connections
from django_tasks_db.management.commands.db_worker import Worker

from ruangaman.adapters import clock

logger = logging.getLogger("ruangaman.jobs")

HEARTBEAT = "jobs-heartbeat"
_EVERY = 1.0  # seconds

Settle = Callable[[datetime], int]


def settlers() -> dict[str, Settle]:
    """The rooms that have clocks: each app configuration with a `settle_due(now) -> int`."""
    return {
        config.label: config.settle_due for config in apps.get_app_configs() if hasattr(config, "settle_due")
    }


def settle_once(now: datetime) -> dict[str, int]:
    """Ask every room once. One room's failure is logged and leaves the others their turn; it is asked again."""
    settled = {}
    for label, settle in settlers().items():
        try:
            settled[label] = settle(now)
        except Exception:  # the runner must outlive any one room; the failure is logged with its traceback
            logger.exception("settling %s failed", label)
    return settled


def run() -> int:
    """Run until a signal asks for the stop."""
    stop = threading.Event()

    def tick() -> None:
        beat = Path(settings.DATA_DIR) / HEARTBEAT
        while not stop.wait(_EVERY):
            close_old_connections()
            settle_once(clock.now())
            beat.write_text(str(time.time()), encoding="ascii")

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
