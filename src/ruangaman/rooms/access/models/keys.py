"""Keys of platforms: the secret itself is never kept."""

from django.db import models
from django.db.models import F, Q

from ruangaman.rooms.access.models.services import Service


class ApiKey(models.Model):
    """One key of one service, or of an operator with all its services. Ended, never deleted.

    `digest` is the SHA-256 of the whole key; its secret has 256 random bits, so no slower hash is needed.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    key_id = models.CharField(max_length=16, unique=True, help_text="the visible part: names the key in logs")
    digest = models.BinaryField(max_length=32, unique=True)
    label = models.CharField(max_length=80, default="", blank=True)
    sandbox = models.BooleanField(default=False)
    operator = models.CharField(max_length=120, db_index=True)
    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.PROTECT, related_name="keys")
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    last_used_at = models.DateTimeField(null=True, blank=True, help_text="to the minute")

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(
                name="access_key_ends_after_it_begins",
                condition=Q(expires_at__isnull=True) | Q(expires_at__gte=F("created_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.key_id
