"""
Real zero-knowledge proofs against a running house: the wallet is `pylongfellow` with an issuer of our own.

Where the extra cannot be installed the house refuses to start with proofs switched on, and says what is missing.
"""

import http.client
import json
import time
from dataclasses import replace
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from tests import mdocs, sd_jwt_wallet, zk_wallet
from tests.house.conftest import free_port
from tests.house.test_wallets_of_others import LIFE, Visitor, Wallets, wallets  # noqa: F401

from ruangaman.adapters import longfellow
from ruangaman.core.credentials import mdoc_zk, openid4vp_answer

pytestmark = pytest.mark.slow

ON = {"RUANGAMAN_WALLET_PROOFS": "1", "RUANGAMAN_WALLET_PROOF_SECONDS": "120"}


def request_of(person: Visitor) -> dict:
    """The parameters of an unsigned request, as they stand in the link."""
    told = {name: values[0] for name, values in parse_qs(urlsplit(person.link()).query).items()}
    return told | {name: json.loads(told[name]) for name in ("dcql_query", "client_metadata")}


def wallet_for(asked: dict, kind: str, now: int) -> mdocs.Wallet:
    """A document that answers this query, bound to this request."""
    query = next(one for one in asked["dcql_query"]["credentials"] if one["id"] == kind)
    assert query["format"] == "mso_mdoc_zk"
    (claim,) = query["claims"]
    keys = asked["client_metadata"].get("jwks", {}).get("keys")
    transcript = openid4vp_answer.post_transcript(
        asked["client_id"], asked["nonce"], asked["response_uri"], keys[0] if keys else None
    )
    return mdocs.Wallet(
        elements={claim["path"][1]: True},
        doc_type=query["meta"]["doctype_value"],
        transcript=transcript,
        valid_from=now - mdocs.DAY,
        signed=now - mdocs.DAY,
        valid_until=now + 80 * mdocs.DAY,
        chain=(mdocs.signer(**LIFE),),
    )


def post(house: Wallets, asked: dict, vp_token: dict) -> tuple[int, dict]:
    told = {"vp_token": vp_token, "state": asked["state"]}
    if "jwks" in asked["client_metadata"]:
        key = asked["client_metadata"]["jwks"]["keys"][0]
        body = urlencode({"response": sd_jwt_wallet.encrypt(json.dumps(told).encode(), key)})
    else:
        body = urlencode({"vp_token": json.dumps(vp_token), "state": asked["state"]})
    link = http.client.HTTPConnection("127.0.0.1", house.port, timeout=300)
    headers = {"Host": house.host, "X-Forwarded-Proto": "https"}
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    link.request("POST", urlsplit(asked["response_uri"]).path, body, headers)
    reply = link.getresponse()
    found = reply.status, json.loads(reply.read())
    link.close()
    return found


def test_a_real_proof_decides_and_only_for_its_own_request(wallets, house):  # noqa: F811
    if not longfellow.installed():
        return refused_at_start(house)
    running = wallets(None, encrypted=True, **ON)
    now = int(time.time())
    first, second, third = running.checks(3)
    person = running.visitor().begin(first)
    asked = request_of(person)
    wallet = wallet_for(asked, "av-zk", now)
    proof = zk_wallet.prove(wallet, now=now)
    assert len(proof) > 300_000
    shown = zk_wallet.text(wallet, now=now, proof=proof)

    # The same proof for another try: another nonce, so another transcript.
    other = running.visitor().begin(second)
    status, told = post(running, request_of(other), {"av-zk": [shown]})
    assert (status, told["code"]) == (400, "longfellow.wrong")
    assert "Jawaban dari dompet tidak bisa dipakai" in other.go(f"{second}/identitas").page

    status, told = post(running, asked, {"av-zk": [shown]})
    assert status == 200, told
    back = urlsplit(told["redirect_uri"])
    assert "Terbukti: 16 tahun ke atas" in person.go(f"{back.path}?{back.query}").page

    # A wallet that knows nothing of proofs reads the query all the same, and answers with what it has.
    plain = running.node(link=running.visitor().begin(third).link(), show="vc")
    assert (plain["status"], "redirect_uri" in plain["body"]) == (200, True)
    assert "Traceback" not in running.house.said()
    running.house.stop_all()
    for piece in (shown[:2_000], shown[-2_000:]):
        running.search(piece)
    return None


def refused_at_start(house) -> None:
    house.settings = ON
    done = house.run("serve", "web", "--port", str(free_port()))
    assert done.returncode == 1
    assert "RUANGAMAN_WALLET_PROOFS" in done.stderr
    assert "pylongfellow" in done.stderr


def test_changed_proofs_and_claims_do_not_hold(tmp_path):
    """The verifier itself, in its own process: one bit of the proof, the value, the issuer, the time."""
    wallet = mdocs.Wallet(elements={"age_over_16": True})
    told = {"doc_type": mdocs.AV, "age": 16, "trust": mdocs.trust(), "now": mdocs.NOW}
    verifier = longfellow.Verifier(longfellow.CIRCUITS, tmp_path / "proofs.lock", 120)
    proof = zk_wallet.prove(wallet, now=mdocs.NOW) if longfellow.installed() else b"a proof"
    document = mdoc_zk.read_zk_device_response(zk_wallet.response(wallet, now=mdocs.NOW, proof=proof))
    task, over = mdoc_zk.task(document, session_transcript=wallet.transcript, **told)
    assert over is True
    if not longfellow.installed():
        with pytest.raises(longfellow.ProofsOff):
            longfellow.verify(task, verifier)
        return
    longfellow.verify(task, verifier)
    flipped = bytearray(proof)
    flipped[len(proof) // 2] ^= 1
    younger = (replace(task.claims[0], cbor_value=b"\xf4"),)
    point = mdocs.private_key("another").public_key().public_numbers()
    for changes in (
        {"proof": bytes(flipped)},
        {"claims": younger},
        {"x": point.x, "y": point.y},
        {"timestamp": task.timestamp + 1},
    ):
        with pytest.raises(longfellow.ProofWrong):
            longfellow.verify(replace(task, **changes), verifier)
