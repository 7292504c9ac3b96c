"""The ledger, which only grows, and what saves work beside it."""

from django.db import models


class Entry(models.Model):
    """One act: its public facts, its place in the chain. Never changed, never deleted (triggers refuse it)."""

    index = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=60)
    at = models.DateTimeField()
    entry = models.BinaryField()
    """The very bytes that were hashed (core.chain.entry_bytes)."""
    head = models.BinaryField(unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="ledger_index_from_zero", condition=models.Q(index__gte=0)),
        ]
        indexes = [models.Index(name="ledger_by_kind", fields=["kind", "index"])]


class Block(models.Model):
    """The root of the tree over one whole block of entries (`tree.EACH`); made from them, and again when missing."""

    number = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)

    class Meta:
        default_permissions = ()
