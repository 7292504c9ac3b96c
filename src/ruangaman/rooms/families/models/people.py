"""Children, guardians, the relation between them, and how a guardian proves to be the one who came before."""

from django.db import models
from django.db.models import F, Q


class Child(models.Model):
    """A child as one service knows it. Rows of one person share `person`, the first of them, once a
    guardian said so.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    family = models.UUIDField(db_index=True)
    person = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="same")
    profile = models.UUIDField(help_text="vault: nickname, age, evidence, assurance")
    person_hash = models.BinaryField(
        max_length=32, null=True, help_text="keyed hash of the registry's pairwise id"
    )
    band_day = models.BinaryField(
        max_length=32,
        null=True,
        db_index=True,
        help_text="keyed hash of the local day on which the band changes",
    )
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="families_child_closes_after_it_begins",
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("created_at")),
            ),
            models.CheckConstraint(name="families_child_not_its_own_copy", condition=~Q(person=F("id"))),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def root(self) -> "Child":
        """The row that stands for the person."""
        return self.person or self


class Guardian(models.Model):
    """A grown-up who answers for a child. `identity` is the same for one person in every family he or she
    belongs to.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    family = models.UUIDField(db_index=True)
    identity = models.BinaryField(
        max_length=32, null=True, db_index=True, help_text="keyed hash of provider and pairwise id"
    )
    email = models.UUIDField(null=True, help_text="vault: the address, found by keyed hash")
    email_verified_at = models.DateTimeField(null=True)
    phone = models.UUIDField(null=True, help_text="vault: the number")
    language = models.CharField(max_length=2, default="id")
    passkey_offered_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="families_one_guardian_row_per_person",
                fields=["family", "identity"],
                condition=Q(identity__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Relation(models.Model):
    """What binds a guardian to a child, how well it is proven, and what it allows."""

    KINDS = ("mother", "father", "guardian", "parent")
    AUTHORITIES = ("full", "view", "none")

    id = models.UUIDField(primary_key=True, editable=False)
    family = models.UUIDField(db_index=True)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="relations")
    guardian = models.ForeignKey(Guardian, on_delete=models.PROTECT, related_name="relations")
    kind = models.CharField(max_length=10)
    level = models.PositiveSmallIntegerField(help_text="0 contact, 1 adult, 2 identity, 3 relation")
    authority = models.CharField(max_length=4, default="full")
    court_order = models.BooleanField(default=False)
    method = models.CharField(max_length=40)
    provider = models.CharField(max_length=40)
    reference = models.UUIDField(null=True, help_text="vault: the provider's own reference of its check")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="families_relation_kind",
                condition=Q(kind__in=("mother", "father", "guardian", "parent")),
            ),
            models.CheckConstraint(
                name="families_relation_authority", condition=Q(authority__in=("full", "view", "none"))
            ),
            models.CheckConstraint(name="families_relation_level", condition=Q(level__lte=3)),
            models.CheckConstraint(
                name="families_relation_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
            ),
            models.UniqueConstraint(
                name="families_one_relation_per_pair",
                fields=["child", "guardian"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Passkey(models.Model):
    """A guardian's passkey (WebAuthn): the public key only."""

    id = models.UUIDField(primary_key=True, editable=False)
    family = models.UUIDField(db_index=True)
    guardian = models.ForeignKey(Guardian, on_delete=models.PROTECT, related_name="passkeys")
    credential_id = models.BinaryField(max_length=1023, unique=True)
    public_key = models.BinaryField(max_length=2048)
    sign_count = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.id)


class VerdictProvider(models.Model):
    """A registered office that says whether two people are parent and child. Holds no data of people."""

    slug = models.SlugField(primary_key=True, max_length=40)
    name = models.JSONField(help_text="{id, en}")
    issuer = models.CharField(max_length=200, unique=True)
    audience = models.CharField(max_length=200, help_text="how the provider calls this house")
    ask_url = models.URLField(max_length=400)
    keys = models.JSONField(help_text="JWKS with the public keys that sign verdicts")
    checks_names = models.BooleanField(
        default=False, help_text="whether this office says if the child's name fits; then it must fit"
    )
    enabled = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.slug


class VerdictUse(models.Model):
    """A verdict that was accepted once; a second time it is refused."""

    id = models.UUIDField(primary_key=True, editable=False)
    family = models.UUIDField(db_index=True)
    provider = models.ForeignKey(VerdictProvider, on_delete=models.PROTECT)
    verdict_id = models.BinaryField(max_length=32, help_text="SHA-256 of the verdict's own id")
    used_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="families_verdict_used_once", fields=["provider", "verdict_id"]),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Invite(models.Model):
    """A guardian asked a second one to join. Accepting needs a proof of the relation by the second one."""

    id = models.UUIDField(primary_key=True, editable=False)
    family = models.UUIDField(db_index=True)
    child = models.ForeignKey(Child, on_delete=models.PROTECT)
    by = models.ForeignKey(Guardian, on_delete=models.PROTECT, related_name="invites")
    address = models.UUIDField(null=True, help_text="vault: where the invitation was sent")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="families_invite_ends", condition=Q(expires_at__gt=F("created_at"))),
        ]

    def __str__(self) -> str:
        return str(self.id)
