"""The WSGI entry: Django under granian, each request with its whole body."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ruangaman.site.settings")
django = get_wsgi_application()

from django.db import Error, close_old_connections  # noqa: E402  settings are read only now

from ruangaman.adapters import clock  # noqa: E402
from ruangaman.rooms.access import api as access  # noqa: E402
from ruangaman.site.bodies import BodiesInTime  # noqa: E402


def knows(authorization: str) -> bool:
    """Whether a living key came; a database that cannot be asked is for Django to tell."""
    close_old_connections()
    try:
        return access.is_known(authorization, now=clock.now())
    except Error:
        return False


application = BodiesInTime(django, knows=knows, unread=access.BODY_UNREAD)
