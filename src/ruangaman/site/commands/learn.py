"""`ruangaman learn ...`: lessons, their checks, and how plain they are."""

import argparse
from datetime import date, datetime
from pathlib import Path
from typing import Final

from ruangaman.site.commands._django import on_the_database

PACKS: Final = (
    "offline",
    "pdf",
    "epub",
    "scorm12",
    "scorm2004",
    "cmi5",
    "gift",
    "moodle",
    "xapi",
    "qti3",
    "kolibri",
)
"""Of `packs.kinds`, written down here so that commands start without the room; a test compares."""


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
    one = verbs.add_parser(
        "lock", help="write down the keys of new items, which never change under their ids; 1 when one did"
    )
    one.add_argument("folder", nargs="?", type=Path, default=None, help="of lessons; ours when left out")
    one.set_defaults(run=lock)
    one = verbs.add_parser(
        "readings", help="what no program can do before a release: readers who read aloud; 1 while it lacks"
    )
    one.add_argument("folder", nargs="?", type=Path, default=None)
    one.set_defaults(run=readings)
    one = verbs.add_parser("plain", help="how plain a text is, sentence by sentence, and what to do about it")
    one.add_argument("objective", nargs="?", help="of a lesson, such as B3-2")
    one.add_argument("folder", nargs="?", type=Path, default=None)
    one.add_argument(
        "--text", type=Path, help="a text of your own in Indonesian, UTF-8; - is what is piped in"
    )
    one.add_argument("--audience", help="who is to read that text: B1 to B5, PAR, TCH, GOV, PUB")
    one.add_argument("--language", choices=("id", "en"), default="id", help="in which it is explained")
    one.set_defaults(run=explain)
    one = verbs.add_parser(
        "cloze", help="a lesson with every seventh word taken out, to be tried with readers"
    )
    one.add_argument("objective", help="of the lesson, such as B3-2")
    one.add_argument("folder", nargs="?", type=Path, default=None)
    one.set_defaults(run=take_out)
    one = verbs.add_parser("pack", help="lessons as one file for another system")
    one.add_argument("--as", dest="kind", required=True, metavar="KIND", help=", ".join(PACKS))
    which = one.add_mutually_exclusive_group(required=True)
    which.add_argument("--objective", help="one lesson, such as B3-2")
    which.add_argument("--audience", help="all lessons of an audience, such as B3")
    one.add_argument("--language", choices=("id", "en"), default="id")
    one.add_argument("--to", type=Path, required=True, metavar="FILE")
    one.add_argument(
        "--with-voice", action="store_true", help="with what is spoken to who does not read yet (ages 3 to 9)"
    )
    one.set_defaults(run=pack)
    one = verbs.add_parser(
        "channel", help="all lessons as a Kolibri channel, in a folder that Kolibri imports"
    )
    one.add_argument("--language", choices=("id", "en"), default="id")
    one.add_argument("--to", type=Path, required=True, metavar="FOLDER")
    one.add_argument(
        "--questions",
        choices=("exercise", "qti"),
        default="exercise",
        help="in which form: one that Kolibri counts, or QTI 3, which Kolibri 0.19 shows and counts as right",
    )
    one.add_argument(
        "--with-voice", action="store_true", help="with what is spoken to who does not read yet (ages 3 to 9)"
    )
    one.set_defaults(run=channel)
    one = verbs.add_parser("verify", help="whether a pack of lessons is as it was signed; 1 when it is not")
    one.add_argument("file", type=Path)
    one.add_argument(
        "--key", type=Path, required=True, help="JWK set of the house that signed, from elsewhere"
    )
    one.set_defaults(run=verify)
    one = verbs.add_parser("keys", help="the public keys of packs, as a JWK set")
    one.add_argument("--new", action="store_true", help="sign with a fresh key from now on")
    one.add_argument(
        "--lost", action="store_true", help="so, and no pack that an older key signed is good any more"
    )
    one.set_defaults(run=keys)
    one = verbs.add_parser("badge-keys", help="the public keys of adults' badges, as a JWK set")
    one.add_argument("--new", action="store_true", help="sign with a fresh key from now on")
    one.add_argument(
        "--lost", action="store_true", help="so, and nothing that the old key signed is believed any more"
    )
    one.set_defaults(run=badge_keys)
    one = verbs.add_parser("badge-stop", help="stop a badge for ever; 1 when it is not of this house")
    one.add_argument("file", type=Path, help="the badge, as it was downloaded")
    one.set_defaults(run=badge_stop)
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
    one = verbs.add_parser(
        "simulate", help="draw learners, and show what the measuring finds of a planted effect"
    )
    one.add_argument("--runs", type=int, default=1000, help="trials of each number of clusters; 1000")
    one.add_argument(
        "--clusters", type=_numbers, default=(8, 16, 40, 80), metavar="N,N", help="of both arms; 8,16,40,80"
    )
    one.add_argument("--size", type=int, default=25, help="of a cluster, at the mean; 25")
    one.add_argument("--g", type=float, default=0.2, help="the true effect in standard deviations; 0.2")
    one.add_argument("--seed", type=int, default=1, help="the same one draws the same; 1")
    one.set_defaults(run=simulate)
    _organiser(verbs)


def _organiser(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = verbs.add_parser("organiser", help="accounts that may start campaigns for a region")
    acts = parser.add_subparsers(dest="act", required=True)
    for act in ("give", "end"):
        one = acts.add_parser(act)
        one.add_argument("user", help="name by which the account signs in (`ruangaman staff add`)")
        one.add_argument(
            "--region",
            default="",
            metavar="CODE",
            help="Kemendagri's, such as 33 or 33.74; the country without",
        )
        if act == "give":
            one.add_argument("--name", required=True, help="of the office, never of a person")
        one.set_defaults(run=organise)


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(one) for one in text.split(","))


# The law and the lessons are read by what only these need: other commands start without it.
def check(args: argparse.Namespace) -> int:
    """0 without faults, 1 with one."""
    from ruangaman.site.commands import _learn

    return _learn.check(args)


def lock(args: argparse.Namespace) -> int:
    """0 when every key is as it was."""
    from ruangaman.site.commands import _learn

    return _learn.lock(args)


def readings(args: argparse.Namespace) -> int:
    """What lacks before a release; 1 with one."""
    from ruangaman.site.commands import _learn

    return _learn.readings(args)


def explain(args: argparse.Namespace) -> int:
    """Each sentence, and of a hard one why and what to do."""
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


def take_out(args: argparse.Namespace) -> int:
    """A cloze test and its key."""
    from ruangaman.site.commands import _learn

    return _learn.take_out(args)


def pack(args: argparse.Namespace) -> int:
    """Lessons as one file."""
    from ruangaman.site.commands import _learn_packs

    return _learn_packs.pack(args)


def channel(args: argparse.Namespace) -> int:
    """Lessons as a Kolibri channel."""
    from ruangaman.site.commands import _learn_channel

    return _learn_channel.channel(args)


def verify(args: argparse.Namespace) -> int:
    """0 when a pack is as it was signed."""
    from ruangaman.site.commands import _learn_packs

    return _learn_packs.verify(args)


def keys(args: argparse.Namespace) -> int:
    """The public keys of packs."""
    from ruangaman.site.commands import _learn_packs

    return _learn_packs.keys(args)


def badge_keys(args: argparse.Namespace) -> int:
    """The public keys of badges."""
    from ruangaman.site.commands import _learn_badges

    return _learn_badges.keys(args)


def badge_stop(args: argparse.Namespace) -> int:
    """A badge is stopped."""
    from ruangaman.site.commands import _learn_badges

    return _learn_badges.stop(args)


def simulate(args: argparse.Namespace) -> int:
    """A table of what was planted and what was found."""
    from ruangaman.site.commands import _learn_simulate

    return _learn_simulate.simulate(args)


@on_the_database
def organise(args: argparse.Namespace) -> int:
    """Give or end the right to organise."""
    from ruangaman.adapters import clock
    from ruangaman.rooms.learning import api as learning

    where = args.region or "the whole country"
    if args.act == "give":
        begins = learning.give_organiser(args.user, name=args.name, region=args.region, now=clock.now())
        print(f"{args.user} may start campaigns for {where}, as {args.name}: {begins}")
        return 0
    learning.end_organiser(args.user, region=args.region, now=clock.now())
    print(f"{args.user} may no longer start campaigns for {where}")
    return 0
