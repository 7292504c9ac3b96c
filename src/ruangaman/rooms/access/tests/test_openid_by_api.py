"""Of an account that OpenID Connect began, the platform's API key shows no more than the ID token did."""

import pytest
from django.test import Client

from ruangaman.rooms.access.models import AccessSession
from ruangaman.rooms.access.tests.conftest import answer, withdraw
from ruangaman.rooms.access.tests.openid import Relying, answer_of, step
from ruangaman.rooms.access.tests.test_age_checks import school
from ruangaman.rooms.access.tests.test_openid import arrive, check_of, let_in, prove

pytestmark = pytest.mark.slow

__all__ = ["school"]

ITS_OWN = {"id", "subject", "created_at", "updated_at"}


@pytest.fixture
def ramai(platform):
    """The API key of the service that people sign in to."""
    return platform("ramai")


def signed_in(relying, hour, *, says):
    """Somebody of this age signs in; gives the subject."""
    browser = Client()
    page = let_in(relying, browser, hour, says=says)
    back = answer_of(step(browser, page, "lanjut"))
    return relying.claims(relying.exchange(back["code"]))["sub"]


def session_of(ramai, sub):
    """As the platform's key shows it."""
    for row in AccessSession.objects.filter(openid="told"):
        told = ramai.get(f"/v1/sessions/{row.id}").json
        if told["subject"] == sub:
            return told
    raise AssertionError("no such account")


def events_of(ramai):
    return [(one["type"], one["data"]) for one in ramai.get("/v1/events").json["events"]]


def sixteen(hour):
    """Somebody of 16 proved it and waits for a parent; the browser, the page of the visit, the account."""
    browser = Client()
    page = arrive(Relying.of("ramai"), browser)
    step(browser, page, "lanjut")
    prove(browser, check_of(browser, page), hour, says=16)
    return browser, page, AccessSession.objects.get()


def test_a_child_and_a_grown_up_look_alike_by_the_api(services, school, hour, ramai):
    relying = Relying.of("ramai")
    child, grown = (session_of(ramai, signed_in(relying, hour, says=says)) for says in (16, 18))
    assert child["state"] == grown["state"] == "open"
    assert {name: value for name, value in child.items() if name not in ITS_OWN} == {
        name: value for name, value in grown.items() if name not in ITS_OWN
    }
    assert child["consent"] is child["child_url"] is child["valid_until"] is None
    assert child["answer"]["articles"] == child["answer"]["settles"] == []
    assert {one["state"] for one in child["features"].values()} == {"off"}
    assert "at_least" not in str(child)


def test_before_the_first_token_the_api_knows_nothing_of_a_visit(services, school, hour, ramai):
    browser, page, session = sixteen(hour)
    assert session.request is not None  # a parent was asked
    reply = ramai.get(f"/v1/sessions/{session.id}")
    assert (reply.status, reply.code) == (404, "access.not-found")
    answer(str(session.id), yes=True, now=hour())
    assert events_of(ramai) == []
    answer_of(step(browser, page, "lanjut"))
    assert ramai.get(f"/v1/sessions/{session.id}").json["state"] == "open"


def test_a_withdrawal_closes_it_and_nobody_is_told_whose_no_it_was(services, school, hour, ramai):
    browser, page, session = sixteen(hour)
    who = answer(str(session.id), yes=True, now=hour())
    answer_of(step(browser, page, "lanjut"))
    withdraw(str(session.id), who, now=hour.pass_(days=1))
    heard = events_of(ramai)
    assert {kind for kind, _ in heard} == {"session.changed", "deletion.due"}
    for kind, data in heard:
        extra = {"deletion", "due_at"} if kind == "deletion.due" else set()
        assert set(data) <= {"service", "session"} | extra
    told = ramai.get(f"/v1/sessions/{session.id}").json
    assert (told["state"], told["consent"]) == ("closed", None)
    assert [one["reason"] for one in ramai.get("/v1/deletions").json["deletions"]] == ["closed"]


def test_what_the_api_takes_or_refuses_tells_nothing_either(services, school, hour, ramai):
    relying = Relying.of("ramai")
    sub = signed_in(relying, hour, says=16)
    session = session_of(ramai, sub)["id"]
    for age in ({"at_most": 15}, {"at_least": 18}):
        reply = ramai.post(f"/v1/sessions/{session}/age", {"age": age, "evidence": "self_declared"})
        assert (reply.status, reply.code) == (422, "access.field-refused")
    for more in ({}, {"age": {"at_least": 18}}):
        reply = ramai.sign_up("ramai", sub, **more)
        assert (reply.status, reply.code) == (422, "access.field-refused")


def test_an_account_that_the_platform_began_under_the_same_subject_tells_no_more(
    services, school, hour, ramai
):
    """Closed and opened again by the API under the number of the ID token, so that the next visit comes to it."""
    relying, browser = Relying.of("ramai"), Client()
    page = let_in(relying, browser, hour, says=18)
    sub = relying.claims(relying.exchange(answer_of(step(browser, page, "lanjut"))["code"]))["sub"]
    assert ramai.call("DELETE", f"/v1/sessions/{session_of(ramai, sub)['id']}").status == 200
    trap = ramai.sign_up("ramai", sub, age={"at_least": 13}).json["id"]
    page = arrive(relying, browser)
    step(browser, page, "lanjut")
    told = ramai.get(f"/v1/sessions/{trap}").json
    assert (told["articles"], told["next"], told["consent"]) == ({"id": [], "en": []}, None, None)
