"""The child's page: which doors are open, why not, who decided, who sees what, how to object. Words by age
band.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ruangaman.adapters import clock
from ruangaman.core.consent import State
from ruangaman.core.errors import RuangAmanError
from ruangaman.rooms.families import actions, children, objections, supervision, tokens
from ruangaman.rooms.families import age as ages
from ruangaman.rooms.families.errors import NotFound
from ruangaman.rooms.families.models import Child, ConsentRequest, Objection, Shown, Token
from ruangaman.rooms.families.views import words
from ruangaman.rooms.families.views.common import articles, back, guarded, opens_at, page, told
from ruangaman.rooms.vault import api as vault

TEMPLATES = {"3-5": "6-9", "6-9": "6-9", "10-12": "10-12", "13-15": "13-15", "16-17": "16-17", "18+": "16-17"}


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
    band = ages.band(profile.get("age"), children.local_day(now))
    shape = TEMPLATES[band]
    doors = _doors(rows, now)
    number = _number(request.GET.get("pintu", "1"), len(doors))
    context = {
        "ground": f"child-{shape}",
        "token": token,
        "band": band,
        "name": children.nickname(person, "show the child's own page"),
        "portrait_name": children.nickname(person, "show the child's own page").lower() or "neutral",
        "whole": found.purpose == "child_all",
        "doors": doors,
        "one": doors[number - 1] if doors else None,
        "number": number,
        "next": number + 1 if number < len(doors) else 1 if len(doors) > 1 else None,
        "watched": _watched(rows),
        "said": request.GET.get("terkirim", ""),
        "replies": _replies(rows),
        "open_objections": Objection.objects.filter(child__in=rows, answered_at__isnull=True).order_by(
            "created_at"
        ),
        "own_switches": _own_switches(rows) if shape in ("13-15", "16-17") else [],
        "error": error,
    }
    return page(request, f"anak/{shape}.html", context, status)


def _number(text: str, most: int) -> int:
    return int(text) if text.isdigit() and 1 <= int(text) <= most else 1


def _doors(rows: list[Child], now: datetime) -> list[dict[str, Any]]:
    """One door a service: the newest request, or what the law said without one."""
    doors: dict[UUID, dict[str, Any]] = {}
    kind = words.kind_for(rows[0].root, now)
    for shown in Shown.objects.filter(child__in=rows).order_by("at"):
        answer = dict(vault.reveal(vault.SealedRef(shown.answer), purpose="tell the child why"))
        doors[shown.service_ref] = _door(shown.card, answer, None, None, kind)
    for row in ConsentRequest.objects.filter(child__in=rows).order_by("created_at"):
        state = actions.state_of(row, now)
        if state is State.REPLACED:
            continue
        doors[row.service_ref] = _door(row.card, actions.law_answer(row), row, state, kind)
    return sorted(doors.values(), key=lambda one: (one["door"] != "open", one["name"]))


def _door(
    card: dict[str, Any],
    answer: dict[str, Any],
    row: ConsentRequest | None,
    state: State | None,
    fallback: str,
) -> dict[str, Any]:
    kind = (row.relation_kind if row else "") or fallback
    age = opens_at(card, answer)
    if row is None and age is None:
        said = {"door": "open", "word": _("Terbuka"), "reason": ""}
        if answer.get("outcome") not in ("allow", "not_a_child"):
            said = {"door": "unknown", "word": _("Belum tahu"), "reason": ""}
    else:
        said = words.for_child(state, age, kind, card["risk_profile"])
    note = ""
    if row is not None and row.note and state in (State.REFUSED, State.WITHDRAWN):
        note = str(vault.reveal(vault.SealedRef(row.note), purpose="show the child the line written for it"))
    return {
        **said,
        "name": card["name"],
        "who": words.person(kind)
        if state in (State.GIVEN, State.REFUSED, State.WITHDRAWN)
        else _("Aturan")
        if age
        else "",
        "when": row.answered_at or row.created_at if row else None,
        "note": note,
        "law": answer.get("text"),
        "articles": articles(answer),
        "data": card["data_requested"],
        "valid_until": _instant(answer.get("valid_until")),
        "row": row,
        "given": state is State.GIVEN,
        "own_consent": row is not None and row.kind == "confirmation",
        "purpose": card["purpose"],
    }


def _instant(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _watched(rows: list[Child]) -> list[dict[str, Any]]:
    given = ConsentRequest.objects.filter(child__in=rows, state=State.GIVEN).values_list("pk", flat=True)
    found = []
    for watch in supervision.watches_of(list(given)):
        found.append(
            {
                "who": words.person(watch.permission.request.relation_kind),
                "title": watch.permission.title,
                "service": watch.permission.request.card["name"],
                "reason": vault.reveal(vault.SealedRef(watch.reason), purpose="tell the child why"),
                "since": watch.since,
            }
        )
    return found


def _replies(rows: list[Child]) -> list[dict[str, Any]]:
    found = []
    for row in Objection.objects.filter(child__in=rows, reply__isnull=False).order_by("-answered_at")[:3]:
        assert row.reply is not None
        text = vault.reveal(vault.SealedRef(row.reply), purpose="show the answer")
        found.append({"at": row.answered_at, "text": text})
    return found


def _own_switches(rows: list[Child]) -> list[dict[str, Any]]:
    from ruangaman.rooms.families.models import Permission

    return [
        {"row": one, "service": one.request.card["name"]}
        for one in Permission.objects.select_related("request").filter(
            request__child__in=rows, request__state=State.GIVEN, managed_by="child"
        )
    ]


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
        try:
            one = objections.disagree(
                rows[0], words=request.POST.get("words", ""), feeling=request.POST.get("feeling", ""), now=now
            )
        except RuangAmanError as refused:
            return _form(request, token, rows, "keberatan", told(refused))
        return back("anak", token, fragment=f"?terkirim={one.to}#terkirim")
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
        except RuangAmanError as refused:
            return _form(request, token, rows, "umur", told(refused))
        return back("anak", token, fragment="?terkirim=umur#terkirim")
    return _form(request, token, rows, "umur")


def _form(request: HttpRequest, token: str, rows: list[Child], kind: str, error: str = "") -> HttpResponse:
    now = clock.now()
    profile = children.profile_of(rows[0], "show the child's own page")
    band = TEMPLATES[ages.band(profile.get("age"), children.local_day(now))]
    guardian = bool(children.guardians_of(rows[0].root, now=now))
    context = {
        "ground": f"child-{band}",
        "band": band,
        "token": token,
        "error": error,
        "to_guardian": guardian,
    }
    return page(request, f"anak/{kind}.html", context, 400 if error else 200)


def _right(name: str) -> str:
    """The first words of a letter about one of the rights on the page of 16-17."""
    return {
        "cabut": _("Aku mau mencabut persetujuanku untuk "),
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
