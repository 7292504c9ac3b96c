"""One child at one service, the questions put to guardians for it, and the acts already done for a key."""

from django.db import models
from django.db.models import Q

from ruangaman.core.consent import State
from ruangaman.rooms.access.models.services import Service


class AccessSession(models.Model):
    """One account of one child at one service. Lives until the platform closes the account; never deleted.

    Age and name stand with the child in `families`; the platform's pseudonym is sealed under a key of the
    session's own. `state` is what the law last said when something was written; readers ask the law again.

    `openid`: whether it began by OpenID Connect, and whether its platform has had an ID token of it. Of such an account
    the API tells no more than that token (docs/guides/oidc.md).
    """

    STATES = ("open", "waiting", "closed")
    OPENID_ASKED, OPENID_TOLD = "asked", "told"

    id = models.UUIDField(primary_key=True, editable=False)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="sessions")
    sandbox = models.BooleanField(default=False)
    family = models.UUIDField(help_text="vault: the key under which the pseudonym is sealed")
    subject = models.UUIDField(help_text="vault: the platform's pairwise pseudonym")
    subject_key = models.BinaryField(max_length=32, help_text="keyed hash of service and pseudonym")
    child = models.UUIDField(unique=True)
    country = models.CharField(max_length=12)
    language = models.CharField(max_length=2, default="id")
    child_consented_at = models.DateTimeField(null=True)
    request = models.UUIDField(null=True, unique=True, help_text="the latest question to a guardian")
    guardian_key = models.BinaryField(max_length=32, null=True, help_text="keyed hash of the last address")
    state = models.CharField(max_length=8, default="closed")
    openid = models.CharField(max_length=5, default="", blank=True)
    return_to = models.CharField(
        max_length=500, default="", blank=True, help_text="of the addresses that its service has registered"
    )
    salt = models.BinaryField(max_length=32, help_text="destroying it blinds the ledger's leaf")
    ledger_name = models.CharField(max_length=64, help_text="its salted name in the ledger")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    deletion = models.UUIDField(null=True, help_text="the duty to delete that closing began")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="access_session_state", condition=Q(state__in=("open", "waiting", "closed"))
            ),
            models.CheckConstraint(
                name="access_closed_account_is_closed",
                condition=Q(closed_at__isnull=True) | Q(state="closed"),
            ),
            models.CheckConstraint(
                name="access_session_openid", condition=Q(openid__in=("", "asked", "told"))
            ),
            models.UniqueConstraint(
                name="access_one_live_session_per_subject",
                fields=["service", "sandbox", "subject_key"],
                condition=Q(closed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class GuardianAsk(models.Model):
    """One question to a guardian for one session; `follows` is the lapsed or answered one before it."""

    request = models.UUIDField(primary_key=True, editable=False)
    session = models.ForeignKey(AccessSession, on_delete=models.PROTECT, related_name="asks")
    kind = models.CharField(max_length=12)
    asked_at = models.DateTimeField()
    follows = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="followed_by")

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.CheckConstraint(name="access_ask_kind", condition=Q(kind__in=("consent", "confirmation"))),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.request}"


class StatusEntry(models.Model):
    """
    An entry of a status list of consents, and what was last set there. Which entry it is stands sealed under the key of
    its session alone.

    `request` is the yes that it stands for; none where no guardian had to be asked. Such a one stands as long as the
    law says so: `law` is the pack that was last asked (empty: to be asked again), `due_at` when its answer may change.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    session = models.ForeignKey(AccessSession, on_delete=models.PROTECT, related_name="status_entries")
    request = models.UUIDField(null=True, unique=True)
    sealed = models.UUIDField(help_text="vault: {list, idx}")
    status = models.PositiveSmallIntegerField(default=0, help_text="0 valid, 1 invalid, 2 suspended")
    law = models.CharField(max_length=64, default="", blank=True, help_text="hash of the pack that was asked")
    due_at = models.DateTimeField(null=True, help_text="when the answer of that pack may change")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="access_one_entry_without_a_request",
                fields=["session"],
                condition=Q(request__isnull=True) & ~Q(status=1),
            ),
            models.CheckConstraint(name="access_entry_status", condition=Q(status__in=(0, 1, 2))),
        ]
        indexes = [
            models.Index(
                fields=["law"], name="access_entry_law", condition=Q(request__isnull=True) & ~Q(status=1)
            ),
            models.Index(
                fields=["due_at"], name="access_entry_due", condition=Q(request__isnull=True) & ~Q(status=1)
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class SandboxConsent(models.Model):
    """A guardian's answer that nobody gave: what a sandbox key sees instead of a real request.

    It follows the same state machine and the same windows, and no page, mail or message belongs to it.
    """

    ask = models.OneToOneField(
        GuardianAsk, primary_key=True, on_delete=models.PROTECT, related_name="simulated"
    )
    state = models.CharField(max_length=20, default=State.REQUESTED.value)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    deletion = models.UUIDField(null=True, unique=True)
    deletion_reason = models.CharField(max_length=10, default="", blank=True)
    deletion_started_at = models.DateTimeField(null=True)
    deletion_done_at = models.DateTimeField(null=True)
    receipt = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="access_sandbox_state", condition=Q(state__in=[state.value for state in sorted(State)])
            ),
            models.CheckConstraint(
                name="access_sandbox_deletion_is_whole",
                condition=Q(deletion__isnull=True, deletion_started_at__isnull=True)
                | Q(deletion__isnull=False, deletion_started_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.ask_id}"


class IdempotencyKey(models.Model):
    """An act done under a key of the caller's choosing; a second call is answered with what the first one made.

    Written before the act and in its transaction, so that of two calls at once the second waits for the first; `ref`
    and `status` stand there when the act is done. The body is known by a keyed hash only. Kept for a day.
    """

    id = models.BigAutoField(primary_key=True)
    owner = models.CharField(max_length=200, help_text="the caller: service or operator, live or sandbox")
    key_hash = models.BinaryField(max_length=32)
    body_hash = models.BinaryField(max_length=32)
    act = models.CharField(max_length=40)
    ref = models.UUIDField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="access_one_act_per_idempotency_key", fields=["owner", "key_hash"]),
            models.CheckConstraint(
                name="access_only_success_is_kept", condition=Q(status__gte=200, status__lt=300)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.id}"
