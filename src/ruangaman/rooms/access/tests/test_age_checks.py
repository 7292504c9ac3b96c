"""A person proves one age on the page of the house: who is asked what, who learns what, and what is never taken."""

import json
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.db import connection
from django.test import Client
from joserfc import jws
from joserfc.jwk import OKPKey

from ruangaman.adapters import packs
from ruangaman.core import age_checks
from ruangaman.rooms.access.models import AccessSession, Event
from ruangaman.rooms.ages import api as ages
from ruangaman.rooms.ages.errors import InstitutionRefused
from ruangaman.rooms.ages.models import AgeCheck, Attempt
from ruangaman.rooms.families import api as families

pytestmark = pytest.mark.slow

KEY = OKPKey.generate_key("Ed25519", parameters={"kid": "1"})
SCHOOL = {
    "kind": "school",
    "name": {"id": "Sekolah Contoh", "en": "Example School"},
    "issuer": "https://sekolah.example",
    "audience": "ruang-aman",
    "ask_url": "https://sekolah.example/tanya",
    "keys": {"keys": [KEY.as_dict(private=False)]},
    "assurance": "strict",
}


@pytest.fixture
def school(db, hour):
    ages.register_institution("sekolah", now=hour(), **SCHOOL)


def path_of(url):
    return urlsplit(url).path


def visit(browser, url, slug="sekolah"):
    """Go to the institution; gives what came along."""
    reply = browser.post(f"{path_of(url)}/tanya/{slug}")
    assert reply.status_code == 302, reply.content
    where = urlsplit(reply["Location"])
    return where, {name: values[0] for name, values in parse_qs(where.query).items()}


def verdict(asked, over, hour, key=KEY, **changed):
    """What an institution signs."""
    at = int(hour().timestamp())
    claims = {
        "iss": SCHOOL["issuer"],
        "aud": asked["audience"],
        "iat": at,
        "exp": at + 300,
        "jti": f"v-{asked['nonce'][:8]}",
        "nonce": asked["nonce"],
        "age": {f"age_over_{asked['age_over']}": over},
    } | changed
    headers = {"alg": "Ed25519", "kid": "1", "typ": changed.pop("typ", "ra-age+jwt")}
    claims.pop("typ", None)
    return jws.serialize_compact(headers, json.dumps(claims).encode(), key, algorithms=["Ed25519"])


def come_back(browser, asked, text, follow=True):
    return browser.get(
        f"/cek-umur/kembali?{urlencode({'state': asked['state'], 'answer': text})}", follow=follow
    )


def said_17(platform):
    house = platform("ramai")
    told = house.sign_up("ramai", age={"at_least": 17, "at_most": 17}, evidence="self_declared")
    return house, told


def test_one_age_is_asked_and_the_answer_opens_the_way_to_the_parent(platform, school, hour):
    house, told = said_17(platform)
    assert told.json["next"]["age_over"] == 16
    browser = Client()
    page = browser.get(path_of(told.json["next"]["url"])).content.decode()
    assert "Apakah kamu sudah 16 tahun?" in page
    assert "Tanya Sekolah Contoh" in page
    assert "checked" not in page
    where, asked = visit(browser, told.json["next"]["url"])
    assert (where.hostname, set(asked)) == (
        "sekolah.example",
        {"audience", "state", "nonce", "age_over", "return_to"},
    )
    done = come_back(browser, asked, verdict(asked, True, hour))
    assert "Terbukti: 16 tahun ke atas" in done.content.decode()
    now = house.get(f"/v1/sessions/{told.json['id']}").json
    assert now["next"]["kind"] == "guardian_request"
    session = AgeCheck.objects.get()
    assert (session.method, session.evidence, session.assurance) == ("institution", "verified", "strict")
    assert Event.objects.filter(kind="child.age_band_changed").count() == 1


def test_the_house_goes_on_with_what_was_said_before_and_what_was_proved_now(platform, school, hour):
    _, told = said_17(platform)
    browser = Client()
    _, asked = visit(browser, told.json["next"]["url"])
    come_back(browser, asked, verdict(asked, True, hour))
    child = families.ChildRef(AccessSession.objects.get(id=told.json["id"]).child)
    known = families.child_age(child)
    assert (known["age"], known["evidence"]) == ({"at_least": 16, "at_most": 17}, "verified")


def test_who_said_a_birth_date_proves_one_age_and_is_asked_no_second_one(platform, school, hour):
    house = platform("ramai")
    told = house.sign_up("ramai", age={"birth_date": "2009-03-04"}, evidence="self_declared")
    assert told.json["next"]["age_over"] == 16
    browser = Client()
    _, asked = visit(browser, told.json["next"]["url"])
    come_back(browser, asked, verdict(asked, True, hour))
    now = house.get(f"/v1/sessions/{told.json['id']}").json
    assert now["next"]["kind"] == "guardian_request"
    child = families.ChildRef(AccessSession.objects.get(id=told.json["id"]).child)
    assert families.child_age(child)["age"] == {"at_least": 16, "at_most": 17}


def test_not_yet_closes_and_says_no_more_than_that(platform, school, hour):
    house, told = said_17(platform)
    browser = Client()
    _, asked = visit(browser, told.json["next"]["url"])
    done = come_back(browser, asked, verdict(asked, False, hour)).content.decode()
    assert "kamu belum 16 tahun" in done
    now = house.get(f"/v1/sessions/{told.json['id']}").json
    assert (now["state"], now["next"]) == ("closed", None)


def test_an_institution_that_does_not_know_decides_nothing(platform, school, hour):
    house, told = said_17(platform)
    browser = Client()
    _, asked = visit(browser, told.json["next"]["url"])
    done = come_back(browser, asked, verdict(asked, None, hour)).content.decode()
    assert "Ini bukan berarti kamu bohong" in done
    assert house.get(f"/v1/sessions/{told.json['id']}").json["next"]["kind"] == "age_check"
    visit(browser, told.json["next"]["url"])  # another try may begin


@pytest.mark.parametrize(
    ("flaw", "changed"),
    [
        ("another nonce", {"nonce": "x" * 43}),
        ("for another house", {"aud": "rumah-lain"}),
        ("from another", {"iss": "https://lain.example"}),
        ("another age", {"age": {"age_over_18": True}}),
        ("says too much", {"age": {"age_over_16": True, "birth_date": "2009-01-01"}}),
        ("a name beside it", {"name": "Ayu"}),
        ("no yes or no", {"age": {"age_over_16": 1}}),
        ("of another kind", {"typ": "ra-verdict+jwt"}),
        ("lives too long", {"exp": 4_000_000_000}),
        ("in the future", {"iat": 3_999_999_900, "exp": 4_000_000_000}),
        ("long past", {"iat": 1, "exp": 300}),
    ],
)
def test_a_flawed_answer_decides_nothing(platform, school, hour, flaw, changed):
    house, told = said_17(platform)
    browser = Client()
    _, asked = visit(browser, told.json["next"]["url"])
    reply = come_back(browser, asked, verdict(asked, True, hour, **changed), follow=False)
    assert reply.status_code == 403, flaw
    assert AgeCheck.objects.get().decided_at is None
    assert house.get(f"/v1/sessions/{told.json['id']}").json["next"]["kind"] == "age_check"


def test_an_answer_of_another_key_decides_nothing(platform, school, hour):
    _, told = said_17(platform)
    browser = Client()
    _, asked = visit(browser, told.json["next"]["url"])
    other = OKPKey.generate_key("Ed25519", parameters={"kid": "1"})
    assert come_back(browser, asked, verdict(asked, True, hour, key=other), follow=False).status_code == 403


def test_an_answer_comes_back_to_the_browser_that_asked_and_to_no_other(platform, school, hour):
    _, told = said_17(platform)
    mine, theirs = Client(), Client()
    _, asked = visit(mine, told.json["next"]["url"])
    text = verdict(asked, True, hour)
    assert come_back(theirs, asked, text, follow=False).status_code == 404
    visit(theirs, told.json["next"]["url"])  # a browser with a try of its own is no better
    assert come_back(theirs, asked, text, follow=False).status_code == 404
    assert "Terbukti" in come_back(mine, asked, text).content.decode()


def test_an_answer_counts_once_and_not_after_ten_minutes(platform, school, hour):
    _, told = said_17(platform)
    browser = Client()
    _, late = visit(browser, told.json["next"]["url"])
    due = hour.pass_(minutes=10)
    assert come_back(browser, late, verdict(late, True, hour), follow=False).status_code == 410
    assert ages.settle_due(due + timedelta(hours=1)) == 1
    assert Attempt.objects.get().ended_at == due  # whatever the job runner does
    _, asked = visit(browser, told.json["next"]["url"])
    text = verdict(asked, True, hour)
    come_back(browser, asked, text)
    assert come_back(browser, asked, text, follow=False).status_code == 410
    assert Attempt.objects.filter(ended_at__isnull=True).count() == 0


def test_the_answer_itself_is_kept_nowhere(platform, school, hour):
    _, told = said_17(platform)
    browser = Client()
    _, asked = visit(browser, told.json["next"]["url"])
    text = verdict(asked, True, hour)
    come_back(browser, asked, text)
    parts = [text, *text.split("."), asked["state"]]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            held = repr(
                [[bytes(v) if isinstance(v, memoryview) else v for v in row] for row in cursor.fetchall()]
            )
            assert [part for part in parts if part in held] == [], table


def test_the_table_says_all_that_is_sent(platform, school, hour):
    """What the page tells of the institution and of the platform is all that either of them gets."""
    house, told = said_17(platform)
    browser = Client()
    page = browser.get(f"{path_of(told.json['next']['url'])}?cara=institution-sekolah").content.decode()
    rows = dict(re.findall(r'<th scope="row">(.*?)</th><td>(.*?)</td>', page))
    assert set(rows) == {"Ramai", "Sekolah Contoh", "Ruang Aman"}
    where, asked = visit(browser, told.json["next"]["url"])
    sent = where.geturl()
    assert "16" in rows["Sekolah Contoh"]
    for word in ("ramai", "Ramai", told.json["id"], told.json["subject"]):
        assert word not in sent
    come_back(browser, asked, verdict(asked, True, hour))
    now = house.get(f"/v1/sessions/{told.json['id']}").json
    assert now["answer"]["derived"]["age"] == {"at_least": 16, "at_most": 17}
    del now["next"]["tile"]  # one of its words, by chance, may be "sekolah"
    assert "sekolah" not in json.dumps(now).lower()
    assert "institution" not in json.dumps(now)


def test_who_says_nothing_first_says_a_range_and_then_proves_one_age(platform, school, hour):
    house = platform("ramai")
    told = house.sign_up("ramai")
    assert told.json["next"]["age_over"] is None
    browser = Client()
    url = path_of(told.json["next"]["url"])
    page = browser.get(url).content.decode()
    assert re.findall(r'<span class="grow">(.*?)</span></label>', page) == [
        "Belum 16 tahun",
        "16 sampai 17 tahun",
        "18 tahun ke atas",
    ]
    assert browser.post(f"{url}/rentang", {"umur": "17"}).status_code == 400
    assert browser.post(f"{url}/rentang", {"umur": "-1"}).status_code == 400
    told_on = browser.post(f"{url}/rentang", {"umur": "16"}, follow=True)
    assert "Apakah kamu sudah 16 tahun?" in told_on.content.decode()
    next_ = house.get(f"/v1/sessions/{told.json['id']}").json["next"]
    assert next_["age_over"] == 16


def test_a_grown_up_is_asked_for_that_alone(platform, school, hour):
    house = platform("ramai")
    told = house.sign_up("ramai")
    browser = Client()
    url = told.json["next"]["url"]
    browser.post(f"{path_of(url)}/rentang", {"umur": "18"})
    assert house.get(f"/v1/sessions/{told.json['id']}").json["next"]["age_over"] == 18
    again = house.sign_up("ramai").json  # the same account again does not lose what was said
    assert again["next"] == {**told.json["next"], "age_over": 18}
    _, asked = visit(browser, url)
    assert asked["age_over"] == "18"
    come_back(browser, asked, verdict(asked, True, hour))
    now = house.get(f"/v1/sessions/{told.json['id']}").json
    assert (now["state"], now["answer"]["outcome"]) == ("open", "not_a_child")


def test_younger_than_the_bound_needs_no_proof(platform, hour):
    house = platform("ramai")
    told = house.sign_up("ramai")
    browser = Client()
    done = browser.post(f"{path_of(told.json['next']['url'])}/rentang", {"umur": "0"}, follow=True)
    assert "Tidak perlu cek umur." in done.content.decode()
    assert house.get(f"/v1/sessions/{told.json['id']}").json["state"] == "closed"


def test_where_the_range_decides_no_check_is_made(platform, hour):
    told = platform("ramai").sign_up("ramai", age={"at_least": 10, "at_most": 12}, evidence="self_declared")
    assert told.json["next"] is None
    answer = told.json["answer"]
    assert (answer["decided"], answer["age_needed"], answer["settles"]) == (True, False, [])
    assert AgeCheck.objects.count() == 0


@pytest.mark.parametrize(
    ("service", "first", "enough"),
    [
        ("ramai", 16, ["verified"]),
        ("obrol", 13, ["self_declared", "signal", "verified", "guardian_attested", "estimated"]),
    ],
)
def test_otherwise_the_answer_lists_the_least_intrusive_evidence_for_that_risk(
    platform, hour, service, first, enough
):
    told = platform(service).sign_up(service, age={"at_most": 17}, evidence="self_declared").json
    assert told["answer"]["settles"] == [
        {"fact": "age", "at_least": [first]},
        {"fact": "evidence", "values": enough},
    ]
    assert told["next"]["needs"] == told["answer"]["settles"]
    assert told["answer"]["decided"] is False


def test_on_a_low_risk_a_word_is_enough_and_the_way_is_the_least_intrusive(platform, school, hour):
    """Only the page's own choice is gone: nobody is asked for more than the law wants."""
    house = platform("obrol")
    told = house.sign_up("obrol", age={"at_most": 15}, evidence="self_declared")
    assert told.json["next"]["age_over"] == 13
    browser = Client()
    url = path_of(told.json["next"]["url"])
    ways = re.findall(r'name="cara" value="([^"]+)"', browser.get(url).content.decode())
    assert ways[0] == "declared"
    assert "institution-sekolah" in ways
    assert browser.post(f"{url}/nyatakan", {"umur": "mungkin"}).status_code == 400
    done = browser.post(f"{url}/nyatakan", {"umur": "ya"}, follow=True)
    assert "Terbukti: 13 tahun ke atas" in done.content.decode()
    check = AgeCheck.objects.get()
    assert (check.evidence, check.assurance) == ("self_declared", "asserted")
    assert house.get(f"/v1/sessions/{told.json['id']}").json["next"]["kind"] == "guardian_request"


def test_on_a_high_risk_a_word_is_no_way(platform, school, hour):
    _, told = said_17(platform)
    browser = Client()
    url = path_of(told.json["next"]["url"])
    assert 'value="declared"' not in browser.get(url).content.decode()
    assert browser.post(f"{url}/nyatakan", {"umur": "ya"}).status_code == 409
    assert AgeCheck.objects.get().decided_at is None


def test_a_closed_account_is_asked_nothing_any_more(platform, school, hour):
    house, told = said_17(platform)
    house.call("DELETE", f"/v1/sessions/{told.json['id']}")
    browser = Client()
    url = path_of(told.json["next"]["url"])
    assert "Tidak perlu cek umur." in browser.get(url).content.decode()
    assert browser.post(f"{url}/tanya/sekolah").status_code == 409


def test_nobody_finds_a_check_by_guessing(school, hour):
    assert Client().get("/cek-umur/" + "a" * 43).status_code == 404


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("kind", "bank"),
        ("issuer", ""),
        ("audience", "x" * 201),
        ("ask_url", "https://sekolah.example/tanya?siapa=a"),
        ("name", {"id": "Sekolah", "en": 1}),
        ("assurance", "asserted"),
        ("name", {"id": "Sekolah"}),
        ("ask_url", "http://sekolah.example/tanya"),
        ("ask_url", "ftp://sekolah.example"),
        ("ask_url", "https://[broken"),
        ("keys", {"keys": []}),
        ("keys", {"keys": [KEY.as_dict(private=True)]}),
        ("keys", {"keys": [{"kty": "oct", "k": "AAAA"}]}),
    ],
)
def test_an_institution_that_cannot_be_trusted_is_not_registered(db, hour, field, wrong):
    with pytest.raises(InstitutionRefused) as refused:
        ages.register_institution("sekolah", now=hour(), **(SCHOOL | {field: wrong}))
    assert refused.value.facts["why"] == field


def test_every_way_that_is_shown_is_one_that_the_law_calls_enough(hour):
    """A slow second truth: each way and risk asked of the law by hand."""
    pack = packs.load("ID")
    for risk in ("low", "high", "unassessed"):
        service = {"risk_profile": risk, "designed_for_children": False}
        shown = {one.way.name for one in age_checks.enough(pack, service, age_checks.BY_NAME, now=hour())}
        for way in age_checks.WAYS:
            asked = {"question": "age_evidence", "evidence": way.evidence, "service": service}
            answer = pack.ask(asked, now=hour())
            assert (way.name in shown) == (answer.outcome == "sufficient"), (risk, way.name)


def test_one_check_has_so_many_open_tries_and_no_more(platform, school, hour):
    _, told = said_17(platform)
    url = path_of(told.json["next"]["url"])
    browser = Client()
    for _ in range(20):
        assert browser.post(f"{url}/tanya/sekolah").status_code == 302
    refused = browser.post(f"{url}/tanya/sekolah")
    assert (refused.status_code, "Terlalu banyak percobaan" in refused.content.decode()) == (409, True)
    hour.pass_(minutes=10)
    assert browser.post(f"{url}/tanya/sekolah").status_code == 302
