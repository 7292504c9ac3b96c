"""The examples in README and docs run, and print what they say.

```console``` blocks: each line after `$ ` runs in a shell, in a house of its own (a fresh data folder, no story); what
follows is what it prints, `...` standing for anything. ```python``` blocks run one after the other in one namespace a
file, `>>>` lines as doctests. A block that cannot run alone says so in the line above: `<!-- not run: why -->`.
"""

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.architecture.source import ROOT

FENCE = re.compile(r"^( *)```(\w*)[^\n]*\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
NOT_RUN = re.compile(r"<!-- not run: .{10,} -->\s*$")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "law").rglob("*.md"))]
BIN = Path(sys.executable).parent


class Block(NamedTuple):
    """One example of a page."""

    line: int
    kind: str
    text: str


def blocks(page: Path) -> list[Block]:
    """The console and python blocks that are to be run."""
    text = page.read_text(encoding="utf-8")
    found = []
    for match in FENCE.finditer(text):
        indent, kind, body = match.groups()
        if kind in {"console", "python", "pycon"} and not NOT_RUN.search(text[: match.start()]):
            body = "".join(line.removeprefix(indent) for line in body.splitlines(keepends=True))
            found.append(Block(text.count("\n", 0, match.start()) + 1, kind, body))
    return found


def steps(text: str) -> list[tuple[str, str]]:
    """(command, what it prints) of a console block; a command may go on in lines that follow a backslash."""
    found: list[list[str]] = []
    in_command = False
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append([line[2:], ""])
            in_command = line.endswith("\\")
        elif in_command:
            found[-1][0] += "\n" + line.removeprefix("> ")
            in_command = line.endswith("\\")
        else:
            found[-1][1] += line + "\n"
    return [(command, printed) for command, printed in found]


def same(told: str, printed: str) -> bool:
    """Whether the output is the one that is told, `...` standing for anything."""
    return doctest.OutputChecker().check_output(
        told, printed, doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    )


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> dict[str, str]:
    """The environment of a house with nothing in it."""
    data = tmp_path_factory.mktemp("house")
    kept = {name: os.environ[name] for name in ("HOME", "LANG") if name in os.environ}
    env = {**kept, "PATH": f"{BIN}:/usr/local/bin:/usr/bin:/bin", "RUANGAMAN_DATA_DIR": str(data)}
    done = subprocess.run([BIN / "ruangaman", "init"], env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return env


WITH_BLOCKS = [page for page in PAGES if blocks(page)]


@pytest.mark.parametrize("page", WITH_BLOCKS, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_examples_of_a_page_run(page, house):
    wrong = []
    space: dict[str, object] = {"__name__": "example"}
    for block in blocks(page):
        if block.kind == "console":
            for command, told in steps(block.text):
                done = subprocess.run(
                    ["bash", "-o", "pipefail", "-c", command],
                    cwd=ROOT,
                    env=house,
                    capture_output=True,
                    text=True,
                    timeout=120,
                )
                printed = done.stdout + done.stderr
                if not same(told, printed):
                    wrong.append(f"line {block.line}: $ {command}\nexit {done.returncode}\n{printed[-2000:]}")
        elif ">>>" in block.text:
            example = doctest.DocTestParser().get_doctest(block.text, space, page.name, str(page), block.line)
            said: list[str] = []
            doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(
                example, out=said.append, clear_globs=False
            )
            space.update(example.globs)
            wrong += said
        else:
            try:
                exec(compile(block.text, f"{page.name}:{block.line}", "exec"), space)
            except Exception as error:  # an example that fails is told with its place, whatever it raised
                wrong.append(f"line {block.line}: {error!r}")
    assert not wrong, "\n\n".join(wrong)


@pytest.mark.parametrize(("told", "printed"), [("a\n", "b\n"), ("", "more\n"), ("1 met\n", "1 met\n2 met\n")])
def test_a_page_that_tells_another_output_is_seen(told, printed):
    assert not same(told, printed)


def test_every_link_between_our_pages_leads_somewhere():
    broken = []
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8")):
            if (
                "://" not in target
                and not target.startswith("mailto:")
                and not (page.parent / target).exists()
            ):
                broken.append(f"{page.relative_to(ROOT)}: {target}")
    assert broken == []
