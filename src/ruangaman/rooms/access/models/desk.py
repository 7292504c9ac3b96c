"""What an officer of the house or a platform must answer, and who read what was written."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from ruangaman.rooms.access.models.sessions import AccessSession

KINDS = ("objection", "age", "complaint", "copy", "delete")
OF_PLATFORM = ("copy", "delete")
DECISIONS = ("granted", "declined")


class Matter(models.Model):
    """Somebody waits for an answer of a person: answered once, or closed with its family's data; never deleted.

    What was written stands sealed in `families` under `ref`; the answer is sealed here, under the same key.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    kind = models.CharField(max_length=9)
    ref = models.UUIDField(unique=True, help_text="in families")
    session = models.ForeignKey(AccessSession, on_delete=models.PROTECT, related_name="matters")
    by = models.CharField(max_length=8, help_text="child or guardian")
    said = models.CharField(max_length=8, default="", blank=True, help_text="a word of a closed list")
    has_words = models.BooleanField(default=False)
    raised_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    safe_at = models.DateTimeField(null=True, help_text="the earliest reading where the law is unclear")
    articles = models.JSONField(default=list)
    doubt = models.JSONField(default=dict, help_text="{id, en}: what is unclear about the due time")
    answered_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=8, default="", blank=True)
    family = models.UUIDField(null=True, help_text="vault: the key under which the answer is sealed")
    reason = models.UUIDField(null=True, help_text="vault: {id, en}")
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    forgotten_at = models.DateTimeField(
        null=True, help_text="when it closed unanswered: its family was forgotten"
    )
    role = models.CharField(max_length=80, default="", blank=True, help_text="who answered at the platform")

    class Meta:
        permissions = [("answer_matter", "May read and answer what people write to the officers")]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="access_matter_kind", condition=Q(kind__in=KINDS)),
            models.CheckConstraint(
                name="access_matter_answered_or_forgotten",
                condition=Q(forgotten_at__isnull=True) | Q(answered_at__isnull=True),
            ),
            models.CheckConstraint(name="access_matter_by", condition=Q(by__in=("child", "guardian"))),
            models.CheckConstraint(
                name="access_matter_answer_is_whole",
                condition=Q(
                    answered_at__isnull=True, decision="", reason__isnull=True, officer__isnull=True, role=""
                )
                | (
                    Q(answered_at__isnull=False, decision__in=DECISIONS, reason__isnull=False)
                    & (
                        Q(officer__isnull=False, role="")
                        | (Q(officer__isnull=True, kind__in=OF_PLATFORM) & ~Q(role=""))
                    )
                ),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="access_matter_due",
                condition=Q(answered_at__isnull=True, forgotten_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def of_platform(self) -> bool:
        """Whether the platform holds what is asked for, and so answers first."""
        return self.kind in OF_PLATFORM


class MatterReading(models.Model):
    """An officer opened what was written; stands in the ledger too."""

    id = models.BigAutoField(primary_key=True)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="readings")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(name="access_one_reading_each", fields=["matter", "officer"])]

    def __str__(self) -> str:
        return str(self.id)
