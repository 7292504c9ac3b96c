"""Coming back: passkey, one-time link, or a new verdict when link and phone are lost. And going: sign out."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ruangaman.adapters import clock
from ruangaman.core.errors import RuangAmanError
from ruangaman.rooms.families import config, guardians, outbox, passkeys, requests, session
from ruangaman.rooms.families.errors import RequestRefused
from ruangaman.rooms.families.models import Guardian, Passkey
from ruangaman.rooms.families.views import bukti
from ruangaman.rooms.families.views.common import back, client, guarded, guardian_only, offices, page, told


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """The sign-in page; nothing to remember, no password."""
    return _show(request)


def _show(request: HttpRequest, error: str = "", status: int = 200) -> HttpResponse:
    options, challenge = passkeys.login_options()
    session.challenge(request, challenge)
    context = {
        "quick_exit": True,
        "closed": session.was_closed(request),
        "passkey_options": options,
        "can_mail": config.can_mail(),
        "mailed": request.GET.get("surel") == "ya",
        "providers": offices(),
        "error": error,
        "here": reverse("families:masuk"),
    }
    return page(request, "masuk.html", context, status)


@require_POST
def passkey(request: HttpRequest) -> HttpResponse:
    """Sign in by screen lock."""
    now = clock.now()
    try:
        who = passkeys.verify(request.POST.get("credential", ""), session.take_challenge(request), now=now)
    except RuangAmanError as refused:
        return _show(request, told(refused), 403)
    session.enter(request, who, "passkey", now=now)
    return back("keluarga")


@require_POST
def mail(request: HttpRequest) -> HttpResponse:
    """A one-time link, if the address is known; the answer is the same either way."""
    try:
        bukti.send_login(request.POST.get("email", ""), None, client(request))
    except RequestRefused as refused:
        return _show(request, told(refused), 400)
    return back("masuk", fragment="?surel=ya#surel")


@require_POST
@guarded
def office(request: HttpRequest, provider: str) -> HttpResponse:
    """Link and phone are lost: a new verdict recognises the person."""
    return bukti.to_office(request, provider, "enter", "")


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Sign out."""
    session.leave(request)
    return back("masuk")


@require_GET
@guardian_only
def keys(request: HttpRequest, who: Guardian) -> HttpResponse:
    """Passkeys and the address for one-time links."""
    return _keys(request, who)


def _keys(request: HttpRequest, who: Guardian, error: str = "", status: int = 200) -> HttpResponse:
    options, challenge = passkeys.registration(who)
    session.challenge(request, challenge)
    context = {
        "quick_exit": True,
        "passkey_options": options,
        "keys": who.passkeys.filter(revoked_at__isnull=True).order_by("created_at"),
        "has_email": who.email_verified_at is not None,
        "can_mail": config.can_mail(),
        "mailed": request.GET.get("surel") == "ya",
        "kept": request.GET.get("kunci") == "ya",
        "error": error,
        "here": reverse("families:kunci"),
    }
    return page(request, "kunci.html", context, status)


@require_POST
@guardian_only
def keep_key(request: HttpRequest, who: Guardian) -> HttpResponse:
    """Keep a new passkey."""
    now = clock.now()
    try:
        passkeys.keep(who, request.POST.get("credential", ""), session.take_challenge(request), now=now)
    except RuangAmanError as refused:
        return _keys(request, who, told(refused), 403)
    Guardian.objects.filter(pk=who.pk, passkey_offered_at__isnull=True).update(passkey_offered_at=now)
    session.offer_over(request)
    return back("kunci", fragment="?kunci=ya")


@require_POST
@guardian_only
def later(request: HttpRequest, who: Guardian) -> HttpResponse:
    """ "Not now": the passkey was offered once and is not offered again by itself."""
    guardians.first_offer(who, now=clock.now())
    session.offer_over(request)
    return back("keluarga")


@require_POST
@guardian_only
def drop_key(request: HttpRequest, who: Guardian, key: str) -> HttpResponse:
    """A phone is lost: remove its passkey."""
    row = Passkey.objects.filter(pk=key, guardian=who).first()
    if row is not None:
        passkeys.revoke(who, row, now=clock.now())
    return back("kunci")


@require_POST
@guardian_only
def address(request: HttpRequest, who: Guardian) -> HttpResponse:
    """Keep an address for one-time links, once a link sent there was opened."""
    try:
        email = requests.clean_email(request.POST.get("email"))
    except RequestRefused as refused:
        return _keys(request, who, told(refused), 400)
    if email is None:
        return _keys(request, who, _("Tulis alamat surel Anda."), 400)
    now = clock.now()
    if guardians.may_write(email, now=now):
        outbox.write(
            "address", "mail", email, family=who.family, language=getattr(request, "LANGUAGE_CODE", "id"),
            guardian=who, now=now,
        )  # fmt: skip
    return back("kunci", fragment="?surel=ya#surel")
