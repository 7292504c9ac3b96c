"""`ruangaman ask`: JSON Lines in, JSON Lines out, one answer a line in the same order."""

import argparse
import os
import sys
from collections.abc import Iterator
from datetime import date
from typing import BinaryIO

from ruangaman.core.errors import RuangAmanError


class OutputFailed(RuangAmanError):
    """Answers could not be written: a full disk, a lost place; `facts["why"]` says what the system said."""

    code = "ask.output-failed"


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser("ask", help="answer questions of the law: JSON Lines in, JSON Lines out")
    parser.add_argument("file", nargs="?", help="a file of JSON Lines; standard input when left out")
    parser.add_argument(
        "--as-known-on", metavar="DATE", type=_day, help="replay: answer with what the packs knew on that day"
    )
    parser.set_defaults(run=run)


def _day(said: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise argparse.ArgumentTypeError("a date YYYY-MM-DD is expected") from None


def run(args: argparse.Namespace) -> int:
    """
    0 when every line was answered, 1 when one was refused, 2 when the input cannot be opened, the answers cannot be
    written, or a pack is broken.
    """
    if args.file is None:
        return _answer(sys.stdin.buffer, sys.stdout.buffer, args.as_known_on)
    try:
        source = open(args.file, "rb")  # noqa: PTH123, SIM115  opened apart, so that only opening is a wrong call
    except OSError as wrong:
        print(f"ruangaman ask: {args.file}: {wrong.strerror}", file=sys.stderr)
        return 2
    with source:
        return _answer(source, sys.stdout.buffer, args.as_known_on)


def _answer(source: BinaryIO, target: BinaryIO, as_known_on: date | None) -> int:
    from ruangaman.adapters import clock, packs
    from ruangaman.core import law

    try:
        known = packs.all() if as_known_on is None else packs.all_known_on(as_known_on)
    except law.PackRefused as refused:
        # A broken pack answers nothing: one that cannot be trusted is worse than none.
        print(f"ruangaman ask: {refused}", file=sys.stderr)
        return 2
    failed = 0
    try:
        for line in lines(source, law.MAX_LINE):
            try:
                told = law.ask_line(known, line, now=clock.now())
            except law.QuestionRefused as refused:
                failed += 1
                told = law.error_json(refused)
            _write(target, told)
        _write(target, None)
    except BrokenPipeError:
        _silence()  # the reader has seen enough; what it did not read is not our error
        return 1
    except OutputFailed as lost:
        from ruangaman.site.commands._django import refuse

        _silence()
        refuse(lost)
        return 2
    return 1 if failed else 0


def _write(target: BinaryIO, told: bytes | None) -> None:
    """One line, or with None all that is still kept back; raises BrokenPipeError, OutputFailed."""
    try:
        if told is None:
            target.flush()
        else:
            target.write(told)
            target.write(b"\n")
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputFailed(why=error.strerror or type(error).__name__) from None


def _silence() -> None:
    """Let nothing more be written: the end of the program would try what is kept back once more, and fail aloud."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def lines(source: BinaryIO, limit: int) -> Iterator[bytes]:
    """Each line without its end; of a line above `limit` its first `limit` + 1 bytes, so that memory does not grow."""
    while line := source.readline(limit + 2):
        if line.endswith(b"\n"):
            yield line[:-1]
            continue
        if len(line) == limit + 2:
            rest = source.readline(limit)
            while rest and not rest.endswith(b"\n"):
                rest = source.readline(limit)
            yield line[: limit + 1]
            continue
        yield line
