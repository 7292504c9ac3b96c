"""The page of a check while a person looks at its account's age: on a phone and a desk, with and without scripts."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from tests.pages.test_contest_in_browser import taken
from tests.pages.test_desk_in_browser import fits

from ruangaman.adapters import clock
from ruangaman.rooms.access import api as access
from ruangaman.rooms.access.tests.conftest import Platform, make_services
from ruangaman.rooms.ages import holds
from ruangaman.rooms.ages.models import AgeCheck, Contest

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

SAYS = {
    "id": (
        "Sedang diperiksa orang",
        "Umur di akun ini sedang diperiksa orang. Sampai ada keputusan, cek umur menunggu.",
        "Sudah diterima, belum dilihat. Keputusan paling lambat",
        "Sudah punya nomor? Lihat jawabannya.",
        "Hasil salah? Kamu bisa minta diperiksa orang.",
    ),
    "en": (
        "A person is looking at it",
        "A person is looking at the age of this account. Until there is a decision, the age check waits.",
        "Received, not seen yet. Decided by",
        "Do you have a number? See the answer.",
        "Wrong result? You can ask for a person to look.",
    ),
}
LATE = {
    "id": "Kami terlambat menjawab. Maaf. Permintaanmu ada di urutan atas.",
    "en": "We are late with the answer. Sorry. Your request is at the top of the list.",
}
BACK = {"id": "Kembali ke Ramai", "en": "Back to Ramai"}


@pytest.fixture
def held(transactional_db, live_server) -> str:
    """The path of a check whose account a contest holds; its platform left an address of this server to go back to."""
    now = clock.now()
    make_services(now - timedelta(days=1))
    back = f"{live_server.url.replace('127.0.0.1', 'localhost')}/aplikasi"
    access.update_service("ramai", return_addresses=[back], now=now)
    house = Platform(access.create_key(service="ramai", now=now).text)
    told = house.sign_up(
        "ramai", age={"at_least": 17, "at_most": 17}, evidence="self_declared", return_to=back
    )
    path = urlsplit(told.json["next"]["url"]).path
    assert Client().post(f"{path}/banding?apa=never", {}).status_code == 303
    assert {holds.held(one.ref) for one in AgeCheck.objects.all()} == {True}
    asked = house.get(f"/v1/sessions/{told.json['id']}").json["next"]
    return urlsplit(asked["url"]).path


@pytest.mark.parametrize(("language", "scripts"), [("id", True), ("en", True), ("id", False)])
def test_it_says_that_a_person_looks_until_when_and_leads_back_by_keyboard(
    open_page, live_server, held, language, scripts
):
    page = open_page(f"{held}?bahasa={language}", scripts=scripts)
    page.context.add_cookies([{"name": "bahasa", "value": language, "url": live_server.url}])
    said = " ".join(page.inner_text("main").split())
    assert [one for one in SAYS[language] if one not in said] == []
    assert LATE[language] not in said
    fits(page, scripts)
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        taken(page, f"ditahan-{language}-{width}")
    for name in ("#kembali", "a[href$='/banding']", "a[href$='/banding/lihat']"):
        box = page.locator(name).bounding_box()
        assert box["height"] >= 44, name
    assert page.locator("form button").count() == page.locator(".foot form button, .top form button").count()
    Contest.objects.update(due_at=clock.now() - timedelta(hours=1))
    page.reload()
    assert LATE[language] in page.inner_text("main")
    fits(page, scripts)
    taken(page, f"ditahan-terlambat-{language}")
    assert page.inner_text("#kembali") == BACK[language]
    page.focus("body")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "kembali":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/aplikasi")


def test_it_is_readable_in_the_dark(open_page, held):
    page = open_page(held, theme="dark")
    fits(page)
    taken(page, "ditahan-gelap")
