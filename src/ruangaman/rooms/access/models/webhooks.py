"""What happened, and how platforms hear of it: the feed, the endpoints, the outbox."""

from django.db import models
from django.db.models import Q

from ruangaman.rooms.access.models.services import Service
from ruangaman.rooms.access.models.sessions import AccessSession


class FeedHead(models.Model):
    """The one row that gives out cursors. It stays locked until its transaction ends, so cursors become
    visible in order and a reader that has seen cursor n never misses one below it.
    """

    id = models.PositiveSmallIntegerField(primary_key=True)
    last = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.last)


class Event(models.Model):
    """Something that a platform must hear of. Written with the act in one transaction; no personal data."""

    cursor = models.BigIntegerField(primary_key=True, editable=False)
    id = models.UUIDField(unique=True, editable=False)
    kind = models.CharField(max_length=40)
    service = models.ForeignKey(Service, null=True, on_delete=models.PROTECT, related_name="events")
    operator = models.CharField(max_length=120)
    session = models.ForeignKey(AccessSession, null=True, on_delete=models.PROTECT, related_name="events")
    sandbox = models.BooleanField(default=False)
    at = models.DateTimeField()
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["cursor"]
        indexes = [
            models.Index(fields=["service", "sandbox", "cursor"], name="access_feed_of_service"),
            models.Index(fields=["operator", "sandbox", "cursor"], name="access_feed_of_operator"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class WebhookEndpoint(models.Model):
    """Where a platform hears of events. Two secrets sign at once while one replaces the other."""

    id = models.UUIDField(primary_key=True, editable=False)
    operator = models.CharField(max_length=120, db_index=True)
    service = models.ForeignKey(Service, null=True, on_delete=models.PROTECT, related_name="endpoints")
    sandbox = models.BooleanField(default=False)
    url = models.CharField(max_length=500)
    kinds = models.JSONField(default=list, help_text="event kinds; empty means all")
    family = models.UUIDField(help_text="vault: the key under which the secrets are sealed")
    secret = models.UUIDField(help_text="vault")
    old_secret = models.UUIDField(null=True, help_text="vault: signs beside the new one until `old_until`")
    old_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    failing_since = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0, help_text="in a row, as far as pauses grow")
    resting_until = models.DateTimeField(null=True, help_text="left alone after a failure")
    busy_until = models.DateTimeField(null=True, help_text="one sender calls it, until then at most")
    disabled_at = models.DateTimeField(null=True)
    disabled_because = models.CharField(max_length=40, default="", blank=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(
                name="access_old_secret_has_an_end",
                condition=Q(old_secret__isnull=True, old_until__isnull=True)
                | Q(old_secret__isnull=False, old_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Delivery(models.Model):
    """One event for one endpoint, to be delivered at least once."""

    STATES = ("waiting", "done", "given_up")

    id = models.UUIDField(primary_key=True, editable=False)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="deliveries")
    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.PROTECT, related_name="deliveries")
    state = models.CharField(max_length=8, default="waiting")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    last_status = models.PositiveSmallIntegerField(null=True)
    last_problem = models.CharField(max_length=40, default="", blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="access_one_delivery_per_endpoint", fields=["event", "endpoint"]),
            models.CheckConstraint(
                name="access_delivery_state", condition=Q(state__in=("waiting", "done", "given_up"))
            ),
        ]
        indexes = [
            models.Index(
                fields=["endpoint", "next_at"], name="access_outbox_of_endpoint", condition=Q(state="waiting")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.id}"
