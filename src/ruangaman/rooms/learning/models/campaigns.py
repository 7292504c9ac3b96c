"""Who may start campaigns, and what a campaign wants to reach."""

from django.conf import settings
from django.db import models
from django.db.models import Q

DESIGNS = ("alone", "waitlist", "wordings")
"""No comparison; groups that wait for it; two wordings against each other. Drawn by group, never by learner."""


class Organiser(models.Model):
    """An account that may start campaigns for a region, and see what adds up there. Given by an administrator."""

    id = models.UUIDField(primary_key=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80, help_text="the office, never a person")
    region = models.CharField(
        max_length=13, default="", blank=True, help_text='Kemendagri code; "" is the country'
    )
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["user", "region"], condition=Q(ended_at__isnull=True), name="learning_organiser_once"
            )
        ]


class Campaign(models.Model):
    """
    Groups of one audience that learn the same in a region, with a goal that can be missed.

    `seed` is drawn when arms are, and published: whoever has it and the list of groups draws the same again.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    slug = models.SlugField(max_length=40, unique=True)
    organiser = models.ForeignKey(Organiser, on_delete=models.PROTECT, related_name="campaigns")
    name_id = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    audience = models.CharField(max_length=3)
    objectives = models.JSONField(help_text="ids, one to three")
    region = models.CharField(max_length=13, default="", blank=True, help_text="Kemendagri code")
    reach_goal = models.PositiveIntegerField(help_text="learners")
    effect_goal = models.FloatField(help_text="Hedges' g of the delayed test")
    design = models.CharField(max_length=8, choices=[(one, one) for one in DESIGNS])
    starts_on = models.DateField()
    ends_on = models.DateField()
    code = models.CharField(max_length=10, unique=True, help_text="by which a facilitator joins with a group")
    seed = models.CharField(max_length=64, default="", blank=True)
    drawn_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    sealed = models.JSONField(null=True, help_text="its results, when the sheets behind them are forgotten")
    ordered = models.JSONField(null=True, help_text="ids of the groups in the order of the draw, published")
    made_up = models.BooleanField(default=False, help_text="its learners were drawn, nobody was measured")

    class Meta:
        default_permissions = ()


class Wording(models.Model):
    """A message of a campaign for chat groups and posters, in one of two wordings; 600 characters at most."""

    id = models.UUIDField(primary_key=True, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="wordings")
    letter = models.CharField(max_length=1, help_text="A or B")
    code = models.CharField(max_length=10, unique=True, help_text="of its short address")
    headline_id = models.CharField(max_length=90)
    headline_en = models.CharField(max_length=90)
    text_id = models.CharField(max_length=2400, help_text="600 signs as people count them")
    text_en = models.CharField(max_length=2400)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["campaign", "letter"], name="learning_wording_letter")]


class Arrival(models.Model):
    """How many came by a wording's short address on a day. A number: no cookie, no address, nobody."""

    id = models.BigAutoField(primary_key=True)
    wording = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="arrivals")
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["wording", "day"], name="learning_arrival_day")]
