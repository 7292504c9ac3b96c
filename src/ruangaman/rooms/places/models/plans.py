"""Plans of a city, who pledges which action, and what came of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from ruangaman.rooms.places.models.cities import City


class Plan(models.Model):
    """
    A plan as it was computed. `document` is the file of `ruangaman city plan`, kept as it was, since the folder of the
    city is made anew; `digest` is its SHA-256.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="plans")
    title = models.CharField(max_length=80)
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ("-made_at",)
        constraints = [
            models.UniqueConstraint(fields=("city", "digest"), name="places_plan_once"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(published_at__isnull=False),
                name="places_plan_ends_after_it_was_public",
            ),
        ]


class PlanAction(models.Model):
    """One chosen action of a published plan; `key` and `at` are its id and its place in the document."""

    id = models.UUIDField(primary_key=True, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="actions")
    key = models.CharField(max_length=40)
    at = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    area = models.CharField(max_length=40, default="", blank=True)

    class Meta:
        default_permissions = ()
        ordering = ("at",)
        constraints = [models.UniqueConstraint(fields=("plan", "key"), name="places_action_once")]


class Pledge(models.Model):
    """
    A promise to do an action by a date, by an office, a company or a group; its public name is told.

    `children`, `low`, `high` are what was predicted when it was made. `due_at` is the end of the promised day.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    action = models.ForeignKey(PlanAction, on_delete=models.PROTECT, related_name="pledges")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=12)
    organisation = models.CharField(max_length=80)
    children = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    promised_on = models.DateField()
    due_at = models.DateTimeField(db_index=True)
    made_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    late_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    kept_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ("made_at",)
        constraints = [
            models.UniqueConstraint(
                fields=("action", "organisation"),
                condition=Q(withdrawn_at__isnull=True),
                name="places_one_live_pledge_of_an_organisation",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(kept_at__isnull=True),
                name="places_pledge_kept_or_withdrawn",
            ),
        ]


class ActionPhoto(models.Model):
    """
    A photo of an action. Until an adult has looked at it, it stands in the vault alone (`sealed` under `family`); then
    `content` is public, or it is gone.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    action = models.ForeignKey(PlanAction, on_delete=models.PROTECT, related_name="photos")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    taken_on = models.DateField()
    sent_at = models.DateTimeField()
    family = models.UUIDField(null=True)
    sealed = models.UUIDField(null=True)
    content = models.BinaryField(null=True)
    checked_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    shown = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()
        ordering = ("taken_on", "sent_at")
        constraints = [
            models.CheckConstraint(
                condition=Q(shown=False, content__isnull=True)
                | Q(shown=True, content__isnull=False, checked_at__isnull=False),
                name="places_photo_public_only_when_checked",
            ),
            models.CheckConstraint(
                condition=Q(sealed__isnull=False, checked_at__isnull=True)
                | Q(sealed__isnull=True, checked_at__isnull=False),
                name="places_photo_sealed_until_checked",
            ),
        ]


class Finding(models.Model):
    """A re-audit of an action on the spot: whether it is there and safe to walk. The latest counts."""

    id = models.UUIDField(primary_key=True, editable=False)
    action = models.ForeignKey(PlanAction, on_delete=models.PROTECT, related_name="findings")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    found_on = models.DateField()
    safe = models.BooleanField()
    note = models.CharField(max_length=300, default="", blank=True)
    made_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        ordering = ("found_on", "made_at")


class Change(models.Model):
    """What really changed: two builds of the city compared (`ruangaman city changed`), beside what was predicted."""

    id = models.UUIDField(primary_key=True, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="changes")
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        ordering = ("made_at",)
        constraints = [models.UniqueConstraint(fields=("plan", "digest"), name="places_change_once")]
