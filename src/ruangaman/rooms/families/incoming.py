"""What a guardian writes to us: the one-time word finds the request, and the answer carries the link to
it.
"""

from datetime import datetime, timedelta

from django.db import transaction

from ruangaman.adapters.messages import Incoming
from ruangaman.core.consent import WAITING, Event
from ruangaman.rooms.families import actions, codes, limits, outbox


@transaction.atomic
def take(message: Incoming, *, now: datetime) -> bool:
    """
    One incoming text. The word works once, so a call that the messenger repeats is answered once; a text
    without a good word is not answered at all (no oracle, no chat bot). Returns whether an answer goes out.
    """
    if not limits.within("phone.hour", message.sender, limit=20, length=timedelta(hours=1), now=now):
        return False
    row = codes.spend_word(message.text, now=now)
    if row is None or actions.state_of(row, now) not in WAITING:
        return False
    actions.mark(row.pk, Event.DELIVER, now=now)
    outbox.write(
        "request", "whatsapp", message.sender, family=row.family, language=row.language, request=row, now=now
    )
    return True
