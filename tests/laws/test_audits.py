"""Laws of audits: agreement of two, ranks, limits, repairs; each beside a plain reading or published numbers."""

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from itertools import product

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ruangaman.adapters import audit_tables
from ruangaman.core.audits import form as forms
from ruangaman.core.audits import limits, rules
from ruangaman.core.audits.agreement import NO_ITEMS, ONE_ANSWER, compare, kappa
from ruangaman.core.audits.form import ANSWERS, NO, UNSEEN, YES, AuditFormMalformed
from ruangaman.core.audits.limits import Limit, LimitsRefused
from ruangaman.core.audits.scoring import Given, Verdict, judge, score

FORM, RULES = audit_tables.shipped_form(), audit_tables.shipped_rules()
ITEMS = list(FORM.items.values())
PERFECT = {item.id: Given(item.good) for item in ITEMS}


def bad(item) -> Given:
    return Given(NO if item.good == YES else YES)


def table(*rows: tuple[int, ...]) -> list[tuple[str, str]]:
    """A published table of counts as pairs of answers."""
    return [
        (str(i), str(j)) for i, row in enumerate(rows) for j, count in enumerate(row) for _ in range(count)
    ]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (((20, 5), (10, 15)), "0.4000"),  # two readers of 50 proposals, as in many textbooks
        (((45, 15), (25, 15)), "0.1304"),  # equal shares, other margins
        (((25, 35), (5, 35)), "0.2593"),
        (
            ((75, 1, 4), (5, 4, 1), (0, 0, 10)),
            "0.6765",
        ),  # Fleiss, Levin and Paik: 100 subjects, three diagnoses
        (((88, 14, 18), (10, 40, 10), (2, 6, 12)), "0.4915"),  # Cohen 1960, table 1: 0.492 of 200
        (((0, 5), (5, 0)), "-1.0000"),
    ],
)
def test_kappa_is_what_was_published(rows, told):
    value = kappa(table(*rows)).value
    assert value is not None
    assert f"{float(value):.4f}" == told


def plain_kappa(pairs):
    """By probabilities, in floats, straight from the text."""
    count = len(pairs)
    names = {name for pair in pairs for name in pair}
    observed = sum(1 for one, other in pairs if one == other) / count
    chance = sum(
        sum(1 for one, _ in pairs if one == name)
        / count
        * sum(1 for _, other in pairs if other == name)
        / count
        for name in names
    )
    return (observed - chance) / (1 - chance)


PAIRS = st.lists(st.tuples(st.sampled_from(ANSWERS), st.sampled_from(ANSWERS)), max_size=70)


@given(PAIRS)
def test_kappa_beside_a_plain_reading_and_its_laws(pairs):
    found = kappa(pairs)
    turned = kappa([(other, one) for one, other in pairs])
    assert found.value == turned.value
    if found.value is None:
        assert found.why == (NO_ITEMS if not pairs else ONE_ANSWER)
        assert len(set(pairs)) <= 1
        return
    assert float(found.value) == pytest.approx(plain_kappa(pairs), abs=1e-9)
    assert -1 <= found.value <= 1
    assert (found.value == 1) == (found.same == found.items)


def test_without_items_or_with_one_answer_there_is_no_kappa():
    assert (kappa([]).value, kappa([]).why, kappa([]).share) == (None, NO_ITEMS, None)
    same = kappa([(YES, YES)] * 5)
    assert (same.value, same.why, same.share) == (None, ONE_ANSWER, 1)


def test_the_form_has_what_it_needs():
    assert [len(FORM.headings), len(FORM.principles)] == [13, 8]
    assert all(len(heading.items) >= 4 for heading in FORM.headings)
    used = Counter(name for item in ITEMS for name in item.principles)
    assert set(used) == set(FORM.principles)
    assert len(FORM.measures) >= 8
    for item in ITEMS:
        assert all(text.endswith("?") for text in item.ask.values()), item.id
        assert item.ask["id"] != item.ask["en"]


SPOILT = [
    lambda told: told.pop("version"),
    lambda told: told["headings"][0].pop("name"),
    lambda told: told["headings"][0]["items"][0].update(good="mungkin"),
    lambda told: told["headings"][0]["items"][0].update(severity=4),
    lambda told: told["headings"][0]["items"][0].update(severity=1, critical=True),
    lambda told: told["headings"][0]["items"][0].update(principles=["lain"]),
    lambda told: told["headings"][0]["items"][0].update(id="lain/x"),
    lambda told: told["headings"][0]["items"][0].update(lain=1),
    lambda told: told["headings"][0]["items"][0]["ask"].pop("en"),
    lambda told: told["headings"][0]["items"].append(told["headings"][0]["items"][0]),
    lambda told: told["headings"][2]["items"][0]["measure"].update(better="bigger"),
    lambda told: told["headings"][2]["items"][1]["measure"].update(key="lebar_pintu_cm"),
    lambda told: told.update(headings=[]),
    lambda told: told.update(principles="x"),
    lambda told: told.update(confidence="sure"),
]  # fmt: skip


@pytest.mark.parametrize("spoil", SPOILT)
def test_a_form_with_a_hole_is_refused(spoil):
    told = yaml.safe_load((audit_tables.DATA / "rbra_form.yaml").read_text())
    spoil(told)
    with pytest.raises(AuditFormMalformed):
        forms.read(told)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda told: told.pop("judged"),
        lambda told: told["ranks"].reverse(),
        lambda told: told["repair_days"].pop("critical"),
        lambda told: told.update(critical_caps_at="gold"),
        lambda told: told["judged"].update(unseen_most_percent=120),
        lambda told: told["kappa_words"].reverse(),
        lambda told: told["certificate"].update(days=0),
    ],
)
def test_rules_with_a_hole_are_refused(spoil):
    told = yaml.safe_load((audit_tables.DATA / "rbra_rules.yaml").read_text())
    told["repair_days"] = {str(name): days for name, days in told["repair_days"].items()}
    spoil(told)
    with pytest.raises(AuditFormMalformed):
        rules.read(told)


def test_one_item_in_every_case():
    item = next(one for one in ITEMS if one.measure and one.measure.more)
    assert item.measure is not None
    limit = {item.measure.key: Limit(item.measure.key, item.measure.unit, Decimal(90), None, "contoh")}
    for answer, measure, known in product(ANSWERS, (None, Decimal(80), Decimal(90)), ({}, limit)):
        found = judge(item, Given(answer, measure), known)
        if known and measure == 80:
            assert found is Verdict.NOT_WELL
        elif answer == UNSEEN:
            assert found is Verdict.UNSEEN
        else:
            assert found is (Verdict.WELL if answer == item.good else Verdict.NOT_WELL)
    assert judge(item, None, limit) is Verdict.MISSING


ANSWER_SETS = st.lists(st.sampled_from(ANSWERS), min_size=len(ITEMS), max_size=len(ITEMS)).map(
    lambda told: {item.id: Given(answer) for item, answer in zip(ITEMS, told, strict=True)}
)
GOOD_SETS = st.dictionaries(
    st.sampled_from(ITEMS).map(lambda item: item.id), st.sampled_from(ANSWERS), max_size=16
).map(lambda told: PERFECT | {name: Given(answer) for name, answer in told.items()})
ORDER = ["", *reversed([one.id for one in RULES.ranks])]


def plain_rank(answers):
    """The rule as one would say it, slowly, in floats of whole percents."""
    well = [i for i in ITEMS if answers[i.id].answer == i.good]
    unseen = [i for i in ITEMS if answers[i.id].answer == UNSEEN]
    broken = [i for i in ITEMS if i not in well and i not in unseen]
    if any(i.critical for i in unseen) or len(unseen) * 100 > 20 * len(ITEMS):
        return ""
    parts = []
    for heading in FORM.headings:
        seen = [i for i in heading.items if i not in unseen]
        if not seen:
            return ""
        parts.append(Fraction(100 * sum(i in well for i in seen), len(seen)))
    whole = Fraction(100 * len(well), len(well) + len(broken))
    found = ""
    for name, share, least in [("pratama", 60, 0), ("madya", 70, 50), ("nindya", 80, 60), ("utama", 90, 70)]:
        if whole >= share and all(part >= least for part in parts):
            found = name
    return "pratama" if found and any(i.critical for i in broken) else found


@given(st.one_of(ANSWER_SETS, GOOD_SETS))
def test_a_rank_beside_a_plain_reading(answers):
    assert rules.rank(FORM, score(FORM, answers, {}), RULES).rank == plain_rank(answers)


@given(GOOD_SETS, st.sampled_from(ITEMS))
def test_one_more_thing_that_is_not_well_never_raises_a_rank(answers, item):
    before = rules.rank(FORM, score(FORM, answers, {}), RULES)
    after = rules.rank(FORM, score(FORM, answers | {item.id: bad(item)}, {}), RULES)
    if answers[item.id].answer == item.good:
        assert ORDER.index(after.rank) <= ORDER.index(before.rank)


def test_ranks_say_why():
    def of(answers):
        return rules.rank(FORM, score(FORM, answers, {}), RULES)

    critical = next(item for item in ITEMS if item.critical)
    plain = [item for item in ITEMS if not item.critical]
    assert of(PERFECT) == rules.Ranked("utama")
    assert of(PERFECT | {critical.id: bad(critical)}) == rules.Ranked("pratama", "critical", (critical.id,))
    assert of(PERFECT | {critical.id: Given(UNSEEN)}).why == "critical-unseen"
    assert of({}).why == "incomplete"
    many = PERFECT | {item.id: Given(UNSEEN) for item in plain[::4]}
    assert of(many).why == "unseen"
    one = FORM.headings[4]
    hidden = PERFECT | {item.id: Given(UNSEEN) for item in one.items if not item.critical}
    if all(not item.critical for item in one.items):
        assert of(hidden).headings == (one.id,)
    air = next(heading for heading in FORM.headings if not any(item.critical for item in heading.items))
    assert of(PERFECT | {item.id: Given(UNSEEN) for item in air.items}) == rules.Ranked(
        "", "heading-unknown", (), (air.id,)
    )
    low = PERFECT | {item.id: bad(item) for item in plain[: len(ITEMS) // 2]}
    assert (of(low).rank, of(low).why) == ("", "below")


@given(ANSWER_SETS)
def test_repairs_are_what_is_not_well_critical_ones_first(answers):
    found = score(FORM, answers, {})
    listed = rules.repairs(FORM, found, RULES)
    assert {one.item for one in listed} == set(found.items(Verdict.NOT_WELL))
    assert [one.critical for one in listed] == sorted((one.critical for one in listed), reverse=True)
    for one in listed:
        assert one.days == (3 if one.critical else {3: 14, 2: 30, 1: 90}[one.severity])


@given(ANSWER_SETS, ANSWER_SETS)
def test_two_sets_agree_where_they_are_alike(first, second):
    found = compare(FORM, first, second, {})
    differ = {one.item for one in found.differences}
    assert differ == {name for name in FORM.items if first[name] != second[name]}
    assert set(found.agreed) == set(FORM.items) - differ
    assert sum(alike for alike, _ in found.by_heading.values()) == len(found.agreed)
    assert found.kappa.same == len(found.agreed)


def test_measures_on_two_sides_of_a_limit_are_a_difference_and_the_cautious_one_is_kept():
    item = next(one for one in ITEMS if one.measure and one.measure.more)
    key = item.measure.key
    limit = {key: Limit(key, item.measure.unit, Decimal(90), None, "contoh")}
    first = PERFECT | {item.id: Given(item.good, Decimal(95))}
    second = PERFECT | {item.id: Given(item.good, Decimal(85))}
    found = compare(FORM, first, second, limit)
    assert [(one.item, one.by_measure) for one in found.differences] == [(item.id, True)]
    assert found.kappa.same == len(ITEMS)
    assert compare(FORM, first, second, {}).agreed[item.id].measure == 85
    less = next(one for one in ITEMS if one.measure and not one.measure.more)
    one, other = ({less.id: Given(less.good, Decimal(value))} for value in (3, 5))
    assert compare(FORM, one, other, {}).agreed[less.id].measure == 5


HEAD = "key,unit,least,most,source\n"


def test_limits_from_three_kinds_of_file_are_the_same():
    csv = (
        HEAD + 'lebar_pintu_cm,cm,90,,"salinan kota, bagian A"\nkemiringan_ram_persen,%,,8.5,contoh\n'
    ).encode()
    semicolons = (
        "\ufeffkey;unit;least;most;source\r\nlebar_pintu_cm;cm;90;;salinan kota, bagian A\r\n"
        "kemiringan_ram_persen;%;;8,5;contoh\r\n"
    ).encode()
    rows = [
        {"key": "lebar_pintu_cm", "unit": "cm", "least": 90, "source": "salinan kota, bagian A"},
        {"key": "kemiringan_ram_persen", "unit": "%", "most": 8.5, "source": "contoh"},
    ]
    found = audit_tables.limits_of(csv, "batas.csv", FORM)
    assert found["lebar_pintu_cm"].least == 90
    assert found["kemiringan_ram_persen"].most == Decimal("8.5")
    assert audit_tables.limits_of(semicolons, "batas.CSV", FORM) == found
    assert audit_tables.limits_of(yaml.safe_dump({"limits": rows}).encode(), "batas.yaml", FORM) == found
    from openpyxl import Workbook

    book = Workbook()
    for line in (list(limits.COLUMNS), *([row.get(name) for name in limits.COLUMNS] for row in rows), [None]):
        book.active.append(line)
    out = BytesIO()
    book.save(out)
    assert audit_tables.limits_of(out.getvalue(), "batas.xlsx", FORM) == found


@pytest.mark.parametrize(
    ("told", "why", "row"),
    [
        ("", "empty", 0),
        (HEAD, "empty", 0),
        ("key,unit,least,most,other\n", "columns", 0),
        (HEAD + "tinggi,cm,1,,x\n", "key", 1),
        (HEAD + "lebar_pintu_cm,m,90,,x\n", "unit", 1),
        (HEAD + "lebar_pintu_cm,cm,,,x\n", "bound", 1),
        (HEAD + "lebar_pintu_cm,cm,90,80,x\n", "bound", 1),
        (HEAD + "lebar_pintu_cm,cm,lebar,,x\n", "number", 1),
        (HEAD + "lebar_pintu_cm,cm,-1,,x\n", "number", 1),
        (HEAD + "lebar_pintu_cm,cm,1e5,,x\n", "number", 1),
        (HEAD + "lebar_pintu_cm,cm,90,,\n", "source", 1),
        (HEAD + "lebar_pintu_cm,cm,90,,x\nlebar_pintu_cm,cm,91,,x\n", "twice", 2),
        (HEAD + "lebar_pintu_cm,cm,90,,x,y\n", "columns", 1),
        (HEAD + '"lebar_pintu_cm', "unreadable", 0),
    ],
)
def test_a_file_of_limits_with_a_hole_is_refused_with_its_row(told, why, row):
    with pytest.raises(LimitsRefused) as refused:
        audit_tables.limits_of(told.encode(), "batas.csv", FORM)
    assert refused.value.facts == {"row": row, "why": why}


@pytest.mark.parametrize(
    ("data", "name", "why"),
    [
        (b"x" * (256 << 10) + b"x", "batas.csv", "large"),
        (b"x", "batas.exe", "kind"),
        (b"\xff\xfe", "batas.csv", "unreadable"),
        (b"PK\x03\x04", "batas.xlsx", "unreadable"),
        (b"{", "batas.yaml", "unreadable"),
        (b"limits: 1", "batas.yaml", "columns"),
        (b"- {key: [a], unit: cm}", "batas.yaml", "columns"),
    ],
)
def test_a_file_that_is_none_is_refused(data, name, why):
    with pytest.raises(LimitsRefused) as refused:
        audit_tables.limits_of(data, name, FORM)
    assert refused.value.facts["why"] == why


@given(st.text(max_size=12))
def test_a_measure_is_a_plain_number_or_nothing(text):
    found = limits.number(text)
    if found is not None:
        assert 0 <= found <= limits.MOST
        assert Decimal(text.strip().replace(",", ".")) == found
