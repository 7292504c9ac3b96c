"""The WSGI entry: Django under granian, each request with its whole body."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ruangaman.site.settings")
django = get_wsgi_application()

from ruangaman.site.bodies import BodiesInTime  # noqa: E402  settings are read only now

application = BodiesInTime(django)
