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
    name = pledges.told_of(row.action)["name"]["id"]
    day = row.promised_on.strftime("%d-%m-%Y")
    body = (
        f"{row.organisation} berjanji: {name}, {row.action.plan.city.name}, paling lambat {day}.\n\n"
        "Kalau sudah selesai, kirim fotonya dan minta audit ulang di halaman rencana.\n"
        "Kalau belum bisa, cabut janjinya.\n"
    )
    mails.send(
        where,
        mails.compose(
            where.sender, address, f"Janji untuk {row.action.plan.city.name}: {day}", body,
            message_id=str(row.pk), language="id", at=row.reminded_at or row.made_at,
        ),
    )  # fmt: skip
    return "sent"
