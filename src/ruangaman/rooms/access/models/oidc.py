"""The OpenID Provider: signing keys, which client belongs to which service, requests and flows that go on now."""

from django.db import models
from django.db.models import F, Q

from ruangaman.rooms.access.models.services import Service
from ruangaman.rooms.access.models.sessions import AccessSession


class OpenIdKey(models.Model):
    """
    One RSA key for ID tokens and for nothing else. The private part stands sealed in the vault under a family of its
    own, which is destroyed when the key is over; `jwk` is the public part.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    kid = models.CharField(max_length=43, unique=True, help_text="SHA-256 thumbprint (RFC 7638)")
    jwk = models.JSONField()
    family = models.UUIDField(help_text="vault: the key that seals the private part")
    sealed = models.UUIDField(help_text="vault: the private part")
    created_at = models.DateTimeField()
    not_before = models.DateTimeField(help_text="signs from then on; published before")
    ends_at = models.DateTimeField(null=True, help_text="not published any more")

    class Meta:
        default_permissions = ()
        ordering = ["not_before"]
        constraints = [
            models.CheckConstraint(
                name="access_openid_key_begins_once_made", condition=Q(not_before__gte=F("created_at"))
            ),
        ]

    def __str__(self) -> str:
        return self.kid


class OpenIdPlatform(models.Model):
    """
    One client of the OpenID Provider: it speaks for one service and may ask one age, so that no age is narrowed.

    Ended, never deleted.
    """

    client = models.OneToOneField(
        "allauth_idp_oidc.Client", primary_key=True, on_delete=models.PROTECT, related_name="platform"
    )
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="openid_clients")
    age = models.PositiveSmallIntegerField(null=True, help_text="the one `age_over:N` that it may ask")
    pushed_only = models.BooleanField(default=False, help_text="only requests that were pushed (RFC 9126)")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ["created_at"]

    def __str__(self) -> str:
        return str(self.client_id)


class PushedRequest(models.Model):
    """An authorization request that a client pushed (RFC 9126): found once, by the hash of its address."""

    digest = models.BinaryField(max_length=32, primary_key=True)
    platform = models.ForeignKey(OpenIdPlatform, on_delete=models.CASCADE, related_name="pushed")
    asked = models.JSONField()
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.platform_id)


class OpenIdFlow(models.Model):
    """
    One visit of a browser on behalf of a client, from the request to the answer. Deleted when its hour is over.

    Holds no age and no name: what is told is read again from the session in the moment in which the token is made.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    platform = models.ForeignKey(OpenIdPlatform, on_delete=models.CASCADE, related_name="flows")
    asked = models.JSONField(help_text="the request as it was checked")
    session = models.ForeignKey(
        AccessSession, null=True, on_delete=models.CASCADE, related_name="openid_flows"
    )
    check_ref = models.UUIDField(
        null=True, db_index=True, help_text="in ages: the check for the client's own age"
    )
    without_age = models.BooleanField(default=False, help_text="the person goes on without a proof")
    grant = models.CharField(max_length=64, default="", db_index=True, help_text="which code it ended in")
    created_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.id)
