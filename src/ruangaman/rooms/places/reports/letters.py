"""
Mails about clocks, as durable jobs: to the accounts that may do what is due, and to the body that takes care of it.

A mail finds nobody and quotes nobody: a number, a kelurahan, what is due when, and the page where it is done.
"""

from collections.abc import Sequence
from functools import partial
from typing import Final

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_tasks import task

from ruangaman.adapters import mail as mails
from ruangaman.rooms.places import config, roles
from ruangaman.rooms.places.models import City, Report, ReportClock, Role
from ruangaman.rooms.places.reports import sending, tables, telling
from ruangaman.rooms.places.reports.moments import moment

REMIND, LATE = "remind", "late"
BODY: Final = "body"
"""Instead of an account: the address in the city's table of bodies."""
_ACT: Final = {"moderate": "moderate", "answer": "answer", "solve": "answer", "vote": "answer"}
_PAGE: Final = {"moderate": "places:report_moderate", "answer": "places:report_answer"}


def write(clock: ReportClock, why: str) -> int:
    """One mail for each whom this clock asks, once the transaction holds; returns how many. None without a server."""
    if not str(getattr(settings, "MAIL_URL", "")) or config.story():
        return 0
    to = [str(one.pk) for one in accounts(clock) if one.email]
    to += [BODY] if _body_mail(clock) else []
    for one in to:
        transaction.on_commit(partial(tell.enqueue, clock.pk, why, one))
    return len(to)


def accounts(clock: ReportClock) -> Sequence[User]:
    """Who may do what this clock asks for, there."""
    city, act = clock.report.city, _ACT[clock.what]
    rows = Role.objects.filter(
        city=city, ended_at__isnull=True, role__in=[role for role, acts in roles.ACTS.items() if act in acts]
    )
    users = User.objects.filter(pk__in=rows.values("user"), is_active=True, is_staff=True).order_by("pk")
    return [one for one in users if _may(one, city, act, clock.report.area)]


def _may(user: User, city: City, act: str, area: str) -> bool:
    # Asked as the page asks, so that nobody is called to a page that is not theirs.
    who = roles.acting(user, city, act)
    return who is not None and who.inside(area)


def _body_mail(clock: ReportClock) -> str:
    """Of the body that has the report; empty before one has it, and where the table knows no address."""
    found = tables.bodies(clock.report.city).of.get(clock.report.body)
    return "" if found is None or _ACT[clock.what] != "answer" else found.mail


@task()
def tell(clock: int, why: str, to: str) -> str:
    """Send one mail, if what it asks for is still to be done and its reader may still do it."""
    rows = ReportClock.objects.select_related("report__city").filter(pk=clock, met_at__isnull=True)
    row = rows.first()
    url = str(getattr(settings, "MAIL_URL", ""))
    address = _address(row, to) if row and url and not config.story() else ""
    if row is None or not address:
        return "no mail"
    where = mails.server(
        url,
        str(settings.MAIL_FROM),
        timeout_s=float(settings.MAIL_TIMEOUT_S),
        ca_file=str(settings.MAIL_CA_FILE),
    )
    subject, body = text(row, why, public=to == BODY)
    mails.send(
        where,
        mails.compose(
            where.sender, address, subject, body, message_id=f"report-clock-{row.pk}-{why}-{to}", language="id",
            at=row.due_at if why == LATE else row.remind_at,
        ),
    )  # fmt: skip
    return "sent"


def _address(clock: ReportClock, to: str) -> str:
    if to == BODY:
        return _body_mail(clock)
    user = User.objects.filter(pk=to, is_active=True).first()
    fits = user is not None and _may(user, clock.report.city, _ACT[clock.what], clock.report.area)
    return user.email if user is not None and fits else ""


def text(clock: ReportClock, why: str, *, public: bool) -> tuple[str, str]:
    """Subject and body, Indonesian and then English. `public`: to a body, which may have no account."""
    parts = [_in(language, clock, why, public) for language in ("id", "en")]
    return parts[0][0], "\n\n--\n\n".join(body for _subject, body in parts) + "\n"


def _in(language: str, clock: ReportClock, why: str, public: bool) -> tuple[str, str]:
    row = clock.report
    with override(language):
        facts = {
            "number": row.serial or sending.shown_number(row),
            "area": telling.names(row.city).area(row.area),
            "city": row.city.name,
            "due": moment(clock.due_at),
        }
        subject = (
            _("Laporan %(number)s, %(city)s: waktunya habis")
            if why == LATE
            else _("Laporan %(number)s, %(city)s: hampir habis waktunya")
        )
        what = {
            "moderate": _("Laporan %(number)s di %(area)s menunggu diperiksa."),
            "answer": _("Laporan %(number)s di %(area)s menunggu jawaban."),
            "solve": _("Laporan %(number)s di %(area)s menunggu diselesaikan."),
            "vote": _("Laporan %(number)s di %(area)s dipilih Forum Anak dan menunggu jawaban."),
        }[clock.what]
        ends = _("Batasnya sudah lewat: %(due)s.") if why == LATE else _("Batasnya: %(due)s.")
        lines = [what % facts, ends % facts, "", _link(row, clock, language, public)]
    return subject % facts, "\n".join(lines).rstrip()


def _link(row: Report, clock: ReportClock, language: str, public: bool) -> str:
    base = str(getattr(settings, "BASE_URL", "http://localhost:8000")).rstrip("/")
    if public and row.serial and not row.private:
        path = reverse("places:report", args=[row.city.slug, row.serial])
    else:
        path = reverse(_PAGE[_ACT[clock.what]], args=[row.city.slug, row.pk])
    return base + path + (f"?bahasa={language}" if language != settings.LANGUAGE_CODE else "")
