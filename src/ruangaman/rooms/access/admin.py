# ruff: noqa: ARG002  (Django's hooks fix these arguments)
"""The staff's desk at /admin/: services are described, keys revoked, the rest is looked at. Secrets stand nowhere."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.idp.oidc.models import Client, Token
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_lazy

from ruangaman.adapters import clock, ids
from ruangaman.rooms.access import keys, services
from ruangaman.rooms.access.errors import NotFound, ServiceRefused
from ruangaman.rooms.access.models import AccessSession, ApiKey, Delivery, Event, Service, WebhookEndpoint

admin.site.unregister(User)
for _theirs in (EmailAddress, Client, Token):
    # Clients are added and ended by the command, which checks them; nothing of a token is looked at by hand.
    admin.site.unregister(_theirs)


@admin.register(User)
class StaffAdmin(UserAdmin):  # type: ignore[type-arg]
    """Rights are given and accounts closed here. Accounts and passwords are not made here: nobody types a password for
    somebody else (`ruangaman staff add` prints a link).
    """

    fieldsets = tuple(
        (name, {**options, "fields": tuple(one for one in options["fields"] if one != "password")})
        for name, options in UserAdmin.fieldsets or ()
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        raise PermissionDenied


class LookOnly(admin.ModelAdmin[Any]):
    """Shown and never changed here; nothing of this room is deleted by hand."""

    actions_selection_counter = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ServiceForm(forms.ModelForm[Service]):
    """The description of a service, checked as the actions check it."""

    class Meta:
        model = Service
        fields = ("slug", "operator", "jurisdiction", *services.CHANGEABLE)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        told = self.instance.__class__(**{name: found[name] for name in self.Meta.fields if name in found})
        try:
            services.check(told, clock.now())
        except ServiceRefused as error:
            why = str(error.facts["why"]).partition(".")[0]
            text = gettext("Isian ini belum lengkap atau bertentangan dengan yang lain.")
            self.add_error(why if why in self.fields else None, text)
        return found


@admin.register(Service)
class ServiceAdmin(admin.ModelAdmin[Service]):
    """Services may be added and changed; each change stands in the ledger."""

    form = ServiceForm
    list_display = ("slug", "name", "operator", "type", "risk_profile", "designed_for_children", "retired_at")
    list_filter = ("risk_profile", "designed_for_children", "jurisdiction")
    search_fields = ("slug", "name", "operator")

    def get_readonly_fields(self, request: HttpRequest, obj: Service | None = None) -> tuple[str, ...]:
        return ("slug", "operator", "jurisdiction") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Service, form: Any, change: bool) -> None:
        now = clock.now()
        if not change:
            obj.id, obj.created_at = ids.new(now), now
        services.keep(obj, changed=None if not change else sorted(form.changed_data), now=now)


@admin.register(ApiKey)
class ApiKeyAdmin(LookOnly):
    """Keys without their secrets. New ones are made by `ruangaman keys create`, where the secret is shown once."""

    list_display = (
        "key_id",
        "label",
        "operator",
        "service",
        "sandbox",
        "created_at",
        "expires_at",
        "revoked_at",
    )
    list_filter = ("sandbox",)
    search_fields = ("key_id", "label", "operator")
    fields = (
        *("key_id", "label", "operator", "service", "sandbox", "scopes", "created_at", "expires_at"),
        *("revoked_at", "last_used_at", "replaces"),
    )
    actions = ("revoke",)

    @admin.action(description=gettext_lazy("Cabut kunci yang dipilih"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, chosen: QuerySet[ApiKey]) -> None:
        """End the chosen keys at once."""
        for key in chosen:
            try:
                keys.revoke(key.key_id, now=clock.now())
            except NotFound:
                messages.warning(request, gettext("Kunci %(key)s sudah dicabut.") % {"key": key.key_id})
            else:
                messages.success(request, gettext("Kunci %(key)s dicabut.") % {"key": key.key_id})

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        """Whoever may change keys."""
        return bool(request.user.has_perm("access.change_apikey"))


@admin.register(AccessSession)
class AccessSessionAdmin(LookOnly):
    """Sessions without any person in them."""

    list_display = ("id", "service", "state", "sandbox", "country", "created_at", "closed_at")
    list_filter = ("state", "sandbox", "service")
    fields = (
        "id",
        "service",
        "state",
        "sandbox",
        "country",
        "language",
        "created_at",
        "updated_at",
        "closed_at",
    )


@admin.register(Event)
class EventAdmin(LookOnly):
    """The feed."""

    list_display = ("cursor", "kind", "service", "sandbox", "at")
    list_filter = ("kind", "sandbox", "service")
    fields = ("cursor", "id", "kind", "service", "session", "sandbox", "at", "data")


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(LookOnly):
    """Endpoints without their secrets."""

    list_display = ("id", "operator", "service", "url", "failing_since", "disabled_at", "removed_at")
    fields = (
        *("id", "operator", "service", "sandbox", "url", "kinds", "created_at", "failing_since"),
        *("resting_until", "busy_until", "disabled_at", "disabled_because", "removed_at"),
    )


@admin.register(Delivery)
class DeliveryAdmin(LookOnly):
    """The outbox."""

    list_display = ("id", "event", "endpoint", "state", "attempts", "next_at", "last_status", "last_problem")
    list_filter = ("state",)
