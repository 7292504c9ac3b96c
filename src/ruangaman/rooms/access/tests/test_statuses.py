"""A yes that was given has an entry of a status list, and the act that ends it sets the entry, nothing later."""

import base64
import gzip
import json
import zlib
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client

from ruangaman.client import StatusUnknown
from ruangaman.client.statuses import LONGEST_S, SKEW_S, ConsentLists, consent_status
from ruangaman.core.credentials import jose, status_token
from ruangaman.core.credentials.status_list import reference_in
from ruangaman.rooms.access import sandbox, sessions
from ruangaman.rooms.access.models import AccessSession, Event, StatusEntry
from ruangaman.rooms.access.tests.conftest import AYU, BIMA, answer, guardian_of, withdraw
from ruangaman.rooms.access.tests.contesting import send
from ruangaman.rooms.access.tests.openid import Relying, answer_of, parsed, step
from ruangaman.rooms.access.tests.test_age_checks import path_of, school
from ruangaman.rooms.access.tests.test_desk import signed_in
from ruangaman.rooms.access.tests.test_openid import account_of, arrive, let_in
from ruangaman.rooms.ages import api as ages
from ruangaman.rooms.ages import card_keys, status_lists
from ruangaman.rooms.ages.models import CardKey, Contest, StatusList
from ruangaman.rooms.families import actions
from ruangaman.rooms.families import api as families

__all__ = ["school"]

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

BASE = "http://localhost:8000"


@pytest.fixture(autouse=True)
def _fresh():
    card_keys._KEPT.clear()
    status_lists._TOLD.clear()


def fetched(uri, accept="application/statuslist+jwt", **headers):
    assert uri.startswith(f"{BASE}/status/")
    return Client().get(uri.removeprefix(BASE), headers={"Accept": accept, **headers})


def key_set():
    return Client().get("/status/keys").json()


def status_of(told, now):
    """What our own strict reader makes of it."""
    where = reference_in(told)
    keys = {one["kid"]: jose.public_key(one) for one in key_set()["keys"]}
    token = fetched(where.uri).content.decode()
    found = status_token.standing(
        where, token, now=int(now.timestamp()), key_of=lambda header: keys[header["kid"]], max_age=900
    )
    return found.because


def said_yes(platform, hour, subject="p-1", service="obrol"):
    """(house, session, guardian) after a mother's yes to an account of 14."""
    house = platform(service)
    session = house.sign_up(service, subject, age=BIMA).json
    assert session["status"] is None
    who = answer(session["id"], yes=True, now=hour())
    return house, house.get(f"/v1/sessions/{session['id']}").json, who


def now_of(house, session):
    return house.get(f"/v1/sessions/{session['id']}").json


def events_of(house, kind):
    return [one for one in house.get("/v1/events?limit=500").json["events"] if one["type"] == kind]


def test_a_yes_has_an_entry_and_its_withdrawal_sets_it(platform, hour):
    house, session, who = said_yes(platform, hour)
    told = session["status"]
    assert set(told) == {"status_list"}
    assert 100_000 <= told["status_list"]["idx"] < 262_144
    assert status_of(told, hour()) == "VALID"
    (given,) = events_of(house, "consent.given")
    assert given["data"]["status"] == told
    withdraw(session["id"], who, now=hour.pass_(hours=1))
    assert status_of(told, hour()) == "INVALID"
    assert now_of(house, session)["status"] == told  # where it stood, for who kept it
    (ended,) = events_of(house, "consent.withdrawn")
    assert ended["data"]["status"] == told


def test_an_act_that_is_undone_sets_nothing(platform, hour):
    _, session, who = said_yes(platform, hour)
    with transaction.atomic():
        withdraw(session["id"], who, now=hour())
        assert StatusEntry.objects.get().status == 1
        transaction.set_rollback(True)
    assert status_of(session["status"], hour()) == "VALID"


def test_a_no_has_none(platform, hour):
    house = platform("obrol")
    session = house.sign_up("obrol", age=BIMA).json
    answer(session["id"], yes=False, now=hour())
    assert now_of(house, session)["status"] is None
    assert "status" not in events_of(house, "consent.refused")[0]["data"]
    assert not StatusEntry.objects.exists()


def _closed(house, session, who, hour):
    assert house.call("DELETE", f"/v1/sessions/{session['id']}").status == 200


def _expired(house, session, who, hour):
    from ruangaman.rooms.families.models import ConsentRequest

    ConsentRequest.objects.update(ends_at=hour() + timedelta(hours=1))
    families.settle_due(hour.pass_(hours=2))


def _closed_by_family(house, session, who, hour):
    families.close(families.ChildRef(AccessSession.objects.get(id=session["id"]).child), now=hour())


@pytest.mark.parametrize("end", [_closed, _expired, _closed_by_family])
def test_whatever_ends_the_yes_sets_its_entry(platform, hour, end):
    house, session, who = said_yes(platform, hour)
    end(house, session, who, hour)
    assert status_of(session["status"], hour()) == "INVALID"


def test_a_confirmation_that_its_child_takes_back_and_one_that_was_never_its_own(platform, hour):
    for subject, ends in (("p-1", "taken back"), ("p-2", "replaced")):
        house = platform("obrol")
        session = house.sign_up("obrol", subject, age=AYU, child_consent=True).json
        row = AccessSession.objects.get(id=session["id"])
        assert row.asks.get().kind == "confirmation"
        answer(session["id"], yes=True, now=hour())
        told = now_of(house, session)["status"]
        assert status_of(told, hour()) == "VALID"
        if ends == "taken back":
            actions.take_back(row.request, now=hour())
        else:
            sessions.correct_age(row, {"at_least": 14, "at_most": 15}, "verified", now=hour())
            assert now_of(house, session)["status"] is None  # of the new question
        assert status_of(told, hour()) == "INVALID"


def test_who_comes_back_after_closing_has_another_entry(platform, hour):
    house, session, who = said_yes(platform, hour)
    _closed(house, session, who, hour)
    again = house.sign_up("obrol", age=BIMA).json
    assert again["id"] != session["id"]
    answer(again["id"], yes=True, now=hour())
    second = now_of(house, again)["status"]
    assert second != session["status"]
    assert (status_of(session["status"], hour()), status_of(second, hour())) == ("INVALID", "VALID")


def test_a_contest_that_holds_the_age_suspends_it_until_an_officer_decided(platform, hour):
    house = platform("ramai")
    session = house.sign_up("ramai", age={"at_least": 16, "at_most": 17}).json
    path = path_of(session["next"]["url"])
    row = AccessSession.objects.get(id=session["id"])
    sessions.correct_age(row, {"at_least": 16, "at_most": 17}, "verified", now=hour())
    answer(session["id"], yes=True, now=hour())
    told = now_of(house, session)["status"]
    assert status_of(told, hour()) == "VALID"
    send(Client(), f"{path}/banding", "never")
    assert status_of(told, hour()) == "SUSPENDED"
    desk, officer = f"/petugas/banding/{Contest.objects.get().pk}", signed_in("dewi")
    officer.post(desk, {"act": "open"})
    officer.post(
        desk, {"act": "answer", "decision": "declined", "reason": "Umur tetap.", "reason_en": "It stays."}
    )
    assert status_of(told, hour()) == "VALID"


def test_lists_of_cards_consents_and_tries_are_three_with_two_keys(platform, hour):
    _, session, _ = said_yes(platform, hour)
    house = platform("obrol", sandbox=True)
    tried = house.sign_up("obrol", age=BIMA).json
    house.post(f"/v1/sandbox/sessions/{tried['id']}/guardian", {"answer": "granted"})
    told = now_of(house, tried)["status"]
    with transaction.atomic():
        status_lists.take(1, now=hour())
    assert told["status_list"]["uri"] != session["status"]["status_list"]["uri"]
    assert sorted(StatusList.objects.values_list("purpose", "bits")) == [
        ("cards", 1),
        ("consents", 2),
        ("sandbox", 2),
    ]
    cards = Client().get("/.well-known/jwt-vc-issuer").json()["jwks"]["keys"]
    assert {one["kid"] for one in cards}.isdisjoint(one["kid"] for one in key_set()["keys"])
    assert status_of(told, hour()) == "VALID"
    house.post(f"/v1/sandbox/sessions/{tried['id']}/guardian", {"answer": "withdrawn"})
    assert status_of(told, hour()) == "INVALID"
    assert status_of(session["status"], hour()) == "VALID"


def test_a_simulated_yes_that_became_void_is_over(platform, hour):
    house = platform("obrol", sandbox=True)
    tried = house.sign_up("obrol", age=AYU, child_consent=True).json
    house.post(f"/v1/sandbox/sessions/{tried['id']}/guardian", {"answer": "granted"})
    told = now_of(house, tried)["status"]
    row = AccessSession.objects.get(id=tried["id"])
    with transaction.atomic():
        sandbox.ask(row, kind="consent", due_at=None, follows=row.request, now=hour())
    assert status_of(told, hour()) == "INVALID"


def test_all_platforms_share_one_list_that_is_the_same_for_everybody_and_small(platform, hour):
    _, first, _ = said_yes(platform, hour)
    _, second, _ = said_yes(platform, hour, "p-9", "dongeng-kita")
    uri = first["status"]["status_list"]["uri"]
    assert uri == second["status"]["status_list"]["uri"]
    plain = fetched(uri)
    zipped = fetched(uri, **{"Accept-Encoding": "gzip"})
    assert gzip.decompress(zipped.content) == plain.content == fetched(uri).content
    assert plain["Cache-Control"] == "public, max-age=900"
    assert plain["Access-Control-Allow-Origin"] == "*"
    assert fetched(uri, **{"If-None-Match": plain["ETag"]}).status_code == 304
    claims = json.loads(jose.from_base64url(plain.content.decode().split(".")[1]))
    assert (claims["sub"], claims["ttl"], claims["exp"] - claims["iat"] <= 1800) == (uri, 900, True)
    cwt = fetched(uri, "application/statuslist+cwt")

    (jwk,) = key_set()["keys"]
    key = jose.public_key(jwk)
    found = status_token.check_status_cwt(
        cwt.content, uri, now=int(hour().timestamp()), key_of=lambda header: key
    )
    packed = zlib.decompress(jose.from_base64url(claims["status_list"]["lst"]))
    assert (found.status_list.bits, found.status_list.packed) == (2, packed)
    assert len(packed) * 4 == 262_144


def test_every_index_of_a_consent_has_six_digits(monkeypatch, hour):
    """So that ID tokens have one length, whatever the draw; the lowest draws would give the lowest indexes."""
    purpose = status_lists.CONSENTS
    assert len(str(purpose.first)) == len(str(purpose.entries - 1)) == 6
    with transaction.atomic():
        status_lists.take(1, now=hour(), purpose=purpose)  # opens the list
        low = iter(range(128))
        monkeypatch.setattr(
            status_lists.secrets, "token_bytes", lambda count: next(low).to_bytes(count, "little")
        )
        _, (index,) = status_lists.take(1, now=hour(), purpose=purpose)
    assert purpose.first <= index < purpose.first + 128


def test_a_short_ttl_of_the_house_holds_for_consents_and_a_long_one_does_not(settings):
    for house, told in ((60, 60), (86_400, 900)):
        settings.STATUS_TTL_S = house
        assert status_lists.CONSENTS.ttl() == timedelta(seconds=told)
        assert status_lists.CARDS.ttl() == timedelta(seconds=house)


def test_whose_an_entry_is_stands_nowhere_in_the_clear_and_goes_with_the_account(platform, hour):
    house, session, who = said_yes(platform, hour)
    index = session["status"]["status_list"]["idx"]
    for row in Event.objects.values_list("data", flat=True):
        assert str(index) not in json.dumps(row)
    assert str(index) not in json.dumps(list(StatusEntry.objects.values("sealed", "status")), default=str)
    withdraw(session["id"], who, now=hour())
    sessions.forget_subject(AccessSession.objects.get(id=session["id"]), now=hour())
    assert now_of(house, session)["status"] is None
    assert "status" not in events_of(house, "consent.given")[0]["data"]
    assert status_of(session["status"], hour()) == "INVALID"


def test_a_key_that_is_lost_leaves_the_set_and_the_lists_are_signed_anew(platform, hour):
    _, session, _ = said_yes(platform, hour)
    assert status_of(session["status"], hour()) == "VALID"
    (old,) = key_set()["keys"]
    cards = Client().get("/.well-known/jwt-vc-issuer").json()
    new = ages.rotate_card_key(lost=True, consents=True, now=hour())
    assert [one["kid"] for one in key_set()["keys"]] == [new]
    assert new != old["kid"]
    assert status_of(session["status"], hour()) == "VALID"
    assert Client().get("/.well-known/jwt-vc-issuer").json() == cards
    assert CardKey.objects.filter(retired_at__isnull=True).count() == 2


# Signing in


def token_of(relying, reply):
    return relying.exchange(answer_of(reply)["code"]).json()["id_token"]


@pytest.mark.slow
def test_every_id_token_has_one_and_none_shows_who_is_a_child(services, school, hour):
    relying = Relying.of("ramai")
    tokens, rows = [], []
    for says in (16, 18):  # a parent must be asked for the one, nobody for the other
        browser = Client()
        page = let_in(relying, browser, hour, says=says)
        rows.append(account_of(page))
        tokens.append(token_of(relying, step(browser, page, "lanjut")))
    of_child, of_grown = [parsed(one) for one in tokens]
    assert rows[0].request is not None
    assert rows[1].request is None
    assert len(tokens[0]) == len(tokens[1])
    assert list(of_child) == list(of_grown)
    assert of_child["status"]["status_list"]["uri"] == of_grown["status"]["status_list"]["uri"]
    assert {status_of(one["status"], hour()) for one in (of_child, of_grown)} == {"VALID"}
    withdraw(str(rows[0].id), guardian_of(rows[0].child, now=hour()), now=hour())
    assert status_of(of_child["status"], hour()) == "INVALID"
    sessions.correct_age(rows[1], {"at_least": 16, "at_most": 17}, "verified", now=hour())
    assert status_of(of_grown["status"], hour()) == "INVALID"  # no yes was needed, and now one is


@pytest.mark.slow
def test_who_signs_in_again_has_the_same_entry_while_it_stands(services, school, hour):
    relying, browser = Relying.of("ramai"), Client()
    page = let_in(relying, browser, hour, says=18)
    first = parsed(token_of(relying, step(browser, page, "lanjut")))
    page = arrive(relying, browser)
    second = parsed(token_of(relying, step(browser, page, "lanjut")))
    assert first["status"] == second["status"]
    session = AccessSession.objects.get()
    sessions.close(
        type("Key", (), {"sandbox": False, "service": session.service_id, "operator": ""})(),
        session.id,
        now=hour(),
    )
    assert status_of(first["status"], hour()) == "INVALID"


# The platform's check


def kept(platform, hour):
    """(status, list, keys, seconds) of a yes."""
    _, session, who = said_yes(platform, hour)
    told = session["status"]
    token = fetched(told["status_list"]["uri"]).content
    return told, token, key_set(), hour().timestamp(), who, session


def test_the_clients_check_says_what_stands(platform, hour):
    told, token, keys, now, who, session = kept(platform, hour)
    assert consent_status(told, token, keys, now=now) == "valid"
    withdraw(session["id"], who, now=hour())
    token = fetched(told["status_list"]["uri"]).content
    assert consent_status(told, token.decode(), keys, now=now) == "invalid"


def changed(token, **claims):
    """The same token with other claims and the old signature."""
    head, body, signature = token.decode().split(".")
    told = json.loads(jose.from_base64url(body)) | claims
    return f"{head}.{jose.to_base64url(json.dumps(told).encode())}.{signature}"


def resigned(token, head=None, **claims):
    """The same list, signed by the house's own key with other words."""
    told = json.loads(jose.from_base64url(token.decode().split(".")[1])) | claims
    row = CardKey.objects.get(purpose="consents")
    header = {"alg": "ES256", "kid": row.kid, "typ": "statuslist+jwt"} | (head or {})
    signed = ".".join(jose.to_base64url(json.dumps(one).encode()) for one in (header, told))
    return f"{signed}.{jose.to_base64url(jose.es256(signed.encode(), card_keys.private(row)))}"


def bomb():
    return {"bits": 1, "lst": jose.to_base64url(zlib.compress(bytes(20 << 20)))}


def test_the_clients_check_fails_closed(platform, hour):
    told, token, keys, now, _, _ = kept(platform, hour)
    uri = told["status_list"]["uri"]

    def code(status=told, token=token, keys=keys, now=now):
        with pytest.raises(StatusUnknown) as refused:
            consent_status(status, token, keys, now=now)
        return refused.value.code

    assert consent_status(told, resigned(token), keys, now=now) == "valid"
    for wrong in (
        None,
        {},
        {"status_list": {"idx": True, "uri": uri}},
        {"status_list": {"idx": -1, "uri": uri}},
    ):
        assert code(status=wrong) == "reference"
    assert code(status={"status_list": {"idx": 262_144, "uri": uri}}) == "index"
    assert code(status={"status_list": {"idx": 1, "uri": uri + "0"}}) == "list"
    for wrong in (b"", b"a.b", b"\xff.\xff.\xff", token + b".", "x" * (9 << 20)):
        assert code(token=wrong) in ("token", "signature")
    for head in ({"alg": "none"}, {"alg": "HS256"}, {"typ": "jwt"}, {"crit": ["x"]}):
        assert code(token=resigned(token, head)) == "token"
    assert code(token=changed(token, ttl=901)) == "signature"
    assert code(token=resigned(token, {"kid": "another"})) == "signature"
    assert code(keys={"keys": []}) == code(keys={}) == code(keys={"keys": keys["keys"] * 2}) == "signature"
    issued = int(now)
    assert code(token=resigned(token, iat=issued + SKEW_S + 1)) == "time"
    assert code(token=resigned(token, exp=issued - SKEW_S)) == "time"
    assert code(token=resigned(token, iat=issued - LONGEST_S - SKEW_S)) == "time"
    assert code(token=resigned(token, ttl=None)) == code(token=resigned(token, exp=None)) == "time"
    assert code(token=resigned(token, aud="me")) == "list"
    for wrong in (None, {"bits": 3, "lst": ""}, {"bits": 2, "lst": "AAAA"}, bomb()):
        assert code(token=resigned(token, status_list=wrong)) == "list"
    threes = {"bits": 2, "lst": jose.to_base64url(zlib.compress(b"\xff" * 65_536))}
    assert code(token=resigned(token, status_list=threes)) == "value"


def test_the_keeper_of_lists_fetches_once_a_quarter_of_an_hour_and_says_no_when_it_cannot(platform, hour):
    _, session, who = said_yes(platform, hour)
    told, asked, down = session["status"], [], []

    def get(address, accept):
        asked.append(address.removeprefix(BASE))
        if down:
            raise OSError("no network")
        return Client().get(address.removeprefix(BASE), headers={"Accept": accept}).content

    lists = ConsentLists(f"{BASE}/", get=get)
    now = hour().timestamp()
    number = told["status_list"]["uri"].removeprefix(BASE)
    assert lists.stands(told, now=now)
    assert lists.stands(told, now=now + 899)
    assert asked == [number, "/status/keys"]
    withdraw(session["id"], who, now=hour.pass_(seconds=900))
    assert not lists.stands(told, now=now + 900)
    assert asked == [number, "/status/keys", number]
    ages.rotate_card_key(lost=True, consents=True, now=hour.pass_(seconds=900))
    assert lists.status(told, now=now + 1800) == "invalid"
    assert asked[3:] == [number, "/status/keys"]
    down.append(True)
    assert lists.status(told, now=now + 2699) == "invalid"
    assert not lists.stands(told, now=now + 2700)
    with pytest.raises(StatusUnknown, match="fetch"):
        lists.status(told, now=now + 2700)
    for elsewhere in (
        "https://lain.example/status/1",
        f"{BASE}.lain.example/status/1",
        f"{BASE}/v1/status/1",
    ):
        with pytest.raises(StatusUnknown, match="elsewhere"):
            lists.status({"status_list": {"idx": 1, "uri": elsewhere}})


def test_base64_of_a_sloppy_kind_is_no_signature(platform, hour):
    told, token, keys, now, _, _ = kept(platform, hour)
    padded = token.decode() + "=" * (-len(token.decode().split(".")[2]) % 4)
    standard = base64.b64encode(b"\xfb" * 64).decode().rstrip("=")
    for wrong in (padded, ".".join([*token.decode().split(".")[:2], standard])):
        with pytest.raises(StatusUnknown):
            consent_status(told, wrong, keys, now=now)
