"""The child's page: which doors are open, why not, who decided, who sees what, how to object. Words by age
band.
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ruangaman.adapters import clock
from ruangaman.core.errors import RuangAmanError
from ruangaman.rooms.families import actions, children, lawdesk, objections, officers, supervision, tokens
from ruangaman.rooms.families import age as ages
from ruangaman.rooms.families.errors import NotFound, SaysNothing
from ruangaman.rooms.families.models import Child, ConsentRequest, Objection, Token
from ruangaman.rooms.families.views import pintu
from ruangaman.rooms.families.views.common import back, guarded, page, told

SEEN = "dilihat"
ONE_VISIT = timedelta(minutes=30)
RIGHTS = {"salinan": "copy", "hapus": "delete"}
PAGES = ("6-9", "6-9", "10-12", "13-15", "16-17")
"""The page of each range of the law, the youngest first; the names are those of the drawn pages, not of ages."""


def _rows(token: Token) -> list[Child]:
    """The platform's link shows its own service alone; the link that a guardian handed over shows all of
    them.
    """
    if token.child is None:
        raise NotFound
    return children.everyone(token.child.root) if token.purpose == "child_all" else [token.child]


@require_GET
@guarded
def show(request: HttpRequest, token: str) -> HttpResponse:
    """The page in the words of the child's age."""
    return _show(request, token)


def _show(request: HttpRequest, token: str, error: str = "", status: int = 200) -> HttpResponse:
    now = clock.now()
    found = tokens.find(token, "child", "child_all", now=now)
    rows = _rows(found)
    person = rows[0]
    profile = children.profile_of(person, "show the child's own page")
    place = ages.place(profile.get("age"), children.local_day(now))
    grown = place is None
    shape = _shape(place)
    if grown and found.purpose == "child_all":
        context = {"ground": f"child-{shape}", "grown_from": lawdesk.grown_from()}
        return page(request, "anak/dewasa.html", context, 410)
    years = pintu.youngest(profile, now)
    doors = pintu.doors(rows, now, years=years, grown=grown)
    number = _number(request.GET.get("pintu", "1"), len(doors))
    before, stamp = _visit(request, token, now)
    name = children.nickname(person, "show the child's own page")
    context = {
        "ground": f"child-{shape}",
        "token": token,
        "with_adult": place == 0,
        "grown": grown,
        "grown_from": lawdesk.grown_from(),
        "own_from": lawdesk.own_consent_from(now=now),
        "years": years,
        "name": name,
        "portrait_name": name.lower() or "neutral",
        "whole": found.purpose == "child_all",
        "doors": doors,
        "stories": any(one["stories"] and one["given"] for one in doors),
        "one": doors[number - 1] if doors else None,
        "number": number,
        "next": number + 1 if number < len(doors) else 1 if len(doors) > 1 else None,
        "watched": [] if grown else pintu.watched(rows),
        "changed": [] if grown else pintu.changed_watches(rows, before),
        "said": request.GET.get("terkirim", ""),
        "replies": pintu.replies(rows),
        "passed_on": Objection.objects.filter(
            child__in=rows, answered_at__isnull=True, passed_at__isnull=False
        ).order_by("created_at"),
        "sent": pintu.sent(rows, now) if shape != "6-9" else [],
        "phrases": pintu.phrases() if shape == "13-15" else [],
        "answered_by": lawdesk.matter_due("objection", "ID", now).due_at if shape == "13-15" else None,
        "waits_for_officer": pintu.waits_for_officer(rows, now) if shape == "6-9" else "",
        "own_switches": pintu.own_switches(rows) if shape in ("13-15", "16-17") and not grown else [],
        "history": pintu.history(rows) if shape == "16-17" else [],
        "error": error,
    }
    response = page(request, f"anak/{shape}.html", context, status)
    response.set_cookie(
        SEEN,
        stamp,
        path=reverse("families:anak", args=[token]),
        max_age=timedelta(days=365),
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


def _shape(place: int | None) -> str:
    """The page for a range of the law by its place; who is grown reads the last one."""
    return PAGES[-1 if place is None else min(place, len(PAGES) - 1)]


def _visit(request: HttpRequest, token: str, now: datetime) -> tuple[datetime, str]:
    """When this browser was here last, before the visit of now, and what its cookie then says: two instants, nothing of
    the child. Looking changes nothing in the house.
    """
    try:
        before, current = (
            datetime.fromtimestamp(int(part), UTC) for part in request.COOKIES[SEEN].split(".")
        )
    except (KeyError, ValueError, OverflowError, OSError):
        before, current = now - pintu.ALL_NEW, now
    if now - current > ONE_VISIT:
        before, current = current, now
    return before, f"{int(before.timestamp())}.{int(current.timestamp())}"


def _number(text: str, most: int) -> int:
    return int(text) if text.isdigit() and 1 <= int(text) <= most else 1


@require_http_methods(["GET", "HEAD", "POST"])
@guarded
def disagree(request: HttpRequest, token: str) -> HttpResponse:
    """ "I do not agree": a few words (or one of three cards for the youngest); goes to a guardian or an
    officer.
    """
    now = clock.now()
    found = tokens.find(token, "child", "child_all", now=now)
    rows = _rows(found)
    if request.method == "POST":
        asks = RIGHTS.get(request.POST.get("hak", ""), "")
        held = _held(rows, request.POST.get("layanan", "")) if asks else None
        try:
            one = objections.disagree(
                held[0] if held else rows[0],
                words=request.POST.get("words", ""),
                feeling=request.POST.get("feeling", ""),
                right=asks,
                service_ref=held[1] if held else None,
                now=now,
            )
        except RuangAmanError as refused:
            return _form(request, token, rows, "keberatan", told(refused))
        return back("anak", token, fragment=f"?terkirim={'hak' if asks else one.to}#terkirim")
    return _form(request, token, rows, "keberatan")


@require_http_methods(["GET", "HEAD", "POST"])
@guarded
def wrong_age(request: HttpRequest, token: str) -> HttpResponse:
    """ "My age is wrong": which way, and why; a person looks at it."""
    now = clock.now()
    found = tokens.find(token, "child", "child_all", now=now)
    rows = _rows(found)
    if request.method == "POST":
        try:
            objections.wrong_age(
                rows[0],
                direction=request.POST.get("direction", ""),
                words=request.POST.get("words", ""),
                now=now,
            )
        except SaysNothing:
            return _form(request, token, rows, "umur", _("Pilih dulu apa yang salah."))
        return back("anak", token, fragment="?terkirim=umur#terkirim")
    return _form(request, token, rows, "umur")


def _held(rows: list[Child], chosen: str) -> tuple[Child, UUID] | None:
    """The row at the service whose data is asked for: the chosen one, or the only one."""
    found = officers.services_of(rows)
    if len(found) == 1:
        return found[0][0], found[0][1]
    return next(((child, service) for child, service, _ in found if str(child.pk) == chosen), None)


def _form(request: HttpRequest, token: str, rows: list[Child], kind: str, error: str = "") -> HttpResponse:
    now = clock.now()
    profile = children.profile_of(rows[0], "show the child's own page")
    shape = _shape(ages.place(profile.get("age"), children.local_day(now)))
    right = request.POST.get("hak") or request.GET.get("hak", "")
    due = lawdesk.matter_due("age" if kind == "umur" else RIGHTS.get(right, "objection"), "ID", now)
    held = officers.services_of(rows) if right in RIGHTS else []
    names = [name for _, _, name in held]
    context = {
        "ground": f"child-{shape}",
        "token": token,
        "error": error,
        "to_guardian": objections.hears_guardian(rows[0].root, now),
        "due_at": due.due_at,
        "tells_when": shape != "6-9",  # the youngest read no day (`ux.md` 4.5), however they came here
        "direction": request.POST.get("direction", ""),
        "right": right if right in RIGHTS else "",
        "held": [(str(child.pk), name) for child, _, name in held] if len(held) > 1 else [],
        "chosen": request.POST.get("layanan", ""),
        "prefill": request.POST.get("words") or _right(right) + (names[0] if len(names) == 1 else ""),
        "takes_back": [one for one in _doors_of(rows, now) if one["takes_back"]] if right == "hapus" else [],
    }
    return page(request, f"anak/{kind}.html", context, 400 if error else 200)


def _doors_of(rows: list[Child], now: datetime) -> list[dict[str, Any]]:
    profile = children.profile_of(rows[0], "show the child's own page")
    grown = ages.is_grown(profile.get("age"), children.local_day(now))
    return pintu.doors(rows, now, years=pintu.youngest(profile, now), grown=grown)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded
def take_back(request: HttpRequest, token: str, row: UUID) -> HttpResponse:
    """At 17 the child takes its own consent back: one page that says what happens, one button that does it."""
    now = clock.now()
    rows = _rows(tokens.find(token, "child", "child_all", now=now))
    door = next((one for one in _doors_of(rows, now) if one["row"] and one["row"].pk == row), None)
    if door is None:
        raise NotFound
    of_parents = [one for one in actions.living_with(door["row"], now) if one.kind != "confirmation"]
    if request.method == "POST":
        try:
            actions.take_back(row, now=now)
        except RuangAmanError as refused:
            return _show(request, token, told(refused), 409)
        return back("anak", token, fragment=f"?terkirim={'sebagian' if of_parents else 'dicabut'}#terkirim")
    if not door["takes_back"]:
        return back("anak", token)
    own = actions.own_consents(door["row"], now)
    context = {
        "ground": "child-16-17",
        "token": token,
        "service": door["name"],
        "accounts": [{"mark": bytes(one.digest), "agreed": one.created_at} for one in own]
        if len(own) > 1
        else [],
        "of_parents": bool(of_parents),
    }
    return page(request, "anak/cabut.html", context)


def _right(name: str) -> str:
    """The first words of a letter about one of the rights on the page of 16-17."""
    return {
        "salinan": _("Aku minta salinan dataku di "),
        "hapus": _("Aku minta dataku dihapus di "),
    }.get(name, "")


@require_POST
@guarded
def switch(request: HttpRequest, token: str) -> HttpResponse:
    """A switch that the child turns alone."""
    now = clock.now()
    rows = _rows(tokens.find(token, "child", "child_all", now=now))
    try:
        identity = UUID(request.POST.get("request", ""))
    except ValueError:
        raise NotFound from None
    if not ConsentRequest.objects.filter(pk=identity, child__in=rows).exists():
        raise NotFound
    try:
        supervision.turn(
            identity,
            request.POST.get("feature", ""),
            request.POST.get("state") == "on",
            by_child=True,
            now=now,
        )
    except RuangAmanError as refused:
        return _show(request, token, told(refused), 403)
    return back("anak", token, fragment="#atur")
