"""Mails that wait to be handed over. No address stands here: it is looked up when the mail is sent."""

from django.db import models
from django.db.models import Q

from ruangaman.rooms.places.models.cities import City

QUEUED, SENT, DROPPED, GIVEN_UP = "queued", "sent", "dropped", "given_up"
STATES = (QUEUED, SENT, DROPPED, GIVEN_UP)


class Letter(models.Model):
    """
    One mail to one reader: the account `to`, or with `office` the body of that id in the city's table.

    `about` names what it is about by kind (`report`, `pledge`, `certificate`), `ref` by its key; `why` says which of
    its mails it is. Dropped: there was nothing left to ask for. Given up: the last try failed, or none can help.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="letters")
    about = models.CharField(max_length=12)
    ref = models.CharField(max_length=40)
    why = models.CharField(max_length=12)
    to = models.CharField(max_length=24)
    office = models.BooleanField(default=False)
    state = models.CharField(max_length=8, default=QUEUED)
    tries = models.PositiveSmallIntegerField(default=0)
    failure = models.CharField(max_length=60, default="", blank=True)
    made_at = models.DateTimeField()
    next_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="places_letter_state", condition=Q(state__in=STATES)),
            models.CheckConstraint(
                name="places_letter_ended",
                condition=Q(state=QUEUED, ended_at__isnull=True)
                | (~Q(state=QUEUED) & Q(ended_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], name="places_letter_due", condition=Q(state=QUEUED)),
            models.Index(fields=["ended_at"], name="places_letter_over", condition=~Q(state=QUEUED)),
        ]
