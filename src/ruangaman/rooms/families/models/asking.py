"""A request, its record, and everything that carries it to a guardian."""

from django.db import models
from django.db.models import F, Q

from ruangaman.core.consent import WAITING, State
from ruangaman.rooms.families.models.people import Child, Guardian

LIVE = sorted([*WAITING, State.GIVEN])
ANSWERED = [State.GIVEN, State.REFUSED, State.WITHDRAWN]


class ConsentRequest(models.Model):
    """One question about one child, one service and one purpose, and the answer that it got. Never
    deleted.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    family = models.UUIDField(db_index=True)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="requests")
    service_ref = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=12, help_text="consent or confirmation")
    state = models.CharField(max_length=20, default=State.REQUESTED.value)
    card = models.JSONField(help_text="the service as shown: public facts only")
    answer = models.UUIDField(help_text="vault: the law's answer as shown")
    contact = models.UUIDField(null=True, help_text="vault: where the guardian may be reached")
    note = models.UUIDField(null=True, help_text="vault: a line that the guardian wrote for the child")
    language = models.CharField(max_length=2, default="id")
    notice = models.TextField(help_text="the very text that was shown, without any person in it")
    notice_version = models.CharField(max_length=20)
    notice_language = models.CharField(max_length=2)
    notice_sha256 = models.CharField(max_length=64)
    record_id = models.UUIDField(unique=True, help_text="TS 27560 record_id, UUID version 4")
    digest = models.BinaryField(max_length=32, unique=True, help_text="what the tile is drawn from")
    code_number = models.PositiveIntegerField(default=1, help_text="which short code is the present one")
    linked_to = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="followed_by")
    guardian = models.ForeignKey(Guardian, null=True, on_delete=models.PROTECT, related_name="answers")
    ended_by = models.ForeignKey(Guardian, null=True, on_delete=models.PROTECT, related_name="endings")
    relation_kind = models.CharField(max_length=10, default="", blank=True)
    proof_level = models.PositiveSmallIntegerField(null=True)
    proof_method = models.CharField(max_length=40, default="", blank=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    astray_at = models.DateTimeField(
        null=True, help_text="when whoever came by code or QR said: not my child"
    )
    answered_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True, help_text="when the consent ends by itself")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="families_request_kind", condition=Q(kind__in=("consent", "confirmation"))
            ),
            models.CheckConstraint(
                name="families_request_state", condition=Q(state__in=[state.value for state in sorted(State)])
            ),
            models.CheckConstraint(
                name="families_request_due_after_begin",
                condition=Q(due_at__isnull=True) | Q(due_at__gt=F("created_at")),
            ),
            models.CheckConstraint(
                name="families_answer_has_a_proven_guardian",
                condition=~Q(state__in=[state.value for state in ANSWERED])
                | Q(guardian__isnull=False, answered_at__isnull=False, proof_level__isnull=False),
            ),
            models.CheckConstraint(
                name="families_answer_in_time",
                condition=Q(answered_at__isnull=True)
                | Q(due_at__isnull=True)
                | Q(answered_at__lte=F("due_at")),
            ),
            models.UniqueConstraint(
                name="families_one_live_request_per_service",
                fields=["child", "service_ref"],
                condition=Q(state__in=[state.value for state in LIVE]),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="families_waiting_due",
                condition=Q(state__in=[state.value for state in sorted(WAITING)]),
            ),
            models.Index(
                fields=["ends_at"], name="families_given_ends", condition=Q(state=State.GIVEN.value)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id} {self.state}"


class Claim(models.Model):
    """Somebody proven to be a parent of a child of this age wants to answer; the child says whether it is its own."""

    id = models.UUIDField(primary_key=True, editable=False)
    family = models.UUIDField(db_index=True)
    request = models.ForeignKey(ConsentRequest, on_delete=models.PROTECT, related_name="claims")
    pair = models.BinaryField(max_length=32, help_text="keyed hash of provider and both pairwise ids")
    relation = models.CharField(max_length=10)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    mine = models.BooleanField(null=True, help_text="what the child said")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="families_one_claim_per_pair", fields=["request", "pair"]),
            models.CheckConstraint(
                name="families_claim_relation",
                condition=Q(relation__in=("mother", "father", "guardian", "parent")),
            ),
            models.CheckConstraint(
                name="families_claim_answered",
                condition=Q(mine__isnull=True, answered_at__isnull=True)
                | Q(mine__isnull=False, answered_at__gte=F("asked_at")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class RecordEvent(models.Model):
    """One event of a consent record (TS 27560 names); its salted hash stands in the ledger."""

    id = models.UUIDField(primary_key=True, editable=False)
    family = models.UUIDField(db_index=True)
    request = models.ForeignKey(ConsentRequest, on_delete=models.PROTECT, related_name="events")
    number = models.PositiveSmallIntegerField(help_text="place in the record, from 1")
    event_time = models.DateTimeField()
    event_type = models.CharField(max_length=60)
    event_state = models.CharField(max_length=60)
    guardian = models.ForeignKey(Guardian, null=True, on_delete=models.PROTECT)
    salt = models.BinaryField(max_length=32, null=True, help_text="destroying it blinds the ledger's leaf")
    ledger_index = models.BigIntegerField(null=True)
    ledger_hash = models.CharField(max_length=64, default="", blank=True)

    class Meta:
        ordering = ["request", "number"]
        constraints = [
            models.UniqueConstraint(name="families_one_event_per_place", fields=["request", "number"]),
        ]

    def __str__(self) -> str:
        return f"{self.event_state} {self.id}"


class Token(models.Model):
    """A link, known only by the SHA-256 of its 256 bits."""

    id = models.UUIDField(primary_key=True, editable=False)
    family = models.UUIDField(db_index=True)
    digest = models.BinaryField(max_length=32, unique=True)
    purpose = models.CharField(max_length=20)
    request = models.ForeignKey(ConsentRequest, null=True, on_delete=models.PROTECT, related_name="tokens")
    child = models.ForeignKey(Child, null=True, on_delete=models.PROTECT, related_name="tokens")
    guardian = models.ForeignKey(Guardian, null=True, on_delete=models.PROTECT, related_name="tokens")
    invite = models.ForeignKey("families.Invite", null=True, on_delete=models.PROTECT)
    outgoing = models.ForeignKey(
        "families.Outgoing", null=True, on_delete=models.PROTECT, related_name="links"
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.purpose} {self.id}"


class ShortCode(models.Model):
    """Eight characters (40 bits) that find a request for 15 minutes and five openings; nothing more."""

    hash = models.BinaryField(max_length=32, primary_key=True)
    family = models.UUIDField(db_index=True)
    request = models.ForeignKey(ConsentRequest, on_delete=models.PROTECT, related_name="codes")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    uses = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(name="families_code_five_uses", condition=Q(uses__lte=5))]

    def __str__(self) -> str:
        return f"code of {self.request_id}"


class OneTimeWord(models.Model):
    """The word in the message that a guardian sends to us; it finds the request and says which number
    wrote.
    """

    hash = models.BinaryField(max_length=32, primary_key=True)
    family = models.UUIDField(db_index=True)
    request = models.ForeignKey(ConsentRequest, on_delete=models.PROTECT, related_name="words")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"word of {self.request_id}"


class Outgoing(models.Model):
    """A mail or message to deliver at least once: a sealed address and a template, rendered when it is
    sent.
    """

    STATES = ("queued", "sent", "undeliverable", "dropped")

    id = models.UUIDField(primary_key=True, editable=False)
    family = models.UUIDField(db_index=True)
    lane = models.CharField(max_length=10)
    template = models.CharField(max_length=40)
    address = models.UUIDField(help_text="vault")
    language = models.CharField(max_length=2)
    request = models.ForeignKey(ConsentRequest, null=True, on_delete=models.PROTECT, related_name="letters")
    guardian = models.ForeignKey(Guardian, null=True, on_delete=models.PROTECT)
    invite = models.ForeignKey("families.Invite", null=True, on_delete=models.PROTECT)
    deletion = models.ForeignKey("families.DeletionTask", null=True, on_delete=models.PROTECT)
    state = models.CharField(max_length=14, default="queued")
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    next_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=60, default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="families_outgoing_lane", condition=Q(lane__in=("mail", "whatsapp"))),
            models.CheckConstraint(
                name="families_outgoing_state",
                condition=Q(state__in=("queued", "sent", "undeliverable", "dropped")),
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], name="families_outgoing_due", condition=Q(state="queued")),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.id} {self.state}"


class Limit(models.Model):
    """How often something happened for one keyed hash within one window."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=20)
    key = models.BinaryField(max_length=32)
    window = models.BigIntegerField(help_text="number of the window since 1970")
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="families_one_limit_per_window", fields=["kind", "key", "window"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.window}"
