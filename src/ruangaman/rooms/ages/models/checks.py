"""One question about an age, the tries to answer it, and who holds what was proved."""

from django.db import models
from django.db.models import F, Q

from ruangaman.core.age_checks import ASSURANCES


class Holder(models.Model):
    """
    A wallet (dompet) of somebody who proved an age: the range, the way, the assurance and the days, and nothing else.

    `login` is the SHA-256 of a secret of 256 bits that the wallet keeps. The range stands sealed. Times are whole days,
    those in the row's own id too: to the second they would join it to the check that it came from.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    login = models.BinaryField(max_length=32, unique=True)
    jurisdiction = models.CharField(max_length=12)
    family = models.UUIDField(help_text="vault: the key of this wallet alone")
    range = models.UUIDField(help_text="vault: {at_least, at_most, on}, completed years on a day")
    method = models.CharField(max_length=20)
    evidence = models.CharField(max_length=20, help_text="the law's word")
    assurance = models.CharField(max_length=10)
    decided_at = models.DateTimeField()
    created_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, help_text="the day: nothing is issued any more")

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="ages_holder_assurance", condition=Q(assurance__in=ASSURANCES)),
        ]

    def __str__(self) -> str:
        return str(self.id)


class AgeCheck(models.Model):
    """
    One question, "this age or over", for one account at one service. Decided once; what was shown for it is not kept.

    `ref` is the account as the room above knows it. `card` is what the page says of the service, `facts` what the law
    is asked of it.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    ref = models.UUIDField(db_index=True)
    digest = models.BinaryField(max_length=32, unique=True, help_text="SHA-256 of the link's secret")
    jurisdiction = models.CharField(max_length=12)
    card = models.JSONField(help_text="{slug, name, operator}")
    facts = models.JSONField(help_text="the fact `service`")
    threshold = models.PositiveSmallIntegerField(
        null=True, help_text="completed years: this age or over; empty until somebody says which decides"
    )
    bounds = models.JSONField(default=list, help_text="the ages between which somebody chooses then")
    language = models.CharField(max_length=2, default="id")
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, help_text="no longer needed")
    decided_at = models.DateTimeField(null=True)
    family = models.UUIDField(null=True, help_text="vault: the key of this check alone")
    result = models.UUIDField(null=True, help_text="vault: {over: true or false}")
    kept_at = models.DateTimeField(
        null=True, help_text="the day on which the result went into a wallet, once"
    )
    method = models.CharField(max_length=20, default="", blank=True)
    evidence = models.CharField(max_length=20, default="", blank=True)
    assurance = models.CharField(max_length=10, default="", blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="ages_check_is_decided_whole",
                condition=Q(
                    decided_at__isnull=True, result__isnull=True, method="", evidence="", assurance=""
                )
                | (
                    Q(
                        decided_at__isnull=False,
                        result__isnull=False,
                        threshold__isnull=False,
                        assurance__in=ASSURANCES,
                    )
                    & ~Q(method="")
                    & ~Q(evidence="")
                ),
            ),
            models.UniqueConstraint(
                name="ages_one_open_check",
                fields=["ref"],
                condition=Q(decided_at__isnull=True, closed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Attempt(models.Model):
    """
    One try to prove, by one way, in one browser: what must come back is bound to it.

    What was tried in vain is deleted after two days, what decided goes with the result.

    `state` is the SHA-256 of the word that goes along and comes back, `browser` that of the secret that only the
    browser holds which began. What the answer must repeat (`nonce`) is made again from the try's id, and not stored.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    question = models.ForeignKey(AgeCheck, on_delete=models.PROTECT, related_name="attempts")
    method = models.CharField(max_length=20)
    partner = models.CharField(max_length=40, default="", blank=True, help_text="slug of the institution")
    state = models.BinaryField(max_length=32, unique=True)
    browser = models.BinaryField(max_length=32)
    sealed = models.UUIDField(null=True, help_text="vault: the key that opens the answer, destroyed with it")
    began_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    why = models.CharField(
        max_length=60, default="", blank=True, help_text="code of a refusal; empty: proved"
    )
    response_code = models.BinaryField(max_length=32, null=True, help_text="SHA-256; OpenID4VP direct_post")

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="ages_attempt_ends", condition=Q(ends_at__gt=F("began_at"))),
        ]
        indexes = [
            models.Index(fields=["ends_at"], name="ages_attempt_open", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["ended_at"], name="ages_attempt_sealed", condition=Q(sealed__isnull=False)),
            models.Index(
                fields=["ended_at"],
                name="ages_attempt_in_vain",
                condition=Q(ended_at__isnull=False) & ~Q(why=""),
            ),
            models.Index(
                fields=["response_code"],
                name="ages_attempt_answered",
                condition=Q(response_code__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def nonce(self) -> str:
        """43 characters of base64url, 32 bytes: what the answer to this try must repeat."""
        from ruangaman.rooms.ages import links

        return links.nonce(self.pk)


class Institution(models.Model):
    """A school, a registry, a telco: answers "this age or over?" by a signed yes or no. Holds no data of people."""

    slug = models.SlugField(primary_key=True, max_length=40)
    kind = models.CharField(max_length=20, help_text="school, civil_registry, telco, other")
    name = models.JSONField(help_text="{id, en}")
    issuer = models.CharField(max_length=200, unique=True)
    audience = models.CharField(max_length=200, help_text="how the institution calls this house")
    ask_url = models.URLField(max_length=400)
    keys = models.JSONField(help_text="JWKS with the public keys that sign answers")
    assurance = models.CharField(max_length=10, help_text="the most that its answer is worth")
    enabled = models.BooleanField(default=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="ages_institution_assurance", condition=Q(assurance__in=ASSURANCES)),
        ]

    def __str__(self) -> str:
        return self.slug


class VerdictUse(models.Model):
    """An institution's answer that was accepted once; a second time it is refused."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT)
    verdict_id = models.BinaryField(max_length=32, help_text="SHA-256 of the answer's own id")
    used_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(name="ages_verdict_used_once", fields=["institution", "verdict_id"])
        ]

    def __str__(self) -> str:
        return str(self.pk)
