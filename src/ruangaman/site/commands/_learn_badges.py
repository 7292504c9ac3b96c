"""What `ruangaman learn badge-keys` and `badge-stop` do."""

import argparse
import json
from pathlib import Path
from typing import Final

from ruangaman.core.errors import RuangAmanError
from ruangaman.site.commands._django import refuse, wake
from ruangaman.site.commands._learn_packs import FileUnwritable

MOST_BYTES: Final = 1 << 16


def keys(args: argparse.Namespace) -> int:
    """Print the public keys of badges; with `--new` another key signs from now on."""
    wake()
    from ruangaman.adapters import clock
    from ruangaman.rooms.learning import api as learning

    try:
        print(json.dumps(learning.badge_key_set(now=clock.now(), new=args.new, lost=args.lost)))
    except RuangAmanError as error:
        return refuse(error)
    return 0


def stop(args: argparse.Namespace) -> int:
    """Stop a badge for ever; 1 when it is not of this house."""
    wake()
    from ruangaman.adapters import clock
    from ruangaman.rooms.learning import api as learning

    try:
        uri, index = learning.stop_badge(_read(args.file), now=clock.now())
    except RuangAmanError as error:
        return refuse(error)
    print(f"stopped: {uri} {index}")
    return 0


def _read(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES).decode("ascii", "replace")
    except OSError as wrong:
        raise FileUnwritable(file=file.name, why=type(wrong).__name__) from None
