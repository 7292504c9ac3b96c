"""Pages of the story: each person's door, the mailbox, the clock. Outside of the story none of them exists."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from functools import wraps
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ruangaman.adapters import clock, packs
from ruangaman.core import accounts
from ruangaman.core.ages import as_number, completed_years
from ruangaman.core.law.years import turns
from ruangaman.rooms.families import api as families
from ruangaman.rooms.places import api as places
from ruangaman.site.story import cast, cities, learning
from ruangaman.site.story.errors import NotTheStory
from ruangaman.site.story.house import House
from ruangaman.site.story.services import SERVICES

JURISDICTION = "ID"
ZONE = ZoneInfo("Asia/Jakarta")
JUST = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)

View = Callable[..., HttpResponse]


def in_the_story(view: View) -> View:
    """Refuse everything where the house is a real one."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.STORY:
            raise NotTheStory
        return view(request, *args, **kwargs)

    return guarded


def _house() -> House:
    return House(Path(settings.DATA_DIR))


def _plan() -> Mapping[str, Any]:
    house = _house()
    return house.read(house.plan)


def _born() -> dict[str, date]:
    return {key: date.fromisoformat(day) for key, day in _plan().get("born", {}).items()}


def _years(birth: date, today: date) -> int:
    leap = packs.load(JURISDICTION).source.leap_birthday
    return completed_years(as_number(birth), as_number(today), leap)


def _name(person: cast.Person) -> str:
    return person.name["en" if get_language() == "en" else "id"]


@in_the_story
@require_safe
@never_cache
def start(request: HttpRequest) -> HttpResponse:
    """`/cerita`: each person's door."""
    plan = _plan()
    today = clock.now().astimezone(ZONE).date()
    born = _born()
    port = plan.get("platform_port", 8001)
    platform = f"http://ramai.localhost:{port}"
    children = [
        {
            "key": child.key,
            "name": _name(child),
            "years": _years(born[child.key], today) if child.key in born else child.years,
            "services": [
                {"name": one["name"], "url": f"{platform}/{one['slug']}/", "purpose": one["purpose"]}
                for one in SERVICES
            ],
        }
        for child in cast.CHILDREN
    ]
    guardians = [
        {
            "key": one.key,
            "name": _name(one),
            "mail": one.mail,
            "letters": f"{reverse('story:mailbox')}#{one.key}",
        }
        for one in cast.GUARDIANS
    ]
    return render(
        request,
        "story/start.html",
        {
            "children": children,
            "guardians": guardians,
            "stranger": _name(cast.STRANGER),
            "platform": f"{platform}/",
            "desk": f"{platform}/petugas/",
            "wallet": f"http://identitas.localhost:{plan.get('wallet_port', 8005)}/",
            "officer": {"name": cast.OFFICER, "password": plan.get("officer_password", "")},
            "cities": places.cities(),
            "city_staff": list(cities.STAFF),
            "organiser": learning.ORGANISER,
            "now": clock.now(),
            "can_restart": _house().runner.exists(),
        },
    )


@in_the_story
@require_safe
@never_cache
def mailbox(request: HttpRequest) -> HttpResponse:
    """`/cerita/surat`: every mail and message sent, by person. Nothing left this machine."""
    letters = families.mailbox()
    known = {person.mail: person for person in cast.CAST if person.mail}
    boxes = [
        {
            "key": person.key,
            "name": _name(person),
            "letters": [one for one in letters if one["to"] == person.mail],
        }
        for person in (*cast.GUARDIANS, cast.STRANGER)
    ]
    others = [one for one in letters if one["to"] not in known]
    if others:
        boxes.append({"key": "lain", "name": _("Alamat lain"), "letters": others})
    return render(request, "story/mailbox.html", {"boxes": boxes, "total": len(letters)})


@in_the_story
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def the_clock(request: HttpRequest) -> HttpResponse:
    """`/cerita/jam`: what time it is in the story, and ways to move on. Never back: what happened has happened."""
    now = clock.now()
    jumps = _jumps(now)
    if request.method == "POST":
        wanted = next((jump for jump in jumps if jump["key"] == request.POST.get("ke")), None)
        if wanted is None:
            return redirect("story:clock")
        clock.move(wanted["at"] - now)
        return redirect(f"{reverse('story:clock')}?pindah=1")
    return render(
        request,
        "story/clock.html",
        {"now": now, "jumps": jumps, "moved": "pindah" in request.GET, "ahead": clock.ahead() > MINUTE},
    )


def _jumps(now: datetime) -> list[dict[str, Any]]:
    """Where the clock may be moved to, the near ones first."""
    found: list[dict[str, Any]] = [
        {"key": "jam", "text": _("Maju 1 jam"), "at": now + timedelta(hours=1)},
        {"key": "hari", "text": _("Maju 1 hari"), "at": now + timedelta(days=1)},
    ]
    words = {"request": _("batas jawaban"), "deletion": _("batas penghapusan")}
    for what, at in families.coming_due(now=now):
        if at - MINUTE > now:
            text = _("1 menit sebelum %(what)s") % {"what": words[what]}
            found.append({"key": f"sebelum-{what}", "text": text, "at": at - MINUTE})
        text = _("Tepat setelah %(what)s") % {"what": words[what]}
        found.append({"key": f"sesudah-{what}", "text": text, "at": at + JUST})
    return found + _birthdays(now)


def _law_ages(now: datetime) -> tuple[int, ...]:
    """The birthdays after which the law answers otherwise about a child's account."""
    pack = packs.load(JURISDICTION)
    return turns(pack, [accounts.QUESTION], as_number(now.astimezone(ZONE).date()))


def _birthdays(now: datetime) -> list[dict[str, Any]]:
    """The birthdays at which the law's answer changes, the nearest first."""
    found = []
    ages = _law_ages(now)
    for child in cast.CHILDREN:
        birth = _born().get(child.key)
        if birth is None:
            continue
        for years in ages:
            at = datetime.combine(cast.turns(birth, years), time(0, 0, 1), ZONE)
            if at > now:
                text = _("%(name)s berumur %(years)s tahun") % {"name": _name(child), "years": years}
                found.append({"key": f"{child.key}-{years}", "text": text, "at": at})
                break
    return sorted(found, key=lambda jump: jump["at"])


@in_the_story
@require_POST
def again(request: HttpRequest) -> HttpResponse:
    """`/cerita/ulang`: ask whoever runs the story to empty it and start anew."""
    house = _house()
    if house.runner.exists():
        house.again.write_text("ya", encoding="ascii")
        return render(request, "story/again.html", {"start": reverse("story:start")})
    return redirect("story:start")
