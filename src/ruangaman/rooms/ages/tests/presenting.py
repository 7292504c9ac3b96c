"""Wallets of the tests: they read our request as a stranger would, and show what a test issuer signed."""

import html
import json
import os
import re
from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import load_der_x509_certificate
from cryptography.x509.oid import NameOID
from django.test import Client
from tests import mdocs, sd_jwt_wallet

from ruangaman.adapters import http_out, ids
from ruangaman.core.credentials import jose, openid4vp, openid4vp_answer, sd_jwt_vc
from ruangaman.core.credentials.status_list import Reference, StatusList
from ruangaman.core.credentials.status_token import status_jwt
from ruangaman.rooms.ages import checks, links, wallet_asking, wallet_trust
from ruangaman.rooms.ages.tests.conftest import CARD, SERVICE
from ruangaman.rooms.vault.models import Sealed

BASE = "https://rumah.example"
VCT = "https://penerbit.example/vct/umur/1"
AV, MDL, PID = "eu.europa.ec.av.1", "org.iso.18013.5.1.mDL", "eu.europa.ec.eudi.pid.1"
FORM = "application/x-www-form-urlencoded"
URI = "https://status.example/daftar/1"
PLACE = 77
HOLDER = mdocs.private_key("holder")


def pem(der: bytes) -> str:
    return load_der_x509_certificate(der).public_bytes(Encoding.PEM).decode()


def trusted(now, *, slug="uji", assurance="strict", answers_for=(VCT, *wallet_trust.DOC_TYPES), **entry):
    """Put the test issuer on a list."""
    anchor = {"name": "Akar uji", "certificate": pem(mdocs.root()), "answers_for": list(answers_for)} | entry
    return wallet_trust.add({"slug": slug, "assurance": assurance, "anchors": [anchor]}, now=now)


def asked(now, threshold=16):
    """An open check, and the path of its page."""
    row = checks.ask(
        ids.new(now), jurisdiction="ID", card=CARD, facts=SERVICE, needed=True,
        threshold=threshold, bounds=[threshold], language="id", now=now,
    )  # fmt: skip
    return row, f"/cek-umur/{links.derived(row.pk)}"


@dataclass
class Browser:
    """The browser that begins a try."""

    path: str
    http: Client = field(default_factory=Client)
    page: str = ""

    def begin(self):
        reply = self.http.post(f"{self.path}/identitas/mulai", follow=True)
        assert reply.status_code == 200, reply.content
        self.page = reply.content.decode()
        return self

    def link(self, identity="buka"):
        return html.unescape(re.search(rf'id="{identity}" href="([^"]+)"', self.page)[1])

    def states(self):
        ((_, states),) = self.http.session["identitas"].items()
        return states

    def browser_requests(self):
        told = re.search(
            r'<script id="permintaan" type="application/json">(.*?)</script>', self.page, re.DOTALL
        )[1]
        return json.loads(told)

    def go_on(self):
        return self.http.post(f"{self.path}/identitas/lanjut", follow=True)

    def by_api(self, told):
        return self.http.post(f"{self.path}/identitas/peramban", {"data": json.dumps(told)}, follow=True)


def request_of(link, http=None):
    """The parameters behind a link, fetched and read by our own strict reader."""
    query = {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}
    if "request_uri" not in query:
        openid4vp.read_request_link(urlsplit(link).query)
        return query | {
            name: json.loads(query[name]) for name in ("dcql_query", "client_metadata") if name in query
        }
    reply = (http or Client()).get(urlsplit(query["request_uri"]).path)
    assert reply.status_code == 200, reply.content
    assert reply["Content-Type"] == "application/oauth-authz-req+jwt"
    jws = jose.read_jws(reply.content, typ={openid4vp.REQUEST_TYP})
    chain = sd_jwt_vc.certificates(jws.header)
    jose.verify(jws, load_der_x509_certificate(chain[0]).public_key())
    assert jws.claims()["client_id"] == query["client_id"]
    return jws.claims()


def sd_jwt(at_time, *, over=(16,), show=("age_over_16",), nonce, aud, holder=HOLDER, signer=None, **kinds):
    """A credential of the test issuer, shown with a fresh proof of its key."""
    status = kinds.pop("status", None)
    at = int(at_time.timestamp())
    told: dict[str, Any] = {
        "vct": VCT,
        "issuer": "https://penerbit.example",
        "over": over,
        "assurance": "strict",
        "expires": at + 30 * 86_400,
        "now": at,
        "holders": [jose.public_jwk(HOLDER.public_key())],
        "key": mdocs.SIGNER_KEY,
        "draw": os.urandom,
        "chain": [signer or mdocs.signer()],
        "statuses": [Reference(*status)] if status else (),
    } | kinds
    (held,) = sd_jwt_vc.issue_age_batch(**told)
    chosen = sd_jwt_wallet.choose(held, dict.fromkeys(show, True))
    return sd_jwt_wallet.prove(chosen, holder, nonce=nonce, aud=aud, now=at).compact


def mdoc(asked, *, doc_type=mdocs.AV, elements=None, transcript=None, **kinds):
    """A DeviceResponse in base64url, for this request."""
    keys = asked["client_metadata"].get("jwks", {}).get("keys")
    transcript = transcript or openid4vp_answer.post_transcript(
        asked["client_id"], asked["nonce"], asked["response_uri"], keys[0] if keys else None
    )
    told = mdocs.Wallet(
        elements={"age_over_16": True} if elements is None else elements,
        doc_type=doc_type, transcript=transcript, **kinds,
    )  # fmt: skip
    return jose.to_base64url(told.response())


def body_of(asked, vp_token, *, state=None, encrypt=None, **more):
    """The form that a wallet posts."""
    told = {"vp_token": vp_token, "state": asked["state"] if state is None else state} | more
    if "jwks" in asked["client_metadata"] if encrypt is None else encrypt:
        key = asked["client_metadata"]["jwks"]["keys"][0]
        return urlencode({"response": sd_jwt_wallet.encrypt(json.dumps(told).encode(), key)})
    return urlencode({"vp_token": json.dumps(vp_token), "state": told["state"]})


def post(asked, body, http=None):
    return (http or Client()).post(
        urlsplit(asked["response_uri"]).path, body, content_type="application/x-www-form-urlencoded"
    )


def answer(asked, presentation, *, id_="vc", http=None, **more):
    """Show one presentation."""
    return post(asked, body_of(asked, {id_: [presentation]}, **more), http)


def come_back(browser, reply):
    where = urlsplit(reply.json()["redirect_uri"])
    assert f"{where.scheme}://{where.netloc}" == BASE
    return browser.get(f"{where.path}?{where.query}", follow=True)


def vc(hour, asked, **kinds):
    told = {"nonce": asked["nonce"], "aud": asked["client_id"]} | kinds
    return sd_jwt(hour(), **told)


def code_of(reply):
    return reply.json()["code"]


def nothing_left(row):
    """No try is open or answered, and nothing of any is sealed."""
    row.refresh_from_db()
    return (
        not row.attempts.filter(sealed__isnull=False).exists()
        and not Sealed.objects.filter(kind="ages.wallet").exists()
    )


def of_browser(hour, data, origin, kind="vc", **kinds):
    keys = data["client_metadata"].get("jwks", {}).get("keys")
    if kind == "vc":
        shown = sd_jwt(hour(), nonce=data["nonce"], aud=f"origin:{origin}")
    else:
        transcript = openid4vp_answer.browser_transcript(origin, data["nonce"], keys[0] if keys else None)
        shown = mdoc(data, transcript=transcript, **kinds)
    told = {"vp_token": {kind: [shown]}}
    return {"response": sd_jwt_wallet.encrypt(json.dumps(told).encode(), keys[0])} if keys else told


def certificate(tmp_path, settings, prefix="X509_SAN_DNS", host="rumah.example"):
    """A certificate for this house, as an operator sets it."""
    key = mdocs.private_key("rumah")
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "CA")]))
        .public_key(key.public_key())
        .serial_number(5)
        .not_valid_before(mdocs.at(mdocs.NOW - 9 * mdocs.DAY))
        .not_valid_after(mdocs.at(mdocs.NOW + 900 * mdocs.DAY))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(mdocs.ROOT_KEY, hashes.SHA256())
    )
    chain, private = tmp_path / "rantai.pem", tmp_path / "kunci.pem"
    chain.write_bytes(made.public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    settings.WALLET_CERTIFICATE_FILE, settings.WALLET_KEY_FILE = str(chain), str(private)
    settings.WALLET_CLIENT_ID = prefix
    wallet_asking._certificate.cache_clear()
    return made


def show_with_status(hour, place=PLACE):
    """A fresh try, and a credential with this place in the list."""
    request = request_of(Browser(asked(hour())[1]).begin().link())
    return answer(request, vc(hour, request, status=(place, URI)))


def shown_to(hour, **kinds):
    """The code with which a fresh try refuses a credential; empty when it takes it."""
    request = request_of(Browser(asked(hour())[1]).begin().link())
    reply = answer(request, vc(hour, request, **kinds))
    return code_of(reply) if reply.status_code >= 400 else ""


class Lists:
    """The issuer's server of lists."""

    def __init__(self, hour):
        self.hour, self.calls, self.values = hour, 0, {}
        self.chain = []
        self.key, self.sub, self.ttl, self.life, self.gone, self.raw = (
            mdocs.SIGNER_KEY,
            URI,
            900,
            3_600,
            None,
            None,
        )

    def get(self, url, headers, *, most, timeout_s):
        self.calls += 1
        assert url == URI
        if self.gone:
            raise self.gone
        return http_out.Reply(200, self.raw or self.token())

    def token(self):
        packed = bytearray(1_000)
        for idx, value in self.values.items():
            packed[idx // 4] |= value << 2 * (idx % 4)
        at = int(self.hour().timestamp())
        token = status_jwt(
            StatusList(2, bytes(packed)), sub=self.sub, iat=at, exp=at + self.life, ttl=self.ttl, alg="ES256",
            kid="1", sign=lambda told: mdocs.raw_signature(self.key, told),
        )  # fmt: skip
        if self.chain:
            header = {"typ": "statuslist+jwt", "x5c": [b64encode(one).decode() for one in self.chain]}
            token = jose.sign(header, jose.from_base64url(token.split(".")[1]), self.key)
        return token.encode()
