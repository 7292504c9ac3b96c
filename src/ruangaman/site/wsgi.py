"""The WSGI entry: Django under granian."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ruangaman.site.settings")
application = get_wsgi_application()
