"""Of badges: the keys that sign them, and lists of those that were stopped. Nothing of whoever holds one."""

from django.db import models
from django.db.models import Q


class BadgeKey(models.Model):
    """
    A key on P-256 that signs badges and their lists; the newest that is not retired signs.

    The private part stands sealed in the vault under a family of its own, which is destroyed when the key retires. The
    public part stays known while a badge that it signed holds.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    kid = models.CharField(max_length=43, unique=True, help_text="RFC 7638 thumbprint, base64url")
    jwk = models.JSONField(help_text="the public part")
    family = models.UUIDField(help_text="vault: the key that seals the private part")
    sealed = models.UUIDField(help_text="vault: the private part")
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, help_text="signs no more; its private part is destroyed")
    distrusted = models.BooleanField(default=False, help_text="taken out of the known keys at once")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="learning_one_key_signs_badges",
                fields=["distrusted"],
                condition=Q(retired_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.kid


class BadgeList(models.Model):
    """
    One list of badges, a bit an entry; bits count from the highest of the first byte on.

    `taken` has the entries that were given out, by chance and never twice; nothing here tells to whom.
    """

    number = models.BigAutoField(primary_key=True)
    stopped = models.BinaryField()
    taken = models.BinaryField()
    used = models.PositiveIntegerField(default=0)
    day = models.DateField(help_text="of the latest badge")
    of_day = models.PositiveIntegerField(default=0, help_text="badges of that day")
    open = models.BooleanField(default=True, help_text="entries are given out")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="learning_one_open_badge_list", fields=["open"], condition=Q(open=True)
            )
        ]

    def __str__(self) -> str:
        return str(self.number)
