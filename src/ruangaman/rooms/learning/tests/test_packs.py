"""Packs: a lesson as a folder of its own, one zip with a signature, and what is refused of it."""

import io
import re
import zipfile
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as some

from ruangaman.core.credentials import jose
from ruangaman.core.learning import sealed_packs
from ruangaman.core.learning.sealed_packs import PackRefused
from ruangaman.rooms.learning import courses
from ruangaman.rooms.learning.errors import NoSuchKind, NoSuchLesson
from ruangaman.rooms.learning.packs import keys, kinds, player, scripts
from ruangaman.rooms.learning.packs.zipped import zipped

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
WHOLE = courses.course()
BANDS = tuple(one.id for one in WHOLE.scheme.audiences)
MOST_LESSON, MOST_BAND = 300_000, 5_000_000  # bytes of the budgets for lessons on phones
ADDRESS = re.compile(r'(?:src|href|action|data-worker|data-scope)="([^"]*)"|url\(([^)]*)\)')


@pytest.fixture(autouse=True)
def signing_key(settings, tmp_path):
    settings.LESSON_KEY_FILE = str(tmp_path / "lessons.key")


def unzipped(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert packed.testzip() is None
        return {name: packed.read(name) for name in packed.namelist()}


@given(
    some.dictionaries(some.from_regex(r"[a-z]{1,5}(/[a-z]{1,5})?", fullmatch=True), some.binary(max_size=50))
)
def test_the_same_files_are_the_same_zip_in_whatever_order_they_came(files):
    packed = zipped(files)
    assert packed == zipped(dict(reversed(files.items())))
    assert unzipped(packed) == files


def test_what_is_stored_first_lies_there_uncompressed_at_its_known_place():
    packed = zipped({"a": b"x" * 100, "mimetype": b"application/epub+zip"}, stored_first="mimetype")
    assert packed[30:58] == b"mimetypeapplication/epub+zip"


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("audience", BANDS)
def test_every_band_fits_its_budget_and_leads_nowhere_outside(audience, language):
    lessons = kinds.lessons_of(WHOLE, audience)
    packed = kinds.KINDS["offline"].make(WHOLE, lessons, language, NOW)
    assert len(packed) <= MOST_BAND
    files = unzipped(packed)
    for name in lessons:
        folder = {path: content for path, content in files.items() if path.startswith(f"{name}/")}
        assert len(zipped(folder)) <= MOST_LESSON
        assert WHOLE.lessons[name].title.en in files["index.html"].decode() or language == "id"
    for path, content in files.items():
        if not path.endswith((".html", ".css")):
            continue
        for found in ADDRESS.findall(content.decode()):
            address = (found[0] or found[1]).partition("#")[0]
            if address and not address.startswith("tel:"):
                folder = path.rpartition("/")[0]
                assert str(_beside(folder, address)) in files, (path, address)


def _beside(folder: str, address: str) -> str:
    parts = [*folder.split("/"), *address.split("/")] if folder else address.split("/")
    while ".." in parts:
        at = parts.index("..")
        del parts[at - 1 : at + 1]
    return "/".join(parts)


def test_the_same_lessons_on_the_same_day_are_the_same_bytes():
    made = [kinds.KINDS["offline"].make(WHOLE, ("B3-2",), "id", NOW) for _ in range(2)]
    assert made[0] == made[1]


def test_a_pack_is_as_it_was_signed_and_every_change_is_refused():
    files = unzipped(kinds.KINDS["offline"].make(WHOLE, ("B3-2",), "id", NOW))
    told = sealed_packs.verify(files, keys.jwks())
    assert told["lessons"] == {"B3-2": 1}
    assert told["made_on"] == "2026-11-30"
    for path in files:
        with pytest.raises(PackRefused):
            sealed_packs.verify({**files, path: files[path] + b" "}, keys.jwks())
        with pytest.raises(PackRefused):
            sealed_packs.verify({one: files[one] for one in files if one != path}, keys.jwks())
    with pytest.raises(PackRefused) as refused:
        sealed_packs.verify({**files, "B3-2/tambahan.js": b"1"}, keys.jwks())
    assert refused.value.facts == {"why": "added", "path": "B3-2/tambahan.js"}


def test_a_pack_of_another_house_is_refused_and_one_from_before_a_new_key_is_not(settings, tmp_path):
    from ruangaman.adapters import signing_files

    files = unzipped(kinds.KINDS["offline"].make(WHOLE, ("B3-2",), "id", NOW))
    signing_files.renew(tmp_path / "lessons.key")
    assert len(keys.jwks()["keys"]) == 2
    sealed_packs.verify(files, keys.jwks())
    settings.LESSON_KEY_FILE = str(tmp_path / "other.key")
    with pytest.raises(PackRefused, match="pack-refused"):
        sealed_packs.verify(files, keys.jwks())


def test_a_stranger_who_names_our_key_signs_nothing():
    ours = jose.read_jws(sealed_packs.signed(b"{}", keys.signing()), typ=None).header["kid"]
    stranger = ec.generate_private_key(ec.SECP256R1())
    files = {"index.html": b"lain"}
    told = sealed_packs.manifest(files, language="id", lessons={}, made_on=NOW.date())
    forged = jose.sign({"typ": sealed_packs.TYPE, "kid": ours}, told, stranger).encode()
    files |= {sealed_packs.MANIFEST: told, sealed_packs.SIGNATURE: forged}
    with pytest.raises(PackRefused) as refused:
        sealed_packs.verify(files, keys.jwks())
    assert refused.value.facts == {"why": "signature"}


def test_a_key_that_others_may_read_signs_nothing(tmp_path):
    from ruangaman.adapters.signing_files import SigningKeyRefused

    keys.signing()
    (tmp_path / "lessons.key").chmod(0o644)
    with pytest.raises(SigningKeyRefused):
        keys.signing()


@pytest.mark.parametrize(
    "content", [b"", b"nothing", b"-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----\n"]
)
def test_a_file_without_a_key_that_can_be_read_signs_nothing(tmp_path, content):
    from ruangaman.adapters.signing_files import SigningKeyRefused

    keys.signing()
    (tmp_path / "lessons.key").write_bytes(content)
    with pytest.raises(SigningKeyRefused):
        keys.signing()
    with pytest.raises(SigningKeyRefused):
        keys.jwks()


def test_a_key_is_made_with_its_folder_and_kept_from_others(settings, tmp_path):
    settings.LESSON_KEY_FILE = str(tmp_path / "baru" / "lessons.key")
    keys.signing()
    assert (tmp_path / "baru" / "lessons.key").stat().st_mode & 0o777 == 0o600
    assert [one.name for one in (tmp_path / "baru").iterdir()] == ["lessons.key"]


def test_modules_become_one_script_in_the_order_in_which_they_need_each_other():
    told = scripts.classic(
        {
            "a.js": 'import { two as deux } from "./b.js";\nimport * as c from "./c.js";\nrun(deux, c);',
            "b.js": 'import { three } from "./c.js";\nexport const two = three;\nconst hidden = 1;',
            "c.js": "export const three = 3;\nexport async function four() {}",
        },
        "a.js",
    )
    assert "import" not in told
    assert "export" not in told
    assert told.index('modules["c.js"] =') < told.index('modules["b.js"] =') < told.index('modules["a.js"] =')
    assert 'const { two: deux } = modules["b.js"];' in told
    assert "return { three, four };" in told


@pytest.mark.parametrize(
    "text", ["export default 1;", 'import x from "./b.js";', 'import "./b.js";', 'await import("./b.js")']
)
def test_a_module_of_another_form_stops_the_packing(text):
    with pytest.raises(ValueError, match=r"a\.js"):
        scripts.classic({"a.js": text, "b.js": ""}, "a.js")


def test_modules_in_a_ring_or_missing_stop_the_packing():
    with pytest.raises(ValueError, match="missing"):
        scripts.classic(
            {"a.js": 'import { a } from "./b.js";', "b.js": 'import { b } from "./a.js";'}, "a.js"
        )


def test_a_lesson_says_its_help_with_the_truth_about_it():
    page = player.lesson_files(WHOLE, "B3-2", "id", NOW)["index.html"].decode()
    assert "SAPA 129" in page
    assert "belum diperiksa lewat telepon" in page
    assert "Police 110" not in page


def test_a_lesson_that_tells_the_law_says_of_which_day_and_no_other_does():
    lawful = next(
        name for name, lesson in WHOLE.lessons.items() if any(screen.law for screen in lesson.screens)
    )
    for language, words in (("id", "diperiksa pada 30 November 2026"), ("en", "checked on 30 November 2026")):
        assert words in player.lesson_files(WHOLE, lawful, language, NOW)["index.html"].decode()
    other = player.lesson_files(WHOLE, "B3-2", "id", NOW)
    assert other == player.lesson_files(WHOLE, "B3-2", "id", NOW.replace(month=12))


def test_what_is_no_kind_and_no_lesson_is_refused():
    with pytest.raises(NoSuchKind):
        kinds.kind("betamax")
    for name in ("B9", "B3-99", "B"):
        with pytest.raises(NoSuchLesson):
            kinds.lessons_of(WHOLE, name)
