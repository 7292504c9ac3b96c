"""Durable jobs of plans; their arguments are ids alone."""

from uuid import UUID

from django.conf import settings
from django_tasks import task

from ruangaman.adapters import mail as mails
from ruangaman.rooms.places import config, pledges
from ruangaman.rooms.places.models import Pledge


@task()
def remind(pledge: str) -> str:
    """Mail the account that promised, if the house has a mail server and the account an address; else pages tell it."""
    row = Pledge.objects.select_related("action__plan__city", "account").filter(pk=UUID(pledge)).first()
    url, address = str(getattr(settings, "MAIL_URL", "")), row.account.email if row else ""
    if row is None or row.withdrawn_at or row.kept_at or not url or not address or config.story():
        return "no mail"
    where = mails.server(
        url,
        str(settings.MAIL_FROM),
        timeout_s=float(settings.MAIL_TIMEOUT_S),
        ca_file=str(settings.MAIL_CA_FILE),
    )
    name = pledges.told_of(row.action)["name"]
    day, city = row.promised_on.strftime("%d-%m-%Y"), row.action.plan.city.name
    body = (
        f"{row.organisation} berjanji: {name['id']}, {city}, paling lambat {day}.\n\n"
        "Kalau sudah selesai, kirim fotonya dan minta audit ulang di halaman rencana.\n"
        "Kalau belum bisa, cabut janjinya.\n\n"
        "-- English --\n\n"
        f"{row.organisation} pledged: {name.get('en') or name['id']}, {city}, by {day}.\n\n"
        "If it is done, send photos and ask for a re-audit on the plan's page.\n"
        "If it cannot be done, withdraw the pledge.\n"
    )
    mails.send(
        where,
        mails.compose(
            where.sender, address, f"Janji / Pledge, {city}: {day}", body,
            message_id=str(row.pk), language="id", at=row.reminded_at or row.made_at,
        ),
    )  # fmt: skip
    return "sent"
