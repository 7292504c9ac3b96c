"""What a page of results tells, against a slow second reading of the same sheets."""

from dataclasses import replace
from statistics import NormalDist, mean, stdev

import numpy as np
import pytest

from ruangaman.adapters import lesson_files
from ruangaman.core.learning import results
from ruangaman.core.learning.results import Sheet

FORMS = {
    letter: form.items
    for (objective, letter), form in lesson_files.course(lesson_files.folder()).forms.items()
    if objective == "B3-2"
}
ITEMS = {item.id: item for form in FORMS.values() for item in form}


def drawn(clusters=10, size=20, *, taught=0.75, away=0.2, seed=1):
    """Sheets of classes; the taught are right more often after 28 days; some do not come."""
    generator = np.random.default_rng(seed)
    found = []
    for cluster in range(clusters):
        arm = ("teach", "wait")[cluster % 2]
        for learner in range(cluster * 100, cluster * 100 + size):
            for time, form in (("pre", "A"), ("post", "A"), ("delayed", "B")):
                if time == "delayed" and generator.random() < away:
                    continue
                chance = taught if arm == "teach" and time != "pre" else 0.45
                answers = []
                for item in FORMS[form]:
                    options = [one.id for one in item.options if not one.right] + [""]
                    chosen = item.answer if generator.random() < chance else str(generator.choice(options))
                    answers.append((item.id, chosen, bool(generator.random() < 0.5) if chosen else None))
                language = "en" if cluster < clusters // 2 else "id"
                did = ("melapor",) if generator.random() < 0.5 else ()
                found.append(Sheet(cluster, learner, arm, time, form, language, tuple(answers), did))
    return found


def measured(sheets, arms=("teach", "wait")):
    return results.measured("B3-2", sheets, FORMS, arms, ("melapor",))


def right(sheet):
    return mean(float(chosen == ITEMS[name].answer) for name, chosen, _sure in sheet.answers)


@pytest.fixture(scope="module")
def told():
    return measured(drawn())


@pytest.fixture(scope="module")
def pairs():
    sheets = drawn()
    first = {one.learner: one for one in sheets if one.time == "pre"}
    return [(first[one.learner], one) for one in sheets if one.time == "delayed"]


def test_dots_are_means_of_classes_with_their_t_interval(told, pairs):
    for arm in told.arms:
        classes = {}
        for _first, last in pairs:
            if last.arm == arm.arm:
                classes.setdefault(last.cluster, []).append(right(last))
        means = [mean(one) for one in classes.values()]
        dot = arm.dots[-1]
        assert dot.mean == pytest.approx(mean(means))
        # 2.776: two-sided 95 % of Student's t with 4 degrees, from a table.
        assert dot.high - dot.mean == pytest.approx(2.776 * stdev(means) / 5**0.5, rel=1e-3)
        first = mean(
            mean(right(one) for one, last in pairs if last.cluster == cluster) for cluster in classes
        )
        assert arm.gain == pytest.approx((mean(means) - first) / (1 - first))


def test_hits_alarms_confidence_drop_out_and_deeds_are_those_of_the_sheets(told, pairs):
    for arm in told.arms:
        last = [one for _first, one in pairs if one.arm == arm.arm]
        answers = [(ITEMS[name], chosen, sure) for one in last for name, chosen, sure in one.answers]
        dangers = [chosen == item.answer for item, chosen, _s in answers if item.recognise and not item.safe]
        safe = [
            chosen not in ("", item.answer) for item, chosen, _s in answers if item.recognise and item.safe
        ]
        assert arm.hits == pytest.approx(mean(dangers))
        assert arm.alarms == pytest.approx(mean(safe))
        z = NormalDist().inv_cdf
        expected = z((sum(dangers) + 0.5) / (len(dangers) + 1)) - z((sum(safe) + 0.5) / (len(safe) + 1))
        assert arm.sensitivity == pytest.approx(expected)
        asked = [(item, chosen, sure) for item, chosen, sure in answers if sure is not None]
        assert arm.sure_wrong == pytest.approx(mean(s and c != i.answer for i, c, s in asked))
        assert arm.did["melapor"] == pytest.approx(mean("melapor" in one.did for one in last))
        began, came = 100, len(last)
        assert arm.learners == came // 10 * 10
        lost = began - came
        assert arm.away == (pytest.approx(lost / began) if lost >= 10 else None)


def test_the_test_of_the_same_day_never_makes_the_headline():
    sheets = drawn()
    without = [one for one in sheets if one.time != "post"]
    assert measured(without).headline == measured(sheets).headline
    assert measured([one for one in sheets if one.time != "delayed"]).verdict == "few"


@pytest.mark.parametrize(
    ("changed", "verdict"),
    [
        ({}, "more"),
        ({"taught": 0.15}, "less"),
        ({"taught": 0.45}, "same"),
        ({"clusters": 6}, "few"),
        ({"size": 5}, "few"),
    ],
)
def test_the_verdict_is_what_the_interval_says_and_too_little_says_nothing(changed, verdict):
    told = measured(drawn(**changed))
    assert told.verdict == verdict
    if verdict == "few":
        assert (told.headline, told.individuals, told.items, told.misconceptions) == (None, None, (), ())
        assert {one.dots for one in told.arms} == {()}
    else:
        expected = "more" if told.headline.low > 0 else "less" if told.headline.high < 0 else "same"
        assert verdict == expected


def test_an_item_that_few_got_wrong_does_not_say_how_many():
    sheets = drawn(away=0.0)
    easy = FORMS["B"][0]
    changed = [
        Sheet(
            one.cluster, one.learner, one.arm, one.time, one.form, one.language,
            tuple((name, easy.answer if name == easy.id else chosen, sure) for name, chosen, sure in one.answers),
        )
        for one in sheets
    ]  # fmt: skip
    told = {one.item: one for one in measured(changed).items}
    assert told[easy.id].right is None
    assert "too-easy" in told[easy.id].doubts
    other = told[FORMS["B"][1].id]
    assert other.right is not None
    assert {one.language for one in told.values()} <= {"A", "B", "C"}


def test_one_class_alone_is_told_without_any_comparison_and_of_nine_not_at_all():
    def alone(size):
        return [
            Sheet(0, one.learner, "", one.time, one.form, one.language, one.answers)
            for one in drawn(1, size, away=0.0)
        ]

    told = measured(alone(10), ("",))
    assert (told.verdict, told.headline) == ("alone", None)
    assert [dot.low for dot in told.arms[0].dots] == [None, None, None]
    # Shares of answers are no shares of people: ten people have a hundred answers.
    assert (told.arms[0].hits, told.arms[0].alarms, told.arms[0].sure_wrong) == (None, None, None)
    few = measured(alone(9), ("",))
    assert (few.verdict, few.arms[0].dots, few.arms[0].learners) == ("few", (), None)


def of(clusters):
    """Sheets of classes of these sizes, all in one arm, and those of eight classes in the other."""
    mine = [
        replace(one, cluster=100 + number, learner=100_000 + 1000 * number + one.learner)
        for number, size in enumerate(clusters)
        for one in drawn(1, size, away=0.0, seed=number)
    ]
    return mine + [one for one in drawn(16, away=0.0) if one.arm == "wait"]


def test_a_class_of_one_changes_no_dot_so_that_no_class_page_gives_it_away():
    alone, beside = (measured(of(sizes)) for sizes in ((12, 12, 12), (12, 12, 12, 1)))
    assert alone.verdict != "few"
    assert beside.arms[0].dots == alone.arms[0].dots
    assert len(alone.arms[0].dots) == 3


def test_small_classes_that_come_to_ten_are_one_cell():
    told = measured(of((12, 12, 12, 6, 6)))
    last = [one for one in of((12, 12, 12, 6, 6)) if one.arm == "teach" and one.time == "delayed"]
    cells = {}
    for one in last:
        cells.setdefault(min(one.cluster, 103), []).append(right(one))
    assert told.arms[0].dots[-1].mean == pytest.approx(mean(mean(one) for one in cells.values()))


def test_of_two_cells_of_an_arm_no_means_are_shown():
    told = measured(of((20, 20)))
    assert told.verdict != "few"
    assert (told.arms[0].dots, told.arms[0].gain) == ((), None)
    assert len(told.arms[1].dots) == 3


def test_of_a_class_of_whom_few_came_to_the_test_of_that_day_that_test_is_not_told():
    sheets = [
        one for one in of((12, 12, 12)) if not (one.time == "post" and one.cluster == 100 and one.learner % 3)
    ]
    assert [dot.time for dot in measured(sheets).arms[0].dots] == ["pre", "delayed"]


def test_what_is_held_surely_comes_first_and_is_what_a_plain_count_gives(told):
    sheets = [one for one in drawn() if one.arm == "teach" and one.time == "delayed"]
    beliefs = {(item.id, o.id): o.misconception for item in ITEMS.values() for o in item.options}
    expected = []
    for name in sorted({one for one in beliefs.values() if one}):
        asked = [
            s
            for s in sheets
            if any(beliefs.get((a[0], o.id)) == name for a in s.answers for o in ITEMS[a[0]].options)
        ]
        held = [s for s in asked if any(beliefs.get((a[0], a[1])) == name for a in s.answers)]
        sure = [s for s in held if any(beliefs.get((a[0], a[1])) == name and a[2] for a in s.answers)]
        if len(held) < 10 or len(asked) - len(held) < 10:
            continue
        known = len(sure) >= 10 and len(held) - len(sure) >= 10
        expected.append((name, len(held) / len(asked), len(sure) / len(held) if known else None))
    expected.sort(key=lambda one: (-(one[2] or 0), -one[1], one[0]))
    assert [(one.misconception, one.share, one.sure) for one in told.misconceptions] == expected[:3]
    assert expected
