"""The proof that a family was forgotten: all that stays of it beside rows without words, names or look-ups."""

from django.db import models
from django.db.models import Q


class Forgotten(models.Model):
    """A family whose key is destroyed. `body` names nobody; its salted hash stands in the ledger."""

    family = models.UUIDField(primary_key=True, editable=False)
    at = models.DateTimeField()
    why = models.CharField(max_length=8, help_text="term, wish or operator")
    body = models.JSONField()
    digest = models.BinaryField(max_length=32, unique=True, help_text="SHA-256 of salt and body")
    salt = models.BinaryField(max_length=32)
    ledger_index = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="families_forgotten_why", condition=Q(why__in=("term", "wish", "operator"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.why} {self.family}"
