"""What `ruangaman learn pack`, `verify` and `keys` do."""

import argparse
import json
from pathlib import Path

from ruangaman.core.errors import RuangAmanError
from ruangaman.site.commands._django import refuse, wake


class FileUnwritable(RuangAmanError):
    """A file cannot be written or read there."""

    code = "learning.file-unwritable"


def pack(args: argparse.Namespace) -> int:
    """Write lessons as one file; 1 when it is refused, and then nothing is written."""
    wake()
    from ruangaman.adapters import clock
    from ruangaman.rooms.learning import api as learning

    try:
        content, many = learning.pack(
            args.kind, args.objective or args.audience, args.language, clock.now(), sounds=args.with_voice
        )
        write(args.to, content)
    except RuangAmanError as error:
        return refuse(error)
    print(f"{args.to.name}: {many} lessons, {len(content)} bytes")
    return 0


def verify(args: argparse.Namespace) -> int:
    """Read a pack and its keys; 1 when it is not as it was signed."""
    from ruangaman.adapters import zip_files
    from ruangaman.core.credentials import jose
    from ruangaman.core.learning import sealed_packs

    try:
        keys = jose.read_json_object(_read(args.key, jose.MOST_JSON_BYTES))
        told = sealed_packs.verify(zip_files.read(args.file), keys)
    except RuangAmanError as error:
        return refuse(error)
    print(f"as signed on {told['made_on']}: {len(told['lessons'])} lessons, {len(told['files'])} files")
    return 0


def keys(args: argparse.Namespace) -> int:
    """Print the public keys."""
    wake()
    from ruangaman.rooms.learning import api as learning

    try:
        print(json.dumps(learning.pack_keys(new=args.new, lost=args.lost)))
    except RuangAmanError as error:
        return refuse(error)
    return 0


def write(file: Path, content: bytes) -> None:
    """Whole or not at all, with the folders above it. Raises FileUnwritable."""
    from ruangaman.adapters import whole_files

    try:
        whole_files.write(file, content)
    except OSError as wrong:
        raise FileUnwritable(file=file.name, why=type(wrong).__name__) from None


def _read(file: Path, most: int) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(most + 1)
    except OSError as wrong:
        raise FileUnwritable(file=file.name, why=type(wrong).__name__) from None
