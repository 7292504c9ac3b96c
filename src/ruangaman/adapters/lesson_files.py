"""The lessons' folder: read whole, or refused with the place."""

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import msgspec
import yaml

from ruangaman.core.errors import RuangAmanError
from ruangaman.core.learning import answer_keys
from ruangaman.core.learning.behaviours import Behaviours
from ruangaman.core.learning.model import Course, Form, Lesson, Scheme
from ruangaman.core.learning.plain import Vocabulary
from ruangaman.core.learning.readings import Readings

T = TypeVar("T")

MOST_BYTES: Final = 1 << 18
MOST_DEPTH: Final = 32
KEYS: Final = "keys.lock"
_OF_KEYS: Final = """\
# Of each item of a form: its id, what is recognised (danger, safe, or asks: neither), its right answer, its other
# answers. Results score old tests by them, so what stands here stays. An item that asks something else has a new id.
# Written by `ruangaman learn lock`.
"""
_PACKAGE: Final = Path(__file__).resolve().parents[1]


class LessonsUnreadable(RuangAmanError):
    """A file of the lessons is missing, too large, or not in their form; `file` and `at` say where."""

    code = "learning.lessons-unreadable"


def folder() -> Path:
    """The lessons that come with the program: beside its sources, or within the installed package."""
    beside = _PACKAGE.parents[1] / "lessons"
    return beside if beside.is_dir() else _PACKAGE / "lessons"


def course(place: Path) -> Course:
    """
    Everything that is taught.

    Raises:
        LessonsUnreadable: with the file and the place in it.
    """
    scheme = _read(place / "scheme.yaml", Scheme)
    lessons: dict[str, Lesson] = {}
    forms: dict[tuple[str, str], Form] = {}
    for file in sorted(place.glob("*/*/*.yaml")):
        name = file.parent.name
        if file.name == "lesson.yaml":
            lesson = _read(file, Lesson)
            _demand(lesson.objective == name, file, "objective")
            lessons[name] = lesson
        elif file.name in ("form-a.yaml", "form-b.yaml"):
            form = _read(file, Form)
            _demand(form.objective == name and file.stem == f"form-{form.form.lower()}", file, "objective")
            forms[name, form.form] = form
        else:
            raise LessonsUnreadable(file=_said(file), at="name")
    pictures = frozenset(file.stem for file in (place / "pictures").glob("*.svg"))
    return Course(scheme, lessons, forms, pictures)


def behaviours(place: Path) -> Behaviours:
    """What is asked on day 28 beside the test. Raises LessonsUnreadable."""
    return _read(place / "behaviours.yaml", Behaviours)


def readings(place: Path) -> Readings:
    """What was read with readers, and when. Raises LessonsUnreadable."""
    return _read(place / "read_aloud.yaml", Readings)


def keys(place: Path) -> dict[str, answer_keys.Key]:
    """The keys of items that are kept; none where nothing was written yet. Raises LessonsUnreadable."""
    file = place / KEYS
    if not file.exists():
        return {}
    try:
        return answer_keys.read(_bytes(file).decode())
    except ValueError as wrong:
        raise LessonsUnreadable(file=_said(file), at=str(wrong)[:200]) from None


def keep_keys(place: Path, told: dict[str, answer_keys.Key]) -> None:
    """Write them, whole or not at all."""
    fresh = place / f"{KEYS}.new"
    fresh.write_text(_OF_KEYS + answer_keys.text(told), "utf-8")
    fresh.replace(place / KEYS)


@cache
def vocabulary(place: Path, lists: tuple[str, ...]) -> Vocabulary:
    """The words that some readers know: of one list, or of several together. Raises LessonsUnreadable."""
    known: set[str] = set()
    for name in lists:
        file = place / "words" / f"{name}.txt"
        known.update(
            line.strip()
            for line in _bytes(file).decode().splitlines()
            if line.strip() and not line.startswith("#")
        )
    told = _yaml(place / "words" / "glossary.yaml")
    return Vocabulary(
        frozenset(known),
        {one["word"].lower(): one["say"] for one in told["terms"]},
        frozenset(one["word"].lower() for one in told["acronyms"]),
    )


def _read(file: Path, kind: type[T]) -> T:
    try:
        changed = file.stat()
    except OSError as wrong:
        raise LessonsUnreadable(file=_said(file), at=type(wrong).__name__) from None
    return cast(T, _kept(file, cast(Any, kind), changed.st_mtime_ns, changed.st_size))


@lru_cache(maxsize=1024)
def _kept(file: Path, kind: Any, _changed: int, _size: int) -> Any:
    """A file that did not change is not read again: a preview looks at all of them each time."""
    try:
        return msgspec.convert(_yaml(file), kind)
    except msgspec.ValidationError as wrong:
        raise LessonsUnreadable(file=_said(file), at=str(wrong)) from None


def _yaml(file: Path) -> Any:
    content = _bytes(file)
    try:
        # libyaml reads events one by one, but makes what is nested by calls of calls, without a limit of its own.
        depth = 0
        for event in yaml.parse(content, Loader=_Strings):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            _demand(depth <= MOST_DEPTH, file, f"nested deeper than {MOST_DEPTH}")
            _demand(not isinstance(event, yaml.AliasEvent), file, "an alias")
        return yaml.load(content, Loader=_Strings)  # noqa: S506
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as wrong:
        raise LessonsUnreadable(file=_said(file), at=str(wrong)[:200]) from None


def _bytes(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except OSError as wrong:
        raise LessonsUnreadable(file=_said(file), at=type(wrong).__name__) from None
    _demand(len(content) <= MOST_BYTES, file, "more than 256 KiB")
    return content


def _said(file: Path) -> str:
    return "/".join(file.parts[-3:])


def _demand(holds: bool, file: Path, at: str) -> None:
    if not holds:
        raise LessonsUnreadable(file=_said(file), at=at)


class _Strings(yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader):  # type: ignore[misc]
    """Whoever writes `12.30` or `no` means the words: only whole numbers, true, false and null are something else."""


_Strings.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in known
        if tag.rpartition(":")[2] not in ("float", "timestamp", "bool")
    ]
    for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}

_Strings.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
