"""The model comes out of one pinned archive, whole or not at all; whatever else an archive holds stays in it."""

import base64
import gzip
import hashlib
import io
import tarfile
from dataclasses import replace

import pytest
from django.test import Client

from ruangaman.rooms.ages import face_model
from ruangaman.rooms.ages.errors import FacePackageRefused
from ruangaman.rooms.ages.face_model import File
from ruangaman.rooms.ages.tests.conftest import NOON
from ruangaman.rooms.ledger.models import Entry

FILES = {"package/dist/face-api.esm.js": b"export {};", "package/model/age.bin": bytes(range(200))}


def member(name: str, content: bytes = b"", **changed) -> tuple[tarfile.TarInfo, bytes]:
    told = tarfile.TarInfo(name)
    told.size = len(content)
    for field, value in changed.items():
        setattr(told, field, value)
    return told, content


def archive(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as opened:
        for told, content in members:
            opened.addfile(told, io.BytesIO(content))
    return gzip.compress(out.getvalue(), mtime=0)


def good() -> list[tuple[tarfile.TarInfo, bytes]]:
    return [
        member("package/package.json", b"{}"),
        *(member(name, content) for name, content in FILES.items()),
    ]


def pin_of(told: bytes, **changed) -> face_model.Package:
    """A pin with these files, for this very archive."""
    files = tuple(
        File(
            name,
            name.rpartition("/")[2],
            "application/octet-stream",
            len(one),
            hashlib.sha256(one).hexdigest(),
        )
        for name, one in FILES.items()
    )
    integrity = "sha512-" + base64.b64encode(hashlib.sha512(told).digest()).decode()
    found = face_model.Package(
        "@x/y@1.0.0",
        "1.0.0",
        "MIT",
        "X",
        integrity,
        len(told),
        most_bytes=100_000,
        most_members=20,
        files=files,
    )
    return replace(found, **changed)


@pytest.fixture
def data(settings, tmp_path, monkeypatch):
    """A data folder of its own, and a small package as the pinned one."""
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    monkeypatch.setattr(face_model, "package", lambda: pin_of(archive(*good())))
    face_model._checked.cache_clear()
    return settings.DATA_DIR


def install(tmp_path, told: bytes, **pin):
    path = tmp_path / "paket.tgz"
    path.write_bytes(told)
    return face_model.install(path, now=NOON, pin=pin_of(told, **pin))


def left(data) -> list[str]:
    return sorted(str(one.relative_to(data)) for one in data.rglob("*") if one.is_file())


@pytest.mark.django_db
def test_the_pinned_files_stand_in_the_data_folder_and_are_served(data, tmp_path):
    assert not face_model.installed()
    assert Client().get("/cek-umur/model-wajah/1.0.0/age.bin").status_code == 404
    where = install(tmp_path, archive(*good()))
    assert left(data) == ["face/1.0.0/age.bin", "face/1.0.0/face-api.esm.js"]
    assert where == face_model.folder()
    assert all(one.stat().st_mode & 0o077 == 0 for one in where.iterdir())
    assert face_model.installed()
    reply = Client().get("/cek-umur/model-wajah/1.0.0/age.bin")
    assert (reply.status_code, reply.content) == (200, FILES["package/model/age.bin"])
    assert reply["Cache-Control"] == "public, max-age=31536000, immutable"
    assert reply["Content-Type"] == "application/octet-stream"
    assert not reply.cookies
    for path in ("1.0.1/age.bin", "1.0.0/package.json", "1.0.0/..%2f..%2fmaster.key", "1.0.0/.."):
        assert Client().get(f"/cek-umur/model-wajah/{path}").status_code == 404, path
    assert install(tmp_path, archive(*good())) == where  # again is no change
    assert left(data) == ["face/1.0.0/age.bin", "face/1.0.0/face-api.esm.js"]
    kinds = [one.kind for one in Entry.objects.order_by("index")]
    assert kinds.count("age.face-model-installed") == 2


@pytest.mark.django_db
def test_a_file_that_was_changed_on_the_disk_is_not_served(data, tmp_path):
    where = install(tmp_path, archive(*good()))
    (where / "age.bin").write_bytes(bytes(200))
    assert Client().get("/cek-umur/model-wajah/1.0.0/age.bin").status_code == 404
    assert install(tmp_path, archive(*good())) == where
    assert Client().get("/cek-umur/model-wajah/1.0.0/age.bin").status_code == 200
    (where / "face-api.esm.js").unlink()
    assert not face_model.installed()


@pytest.mark.django_db
def test_removing_takes_everything_away(data, tmp_path):
    assert face_model.remove(now=NOON) is False
    install(tmp_path, archive(*good()))
    (data / "face" / ".baru-x").mkdir()  # an installation that was cut off
    assert face_model.remove(now=NOON) is True
    assert left(data) == []
    assert not (data / "face").exists()


def swapped(name: str, **changed) -> list[tuple[tarfile.TarInfo, bytes]]:
    return [
        member(one.name, content, **changed) if one.name == name else (one, content)
        for one, content in good()
    ]


BAD = {
    "a path leads out": [
        [*good(), member("package/../../../etc/cron.d/x", b"x")],
        [*good(), member("/etc/cron.d/x", b"x")],
        [*good(), member("package\\..\\x", b"x")],
        [*good(), member("../x", b"x")],
    ],
    "a member is no file": [
        [*good(), member("package/link", type=tarfile.SYMTYPE, linkname="/etc/passwd")],
        [*good(), member("package/link", type=tarfile.LNKTYPE, linkname="package/model/age.bin")],
        [*good(), member("package/dev", type=tarfile.CHRTYPE)],
        swapped("package/model/age.bin", type=tarfile.SYMTYPE, linkname="/etc/passwd", size=0),
    ],
    "a member twice": [[*good(), member("package/model/age.bin", FILES["package/model/age.bin"])]],
    "a member is another": [
        [*good()[:-1], member("package/model/age.bin", bytes(200))],
        [*good()[:-1], member("package/model/age.bin", b"")],
        [*good()[:-1], member("package/model/age.bin", bytes(201))],
    ],
    "a member is missing": [good()[:-1], []],
    "too many members": [[*good(), *(member(f"package/{n}") for n in range(20))]],
    "inflates to too much": [[*good(), member("package/zeros", bytes(200_000))]],
}


@pytest.mark.django_db
@pytest.mark.parametrize(("why", "members"), [(why, one) for why, all_ in BAD.items() for one in all_])
def test_what_an_archive_should_not_hold_is_refused_though_its_sum_is_right(data, tmp_path, why, members):
    with pytest.raises(FacePackageRefused) as refused:
        install(tmp_path, archive(*members))
    assert refused.value.facts == {"why": why}
    assert left(tmp_path) == ["paket.tgz"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("told", "why"),
    [
        (b"no gzip at all", "not gzip"),
        (gzip.compress(b"no tar" * 200), "not tar"),
        (archive(*good())[:-9], "not gzip"),
    ],
    ids=["no gzip", "no tar in it", "cut short"],  # the bytes themselves hold the time of their making
)
def test_what_is_no_archive_is_refused(data, tmp_path, told, why):
    with pytest.raises(FacePackageRefused) as refused:
        install(tmp_path, told)
    assert refused.value.facts == {"why": why}


@pytest.mark.django_db
def test_any_other_archive_is_refused_before_it_is_opened(data, tmp_path, monkeypatch):
    told = archive(*good())
    monkeypatch.setattr(face_model, "_inflated", lambda *_: pytest.fail("it was opened"))
    flipped = bytes([told[0] ^ 1]) + told[1:]
    path = tmp_path / "paket.tgz"
    for content, why in ((flipped, "integrity"), (told + b"x", "size"), (told[:-1], "size")):
        path.write_bytes(content)
        with pytest.raises(FacePackageRefused) as refused:
            face_model.install(path, now=NOON, pin=pin_of(told))
        assert refused.value.facts == {"why": why}
    for missing in (tmp_path / "nowhere.tgz", tmp_path):
        with pytest.raises(FacePackageRefused):
            face_model.install(missing, now=NOON, pin=pin_of(told))
    assert left(data) == []
    assert not Entry.objects.filter(kind__startswith="age.face").exists()


@pytest.mark.django_db
def test_an_installation_that_cannot_end_leaves_nothing_and_no_entry(data, tmp_path, monkeypatch):
    def full(_):
        raise OSError(28, "no room")

    monkeypatch.setattr(face_model.os, "fsync", full)
    with pytest.raises(FacePackageRefused) as refused:
        install(tmp_path, archive(*good()))
    assert refused.value.facts == {"why": "cannot be written"}
    assert left(data) == []
    assert not Entry.objects.filter(kind__startswith="age.face").exists()


def test_the_pin_of_this_version_is_whole():
    pin = face_model.package_of(
        face_model.yaml.safe_load((face_model.DATA / "face_package.yaml").read_text())
    )
    assert pin.integrity.startswith("sha512-")
    assert len(base64.b64decode(pin.integrity.removeprefix("sha512-"))) == 64
    assert pin.licence == "MIT"
    assert sum(one.size for one in pin.files) < 2_500_000
    names = [one.name for one in pin.files]
    assert len(set(names)) == len(names)
    assert "LICENSE" in names
