"""Houses of the tests, honest or not, that ask the story's wallet; and a browser that presses its buttons."""

import json
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from examples.dompet_identitas.wallet import Wallet
from examples.serving import Answer, Request

from ruangaman.core.credentials import dcql, jose, openid4vp
from ruangaman.site.story import asker, certificates, issuer

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
URI = "http://localhost:8000/age-wallet/s/answer"
REQUEST_URI = "http://localhost:8000/age-wallet/s/request"
BACK = "http://localhost:8000/cek-umur/kembali?kode=x"
NONCE = "n" * 43
KEY = ec.derive_private_key(7_000_000_009, ec.SECP256R1())
JWK = jose.public_jwk(KEY.public_key())
PEOPLE = [
    {"id": "ayu", "name": {"id": "Ayu", "en": "Ayu"}, "birth_date": "2009-03-03"},
    {"id": "bima", "name": {"id": "Bima", "en": "Bima"}, "birth_date": "2012-03-03"},
]
SAN = "x509_san_dns:localhost"


def certificate(pem: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate(pem.encode())


def der(pem: str) -> bytes:
    return certificate(pem).public_bytes(Encoding.DER)


def query(years: int = 16) -> dict[str, Any]:
    """Both kinds that the office puts into wallets, one of them enough: as the house asks."""
    claim = f"age_over_{years}"
    asked = [
        *dcql.one_claim("av", dcql.MDOC, [issuer.DOC_TYPE], [issuer.DOC_TYPE, claim])["credentials"],
        *dcql.one_claim("vc", dcql.SD_JWT, [issuer.VCT], [claim])["credentials"],
    ]
    return {"credentials": asked, "credential_sets": [{"options": [["av"], ["vc"]]}]}


def parameters(*, client_id: str, encrypted: bool = True, years: int = 16) -> dict[str, Any]:
    return openid4vp.post_request(
        client_id=client_id,
        response_uri=URI,
        nonce=NONCE,
        state="s",
        dcql_query=query(years),
        metadata=openid4vp.client_metadata(JWK if encrypted else None, "k1"),
        encrypted=encrypted,
        on_this_machine=True,
    )


@dataclass
class Asking:
    """A house with a certificate; each part of what it says can be made wrong."""

    top: certificates.Authority
    certificate: str
    key: ec.EllipticCurvePrivateKey

    @classmethod
    def fresh(cls, *, host: str = "localhost", now: datetime = NOW, **kinds: Any) -> "Asking":
        top = certificates.authority("Akar Penanya Contoh", now=now)
        told = {"purpose": certificates.READER, "hosts": [host]} | kinds
        own, key = certificates.below(top, asker.HOUSE, now=now, **told)
        return cls(top, own, private(key))

    def signed(
        self,
        *,
        client_id: str = SAN,
        encrypted: bool = True,
        header: dict[str, Any] | None = None,
        claims: dict[str, Any] | None = None,
        key: ec.EllipticCurvePrivateKey | None = None,
        chain: list[bytes] | None = None,
    ) -> str:
        """The request object. A value of None takes a member away."""
        told = parameters(client_id=client_id, encrypted=encrypted)
        whole = told | {"aud": openid4vp.ANY_WALLET} | (claims or {})
        x5c = [b64encode(one).decode() for one in (chain or [der(self.certificate)])]
        over = {"typ": openid4vp.REQUEST_TYP, "x5c": x5c} | (header or {})
        return jose.sign(
            {name: one for name, one in over.items() if one is not None},
            jose.write_json({name: one for name, one in whole.items() if one is not None}),
            key or self.key,
        )


def private(pem: str) -> ec.EllipticCurvePrivateKey:
    found = load_pem_private_key(pem.encode(), None)
    assert isinstance(found, ec.EllipticCurvePrivateKey)
    return found


def link(client_id: str = SAN, request_uri: str = REQUEST_URI, **more: str) -> str:
    """The query of a link that leads to a request object."""
    return urlencode({"client_id": client_id, "request_uri": request_uri} | more)


def unsigned(*, encrypted: bool = True, years: int = 16, **more: object) -> str:
    """A request as a house without a certificate makes it, in the query of a link."""
    told = parameters(client_id=f"redirect_uri:{URI}", encrypted=encrypted, years=years) | more
    return urlencode(
        {name: one if isinstance(one, str) else json.dumps(one) for name, one in told.items() if one}
    )


@dataclass
class Net:
    """What the wallet sends and fetches, and what it gets for it."""

    token: str = ""
    reply: tuple[int, str, bytes] | Exception | None = None
    sent: list[tuple[str, bytes]] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)

    def send(self, address: str, body: bytes) -> tuple[int, bytes]:
        self.sent.append((address, body))
        return 200, json.dumps({"redirect_uri": BACK}).encode()

    def get(self, address: str) -> tuple[int, str, bytes]:
        self.fetched.append(address)
        if isinstance(self.reply, Exception):
            raise self.reply
        return self.reply or (200, "application/oauth-authz-req+jwt", self.token.encode())


def wallet(office: dict[str, str], asking: Asking, net: Net, **changes: Any) -> Wallet:
    """The wallet of the story, as `story fill` sets it."""
    told = {
        "name": issuer.NAME,
        "vct": issuer.VCT,
        "doc_type": issuer.DOC_TYPE,
        "iss": issuer.ISSUER,
        "issuer": office,
        "people": PEOPLE,
        "askers": [{"name": asker.NAME, "certificate": asking.top.pem}],
        "on_this_machine": True,
    }
    return Wallet(told | changes, now=lambda: NOW, send=net.send, get=net.get)


def request(
    method: str, path: str, *, query: str = "", form: Any = None, headers: Any = None, cookies: Any = None
) -> Request:
    return Request(
        method=method,
        path=path,
        host="identitas.localhost:8005",
        query={},
        headers=headers or {},
        cookies=cookies or {},
        body=urlencode(form or {}).encode(),
        raw_query=query,
    )


def press(
    one: Wallet, path: str, query: str, token: str = "", *, language: str = "id", **form: str
) -> Answer:
    """A button of one of its pages."""
    told = {"permintaan": query, "objek": token} | form
    return one.handle(request("POST", path, form=told, cookies={"bahasa": language}))
