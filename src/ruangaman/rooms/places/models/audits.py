"""Audits of places: who looked, what was answered, the certificate, and what must be repaired."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from ruangaman.rooms.places.models.cities import City

_ACCOUNT = settings.AUTH_USER_MODEL


class AuditForm(models.Model):
    """A version of form and rules that an audit began with; a newer one changes no audit that runs."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    version = models.CharField(max_length=20)
    body = models.JSONField()
    rules = models.JSONField()
    made_at = models.DateTimeField()

    class Meta:
        default_permissions = ()


class AuditLimits(models.Model):
    """What measures must be, as the city loaded it. `body` holds the rows as texts; the file itself is not kept."""

    id = models.UUIDField(primary_key=True, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="audit_limits")
    number = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    body = models.JSONField()
    loaded_by = models.ForeignKey(_ACCOUNT, on_delete=models.PROTECT, related_name="+")
    loaded_at = models.DateTimeField()
    ledger_index = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=("city", "number"), name="places_limits_numbered")]


class CityForm(models.Model):
    """Form and rules that a city loaded in place of the house's own; audits begin with the newest number."""

    id = models.UUIDField(primary_key=True, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="audit_forms")
    number = models.PositiveIntegerField()
    form = models.ForeignKey(AuditForm, on_delete=models.PROTECT, related_name="+")
    loaded_by = models.ForeignKey(_ACCOUNT, on_delete=models.PROTECT, related_name="+")
    loaded_at = models.DateTimeField()
    ledger_index = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=("city", "number"), name="places_form_numbered")]


class Space(models.Model):
    """A place for play that was or will be audited. `key` is its id in the city's results, or our own."""

    id = models.UUIDField(primary_key=True, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="spaces")
    key = models.CharField(max_length=80)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=40, default="", blank=True)
    area = models.CharField(max_length=40, default="", blank=True)
    made_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=("city", "key"), name="places_space_once")]


class Audit(models.Model):
    """
    Two people look at one place, apart from each other; a third decides where they differ.

    `agreement` stands once both are done, `answers` and `result` once it was decided. `rank` is "" for none, `why` then
    says for what.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="audits")
    form = models.ForeignKey(AuditForm, on_delete=models.PROTECT, related_name="+")
    limits = models.ForeignKey(AuditLimits, null=True, on_delete=models.PROTECT, related_name="+")
    opened_by = models.ForeignKey(_ACCOUNT, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    agreement = models.JSONField(null=True)
    both_at = models.DateTimeField(null=True)
    answers = models.JSONField(null=True)
    result = models.JSONField(null=True)
    rank = models.CharField(max_length=20, default="", blank=True)
    why = models.CharField(max_length=20, default="", blank=True)
    decided_by = models.ForeignKey(_ACCOUNT, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=("space",),
                condition=Q(decided_at__isnull=True, cancelled_at__isnull=True),
                name="places_one_audit_runs",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True) | Q(both_at__isnull=False, cancelled_at__isnull=True),
                name="places_audit_decided_after_both",
            ),
        ]


class AuditSeat(models.Model):
    """
    One of the two. `digest` and `salt` prove later what was answered at the end, which the ledger holds as a hash.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="seats")
    user = models.ForeignKey(_ACCOUNT, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    given_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    salt = models.BinaryField(null=True)
    digest = models.BinaryField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=("audit", "number"), name="places_seat_numbered"),
            models.UniqueConstraint(fields=("audit", "user"), name="places_seat_once"),
            models.CheckConstraint(condition=Q(number__in=(1, 2)), name="places_two_seats"),
        ]


class AuditAnswer(models.Model):
    """
    One answer of one auditor. `revision` counts its changes here: who did not see the last one may not overwrite it.
    """

    seat = models.ForeignKey(AuditSeat, on_delete=models.CASCADE, related_name="answers")
    item = models.CharField(max_length=60)
    answer = models.CharField(max_length=12)
    measure = models.DecimalField(max_digits=10, decimal_places=3, null=True)
    revision = models.PositiveIntegerField(default=1)
    received_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=("seat", "item"), name="places_answer_once")]


class AuditSending(models.Model):
    """A set of answers that a phone sent, by the id that the phone gave it; sent again it gets the same reply."""

    id = models.UUIDField(primary_key=True, editable=False)
    seat = models.ForeignKey(AuditSeat, on_delete=models.CASCADE, related_name="sendings")
    sha256 = models.CharField(max_length=64)
    reply = models.JSONField()
    received_at = models.DateTimeField()

    class Meta:
        default_permissions = ()


class AuditPhoto(models.Model):
    """
    A photo, sealed in the vault under a key of its own, never with anything of the camera. The public sees it only once
    somebody looked and found no face in it (`shown_at`); `kept_back_at` says that there is one.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="photos")
    seat = models.ForeignKey(AuditSeat, null=True, on_delete=models.PROTECT, related_name="photos")
    item = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)
    sent_sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    family = models.UUIDField()
    parts = models.JSONField()
    received_at = models.DateTimeField()
    shown_at = models.DateTimeField(null=True)
    kept_back_at = models.DateTimeField(null=True)
    looked_by = models.ForeignKey(_ACCOUNT, null=True, on_delete=models.PROTECT, related_name="+")
    destroy_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(shown_at__isnull=True) | Q(kept_back_at__isnull=True),
                name="places_photo_shown_or_not",
            )
        ]
        indexes = [
            models.Index(
                fields=("destroy_at",), condition=Q(destroyed_at__isnull=True), name="places_photo_due"
            )
        ]


class Certificate(models.Model):
    """
    A rank for a time. `body` is public and `digest` its SHA-256, which the ledger holds; the tile is drawn from it.
    Revoked when a critical defect is found, ended by the clock.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    audit = models.OneToOneField(Audit, on_delete=models.PROTECT, related_name="certificate")
    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="certificates")
    rank = models.CharField(max_length=20)
    body = models.JSONField()
    digest = models.BinaryField()
    ledger_index = models.BigIntegerField()
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    given_by = models.ForeignKey(_ACCOUNT, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    revoked_why = models.CharField(max_length=20, default="", blank=True)
    ended_at = models.DateTimeField(null=True)
    over_index = models.BigIntegerField(null=True)
    remind_at = models.DateTimeField(
        null=True, help_text="of the next reminder before its end; none for no more"
    )

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=("space",),
                condition=Q(revoked_at__isnull=True, ended_at__isnull=True),
                name="places_one_certificate_stands",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("valid_from")), name="places_certificate_has_time"
            ),
        ]
        indexes = [
            models.Index(
                fields=("valid_until",),
                condition=Q(revoked_at__isnull=True, ended_at__isnull=True),
                name="places_certificate_due",
            ),
            models.Index(
                fields=("remind_at",),
                condition=Q(revoked_at__isnull=True, ended_at__isnull=True),
                name="places_certificate_reminds",
            ),
        ]


class Defect(models.Model):
    """What must be repaired: open, then repaired (with a photo where there is one), then looked at again."""

    id = models.UUIDField(primary_key=True, editable=False)
    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="defects")
    form = models.ForeignKey(AuditForm, on_delete=models.PROTECT, related_name="+")
    audit = models.ForeignKey(Audit, null=True, on_delete=models.PROTECT, related_name="defects")
    item = models.CharField(max_length=60)
    severity = models.PositiveSmallIntegerField()
    critical = models.BooleanField()
    found_at = models.DateTimeField()
    due_at = models.DateTimeField()
    fixed_at = models.DateTimeField(null=True)
    fixed_by = models.ForeignKey(_ACCOUNT, null=True, on_delete=models.PROTECT, related_name="+")
    photo = models.ForeignKey(AuditPhoto, null=True, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=("space", "item"), condition=Q(checked_at__isnull=True), name="places_one_defect_open"
            ),
            models.CheckConstraint(
                condition=Q(checked_at__isnull=True) | Q(fixed_at__isnull=False),
                name="places_checked_after_fixed",
            ),
        ]
