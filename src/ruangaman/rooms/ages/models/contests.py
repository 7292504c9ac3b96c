"""Somebody says that an age is wrong: what was told and shown for it stands sealed, and only until a person decided."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from ruangaman.rooms.ages.models.checks import AgeCheck

KINDS = ("older", "younger", "never")
DECISIONS = ("granted", "declined")


class Contest(models.Model):
    """
    One contest of an age. Made without an account; the number and a secret word find it again.

    `evidence` is the key of what was told, each file has its own: all are destroyed in the transaction of the decision.
    `answer` is the key of the reason that the person reads. What stays in the end: kind, decision, times, and the name
    in the ledger.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    number = models.CharField(max_length=8, unique=True)
    once = models.BinaryField(
        max_length=32, unique=True, help_text="SHA-256 of the form's own word: sent twice is once"
    )
    kind = models.CharField(max_length=7)
    question = models.ForeignKey(AgeCheck, null=True, on_delete=models.PROTECT, related_name="contests")
    ref = models.UUIDField(null=True, help_text="the account of the check, as the room above knows it")
    jurisdiction = models.CharField(max_length=12)
    raised_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    safe_at = models.DateTimeField(null=True, help_text="the earliest reading where the law is unclear")
    articles = models.JSONField(default=list)
    doubt = models.JSONField(default=dict, help_text="{id, en}: what is unclear about the due time")
    forget_at = models.DateTimeField(help_text="when what is still kept is forgotten")
    evidence = models.UUIDField(
        null=True, help_text="vault: the key of words and files, of this contest alone"
    )
    words = models.UUIDField(null=True, help_text="vault: what was told")
    files_shown = models.PositiveSmallIntegerField(default=0, help_text="how many files came with it")
    opened_at = models.DateTimeField(null=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    late_at = models.DateTimeField(null=True, help_text="the due time, once it passed without an answer")
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=8, default="", blank=True)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answer = models.UUIDField(null=True, help_text="vault: the key of the reason alone")
    reason = models.UUIDField(null=True, help_text="vault: {id, en}")
    forgotten_at = models.DateTimeField(null=True)
    salt = models.BinaryField(max_length=32)
    ledger_name = models.CharField(max_length=64, help_text="salted hash of the id")

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="ages_contest_kind", condition=Q(kind__in=KINDS)),
            models.CheckConstraint(
                name="ages_contest_is_decided_whole",
                condition=Q(decided_at__isnull=True, decision="", officer__isnull=True)
                | Q(decided_at__isnull=False, decision__in=DECISIONS, officer__isnull=False),
            ),
            # INVARIANT: nothing that was told or shown outlives the decision.
            models.CheckConstraint(
                name="ages_contest_evidence_ends",
                condition=Q(decided_at__isnull=True, forgotten_at__isnull=True)
                | Q(evidence__isnull=True, words__isnull=True),
            ),
            models.CheckConstraint(
                name="ages_contest_opened_by_somebody",
                condition=Q(opened_at__isnull=True, opened_by__isnull=True)
                | Q(opened_at__isnull=False, opened_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="ages_contest_waits",
                condition=Q(decided_at__isnull=True, forgotten_at__isnull=True),
            ),
            models.Index(
                fields=["ref"],
                name="ages_contest_of_account",
                condition=Q(decided_at__isnull=True, forgotten_at__isnull=True),
            ),
            models.Index(
                fields=["forget_at"], name="ages_contest_forgets", condition=Q(forgotten_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ContestFile(models.Model):
    """A document for a contest, sealed in parts under a key of its own: seen once, and destroyed by that.

    What is left of it until the decision: when it was seen, and by whom.
    """

    id = models.BigAutoField(primary_key=True)
    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="files")
    place = models.PositiveSmallIntegerField(help_text="1, 2, ...")
    kind = models.CharField(max_length=5)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField(help_text="bytes")
    family = models.UUIDField(null=True, help_text="vault: the key of this file alone")
    parts = models.JSONField(help_text="vault: references, in order")
    shown_at = models.DateTimeField(null=True)
    shown_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        default_permissions = ()
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(name="ages_contest_file_place", fields=["contest", "place"]),
            models.CheckConstraint(
                name="ages_contest_file_seen_is_gone",
                condition=Q(shown_at__isnull=True, shown_to__isnull=True, family__isnull=False)
                | Q(shown_at__isnull=False, shown_to__isnull=False, family__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contest_id} {self.place}"


class ContestCount(models.Model):
    """How often something happened for one keyed hash within one hour; never to whom."""

    id = models.BigAutoField(primary_key=True)
    key = models.BinaryField(max_length=32)
    hour = models.BigIntegerField(help_text="whole hours since 1970")
    count = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(name="ages_contest_count", fields=["key", "hour"])]

    def __str__(self) -> str:
        return str(self.count)
