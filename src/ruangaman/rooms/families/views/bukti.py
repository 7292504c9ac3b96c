"""One more step: show that you are the parent. Only the ways that the law's answer asks for are offered."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ruangaman.adapters import clock
from ruangaman.core import verdicts
from ruangaman.core.consent import WAITING
from ruangaman.core.errors import RuangAmanError
from ruangaman.rooms.families import (
    children,
    claims,
    config,
    guardians,
    limits,
    outbox,
    passkeys,
    session,
    tokens,
)
from ruangaman.rooms.families.errors import NotFound, NotTheGuardian, RequestRefused
from ruangaman.rooms.families.models import Child, ConsentRequest, Invite, VerdictProvider
from ruangaman.rooms.families.views import izin
from ruangaman.rooms.families.views.common import (
    age_words,
    back,
    client,
    ended,
    facts_of,
    guarded,
    name_of,
    offices,
    page,
    request_by,
    standing,
    told,
    visit,
)
from ruangaman.rooms.vault import api as vault

CLIENT_LOGINS = 200  # letters an hour from one address; a school has one for all

# No office can tell that the proof is about this very child: the child says it on its own screen.
ASK_THE_CHILD = ("unconfirmed", "asked")


@require_GET
@guarded
def show(request: HttpRequest, token: str) -> HttpResponse:
    """The ways of proving it, the known one first."""
    return _show(request, token)


def _show(request: HttpRequest, token: str, error: str = "", status: int = 200) -> HttpResponse:
    here = visit(request, token)
    now, row, who = here.now, here.row, here.who
    yes = session.asked(request, row, now=now)
    if yes is None or standing(row, now) not in WAITING:
        return back("izin", token)
    needed = guardians.needed(row, now=now)
    choices = guardians.choices_for(row, who, now=now) if who else []
    options = ""
    if "known_guardian" in needed.methods and who is None:
        options, challenge = passkeys.login_options()
        session.challenge(request, challenge)
    providers = offices() if "relation_verdict" in needed.methods else []
    context = {
        **facts_of(row, now),
        "token": token,
        "quick_exit": True,
        "yes": yes,
        "methods": needed.methods,
        "names_compared": any(guardians.name_to_ask(row.child, office, "") for office in providers),
        "known": who is not None,
        "choices": [
            {"id": str(child.pk), "name": name_of(child), "age": age_words(child, now)}
            for child, _who in choices
        ],
        "providers": providers,
        "passkey_options": options,
        "can_mail": config.can_mail(),
        "mailed": request.GET.get("surel") == "ya",
        "error": error,
        "here": reverse("families:bukti", args=[token]),
    }
    return page(request, "bukti.html", context, status)


@require_POST
@guarded
def choose(request: HttpRequest, token: str) -> HttpResponse:
    """A known guardian says which of the children this is."""
    here = visit(request, token)
    if here.who is None:
        return back("bukti", token)
    try:
        child = UUID(request.POST.get("child", ""))
        who = guardians.known(here.row, here.who, child, now=here.now)
    except ValueError:
        return _show(request, token, _("Pilih satu anak."), 400)
    except RuangAmanError as refused:
        return _show(request, token, told(refused), 403)
    return izin.settle(request, here.row, who, token)


@require_POST
@guarded
def passkey(request: HttpRequest, token: str) -> HttpResponse:
    """The screen lock of a guardian who was here before."""
    here = visit(request, token)
    now, row = here.now, here.row
    try:
        who = passkeys.verify(request.POST.get("credential", ""), session.take_challenge(request), now=now)
    except RuangAmanError as refused:
        return _show(request, token, told(refused), 403)
    session.enter(request, who, "passkey", now=now)
    bound = [one for child, one in guardians.choices_for(row, who, now=now) if child.pk == row.child.root.pk]
    if bound:
        return izin.settle(request, row, bound[0], token)
    return back("bukti", token)


@require_POST
@guarded
def mail(request: HttpRequest, token: str) -> HttpResponse:
    """A one-time link to a guardian whom we know by this address; the answer never tells whether we do."""
    row = visit(request, token).row
    try:
        send_login(request.POST.get("email", ""), row, client(request))
    except RequestRefused as refused:
        return _show(request, token, told(refused), 400)
    return back("bukti", token, fragment="?surel=ya#surel")


def send_login(address: str, row: ConsentRequest | None, caller: str) -> None:
    """Write a one-time link to every guardian row of this address, within limits; silent about whether
    there is one.
    """
    now = clock.now()
    found = guardians.by_email(address)
    ours = limits.within("login.hour", address.strip().lower(), limit=5, length=timedelta(hours=1), now=now)
    theirs = limits.within("client.hour", caller, limit=CLIENT_LOGINS, length=timedelta(hours=1), now=now)
    if not (ours and theirs):
        return
    for guardian in found[:1]:
        if guardian.email is None:
            continue
        email = str(vault.reveal(vault.SealedRef(guardian.email), purpose="send a one-time link"))
        outbox.write(
            "login", "mail", email, family=guardian.family, language=guardian.language, guardian=guardian,
            request=row, now=now,
        )  # fmt: skip


@require_POST
@guarded
def office(request: HttpRequest, token: str, provider: str) -> HttpResponse:
    """Go to an office. Nothing about the child goes along, but what lets the office compare the name."""
    here = visit(request, token)
    if session.asked(request, here.row, now=here.now) is None:
        return back("izin", token)
    return to_office(request, provider, "request", token, child=here.row.child)


def to_office(
    request: HttpRequest, slug: str, purpose: str, subject: str, *, child: Child | None = None
) -> HttpResponse:
    """Send the browser to an office with a fresh state and nonce; `child`: whose name it shall compare."""
    provider = VerdictProvider.objects.filter(slug=slug, enabled=True).first()
    if provider is None:
        raise NotFound
    state, nonce = session.attempt(request, slug, purpose, subject, now=clock.now())
    asked = {
        "audience": provider.audience,
        "state": state,
        "nonce": nonce,
        "return_to": tokens.absolute(reverse("families:bukti_kembali")),
    }
    if child is not None and (name := guardians.name_to_ask(child, provider, nonce)):
        asked["name_check"] = name
    response = redirect(f"{provider.ask_url}?{urlencode(asked)}")
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_GET
@guarded
def returned(request: HttpRequest) -> HttpResponse:
    """Back from the office. The verdict is taken out of the address at once; nothing else happens here."""
    state, text = request.GET.get("state", ""), request.GET.get("verdict", "")
    if session.visited(request, state) is None:
        raise NotFound
    if session.attempted(request, state, now=clock.now()) is not None and len(text) <= verdicts.LONGEST:
        session.hold(request, state, text)
    return _see(state)


def _name_in(tried: dict[str, Any], row: ConsentRequest | None) -> str:
    """The child that a visit to an office is about; nobody for who signs in."""
    if row is None and tried["purpose"] == "invite":
        return name_of(Invite.objects.get(pk=tried["subject"]).child)
    return name_of(row.child) if row else ""


def _see(state: str) -> HttpResponse:
    return back("bukti_hasil", fragment=f"?{urlencode({'langkah': state})}")


@require_GET
@guarded
def result(request: HttpRequest) -> HttpResponse:
    """What the office found; the button sends the answer. Who comes back later reads how it ended."""
    now = clock.now()
    state = request.GET.get("langkah", "")
    tried = session.visited(request, state)
    if tried is None:
        raise NotFound
    row = request_by(tried["subject"], "find", now) if tried["purpose"] == "request" else None
    if row is not None and (over := ended(request, row)) is not None:
        return over
    provider = VerdictProvider.objects.get(slug=tried["provider"])
    context = {
        "quick_exit": True,
        "purpose": tried["purpose"],
        "state_token": state,
        "row": row,
        "name": _name_in(tried, row),
        "service": row.card["name"] if row else "",
        "yes": session.asked(request, row, now=now) if row else None,
        "confirmation": row is not None and row.kind == "confirmation",
        "again": reverse("families:bukti", args=[tried["subject"]]) if row else reverse("families:masuk"),
        "provider_name": provider.name,
        "found": False,
    }
    if tried.get("refused"):
        return page(request, "bukti_kembali.html", {**context, "error": tried["refused"]}, 403)
    if session.attempted(request, state, now=now) is None or (row is not None and context["yes"] is None):
        return page(request, "bukti_kembali.html", {**context, "slow": True}, 410)
    text = session.held(tried, state)
    if not text:
        return page(request, "bukti_kembali.html", {**context, "cancelled": True})
    try:
        found = _read(provider, text, tried, row)
        why = _unfit(tried, row, found)
    except verdicts.VerdictRefused as refused:
        return page(request, "bukti_kembali.html", {**context, "error": told(refused)}, 403)
    if why in ASK_THE_CHILD:
        called = children.nickname(row.child) if row else ""
        asking = {"ask_child": True, "asked": why == "asked", "child_word": called or _("anak Anda")}
        return page(request, "bukti_kembali.html", {**context, **asking})
    error = _why(why, context["name"])
    return page(
        request, "bukti_kembali.html", {**context, "found": not why, "error": error}, 403 if why else 200
    )


def _unfit(tried: dict[str, Any], row: ConsentRequest | None, found: verdicts.Verdict) -> str:
    """Why this verdict proves nothing here, or nothing."""
    if tried["purpose"] == "enter":
        return "" if guardians.is_known(found) else "unknown"
    child = row.child if row else Invite.objects.get(pk=tried["subject"]).child
    return guardians.why_not(child, found, now=clock.now(), request=row)


def _why(why: str, name: str) -> str:
    if why == "age":
        return _(
            "Kantor itu bicara tentang anak lain. Umurnya tidak cocok dengan umur %(name)s. Tidak ada yang berubah."
        ) % {"name": name}
    if why == "name":
        return _(
            "Kantor itu bicara tentang anak lain. Namanya tidak cocok dengan %(name)s. Tidak ada yang berubah. "
            "Kalau %(name)s anak Anda, minta ia daftar dengan nama yang dikenal kantor itu."
        ) % {"name": name}
    if why == "denied":
        return _("%(name)s belum mengenali Anda. Tidak ada yang berubah. Bicara langsung dengannya.") % {
            "name": name
        }
    if why == "unknown":
        return _("Belum ada keluarga di sini. Minta kode dari anak.")
    if why == "another-child":
        return _("Kantor itu bicara tentang anak lain, bukan %(name)s. Tidak ada yang berubah.") % {
            "name": name
        }
    return told(NotTheGuardian(why=why)) if why else ""


def _read(
    provider: VerdictProvider, text: str, tried: dict[str, Any], row: ConsentRequest | None
) -> verdicts.Verdict:
    nonce = tried["nonce"]
    return verdicts.read(
        text,
        keys=provider.keys,
        issuer=provider.issuer,
        audience=provider.audience,
        provider=provider.slug,
        nonce=nonce,
        name_asked=guardians.name_asked(row.child, provider, nonce) if row else "",
        now=clock.now(),
    )


@require_POST
@guarded
def confirm(request: HttpRequest) -> HttpResponse:
    """The verdict counts now: for a request it carries the answer, else it signs in or accepts an
    invitation.
    """
    now = clock.now()
    state = request.POST.get("state", "")
    if session.visited(request, state) is None:
        raise NotFound
    tried = session.attempted(request, state, now=now)
    if tried is None:
        return _see(state)
    provider = VerdictProvider.objects.filter(slug=tried["provider"], enabled=True).first()
    if provider is None:
        raise NotFound
    language = getattr(request, "LANGUAGE_CODE", "id")
    row = request_by(tried["subject"], "find", now) if tried["purpose"] == "request" else None
    if row is not None and standing(row, now) not in WAITING:
        return _see(state)
    try:
        found = _read(provider, session.held(tried, state), tried, row)
        if row is not None and _unfit(tried, row, found) in ASK_THE_CHILD:
            claims.ask(row, found, now=now)
            return _see(state)
        if row is not None:
            who = guardians.accept_verdict(row.child, found, now=now, language=language, request=row)
        elif tried["purpose"] == "invite":
            who = guardians.accept_invite(UUID(tried["subject"]), found, now=now, language=language)
        else:
            who = guardians.recognise(found, now=now)
    except (NotTheGuardian, verdicts.VerdictRefused) as refused:
        why = str(refused.facts.get("why", "")) if isinstance(refused, NotTheGuardian) else ""
        session.attempt_over(request, state, refused=_why(why, _name_in(tried, row)) or told(refused))
        return _see(state)
    session.attempt_over(request, state)
    session.enter(request, who, "verdict", now=now)
    if row is not None:
        row.refresh_from_db()
        return izin.settle(request, row, who, tried["subject"])
    return back("keluarga")


@require_GET
@guarded
def invited(request: HttpRequest, token: str) -> HttpResponse:
    """The second guardian's invitation: what it is, and the offices that can prove the relation."""
    found = tokens.find(token, "invite", now=clock.now())
    assert isinstance(found.invite, Invite)
    context = {
        "quick_exit": True,
        "token": token,
        "name": name_of(found.invite.child),
        "used": found.invite.accepted_at is not None,
        "providers": offices(),
    }
    return page(request, "undangan.html", context)


@require_POST
@guarded
def invited_office(request: HttpRequest, token: str, provider: str) -> HttpResponse:
    """The invited one goes to an office."""
    found = tokens.find(token, "invite", now=clock.now())
    return to_office(request, provider, "invite", str(found.invite_id))
