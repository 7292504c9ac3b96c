"""`ruangaman learn ...`: lessons, their checks, and how plain they are."""

import argparse
from datetime import date, datetime
from pathlib import Path


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command and its verbs."""
    parser = subparsers.add_parser("learn", help="lessons: check them, and explain how plain they are")
    verbs = parser.add_subparsers(dest="verb", required=True)
    one = verbs.add_parser("check", help="what must hold before lessons are given to anybody; 1 on a fault")
    one.add_argument(
        "folder", nargs="?", type=Path, default=None, help="of lessons; ours when it is left out"
    )
    one.add_argument("--only", action="append", default=[], metavar="OBJECTIVE", help="tell these alone")
    one.add_argument("--on", type=datetime.fromisoformat, default=None, help="the law as of this day; today")
    one.set_defaults(run=check)
    one = verbs.add_parser("plain", help="how plain a lesson is, sentence by sentence")
    one.add_argument("objective", help="of the lesson, such as B3-2")
    one.add_argument("folder", nargs="?", type=Path, default=None)
    one.set_defaults(run=explain)
    one = verbs.add_parser("helplines", help="whom pages name for help; 1 when a line may not be released")
    one.add_argument("--on", type=date.fromisoformat, default=None, help="as of this day; today")
    one.add_argument("--file", type=Path, default=None, help="of lines; ours when it is left out")
    one.set_defaults(run=helplines)
    one = verbs.add_parser(
        "voices", help="make placeholders of a computer's voice for readers who do not read yet"
    )
    one.add_argument(
        "folder", nargs="?", type=Path, default=None, help="of lessons; the house's when left out"
    )
    one.add_argument("--only", action="append", default=[], metavar="OBJECTIVE", help="make these alone")
    one.add_argument(
        "--language", action="append", choices=["id", "en"], default=[], help="both when left out"
    )
    one.add_argument(
        "--to", type=Path, default=None, help="folder; `voices` in the data folder when left out"
    )
    one.add_argument("--program", default="espeak-ng", help="that speaks; it reads a text and writes a WAV")
    one.set_defaults(run=voices)
    one = verbs.add_parser(
        "preview", help="lessons in the browser, read anew at each look, with what to repair"
    )
    one.add_argument(
        "folder", nargs="?", type=Path, default=None, help="of lessons; ours when it is left out"
    )
    one.add_argument("--port", type=int, default=8765, help="on this machine alone; 8765")
    one.set_defaults(run=preview)


# The law and the lessons are read by what only these two need: other commands start without it.
def check(args: argparse.Namespace) -> int:
    """0 without faults, 1 with one."""
    from ruangaman.site.commands import _learn

    return _learn.check(args)


def explain(args: argparse.Namespace) -> int:
    """Each hard sentence with why."""
    from ruangaman.site.commands import _learn

    return _learn.explain(args)


def helplines(args: argparse.Namespace) -> int:
    """Each line with its faults; 1 with one."""
    from ruangaman.site.commands import _learn_device

    return _learn_device.helplines(args)


def voices(args: argparse.Namespace) -> int:
    """What was made, and how much it weighs."""
    from ruangaman.site.commands import _learn_device

    return _learn_device.make_voices(args)


def preview(args: argparse.Namespace) -> int:
    """Until it is interrupted."""
    from ruangaman.site.commands import _preview

    return _preview.serve(args)
