"""How a visit ends: what it asked ends with it, and nothing of another visit does."""

from uuid import uuid4

import pytest
from django.test import Client

from ruangaman.rooms.access.age_checks import of_client
from ruangaman.rooms.access.models import AccessSession, OpenIdFlow
from ruangaman.rooms.access.oidc import bounds, flows
from ruangaman.rooms.access.tests.openid import Relying, answer_of, step
from ruangaman.rooms.access.tests.test_age_checks import path_of, school
from ruangaman.rooms.access.tests.test_openid import account_of, arrive, grown_up, let_in, prove
from ruangaman.rooms.ages.models import AgeCheck

pytestmark = pytest.mark.slow

__all__ = ["school"]


def open_checks(page_or_session):
    session = page_or_session if isinstance(page_or_session, AccessSession) else account_of(page_or_session)
    found = AgeCheck.objects.filter(
        ref=of_client(session.id), decided_at__isnull=True, closed_at__isnull=True
    )
    return found.count()


@pytest.fixture
def asked(services, school, hour):
    """A browser whose account is open, on the page where the client's own age may be proved, and the check of that."""
    relying, browser = Relying.of("dongeng-kita"), Client()
    page = let_in(relying, browser, hour, says=16)
    AgeCheck.objects.filter(ref=account_of(page).id).delete()
    check = path_of(step(browser, page, "bukti")["Location"])
    assert open_checks(page) == 1
    return relying, browser, page, check


@pytest.mark.parametrize("last", ["batal", "tanpa-bukti", "orang-lain"])
def test_the_check_that_a_visit_asked_ends_with_it(asked, last):
    _, browser, page, _ = asked
    session = account_of(page)
    step(browser, page, last)
    assert open_checks(session) == 0


def test_a_visit_that_is_answered_leaves_no_check_behind(services, school, hour):
    """What the law's own check proved meanwhile makes the client's one needless."""
    relying, browser = Relying.of("ramai"), Client()
    page = let_in(relying, browser, hour, says=16)
    session = account_of(page)
    elsewhere = uuid4()
    AgeCheck.objects.filter(ref=session.id).update(ref=elsewhere)
    step(browser, page, "bukti")
    assert open_checks(session) == 1
    AgeCheck.objects.filter(ref=elsewhere).update(ref=session.id)
    assert "code" in answer_of(step(browser, page, "lanjut"))
    assert open_checks(session) == 0


def test_a_visit_that_is_over_leaves_the_check_to_another_visit_of_the_same_account(asked, hour):
    relying, browser, _, check = asked
    hour.pass_(minutes=50)
    later = arrive(relying, browser)
    step(browser, later, "lanjut")
    assert path_of(step(browser, later, "bukti")["Location"]) == check
    hour.pass_(minutes=15)
    flows.settle_due(hour())
    assert open_checks(later) == 1
    prove(browser, check, hour)
    assert "code" in answer_of(step(browser, later, "lanjut"))


def test_a_code_of_the_last_second_of_a_visit_is_still_exchanged(services, school, hour):
    relying, browser = Relying.of("ramai"), Client()
    grown_up(relying, browser, hour)
    page = arrive(relying, browser)
    hour.pass_(seconds=bounds.FLOW.total_seconds() - 1)
    back = answer_of(step(browser, page, "lanjut"))
    flows.settle_due(hour.pass_(seconds=30))
    assert relying.exchange(back["code"]).status_code == 200
    flows.settle_due(hour() + bounds.FLOW)
    assert OpenIdFlow.objects.count() == 0


def test_no_check_is_begun_where_there_is_nothing_to_prove(services, school, hour):
    relying, browser = Relying.of("ramai"), Client()
    page = arrive(relying, browser)
    for steps in ([], ["lanjut"]):  # before the person said yes, and while the law's own check waits
        for one in steps:
            step(browser, page, one)
        reply = step(browser, page, "bukti")
        assert (reply.status_code, reply["Location"]) == (302, page)
    assert open_checks(page) == 0
