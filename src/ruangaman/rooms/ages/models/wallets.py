"""Who is trusted for what, where somebody shows a credential out of a wallet. What is shown has no table."""

from django.db import models
from django.db.models import Q

from ruangaman.core.age_checks import ASSURANCES


class WalletTrust(models.Model):
    """
    One list of issuers, as `ruangaman ages trust add` read it.

    `anchors` are entries as `core.credentials.x509.anchor_of` reads them, with what each may answer for.
    """

    slug = models.SlugField(primary_key=True, max_length=40)
    assurance = models.CharField(max_length=10, help_text="the most that a credential of this list is worth")
    anchors = models.JSONField()
    changed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="ages_wallet_trust_assurance", condition=Q(assurance__in=ASSURANCES)),
        ]

    def __str__(self) -> str:
        return self.slug
