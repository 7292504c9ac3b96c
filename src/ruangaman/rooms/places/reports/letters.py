"""
Mails about reports: to the accounts that may do what is due, and to the office that takes care of it.

A mail finds nobody and quotes nobody: a number, a kelurahan, what is due when, and the page where it is done.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.conf import settings
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from ruangaman.rooms.places import post, roles
from ruangaman.rooms.places.models import City, Letter, Report, ReportClock, Role
from ruangaman.rooms.places.reports import sending, tables, telling
from ruangaman.rooms.places.reports.moments import in_language, moment

REMIND, LATE, SENT = "remind", "late", "sent"
_ACT: Final = {"moderate": "moderate", "answer": "answer", "solve": "answer", "vote": "answer"}
_PAGE: Final = {
    "moderate": "places:report_moderate",
    "answer": "places:report_answer",
    "handle": "places:office_report",
}


def write(clock: ReportClock, why: str, now: datetime) -> int:
    """One mail for each whom this clock asks; returns how many. None without a server."""
    city = clock.report.city
    to = [one.pk for one in accounts(clock) if one.email]
    offices = [clock.report.body] if _office_mail(clock, clock.report.body) else []
    made = post.put(city, "report", clock.pk, why, to, now=now)
    return made + post.put(city, "report", clock.pk, why, offices, office=True, now=now)


def tell_office(row: Report, now: datetime) -> int:
    """A report was sent to an office: one mail to its address, one to each account that answers for it."""
    clock = telling.next_due(row)
    if clock is None:
        return 0
    to = [one.pk for one in _holders(row.city, "handle") if one.email and _may(one, clock, "handle")]
    offices = [row.body] if _office_mail(clock, row.body) else []
    made = post.put(row.city, "report", clock.pk, SENT, to, now=now)
    return made + post.put(row.city, "report", clock.pk, SENT, offices, office=True, now=now)


def accounts(clock: ReportClock) -> Sequence[User]:
    """Who may do what this clock asks for, there: by the city's roles, or for the office that has it."""
    acts = [_ACT[clock.what], "handle"] if _ACT[clock.what] == "answer" else [_ACT[clock.what]]
    found = {one.pk: one for act in acts for one in _holders(clock.report.city, act) if _may(one, clock, act)}
    return [found[pk] for pk in sorted(found)]


def _holders(city: City, act: str) -> Sequence[User]:
    able = [role for role, acts in roles.ACTS.items() if act in acts]
    rows = Role.objects.filter(city=city, ended_at__isnull=True, role__in=able)
    return list(User.objects.filter(pk__in=rows.values("user"), is_active=True, is_staff=True).order_by("pk"))


def _may(user: User, clock: ReportClock, act: str) -> bool:
    # Asked as the page asks, so that nobody is called to a page that is not theirs.
    who = roles.acting(user, clock.report.city, act)
    return who is not None and who.sees(clock.report.area, clock.report.body)


def _office_mail(clock: ReportClock, body: str) -> str:
    """Of the office that has the report; empty before one has it, when another has it now, or it has no address."""
    found = tables.bodies(clock.report.city).of.get(body)
    fits = found is not None and body == clock.report.body and _ACT[clock.what] == "answer"
    return found.mail if found is not None and fits else ""


def written(letter: Letter) -> post.Written | None:
    """The mail, if what it asks for is still to be done and its reader may still do it."""
    rows = ReportClock.objects.select_related("report__city")
    clock = rows.filter(pk=int(letter.ref), met_at__isnull=True).first()
    if clock is None:
        return None
    if letter.office:
        subject, body = text(clock, letter.why, "")
        return post.Written(_office_mail(clock, letter.to), subject, body, letter.made_at)
    user = User.objects.filter(pk=int(letter.to), is_active=True).first()
    acts = ("handle",) if letter.why == SENT else (_ACT[clock.what], "handle")
    act = next((act for act in acts if user is not None and _may(user, clock, act)), "")
    if user is None or not act or (act == "handle" and _ACT[clock.what] != "answer"):
        return None
    subject, body = text(clock, letter.why, act)
    return post.Written(user.email, subject, body, letter.made_at)


def text(clock: ReportClock, why: str, act: str) -> tuple[str, str]:
    """
    Subject and body, Indonesian and then English.

    Args:
        act: by which its reader may do it; "" for an office, which may have no account.
    """
    parts = [_in(language, clock, why, act) for language in ("id", "en")]
    return parts[0][0], "\n\n--\n\n".join(body for _subject, body in parts) + "\n"


def _in(language: str, clock: ReportClock, why: str, act: str) -> tuple[str, str]:
    row = clock.report
    with override(language):
        known = telling.names(row.city)
        facts = {
            "number": row.serial or sending.shown_number(row),
            "area": known.area(row.area),
            "city": row.city.name,
            "due": moment(clock.due_at),
            "body": in_language(known.body(row.body)),
        }
        subject = {
            LATE: _("Laporan %(number)s, %(city)s: waktunya habis"),
            REMIND: _("Laporan %(number)s, %(city)s: hampir habis waktunya"),
            SENT: _("Laporan %(number)s, %(city)s: dikirim ke %(body)s"),
        }[why]
        ends = _("Batasnya sudah lewat: %(due)s.") if why == LATE else _("Batasnya: %(due)s.")
        lines = [_asks(clock) % facts, ends % facts, "", _link(row, clock, language, act)]
    return " ".join((subject % facts).split()), "\n".join(lines).rstrip()


def _asks(clock: ReportClock) -> str:
    return {
        "moderate": _("Laporan %(number)s di %(area)s menunggu diperiksa."),
        "answer": _("Laporan %(number)s di %(area)s menunggu jawaban."),
        "solve": _("Laporan %(number)s di %(area)s menunggu diselesaikan."),
        "vote": _("Laporan %(number)s di %(area)s dipilih Forum Anak dan menunggu jawaban."),
    }[clock.what]


def _link(row: Report, clock: ReportClock, language: str, act: str) -> str:
    base = str(getattr(settings, "BASE_URL", "http://localhost:8000")).rstrip("/")
    if not act and row.serial and not row.private:
        path = reverse("places:report", args=[row.city.slug, row.serial])
    else:
        path = reverse(_PAGE[act or _ACT[clock.what]], args=[row.city.slug, row.pk])
    return base + path + (f"?bahasa={language}" if language != settings.LANGUAGE_CODE else "")
