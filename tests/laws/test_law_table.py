"""docs/law/indonesia.md: every name exists in the pack, every row of the research note has its line."""

import re
from pathlib import Path

from ruangaman.adapters import packs

PAGE = Path(__file__).resolve().parents[2] / "docs" / "law" / "indonesia.md"
NOTE = PAGE.parents[3] / "shared" / "law" / "pp-tunas.md"
NAME = re.compile(r"`((?:norm|clock|value|item|score|derived|doubt|instrument):[^`]+)`")


def names_in_the_pack() -> set[str]:
    source = packs.load("ID").source
    return {
        *(f"norm:{table.name}/{norm.id}" for table in source.tables.values() for norm in table.norms),
        *(f"clock:{clock.name}/{row.id}" for clock in source.clocks.values() for row in clock.rows),
        *(f"value:{name}" for name in source.values),
        *(f"score:{name}" for name in source.scores),
        *(
            f"item:{item.code}"
            for score in source.scores.values()
            for items in score.aspects.values()
            for item in items
        ),
        *(f"derived:{one.name}" for one in source.derived),
        *(f"doubt:{name}" for name in source.doubts),
        *(f"instrument:{name}" for name in source.instruments),
    }


def rows(text: str) -> list[tuple[str, str]]:
    """(section, first cell) of every table row; the header and the rule below it left out."""
    found, section, inside = [], "", False
    for line in text.splitlines():
        if heading := re.match(r"^#{2,3} ([\d.]+)", line):
            section = heading[1].rstrip(".")
        if not line.startswith("|"):
            inside = False
        elif not re.fullmatch(r"\|[-| ]+\|", line):
            if inside:
                found.append((section, line.strip().strip("|").split("|")[0].strip()))
            inside = True
    return found


def test_every_name_on_the_page_exists_in_the_pack() -> None:
    named = set(NAME.findall(PAGE.read_text(encoding="utf-8")))
    assert named - names_in_the_pack() == set()


def test_every_line_names_something_or_says_why_nothing_can() -> None:
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("| ") and not line.startswith("| Row "):
            held = line.rstrip("| ").rpartition(" | ")[2]
            assert NAME.search(held) or re.match(r"nothing: .{20,}", held), line


def test_every_question_and_every_parameter_of_the_pack_is_on_the_page() -> None:
    named = set(NAME.findall(PAGE.read_text(encoding="utf-8")))
    pack = packs.load("ID")
    questions = {one.split(":")[1].split("/")[0] for one in named}
    assert set(pack.questions) - questions == set()
    for score in pack.source.scores.values():
        for items in score.aspects.values():
            assert {f"item:{item.code}" for item in items} <= named


def test_no_row_of_the_note_is_missing() -> None:
    """The note lies beside the repository only where the pack is written; elsewhere there is nothing to compare."""
    lines = rows(PAGE.read_text(encoding="utf-8"))
    noted = rows(NOTE.read_text(encoding="utf-8")) if NOTE.is_file() else []
    missing = [
        (section, cell)
        for section, cell in noted
        if not any(
            section == own and (cell == said or (section == "5.2" and said.startswith(f"{cell} ")))
            for own, said in lines
        )
    ]
    assert missing == []
