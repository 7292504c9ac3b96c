"""People prove ages and hold wallets at one host, platforms call the other; each answers its own."""

import json
import re

import pytest
from django.core import signing
from django.test import Client

from ruangaman.rooms.access.models import AccessSession
from ruangaman.rooms.access.tests.conftest import BIMA, answer
from ruangaman.rooms.access.tests.openid import Relying, answer_of, parsed, step
from ruangaman.rooms.access.tests.test_age_checks import path_of, school
from ruangaman.rooms.access.tests.test_openid import arrive, prove
from ruangaman.rooms.ages import apart, spending, wallet_asking

__all__ = ["school"]

BASE, ISSUER = "http://localhost:8000", "http://issuer.localhost:8000"


@pytest.fixture(autouse=True)
def _two(settings):
    settings.BASE_URL, settings.ISSUER_URL = BASE, ISSUER
    settings.ALLOWED_HOSTS = ["localhost", "issuer.localhost", "testserver"]


def people(**more):
    return Client(headers={"host": "issuer.localhost:8000"}, **more)


def platforms(**more):
    return Client(headers={"host": "localhost:8000"}, **more)


@pytest.mark.parametrize(
    ("path", "host"),
    [
        ("/dompet/", ISSUER),
        ("/dompet/pakai", ISSUER),
        ("/dompet/pekerja.js", ISSUER),
        ("/kartu-umur?bahasa=en", ISSUER),
        ("/cek-umur/pernyataan", ISSUER),
        ("/", BASE),
        ("/masuk", BASE),
        ("/petugas/", BASE),
    ],
)
@pytest.mark.django_db
def test_a_page_is_led_to_its_host(path, host, hour):
    there, elsewhere = (people(), platforms()) if host == ISSUER else (platforms(), people())
    led = elsewhere.get(path)
    assert (led.status_code, led["Location"], led["Cache-Control"]) == (302, host + path, "no-store")
    assert not led.cookies
    assert not there.get(path).get("Location", "").startswith("http")


@pytest.mark.parametrize(
    ("method", "path", "wrong"),
    [
        ("post", "/age-tokens", platforms),
        ("get", "/age-tokens/offers", platforms),
        ("delete", "/age-tokens/wallet", platforms),
        ("post", "/kartu-umur/token", platforms),
        ("get", "/.well-known/openid-credential-issuer", platforms),
        ("get", "/v1/sessions", people),
        ("post", "/v1/ask", people),
        ("post", "/oidc/token", people),
    ],
)
@pytest.mark.django_db
def test_what_a_program_sends_to_the_wrong_host_is_refused_unread(method, path, wrong, hour):
    reply = getattr(wrong(), method)(path, headers={"authorization": "Bearer something"})
    assert (reply.status_code, reply.json()["code"]) == (421, "access.other-host")


@pytest.mark.django_db
def test_what_everybody_compares_stands_at_both(hour):
    for path in ("/.well-known/private-token-issuer-directory", "/age-tokens/directory"):
        one, other = people().get(path), platforms().get(path)
        assert one.content == other.content
        assert one["Access-Control-Allow-Origin"] == "*"
    told = json.loads(people().get("/.well-known/private-token-issuer-directory").content)
    assert told["issuer-request-uri"] == f"{ISSUER}/age-tokens"
    assert people().get("/healthz").status_code == platforms().get("/healthz").status_code == 200


@pytest.mark.django_db
def test_the_wallet_may_call_the_other_host_and_no_third(hour):
    page = people().get("/dompet/")
    assert f"connect-src 'self' {BASE};" in page["Content-Security-Policy"]
    assert f'data-kedua="{BASE}"' in page.content.decode()
    assert "connect-src" not in people().get("/banding")["Content-Security-Policy"]


@pytest.mark.django_db
def test_with_one_host_nothing_is_led_and_nothing_more_may_be_called(hour, settings):
    settings.ISSUER_URL = BASE
    page = platforms().get("/dompet/")
    assert page.status_code == 200
    assert "connect-src" not in page["Content-Security-Policy"]
    assert 'data-kedua=""' in page.content.decode()
    assert apart.with_way_back("/cek-umur/x", "/oidc/lanjut/1") == "/cek-umur/x"


def test_a_check_stands_where_people_prove_and_a_status_where_platforms_call(platform, hour):
    house = platform("ramai")
    session = house.sign_up("ramai", "p-1", age={"at_least": 13, "at_most": 17}).json
    assert session["next"]["kind"] == "age_check"
    assert session["next"]["url"].startswith(f"{ISSUER}/cek-umur/")
    assert people().get(path_of(session["next"]["url"])).status_code == 200
    second = platform("obrol").sign_up("obrol", "p-2", age=BIMA).json
    answer(second["id"], yes=True, now=hour())
    told = platform("obrol").get(f"/v1/sessions/{second['id']}").json["status"]
    assert told["status_list"]["uri"].startswith(f"{BASE}/status/")
    assert wallet_asking.response_uri("x").startswith(f"{ISSUER}/age-wallet/")
    assert spending.issuer_name() == "issuer.localhost:8000"


@pytest.mark.slow
def test_signing_in_goes_over_both_hosts_and_comes_back(services, school, hour):
    relying, at_platforms, at_people = Relying.of("ramai"), platforms(), people()
    relying.http = platforms()
    page = arrive(relying, at_platforms)
    step(at_platforms, page, "lanjut")
    shown = at_platforms.get(page)
    assert f"form-action 'self' {ISSUER} https://obrol.example" in shown["Content-Security-Policy"]
    link = re.search(r'href="([^"]*/cek-umur/[^"]+)"', shown.content.decode())
    assert link
    assert link[1].startswith(f"{ISSUER}/cek-umur/")
    assert at_people.get(link[1].replace("&amp;", "&").removeprefix(ISSUER)).status_code == 200
    done = prove(at_people, path_of(link[1]), hour, says=18)
    assert f'href="{BASE}{page}"' in done
    back = answer_of(step(at_platforms, page, "lanjut"))
    claims = parsed(relying.exchange(back["code"]).json()["id_token"])
    assert claims["age_over_16"] is True
    assert AccessSession.objects.count() == 1
    assert set(at_people.cookies).isdisjoint({"peramban"})


@pytest.mark.slow
def test_a_way_back_that_the_house_did_not_sign_leads_nowhere(services, school, hour):
    relying, at_platforms = Relying.of("ramai"), platforms()
    page = arrive(relying, at_platforms)
    step(at_platforms, page, "lanjut")
    link = re.search(r'href="([^"]*/cek-umur/[^"]+)"', at_platforms.get(page).content.decode())
    assert link
    check = path_of(link[1])
    for said in ("https://jahat.example", signing.dumps("https://jahat.example", salt="another"), "x:y:z"):
        at_people = people()
        assert at_people.get(check, {"kembali": said}).status_code == 200
        assert "kembali" not in at_people.session
