"""Law packs from disk: the repository's `law/`, or the packs that are shipped inside the package. Compiled once."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from ruangaman.core import law
from ruangaman.core.errors import RuangAmanError

_REPOSITORY = Path(__file__).resolve().parents[3] / "law"


class NoSuchPack(RuangAmanError):
    """There is no pack for this jurisdiction."""

    code = "pack.no-such-pack"


def home() -> Traversable:
    """The folder that holds the packs."""
    return _REPOSITORY if _REPOSITORY.is_dir() else resources.files("ruangaman") / "law_packs"


def read_folder(folder: Traversable) -> dict[str, bytes]:
    """
    Every file of a pack's folder by its path inside it (one level of folders below).

    A file above the limit is cut just behind it, so that the compiler refuses it and memory does not grow.

    Raises:
        PackRefused: a file cannot be read: no such folder, no right to it, a link in a circle, a pipe.
    """
    found: dict[str, bytes] = {}
    try:
        for entry in folder.iterdir():
            if entry.is_dir() and not entry.name.endswith((".yaml", ".yml")):
                if not entry.name.startswith((".", "_")):
                    found |= {
                        f"{entry.name}/{one.name}": _read(one) for one in entry.iterdir() if one.is_file()
                    }
            elif entry.is_file() or entry.name.endswith((".yaml", ".yml")):
                found[entry.name] = _read(entry)
    except OSError as wrong:
        raise law.PackRefused(
            "pack.missing-file",
            wrong.strerror or "the folder cannot be read",
            file=folder.name,
            rule="folder",
        ) from None
    return found


def _read(file: Traversable) -> bytes:
    # A pipe or a device would be waited for; a link in a circle is no file either.
    if not file.is_file():
        raise law.PackRefused("pack.missing-file", "no plain file", file=file.name, rule="file")
    try:
        with file.open("rb") as opened:
            return opened.read(law.MAX_BYTES + 1)
    except OSError as wrong:
        raise law.PackRefused(
            "pack.missing-file", wrong.strerror or "the file cannot be read", file=file.name, rule="file"
        ) from None


def folders(beside: Traversable | None = None) -> dict[str, Traversable]:
    """Every pack's folder by its id, which is the folder's name."""
    place = beside or home()
    if not place.is_dir():
        return {}
    return {
        entry.name: entry for entry in place.iterdir() if entry.is_dir() and (entry / "pack.yaml").is_file()
    }


class _Others(Mapping[str, Mapping[str, bytes]]):
    """The other folders, read when a pack extends them."""

    def __init__(self, found: Mapping[str, Traversable]) -> None:
        self._found = found

    def __getitem__(self, key: str) -> Mapping[str, bytes]:
        return read_folder(self._found[key])

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


def compile_folder(
    folder: Traversable, *, as_known_on: date | None = None, thorough: bool = False
) -> law.Pack:
    """
    The pack of one folder; the packs that it extends lie beside it.

    Raises:
        PackRefused: see `law.compile_pack`.
    """
    beside = folder.resolve().parent if isinstance(folder, Path) else home()
    return law.compile_pack(
        read_folder(folder), as_known_on=as_known_on, others=_Others(folders(beside)), thorough=thorough
    )


@cache
def load(jurisdiction: str, as_known_on: date | None = None) -> law.Pack:
    """
    One jurisdiction's pack, compiled once in a process.

    Raises:
        NoSuchPack: no folder of that name.
        PackRefused: the pack does not prove what it must.
    """
    found = folders().get(jurisdiction)
    if found is None:
        raise NoSuchPack(jurisdiction=jurisdiction[:16])
    return compile_folder(found, as_known_on=as_known_on)


@cache
def all() -> dict[str, law.Pack]:
    """Every pack that can be asked, by jurisdiction; abstract ones are left out."""
    found = {}
    for name in sorted(folders()):
        try:
            found[name] = load(name)
        except law.PackRefused as refused:
            if refused.code != "pack.abstract":
                raise
    return found


@cache
def all_known_on(day: date) -> dict[str, law.Pack]:
    """Every pack with what it knew on a day, for the replay of old decisions."""
    return {name: load(name, day) for name in all()}
