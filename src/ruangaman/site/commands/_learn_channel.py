"""What `ruangaman learn channel` does: all lessons as a folder that Kolibri imports."""

import argparse
import sqlite3
from pathlib import Path
from typing import Final

from ruangaman.core.errors import RuangAmanError
from ruangaman.site.commands._django import refuse, wake
from ruangaman.site.commands._learn_packs import write

MOST_DATABASE: Final = 1 << 26  # bytes; ours has less than one million


class ChannelUnreadable(RuangAmanError):
    """What lies where the channel's last version would lie is no channel, so no version after it can be known."""

    code = "learning.channel-unreadable"


def channel(args: argparse.Namespace) -> int:
    """Write the channel into the folder; 1 when it is refused. Its version is greater than that of one lying there."""
    wake()
    from ruangaman.adapters import clock
    from ruangaman.rooms.learning import api as learning

    try:
        now = clock.now()
        name = learning.channel_id(args.language)
        database = f"content/databases/{name}.sqlite3"
        files, version = learning.channel(
            args.language,
            after=_before(args.to / database),
            questions=args.questions,
            now=now,
            sounds=args.with_voice,
        )
        # The database comes last: it names the other files, so nobody meets a name without its file.
        for path in sorted(files, key=lambda one: (one == database, one)):
            write(args.to / path, files[path])
    except RuangAmanError as error:
        return refuse(error)
    size = sum(len(content) for content in files.values())
    print(f"channel {name}, version {version}: {len(files)} files, {size} bytes")
    return 0


def _before(database: Path) -> int:
    """The version that lies there; 0 for none. Raises ChannelUnreadable."""
    from ruangaman.adapters import kolibri_files

    try:
        with database.open("rb") as opened:
            content = opened.read(MOST_DATABASE + 1)
        if len(content) > MOST_DATABASE:
            raise ChannelUnreadable(why="too large")
        return kolibri_files.version_in(content)
    except FileNotFoundError:
        return 0
    except (OSError, sqlite3.Error) as wrong:
        raise ChannelUnreadable(why=type(wrong).__name__) from None
