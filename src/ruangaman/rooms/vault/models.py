"""Keys and sealed fields. No column here holds anything that a reader of the database could understand."""

from django.db import models
from django.db.models import Q


class Key(models.Model):
    """A data key, wrapped by the master key: one a family, and one for keyed hashes. Destroying it is forgetting."""

    id = models.UUIDField(primary_key=True)
    use = models.CharField(max_length=10, choices=[("family", "family"), ("lookup", "lookup")])
    wrapped = models.BinaryField(null=True)
    created_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="vault_one_lookup_key", fields=["use"], condition=Q(use="lookup")),
            models.CheckConstraint(
                name="vault_destroyed_key_is_gone",
                condition=Q(destroyed_at__isnull=True, wrapped__isnull=False)
                | Q(destroyed_at__isnull=False, wrapped__isnull=True),
            ),
        ]


class Sealed(models.Model):
    """One sealed value; readable only with its family's key, at this id, for this kind."""

    id = models.UUIDField(primary_key=True)
    family = models.ForeignKey(Key, on_delete=models.PROTECT, related_name="sealed")
    kind = models.CharField(max_length=60)
    sealed = models.BinaryField()
    lookup = models.BinaryField(null=True)
    """Keyed hash of the value by which it may be found again; null when it may not."""
    sealed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(name="vault_find", fields=["kind", "lookup"])]
