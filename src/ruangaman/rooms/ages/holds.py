"""What a contest stops at once, before anybody decides: it only ever makes an account more protected."""

from uuid import UUID

from django.db.models import F, Q

from ruangaman.rooms.ages.models import AgeCheck, Contest


def held(ref: UUID) -> bool:
    """Whether an account's age counts as unknown: somebody said "I never checked", and nobody decided yet."""
    waiting = Contest.objects.filter(ref=ref, decided_at__isnull=True, forgotten_at__isnull=True)
    return waiting.filter(kind="never").exists()


def waiting(ref: UUID) -> Contest | None:
    """The contest that holds an account's age, the one that is due first; None when none does."""
    rows = Contest.objects.filter(ref=ref, kind="never", decided_at__isnull=True, forgotten_at__isnull=True)
    return rows.order_by(F("due_at").asc(nulls_last=True), "raised_at").first()


def lowered(row: AgeCheck) -> bool:
    """Whether nothing may be issued on this result any more: its own person said that it is too old, or not theirs.

    A declined contest does not bring it back; whoever is that old proves it anew.
    """
    return row.contests.filter(kind__in=("younger", "never")).exists()


def set_aside(row: AgeCheck) -> bool:
    """Whether the result of a check counts no more: its person took it back, or an officer found another age right."""
    rows = row.contests.exclude(kind="never", decision="declined")
    return rows.exclude(~Q(decision="granted"), kind="older").exists()
