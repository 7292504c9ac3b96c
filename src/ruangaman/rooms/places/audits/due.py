"""What the clock does: certificates whose time ends soon or is over, photos that were kept long enough."""

from datetime import datetime

from django.db import transaction

from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.places.audits import certificates, photos
from ruangaman.rooms.places.models import AuditPhoto, Certificate

AT_ONCE = 100


def settle_due(now: datetime) -> int:
    """Do what fell due; return how much. Done twice it changes nothing the second time."""
    standing = Certificate.objects.filter(
        revoked_at__isnull=True, ended_at__isnull=True, valid_until__lte=now
    )
    soon = Certificate.objects.filter(
        revoked_at__isnull=True, ended_at__isnull=True, valid_until__gt=now, remind_at__lte=now
    )
    reminded = sum(certificates.remind(row, now) for row in soon.order_by("remind_at")[:AT_ONCE])
    done = reminded + sum(certificates.expire(row) for row in standing.order_by("valid_until")[:AT_ONCE])
    for row in AuditPhoto.objects.filter(destroyed_at__isnull=True, destroy_at__lte=now)[:AT_ONCE]:
        with transaction.atomic():
            ledger.line_up()
            photos.destroy(row, now=now)
        done += 1
    return done
