"""Ways in: the short code, one-time links, the child's start."""

import secrets
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ruangaman.adapters import clock
from ruangaman.core.consent import WAITING, Event
from ruangaman.rooms.families import actions, codes, guardians, requests, session, tokens
from ruangaman.rooms.families.errors import LinkExpired, LinkUsed, NotFound, TooMany
from ruangaman.rooms.families.models import Guardian, Token
from ruangaman.rooms.families.views.common import back, client, guarded, name_of, over, page, standing
from ruangaman.rooms.vault import api as vault

BROWSER = "kode"
TYPED = "kode-diketik"
TYPED_LONGEST = 12


@require_POST
def find(request: HttpRequest) -> HttpResponse:
    """The short code of the start page; the code itself never stands in an address."""
    start = reverse("public:start")
    browser = _browser(request)
    try:
        row = codes.find(
            request.POST.get("code", ""), browser=browser, address=client(request), now=clock.now()
        )
        to = requests.find_path(row)
        session.own_again(request, row)  # a family may share the phone: who types the code opens it anew
    except TooMany:
        to = f"{start}?{urlencode({'kode': 'tunggu'})}#kode"
    except (NotFound, LinkExpired):
        to = f"{start}?{urlencode({'kode': 'tidak-cocok'})}#kode"
    response = redirect(to)
    if to.startswith(
        start
    ):  # kept for one look, so that who typed it can check the letters; it is in no address
        typed = request.POST.get("code", "")[:TYPED_LONGEST]
        response.set_signed_cookie(
            TYPED, typed, salt=TYPED, max_age=60, secure=request.is_secure(), httponly=True, samesite="Lax"
        )
    response.set_signed_cookie(
        BROWSER,
        browser,
        salt=BROWSER,
        max_age=codes.LIFE,
        path=reverse("families:find"),
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


def _browser(request: HttpRequest) -> str:
    """Who types a code: 128 random bits that this house has signed, of no other use; fresh ones where none came."""
    kept = request.get_signed_cookie(BROWSER, default=None, salt=BROWSER, max_age=codes.LIFE)
    return kept or secrets.token_urlsafe(16)


@require_GET
def child_start(request: HttpRequest) -> HttpResponse:
    """ "I am a child": where a child's page is found; there is nothing to search by."""
    return page(request, "anak/mulai.html", {"ground": "child-10-12"})


def _used(request: HttpRequest, token: str, row: Token) -> HttpResponse:
    """A link that was used: answered already, or a new one may be sent to the very address that got this one."""
    state = standing(row.request, clock.now()) if row.request else None
    name = name_of(row.request.child) if row.request else ""
    waits = state in WAITING
    context = {
        "kind": "used",
        "quick_exit": True,
        "again": token if row.purpose == "mail" and waits else "",
        "sent": request.GET.get("surel") == "ya",
        "name": name,
        **(over(state, name) if state and not waits else {}),
    }
    return page(request, "tautan_tidak_ada.html", context, 410)


@require_POST
@guarded
def again(request: HttpRequest, token: str) -> HttpResponse:
    """A new link to the same address, within the limits of every letter; says nothing about the address."""
    now = clock.now()
    row = tokens.find(token, "mail", now=now)
    if row.request is None or row.outgoing is None:
        raise NotFound
    if standing(row.request, now) in WAITING:
        address = vault.reveal(
            vault.SealedRef(row.outgoing.address), purpose="send a new link to the same place"
        )
        if row.outgoing.lane == "mail":
            requests.mail(row.request, str(address), now=now)
    return back("tautan", token, fragment="?surel=ya")


@require_http_methods(["GET", "HEAD", "POST"])
@guarded
def link(request: HttpRequest, token: str) -> HttpResponse:
    """A one-time link from a letter. GET shows a button; only the POST uses the link."""
    now = clock.now()
    row = tokens.find(token, "mail", "login", "address", now=now)
    if request.method != "POST":
        if row.used_at is not None:
            return _used(request, token, row)
        context = {
            "token": token,
            "purpose": row.purpose,
            "name": name_of(row.request.child) if row.request else "",
            "service": row.request.card["name"] if row.request else "",
            "quick_exit": True,
        }
        return page(request, "tautan.html", context)
    try:
        tokens.redeem(row, now=now)
    except LinkUsed:
        return _used(request, token, row)
    if row.guardian is not None and row.purpose in ("mail", "login"):
        session.enter(request, row.guardian, "link", now=now)
    if row.purpose == "mail" and row.request is not None:
        actions.mark(row.request.pk, Event.OPEN, now=now)
        if row.outgoing_id:
            session.came_by_letter(request, row.request, row.outgoing_id)
        return redirect(requests.find_path(row.request))
    if row.purpose == "address" and row.guardian is not None and row.outgoing is not None:
        address = vault.reveal(
            vault.SealedRef(row.outgoing.address), purpose="keep an address that was proven"
        )
        guardians.set_email(Guardian.objects.get(pk=row.guardian.pk), str(address), now=now)
        return page(request, "alamat_tersimpan.html", {"quick_exit": True})
    if row.request is not None:
        return redirect(requests.find_path(row.request))
    return back("keluarga")
