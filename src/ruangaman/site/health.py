"""`/healthz`: whether this house can answer, for whoever watches it."""

import time
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse

from ruangaman.site import jobs, start

_LATE = 30.0  # seconds without a beat


def healthz(_request: HttpRequest) -> JsonResponse:
    """200 when the database answers and stands at this version, else 503; the job runner's beat is told beside it."""
    try:
        database = "ok" if start.migrated() else "not migrated"
    except DatabaseError:
        database = "out of reach"
    beat = Path(settings.DATA_DIR) / jobs.HEARTBEAT
    try:
        running = time.time() - float(beat.read_text(encoding="ascii")) < _LATE
    except (FileNotFoundError, ValueError):
        running = False
    told = {"database": database, "jobs": "ok" if running else "not running"}
    return JsonResponse(told, status=200 if database == "ok" else 503)
