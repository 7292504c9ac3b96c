"""Codes and tokens, by django-allauth and oauthlib, within narrower bounds: the code flow, never a refresh token."""

from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from allauth.idp.oidc.models import Token
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from ruangaman.rooms.access.models import OpenIdFlow
from ruangaman.rooms.access.oidc import flows
from ruangaman.rooms.access.oidc.adapter import NOW
from ruangaman.rooms.access.oidc.bounds import issuer
from ruangaman.rooms.access.oidc.framework import (
    OAuthLibServer,
    TokenView,
    convert_response,
    extract_params,
    get_server,
    get_validator_context,
)

NOBODY = "openid-siapa-pun"
"""The one row of `auth_user` on which every code and token hangs: the framework wants one, and this names nobody."""


def nobody() -> User:
    """The row that stands for whoever came; it can never sign in."""
    found, _ = User.objects.get_or_create(
        username=NOBODY, defaults={"password": make_password(None), "is_active": False}
    )
    return found


def _narrow() -> OAuthLibServer:
    server = get_server()
    server.auth_grant.refresh_token = False
    server.openid_connect_auth.refresh_token = False
    return server


def back(row: OpenIdFlow, **answer: str) -> str:
    """The client's address with an answer (RFC 6749 section 4.1.2, RFC 9207)."""
    asked = flows.asked_of(row)
    return with_params(asked.redirect_uri, {**answer, "state": asked.state, "iss": issuer()})


def with_params(address: str, params: dict[str, str]) -> str:
    """An address with more in its query."""
    parts = urlsplit(address)
    query = urlencode([*parse_qsl(parts.query, keep_blank_values=True), *params.items()])
    return urlunsplit(parts._replace(query=query))


@transaction.atomic
def code(request: HttpRequest, row: OpenIdFlow, *, now: datetime) -> str:
    """End a visit in a code; gives the address to which the browser returns."""
    setattr(request, NOW, now)
    asked = flows.asked_of(row)
    params = {
        "response_type": "code",
        "client_id": asked.client,
        "redirect_uri": asked.redirect_uri,
        "scope": asked.scope,
        "state": asked.state,
        "nonce": asked.nonce,
        "code_challenge": asked.challenge,
        "code_challenge_method": "S256",
    }
    uri = f"{issuer()}{reverse('openid:authorize')}?{urlencode(params)}"
    headers, _, _ = _narrow().create_authorization_response(
        uri, "GET", "", {}, scopes=asked.scope.split(), credentials={"user": nobody()}
    )
    told = dict(parse_qsl(urlsplit(headers["Location"]).query))
    flows.finished(row, get_validator_context().grant_id or "", now=now)
    return back(row, code=told["code"])


def forget_old(wall: datetime) -> int:
    """Delete codes and access tokens that ended; they are stamped with the time of the world, not of the story."""
    return int(Token.objects.filter(expires_at__lte=wall).delete()[0])


class NarrowTokenView(TokenView):  # type: ignore[misc]  # the framework has no types
    """The framework's token endpoint, without refresh tokens, other grants and resources."""

    def _create_token_response(self, request: HttpRequest, **_kept: Any) -> HttpResponse:
        headers, body, status = _narrow().create_token_response(*extract_params(request))
        response: HttpResponse = convert_response(headers, body, status)
        if status == HTTPStatus.OK:
            response["Cache-Control"] = "no-store"
        return response
