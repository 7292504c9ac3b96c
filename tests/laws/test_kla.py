"""The scorecard's laws: levels, weights that may be unknown, ranges that are right, evidence, checks, years."""

import io
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruangaman.adapters import kla_files
from ruangaman.core.kla import checking, evidence, goals, rules, scoring, weights
from ruangaman.core.kla.checking import Verdict
from ruangaman.core.kla.errors import KlaDataMalformed, ScoreRefused, WeightsRefused
from ruangaman.core.kla.evidence import Evidence, Standing
from ruangaman.core.kla.scoring import NOTHING, Range, Told
from ruangaman.core.kla.weights import Weights

KLA = kla_files.kla()
D = Decimal


def exactly(value: Range) -> Decimal:
    assert value.exact
    return value.low


# The data


def test_the_data_have_the_24_indicators_and_no_weight():
    assert KLA.numbers == tuple(range(1, 25))
    assert KLA.total == 1000
    assert KLA.indicator(11).title["id"] == "Infrastruktur Ramah Anak"
    assert [one.no for one in KLA.indicators if one.feeds] == [2, 3, 5, 6, 11, 19, 20]
    per = [sum(one.cluster == cluster for one in KLA.indicators) for cluster in KLA.clusters]
    assert per == [3, 3, 5, 6, 3, 4]
    assert weights.none_known(KLA).unknown == KLA.numbers


def test_what_is_recalled_says_that_it_must_be_checked():
    assert all(one.check for one in KLA.indicators if one.wording)
    assert {one.confidence for one in KLA.indicators} == {"seen"}


def test_every_indicator_stands_under_a_goal_and_the_mapping_is_called_ours():
    found = kla_files.unicef_goals()
    assert [one.no for one in found] == [1, 2, 3, 4, 5]
    assert {no for one in found for no in one.indicators} == set(KLA.numbers)
    assert {one.confidence for one in found} == {"suggested"}


def broken(change):
    import yaml

    content = yaml.safe_load((kla_files.DATA / "kla.yaml").read_bytes())
    change(content)
    return content


@pytest.mark.parametrize(
    ("change", "at"),
    [
        (lambda c: c.update(format=2), "format"),
        (lambda c: c["indicators"].pop(3), "indicators: numbers"),
        (lambda c: c["indicators"][0].update(cluster="VI"), "indicator 1: cluster"),
        (lambda c: c["indicators"][0].pop("confidence"), "indicator 1: confidence"),
        (lambda c: c["indicators"][0].update(title="Perda"), "indicator 1"),
        (lambda c: c["levels"].update(gap="as_you_like"), "levels.gap"),
        (lambda c: c["levels"]["bands"][1].update({"from": 499}), "levels.bands: overlap"),
        (lambda c: c["levels"]["bands"].pop(), "levels.bands: ends"),
        (lambda c: c["points"].update(total="1000"), "points.total"),
        (lambda c: c["cycle"]["steps"][0].pop("who"), "cycle.steps self"),
        (lambda c: c.pop("evidence"), "evidence"),
    ],
)
def test_a_data_file_with_a_fault_names_its_place(change, at):
    with pytest.raises(KlaDataMalformed) as refused:
        rules.read(broken(change))
    assert refused.value.facts["at"] == at


@pytest.mark.parametrize("wrong", [{}, [], None, {"format": 1, "instrument": "kla-31", "goals": []}])
def test_goals_of_another_instrument_are_refused(wrong):
    with pytest.raises(KlaDataMalformed):
        goals.read(wrong, KLA)


# Levels


@pytest.mark.parametrize(
    ("points", "lower_bound", "above", "half_up"),
    [
        ("0", "none", "none", "none"),
        ("499.99", "none", "pratama", "pratama"),
        ("499.4", "none", "pratama", "none"),
        ("500", "pratama", "pratama", "pratama"),
        ("588.40", "pratama", "pratama", "pratama"),
        ("600", "pratama", "pratama", "pratama"),
        ("600.49", "pratama", "madya", "pratama"),
        ("600.5", "pratama", "madya", "madya"),
        ("601", "madya", "madya", "madya"),
        ("721", "nindya", "nindya", "nindya"),
        ("900.01", "utama", "kla", "utama"),
        ("1000", "kla", "kla", "kla"),
    ],
)
def test_the_level_in_a_gap_is_by_the_rule_that_was_chosen(points, lower_bound, above, half_up):
    found = [KLA.level(D(points), gap).id for gap in rules.GAPS]
    assert found == [lower_bound, above, half_up]
    assert KLA.level(D(points)).id == lower_bound


def test_on_whole_points_all_rules_agree_with_the_official_bands():
    for points in range(1001):
        inside = [one.id for one in KLA.levels if one.first <= points <= one.last]
        assert {KLA.level(D(points), gap).id for gap in rules.GAPS} == set(inside)
        assert len(inside) == 1


@given(st.decimals(0, 1000, places=3), st.decimals(0, 1000, places=3), st.sampled_from(rules.GAPS))
def test_more_points_are_never_a_lower_level_and_the_suggested_rule_is_the_strictest(one, two, gap):
    order = [level.id for level in KLA.levels]
    low, high = sorted((one, two))
    assert order.index(KLA.level(low, gap).id) <= order.index(KLA.level(high, gap).id)
    assert order.index(KLA.level(low, "lower_bound").id) <= order.index(KLA.level(low, gap).id)


def test_a_rule_that_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="sideways"):
        KLA.level(D(1), "sideways")


# Weights


def rows(**changed: str) -> list[tuple[int, str, str]]:
    """Twenty weights of 40 and four of 50, changed as told: `_3="?"`."""
    told = {no: "50" if no > 20 else "40" for no in KLA.numbers}
    told |= {int(name[1:]): value for name, value in changed.items()}
    return [(no + 1, str(no), value) for no, value in told.items()]


def test_weights_that_are_all_known_are_the_whole():
    found = weights.from_rows(rows(), KLA)
    assert found.known == 1000
    assert found.rest == 0
    assert found.unknown == ()


@pytest.mark.parametrize("word", [*sorted(weights.UNKNOWN), "Belum Tahu"])
def test_an_unknown_weight_stays_unknown(word):
    found = weights.from_rows(rows(_1=word, _2=word), KLA)
    assert found.unknown == (1, 2)
    assert found.rest == 80


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"_1": "41"}, "sum-above"),
        ({"_1": "39.9999"}, "sum"),
        ({"_1": "-1"}, "weight"),
        ({"_1": "4e1"}, "weight"),
        ({"_1": "NaN"}, "weight"),
        ({"_1": "Infinity"}, "weight"),
        ({"_1": "1.000,5"}, "weight"),
        ({"_1": "40.00001"}, "weight"),
        ({"_1": "9" * 21}, "weight"),
        ({"_1": "٤٠"}, "weight"),
        ({"_1": "990", "_2": "?"}, "sum-above"),
    ],
)
def test_weights_that_cannot_be_are_refused_with_their_reason(changed, why):
    with pytest.raises(WeightsRefused) as refused:
        weights.from_rows(rows(**changed), KLA)
    assert refused.value.facts["why"] == why


@pytest.mark.parametrize(
    ("table", "why"),
    [
        (rows()[:-1], "missing"),
        ([*rows(), (26, "24", "0")], "twice"),
        ([*rows()[:-1], (25, "25", "50")], "indicator"),
        ([*rows()[:-1], (25, "24.0", "50")], "indicator"),
        ([*rows()[:-1], (25, "", "50")], "indicator"),
    ],
)
def test_each_indicator_stands_once(table, why):
    with pytest.raises(WeightsRefused) as refused:
        weights.from_rows(table, KLA)
    assert refused.value.facts["why"] == why


def csv_of(table, sign=",", header="no,bobot") -> bytes:
    lines = [header.replace(",", sign), *(f"{no}{sign}{value}" for _, no, value in table)]
    return "\r\n".join(lines).encode()


def test_the_same_weights_from_csv_yaml_and_xlsx():
    from openpyxl import Workbook

    table = rows(_1="40.5", _2="39,5", _7="?", _8="")
    book = Workbook()
    book.active.append(["Bobot dari surat edaran"])
    book.active.append(["No", "Judul", "Bobot"])
    for _, no, value in table:
        book.active.append([int(no), "judul", float(value) if value.replace(".", "").isdigit() else value])
    book.active.append(["Jumlah", None, 920.0])
    out = io.BytesIO()
    book.save(out)
    plain = "".join(f'  {no}: "{value}"\n' for _, no, value in table)
    expected = weights.from_rows(table, KLA)
    for content in (
        csv_of(rows(_1="40.5", _2="39.5", _7="?", _8="")),
        csv_of(table, ";"),
        b"\xef\xbb\xbf" + csv_of(table, "\t"),
        f"weights:\n{plain}".encode(),
        out.getvalue(),
    ):
        found = kla_files.weights_of(content, KLA)
        assert found.points == expected.points
        assert kla_files.unstored(kla_files.stored(found), KLA) == found


def test_the_example_to_fill_in_is_read_and_knows_nothing():
    for language in ("id", "en"):
        found = kla_files.weights_of(kla_files.example(KLA, language), KLA)
        assert found == weights.none_known(KLA)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"a" * ((1 << 20) + 1), "large"),
        (b"\xff\xfe\x00", "kind"),
        (b"no,bobot\0", "kind"),
        (b"PK\x03\x04 no archive", "kind"),
        (b"nomor;judul\n1;Perda\n", "columns"),
        (b"weights:\n  - 1\n", "columns"),
        (b"weights:\n  1: 2\n  1: 3\n", "twice"),
        (b"weights:\n  1: &a 3\n  2: *a\n", "kind"),
        (b"weights:\n  1: [\n", "kind"),
        (b"no,bobot\n" + b"1,2\n" * 600, "large"),
        (b'no,bobot\n1,"2', "kind"),
    ],
)
def test_a_file_that_is_none_is_refused(content, why):
    with pytest.raises(WeightsRefused) as refused:
        kla_files.weights_of(content, KLA)
    assert refused.value.facts["why"] == why


def test_a_sheet_that_unfolds_too_far_is_refused_unread():
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as folded:
        folded.writestr("xl/workbook.xml", b" " * (9 << 20))
    with pytest.raises(WeightsRefused) as refused:
        kla_files.weights_of(out.getvalue(), KLA)
    assert refused.value.facts["why"] == "large"


# Scores: ranges, held against a slow plain enumeration

SHARES = st.one_of(st.none(), st.decimals(0, 1, places=2))


def few(points: dict[int, Decimal | None], total: int) -> Weights:
    return Weights(D(total), points)


@st.composite
def cards(draw):
    """A small instrument of up to five indicators, some weights unknown, some silent, some told in points."""
    count = draw(st.integers(1, 5))
    parts = draw(st.lists(st.integers(0, 40), min_size=count, max_size=count))
    true = {no: D(part) for no, part in enumerate(parts, 1)}
    hidden = draw(st.sets(st.sampled_from(sorted(true))))
    told = {}
    for no, weight in true.items():
        share = draw(SHARES)
        if share is not None and draw(st.booleans()):
            told[no] = Told(points=(share * weight).quantize(D("0.01"), "ROUND_DOWN"))
        else:
            told[no] = Told(share=share)
    return few({no: None if no in hidden else true[no] for no in true}, sum(parts)), true, told


@given(cards())
def test_the_true_score_lies_in_the_range_whatever_was_not_known(card):
    known, true, told = card
    found = scoring.score(known, told).total
    for filled in product((D(0), D(1)), repeat=len(true)):
        parts = [
            one.points if one.points is not None else true[no] * (fill if one.share is None else one.share)
            for (no, one), fill in zip(told.items(), filled, strict=True)
        ]
        assert found.low <= sum(parts) <= found.high


@given(cards())
def test_both_ends_are_reached_by_some_weights(card):
    known, _, told = card
    found = scoring.score(known, told).total
    # Plain second reading: all that is left goes to one indicator with an unknown weight, each in its turn.
    sides = {"low": [], "high": []}
    base = {no: told[no].points or D(0) for no in known.unknown}
    left = known.rest - sum(base.values())
    for side, fill in (("low", D(0)), ("high", D(1))):
        for taker in known.unknown or (None,):
            points = D(0)
            for no, weight in known.points.items():
                one = told[no]
                has = weight if weight is not None else base[no] + (left if no == taker else 0)
                share = fill if one.share is None else one.share
                points += one.points if one.points is not None else share * has
            sides[side].append(points)
    assert found == Range(min(sides["low"]), max(sides["high"]))


@given(cards())
def test_clusters_add_up_when_all_is_known_and_what_is_exact_has_no_width(card):
    known, true, told = card
    if known.unknown or any(one.silent for one in told.values()):
        return
    found = scoring.score(known, told)
    assert found.total.exact
    by_one = [scoring.of_indicators(known, told, [no]) for no in true]
    assert sum((one.low for one in by_one), D(0)) == found.total.low
    assert all(found.by[no] == one for no, one in zip(true, by_one, strict=True))


def test_without_any_weight_the_score_is_a_range_and_never_a_guess():
    none = weights.none_known(KLA)
    assert scoring.score(none, {}).total == Range(D(0), D(1000))
    half = scoring.score(none, {no: Told(share=D("0.5")) for no in KLA.numbers})
    assert half.total == Range(D(500), D(500))  # whatever the weights are
    mixed = scoring.score(none, {no: Told(share=D("0.5") if no < 20 else D(1)) for no in KLA.numbers})
    assert mixed.total == Range(D(500), D(1000))
    assert [one.id for one in scoring.levels(mixed.total, KLA)] == ["pratama", "kla"]
    assert mixed.unknown == KLA.numbers


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (Told(share=D("1.01")), "share"),
        (Told(share=D("-0.1")), "share"),
        (Told(share=D("0.1234567")), "share"),
        (Told(points=D("40.01")), "points"),
        (Told(points=D(-1)), "points"),
        (Told(points=D("1.00001")), "points"),
        (Told(share=D(1), points=D(1)), "both"),
    ],
)
def test_a_score_that_cannot_be_is_refused(told, why):
    with pytest.raises(ScoreRefused) as refused:
        scoring.score(weights.from_rows(rows(), KLA), {1: told})
    assert refused.value.facts["why"] == why


def test_who_tells_points_under_an_unknown_weight_may_have_all_that_is_left():
    known = few({1: None, 2: None}, 100)
    told = {1: Told(points=D(10)), 2: Told(share=D(1))}
    assert scoring.score(known, told).total == Range(D(10), D(100))


def test_points_of_unknown_weights_together_are_at_most_what_is_left():
    known = weights.from_rows(rows(_1="?", _2="?"), KLA)
    told = {1: Told(points=D(60)), 2: Told(points=D(60))}
    with pytest.raises(ScoreRefused) as refused:
        scoring.score(known, told)
    assert refused.value.facts["why"] == "points-together"


# Evidence and forecast

TODAY = date(2026, 12, 31)


def paper(no=1, **more) -> Evidence:
    return Evidence(no, **{"dated": date(2026, 5, 1), "confirmed": True} | more)


@pytest.mark.parametrize(
    ("found", "standing"),
    [
        ([], Standing.MISSING),
        ([paper(planned=True)], Standing.MISSING),
        ([paper()], Standing.FINE),
        ([paper(), paper()], Standing.FINE),
        ([paper(confirmed=False)], Standing.UNCONFIRMED),
        ([paper(dated=date(2024, 12, 30))], Standing.OLD),
        ([paper(dated=date(2024, 12, 31))], Standing.FINE),
        ([paper(dated=date(2020, 1, 1), until=date(2027, 1, 1))], Standing.FINE),
        ([paper(until=date(2026, 12, 30))], Standing.OLD),
        ([paper(dated=date(2027, 1, 1))], Standing.OLD),
        ([paper(), paper(confirmed=False)], Standing.MIXED),
        ([paper(), paper(dated=date(2020, 1, 1))], Standing.MIXED),
        ([paper(), paper(planned=True)], Standing.FINE),
    ],
)
def test_how_evidence_stands(found, standing):
    assert evidence.standing(Told(share=D("0.9")), found, TODAY, 24) is standing
    assert evidence.standing(NOTHING, found, TODAY, 24) is Standing.NOTHING
    assert evidence.standing(Told(), found, TODAY, 24) is Standing.NOTHING


@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.integers(1, 120))
def test_evidence_counts_through_so_many_months_and_no_day_longer(dated, months):
    one = Evidence(1, dated)
    last = evidence.last_day(one, months)
    assert evidence.counts(one, last, months)
    assert not evidence.counts(one, last + timedelta(days=1), months)
    assert not evidence.counts(one, dated - timedelta(days=1), months)
    assert (last.year * 12 + last.month) - (dated.year * 12 + dated.month) == months
    assert last.day == dated.day or (last.day < dated.day and (last + timedelta(days=1)).day == 1)


@given(cards(), st.data())
def test_a_forecast_is_ordered_and_never_above_the_claims(card, data):
    known, true, told = card
    found = [
        paper(
            data.draw(st.sampled_from(sorted(true))),
            confirmed=data.draw(st.booleans()),
            planned=data.draw(st.booleans()),
            dated=data.draw(st.sampled_from([date(2020, 1, 1), date(2026, 6, 1), date(2027, 6, 1)])),
        )
        for _ in range(data.draw(st.integers(0, 8)))
    ]
    stand = evidence.standings(told, found, true, TODAY, 24)
    ahead = evidence.forecast(known, told, stand, found, TODAY)
    claims = {no: NOTHING if one.silent else one for no, one in told.items()}
    assert ahead.high == scoring.score(known, claims).total
    for side in ("low", "high"):
        ends = [getattr(one, side) for one in (ahead.low, ahead.likely, ahead.high)]
        assert ends == sorted(ends)
    risk = evidence.at_risk(known, told, stand)
    if not known.unknown:
        assert ahead.high.low - ahead.low.low == risk.high


def test_points_at_risk_and_the_forecast_of_a_small_card():
    known = few({1: D(100), 2: D(60), 3: D(40), 4: D(50)}, 250)
    told = {1: Told(points=D(95)), 2: Told(share=D("0.5")), 3: Told(share=D(1)), 4: Told()}
    found = [paper(1), paper(2, confirmed=False), paper(3, dated=date(2019, 1, 1)),
             paper(3, dated=date(2026, 12, 1), planned=True)]  # fmt: skip
    stand = evidence.standings(told, found, known.points, TODAY, 24)
    assert list(stand.values()) == [Standing.FINE, Standing.UNCONFIRMED, Standing.OLD, Standing.NOTHING]
    assert evidence.at_risk(known, told, stand) == Range(D(70), D(70))
    ahead = evidence.forecast(known, told, stand, found, TODAY)
    assert [exactly(one) for one in (ahead.low, ahead.likely, ahead.high)] == [D(95), D(135), D(165)]
    late = [*found[:3], paper(3, dated=date(2027, 1, 5), planned=True)]
    assert exactly(evidence.forecast(known, told, stand, late, TODAY).likely) == D(95)


# The province's check, and years


def real() -> tuple[Weights, dict[int, Told]]:
    """A card whose claims are 721 points, with weights of our own."""
    known = weights.from_rows(rows(), KLA)
    told = {no: Told(share=D("0.72")) for no in KLA.numbers} | {1: Told(points=D("29.8"))}
    return known, told


def test_a_real_shrinkage_721_became_588_40():
    known, told = real()
    claimed = scoring.score(known, told).total
    assert exactly(claimed) == 721
    assert KLA.level(claimed.low).id == "nindya"
    # Documents were missing: four indicators go back, one keeps a part.
    verdicts = {no: Verdict(checking.ACCEPTED) for no in KLA.numbers}
    verdicts |= {no: Verdict(checking.RETURNED) for no in (7, 9, 17, 21)}
    verdicts |= {24: Verdict(checking.PART, D("0.66"))}
    verdicts |= {23: Verdict(checking.PART, D("0.648"))}
    verdicts |= {1: Verdict(checking.PART, D("26.2"))}
    left = scoring.score(known, checking.checked(known, told, verdicts)).total
    assert exactly(left) == D("588.40")
    assert KLA.level(left.low).id == "pratama"
    assert checking.kept(claimed, left) == D("0.816")
    assert checking.change(claimed, left).low == D("-132.60")


@given(cards(), st.data())
def test_a_check_never_gives_more_than_was_claimed(card, data):
    known, _, told = card
    verdicts = {}
    for no, one in told.items():
        claim = one.share if one.share is not None else one.points
        if claim is None:
            continue
        mark = data.draw(st.sampled_from(checking.VERDICTS))
        left = claim * data.draw(st.sampled_from([D(0), D("0.5"), D(1)])) if mark == checking.PART else None
        verdicts[no] = Verdict(mark, left)
    claims = {no: NOTHING if one.silent else one for no, one in told.items()}
    before = scoring.score(known, claims).total
    after = scoring.score(known, checking.checked(known, told, verdicts)).total
    assert after.low <= before.low
    assert after.high <= before.high
    assert scoring.score(known, checking.checked(known, told, {})).total == before


@pytest.mark.parametrize(
    ("told", "verdict"),
    [
        (Told(share=D("0.5")), Verdict("maybe")),
        (Told(share=D("0.5")), Verdict(checking.PART)),
        (Told(share=D("0.5")), Verdict(checking.ACCEPTED, D("0.5"))),
        (Told(share=D("0.5")), Verdict(checking.PART, D("0.51"))),
        (Told(share=D("0.5")), Verdict(checking.PART, D("-0.1"))),
        (Told(), Verdict(checking.PART, D(0))),
    ],
)
def test_a_verdict_that_cannot_be_is_refused(told, verdict):
    with pytest.raises(ScoreRefused):
        checking.left_of(told, verdict, 1)


@given(cards(), st.data())
def test_under_the_same_weights_the_true_change_lies_in_a_range_that_is_never_wider(card, data):
    known, true, before = card
    after = {no: Told(share=data.draw(SHARES)) for no in true}
    by, whole = checking.change_under(known, before, after)
    loose = checking.change(scoring.score(known, before).total, scoring.score(known, after).total)
    assert loose.low <= whole.low <= whole.high <= loose.high

    def points(told: Told, no: int, fill: int) -> Decimal:
        share = D(fill) if told.share is None else told.share
        return told.points if told.points is not None else share * true[no]

    for first, second in product((0, 1), repeat=2):
        each = {no: points(after[no], no, second) - points(before[no], no, first) for no in true}
        assert all(by[no].low <= one <= by[no].high for no, one in each.items())
        assert whole.low <= sum(each.values()) <= whole.high


def test_an_unknown_weight_is_the_same_in_both_years():
    known = few({1: None, 2: None, 3: D(20)}, 100)
    before = {no: Told(share=D("0.5")) for no in known.points}
    after = {1: Told(share=D("0.75")), 2: Told(share=D("0.5")), 3: Told(share=D(1))}
    by, whole = checking.change_under(known, before, after)
    assert (by[1], by[2], by[3]) == (
        checking.Change(D(0), D(20)),
        checking.Change(D(0), D(0)),
        checking.Change(D(10), D(10)),
    )
    assert whole == checking.Change(D(10), D(30))


def test_years_are_compared_as_ranges():
    assert checking.change(Range(D(1), D(2)), Range(D(5), D(9))) == checking.Change(D(3), D(8))
    assert checking.change(Range(D(1), D(1)), Range(D(5), D(5))).exact
    assert checking.kept(Range(D(0), D(0)), Range(D(0), D(0))) is None
    assert checking.kept(Range(D(1), D(2)), Range(D(1), D(1))) is None
