"""Results score old tests by today's key: a key that is kept never changes, and whatever was done to one is found."""

import shutil
from pathlib import Path

import pytest
from msgspec.structs import replace

from ruangaman.adapters import lesson_files
from ruangaman.core.learning import answer_keys
from ruangaman.core.learning.model import Course, Form, Item, Option, Plain
from ruangaman.site import cli

FOLDER = Path(lesson_files.folder())
WHOLE = lesson_files.course(FOLDER)
KEPT = lesson_files.keys(FOLDER)
EVERY = [(form, item) for form in WHOLE.forms.values() for item in form.items]


def of_one(form: Form, item: Item, name: str) -> Course:
    """A course of one form in which this item stands for the one of that name."""
    items = tuple(item if one.id == name else one for one in form.items)
    return Course(WHOLE.scheme, {}, {(form.objective, form.form): replace(form, items=items)}, WHOLE.pictures)


def found(form: Form, old: Item, options: tuple[Option, ...], **changes) -> list[tuple[str, str]]:
    course = of_one(form, replace(old, options=options, **changes), old.id)
    return [(one.code, one.at) for one in answer_keys.faults(course, KEPT)]


def test_every_item_of_a_form_is_kept_as_it_is():
    assert list(answer_keys.faults(WHOLE, KEPT)) == []
    assert set(KEPT) >= {item.id for _form, item in EVERY}
    assert len(EVERY) > 600


def test_whatever_is_done_to_a_key_is_found_and_words_may_be_mended():
    for form, item in EVERY:
        at = [("key-changed", f"{form.objective}/{form.form}/{item.id}")]
        for place, option in enumerate(item.options):
            rest = (*item.options[:place], *item.options[place + 1 :])
            assert found(form, item, (*rest, replace(option, id="id-lain"))) == at
            if not option.right:
                assert found(form, item, rest) == at
                moved = tuple(replace(one, right=one is option) for one in item.options)
                assert found(form, item, moved) == at
        assert found(form, item, (*item.options, replace(item.options[0], id="id-lain", right=False))) == at
        mended = tuple(replace(one, text=Plain("Kata lain", "Other words")) for one in reversed(item.options))
        assert found(form, item, mended, stem=Plain("Apa?", "What?")) == []
        new = [("key-not-kept", f"{form.objective}/{form.form}/{item.id}-b")]
        assert found(form, item, item.options, id=f"{item.id}-b") == new


def test_what_is_written_is_read_and_what_is_no_line_is_refused():
    assert answer_keys.read(answer_keys.text(KEPT)) == KEPT
    for wrong in ("a\n", "a b\n", "a  b c\n", " a b c\n", "a b c \n", "a b c\na b d\n"):
        with pytest.raises(ValueError, match=r"."):
            answer_keys.read(wrong)


def run(capsys, *said: str) -> tuple[int, list[str]]:
    return cli.main(["learn", *said]), capsys.readouterr().out.splitlines()


@pytest.mark.slow
def test_a_changed_key_is_refused_until_it_is_another_item(tmp_path, capsys):
    place = tmp_path / "lessons"
    shutil.copytree(FOLDER, place)
    before = (place / "keys.lock").read_bytes()
    assert run(capsys, "lock", str(place)) == (0, [f"{len(KEPT)} keys kept, 0 new, 0 changed"])
    file = place / "B3" / "B3-2" / "form-a.yaml"
    file.write_text(file.read_text().replace("id: asli-rapi", "id: asli-bagus"))
    told = "key-changed: B3-2/A/b3-2-a1: was tipuan asli-gratis asli-rapi; give the item a new id"
    done, lines = run(capsys, "check", str(place), "--only", "B3-2", "--on", "2026-11-30")
    assert (done, lines[0]) == (1, told)
    assert run(capsys, "lock", str(place)) == (1, [told, f"{len(KEPT)} keys kept, 0 new, 1 changed"])
    assert (place / "keys.lock").read_bytes() == before
    file.write_text(file.read_text().replace("id: b3-2-a1\n", "id: b3-2-a1b\n"))
    assert run(capsys, "lock", str(place)) == (0, [f"{len(KEPT)} keys kept, 1 new, 0 changed"])
    assert run(capsys, "check", str(place), "--only", "B3-2", "--on", "2026-11-30")[0] == 0
    kept = lesson_files.keys(place)
    assert kept["b3-2-a1b"] == ("tipuan", "asli-bagus", "asli-gratis")
    assert kept["b3-2-a1"] == KEPT["b3-2-a1"]  # tests that were taken with it may lie on a phone for weeks
    (place / "keys.lock").write_text("b3-2-a1\n")
    assert cli.main(["learn", "check", str(place)]) == 1
    assert "learning.lessons-unreadable" in capsys.readouterr().err
