"""Authlib signs people in at the running house, its own checks of the ID token included."""

import time

import httpx
import pytest
from authlib.common.security import generate_token
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.openid.conftest import _OPEN, Browser

pytestmark = pytest.mark.slow
BACK = "http://127.0.0.1:9/kembali"


class Gone(Exception):
    """The browser was sent to the platform, which nobody listens for here."""


class Stopping(Browser):
    """A browser that stops where the platform's address begins."""

    def go(self, url):
        for _ in range(12):
            if url.startswith(BACK):
                raise Gone(url)
            reply = self.http.get(url)
            if not reply.is_redirect:
                self.page, self.text = str(reply.url), reply.text
                return reply
            url = str(httpx.URL(str(reply.url)).join(reply.headers["Location"]))
        raise AssertionError(url)


class Platform:
    """As the documentation of Authlib has it: PKCE by `code_challenge_method`, a nonce, the claims checked."""

    def __init__(self, running, slug, method, *more):
        self.client_id, secret = running.add_client(slug, BACK, *more)
        self.metadata = httpx.get(f"{running.base}/.well-known/openid-configuration").json()
        self.session = OAuth2Client(
            self.client_id,
            None if "--public" in more else secret,
            scope="openid age_over:16",
            redirect_uri=BACK,
            code_challenge_method="S256",
            token_endpoint_auth_method=method,
        )
        _OPEN.append(self.session)
        self.nonce, self.verifier = generate_token(), generate_token(48)

    def url(self, **more):
        url, self.state = self.session.create_authorization_url(
            self.metadata["authorization_endpoint"], code_verifier=self.verifier, nonce=self.nonce, **more
        )
        return url

    def fetch(self, url, **more):
        return self.session.fetch_token(
            self.metadata["token_endpoint"],
            authorization_response=url,
            state=self.state,
            **({"code_verifier": self.verifier} | more),
        )

    def claims(self, token):
        keys = KeySet.import_key_set(httpx.get(self.metadata["jwks_uri"]).json())
        signed = jwt.decode(token["id_token"], keys, algorithms=["RS256"])
        assert signed.header["alg"] == "RS256"
        found = CodeIDToken(
            signed.claims,
            signed.header,
            options={"iss": {"value": self.metadata["issuer"]}, "aud": {"value": self.client_id}},
            params={
                "nonce": self.nonce,
                "client_id": self.client_id,
                "access_token": token["access_token"],
                "max_age": 2 * 86_400,
            },
        )
        found.validate(now=int(time.time()), leeway=5)
        return found


def sign_in(platform, says=18, **more):
    browser = Stopping()
    browser.go(platform.url(**more))
    browser.step("lanjut")
    browser.prove(says)
    with pytest.raises(Gone) as gone:
        browser.step("lanjut")
    return str(gone.value)


@pytest.mark.parametrize(
    ("method", "more"), [("client_secret_basic", ()), ("client_secret_post", ()), ("none", ("--public",))]
)
def test_one_yes_whichever_way_the_client_says_who_it_is(running, method, more):
    platform = Platform(running, "kabar", method, *more)
    token = platform.fetch(sign_in(platform))
    claims = platform.claims(token)
    assert claims["age_over_16"] is True
    assert claims["acr"] == f"{running.base}/assurance/standard"
    assert "refresh_token" not in token
    assert token["expires_in"] == 300


def test_the_claims_parameter_and_a_name_that_is_never_told(running):
    platform = Platform(running, "kabar", "client_secret_basic")
    wish = (
        '{"id_token": {"age_over_16": {"essential": true}, "birthdate": {"essential": true}, "name": null}}'
    )
    claims = platform.claims(platform.fetch(sign_in(platform, claims=wish, scope="openid profile email")))
    assert claims["age_over_16"] is True
    assert not {"birthdate", "name", "email", "locale"} & set(claims)


def test_replay_and_a_stolen_code_are_refused(running):
    platform = Platform(running, "kabar", "client_secret_basic")
    back = sign_in(platform)
    with pytest.raises(OAuthError, match="invalid_grant"):
        platform.fetch(back, code_verifier=generate_token(48))
    platform.fetch(back)
    with pytest.raises(OAuthError, match="invalid_grant"):
        platform.fetch(back)


def test_no_token_is_ever_refreshed(running):
    platform = Platform(running, "kabar", "client_secret_basic")
    with pytest.raises(OAuthError, match="unsupported_grant_type"):
        platform.session.refresh_token(platform.metadata["token_endpoint"], refresh_token="x" * 40)


def test_after_a_rotation_tokens_of_both_keys_are_read(running):
    platform = Platform(running, "kabar", "client_secret_basic")
    before = platform.fetch(sign_in(platform))
    assert running.house.run("oidc", "rotate").returncode == 0
    platform.claims(before)
    keys = httpx.get(platform.metadata["jwks_uri"]).json()["keys"]
    assert len(keys) == 2
