"""`ruangaman law check|test|explain`: what a jurist does with a pack."""

import argparse
import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path


def _until_the_reader_leaves(
    part: Callable[[argparse.Namespace], int],
) -> Callable[[argparse.Namespace], int]:
    """A reader such as `head` may leave early: no error of ours, but not success either."""

    @wraps(part)
    def run(args: argparse.Namespace) -> int:
        try:
            status = part(args)
            sys.stdout.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 1
        return status

    return run


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command and its parts."""
    parser = subparsers.add_parser("law", help="check, test and explain law packs")
    parts = parser.add_subparsers(dest="part", required=True, metavar="PART")
    check = parts.add_parser("check", help="prove a pack, or say where it breaks")
    check.add_argument("pack", type=Path, help="the pack's folder, for example law/ID")
    check.set_defaults(run=_check)
    test = parts.add_parser("test", help="hold case files against the packs")
    test.add_argument("case_files", nargs="+", type=Path, metavar="CASEFILE")
    test.set_defaults(run=_test)
    explain = parts.add_parser("explain", help="the decision table of a question as Markdown, with articles")
    explain.add_argument("question", help="for example account")
    explain.add_argument("--jurisdiction", default="ID", help="the pack (default ID)")
    explain.add_argument("--language", choices=("id", "en"), help="one language; both when left out")
    explain.set_defaults(run=_explain)


@_until_the_reader_leaves
def _check(args: argparse.Namespace) -> int:
    from ruangaman.site import law_check

    return law_check.run(args.pack)


@_until_the_reader_leaves
def _test(args: argparse.Namespace) -> int:
    from ruangaman.site import law_test

    return law_test.run(args.case_files)


@_until_the_reader_leaves
def _explain(args: argparse.Namespace) -> int:
    from ruangaman.site import law_explain

    return law_explain.run(args.question, args.jurisdiction, args.language)
