"""Signing in through the house: one yes about an age, a pairwise number, and nothing else."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from ruangaman.rooms.access import api as access
from ruangaman.rooms.access import sessions
from ruangaman.rooms.access.models import AccessSession, OpenIdFlow
from ruangaman.rooms.access.oidc import flows
from ruangaman.rooms.access.oidc.flows import proved
from ruangaman.rooms.access.tests.conftest import answer, withdraw
from ruangaman.rooms.access.tests.openid import Relying, answer_of, parsed, payload, step
from ruangaman.rooms.access.tests.test_age_checks import come_back, path_of, school, verdict, visit
from ruangaman.rooms.ages.models import AgeCheck
from ruangaman.rooms.families import api as families

pytestmark = pytest.mark.slow

__all__ = ["school"]

CLAIMS = {"iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "at_hash", "jti", "status"}


def arrive(relying, browser, **changed):
    """To the page of the flow."""
    reply = relying.send(browser, **changed)
    assert reply.status_code == 302, reply.content
    return reply["Location"]


def check_of(browser, page):
    """The age check that the page leads to."""
    found = re.search(r'href="([^"]*/cek-umur/[^"]+)"', browser.get(page).content.decode())
    assert found, browser.get(page).content.decode()
    return path_of(found.group(1))


def prove(browser, check, hour, *, says=None, over=True):
    """Say a range where it is asked, then let the school answer."""
    if says is not None:
        reply = browser.post(f"{check}/rentang", {"umur": str(says)})
        check = reply["Location"]
    _, asked = visit(browser, check)
    return come_back(browser, asked, verdict(asked, over, hour)).content.decode()


def grown_up(relying, browser, hour):
    """Somebody of 18 or over signs in; gives what comes back."""
    page = arrive(relying, browser)
    step(browser, page, "lanjut")
    done = prove(browser, check_of(browser, page), hour, says=18)
    assert f'href="{page}"' in done  # the check leads back
    return answer_of(step(browser, page, "lanjut"))


def test_a_grown_up_proves_an_age_and_the_platform_learns_one_yes(services, school, hour):
    relying, browser = Relying.of("ramai"), Client()
    back = grown_up(relying, browser, hour)
    assert set(back) == {"code", "state", "iss"}
    assert back["state"] == "s-1"
    told = relying.exchange(back["code"])
    assert told.status_code == 200, told.content
    assert set(told.json()) == {"access_token", "expires_in", "token_type", "scope", "id_token"}
    claims = relying.claims(told)
    assert set(claims) == CLAIMS | {"age_over_16", "acr"}
    assert claims["age_over_16"] is True
    assert claims["acr"].endswith("/assurance/standard")
    assert claims["aud"] == relying.client
    assert claims["nonce"] == "n-1"
    assert claims["exp"] - claims["iat"] == 300
    assert claims["auth_time"] % 86_400 == 0
    assert len(claims["sub"]) == 43


def test_the_same_browser_comes_back_as_the_same_and_proves_nothing_again(services, school, hour):
    relying, browser = Relying.of("ramai"), Client()
    first = relying.claims(relying.exchange(grown_up(relying, browser, hour)["code"]))
    page = arrive(relying, browser)
    assert "Lanjut dengan akun itu" in browser.get(page).content.decode()
    second = relying.claims(relying.exchange(answer_of(step(browser, page, "lanjut"))["code"]))
    assert second["sub"] == first["sub"]
    assert AccessSession.objects.count() == 1


def test_somebody_else_at_the_same_browser_is_somebody_else(services, school, hour):
    relying, browser = Relying.of("ramai"), Client()
    first = relying.claims(relying.exchange(grown_up(relying, browser, hour)["code"]))
    page = arrive(relying, browser)
    step(browser, page, "orang-lain")
    step(browser, page, "lanjut")
    prove(browser, check_of(browser, page), hour, says=18)
    second = relying.claims(relying.exchange(answer_of(step(browser, page, "lanjut"))["code"]))
    assert second["sub"] != first["sub"]


def test_two_platforms_know_the_same_browser_by_two_numbers(services, school, hour):
    browser = Client()
    subs = []
    for slug in ("ramai", "obrol"):
        relying = Relying.of(slug)
        subs.append(relying.claims(relying.exchange(grown_up(relying, browser, hour)["code"]))["sub"])
    assert subs[0] != subs[1]


def account_of(page):
    """The account of a visit."""
    found = OpenIdFlow.objects.get(id=page.partition("?")[0].rpartition("/")[2]).session
    assert found is not None
    return found


def let_in(relying, browser, hour, *, says):
    """Until the door is open: the age is said and proved as far as the law asks, and a parent says yes."""
    page = arrive(relying, browser)
    step(browser, page, "lanjut")
    if "Cek umur" in browser.get(page).content.decode():
        check = check_of(browser, page)
        check = browser.post(f"{check}/rentang", {"umur": str(says)})["Location"]
        if "Apakah kamu sudah" in browser.get(check).content.decode():
            prove(browser, check, hour)
    session = account_of(page)
    if session.request is not None:
        assert "Menunggu jawaban orang tuamu" in browser.get(page).content.decode()
        answer(str(session.id), yes=True, now=hour())
    return page


def token_of(relying, reply):
    return relying.exchange(answer_of(reply)["code"]).json()["id_token"]


def test_tokens_of_different_real_ages_are_of_one_size_and_one_set_of_claims(services, school, hour):
    relying = Relying.of("ramai")
    tokens = []
    for says in (16, 18):
        browser = Client()
        page = let_in(relying, browser, hour, says=says)
        tokens.append(token_of(relying, step(browser, page, "lanjut")))
    seventeen, grown = tokens
    assert len(seventeen) == len(grown)
    assert list(parsed(seventeen)) == list(parsed(grown))
    same = ("acr", "age_over_16", "aud", "iss", "auth_time")
    assert [parsed(seventeen)[name] for name in same] == [parsed(grown)[name] for name in same]


def test_whoever_is_younger_and_whoever_does_not_say_get_the_same_token(services, school, hour):
    """Absent is not proved, never under: 13, and a person of 16 who keeps it to himself."""
    relying = Relying.of("dongeng-kita")
    tokens = []
    for says, last in ((13, "lanjut"), (16, "tanpa-bukti")):
        browser = Client()
        page = let_in(relying, browser, hour, says=says)
        if says == 16:
            AgeCheck.objects.filter(ref=account_of(page).id).update(threshold=13)
            assert "Mau membuktikan" in browser.get(page).content.decode()
        tokens.append(token_of(relying, step(browser, page, last)))
    assert [set(parsed(one)) for one in tokens] == [CLAIMS] * 2
    assert len({len(one) for one in tokens}) == 1


def test_a_proof_that_fails_is_no_claim_and_the_law_hears_of_it(services, school, hour):
    relying, browser = Relying.of("dongeng-kita"), Client()
    page = let_in(relying, browser, hour, says=16)
    session = account_of(page)
    AgeCheck.objects.filter(ref=session.id).delete()
    asked = step(browser, page, "bukti")["Location"]
    done = prove(browser, path_of(asked), hour, over=False)
    assert "tidak mendapat jawaban tentang umurmu" in done
    known = families.child_age(families.ChildRef(session.child))
    assert known is not None
    assert known["age"]["at_most"] == 15
    assert proved(session, 16, now=hour()) is None
    assert step(browser, page, "lanjut").status_code == 302  # the law asks anew before anything is told


def test_a_childs_parent_answers_elsewhere_and_the_visit_goes_on(services, school, hour):
    relying, browser = Relying.of("ramai"), Client()
    page = arrive(relying, browser)
    step(browser, page, "lanjut")
    prove(browser, check_of(browser, page), hour, says=16)
    shown = browser.get(page).content.decode()
    assert "Menunggu jawaban orang tuamu" in shown
    assert "/minta/" in shown
    assert step(browser, page, "lanjut").status_code == 302  # not yet; nothing is asked twice
    session = AccessSession.objects.get()
    assert session.asks.count() == 1
    answer(str(session.id), yes=True, now=hour())
    claims = relying.claims(relying.exchange(answer_of(step(browser, page, "lanjut"))["code"]))
    assert claims["age_over_16"] is True


def test_where_the_law_says_no_the_page_says_why_and_the_platform_only_that_it_was_given_up(
    services, school, hour
):
    relying, browser = Relying.of("ramai"), Client()
    page = arrive(relying, browser)
    step(browser, page, "lanjut")
    browser.post(f"{check_of(browser, page)}/rentang", {"umur": "0"})
    shown = browser.get(page).content.decode()
    assert "Pintu ini belum terbuka untukmu" in shown
    assert step(browser, page, "lanjut").status_code == 302  # no code comes of trying on
    assert answer_of(step(browser, page, "batal")) == {
        "error": "access_denied",
        "state": "s-1",
        "iss": "http://localhost:8000",
    }
    assert browser.get(page).status_code == 404


def test_giving_up_at_any_step_says_the_same(services, school, hour):
    relying = Relying.of("ramai")
    told = []
    for go_on in (False, True):
        browser = Client()
        page = arrive(relying, browser)
        if go_on:
            step(browser, page, "lanjut")
        told.append(answer_of(step(browser, page, "batal")))
    assert told[0] == told[1]


def test_a_code_ends_with_the_permission_that_opened_it(services, school, hour):
    relying, browser = Relying.of("ramai"), Client()
    page = arrive(relying, browser)
    step(browser, page, "lanjut")
    prove(browser, check_of(browser, page), hour, says=16)
    session = str(AccessSession.objects.get().id)
    who = answer(session, yes=True, now=hour())
    back = answer_of(step(browser, page, "lanjut"))
    withdraw(session, who, now=hour())
    told = relying.exchange(back["code"])
    assert (told.status_code, told.json()["error"]) == (400, "invalid_grant")


def test_a_correction_from_above_ends_what_was_proved(services, school, hour):
    relying, browser = Relying.of("ramai"), Client()
    grown_up(relying, browser, hour)
    session = AccessSession.objects.get()
    assert proved(session, 16, now=hour()) == "strict"
    sessions.correct_age(session, {"at_least": 13, "at_most": 15}, "verified", now=hour())
    assert proved(session, 16, now=hour()) is None


@pytest.mark.parametrize("kind", ["never", "younger"])
def test_a_contest_of_the_clients_own_check_reaches_the_account_when_the_visit_is_long_over(
    services, school, hour, kind
):
    relying, browser = Relying.of("dongeng-kita"), Client()
    page = let_in(relying, browser, hour, says=16)
    session = account_of(page)
    AgeCheck.objects.filter(ref=session.id).delete()
    asked = path_of(step(browser, page, "bukti")["Location"])
    prove(browser, asked, hour)
    step(browser, page, "lanjut")
    assert proved(session, 16, now=hour()) == "strict"
    hour.pass_(days=1)
    flows.settle_due(hour())
    assert not OpenIdFlow.objects.exists()
    assert Client().post(f"{asked}/banding?apa={kind}", {"umur": "16"}).status_code == 303
    assert proved(session, 16, now=hour()) is None
    known = sessions.known(session, now=hour()).age
    assert known is None if kind == "never" else known["at_most"] == 15


def test_what_a_platform_says_of_an_age_is_never_told_back_as_the_houses_word(services, hour):
    relying, browser = Relying.of("ramai"), Client()
    page = arrive(relying, browser)
    step(browser, page, "lanjut")
    session = AccessSession.objects.get()
    families.set_child_age(families.ChildRef(session.child), {"at_least": 18}, "verified", "strict", hour())
    assert "Mau membuktikan umurmu 16 tahun ke atas?" in browser.get(page).content.decode()
    back = answer_of(step(browser, page, "tanpa-bukti"))
    assert set(relying.claims(relying.exchange(back["code"]))) == CLAIMS


def test_a_word_alone_never_becomes_a_claim(services, school, hour):
    relying, browser = Relying.of("obrol"), Client()
    page = arrive(relying, browser)
    step(browser, page, "lanjut")
    check = check_of(browser, page)
    url = browser.post(f"{check}/rentang", {"umur": "18"})["Location"]
    browser.post(f"{url}/nyatakan", {"umur": "ya"})
    assert AgeCheck.objects.get(decided_at__isnull=False).method == "declared"
    assert "Mau membuktikan" in browser.get(page).content.decode()


def test_the_degree_that_was_asked_is_told_and_never_more(services, school, hour):
    relying, browser = Relying.of("ramai"), Client()
    grown_up(relying, browser, hour)
    for wished, told in (
        ("strict", "strict"),
        ("enhanced strict", "enhanced"),
        ("", "standard"),
        ("unknown", "standard"),
    ):
        values = " ".join(f"http://localhost:8000/assurance/{one}" for one in wished.split())
        page = arrive(relying, browser, acr_values=values or None)
        back = answer_of(step(browser, page, "lanjut"))
        assert relying.claims(relying.exchange(back["code"]))["acr"].endswith(f"/{told}")


def test_what_was_demanded_and_not_proved_is_told_as_unmet(services, school, hour):
    relying, browser = Relying.of("ramai"), Client()
    grown_up(relying, browser, hour)
    AgeCheck.objects.update(assurance="standard")
    wish = '{"id_token": {"acr": {"essential": true, "values": ["http://localhost:8000/assurance/strict"]}}}'
    page = arrive(relying, browser, claims=wish)
    assert answer_of(step(browser, page, "lanjut"))["error"] == "unmet_authentication_requirements"


def test_nothing_else_is_ever_told_even_if_asked(services, school, hour):
    relying, browser = Relying.of("ramai"), Client()
    grown_up(relying, browser, hour)
    wish = (
        '{"id_token": {"birthdate": {"essential": true}, "name": null, "email": null, "locale": null,'
        ' "age_over_16": {"essential": true}}, "userinfo": {"address": null}}'
    )
    page = arrive(relying, browser, scope="openid profile email address phone offline_access", claims=wish)
    told = relying.exchange(answer_of(step(browser, page, "lanjut"))["code"])
    assert set(relying.claims(told)) == CLAIMS | {"age_over_16", "acr"}
    assert told.json()["scope"] == "openid age_over:16"
    for word in ("birthdate", "name", "email", "locale", "2008", "strict", "sekolah"):
        assert word not in payload(told.json()["id_token"])


def test_only_the_same_person_answers_where_one_was_named(services, school, hour):
    relying, browser = Relying.of("ramai"), Client()
    told = relying.exchange(grown_up(relying, browser, hour)["code"]).json()
    page = arrive(relying, browser, id_token_hint=told["id_token"])
    assert "code" in answer_of(step(browser, page, "lanjut"))
    other = '{"id_token": {"sub": {"value": "' + "x" * 43 + '"}}}'
    page = arrive(relying, browser, claims=other)
    assert answer_of(step(browser, page, "lanjut"))["error"] == "login_required"


def test_no_table_holds_the_browsers_secret_or_an_account_of_the_person(services, school, hour):
    relying, browser = Relying.of("ramai"), Client()
    grown_up(relying, browser, hour)
    secret = browser.cookies["peramban"].value
    assert len(secret) == 43
    assert browser.cookies["peramban"]["path"] == "/oidc/lanjut"
    assert browser.cookies["peramban"]["httponly"]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            assert secret not in repr(cursor.fetchall()), table
    only = User.objects.get(username__startswith="openid")
    assert (only.is_active, only.has_usable_password(), only.email) == (False, False, "")


def test_a_visit_belongs_to_the_browser_that_began_it_and_lasts_an_hour(services, school, hour):
    relying, browser = Relying.of("ramai"), Client()
    page = arrive(relying, browser)
    assert Client().get(page).status_code == 404
    assert step(Client(), page, "lanjut").status_code == 404
    assert browser.get("/oidc/lanjut")["Location"] == page
    hour.pass_(hours=1)
    assert browser.get(page).status_code == 404
    assert access.settle_due(hour()) >= 1
    assert OpenIdFlow.objects.count() == 0


def test_the_page_says_who_learns_what_in_both_languages(services, hour):
    relying, browser = Relying.of("ramai"), Client()
    page = arrive(relying, browser)
    indonesian = browser.get(page).content.decode()
    rows = re.findall(r'<th scope="row">(.*?)</th><td>(.*?)</td>', indonesian)
    assert len(rows) == 3
    assert {who for who, _ in rows} == {"Ramai", "Ruang Aman", "Orang tuamu"}
    assert "Kamu memakai Ramai" in dict(rows)["Ruang Aman"]
    english = browser.get(f"{page}?bahasa=en").content.decode()
    assert "Who learns what?" in english
    assert "That you use Ramai" in english
    assert "script" not in re.sub(r"<script src=\"/static/tegel[^>]*></script>", "", indonesian)


def test_a_visit_in_the_language_that_the_platform_asked_for(services, hour):
    relying, browser = Relying.of("ramai"), Client()
    page = arrive(relying, browser, ui_locales="fr en id")
    assert page.endswith("?bahasa=en")
    assert "Who learns what?" in browser.get(page).content.decode()


@pytest.mark.parametrize("passed", [timedelta(hours=2), timedelta(hours=5)])
def test_keys_are_announced_before_they_sign_and_told_a_while_after(services, hour, passed):
    access.ensure_openid_key(now=hour())
    relying = Relying.of("ramai")
    before = relying.http.get("/oidc/jwks.json").json()["keys"]
    kid, begins = access.rotate_openid_key(now=hour())
    assert begins == hour() + timedelta(hours=2)
    both = relying.http.get("/oidc/jwks.json").json()["keys"]
    assert [one["kid"] for one in both] == [before[0]["kid"], kid]
    hour.pass_(seconds=passed.total_seconds())
    access.settle_due(hour())
    left = [one["kid"] for one in relying.http.get("/oidc/jwks.json").json()["keys"]]
    assert left == ([before[0]["kid"], kid] if passed < timedelta(hours=4) else [kid])
    assert all(set(one) == {"kty", "n", "e", "kid", "use", "alg"} for one in both)


def test_a_lost_key_is_replaced_at_once(services, hour):
    access.ensure_openid_key(now=hour())
    relying = Relying.of("ramai")
    before = relying.http.get("/oidc/jwks.json").json()["keys"][0]["kid"]
    kid, begins = access.rotate_openid_key(at_once=True, now=hour())
    assert begins == hour()
    assert [one["kid"] for one in relying.http.get("/oidc/jwks.json").json()["keys"]] == [kid] != [before]
