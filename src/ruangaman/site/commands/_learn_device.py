"""What `ruangaman learn` does for the device: helplines, voices, and a preview in the browser."""

import argparse
import os
from pathlib import Path
from zoneinfo import ZoneInfo

from ruangaman.adapters import clock, helpline_files, lesson_files, voice
from ruangaman.core import helplines as lines
from ruangaman.core.errors import RuangAmanError
from ruangaman.core.learning import voices
from ruangaman.core.learning.model import LANGUAGES
from ruangaman.site.commands._django import refuse

CAPITAL = ZoneInfo("Asia/Jakarta")


def helplines(args: argparse.Namespace) -> int:
    """
    Each line with its value and its day, then each fault; the last line counts.

    1 when a line is shown that nobody called, or that was called too long ago: then nothing is released.
    """
    try:
        told = helpline_files.read(args.file) if args.file else helpline_files.lines()
    except RuangAmanError as error:
        return refuse(error)
    on = args.on or clock.now().astimezone(CAPITAL).date()
    for line in told.lines:
        where = "everywhere" if line.region == lines.EVERYWHERE else ", ".join(line.region) or "shown nowhere"
        day = (
            line.verified_on.isoformat() if line.checked(on) and line.verified_on else "not checked by phone"
        )
        print(f"{line.id}: {line.said or line.channel} ({where}; {line.confidence}; {day})")
    found = lines.faults(told, on)
    for one in found:
        print(f"{one.code}: {one.line}" + (f": {one.what}" if one.what else ""))
    print(f"{len(told.lines)} lines, {len(found)} faults")
    return 1 if found else 0


def make_voices(args: argparse.Namespace) -> int:
    """
    Placeholders for every line that is spoken, into the data folder; a recording beside the lessons is left alone.

    The last line counts. 2 where the program that speaks is missing, or a line lasts too long.
    """
    data = Path(os.environ.get("RUANGAMAN_DATA_DIR") or "data")
    folder = args.folder or Path(os.environ.get("RUANGAMAN_LESSONS_DIR") or lesson_files.folder())
    place = args.to or data / "voices"
    try:
        course = lesson_files.course(folder)
        spoken = voices.of_course(course)
        told = [line for lines in spoken.values() for line in lines]
        wanted = [
            line.name
            for name, lines in spoken.items()
            if not args.only or name in args.only
            for line in lines
        ]
        speak, encode = voice.espeak(args.program), voice.encoder()
        languages = tuple(args.language) or LANGUAGES
        count = voice.make(told, languages, folder, place, speak, encode, only=frozenset(wanted))
    except RuangAmanError as error:
        return refuse(error)
    print(
        f"{count.made} made, {count.kept} kept, {count.recorded} recorded by people, {count.removed} removed; "
        f"{count.seconds / 60:.1f} minutes, {count.bytes / 1e6:.2f} MB in {place}"
    )
    return 0
