"""
Groups, their seats, and the sheets of their tests. No name, no account, no contact of anybody.

A seat is a number on a slip of paper. Which child holds it is known to the facilitator alone, on paper, so that a
test before and one after 28 days can be laid side by side. Sheets are forgotten when the group's time is over; of a
group alone nothing stays.
"""

from django.db import models
from django.db.models import Q

from ruangaman.rooms.learning.models.campaigns import Campaign

TIMES = ("pre", "post", "delayed")
"""Before the lesson, the same day, after 28 days (21 to 42)."""
ARMS = ("", "teach", "wait", "A", "B")


class Group(models.Model):
    """
    A class, a village's evening, a posyandu: one cluster of a comparison.

    `key` finds it for its facilitator: SHA-256 of a secret that only their address holds. From the same secret come
    the codes of its seats, so that slips can be printed again and are stored nowhere.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    key = models.BinaryField(max_length=32, unique=True)
    campaign = models.ForeignKey(Campaign, null=True, on_delete=models.PROTECT, related_name="groups")
    name = models.CharField(max_length=40, help_text="as its facilitator calls it: 5A, RW 03")
    audience = models.CharField(max_length=3)
    objectives = models.JSONField(help_text="ids, one to three")
    region = models.CharField(max_length=13, default="", blank=True, help_text="Kemendagri code")
    language = models.CharField(max_length=2)
    seats = models.PositiveSmallIntegerField()
    arm = models.CharField(max_length=5, default="", blank=True, choices=[(one, one) for one in ARMS])
    taught_on = models.DateField(null=True, help_text="day of the lesson; of those who wait, of the others'")
    made_at = models.DateTimeField()
    ends_on = models.DateField(help_text="when its sheets are forgotten")
    forgotten_at = models.DateTimeField(null=True)
    told = models.JSONField(null=True, help_text="what its page tells of each objective, written once")

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["ends_on"], condition=Q(forgotten_at__isnull=True), name="learning_group_living"
            )
        ]


class Seat(models.Model):
    """One learner's number in a group. `code`: HMAC-SHA-256, under the house's secret, of the code on the slip."""

    id = models.UUIDField(primary_key=True, editable=False)
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="places")
    number = models.PositiveSmallIntegerField()
    code = models.BinaryField(max_length=32, unique=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["group", "number"], name="learning_seat_number")]


class Sheet(models.Model):
    """
    One test of one seat, online or from paper. `id` was drawn by the device: sent twice is once.

    `answers`: [[item, option, sure]], option "" where none was chosen, sure true, false or null. Of the youngest
    [[observation, seen]]. `did`: what carers and older learners tell that they did by day 28, by its name.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="sheets")
    objective = models.CharField(max_length=6)
    time = models.CharField(max_length=7, choices=[(one, one) for one in TIMES])
    form = models.CharField(max_length=1, default="", blank=True, help_text="A or B; none of observations")
    version = models.PositiveSmallIntegerField(help_text="of the form")
    language = models.CharField(max_length=2)
    answers = models.JSONField()
    did = models.JSONField(default=list)
    on_paper = models.BooleanField(default=False)
    taken_on = models.DateField()
    arrived_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["seat", "objective", "time"], name="learning_sheet_once"),
            models.CheckConstraint(condition=Q(form__in=["", "A", "B"]), name="learning_sheet_form"),
        ]


class PaperRow(models.Model):
    """
    A sheet of paper as it was typed in, once or a second time by somebody else, until both agree and it is a sheet.

    `marks`: one sign an item in the order of the printed form, `-` where nothing was marked. `unsure`: numbers of
    items, from 1, beside which the learner marked that they are not sure.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="rows")
    objective = models.CharField(max_length=6)
    time = models.CharField(max_length=7, choices=[(one, one) for one in TIMES])
    turn = models.PositiveSmallIntegerField(help_text="1 or 2")
    marks = models.CharField(max_length=40)
    unsure = models.JSONField(default=list)
    did = models.JSONField(default=list)
    taken_on = models.DateField()
    typed_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["seat", "objective", "time", "turn"], name="learning_row_once"),
            models.CheckConstraint(condition=Q(turn__in=[1, 2]), name="learning_row_turn"),
        ]


class DoorCount(models.Model):
    """How often something happened at an open door for one keyed hash within one hour; never to whom."""

    id = models.BigAutoField(primary_key=True)
    key = models.BinaryField(max_length=32)
    hour = models.BigIntegerField(help_text="whole hours since 1970")
    count = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(name="learning_door_count", fields=["key", "hour"])]
