"""The issuer's keys, one per claim, assurance and epoch, and how many tokens each wallet took."""

from django.db import models
from django.db.models import F, Q

from ruangaman.core.age_checks import ASSURANCES
from ruangaman.rooms.ages.models.checks import Holder


class IssuerKey(models.Model):
    """
    One RSA key for blind signing only. Its meaning is its claim and assurance; it lives one epoch and an overlap.

    The private part stands sealed in the vault under a family of its own, which is destroyed when the key is over.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    claim = models.CharField(max_length=20, help_text="age_over_N or age_under_N")
    assurance = models.CharField(max_length=10)
    epoch = models.PositiveIntegerField(help_text="whole epochs since 1970")
    key_id = models.BinaryField(max_length=32, unique=True, help_text="SHA-256 of `spki`")
    last_byte = models.PositiveSmallIntegerField()
    spki = models.BinaryField(help_text="SubjectPublicKeyInfo, id-RSASSA-PSS")
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    family = models.UUIDField(help_text="vault: the key that seals the private part")
    sealed = models.UUIDField(help_text="vault: the private part")
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    destroyed_at = models.DateTimeField(null=True, help_text="when the private part was destroyed")

    class Meta:
        default_permissions = ()
        ordering = ["not_before", "claim", "assurance"]
        constraints = [
            models.CheckConstraint(name="ages_key_lives", condition=Q(not_after__gt=F("not_before"))),
            models.CheckConstraint(name="ages_key_assurance", condition=Q(assurance__in=ASSURANCES)),
            models.UniqueConstraint(
                name="ages_one_key_per_claim_and_epoch",
                fields=["claim", "assurance", "epoch"],
                condition=Q(withdrawn_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim} {self.assurance} {self.epoch}"


class DirectoryVersion(models.Model):
    """The issuer's directory as it stood from a moment on; its digest stands in the ledger."""

    number = models.BigAutoField(primary_key=True)
    body = models.TextField()
    digest = models.BinaryField(max_length=32)
    published_at = models.DateTimeField()
    ledger_index = models.BigIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.number)


class Issued(models.Model):
    """How many tokens of one key a wallet took. No time, no blinded message: only the count."""

    holder = models.ForeignKey(Holder, on_delete=models.CASCADE, related_name="issued")
    key = models.ForeignKey(IssuerKey, on_delete=models.PROTECT, related_name="issued")
    count = models.PositiveSmallIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(name="ages_one_count", fields=["holder", "key"])]

    def __str__(self) -> str:
        return str(self.count)


class SpentToken(models.Model):
    """A token that was redeemed at this house; kept until nobody takes its key any more."""

    key = models.ForeignKey(IssuerKey, on_delete=models.PROTECT, related_name="spent")
    nonce = models.BinaryField(max_length=32)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(name="ages_token_spent_once", fields=["key", "nonce"])]

    def __str__(self) -> str:
        return str(self.pk)
