"""The story's campaign: sixteen drawn classes, so that a page of results stands there from the first day."""

from datetime import datetime
from typing import Final

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User

from ruangaman.rooms.access import api as access
from ruangaman.rooms.learning import api as learning

ORGANISER: Final = "dinas-pendidikan"
REGION: Final = "99"
"""The made-up province in which Kota Melati lies."""
SEED: Final = 3


def fill(password: str, *, now: datetime) -> None:
    """An account that organises, and its campaign; again it changes nothing but the password."""
    access.add_staff(ORGANISER, now=now)
    User.objects.filter(username=ORGANISER).update(password=make_password(password))
    learning.make_up_campaign(ORGANISER, region=REGION, seed=SEED, now=now)
