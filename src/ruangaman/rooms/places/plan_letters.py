"""The reminder of a pledge, to the account that promised, in both languages."""

from uuid import UUID

from ruangaman.rooms.places import pledges, post
from ruangaman.rooms.places.models import Letter, Pledge


def write(pledge: Pledge, why: str = "remind") -> int:
    """Lay the reminder down, if the account has an address; else pages tell it."""
    to = [pledge.account_id] if pledge.account.email else []
    city = pledge.action.plan.city
    return post.put(city, "pledge", pledge.pk, why, to, now=pledge.reminded_at or pledge.made_at)


def written(letter: Letter) -> post.Written | None:
    """The mail, if the pledge still stands."""
    rows = Pledge.objects.select_related("action__plan__city", "account")
    row = rows.filter(pk=UUID(letter.ref), withdrawn_at__isnull=True, kept_at__isnull=True).first()
    if row is None or not row.account.is_active:
        return None
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
    return post.Written(row.account.email, f"Janji / Pledge, {city}: {day}", body, letter.made_at)
