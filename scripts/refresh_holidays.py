"""
Copy Indonesia's public holidays and joint leave from the `holidays` library into law/ID/holidays.yaml, as dated data.

The pack must not change with a library on the server, so the days are written down, with the library's version. A day
that the library calls estimated is marked; a clock that touches it shows both due times. Joint leave is decreed a year
ahead at most: the file says up to which year it is known, and later clocks may still move.

    python scripts/refresh_holidays.py [--check]

`--check` writes nothing and exits 1 when the file is not what the library now says.
"""

import argparse
import sys
from datetime import date
from pathlib import Path

import holidays

FIRST_YEAR = 2025
LAST_YEAR = 2028
TARGET = Path(__file__).resolve().parent.parent / "law" / "ID" / "holidays.yaml"
KINDS = {"public": "public", "government": "joint_leave"}
ESTIMATED = {"id": " (perkiraan)", "en_US": " (estimated)"}


def collected() -> list[tuple[date, str, str, str, bool]]:
    """Each day as (date, kind, Indonesian name, English name, estimated), in order."""
    found = []
    for category, kind in KINDS.items():
        named = {
            language: holidays.country_holidays(
                "ID", years=range(FIRST_YEAR, LAST_YEAR + 1), categories=(category,), language=language
            )
            for language in ESTIMATED
        }
        for day, name in sorted(named["id"].items()):
            estimated = ESTIMATED["id"] in name
            found.append(
                (
                    day,
                    kind,
                    name.replace(ESTIMATED["id"], ""),
                    named["en_US"][day].replace(ESTIMATED["en_US"], ""),
                    estimated,
                )
            )
    return sorted(found)


def rendered() -> str:
    """The whole file."""
    days = collected()
    decreed = max(day.year for day, kind, *_ in days if kind == "joint_leave")
    lines = [
        "# National holidays and joint leave (cuti bersama) of Indonesia, as dated data.",
        f"# Written by scripts/refresh_holidays.py from the library holidays {holidays.__version__}; not by hand.",
        f"# Joint leave is known up to {decreed}; later days wait for their decree.",
        "weekend: [saturday, sunday]",
        f"covers: {{from: {FIRST_YEAR}-01-01, until: {LAST_YEAR}-12-31, otherwise_doubt: holidays_unknown}}",
        "source: [holidays-library]",
        "estimated_doubt: holiday_estimated",
        f"decreed: {{until: {decreed}-12-31, otherwise_doubt: joint_leave_not_decreed}}",
        "days:",
    ]
    for day, kind, name, english, estimated in days:
        mark = ", estimated: yes" if estimated else ""
        lines.append(f'  - {{date: {day}, kind: {kind}, name: {{id: "{name}", en: "{english}"}}{mark}}}')
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the file, or compare it; the exit status says whether it was up to date."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--check", action="store_true", help="compare only")
    check = parser.parse_args().check
    text = rendered()
    if check:
        return int(TARGET.read_text(encoding="utf-8") != text)
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
