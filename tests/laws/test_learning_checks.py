"""Each fault of a lesson is found, and a lesson without one passes."""

import re
import shutil
from pathlib import Path

import pytest
from msgspec.structs import replace

from ruangaman.adapters import lesson_files
from ruangaman.core.learning import checks, plain
from ruangaman.core.learning.behaviours import Behaviours
from ruangaman.core.learning.model import (
    Course,
    LawTold,
    Lesson,
    LongerInEnglish,
    Observation,
    Plain,
    Told,
)
from ruangaman.site import cli

FOLDER = Path(lesson_files.folder())
WHOLE = lesson_files.course(FOLDER)
AT = "B3-2"
LAW = ("deny", "ID/account/high-risk-under-16")


def answer(facts):
    """A law that answers one question; the others it does not know."""
    return (*LAW, None) if facts["question"] == "account" else ("unclear", "none", None)


def alone(lesson: Lesson | None = None, **forms) -> Course:
    """The course of one lesson; its own forms unless others are given."""
    scheme = WHOLE.scheme
    (audience,) = (one for one in scheme.audiences if one.id == "B3")
    (objective,) = (one for one in scheme.objectives if one.id == AT)
    unreached = {risk: Plain("x", "y") for risk in scheme.risks if risk not in objective.risks}
    scheme = replace(
        scheme,
        audiences=(replace(audience, unreached=unreached),),
        objectives=(objective,),
        misconceptions=tuple(one for one in scheme.misconceptions if one.id in HELD),
    )
    told = {"A": WHOLE.forms[AT, "A"], "B": WHOLE.forms[AT, "B"]} | forms
    return Course(
        scheme,
        {AT: lesson or WHOLE.lessons[AT]},
        {(AT, letter): form for letter, form in told.items() if form is not None},
        WHOLE.pictures,
    )


def known(course: Course) -> plain.Vocabulary:
    """Readers who know every word of it."""
    told = [course.scheme.objectives[0].can.id, *(one.text.id for one in course.scheme.misconceptions)]
    text = "\n".join([checks.spoken(course, course.lessons[AT]), *told])
    return plain.Vocabulary(frozenset(word.lower() for word in plain.words(text)), {}, frozenset({"hp"}))


def held(items) -> set[str | None]:
    return {option.misconception for item in items for option in item.options}


HELD = held(WHOLE.lessons[AT].practice) | held(WHOLE.forms[AT, "A"].items) | held(WHOLE.forms[AT, "B"].items)
"""What wrong answers of this lesson hold; the others are left out of its scheme."""
ALONE = {"misconception-unused"}
"""One lesson of many does not hold everything in its practice and in its forms."""


def codes(course: Course, vocabulary: plain.Vocabulary | None = None) -> set[str]:
    found = vocabulary or known(course)
    return {
        one.code
        for one in checks.faults(course, {one.limits.words: found for one in course.scheme.audiences}, answer)
    }


def form(letter="A", **items):
    """A form with one item changed: `first={...}`, or with other items."""
    told = WHOLE.forms[AT, letter]
    if "first" in items:
        return replace(told, items=(replace(told.items[0], **items["first"]), *told.items[1:]))
    return replace(told, **items)


def test_a_lesson_without_a_fault_passes():
    assert codes(alone()) <= ALONE


FIRST = WHOLE.forms[AT, "A"].items[0]
RIGHT, WRONG, OTHER = sorted(FIRST.options, key=lambda one: not one.right)
LESSON = WHOLE.lessons[AT]
SCREENS = {screen.id: screen for screen in LESSON.screens}


def with_screen(name, **changes):
    return replace(
        LESSON,
        screens=tuple(replace(one, **changes) if one.id == name else one for one in LESSON.screens),
    )


def first(*options, **changes):
    """The course with another first item of form A."""
    return alone(A=form(first=changes | ({"options": options} if options else {})))


def task(indonesian, english="Look."):
    """The course with other words at its task."""
    return alone(with_screen("tugas", text=Told(indonesian, english)))


def law(outcome, reason, value=None):
    """The lesson with a screen that rests on this answer."""
    told = LawTold({"question": "account"}, outcome, reason, value)
    return with_screen("yang-asli", law=(told,))


def only(told):
    """A form of these items."""
    return alone(A=form(items=tuple(told)))


A = WHOLE.forms[AT, "A"].items
MUCH = Told("Baca ini. " * 80, "Read this. " * 80)
UNHELPED = (replace(SCREENS["latihan"].items[0], hints=()), *SCREENS["latihan"].items[1:])


@pytest.mark.parametrize(
    ("code", "course"),
    [
        ("no-form", lambda: alone(B=None)),
        ("too-few-items", lambda: only(A[:5])),
        ("not-parallel", lambda: only(A + LESSON.practice[:1])),
        ("not-parallel", lambda: first(recognise=False)),
        ("safe-cases", lambda: only(replace(one, safe=False) for one in A)),
        ("one-right-answer", lambda: first(WRONG, OTHER)),
        ("one-right-answer", lambda: first(RIGHT, replace(WRONG, right=True, misconception=None))),
        ("options", lambda: first(RIGHT)),
        ("options-alike", lambda: first(RIGHT, WRONG, replace(OTHER, feedback=WRONG.feedback))),
        ("misconception", lambda: first(RIGHT, replace(WRONG, misconception=None), OTHER)),
        ("misconception", lambda: first(replace(RIGHT, misconception="M01"), WRONG, OTHER)),
        ("unknown-misconception", lambda: first(RIGHT, replace(WRONG, misconception="M99"), OTHER)),
        ("safe-without-recognising", lambda: first(recognise=False, safe=True)),
        ("asked-twice", lambda: first(stem=LESSON.practice[1].stem, shown=LESSON.practice[1].shown)),
        ("twice", lambda: first(id="b3-2-b1")),
        ("no-picture", lambda: first(picture="tidak-ada")),
        ("order-of-screens", lambda: alone(replace(LESSON, screens=LESSON.screens[::-1]))),
        ("order-of-screens", lambda: alone(replace(LESSON, screens=LESSON.screens[:-2] + LESSON.screens[-1:]))),
        ("items-of-screen", lambda: alone(with_screen("latihan", items=SCREENS["latihan"].items[:4]))),
        ("hints", lambda: alone(with_screen("latihan", items=UNHELPED))),
        ("no-text", lambda: alone(with_screen("tugas", text=None))),
        ("minutes", lambda: alone(replace(LESSON, minutes=5))),
        ("note-and-brief", lambda: alone(replace(LESSON, note=Told("Boleh dilewati.", "You may skip it.")))),
        ("message-too-long", lambda: alone(replace(LESSON, paper=replace(LESSON.paper, message=MUCH)))),
        ("number-in-text", lambda: task("Telepon 129 saja.", "Call them.")),
        ("number-in-text", lambda: task("Kirim ke 0811-1234-567.", "Send it.")),
        ("address-in-text", lambda: task("Buka aduan.go.id sekarang.", "Open it.")),
        ("same-in-both", lambda: alone(replace(LESSON, title=Plain("Hadiah di dalam pesan", "Hadiah di dalam pesan")))),
        ("long-sentence", lambda: task("Cari.", "Look " * 15 + ".")),
        ("long-sentence", lambda: task("cari " * 13 + ".")),
        ("mean", lambda: task(("cari " * 12 + ". ") * 600)),
        ("yang", lambda: task("Cari yang merah yang besar.")),
        ("stacked", lambda: task("Jangan mempertontonkan itu, simpan saja.")),
        ("you", lambda: task("Kamu dan Anda membaca.")),
        ("law-changed", lambda: alone(law("allow", "ID/account/x"))),
        ("law-changed", lambda: alone(law(*LAW, ["parent", "child"]))),
    ],
)  # fmt: skip
def test_each_fault_is_found(code, course):
    assert code in codes(course())


def test_what_the_law_still_answers_is_no_fault():
    assert codes(alone(law(*LAW))) <= ALONE


@pytest.mark.parametrize(
    ("stated", "kept", "holds"),
    [
        (None, None, True),
        (("parent", "child"), ["parent", "child"], True),
        (("parent", "child"), ["child"], False),
        (("parent", "child"), None, False),
        (3, 3, True),
        (4, 3, False),
        ({"unit": "hours", "amount": 72, "due_at": "x"}, {"unit": "hours", "amount": 72}, True),
        ({"unit": "hours", "amount": 48, "due_at": "x"}, {"unit": "hours", "amount": 72}, False),
        ({"unit": "hours"}, {"amount": None}, False),
        ({"unit": "hours", "amount": 72}, None, False),
        (None, ["child"], False),
    ],
)
def test_what_the_law_states_is_held_to_what_the_lesson_says_of_it(stated, kept, holds):
    assert LawTold({}, *LAW, kept).holds(*LAW, stated) is holds
    assert not LawTold({}, *LAW, kept).holds("allow", LAW[1], stated)
    assert not LawTold({}, *LAW, kept).holds(LAW[0], "ID/account/x", stated)


def test_words_that_readers_do_not_know_and_words_to_be_explained_are_faults():
    course = alone()
    nobody = plain.Vocabulary(frozenset(), {}, frozenset())
    assert {"unknown-share", "acronym"} <= codes(course, nobody)
    terms = plain.Vocabulary(known(course).known - {"sandi"}, {"sandi": "kata rahasia"}, frozenset({"hp"}))
    assert "term" in codes(course, terms)
    told = alone(with_screen("tugas", text=Told("Jaga sandi (kata rahasiamu).", "Look.")))
    assert "term" not in codes(told, terms)


def test_the_youngest_are_observed_and_their_answers_are_pictures():
    (audience,) = (one for one in WHOLE.scheme.audiences if one.id == "B1")
    course = alone()
    scheme = replace(
        course.scheme, audiences=(replace(audience, id="B3", unreached=course.scheme.audiences[0].unreached),)
    )
    seen = tuple(Observation(f"o{one}", Plain(f"lihat {one}", f"see {one}")) for one in range(4))
    lesson = replace(LESSON, minutes=3, observations=seen)
    course = Course(scheme, {AT: lesson}, {}, WHOLE.pictures)
    assert {"option-without-picture", "order-of-screens"} <= codes(course)
    assert "observations" not in codes(course)
    assert "observations" in codes(
        Course(scheme, {AT: replace(lesson, observations=seen[:3])}, {}, WHOLE.pictures)
    )


def test_those_who_hear_their_tests_see_a_picture_with_each_item():
    course = alone()
    assert "item-without-picture" not in codes(course)
    heard = replace(course.scheme.audiences[0], voice=True)
    told = Course(replace(course.scheme, audiences=(heard,)), course.lessons, course.forms, WHOLE.pictures)
    assert "item-without-picture" in codes(told)
    assert all(
        item.picture for (at, _letter), form in WHOLE.forms.items() if at[:2] == "B2" for item in form.items
    )


def test_an_objective_without_a_lesson_is_a_fault_and_labels_and_risks_are_looked_at():
    everybody = {one.limits.words: known(alone()) for one in WHOLE.scheme.audiences}
    assert len(WHOLE.scheme.objectives) == 56
    found = {one.code for one in checks.faults(WHOLE, everybody, answer)}
    assert not found & {"unknown-label", "risk-not-reached", "unknown-objective"}
    empty = Course(WHOLE.scheme, {}, {}, frozenset())
    assert [one.code for one in checks.faults(empty, everybody, answer)] == ["no-lesson"] * 56
    odd = replace(WHOLE.scheme.objectives[0], risks=("R9",))
    told = checks.faults(
        Course(replace(WHOLE.scheme, objectives=(odd,)), {}, {}, frozenset()), everybody, answer
    )
    assert {"unknown-label", "risk-not-reached"} <= {one.code for one in told}


@pytest.mark.slow
def test_what_is_shipped_has_no_fault_and_a_fault_ends_with_one(tmp_path, capsys):
    assert cli.main(["learn", "check", "--on", "2026-11-30"]) == 0
    assert capsys.readouterr().out.endswith("56 objectives, 56 lessons, 928 items, 0 faults\n")
    shutil.copytree(FOLDER, tmp_path / "lessons")
    (tmp_path / "lessons" / "B3" / AT / "form-b.yaml").unlink()
    assert cli.main(["learn", "check", str(tmp_path / "lessons"), "--on", "2026-11-30"]) == 1
    told = capsys.readouterr().out.splitlines()
    assert told[0] == f"no-form: {AT}/B"
    assert told[-1].endswith(", 1 faults")
    (tmp_path / "lessons" / "B3" / AT / "lesson.yaml").write_text("objective: [")
    assert cli.main(["learn", "check", str(tmp_path / "lessons")]) == 1
    assert "learning.lessons-unreadable" in capsys.readouterr().err


@pytest.mark.parametrize(
    "content",
    ["[" * 200_000, "- " * 100_000 + "a", "{a: " * 60_000, "x: &a [1]\ny: *a", "x: \x00", "\ud800"],
    ids=["flow", "blocks", "mappings", "alias", "sign", "half a pair"],
)
def test_a_file_that_nests_without_end_or_is_no_text_is_refused_and_breaks_nothing(tmp_path, content):
    (tmp_path / "behaviours.yaml").write_bytes(content.encode("utf-8", "surrogatepass"))
    with pytest.raises(lesson_files.LessonsUnreadable):
        lesson_files.behaviours(tmp_path)


def test_each_hard_sentence_is_told_with_why(capsys):
    assert cli.main(["learn", "plain", AT]) == 0
    assert re.search(r"\d+ sentences, \d+ words, \d\.\d a sentence", capsys.readouterr().out)
    assert cli.main(["learn", "plain", "B9-9"]) == 2


def faulty(course: Course, behaviours: Behaviours | None = None) -> set[tuple[str, str]]:
    vocabularies = {one.limits.words: known(course) for one in course.scheme.audiences}
    return {(one.code, one.at) for one in checks.faults(course, vocabularies, answer, behaviours)}


def changed(course: Course, **scheme) -> Course:
    return Course(replace(course.scheme, **scheme), course.lessons, course.forms, course.pictures)


PASSIVE = "Buku dibaca. Pintu dibuka. Cari kunci."


def test_tasks_and_sheets_say_what_to_do_and_other_texts_may_tell_what_is_done():
    assert ("passive-share", f"{AT}/tugas/text") in faulty(task(PASSIVE))
    sheet = replace(LESSON, paper=replace(LESSON.paper, sheet=Told(PASSIVE, "Look.")))
    assert ("passive-share", f"{AT}/sheet") in faulty(alone(sheet))
    told = alone(with_screen("yang-asli", text=Told(PASSIVE, "Look.")))
    assert not {code for code, _at in faulty(told) if code == "passive-share"}


def test_a_paragraph_that_only_forbids_is_a_fault_wherever_it_stands():
    assert ("only-dont", AT) in faulty(task("Jangan lari.\n\nCari buku."))
    assert ("only-dont", AT) not in faulty(task("Jangan lari. Cari buku."))


def test_the_line_under_each_title_is_as_plain_as_its_readers_need():
    course = alone()
    (aim,) = course.scheme.objectives

    def with_lead(indonesian, english="judge a link"):
        return changed(course, objectives=(replace(aim, can=Plain(indonesian, english)),))

    assert ("long-sentence", f"{AT}/can") in faulty(with_lead("cari " * 13))
    assert ("long-sentence", f"{AT}/can/en") in faulty(with_lead("cari", "look " * 13))
    assert ("number", f"{AT}/can") in faulty(with_lead("menyebut tiga cara"))
    vocabularies = {one.limits.words: known(course) for one in course.scheme.audiences}
    odd = checks.faults(with_lead("menilai qwertz"), vocabularies, answer)
    assert ("unknown", f"{AT}/can") in {(one.code, one.at) for one in odd}


def test_what_people_wrongly_hold_is_told_in_words_of_whoever_is_told_and_is_held_somewhere():
    course = alone()
    first_held, *rest = course.scheme.misconceptions
    long = replace(first_held, text=Plain("cari " * 13, "look " * 13))
    at = f"{first_held.id}/B3"
    found = faulty(changed(course, misconceptions=(long, *rest)))
    assert {("long-sentence", at), ("long-sentence", f"{at}/en")} <= found
    idle = replace(first_held, id="M99")
    assert ("misconception-unused", "M99") in faulty(
        changed(course, misconceptions=(first_held, *rest, idle))
    )


def test_a_brief_is_read_by_adults_and_what_is_said_to_a_child_stands_in_quotes():
    course = alone()
    teachers = next(one for one in WHOLE.scheme.audiences if one.id == "TCH")
    course = changed(course, audiences=(*course.scheme.audiences, teachers))

    def with_brief(text):
        lesson = replace(LESSON, brief=Told(text, "Look."))
        return {
            code
            for code, at in faulty(Course(course.scheme, {AT: lesson}, course.forms, WHOLE.pictures))
            if at.startswith(f"{AT}/brief")
        }

    listen = "Anda mendengarkan anak."
    assert "you" not in with_brief(f'{listen} Katakan: "Kamu tidak salah."')
    assert "you" in with_brief(f"{listen} Kamu tidak salah.")
    assert "long-sentence" not in with_brief("cari " * 20 + ".")
    assert "long-sentence" in with_brief("cari " * 23 + ".")


def test_english_has_the_limit_of_its_readers_or_one_of_its_own_and_a_mean():
    (audience,) = alone().scheme.audiences
    thirteen = with_screen("tugas", text=Told("Cari.", "Look " * 13 + "."))
    at = f"{AT}/tugas/text/en"
    assert ("long-sentence", at) in faulty(alone(thirteen))
    longer = replace(audience, limits=replace(audience.limits, english=LongerInEnglish(13, "why")))
    assert ("long-sentence", at) not in faulty(changed(alone(thirteen), audiences=(longer,)))
    assert ("mean", f"{AT}/en") in faulty(task("Cari.", ("Look " * 12 + ".\n") * 600))


def test_who_is_asked_what_they_did_is_asked_plainly_or_the_reason_stands_there():
    course = lesson_files.course(FOLDER)
    vocabularies = {
        one.limits.words: lesson_files.vocabulary(FOLDER, one.limits.words) for one in course.scheme.audiences
    }
    shipped = lesson_files.behaviours(FOLDER)

    def found(behaviours):
        return [(one.code, one.at) for one in checks._of_behaviours(course, behaviours, vocabularies)]

    assert found(shipped) == []
    assert found(replace(shipped, none={})) == [("behaviour", at) for at in shipped.none]
    assert found(replace(shipped, none=shipped.none | {"PAR-7": "why"})) == [("behaviour", "PAR-7")]
    first_asked, *rest = shipped.behaviours
    long = replace(first_asked, text=Plain("Saya " + "mencari " * 20 + ".", "I looked."))
    assert ("long-sentence", f"{first_asked.id}/PAR") in found(replace(shipped, behaviours=(long, *rest)))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Jangan membayar.", 1),
        ("Jangan membayar, simpan buktinya.", 0),
        ("Jangan membayar dan jangan membalas.", 1),
        ("Jangan membayar. Simpan buktinya.", 0),
        ("Simpan buktinya. Jangan membayar.", 1),
        ("Simpan buktinya dan jangan membayar.", 0),
        ("- Jangan membayar.\n- Simpan buktinya.", 0),
        ("Jangan membayar.\n\nSimpan buktinya.", 1),
        ('Ia berkata, "Jangan bilang siapa-siapa."', 0),
        ('Tombol "Jangan izinkan" ada di bawah.', 0),
        ("Perhatikan kata jangan bilang.", 0),
        ("Jangan-jangan itu iklan.", 0),
        ("", 0),
    ],
)
def test_forbidding_alone_is_found_in_each_paragraph(text, found):
    assert len(plain.only_dont(text)) == found


TELLS_LAW = Told("Itu melanggar hukum.", "It breaks the law.")


def norms(lesson: Lesson, **objective) -> set[str]:
    """Where the lesson alone is said to tell law without a norm, in Indonesian and English."""
    course = alone(lesson)
    (one,) = course.scheme.objectives
    course = changed(course, objectives=(replace(one, **objective),))
    return {at for code, at in faulty(course) if code == "law-without-norm"}


def test_a_screen_that_tells_the_law_names_a_norm_of_its_own_or_a_source_outside_the_pack():
    telling = with_screen("yang-asli", text=TELLS_LAW)
    both = {f"{AT}/yang-asli/text/{one}" for one in ("id", "en")}
    assert norms(telling) == both
    assert norms(telling, source="UU 44/2008") == set()
    norm = (LawTold({"question": "account"}, *LAW),)
    tied = [replace(one, law=norm) if one.id == "yang-asli" else one for one in telling.screens]
    assert norms(replace(telling, screens=tuple(tied))) == set()
    beside = next(one for one in telling.screens if one.kind == "tell" and one.id != "yang-asli")
    elsewhere = [replace(one, law=norm) if one.id == beside.id else one for one in telling.screens]
    assert norms(replace(telling, screens=tuple(elsewhere))) == both


def test_what_is_printed_asked_or_led_tells_the_law_of_any_screen_of_its_lesson():
    sheet = replace(LESSON, paper=replace(LESSON.paper, sheet=TELLS_LAW))
    assert norms(sheet) == {f"{AT}/sheet/{one}" for one in ("id", "en")}
    tied = replace(law(*LAW), paper=sheet.paper)
    assert norms(tied) == set()
    assert norms(replace(LESSON, brief=TELLS_LAW)) == {f"{AT}/brief/{one}" for one in ("id", "en")}
    assert norms(LESSON, can=Plain("tahu hukum", "know the law")) == {
        f"{AT}/can/{one}" for one in ("id", "en")
    }
    item = replace(FIRST, stem=TELLS_LAW)
    asked = {
        at for code, at in faulty(alone(A=form(first={"stem": TELLS_LAW}))) if code == "law-without-norm"
    }
    assert asked == {f"{AT}/{item.id}/stem/{one}" for one in ("id", "en")}


def test_a_message_that_is_shown_may_claim_a_law_and_a_part_of_a_word_tells_none():
    shown = alone(A=form(first={"shown": TELLS_LAW}))
    assert "law-without-norm" not in codes(shown)
    assert (
        norms(with_screen("yang-asli", text=Told("Ia dihukum di halaman.", "She saw a lawn, a flaw.")))
        == set()
    )
