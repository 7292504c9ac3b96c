"""What is refused at the OpenID Provider, and which doors of the framework below stay shut."""

from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.idp.oidc.models import Client as Registered
from allauth.idp.oidc.models import Token
from django.contrib import admin
from django.test import Client
from django.urls import NoReverseMatch, Resolver404, resolve, reverse

from ruangaman.rooms.access import api as access
from ruangaman.rooms.access.oidc.errors import ClientRefused
from ruangaman.rooms.access.oidc.server import nobody
from ruangaman.rooms.access.tests.conftest import NOON
from ruangaman.rooms.access.tests.openid import BACK, Relying, answer_of, step
from ruangaman.rooms.access.tests.test_age_checks import school
from ruangaman.rooms.access.tests.test_openid import arrive, grown_up

pytestmark = pytest.mark.slow

__all__ = ["school"]


@pytest.fixture
def relying(services, hour):
    return Relying.of("ramai")


@pytest.fixture
def code(relying, school, hour):
    return grown_up(relying, Client(), hour)["code"]


def error_of(reply):
    assert reply.status_code == 303, reply.content
    told = {name: values[0] for name, values in parse_qs(urlsplit(reply["Location"]).query).items()}
    assert told["iss"] == "http://localhost:8000"
    assert "code" not in told
    return told["error"]


@pytest.mark.parametrize(
    ("flaw", "changed", "error"),
    [
        ("no PKCE", {"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ("PKCE plain", {"code_challenge_method": "plain"}, "invalid_request"),
        ("PKCE of no named method", {"code_challenge_method": None}, "invalid_request"),
        ("a challenge that is no hash", {"code_challenge": "abc"}, "invalid_request"),
        ("no nonce", {"nonce": None}, "invalid_request"),
        ("no state", {"state": None}, "invalid_request"),
        ("implicit", {"response_type": "id_token"}, "unsupported_response_type"),
        ("hybrid", {"response_type": "code id_token"}, "unsupported_response_type"),
        ("token", {"response_type": "token"}, "unsupported_response_type"),
        ("no response type", {"response_type": None}, "unsupported_response_type"),
        ("fragment", {"response_mode": "fragment"}, "invalid_request"),
        ("form_post", {"response_mode": "form_post"}, "invalid_request"),
        ("a request object", {"request": "e30.e30."}, "request_not_supported"),
        ("silent", {"prompt": "none"}, "interaction_required"),
        ("silent and not", {"prompt": "none login"}, "invalid_request"),
        ("an age of a minute", {"max_age": "60"}, "invalid_request"),
        ("without openid", {"scope": "age_over:16"}, "invalid_scope"),
        ("two ages", {"scope": "openid age_over:16 age_over:18"}, "invalid_scope"),
        ("another age", {"scope": "openid age_over:18"}, "invalid_scope"),
        ("an age that the law has no use for", {"scope": "openid age_over:17"}, "invalid_scope"),
        ("no age", {"scope": "openid age_over:x"}, "invalid_scope"),
        ("an age with a sign", {"scope": "openid age_over:+16"}, "invalid_scope"),
        ("a second age as a claim", {"claims": '{"id_token": {"age_over_18": null}}'}, "invalid_scope"),
        ("asks for under", {"claims": '{"id_token": {"age_over_16": {"value": false}}}'}, "invalid_request"),
        (
            "asks for either",
            {"claims": '{"id_token": {"age_over_16": {"values": [true, false]}}}'},
            "invalid_request",
        ),
        ("claims that are no JSON", {"claims": "{"}, "invalid_request"),
        ("claims that are a list", {"claims": "[]"}, "invalid_request"),
        ("deep claims", {"claims": "[" * 1500}, "invalid_request"),
        ("claims of numbers", {"claims": '{"id_token": {"age_over_16": 1}}'}, "invalid_request"),
        ("a hint of another", {"id_token_hint": "a.b.c"}, "invalid_request"),
        ("unsigned hint", {"id_token_hint": "eyJhbGciOiJub25lIn0.e30."}, "invalid_request"),
        ("a long state", {"nonce": "n" * 513}, "invalid_request"),
    ],
)
def test_a_flawed_request_is_told_to_its_client(relying, flaw, changed, error):
    assert error_of(relying.send(Client(), **changed)) == error, flaw


@pytest.mark.parametrize(
    "address",
    [
        BACK + "/",
        BACK + "?x=1",
        BACK + "#x",
        BACK.replace("https", "http"),
        BACK.replace("obrol.example", "obrol.example:8443"),
        BACK.replace("obrol.example", "obrol.example.evil.example"),
        BACK.replace("obrol.example", "OBROL.example"),
        BACK + "/../lain",
        "https://evil.example/",
        "",
        None,
    ],
)
def test_nobody_is_sent_to_an_address_that_was_not_registered(relying, address):
    reply = relying.send(Client(), redirect_uri=address)
    assert reply.status_code == 400
    assert "Location" not in reply.headers
    assert "Aplikasi ini salah bertanya" in reply.content.decode()


@pytest.mark.parametrize("client", ["", "x", "a" * 5000, None])
def test_no_such_client(relying, client):
    assert relying.send(Client(), client_id=client).status_code == 400


def test_each_parameter_once(relying):
    reply = Client().get("/oidc/authorize", {**relying.params(), "scope": ["openid", "openid age_over:16"]})
    assert error_of(reply) == "invalid_request"


def test_a_request_by_post_goes_on_as_one_by_get(relying):
    browser = Client()
    reply = browser.post("/oidc/authorize", relying.params())
    assert reply.status_code == 303
    assert browser.get(reply["Location"]).status_code == 302


def test_a_code_counts_once_and_its_replay_ends_what_it_gave(
    relying, code, django_capture_on_commit_callbacks
):
    assert relying.exchange(code).status_code == 200
    assert Token.objects.filter(type=Token.Type.ACCESS_TOKEN).count() == 1
    with django_capture_on_commit_callbacks(execute=True):
        again = relying.exchange(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert Token.objects.filter(type=Token.Type.ACCESS_TOKEN).count() == 0


@pytest.mark.parametrize(
    ("flaw", "changed", "error"),
    [
        ("another verifier", {"code_verifier": "x" * 64}, "invalid_grant"),
        ("no verifier", {"code_verifier": None}, "invalid_request"),
        ("another address", {"redirect_uri": BACK + "/"}, "invalid"),
        ("no address", {"redirect_uri": None}, "invalid"),
        ("no code", {"code": None}, "invalid_request"),
        ("a made-up code", {"code": "x" * 30}, "invalid_grant"),
        ("refresh", {"grant_type": "refresh_token", "refresh_token": "x"}, "unsupported_grant_type"),
        ("a machine", {"grant_type": "client_credentials"}, "unsupported_grant_type"),
        ("a password", {"grant_type": "password"}, "unsupported_grant_type"),
        (
            "a device",
            {"grant_type": "urn:ietf:params:oauth:grant-type:device_code"},
            "unsupported_grant_type",
        ),
        ("no grant", {"grant_type": None}, "unsupported_grant_type"),
        ("for a resource", {"resource": "https://api.example/"}, "invalid_target"),
    ],
)
def test_a_flawed_exchange_gives_nothing(relying, code, flaw, changed, error):
    told = relying.exchange(code, **changed)
    assert told.status_code == 400, flaw
    assert told.json()["error"].startswith(error), (flaw, told.json())
    assert "id_token" not in told.json()


def test_a_code_is_its_own_clients(relying, code, hour):
    other = Relying.of("ramai")
    other.verifier = relying.verifier
    assert other.exchange(code).json()["error"] == "invalid_grant"


def test_a_client_says_who_it_is(relying, code):
    for wrong in (
        {"HTTP_AUTHORIZATION": "Basic eDp5"},
        {"HTTP_AUTHORIZATION": "Basic ????"},
        {"HTTP_AUTHORIZATION": "Bearer x"},
        {},
    ):
        for address in ("/oidc/token", "/oidc/par"):
            body = {"grant_type": "authorization_code", "code": code, "client_id": relying.client}
            told = Client().post(address, body, **wrong)
            assert (told.status_code, told.json()["error"]) == (401, "invalid_client")
            assert told["WWW-Authenticate"].startswith("Basic ")
    renewed = access.renew_openid_secret(relying.client, now=NOON)
    assert relying.exchange(code).status_code == 401
    relying.secret = renewed.secret
    assert relying.exchange(code).status_code == 200


def test_a_secret_in_the_body_is_as_good_but_not_both(relying, code):
    assert relying.exchange(code, client_id=relying.client, client_secret=relying.secret).status_code == 401
    told = relying.http.post(
        "/oidc/token",
        {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": BACK,
            "code_verifier": relying.verifier,
            "client_id": relying.client,
            "client_secret": relying.secret,
        },
    )
    assert told.status_code == 200


def test_a_public_client_has_its_proof_of_the_key_alone(services, school, hour):
    relying = Relying.of("ramai", public=True)
    back = grown_up(relying, Client(), hour)
    assert relying.exchange(back["code"], code_verifier="x" * 64).status_code == 400
    assert relying.exchange(back["code"], client_secret="x").status_code == 401
    assert relying.exchange(back["code"]).status_code == 200


# RFC 9126


def push(relying, **changed):
    return relying.http.post("/oidc/par", relying.params(**changed), **relying.basic())


def test_a_pushed_request_opens_once(relying, hour):
    told = push(relying)
    assert told.status_code == 201
    assert told["Cache-Control"] == "no-store"
    body = told.json()
    assert set(body) == {"request_uri", "expires_in"}
    assert body["expires_in"] == 60
    short = {"client_id": relying.client, "request_uri": body["request_uri"]}
    browser = Client()
    assert browser.get("/oidc/authorize", short).status_code == 302
    assert browser.get("/oidc/authorize", short).status_code == 400
    assert answer_of(step(browser, browser.get("/oidc/lanjut")["Location"], "batal"))["state"] == "s-1"


def test_a_pushed_request_is_its_own_clients_and_lives_a_minute(relying, hour):
    other = Relying.of("obrol")
    address = push(relying).json()["request_uri"]
    assert (
        Client().get("/oidc/authorize", {"client_id": other.client, "request_uri": address}).status_code
        == 400
    )
    late = push(relying).json()["request_uri"]
    hour.pass_(seconds=60)
    assert (
        Client().get("/oidc/authorize", {"client_id": relying.client, "request_uri": late}).status_code == 400
    )
    for wrong in ("https://evil.example/request", "urn:ietf:params:oauth:request_uri:x", ""):
        asked = {"client_id": relying.client, "request_uri": wrong}
        assert Client().get("/oidc/authorize", asked).status_code == 400


def test_what_was_pushed_cannot_be_changed_on_the_way(relying, hour):
    body = push(relying).json()
    browser = Client()
    browser.get(
        "/oidc/authorize",
        {**relying.params(state="other", scope="openid"), "request_uri": body["request_uri"]},
    )
    page = browser.get("/oidc/lanjut")["Location"]
    assert "apakah kamu sudah 16 tahun" in browser.get(page).content.decode()
    assert answer_of(step(browser, page, "batal"))["state"] == "s-1"


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"code_challenge": None}, "invalid_request"),
        ({"redirect_uri": "https://evil.example/"}, "invalid_request"),
        ({"request_uri": "urn:ietf:params:oauth:request_uri:x"}, "invalid_request"),
        ({"response_type": "id_token"}, "unsupported_response_type"),
        ({"scope": "openid age_over:18"}, "invalid_scope"),
    ],
)
def test_a_flawed_request_is_refused_when_it_is_pushed(relying, changed, error):
    told = push(relying, **changed)
    assert (told.status_code, told.json()["error"]) == (400, error)


def test_a_client_that_pushes_only_is_not_heard_otherwise(services, hour):
    relying = Relying.of("ramai", pushed_only=True)
    assert error_of(relying.send(Client())) == "invalid_request"
    asked = {"client_id": relying.client, "request_uri": push(relying).json()["request_uri"]}
    assert Client().get("/oidc/authorize", asked).status_code == 302


# Clients


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"redirects": []}, "redirect"),
        ({"redirects": [BACK, BACK]}, "redirect"),
        ({"redirects": ["http://obrol.example/"]}, "redirect"),
        ({"redirects": ["http://ramai.localhost.example/"]}, "redirect"),
        ({"redirects": ["https://*.example/"]}, "redirect"),
        ({"redirects": ["https://obrol.example/#x"]}, "redirect"),
        ({"redirects": ["https://a@obrol.example/"]}, "redirect"),
        ({"redirects": ["javascript:alert(1)"]}, "redirect"),
        ({"redirects": ["data:text/html,x"]}, "redirect"),
        ({"redirects": ["https:///x"]}, "redirect"),
        ({"age": 17}, "age"),
        ({"age": 0}, "age"),
    ],
)
def test_a_client_that_could_not_be_trusted_is_not_added(services, hour, changed, field):
    with pytest.raises(ClientRefused) as refused:
        access.add_openid_client("ramai", **({"redirects": [BACK], "now": NOON} | changed))
    assert refused.value.facts["field"] == field


def test_all_clients_of_a_service_ask_one_age(services, hour):
    Relying.of("ramai", age=16)
    Relying.of("ramai", age=16)
    Relying.of("ramai", age=None)
    with pytest.raises(ClientRefused):
        Relying.of("ramai", age=18)


def test_an_ended_client_is_nobody(relying, code):
    access.end_openid_client(relying.client, now=NOON)
    assert relying.send(Client()).status_code == 400
    assert relying.exchange(code).status_code == 401
    assert [one.ended for one in access.all_openid_clients()] == [True]


# The framework below


def test_discovery_says_what_is_true_and_no_more(relying):
    told = Client().get("/.well-known/openid-configuration").json()
    assert told["issuer"] == "http://localhost:8000"
    assert told["response_types_supported"] == ["code"]
    assert told["grant_types_supported"] == ["authorization_code"]
    assert told["subject_types_supported"] == ["pairwise"]
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert told["scopes_supported"] == ["openid", *(f"age_over:{one}" for one in (13, 16, 18))]
    assert told["request_uri_parameter_supported"] is False
    for absent in (
        *("userinfo_endpoint", "registration_endpoint", "revocation_endpoint", "introspection_endpoint"),
        *("device_authorization_endpoint", "end_session_endpoint"),
    ):
        assert absent not in told
    for name, address in told.items():
        if name.endswith("_endpoint") or name == "jwks_uri":
            resolve(urlsplit(address).path)
    assert not {"name", "birthdate", "email", "locale"} & set(told["claims_supported"])


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/accounts/",
            "/accounts/login/",
            "/accounts/signup/",
            "/accounts/email/",
            "/accounts/password/reset/",
        ),
        *("/identity/o/authorize", "/identity/o/api/token", "/identity/o/api/userinfo", "/identity/o/device"),
        *(
            "/identity/o/api/clients",
            "/identity/o/api/introspect",
            "/identity/o/logout",
            "/.well-known/jwks.json",
        ),
        *("/_allauth/browser/v1/auth/login", "/oidc/userinfo", "/oidc/clients"),
    ],
)
def test_no_door_of_the_framework_stands_open(db, path):
    with pytest.raises(Resolver404):
        resolve(path)
    assert Client().get(path).status_code == 404


def test_no_address_of_the_framework_has_a_name(db):
    for name in (
        "account_login",
        "account_signup",
        "account_email",
        "idp:oidc:authorization",
        "idp:oidc:token",
    ):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    assert [one.__name__ for one in admin.site._registry if one.__module__.startswith("allauth")] == []


def test_the_row_on_which_tokens_hang_cannot_sign_in(relying, code):
    assert not nobody().is_active
    reply = Client().post("/petugas/masuk", {"username": nobody().username, "password": "!"})
    assert reply.status_code == 200  # shown again, not let in


def test_the_access_token_opens_nothing(relying, code):
    token = relying.exchange(code).json()["access_token"]
    for path in ("/v1/sessions", "/v1/events", "/v1/webhooks"):
        assert Client().get(path, HTTP_AUTHORIZATION=f"Bearer {token}").status_code in (401, 405)


def test_a_step_from_another_site_does_nothing(relying, hour):
    browser = Client(enforce_csrf_checks=True)
    page = arrive(relying, browser)
    assert step(browser, page, "lanjut").status_code == 403


def test_the_secret_of_a_client_is_kept_as_a_hash(relying):
    kept = Registered.objects.get(id=relying.client).secret
    assert relying.secret not in kept
    assert kept.startswith("ra_random_secret$")
