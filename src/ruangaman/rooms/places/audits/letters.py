"""The mail that a certificate ends soon, to those who may certify there: an audit again is proposed."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from ruangaman.rooms.places import post, roles
from ruangaman.rooms.places.audits import opening, showing
from ruangaman.rooms.places.models import Certificate, City, Letter, Role


def write(row: Certificate, now: datetime) -> int:
    """One mail for each who may certify in this city and has an address."""
    to = [one.pk for one in certifiers(row.space.city) if one.email]
    return post.put(row.space.city, "certificate", row.pk, "ends", to, now=now)


def certifiers(city: City) -> list[User]:
    """The accounts that may give certificates in a city."""
    able = [role for role, acts in roles.ACTS.items() if "certify" in acts]
    rows = Role.objects.filter(city=city, role__in=able, ended_at__isnull=True)
    users = User.objects.filter(pk__in=rows.values("user"), is_active=True, is_staff=True).order_by("pk")
    return [one for one in users if roles.may(one, city, "certify")]


def written(letter: Letter) -> post.Written | None:
    """The mail, while the certificate stands and nobody has begun to look again."""
    rows = Certificate.objects.select_related("space__city", "audit__form")
    row = rows.filter(pk=UUID(letter.ref), revoked_at__isnull=True, ended_at__isnull=True).first()
    user = User.objects.filter(pk=int(letter.to), is_active=True).first()
    if row is None or user is None or not roles.may(user, letter.city, "certify"):
        return None
    if opening.running(row.space) is not None:
        return None
    parts = [_in(language, row) for language in ("id", "en")]
    body = "\n\n--\n\n".join(body for _subject, body in parts) + "\n"
    return post.Written(user.email, parts[0][0], body, letter.made_at)


def _in(language: str, row: Certificate) -> tuple[str, str]:
    base = str(getattr(settings, "BASE_URL", "http://localhost:8000")).rstrip("/")
    page = base + reverse("places:audits", args=[row.space.city.slug])
    with override(language):
        facts = {"name": row.space.name, "city": row.space.city.name, "day": showing.day(row.valid_until)}
        subject = _("Sertifikat %(name)s, %(city)s: sampai %(day)s") % facts
        lines = [
            _("Sertifikat %(name)s di %(city)s berlaku sampai %(day)s.") % facts,
            _("Mulai penilaian ulang sebelum itu, supaya tempat ini tetap bersertifikat."),
            "",
            page + (f"?bahasa={language}" if language != settings.LANGUAGE_CODE else ""),
        ]
    return " ".join(subject.split()), "\n".join(lines)
