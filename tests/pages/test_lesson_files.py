"""Where teachers fetch lessons as files, on a small phone and on a desk; without scripts."""

import pytest
from tests.axe import complaints

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def signing_key(settings, tmp_path):
    settings.LESSON_KEY_FILE = str(tmp_path / "lessons.key")


@pytest.mark.parametrize("path", ["", "?untuk=B3", "?untuk=PAR-4"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_page_of_files_fits_and_axe_finds_nothing(open_page, path, width):
    page = open_page(f"/pelajaran/berkas/{path}", width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("h1").count() == 1
    assert complaints(page) == []


def test_a_teacher_goes_from_the_lessons_to_a_file_without_scripts(open_page):
    page = open_page("/pelajaran/untuk/B3/", scripts=False)
    page.get_by_role("link", name="Untuk guru: unduh pelajaran ini").click()
    page.get_by_role("link", name="Hadiah di pesan").click()
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Sistem belajar dengan SCORM 1.2, English").click()
    assert fetched.value.suggested_filename == "pelajaran-B3-2-en-scorm12.zip"
