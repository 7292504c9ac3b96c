"""
The issuer of cards for wallets of others: OpenID4VCI 1.0 with pre-authorized codes, SD-JWT VC metadata, status lists.

Refusals here have the form that those protocols say (`error`, `error_description`), not a problem document: wallets
read nothing else. `error_description` is our own stable code.
"""

import gzip
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from ruangaman.adapters import clock
from ruangaman.core.credentials import openid4vci
from ruangaman.core.credentials.errors import CredentialError
from ruangaman.core.credentials.openid4vci import Named
from ruangaman.core.errors import RuangAmanError
from ruangaman.rooms.ages import card_keys, cards, config, status_lists
from ruangaman.rooms.ages.errors import (
    CardTokenRefused,
    CodeRefused,
    DigitsMissing,
    NotEntitled,
    NotFound,
    QuotaUsed,
    Stopped,
)

P = ParamSpec("P")
METADATA_AGE: Final = 3600
MOST_REQUEST_BYTES: Final = 160 * 1024
FORM: Final = "application/x-www-form-urlencoded"
PREFLIGHT: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
}
HOUSE: Final = Named("Ruang Aman", "Ruang Aman")
CARD: Final = Named("Kartu umur", "Age card")
ASSURANCE: Final = Named("Seberapa pasti", "How sure it is")
# OpenID4VCI 6.3 and 8.3.1.2; whatever else an offer meets is a request that cannot be read.
WORDS: Final[Mapping[type[RuangAmanError], str]] = {
    CodeRefused: "invalid_grant",
    DigitsMissing: "invalid_request",
    openid4vci.RequestRefused: "invalid_credential_request",
    openid4vci.NonceRefused: "invalid_nonce",
    Stopped: "credential_request_denied",
    NotEntitled: "credential_request_denied",
    QuotaUsed: "credential_request_denied",
}


def _refused(word: str, code: str, status: int = 400) -> JsonResponse:
    """A refusal as OAuth says it (RFC 6749 5.2, RFC 6750 3)."""
    response = JsonResponse({"error": word, "error_description": code}, status=status)
    if status == 401:
        response["WWW-Authenticate"] = f'Bearer realm="ruangaman", error="{word}"'
    return response


def _answers(
    other: str,
) -> Callable[
    [Callable[Concatenate[HttpRequest, P], HttpResponse]],
    Callable[Concatenate[HttpRequest, P], HttpResponse],
]:
    """Answer refusals in the words of the protocol; `other` for credentials that cannot be read."""

    def decorate(
        view: Callable[Concatenate[HttpRequest, P], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @wraps(view)
        def inner(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method == "OPTIONS":  # a wallet that is a page asks first; no cookie is of use here
                return HttpResponse(status=204, headers=PREFLIGHT)
            try:
                response = view(request, *args, **kwargs)
            except CardTokenRefused as refused:
                response = _refused("invalid_token", refused.code, 401)
            except RuangAmanError as refused:
                if type(refused) not in WORDS and not isinstance(refused, CredentialError):
                    raise
                response = _refused(WORDS.get(type(refused), other), refused.code)
            response["Access-Control-Allow-Origin"] = "*"  # a wallet may be a page of its own
            return response

        return inner

    return decorate


def _public(told: Mapping[str, Any]) -> JsonResponse:
    """What everybody may read and keep for a while."""
    response = JsonResponse(told)
    response["Cache-Control"] = f"public, max-age={METADATA_AGE}"
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _claims(now: datetime) -> dict[str, Named]:
    ages = [int(one.rpartition("_")[2]) for one in cards.claims(now)]
    return {f"age_over_{age}": Named(f"{age} tahun ke atas", f"{age} or over") for age in ages}


def _address(path: str) -> str:
    return config.issuer_url() + path


@require_safe
def issuer(request: HttpRequest) -> HttpResponse:
    """Credential issuer metadata (OpenID4VCI 12.2)."""
    told = openid4vci.issuer_metadata(
        issuer=config.issuer_url(),
        configuration=cards.CONFIGURATION,
        vct=cards.vct(),
        credential_endpoint=_address("/kartu-umur/credential"),
        nonce_endpoint=_address("/kartu-umur/nonce"),
        batch=config.BATCH,
        house=HOUSE,
        card=CARD,
        claims={**_claims(clock.now()), "assurance": ASSURANCE},
    )
    return _public(told)


@require_safe
def server(request: HttpRequest) -> HttpResponse:
    """Authorization server metadata (RFC 8414)."""
    return _public(
        openid4vci.server_metadata(issuer=config.issuer_url(), token_endpoint=_address("/kartu-umur/token"))
    )


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """The keys of cards and status lists (SD-JWT VC, JWT VC issuer metadata)."""
    return _public({"issuer": config.issuer_url(), "jwks": card_keys.jwks(clock.now())})


@require_safe
def vct(request: HttpRequest) -> HttpResponse:
    """What the type of our cards means (SD-JWT VC, type metadata)."""
    told = {**_claims(clock.now()), "assurance": ASSURANCE}
    return _public(openid4vci.type_metadata(vct=cards.vct(), card=CARD, claims=told, always=("assurance",)))


@require_safe
@never_cache
def offer(request: HttpRequest, token: str) -> HttpResponse:
    """An offer that a QR leads to (OpenID4VCI 4.1.3); 404 when it was taken or its time is over."""
    headers = {"Access-Control-Allow-Origin": "*"}
    try:
        return JsonResponse(cards.told(cards.at_place(token, now=clock.now())), headers=headers)
    except NotFound:
        return HttpResponse(status=404, headers=headers)


@csrf_exempt
@require_http_methods(["POST", "OPTIONS"])
@never_cache
@_answers("invalid_request")
def token(request: HttpRequest) -> HttpResponse:
    """The token endpoint (OpenID4VCI 6): a code, and the digits beside it, for one batch."""
    if request.content_type != FORM:
        return _refused("invalid_request", "ages.media-type-refused")
    said = request.POST
    if any(len(said.getlist(name)) > 1 for name in said):  # RFC 6749 3.2: no parameter twice
        return _refused("invalid_request", "ages.request-malformed")
    if said.get("grant_type") != openid4vci.PRE_AUTHORIZED:
        return _refused("unsupported_grant_type", "ages.request-malformed")
    if "pre-authorized_code" not in said:
        return _refused("invalid_request", "ages.request-malformed")
    identified = "authorization_details" in said
    if identified:
        try:
            openid4vci.details(said["authorization_details"], cards.CONFIGURATION)
        except CredentialError as refused:
            return _refused("invalid_authorization_details", refused.code)
    digits = said.get("tx_code")
    found = cards.redeem(said["pre-authorized_code"], digits, identified=identified, now=clock.now())
    told: dict[str, Any] = {
        "access_token": found,
        "token_type": "Bearer",
        "expires_in": int(config.CODE.total_seconds()),
    }
    if identified:
        told["authorization_details"] = openid4vci.told_details(cards.CONFIGURATION, cards.IDENTIFIER)
    return JsonResponse(told)


@csrf_exempt
@require_http_methods(["POST", "OPTIONS"])
@never_cache
@_answers("invalid_request")
def nonce(request: HttpRequest) -> HttpResponse:
    """The nonce endpoint (OpenID4VCI 7)."""
    return JsonResponse({"c_nonce": cards.nonce(clock.now())})


@csrf_exempt
@require_http_methods(["POST", "OPTIONS"])
@never_cache
@_answers("invalid_proof")
def credential(request: HttpRequest) -> HttpResponse:
    """The credential endpoint (OpenID4VCI 8): proofs in, one card for each out. Nothing of the proofs is kept."""
    now = clock.now()
    scheme, _, said = request.headers.get("Authorization", "").partition(" ")
    row = cards.by_token(said.strip() if scheme.lower() == "bearer" else "", now=now)
    if request.content_type != "application/json":
        return _refused("invalid_credential_request", "ages.media-type-refused")
    body = request.read(MOST_REQUEST_BYTES + 1)
    identifier = cards.IDENTIFIER if row.identified else None
    try:
        jwts = openid4vci.requested(body, cards.CONFIGURATION, identifier, MOST_REQUEST_BYTES)
    except openid4vci.UnknownCredential as refused:
        word = "unknown_credential_identifier" if row.identified else "unknown_credential_configuration"
        return _refused(word, refused.code)
    except openid4vci.ProofMissing as refused:
        return _refused("invalid_proof", refused.code)
    except CredentialError as refused:
        return _refused("invalid_credential_request", refused.code)
    batch = cards.issue(row, jwts, now=now)
    return JsonResponse({"credentials": [{"credential": one} for one in batch]})


@require_safe
def status_keys(_request: HttpRequest) -> HttpResponse:
    """The keys of the lists of consents, a JWK set (RFC 7517). They sign nothing else."""
    return _public(card_keys.jwks(clock.now(), card_keys.CONSENTS))


@require_safe
def status(request: HttpRequest, number: int) -> HttpResponse:
    """
    A status list (Token Status List 8): JWT, or CWT when it is asked for; the same bytes for everybody.

    How a list stood at another time is not told (8.4): 501.
    """
    shared = {"Access-Control-Allow-Origin": "*", "Vary": "Accept, Accept-Encoding"}
    if "time" in request.GET:
        return HttpResponse(status=501, headers=shared)
    kind = request.get_preferred_type([status_lists.JWT, status_lists.CWT])
    if kind is None:
        return HttpResponse(status=406, headers=shared)
    try:
        found = status_lists.token(number, kind, now=clock.now())
    except NotFound:
        return HttpResponse(status=404, headers=shared)
    zipped = _takes_gzip(request.headers.get("Accept-Encoding", ""))
    tag = f'"{found.tag}{"-gzip" if zipped else ""}"'
    headers = {**shared, "ETag": tag, "Cache-Control": f"public, max-age={found.ttl}"}
    if tag in (one.strip().removeprefix("W/") for one in request.headers.get("If-None-Match", "").split(",")):
        return HttpResponse(status=304, headers=headers)
    if zipped:
        headers["Content-Encoding"] = "gzip"
        return HttpResponse(gzip.compress(found.body, 6, mtime=0), content_type=kind, headers=headers)
    return HttpResponse(found.body, content_type=kind, headers=headers)


def _takes_gzip(said: str) -> bool:
    """Whether `Accept-Encoding` takes gzip (RFC 9110 12.5.3)."""
    for one in said.lower().split(","):
        name, _, rest = one.strip().partition(";")
        if name.strip() in ("gzip", "x-gzip", "*"):
            weight = rest.strip().removeprefix("q=").strip()
            return not rest or weight.strip("0.") != ""
    return False
