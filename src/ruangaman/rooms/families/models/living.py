"""After the answer: switches, watches, objections, deletions, receipts."""

from django.db import models
from django.db.models import F, Q

from ruangaman.rooms.families.models.asking import ConsentRequest
from ruangaman.rooms.families.models.people import Child, Guardian


class Permission(models.Model):
    """One switch of a service for one child: who may turn it, and how it stands."""

    id = models.UUIDField(primary_key=True, editable=False)
    family = models.UUIDField(db_index=True)
    request = models.ForeignKey(ConsentRequest, on_delete=models.PROTECT, related_name="permissions")
    feature = models.CharField(max_length=60)
    title = models.JSONField(help_text="{id, en}")
    managed_by = models.CharField(max_length=8)
    state = models.CharField(max_length=3)
    article = models.CharField(max_length=120, default="", blank=True)
    watch = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["position", "feature"]
        constraints = [
            models.UniqueConstraint(name="families_one_switch_per_feature", fields=["request", "feature"]),
            models.CheckConstraint(
                name="families_permission_manager",
                condition=Q(managed_by__in=("child", "guardian", "nobody")),
            ),
            models.CheckConstraint(name="families_permission_state", condition=Q(state__in=("on", "off"))),
            models.CheckConstraint(
                name="families_closed_by_law_stays_off", condition=~Q(managed_by="nobody") | Q(state="off")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.feature} {self.state}"


class Watch(models.Model):
    """A guardian sees something of a child. It always has a reason, and the child reads it."""

    id = models.UUIDField(primary_key=True, editable=False)
    family = models.UUIDField(db_index=True)
    permission = models.ForeignKey(Permission, on_delete=models.PROTECT, related_name="watches")
    guardian = models.ForeignKey(Guardian, on_delete=models.PROTECT)
    reason = models.UUIDField(help_text="vault: one line for the child; never empty")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="families_watch_ends_after_it_begins",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
            ),
            models.UniqueConstraint(
                name="families_one_watch_per_switch", fields=["permission"], condition=Q(until__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Objection(models.Model):
    """A child does not agree. Goes to the guardian, or to an officer where no guardian is proven; a guardian's that is
    not answered in time passes to the officers, and `due_at` is then theirs.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    family = models.UUIDField(db_index=True)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="objections")
    request = models.ForeignKey(ConsentRequest, null=True, on_delete=models.PROTECT)
    to = models.CharField(max_length=8, help_text="guardian or officer")
    feeling = models.CharField(
        max_length=8, default="", blank=True, help_text="6-9 years: like, dislike, afraid"
    )
    words = models.UUIDField(null=True, help_text="vault")
    reply = models.UUIDField(null=True, help_text="vault")
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    passed_at = models.DateTimeField(
        null=True, help_text="when its guardian's time was over and the officers' began"
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="families_objection_to", condition=Q(to__in=("guardian", "officer"))),
            models.CheckConstraint(
                name="families_objection_passes_from_a_guardian",
                condition=Q(passed_at__isnull=True) | Q(to="guardian", passed_at__gte=F("created_at")),
            ),
            models.CheckConstraint(
                name="families_objection_says_something", condition=Q(words__isnull=False) | ~Q(feeling="")
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class AgeReview(models.Model):
    """ "My age is wrong": what the child says, to be looked at by a person."""

    id = models.UUIDField(primary_key=True, editable=False)
    family = models.UUIDField(db_index=True)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="age_reviews")
    direction = models.CharField(max_length=8, help_text="older, younger, never")
    words = models.UUIDField(null=True, help_text="vault")
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="families_age_review_direction", condition=Q(direction__in=("older", "younger", "never"))
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class DeletionTask(models.Model):
    """A service must delete what it holds of a child, and say so."""

    id = models.UUIDField(primary_key=True, editable=False)
    family = models.UUIDField(db_index=True)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="deletions")
    request = models.ForeignKey(ConsentRequest, null=True, on_delete=models.PROTECT, related_name="deletions")
    service_ref = models.UUIDField(db_index=True)
    reason = models.CharField(max_length=10)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    safe_at = models.DateTimeField(null=True, help_text="the earliest reading where the law is unclear")
    doubt = models.JSONField(default=dict, help_text="{id, en}: what is unclear about the due time")
    articles = models.JSONField(default=list)
    stop_at = models.DateTimeField(null=True, help_text="by when processing must stop (UU PDP Art. 40)")
    stop_doubt = models.JSONField(default=dict, help_text="{id, en}: what is unclear about that time")
    told_late_at = models.DateTimeField(null=True)
    complained_at = models.DateTimeField(null=True)
    complaint = models.UUIDField(null=True, help_text="vault: a guardian's words")
    done_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    systems = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    exceptions = models.JSONField(default=list)
    by = models.CharField(max_length=80, default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="families_deletion_reason", condition=Q(reason__in=("refused", "withdrawn", "closed"))
            ),
            models.CheckConstraint(
                name="families_deletion_done_with_confirmation",
                condition=Q(done_at__isnull=True, confirmed_at__isnull=True)
                | Q(done_at__isnull=False, confirmed_at__isnull=False, done_at__gte=F("started_at")),
            ),
            models.UniqueConstraint(
                name="families_one_deletion_per_request",
                fields=["request"],
                condition=Q(request__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.id}"


class Receipt(models.Model):
    """A proof to keep. `body` is canonical JSON without any person's name; its salted hash stands in the
    ledger.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    family = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=10)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="receipts")
    request = models.ForeignKey(ConsentRequest, null=True, on_delete=models.PROTECT, related_name="receipts")
    deletion = models.ForeignKey(DeletionTask, null=True, on_delete=models.PROTECT, related_name="receipts")
    body = models.JSONField()
    digest = models.BinaryField(
        max_length=32, unique=True, help_text="SHA-256 of salt and body; the tile's hash"
    )
    salt = models.BinaryField(max_length=32)
    ledger_index = models.BigIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="families_receipt_kind",
                condition=Q(kind__in=("given", "refused", "withdrawn", "deletion")),
            ),
            models.UniqueConstraint(
                name="families_one_receipt_per_deletion", fields=["deletion"], condition=Q(kind="deletion")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Settled(models.Model):
    """Up to which local day the birthdays were settled, per jurisdiction, and under which law of birthdays."""

    name = models.CharField(max_length=40, primary_key=True)
    through = models.DateField()

    def __str__(self) -> str:
        return f"{self.name} {self.through}"


class Shown(models.Model):
    """The law's latest answer about one child at one service, kept so that the child can read why."""

    id = models.UUIDField(primary_key=True, editable=False)
    family = models.UUIDField(db_index=True)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="shown")
    service_ref = models.UUIDField()
    card = models.JSONField(help_text="public facts of the service")
    answer = models.UUIDField(help_text="vault: the law's answer")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="families_one_shown_per_service", fields=["child", "service_ref"]),
        ]

    def __str__(self) -> str:
        return str(self.id)
