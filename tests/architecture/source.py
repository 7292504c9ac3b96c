"""Our own source, read as text and as syntax."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "ruangaman"


@cache
def tree(path: Path) -> ast.Module:
    """The syntax of one file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def files(under: Path = PACKAGE, *, tests: bool = False) -> list[Path]:
    """Python files below a folder, without migrations, and without tests unless asked for."""
    return [
        path
        for path in sorted(under.rglob("*.py"))
        if "migrations" not in path.parts and (tests or "tests" not in path.parts)
    ]


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Every imported name of a file as (line, dotted name), wherever the import stands."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.lineno, f"{node.module}.{name.name}") for name in node.names)


def place(path: Path, line: int) -> str:
    """Where something stands, to be shown."""
    return f"{path.relative_to(ROOT)}:{line}"
