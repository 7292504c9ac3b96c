"""The xAPI profile of lessons as JSON-LD: what a system that receives statements needs to understand them."""

import json
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from ruangaman.core.learning import statements
from ruangaman.core.learning.model import Course


def make(course: Course, objectives: Sequence[str], language: str, now: datetime) -> bytes:  # noqa: ARG001
    """These lessons' profile; both languages stand in it."""
    told = statements.profile(course, objectives, str(settings.BASE_URL).rstrip("/"), now)
    return json.dumps(told, ensure_ascii=False, indent=1).encode()
