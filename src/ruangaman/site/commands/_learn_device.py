"""What `ruangaman learn` does for the device: helplines, voices, and a preview in the browser."""

import argparse
from zoneinfo import ZoneInfo

from ruangaman.adapters import clock, helpline_files
from ruangaman.core import helplines as lines
from ruangaman.core.errors import RuangAmanError
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
