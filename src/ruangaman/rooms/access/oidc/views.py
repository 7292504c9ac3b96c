"""The addresses of the OpenID Provider: for clients (discovery, keys, PAR, token) and for people (one page)."""

import re
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from ruangaman.adapters import clock
from ruangaman.rooms.access.errors import AskedTooOften
from ruangaman.rooms.access.models import OpenIdFlow
from ruangaman.rooms.access.oidc import bounds, clients, flows, keys, requests, server, telling
from ruangaman.rooms.access.oidc.adapter import NOW
from ruangaman.rooms.access.oidc.errors import AskedRefused, FlowOver, RequestUnreadable
from ruangaman.rooms.ages import api as ages
from ruangaman.rooms.families import api as families

FLOWS: Final = "openid"
"""In the session: the visits that this browser began, the latest last."""
BROWSER: Final = "peramban"
"""The cookie with the browser's own secret; sent to the pages of this provider alone."""
SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43}")


# For clients


def _told(body: Any, status: int = 200, cached_s: int = 0) -> HttpResponse:
    response = HttpResponse(msgspec.json.encode(body), status=status, content_type="application/json")
    response["Cache-Control"] = f"public, max-age={cached_s}" if cached_s else "no-store"
    return response


def _refused(error: str, why: str = "", status: int = 400) -> HttpResponse:
    response = _told({"error": error} | ({"error_description": why} if why else {}), status)
    if status == 401:
        response["WWW-Authenticate"] = 'Basic realm="ruangaman"'
    return response


@require_safe
def configuration(_request: HttpRequest) -> HttpResponse:
    """What this provider can do, and nothing that it cannot (OpenID Connect Discovery 1.0, RFC 8414)."""
    now = clock.now()
    ages_asked = clients.law_ages("ID", now)

    def address(name: str) -> str:
        return bounds.issuer() + reverse(f"openid:{name}")

    response = _told(
        {
            "issuer": bounds.issuer(),
            "authorization_endpoint": address("authorize"),
            "token_endpoint": address("token"),
            "jwks_uri": address("keys"),
            "pushed_authorization_request_endpoint": address("par"),
            "require_pushed_authorization_requests": False,
            "scopes_supported": ["openid", *(f"{bounds.SCOPE}{age}" for age in ages_asked)],
            "claims_supported": [
                *("iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "status"),
                *(f"age_over_{age}" for age in ages_asked),
                bounds.FORGEABLE,
            ],
            "claims_parameter_supported": True,
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["pairwise"],
            "acr_values_supported": [bounds.acr(one) for one in requests.ASSURANCES],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
            "request_parameter_supported": False,
            "request_uri_parameter_supported": False,
            "authorization_response_iss_parameter_supported": True,
            "ui_locales_supported": ["id", "en"],
        },
        cached_s=300,
    )
    response["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
def key_set(_request: HttpRequest) -> HttpResponse:
    """The public keys of ID tokens."""
    now = clock.now()
    keys.ensure(now)
    response = _told(keys.jwks(now), cached_s=bounds.KEYS_KEPT_S)
    response["Access-Control-Allow-Origin"] = "*"
    return response


@csrf_exempt
@require_POST
def push(request: HttpRequest) -> HttpResponse:
    """A client says what it will ask before the browser comes (RFC 9126)."""
    now = clock.now()
    platform = clients.authenticated(request)
    if platform is None:
        return _refused("invalid_client", status=401)
    params = request.POST.copy()
    params.pop("client_secret", None)
    params["client_id"] = platform.client_id
    if "request_uri" in params:
        return _refused("invalid_request", "request_uri")
    try:
        found, address = requests.sender(params)
        asked = requests.read(found, address, params, now=now)
    except RequestUnreadable:
        return _refused("invalid_request", "redirect_uri")
    except AskedRefused as refused:
        return _refused(refused.error, refused.why)
    pushed = requests.push(platform, asked, now=now)
    return _told({"request_uri": pushed, "expires_in": int(bounds.PUSHED.total_seconds())}, 201)


@csrf_exempt
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """A code becomes one ID token; nothing else is exchanged here."""
    if clients.authenticated(request) is None:
        return _refused("invalid_client", status=401)
    if any(len(values) != 1 for _name, values in request.POST.lists()):
        return _refused("invalid_request", "each parameter once")
    if request.POST.get("grant_type") != "authorization_code":
        return _refused("unsupported_grant_type")
    if "resource" in request.POST:
        return _refused("invalid_target")
    setattr(request, NOW, clock.now())
    return server.NarrowTokenView.as_view()(request)  # type: ignore[no-any-return]


# For people


def _page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    response = render(request, f"access/oidc/{template}", {"now": clock.now(), **context}, status=status)
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "same-origin"
    return response


def _leave(address: str) -> HttpResponse:
    """To the client. By 303, so that no form is sent along."""
    response = HttpResponse(status=303)
    response["Location"] = address
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response


def _language(request: HttpRequest) -> str:
    return str(getattr(request, "LANGUAGE_CODE", "id"))


@csrf_exempt
@require_http_methods(["GET", "POST"])
def authorize(request: HttpRequest) -> HttpResponse:
    """A client sends somebody here. Nothing is done before that person has said yes."""
    if request.method == "POST":
        # From another site no cookie of ours comes along; as a GET it does (SameSite=Lax).
        return _leave(f"{reverse('openid:authorize')}?{request.POST.urlencode()}")
    now = clock.now()
    try:
        row = _begun(request.GET, now)
    except RequestUnreadable:
        return _page(request, "salah.html", {}, 400)
    except _ToClientError as refused:
        return _leave(refused.address)
    mine = [*request.session.get(FLOWS, []), str(row.id)]
    request.session[FLOWS] = mine[-bounds.MOST_FLOWS :]
    asked = flows.asked_of(row)
    wanted = f"?bahasa={asked.language}" if asked.language and asked.language != _language(request) else ""
    return redirect(reverse("openid:flow", args=[row.id]) + wanted)


class _ToClientError(Exception):
    def __init__(self, address: str) -> None:
        self.address = address


def _begun(params: QueryDict, now: datetime) -> OpenIdFlow:
    if "request_uri" in params:
        platform = clients.living(params.get("client_id", ""))
        asked = requests.take_pushed(platform, str(params["request_uri"]), now=now) if platform else None
        if platform is None or asked is None:
            raise RequestUnreadable(why="request_uri")
        return flows.begin(platform, asked, now=now)
    platform, address = requests.sender(params)
    try:
        if platform.pushed_only:
            raise AskedRefused("invalid_request", "this client pushes its requests (RFC 9126)")
        return flows.begin(platform, requests.read(platform, address, params, now=now), now=now)
    except AskedRefused as refused:
        told = {"error": refused.error} | ({"error_description": refused.why} if refused.why else {})
        if len(params.get("state", "")) <= bounds.LONGEST and "state" in params:
            told["state"] = str(params["state"])
        raise _ToClientError(server.with_params(address, told | {"iss": bounds.issuer()})) from None


def _mine(request: HttpRequest, ref: UUID) -> None:
    if str(ref) not in request.session.get(FLOWS, []):
        raise FlowOver


@require_GET
def current(request: HttpRequest) -> HttpResponse:
    """The visit that this browser began last."""
    mine = request.session.get(FLOWS, [])
    if not mine:
        return _over(request)
    return redirect("openid:flow", ref=mine[-1])


def _over(request: HttpRequest) -> HttpResponse:
    return _page(request, "lewat.html", {}, 404)


@require_http_methods(["GET", "POST"])
def flow(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Where a visit stands, and the next step of the person."""
    now = clock.now()
    try:
        _mine(request, ref)
        if request.method == "POST":
            return _stepped(request, ref, request.POST.get("langkah", ""), now)
        return _shown(request, flows.find(ref, now=now), now)
    except FlowOver:
        return _over(request)


def _browser(request: HttpRequest) -> str | None:
    found = request.COOKIES.get(BROWSER, "")
    return found if SECRET.fullmatch(found) else None


def _remember(response: HttpResponse, browser: str) -> HttpResponse:
    response.set_cookie(
        BROWSER,
        browser,
        max_age=int(bounds.REMEMBERED.total_seconds()),
        path=reverse("openid:current"),
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Lax",
    )
    return response


def _stepped(request: HttpRequest, ref: UUID, step: str, now: datetime) -> HttpResponse:
    if step == "batal":
        return _leave(server.back(flows.give_up(ref, now=now), error="access_denied"))
    if step == "orang-lain":
        flows.somebody_else(ref, now=now)
        return _remember(redirect("openid:flow", ref=ref), flows.fresh_browser())
    if step == "bukti":
        check = flows.prove(ref, language=_language(request), now=now)
        if check is None:
            return redirect("openid:flow", ref=ref)
        return redirect(_way_back(request, flows.find(ref, now=now), check))
    if step == "tanpa-bukti":
        return _ended_or_shown(request, flows.without_proof(ref, now=now), now)
    if step != "lanjut":
        return _shown(request, flows.find(ref, now=now), now, 400)
    browser = _browser(request) or flows.fresh_browser()
    try:
        row = flows.agree(ref, browser, language=_language(request), now=now)
    except AskedTooOften:
        return _page(request, "nanti.html", {"row": flows.find(ref, now=now)}, 429)
    return _remember(_ended_or_shown(request, row, now), browser)


def _ended_or_shown(request: HttpRequest, row: OpenIdFlow, now: datetime) -> HttpResponse:
    with transaction.atomic():
        row = flows.find(row.id, now=now, lock=True)
        if flows.where(row, now=now).stage != "done":
            return redirect("openid:flow", ref=row.id)
        asked = flows.asked_of(row)
        found = flows.told(row, now=now)
        error = ""
        if asked.sub is not None and (found is None or found.sub != asked.sub):
            error = "login_required"
        elif asked.demanded and asked.age is not None and (found is None or not found.claims):
            error = "unmet_authentication_requirements"
        if not error:
            return _leave(server.code(request, row, now=now))
    return _leave(server.back(flows.give_up(row.id, now=now), error=error))


def _way_back(request: HttpRequest, row: OpenIdFlow, check: str) -> str:
    """The page of the check, which leads back to this visit when it is done."""
    path = reverse("openid:flow", args=[row.id])
    kept = dict(request.session.get(ages.WAY_BACK, {}))
    kept[row.platform.service.slug] = path
    request.session[ages.WAY_BACK] = dict(list(kept.items())[-bounds.MOST_FLOWS :])
    return ages.with_way_back(check, path)


def _shown(request: HttpRequest, row: OpenIdFlow, now: datetime, status: int = 200) -> HttpResponse:
    found = flows.where(row, now=now)
    asked, service = flows.asked_of(row), row.platform.service
    context: dict[str, Any] = {
        "row": row,
        "stage": found.stage,
        "service": service.name,
        "operator": service.operator,
        "years": asked.age,
        "learns": telling.learns(row),
    }
    if found.stage == "ask":
        browser = _browser(request)
        context["known"] = browser is not None and flows.known_account(row.platform, browser)
    if row.session is not None and found.stage == "done" and asked.age is not None and not row.without_age:
        context["forgeable"] = flows.rests_on_an_estimate(row.session, asked.age)
    if found.decided is not None:
        context["said"] = found.decided.answer.text.get(get_language() or "id", "")
    if row.session is not None and found.stage in ("guardian", "ask_guardian", "closed"):
        context["child_url"] = families.child_url(families.ChildRef(row.session.child), _language(request))
        context["invitation"] = flows.invitation(row.session, now=now)
    if row.session is not None and found.stage == "check":
        check = ages.check_of(row.session.id)
        context["check_url"] = _way_back(request, row, check.url) if check else None
    response = _page(request, "alur.html", context, status)
    # A form here ends at the client, or at a check; browsers hold the redirect against `form-action` too.
    response.form_to = [asked.redirect_uri, ages.host_of_checks()]  # type: ignore[attr-defined]
    return response
