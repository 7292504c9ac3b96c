"""Votes of Forum Anak: who has voted is known, what anybody chose is not kept."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from ruangaman.rooms.places.models.cities import City
from ruangaman.rooms.places.models.reports import Report


class VoteRound(models.Model):
    """
    One vote over published ideas, by the rule with which it began.

    While it is open the running count stands sealed under a key of its own, which the count destroys.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="vote_rounds")
    serial = models.PositiveIntegerField(help_text="in its city")
    title_id = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    rule = models.JSONField(help_text="as the table had it")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    closes_at = models.DateTimeField()
    family = models.UUIDField(null=True, help_text="vault: the key of the running count")
    tally = models.UUIDField(null=True, help_text="vault: {idea: votes}")
    closed_at = models.DateTimeField(null=True)
    members = models.PositiveIntegerField(null=True, help_text="of Forum Anak when it closed")
    ballots = models.PositiveIntegerField(null=True)
    valid = models.BooleanField(null=True)
    result = models.TextField(
        default="", blank=True, help_text="canonical JSON; its hash stands in the ledger"
    )
    sha256 = models.CharField(max_length=64, default="", blank=True)
    entry = models.BigIntegerField(null=True, help_text="index in the ledger")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(name="places_vote_serial", fields=["city", "serial"]),
            models.CheckConstraint(
                name="places_vote_counted_whole",
                condition=Q(
                    closed_at__isnull=True, family__isnull=False, tally__isnull=False, valid__isnull=True
                )
                | Q(closed_at__isnull=False, family__isnull=True, tally__isnull=True, valid__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["closes_at"], name="places_vote_closes", condition=Q(closed_at__isnull=True)
            ),
        ]


class VoteOption(models.Model):
    """An idea of a round. Votes are known only once it is counted, and only when it counts."""

    id = models.BigAutoField(primary_key=True)
    round = models.ForeignKey(VoteRound, on_delete=models.PROTECT, related_name="options")
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="vote_options")
    votes = models.PositiveIntegerField(null=True)
    rank = models.PositiveSmallIntegerField(null=True)
    won = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(name="places_vote_idea_once", fields=["round", "report"])]


class VoteTurn(models.Model):
    """This member has voted. Nothing of what, nothing of when."""

    id = models.UUIDField(primary_key=True, editable=False, help_text="random: it tells no order")
    round = models.ForeignKey(VoteRound, on_delete=models.PROTECT, related_name="turns")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(name="places_vote_once", fields=["round", "user"])]
