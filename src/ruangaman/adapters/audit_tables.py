"""The form and the rules of audits that we ship, read once, and a city's own file of limits (CSV, YAML, XLSX)."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from ruangaman.core.audits import form, limits, rules
from ruangaman.core.audits.form import AuditFormMalformed
from ruangaman.core.audits.limits import COLUMNS, LimitsRefused
from ruangaman.core.law import read_yaml
from ruangaman.core.law.refusals import PackRefused

DATA: Final = Path(__file__).resolve().parents[1] / "data"
MOST_BYTES: Final = 256 << 10
MOST_UNPACKED: Final = 8 << 20
MOST_ROWS: Final = 500


@cache
def shipped() -> tuple[dict[str, Any], dict[str, Any]]:
    """The form and the rules as they are written, JSON all through."""
    return _plain(DATA / "rbra_form.yaml"), _plain(DATA / "rbra_rules.yaml")


def _plain(path: Path) -> dict[str, Any]:
    return _as_json(yaml.safe_load(path.read_text(encoding="utf-8")))


def _as_json(told: Any) -> dict[str, Any]:
    told["version"] = str(told["version"])
    if "repair_days" in told:
        told["repair_days"] = {str(name): days for name, days in told["repair_days"].items()}
    return dict(told)


def own_form(data: bytes) -> dict[str, Any]:
    """
    A city's own form, in the form of `data/rbra_form.yaml`, as JSON.

    Raises:
        AuditFormMalformed: above 256 KiB, no YAML that means one thing, or no form; `at` names the place.
    """
    told = _own(data)
    form.read(told)
    return told


def own_rules(data: bytes) -> dict[str, Any]:
    """The same of rules, in the form of `data/rbra_rules.yaml`; raises AuditFormMalformed."""
    told = _own(data)
    rules.read(told)
    return told


def _own(data: bytes) -> dict[str, Any]:
    if len(data) > MOST_BYTES:
        raise AuditFormMalformed(at="more than 256 KiB")
    try:
        read_yaml(data, "")  # one meaning alone: no key twice, no anchor that unfolds without end
        told = yaml.safe_load(data.decode("utf-8"))
        told = _as_json(told)
        return dict(json.loads(json.dumps(told, allow_nan=False)))
    except PackRefused as refused:
        raise AuditFormMalformed(at=f"{refused.rule or 'file'}: {refused.code}") from None
    except (yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError, RecursionError) as wrong:
        raise AuditFormMalformed(at=f"file: {type(wrong).__name__}") from None


def as_yaml(part: int, body: Mapping[str, Any]) -> str:
    """A form (0) or rules (1) as a file to change: ours as it is written, a city's own as it was read."""
    if body == shipped()[part]:
        return (DATA / ("rbra_form.yaml", "rbra_rules.yaml")[part]).read_text(encoding="utf-8")
    return yaml.safe_dump(dict(body), allow_unicode=True, sort_keys=False, width=120)


@cache
def shipped_form() -> form.Form:
    """Our form."""
    return form.read(shipped()[0])


@cache
def shipped_rules() -> rules.Rules:
    """Our rules."""
    return rules.read(shipped()[1])


def sha256(data: bytes) -> str:
    """In lower-case hex."""
    return hashlib.sha256(data).hexdigest()


def limits_of(data: bytes, name: str, of: form.Form) -> dict[str, limits.Limit]:
    """
    A city's limits from its file.

    Args:
        name: of the file; its ending says how it is read: `.csv`, `.yaml`, `.yml`, `.xlsx` (its first sheet).

    Raises:
        LimitsRefused: it is larger than 256 KiB, of another kind, cannot be read, has more than 500 rows, or a row is
            none. `why` is `library` where a sheet needs the extra `ruangaman[city]` that is not installed.
    """
    if len(data) > MOST_BYTES:
        raise LimitsRefused(row=0, why="large")
    ending = name.lower().rpartition(".")[2]
    readers = {"csv": _csv, "yaml": _yaml, "yml": _yaml, "xlsx": _xlsx}
    if ending not in readers:
        raise LimitsRefused(row=0, why="kind")
    try:
        rows = list(readers[ending](data))
    except (UnicodeDecodeError, csv.Error, yaml.YAMLError, RecursionError, ValueError, KeyError, OSError):
        raise LimitsRefused(row=0, why="unreadable") from None
    except zipfile.BadZipFile:
        raise LimitsRefused(row=0, why="unreadable") from None
    if len(rows) > MOST_ROWS:
        raise LimitsRefused(row=len(rows), why="rows")
    return limits.read(rows, of.measures)


def ending_of(data: bytes) -> str:
    """What a file without a name is, by its beginning: a workbook, a table whose first line names `key`, else YAML."""
    if data[:2] == b"PK":
        return "xlsx"
    head = data[:400].decode("utf-8-sig", "replace").lstrip().partition("\n")[0].lower()
    return "csv" if head.startswith(("key,", "key;")) or not data.strip() else "yaml"


def _csv(data: bytes) -> Iterable[Mapping[str, Any]]:
    text = data.decode("utf-8-sig")
    head = text.partition("\n")[0]
    reader = csv.reader(
        io.StringIO(text), delimiter=";" if head.count(";") > head.count(",") else ",", strict=True
    )
    return _rows(list(reader))


def _rows(lines: list[list[Any]]) -> Iterable[Mapping[str, Any]]:
    """Rows under a first line with the names of columns; empty lines are left out."""
    names = [str(one or "").strip().lower() for one in lines[0]] if lines else []
    while names and not names[-1]:
        names.pop()
    if not set(names) <= set(COLUMNS) or len(set(names)) != len(names):
        raise LimitsRefused(row=0, why="columns")
    for place, line in enumerate(lines[1:], 1):
        told = list(line)
        if not any(str(one if one is not None else "").strip() for one in told):
            continue
        if any(one not in (None, "") for one in told[len(names) :]):
            raise LimitsRefused(row=place, why="columns")
        yield dict(zip(names, told, strict=False))


def _yaml(data: bytes) -> Iterable[Mapping[str, Any]]:
    told = yaml.safe_load(data.decode("utf-8"))
    rows = told.get("limits") if isinstance(told, dict) else told
    if not isinstance(rows, list) or not all(isinstance(one, dict) for one in rows):
        raise LimitsRefused(row=0, why="columns")
    return rows


def _xlsx(data: bytes) -> Iterable[Mapping[str, Any]]:
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise LimitsRefused(row=0, why="library") from None
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        if sum(one.file_size for one in packed.infolist()) > MOST_UNPACKED:
            raise LimitsRefused(row=0, why="large")
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    try:
        sheet = book.worksheets[0]
        lines = [list(row) for row in sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=20, values_only=True)]
    finally:
        book.close()
    return _rows(lines)
