"""The platform app for itself: forged webhooks, an own name and age, a silent house."""

import time

import httpx
import pytest
from tests.stories.people import Scene

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("story")]


def _inside(address: str) -> str:
    """The same program by the loopback address: httpx asks the system, which may not know *.localhost."""
    return "http://127.0.0.1:" + address.rsplit(":", 1)[1]


def test_a_webhook_without_a_good_signature_changes_nothing(story: Scene) -> None:
    child = story.child("sari", "dongeng-kita")
    forged = httpx.post(
        f"{_inside(story.house.platform)}/kait/dongeng-kita",
        content=b'{"id":"x","type":"consent.given","timestamp":"2026-11-24T00:00:00+00:00","data":{}}',
        headers={"Webhook-Id": "x", "Webhook-Timestamp": "1790000000", "Webhook-Signature": "v1,AAAA"},
    )
    assert forged.status_code == 400
    child.look_again()
    assert child.state == "waiting"


def test_real_webhooks_arrive_and_are_noted_once(story: Scene) -> None:
    child, _ = story.allowed("bima", "obrol")
    until = time.monotonic() + 20  # the page may have opened by an earlier webhook than this one
    while "consent.given" not in str(child.page.text_content("#kait")) and time.monotonic() < until:
        time.sleep(0.2)
        child.look_again()
    child.press("summary")
    noted = child.page.inner_text("#kait").splitlines()
    assert sum("consent.given" in line for line in noted) == 1
    assert sum("consent.requested" in line for line in noted) == 1


@pytest.mark.parametrize(
    ("service", "age", "state"),
    [
        ("dongeng-kita", "2", "closed"),
        ("obrol", "12", "closed"),
        ("obrol", "13", "waiting"),
        ("obrol", "18", "open"),
    ],
)
def test_a_nickname_and_an_age_are_enough(story: Scene, service: str, age: str, state: str) -> None:
    page = story.adult().go(f"{story.house.platform}/{service}/").page
    page.fill("#nama", "Tari D'Amore")
    page.fill("#umur", age)
    page.locator("form:has(#nama) button").click()
    assert "Tari D'Amore" in page.inner_text("h1")
    assert state in page.get_attribute(".keadaan", "class")


def test_who_writes_something_else_than_a_nickname_is_asked_once_more(story: Scene) -> None:
    sent = httpx.post(
        f"{_inside(story.house.platform)}/obrol/daftar",
        data={"nama": "Tari <b> evil.id", "umur": "13"},
        headers={"Host": story.house.platform.removeprefix("http://")},
    )
    assert sent.status_code == 400
    assert "Pakai nama panggilan" in sent.text
    assert 'name="nama"' in sent.text


def test_a_form_from_another_site_is_refused(story: Scene) -> None:
    sent = httpx.post(
        f"{_inside(story.house.platform)}/dongeng-kita/daftar",
        data={"siapa": "sari"},
        headers={"Origin": "http://jahat.example"},
    )
    assert sent.status_code == 403


def test_the_house_behind_the_pages_answers_on_its_lane_too(story: Scene) -> None:
    reply = httpx.post(f"http://127.0.0.1:{story.house.lane_port}/v1/ask", json={"question": "account"})
    assert reply.status_code == 401
