"""Whatever is wrong with a pack, it is refused with a code and its place, and `ruangaman ask` ends with 2."""

import json
import os
from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.laws.synthetic import FILES, encoded

from ruangaman.adapters import packs
from ruangaman.core import law
from ruangaman.core.law import proofs
from ruangaman.site import law_check, law_explain
from ruangaman.site.cli import main

REAL = {
    name: raw
    for name, raw in packs.read_folder(packs.folders()["ID"]).items()
    if name not in ("cases.yaml", "vocabulary.yaml")
}
OTHER_KINDS = ("clocks.yaml", "values.yaml", "holidays.yaml", "instrument.yaml", "texts.yaml", "nik.yaml")
WORDS = (
    "", "0", "1", "-1", "999999999999", "99999999999999", "0.5", "1e9", "yes", "no", "none", "null", "unknown",
    "2026-02-30", "0001-01-01", "9999-12-31", "< 3", ">= 1000000", "1..2", "$x", "$nik_digits", "all", "deny",
    "allow", "age", "hours", "\x00", "é", "a" * 5000, " ", "../x", "act Art. 1", "Asia/Jakarta", "Not/A_Zone",
    "doubt.x", "02-28", "13-45",
)  # fmt: skip
WORD = st.sampled_from(WORDS)
VALUE = st.one_of(
    WORD,
    st.lists(WORD, max_size=3),
    st.dictionaries(WORD.filter(bool), WORD, max_size=2),
    st.just([[["1"]]]),
)


def places(tree: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every node of a tree."""
    yield at
    if isinstance(tree, dict):
        for key, part in tree.items():
            yield from places(part, (*at, key))
    elif isinstance(tree, list):
        for n, part in enumerate(tree):
            yield from places(part, (*at, n))


def broken(tree: Any, at: tuple[Any, ...], how: str, value: Any) -> Any:
    """The tree with one node taken away, replaced, doubled, or renamed."""
    if not at:
        return value
    tree = deepcopy(tree)
    above = tree
    for step in at[:-1]:
        above = above[step]
    last = at[-1]
    if how == "away":
        del above[last]
    elif how == "again" and isinstance(above, list):
        above.insert(0, deepcopy(above[last]))
    elif how == "renamed" and isinstance(above, dict) and isinstance(value, str) and value:
        above[value] = above.pop(last)
    else:
        above[last] = value
    return tree


def trees_of(files: Mapping[str, bytes]) -> dict[str, Any]:
    return {name: law.read_yaml(raw, name) for name, raw in files.items()}


SYNTHETIC = trees_of(encoded(FILES))
INDONESIA = trees_of(REAL)


def compile_or_refuse(base: Mapping[str, bytes], file: str, tree: Any) -> None:
    """Nothing but a refusal with its place may come of it."""
    refused = None
    try:
        law.compile_pack({**base, file: json.dumps(tree, ensure_ascii=False).encode()})
    except law.PackRefused as caught:
        refused = caught
    assert refused is None or (refused.file and (refused.rule or refused.cell)), refused


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    """The second reading compares the compiler with itself; what is read badly never comes so far."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(proofs, "_compare", lambda *args, **kwargs: None)
        yield


@given(st.data())
@settings(deadline=None)
def test_one_node_of_a_small_pack_changed_at_random_compiles_or_is_refused(data: st.DataObject) -> None:
    file = data.draw(st.sampled_from(sorted(SYNTHETIC)))
    at = data.draw(st.sampled_from(list(places(SYNTHETIC[file]))))
    how = data.draw(st.sampled_from(("away", "again", "renamed", "other")))
    compile_or_refuse(encoded(FILES), file, broken(SYNTHETIC[file], at, how, data.draw(VALUE)))


@given(st.data())
@settings(deadline=None, max_examples=25)
@pytest.mark.slow
def test_one_node_of_indonesias_other_kinds_changed_at_random_compiles_or_is_refused(
    data: st.DataObject,
) -> None:
    file = data.draw(st.sampled_from(OTHER_KINDS))
    at = data.draw(st.sampled_from(list(places(INDONESIA[file]))))
    how = data.draw(st.sampled_from(("away", "again", "renamed", "other")))
    compile_or_refuse(REAL, file, broken(INDONESIA[file], at, how, data.draw(VALUE)))


@pytest.mark.parametrize("to", ["x", "", ["3"], {"a": "b"}])
@pytest.mark.parametrize("fact", ["age", "risk"])
def test_a_law_about_growing_older_needs_a_number(fact: str, to: Any) -> None:
    tree = deepcopy(SYNTHETIC["account.yaml"])
    laws = [one for one in tree["laws"] if "growing_older_never_closes" in one]
    laws[0]["growing_older_never_closes"] = {fact: to}
    files = {**encoded(FILES), "account.yaml": json.dumps(tree).encode()}
    with pytest.raises(law.PackRefused) as caught:
        law.compile_pack(files)
    assert "growing_older_never_closes" in caught.value.rule


def a_pack(folder: Path) -> Path:
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def _loop(folder: Path) -> None:
    (folder / "account.yaml").unlink()
    (folder / "account.yaml").symlink_to("account.yaml")


def _not_utf8(folder: Path) -> None:
    (folder / "account.yaml").write_bytes(b"\xff\xfe")


def _a_hundred_megabytes(folder: Path) -> None:
    with (folder / "large.yaml").open("wb") as out:
        out.truncate(100_000_000)


def _a_bomb_of_aliases(folder: Path) -> None:
    (folder / "bomb.yaml").write_text("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", encoding="utf-8")


def _no_pack_file(folder: Path) -> None:
    (folder / "pack.yaml").rename(folder / "pact.yaml")


def _a_pipe(folder: Path) -> None:
    (folder / "claim.yaml").unlink()
    os.mkfifo(folder / "claim.yaml")


def _a_folder_for_a_file(folder: Path) -> None:
    (folder / "claim.yaml").unlink()
    (folder / "claim.yaml").mkdir()


def _a_circle(folder: Path) -> None:
    text = FILES["pack.yaml"].replace("max_age: 150", f"max_age: 150\nextends: [{folder.name}]")
    (folder / "pack.yaml").write_text(text, encoding="utf-8")


def _half_a_million_levels(folder: Path) -> None:
    (folder / "deep.yaml").write_text("[" * 500_000, encoding="utf-8")


def _ten_million_cells(folder: Path) -> None:
    facts = "".join(f"  wide_{n}: {{words: [{', '.join(f'w{m}' for m in range(20))}]}}\n" for n in range(6))
    text = FILES["pack.yaml"].replace("facts:\n", f"facts:\n{facts}", 1)
    (folder / "pack.yaml").write_text(text, encoding="utf-8")
    said = [f"w{n}" for n in range(20)] + [f"wide_{n}" for n in range(6)]
    texts = "".join(f"  {word}: {{id: kata {word}, en: word {word}}}\n" for word in said)
    (folder / "texts.yaml").write_text(FILES["texts.yaml"] + texts, encoding="utf-8")
    when = ", ".join(f"wide_{n}: w1" for n in range(6))
    account = FILES["account.yaml"].replace(
        "norms:\n", f"norms:\n  - {{id: wide, when: {{{when}}}, then: deny, source: [act Art. 9], confidence: one, "
        "text: {id: satu, en: one}}\n", 1,
    )  # fmt: skip
    (folder / "account.yaml").write_text(account, encoding="utf-8")


BREAKS = {
    _loop: "pack.missing-file",
    _not_utf8: "pack.not-utf8",
    _a_hundred_megabytes: "pack.too-large",
    _a_bomb_of_aliases: "pack.anchor",
    _no_pack_file: "pack.missing-file",
    _a_pipe: "pack.missing-file",
    _a_folder_for_a_file: "pack.missing-file",
    _a_circle: "pack.extends-cycle",
    _half_a_million_levels: "pack.too-deep",
    _ten_million_cells: "pack.too-many-cells",
}


@pytest.mark.parametrize("spoil", BREAKS, ids=lambda spoil: spoil.__name__.strip("_"))
def test_a_pack_that_is_broken_on_disk_is_refused_by_every_command(
    spoil: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = a_pack(tmp_path / "XA")
    spoil(folder)
    with pytest.raises(law.PackRefused) as caught:
        packs.compile_folder(folder)
    assert caught.value.code == BREAKS[spoil]
    assert caught.value.file
    assert law_check.run(folder) == 1
    assert BREAKS[spoil] in capsys.readouterr().out
    if spoil is _no_pack_file:
        return
    monkeypatch.setattr(packs, "home", lambda: tmp_path)
    packs.load.cache_clear()
    packs.all.cache_clear()
    try:
        questions = tmp_path / "questions.jsonl"
        questions.write_text("{}\n", encoding="utf-8")
        assert main(["ask", str(questions)]) == 2
        assert law_explain.run("account", "XA", None) == 2
    finally:
        packs.load.cache_clear()
        packs.all.cache_clear()
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count(f"{BREAKS[spoil]}: ") == 2
