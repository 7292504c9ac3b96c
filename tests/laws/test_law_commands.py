"""`ruangaman law check` and `law explain`: what a jurist sees."""

from pathlib import Path
from typing import Any

import pytest
from tests.laws.synthetic import FILES, NOW, edited, encoded, pack

from ruangaman.adapters import packs
from ruangaman.core.law.explain import explain
from ruangaman.site import law_check, law_explain


def folder(place: Path, files: dict[str, bytes]) -> Path:
    place.mkdir()
    for name, raw in files.items():
        (place / name).write_bytes(raw)
    return place


def test_check_prints_what_was_proved(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert law_check.run(folder(tmp_path / "XA", encoded(FILES))) == 0
    told = capsys.readouterr().out
    assert told.startswith("XA 1.0  ")
    assert "account                     table        8" in told
    assert told.splitlines()[-1].startswith("12 norms, ")
    assert "not proved: an age whose evidence is not sent counts as the asker states it (account)" in told


def test_check_names_code_file_rule_and_cell(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    broken = edited(
        account=("{id: not-asked, when: {consent: none}", "{id: not-asked, when: {consent: none, made: yes}")
    )
    assert law_check.run(folder(tmp_path / "XA", broken)) == 1
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "refused  pack.gap"
    assert "  file: account.yaml" in told
    assert "  rule: account" in told
    assert told[-1].startswith("  cell: risk=")


def test_check_of_no_folder_is_a_wrong_call(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert law_check.run(tmp_path / "nowhere") == 2
    assert "no such folder" in capsys.readouterr().err


def test_a_pack_that_extends_another_finds_it_beside_itself(tmp_path: Path):
    folder(tmp_path / "XA", encoded(FILES))
    own = FILES["pack.yaml"].replace("id: XA", "id: XB") + "extends: [XA]\n"
    found = packs.compile_folder(folder(tmp_path / "XB", encoded({"pack.yaml": own})))
    assert (found.id, found.ask({"question": "account", "age": {"at_least": 18}}, now=NOW).reason) == (
        "XB",
        "XA/account/adult",
    )


def test_explain_shows_each_norm_with_its_article_in_both_languages():
    english, indonesian = (explain(pack(), "account", language) for language in ("en", "id"))
    for norm in pack().source.tables["account"].norms:
        for told in (english, indonesian):
            assert f"`{norm.id}`" in told
        assert norm.articles[0] in english
    assert "Act Pasal 21" in indonesian
    assert "consent ended" in english
    assert "izin berakhir" in indonesian
    assert "from 2027-03-01, to 2027-12-31" in english


def test_every_box_of_the_table_by_age_is_what_the_engine_answers():
    """The last table of the page (in force after every dated norm), read back word by word."""
    page = explain(pack(), "account", "en").rsplit("## Outcome by age", 1)[1]
    heads, _, *rows = [
        [c.strip() for c in line.strip("|").split("|")] for line in page.splitlines() if line.startswith("|")
    ]
    assert heads == [
        "word risk",
        "word made",
        "word consent",
        "word by",
        "0-2",
        "3-12",
        "13-15",
        "16",
        "17",
        "18 and over",
    ]
    cells = 0
    for risk, made, consent, by, *outcomes in rows:
        for ages, outcome in zip(heads[4:], outcomes, strict=True):
            low = int(ages.split("-")[0].split()[0])
            high = 150 if "over" in ages else int(ages.split("-")[-1])
            for said in consent.split(" / "):
                facts: dict[str, Any] = {
                    "question": "account",
                    "on": "2028-06-01",
                    "age": {"at_least": low, "at_most": high},
                    "service": {"risk": _word(risk), "made": None if made == "*" else made == "yes"},
                    "consent": {"state": _word(said), "by": _word(by)},
                }
                cells += 1
                assert pack_once().ask(facts, now=NOW).outcome == outcome.removeprefix("word "), (
                    facts,
                    outcome,
                )
    assert cells > 80


_PACK = pack()


def pack_once() -> Any:
    return _PACK


def _word(said: str) -> str | None:
    return None if said == "*" else said.removeprefix("word ").split(" / ")[0]


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_question_of_indonesia_can_be_explained(language: str, capsys: pytest.CaptureFixture[str]):
    for question in packs.load("ID").questions:
        assert law_explain.run(question, "ID", language) == 0
        assert "| --- |" in capsys.readouterr().out
    assert law_explain.run("no_such", "ID", language) == 2
    assert law_explain.run("account", "ZZ", language) == 2
