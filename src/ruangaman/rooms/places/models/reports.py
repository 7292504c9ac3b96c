"""What children and residents told a city: sealed words, public answers, clocks. No account, no home, no moment."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from ruangaman.core.reports import states
from ruangaman.rooms.places.models.cities import City

PHOTOS = ("", "waiting", "shown", "refused")


class ReportTable(models.Model):
    """A table of rules that a city brought: kinds, clocks, bodies or votes. The newest of each part counts."""

    id = models.UUIDField(primary_key=True, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="report_tables")
    part = models.CharField(max_length=8)
    version = models.CharField(max_length=40)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()
    loaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["city", "part", "loaded_at"], name="places_report_table")]


class Report(models.Model):
    """
    A hazard or an idea. `number` and a secret word find it again; `serial` is how the public calls it.

    What was told and shown stands sealed under `family`, a key of this report alone, and ends with it.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="reports")
    number = models.CharField(max_length=8, unique=True)
    once = models.BinaryField(
        max_length=32, unique=True, help_text="SHA-256 of the form's own word: sent twice is once"
    )
    serial = models.PositiveIntegerField(null=True, help_text="in its city, from when it was accepted")
    of = models.CharField(max_length=6)
    kind = models.CharField(max_length=24)
    kinds = models.CharField(max_length=40, help_text="version of the table of kinds")
    area = models.CharField(max_length=40, help_text="kelurahan, or the city's own code")
    place = models.CharField(
        max_length=80, default="", blank=True, help_text="key of a known place or street"
    )
    place_name = models.CharField(max_length=120, default="", blank=True)
    row = models.IntegerField(null=True)
    column = models.IntegerField(null=True)
    metres = models.PositiveSmallIntegerField(null=True, help_text="side of the grid's cells")
    week = models.CharField(max_length=24)
    day = models.CharField(max_length=24)
    urgent = models.BooleanField(default=False)
    danger = models.BooleanField(default=False, help_text="to a child: by its kind or its words")
    private = models.BooleanField(default=False, help_text="never on the public list")
    held = models.JSONField(default=list, help_text="what in the words finds somebody")
    raised_at = models.DateTimeField()
    state = models.CharField(max_length=10, default=states.RECEIVED)
    family = models.UUIDField(null=True, help_text="vault: the key of words and photo, of this report alone")
    words = models.UUIDField(null=True, help_text="vault: what was told")
    photo = models.JSONField(default=list, help_text="vault: references of the photo's parts, in order")
    photo_state = models.CharField(max_length=7, default="", blank=True)
    photo_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField(null=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    text_id = models.TextField(default="", blank=True, help_text="the moderator's plain words")
    text_en = models.TextField(default="", blank=True)
    body = models.CharField(max_length=24, default="", blank=True)
    published_at = models.DateTimeField(null=True)
    refusal = models.CharField(max_length=24, default="", blank=True)
    closed_at = models.DateTimeField(null=True)
    joined_to = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="joined")
    answer_family = models.UUIDField(null=True, help_text="vault: the key of words for the sender alone")
    answer = models.UUIDField(null=True, help_text="vault: {id, en}")
    forget_at = models.DateTimeField()
    forgotten_at = models.DateTimeField(null=True)
    salt = models.BinaryField(max_length=32)
    ledger_name = models.CharField(max_length=64, help_text="salted hash of the id")

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="places_report_state", condition=Q(state__in=states.STATES)),
            models.CheckConstraint(name="places_report_of", condition=Q(of__in=("hazard", "idea"))),
            models.CheckConstraint(name="places_report_photo", condition=Q(photo_state__in=PHOTOS)),
            models.CheckConstraint(
                name="places_report_cell_whole",
                condition=Q(row__isnull=True, column__isnull=True, metres__isnull=True)
                | Q(row__isnull=False, column__isnull=False, metres__isnull=False),
            ),
            # INVARIANT: what the public reads was written by a moderator, in both languages.
            models.CheckConstraint(
                name="places_report_shown_has_words",
                condition=~Q(state__in=states.SHOWN)
                | (Q(serial__isnull=False, published_at__isnull=False) & ~Q(text_id="") & ~Q(text_en="")),
            ),
            models.CheckConstraint(
                name="places_report_joined_to_one",
                condition=Q(state=states.JOINED, joined_to__isnull=False)
                | (~Q(state=states.JOINED) & Q(joined_to__isnull=True)),
            ),
            # INVARIANT: nothing that was told outlives its time.
            models.CheckConstraint(
                name="places_report_words_end",
                condition=Q(forgotten_at__isnull=True)
                | Q(family__isnull=True, words__isnull=True, answer__isnull=True),
            ),
            models.UniqueConstraint(name="places_report_serial", fields=["city", "serial"]),
        ]
        indexes = [
            models.Index(fields=["city", "state"], name="places_report_of_city"),
            models.Index(
                fields=["forget_at"], name="places_report_forgets", condition=Q(forgotten_at__isnull=True)
            ),
        ]


class ReportStep(models.Model):
    """What happened to a report, as the public and its sender read it."""

    id = models.BigAutoField(primary_key=True)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="steps")
    what = models.CharField(max_length=10)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    body = models.CharField(max_length=24, default="", blank=True)
    text_id = models.TextField(default="", blank=True)
    text_en = models.TextField(default="", blank=True)
    reason = models.CharField(max_length=24, default="", blank=True, help_text="why it is not solved")
    planned_on = models.DateField(null=True)
    done_on = models.DateField(null=True, help_text="the day on which the body says that it was done")
    photo = models.JSONField(
        default=list, help_text="vault: the photo of what was done, under the report's key"
    )
    photo_state = models.CharField(max_length=7, default="", blank=True)
    photo_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    entry = models.BigIntegerField(help_text="index in the ledger")

    class Meta:
        default_permissions = ()
        ordering = ("id",)
        constraints = [models.CheckConstraint(name="places_step_photo", condition=Q(photo_state__in=PHOTOS))]


class ReportClock(models.Model):
    """By when something is done about a report. A reminder and lateness are each noted once, at their due time."""

    id = models.BigAutoField(primary_key=True)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="clocks")
    what = models.CharField(max_length=8)
    remind_at = models.DateTimeField()
    due_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    late_at = models.DateTimeField(null=True, help_text="the due time, once it passed")
    met_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(name="places_report_clock_once", fields=["report", "what"])]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="places_report_clock_runs",
                condition=Q(met_at__isnull=True, late_at__isnull=True),
            ),
        ]


class ReportCount(models.Model):
    """How often something happened for one keyed hash within one hour; never to whom."""

    id = models.BigAutoField(primary_key=True)
    key = models.BinaryField(max_length=32)
    hour = models.BigIntegerField(help_text="whole hours since 1970")
    count = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(name="places_report_count", fields=["key", "hour"])]
