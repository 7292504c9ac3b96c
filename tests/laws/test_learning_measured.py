"""What a group learned: the estimates against slower ways to the same number."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ruangaman.core.learning import items, knowing, measuring
from ruangaman.core.learning.measuring import NotEnoughData, Trial


def trial(seed: int, clusters: int = 10, each: int = 12, effect: float = 0.1) -> Trial:
    chance = np.random.default_rng(seed)
    size = chance.integers(each - 4, each + 5, clusters)
    cluster = np.repeat(np.arange(clusters), size)
    arm = np.repeat(chance.permutation(np.arange(clusters) % 2), size)
    alike = np.repeat(chance.normal(0, 0.1, clusters), size)
    before = np.clip(chance.normal(0.5, 0.2, len(cluster)) + alike, 0, 1)
    after = np.clip(before + effect * arm + alike / 2 + chance.normal(0, 0.15, len(cluster)), 0, 1)
    return Trial(cluster, arm, before, after)


def test_the_headline_is_what_least_squares_on_the_means_gives():
    told = trial(1)
    rows = [
        (told.arm[here][0], told.before[here].mean(), told.after[here].mean())
        for here in (told.cluster == one for one in np.unique(told.cluster))
    ]
    arm, before, after = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    # Frisch and Waugh: take the test before out of both, then one line through what is left.
    rest = [one - np.polyval(np.polyfit(before, one, 1), before) for one in (arm, after)]
    line = stats.linregress(*rest)
    degrees = len(rows) - 3
    error = line.stderr * np.sqrt((len(rows) - 2) / degrees)
    half = stats.t.ppf(0.975, degrees) * error
    found = measuring.of_clusters(told)
    assert found.estimate == pytest.approx(line.slope)
    assert (found.low, found.high) == pytest.approx((line.slope - half, line.slope + half))
    assert found.degrees == degrees


def test_the_error_of_individuals_is_cr2_written_out_in_whole_matrices():
    told = trial(2, clusters=8, each=9)
    mean = np.array([told.before[told.cluster == one].mean() for one in range(8)])[told.cluster]
    x = np.column_stack((np.ones(len(mean)), told.arm, told.before - mean, mean - told.before.mean()))
    bread = np.linalg.inv(x.T @ x)
    whole = np.eye(len(x)) - x @ bread @ x.T
    rest = whole @ told.after
    meat, parts = np.zeros((4, 4)), []
    for one in range(8):
        mask = told.cluster == one
        block = whole[np.ix_(mask, mask)]
        values, vectors = np.linalg.eigh(block)
        adjust = vectors @ np.diag([v**-0.5 if v > 1e-10 else 0 for v in values]) @ vectors.T
        score = x[mask].T @ adjust @ rest[mask]
        meat += np.outer(score, score)
        parts.append(whole[:, mask] @ adjust @ x[mask] @ bread[:, 1])
    error = np.sqrt((bread @ meat @ bread)[1, 1])
    grams = np.array(parts) @ np.array(parts).T
    values = np.linalg.eigvalsh(grams)
    found = measuring.of_learners(told)
    assert found.error == pytest.approx(error)
    assert found.degrees == pytest.approx(values.sum() ** 2 / (values**2).sum())


def test_an_effect_that_was_planted_lies_in_most_intervals_and_none_is_found_where_there_is_none():
    inside = sum(
        one.low <= 0.1 <= one.high for one in (measuring.of_clusters(trial(seed)) for seed in range(200))
    )
    found = sum(
        not one.low <= 0 <= one.high
        for one in (measuring.of_clusters(trial(seed, effect=0)) for seed in range(200))
    )
    assert inside >= 180
    assert found <= 20


@pytest.mark.parametrize(("clusters", "each"), [(6, 30), (8, 6)])
def test_too_little_is_not_talked_about(clusters, each):
    with pytest.raises(NotEnoughData):
        measuring.of_clusters(trial(3, clusters=clusters, each=each))


def test_dangers_seen_and_safe_things_feared_are_told_apart():
    good, anxious = measuring.recognised(20, 18, 20, 2), measuring.recognised(20, 18, 20, 18)
    assert good.hits == anxious.hits == 0.9
    assert good.sensitivity > 2
    assert anxious.sensitivity == pytest.approx(0)
    assert measuring.recognised(10, 10, 10, 0).sensitivity < 4


def test_a_gain_is_the_share_of_what_was_left_to_learn():
    assert measuring.normalised_gain(0.5, 0.75) == 0.5
    assert measuring.normalised_gain(1, 1) is None


@given(
    st.lists(st.booleans(), max_size=7),
    st.tuples(*[st.floats(0.02, 0.98)] * 2, *[st.floats(0.02, 0.45)] * 2),
)
def test_knowing_is_what_counting_every_way_it_may_have_gone_says(answers, chances):
    skill = knowing.Skill(*chances)
    told = knowing.trace(answers, skill)
    for upto in range(1, len(answers) + 1):
        # Learned before the first answer, or by one of the tries, or not yet: every way, with its chance.
        known = total = 0.0
        for learned in range(upto + 2):
            way = skill.p_init if learned == 0 else (1 - skill.p_init)
            if learned:
                way *= (1 - skill.p_learn) ** (learned - 1)
                way *= skill.p_learn if learned <= upto else 1.0
            for at in range(upto):
                has = learned <= at
                right = (1 - skill.p_slip) if has else skill.p_guess
                way *= right if answers[at] else 1 - right
            total += way
            known += way if learned <= upto else 0.0
        assert told[upto - 1] == pytest.approx(known / total)


def test_four_of_five_on_two_days_is_mastery_and_on_one_day_is_not():
    assert knowing.mastered([(1, True), (1, True), (2, False), (2, True), (2, True)])
    assert not knowing.mastered([(1, True)] * 5)
    assert not knowing.mastered([(1, True), (2, True), (2, False), (2, False), (3, True)])


def test_an_item_that_everybody_knows_and_one_that_goes_against_the_rest_are_found():
    chance = np.random.default_rng(5)
    ability = chance.normal(0, 1, 200)
    right = np.column_stack([ability + chance.normal(0, 1, 200) > 0 for _ in range(6)])
    right[:, 0] = True
    right[:, 1] = ability < 0
    chosen = np.where(right, "a", "b")
    told = items.health(right, chosen, [("b", "c")] * 6)
    assert "too-easy" in told[0].doubts
    assert "does-not-belong" in told[1].doubts
    assert told[3].doubts == ("idle-options",)
    assert told[3].idle == ("c",)
    assert items.health(right[:10], chosen[:10], [("b",)] * 6)[0].doubts == ("too-few-answers",)


def test_an_item_that_one_group_answers_better_than_its_score_says_is_found_and_others_are_not():
    chance = np.random.default_rng(6)
    group = np.arange(600) % 2
    ability = chance.normal(0, 1, 600)
    right = np.column_stack([ability + chance.logistic(0, 0.6, 600) > 0 for _ in range(8)])
    right[:, 2] = ability - 1.5 * group + chance.logistic(0, 0.6, 600) > 0
    assert items.differs(right, group, 2).size == "C"
    assert items.differs(right, group, 2).delta < 0
    assert [items.differs(right, group, one).size for one in (0, 1, 3, 4)] == ["A"] * 4
