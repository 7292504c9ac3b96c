"""The core stays pure, rooms meet at their doors, and the house keeps its order."""

import ast
import subprocess
import sys

import pytest
from tests.architecture.source import PACKAGE, ROOT, files, imports, place, tree

IMPURE_CALLS = {"now", "today", "utcnow", "open", "input", "print", "urandom", "token_bytes", "getenv"}
IMPURE_MODULES = {
    "os",
    "io",
    "sys",
    "secrets",
    "pathlib",
    "logging",
    "subprocess",
    "threading",
    "asyncio",
    "uuid1",
}
# These write outside their stage but are part of it: named so that a new one has to be argued for.
LANE = PACKAGE / "site" / "lane.py"


def test_the_core_reads_no_clock_no_disk_no_chance():
    wrong = []
    for path in files(PACKAGE / "core"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call):
                name = (
                    node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                )
                if name in IMPURE_CALLS:
                    wrong.append(f"{place(path, node.lineno)} {name}()")
        wrong += [
            f"{place(path, line)} import {name}"
            for line, name in imports(path)
            if name.split(".")[0] in IMPURE_MODULES and name != "threading.Lock"
        ]
    assert wrong == []


def test_rooms_meet_only_at_their_doors():
    wrong = []
    for path in files(PACKAGE / "rooms"):
        here = path.relative_to(PACKAGE / "rooms").parts[0]
        for line, name in imports(path):
            parts = name.split(".")
            if (
                parts[:2] == ["ruangaman", "rooms"]
                and len(parts) > 2
                and parts[2] != here
                and parts[3:4] != ["api"]
            ):
                wrong.append(f"{place(path, line)} {name}")
    assert wrong == []


def test_the_site_enters_a_room_by_its_door_or_its_addresses():
    wrong = []
    for path in files(PACKAGE / "site"):
        if (
            path == LANE
        ):  # the hot lane is the door's own process: it answers by the same handler (docs/adr/0023)
            continue
        for line, name in imports(path):
            parts = name.split(".")
            if parts[:2] == ["ruangaman", "rooms"] and parts[3:4] not in (["api"], ["urls"]):
                wrong.append(f"{place(path, line)} {name}")
    assert wrong == []


def test_only_the_edges_read_the_clock():
    """Actions take `now`; the clock is read in views, jobs, commands, middleware and the lane."""
    edges = {
        "views",
        "views.py",
        "admin.py",
        "tasks.py",
        "commands",
        "apps.py",
        "door.py",
        "lane.py",
        "jobs.py",
    }
    wrong = [
        place(path, node.lineno)
        for path in files(PACKAGE / "rooms")
        if not edges & set(path.parts)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func)
        in {"clock.now", "timezone.now", "datetime.now", "datetime.utcnow", "date.today"}
    ]
    assert wrong == []


def test_no_file_is_named_for_nothing():
    assert [
        str(path) for path in files(PACKAGE) if path.stem in {"utils", "helpers", "misc", "common_utils"}
    ] == []


def test_the_package_is_typed_for_its_users():
    """Without the mark a type checker takes the client for untyped (PEP 561)."""
    assert (PACKAGE / "py.typed").is_file()


def test_no_file_grows_beyond_one_meaning():
    long = [place(path, count) for path in files() if (count := len(path.read_text().splitlines())) > 600]
    assert long == []


def test_commands_that_need_no_django_do_not_wake_it():
    code = (
        "import sys; from ruangaman.site import cli\n"
        "try: cli.main(['--help'])\n"
        "except SystemExit: pass\n"
        "sys.exit('django' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("word", ["pytest.mark.skip", "pytest.mark.xfail", "importorskip", "unittest.skip"])
def test_no_test_is_skipped(word):
    here = ROOT / "tests" / "architecture" / "test_rooms_and_core.py"
    told = [
        p
        for p in (*files(tests=True), *files(ROOT / "tests", tests=True))
        if p != here and word in p.read_text()
    ]
    assert told == []
