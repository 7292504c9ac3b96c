"""The KLA scorecard: a card for each year, its scores and evidence, the weights of a city, the province's check."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from ruangaman.rooms.places.models.cities import City


class KlaWeights(models.Model):
    """
    One version of the weights that a city loaded; never changed, never deleted.

    `points` holds them by number, decimals as text, None where the city does not know. `gap` is the rule for scores
    between two levels, `months` how old evidence may be; both belong to the version.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="kla_weights")
    number = models.PositiveIntegerField()
    instrument = models.CharField(max_length=20)
    points = models.JSONField()
    gap = models.CharField(max_length=12)
    months = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    loaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    loaded_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=("city", "number"), name="places_kla_weights_numbered"),
        ]


class KlaCard(models.Model):
    """
    The card of one assessed year. `weights` is None while the city knows none. `published_at`: anyone may read the
    self-score from then on.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="kla_cards")
    year = models.PositiveSmallIntegerField()
    last_day = models.DateField()
    weights = models.ForeignKey(KlaWeights, null=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True)
    begun_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=("city", "year"), name="places_kla_card_once_a_year")]


class KlaScore(models.Model):
    """What the city says of one indicator: a share of its weight, or points; the reason in words, of no person."""

    card = models.ForeignKey(KlaCard, on_delete=models.PROTECT, related_name="scores")
    indicator = models.PositiveSmallIntegerField()
    share = models.DecimalField(max_digits=7, decimal_places=6, null=True)
    points = models.DecimalField(max_digits=8, decimal_places=4, null=True)
    why = models.CharField(max_length=500, default="", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=("card", "indicator"), name="places_kla_score_once"),
            models.CheckConstraint(
                condition=Q(share__isnull=True) | Q(points__isnull=True), name="places_kla_share_or_points"
            ),
        ]


class KlaEvidence(models.Model):
    """
    One piece of evidence of one indicator.

    `kind`: `file`, `link` (an address elsewhere), `result` (of this house: `facts` keeps it as it was), `plan`
    (promised for `dated`, not there). A withdrawn one stays as a line without its bytes, its hash and the salt of its
    entry.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    card = models.ForeignKey(KlaCard, on_delete=models.PROTECT, related_name="evidence")
    indicator = models.PositiveSmallIntegerField()
    question = models.CharField(max_length=60, default="", blank=True)
    kind = models.CharField(max_length=6)
    title = models.CharField(max_length=200)
    dated = models.DateField()
    until = models.DateField(null=True)
    url = models.CharField(max_length=500, default="", blank=True)
    facts = models.JSONField(null=True)
    media = models.CharField(max_length=80, default="", blank=True)
    extension = models.CharField(max_length=5, default="", blank=True)
    size = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, default="", blank=True)
    salt = models.BinaryField(null=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        default_permissions = ()
        ordering = ("indicator", "added_at", "id")
        indexes = [models.Index(fields=("card", "indicator"), name="places_kla_evidence_of")]


class KlaFile(models.Model):
    """The bytes of a file, apart from its line, so that lists never read them."""

    evidence = models.OneToOneField(
        KlaEvidence, primary_key=True, on_delete=models.PROTECT, related_name="file"
    )
    data = models.BinaryField()


class KlaSubmission(models.Model):
    """
    The card as it was handed to the province, frozen: scores, weights, rules and the list of evidence with hashes.

    `after` is the score that remained, written when the check is finished.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    card = models.ForeignKey(KlaCard, on_delete=models.PROTECT, related_name="submissions")
    number = models.PositiveSmallIntegerField()
    snapshot = models.JSONField()
    sha256 = models.CharField(max_length=64)
    salt = models.BinaryField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    finished_at = models.DateTimeField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=("card", "number"), name="places_kla_submission_numbered"),
            models.UniqueConstraint(
                fields=("card",),
                condition=Q(finished_at__isnull=True),
                name="places_kla_one_check_at_a_time",
            ),
        ]


class KlaVerdict(models.Model):
    """The province's mark on one indicator: accepted, a part (`remains`, in the claim's unit), or returned."""

    submission = models.ForeignKey(KlaSubmission, on_delete=models.PROTECT, related_name="verdicts")
    indicator = models.PositiveSmallIntegerField()
    mark = models.CharField(max_length=8)
    remains = models.DecimalField(max_digits=10, decimal_places=6, null=True)
    reason = models.CharField(max_length=500, default="", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=("submission", "indicator"), name="places_kla_verdict_once"),
            models.CheckConstraint(
                condition=Q(mark="accepted") | ~Q(reason=""), name="places_kla_reason_when_less"
            ),
        ]
