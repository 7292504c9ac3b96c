"""`/admin/`: for accounts that may see something there; all other accounts of the staff have their own pages."""

from functools import wraps
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class Administration(AdminSite):
    """Refuses who is signed in and may see or change nothing here; who is not signed in is sent to the door."""

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """A page of the site; signing out and a new password are for every account."""
        inner = super().admin_view(view, cacheable)
        for_all = view in (self.logout, self.password_change, self.password_change_done)

        @wraps(inner)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not for_all and self.has_permission(request) and not self._sees_something(request):
                raise PermissionDenied
            reply: HttpResponseBase = inner(request, *args, **kwargs)
            return reply

        return guarded

    def _sees_something(self, request: HttpRequest) -> bool:
        # An administrator enters by being one, also where no model is registered.
        if getattr(request.user, "is_superuser", False):
            return True
        return any(True in one.get_model_perms(request).values() for one in self._registry.values())


class Config(AdminConfig):
    """Django's own app, with this site as the one of the house."""

    default_site = "ruangaman.site.administration.Administration"
    default = False
