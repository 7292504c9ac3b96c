"""The page of an age check leads back to an address that the platform registered, and to no other."""

import pytest
from django.test import Client

from ruangaman.rooms.access import addresses
from ruangaman.rooms.access import api as access
from ruangaman.rooms.access.errors import ServiceRefused
from ruangaman.rooms.access.models import AccessSession
from ruangaman.rooms.access.tests.test_age_checks import (
    come_back,
    path_of,
    said_17,
    school,
    verdict,
    visit,
)

__all__ = ["school"]

HERE = "https://ramai.example/akun/umur?dari=cek"
THERE = "http://ramai.localhost:8001/ramai/"
SAID = {"age": {"at_least": 17, "at_most": 17}, "evidence": "self_declared"}


def registered(hour, *addresses):
    access.update_service("ramai", return_addresses=list(addresses), now=hour())


def link(page):
    """The way back on a page: the whole element, and no other address of that host."""
    text = page.content.decode()
    found = [part.split(">", 1)[0] for part in text.split("<a ") if 'id="kembali"' in part.split(">", 1)[0]]
    assert text.count("ramai.example") + text.count("ramai.localhost") == len(found)
    return found[0] if found else None


@pytest.mark.slow
@pytest.mark.parametrize("over", [True, False])
def test_who_has_finished_finds_the_way_back_and_nothing_goes_along(platform, school, hour, over):
    registered(hour, HERE, THERE)
    told = platform("ramai").sign_up("ramai", **SAID, return_to=HERE)
    assert told.status == 201
    url, browser = told.json["next"]["url"], Client()
    assert link(browser.get(path_of(url))) is None  # the question comes first
    _, asked = visit(browser, url)
    done = come_back(browser, asked, verdict(asked, over, hour))
    assert f'href="{HERE}"' in link(done)
    assert 'rel="noreferrer"' in link(done)
    assert done["Referrer-Policy"] == "same-origin"
    english = browser.get(path_of(url), headers={"cookie": "bahasa=en"})
    assert f'href="{HERE}"' in link(english)


@pytest.mark.slow
def test_where_no_check_is_needed_the_way_back_is_there(platform, hour):
    registered(hour, THERE)
    told = platform("ramai").sign_up("ramai", return_to=THERE)
    browser = Client()
    done = browser.post(f"{path_of(told.json['next']['url'])}/rentang", {"umur": "0"}, follow=True)
    assert "Tidak perlu cek umur." in done.content.decode()
    assert f'href="{THERE}"' in link(done)


@pytest.mark.parametrize(
    "other",
    [
        HERE + "&x=1",
        HERE.partition("?")[0],
        HERE.upper(),
        f"{HERE}#",
        f"{HERE} ",
        "https://ramai.example.evil.example/akun/umur?dari=cek",
        "https://ramai.example@evil.example/akun/umur?dari=cek",
        "//evil.example",
        "javascript:alert(1)",
        "",
    ],
)
def test_any_other_address_is_refused_and_nothing_is_made(platform, services, hour, other):
    registered(hour, HERE)
    told = platform("ramai").sign_up("ramai", return_to=other)
    assert (told.status, told.code) == (422, "access.return-unknown" if other else "access.field-refused")
    assert not AccessSession.objects.exists()


def test_an_address_of_another_service_is_none_of_this_one(platform, services, hour):
    registered(hour, HERE)
    told = platform("obrol").sign_up("obrol", return_to=HERE)
    assert (told.status, told.code) == (422, "access.return-unknown")


@pytest.mark.slow
def test_a_struck_address_is_offered_no_more(platform, school, hour):
    registered(hour, HERE, THERE)
    told = platform("ramai").sign_up("ramai", **SAID, return_to=HERE)
    browser = Client()
    _, asked = visit(browser, told.json["next"]["url"])
    assert link(come_back(browser, asked, verdict(asked, True, hour)))
    registered(hour, THERE)
    assert link(browser.get(path_of(told.json["next"]["url"]))) is None


@pytest.mark.slow
def test_the_address_is_kept_until_another_is_named(platform, school, hour):
    registered(hour, HERE, THERE)
    house = platform("ramai")
    told = house.sign_up("ramai", subject="p-1", **SAID, return_to=HERE)
    house.sign_up("ramai", subject="p-1", **SAID)
    row = AccessSession.objects.get(id=told.json["id"])
    assert row.return_to == HERE
    house.sign_up("ramai", subject="p-1", **SAID, return_to=THERE)
    row.refresh_from_db()
    assert row.return_to == THERE


@pytest.mark.slow
def test_who_named_none_goes_without_a_link(platform, school, hour):
    registered(hour, HERE)
    _, told = said_17(platform)
    browser = Client()
    _, asked = visit(browser, told.json["next"]["url"])
    done = come_back(browser, asked, verdict(asked, True, hour))
    assert link(done) is None
    assert "Kembali ke Ramai." in done.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "http://ramai.example/",
        "https://",
        "https://[",
        "https://ramai.example:0/",
        "https://ramai.example:99999/",
        "https://a@ramai.example/",
        "https://ramai.example/#a",
        "https://ramai.example/*",
        "https://ramai.example\\@evil.example/",
        "https://ramai.example/\n",
        "https://rämai.example/",
        "http://localhost.evil.example/",
        "javascript:alert(1)",
        "data:text/html,a",
        "/akun",
        "https://ramai.example/" + "a" * 500,
        7,
    ],
)
def test_an_address_that_could_lead_elsewhere_is_not_registered(services, hour, address):
    assert addresses.refusal(address)
    with pytest.raises(ServiceRefused):
        registered(hour, address)


def test_a_list_of_addresses_has_ten_at_most_each_once(services, hour):
    registered(hour, *(f"https://ramai.example/{one}" for one in range(10)), *())
    for wrong in ([HERE, HERE], [f"https://ramai.example/{one}" for one in range(11)], HERE, {"a": HERE}):
        with pytest.raises(ServiceRefused):
            access.update_service("ramai", return_addresses=wrong, now=hour())
    assert len(access.service("ramai").return_addresses) == 10


@pytest.mark.parametrize(
    "address", [HERE, THERE, "http://127.0.0.1:9/a", "http://[::1]:9/a", "https://a.example:8443/b?c=d"]
)
def test_whole_addresses_are_taken(address):
    assert addresses.refusal(address) is None
