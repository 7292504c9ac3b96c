"""A lesson on a small phone: one screen after the other, saved after each answer, without signal, without scripts."""

import pytest
from tests.axe import complaints
from tests.waiting import promised

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

LESSON = "/pelajaran/B3-2/"
VISIBLE = "[...document.querySelectorAll('.step')].filter(one => one.offsetParent).map(one => one.id)"


def settled(page):
    page.locator(".bar:not([hidden])").wait_for()
    return page


@pytest.mark.parametrize("path", ["/pelajaran/", "/pelajaran/untuk/B3/", LESSON, f"{LESSON}lembar"])
@pytest.mark.parametrize("width", [320, 1280])
def test_pages_fit_and_axe_finds_nothing(open_page, path, width):
    page = open_page(path, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("h1").count() == 1
    assert complaints(page) == []


def test_by_keyboard_through_the_lesson_with_the_network_pulled_and_back_where_it_stopped(open_page):
    page = settled(open_page(LESSON, width=320))
    assert page.evaluate(VISIBLE) == ["cerita"]
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    promised(page, "async () => Boolean(await caches.match(location.pathname))")
    page.context.set_offline(True)
    page.locator("[data-maju]").press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "H2"
    page.locator("#b3-2-coba-kirim").press("Space")
    page.locator("[data-item=b3-2-coba] [data-ya]").press("Enter")
    assert page.locator("#b3-2-coba-kirim ~ .feedback").is_visible()
    assert "Bagus, kamu bertanya" in page.locator("[data-item=b3-2-coba] [data-kabar]").text_content()
    page.locator("[data-simpan]").wait_for()
    # The phone goes out and on again, still without a signal.
    page.reload()
    settled(page)
    assert page.locator("#b3-2-coba-kirim").is_checked()
    assert page.evaluate(VISIBLE) == ["coba"]
    assert "langkah 2" in page.locator("[data-sampai]").inner_text()
    page.locator("#b3-2-coba-periksa").press("Space")
    assert not page.locator("#b3-2-coba-kirim ~ .feedback").is_visible()
    for _ in range(6):
        page.locator("[data-maju]").press("Enter")
    assert page.evaluate(VISIBLE) == ["selesai"]
    assert not page.locator("[data-maju]").is_visible()
    page.locator("[data-mundur]").press("Enter")
    assert page.evaluate(VISIBLE) == ["tugas"]
    assert page.wrong == []


def test_an_address_of_a_screen_opens_that_screen(open_page):
    page = settled(open_page(f"{LESSON}#nama-situs"))
    assert page.evaluate(VISIBLE) == ["nama-situs"]


def test_without_scripts_everything_stands_there_and_answers(open_page):
    page = open_page(LESSON, width=320, scripts=False)
    assert page.locator(".step:visible").count() == 8
    feedback = page.locator("#b3-2-coba-tekan ~ .feedback")
    assert not feedback.is_visible()
    page.locator("label[for=b3-2-coba-tekan]").click()
    assert feedback.is_visible()
    assert not page.locator("[data-lanjut]").is_visible()
