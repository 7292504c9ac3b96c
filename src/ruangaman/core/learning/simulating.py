"""
Learners who are drawn, to see whether the measuring finds what was planted, and finds nothing where nothing was.

Each learner knows some of the pieces of an objective; who knows one answers its items right unless they slip, who does
not may guess (Corbett and Anderson 1995). Learners of a cluster are alike, some lessons are taught better than others,
what was learned is partly forgotten, and who knows little stays away more often from the test after 28 days.

The truth is not what went in: guessing, slips and ceilings shrink it. It is what a very large drawn population tells
when everybody is measured both taught and waiting: the mean difference of scores after 28 days. So drop-out can cost
coverage, and does if it biases. docs/adr/0135 says why.

Shapes: `(runs, clusters, most, ...)` where `most` is the largest size of a cluster; `there` tells which seats exist.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.random import Generator

from ruangaman.core.learning import measuring
from ruangaman.core.learning.knowing import Skill
from ruangaman.core.learning.measuring import Bools, Effect, Floats, Ints, Trial

PIECES, ITEMS = 3, 6
"""What an objective is made of; items of a form, as many for each piece."""
POPULATION: Final = 24_000
"""Clusters in which the truth is looked up; its error is then far below that of any trial."""
STEPS, NEAR = 14, 0.0005
"""Tries by which the chance to learn is found that gives the effect wanted, and how near is enough, in g."""
TOGETHER: Final = 40
"""Runs drawn at once, so that memory stays below some 100 MB."""


SKILL: Final = Skill(p_init=0.4, p_learn=0.0, p_slip=0.1, p_guess=0.3)
"""Of three options one is guessed a third of the time; items that nobody slips on would be too easy to be kept."""


@dataclass(frozen=True, slots=True)
class World:
    """
    How learners are drawn.

    Attributes:
        skill: chances; `p_learn` is that of a lesson for each piece not known, `p_init` of the middle learner.
        alike: share of the variance of knowing (as log odds) that lies between clusters.
        spread: standard deviation of knowing, in log odds. teaching: of the lesson's chance between clusters.
        kept: chance that a learned piece is still known after 28 days. elsewhere: that it is learned without us, at the
            middle cluster. unrest: standard deviation of that between clusters, in log odds.
        away: log odds that somebody who knows all stays away from the last test; `shy`: what each share of pieces
            not known adds to them, so that drop-out tells of knowing.
        size: of clusters, at the mean. uneven: their sizes lie this share above or below it.
    """

    skill: Skill = SKILL
    alike: float = 0.4
    spread: float = 1.2
    teaching: float = 0.5
    kept: float = 0.7
    elsewhere: float = 0.08
    unrest: float = 0.8
    away: float = -2.4
    shy: float = 0.9
    size: int = 25
    uneven: float = 0.3


@dataclass(frozen=True, slots=True)
class Drawn:
    """
    Trials of one kind.

    Attributes:
        arm: (clusters,), 1 of those who are taught. there, came: seats that exist; of those, who took the last test.
        before, same_day, delayed: right answers, the last axis is items.
    """

    arm: Ints
    there: Bools
    came: Bools
    before: Bools
    same_day: Bools
    delayed: Bools

    def trials(self) -> Iterator[Trial]:
        """One for each run, of those who took the first and the last test."""
        cluster = np.arange(len(self.arm))[:, None]
        before, after = self.before.mean(axis=-1), self.delayed.mean(axis=-1)
        for run in range(len(self.there)):
            here = self.there[run] & self.came[run]
            rows, _seats = np.nonzero(here)
            yield Trial(cluster[rows, 0], self.arm[rows], before[run][here], after[run][here])


def draw(world: World, arm: Ints, runs: int, generator: Generator) -> Drawn:
    """
    Draw trials.

    Args:
        arm: (clusters,) of 0 and 1. runs: how many trials of these clusters. generator: where chance comes from.
    """
    clusters = len(arm)
    least, most = round(world.size * (1 - world.uneven)), round(world.size * (1 + world.uneven))
    sizes = generator.integers(least, most + 1, size=(runs, clusters))
    there = np.arange(most) < sizes[..., None]
    between, within = np.sqrt(world.alike) * world.spread, np.sqrt(1 - world.alike) * world.spread
    odds = _odds(world.skill.p_init) + between * generator.standard_normal((runs, clusters, 1))
    odds = odds + within * generator.standard_normal((runs, clusters, most))
    shape = (runs, clusters, most, PIECES)
    known = generator.random(shape) < _chance(odds)[..., None]
    # Chance is drawn alike for both arms, whatever becomes of it: the same numbers serve all effects (`truth`).
    taught = world.teaching * generator.standard_normal((runs, clusters, 1, 1))
    if 0 < world.skill.p_learn < 1:
        lesson = _chance(_odds(world.skill.p_learn) + taught) * arm[:, None, None]
    else:
        lesson = np.full((runs, clusters, 1, 1), world.skill.p_learn) * arm[:, None, None]
    learned = ~known & (generator.random(shape) < lesson)
    stays = generator.random(shape) < world.kept
    news = _odds(world.elsewhere) + world.unrest * generator.standard_normal((runs, clusters, 1, 1))
    found = generator.random(shape) < _chance(news)
    later = known | (learned & stays) | found
    before = _answers(known, world.skill, generator)
    same_day = _answers(known | learned, world.skill, generator)
    delayed = _answers(later, world.skill, generator)
    away = _chance(world.away + world.shy * (1 - later.mean(axis=-1)))
    came = generator.random(away.shape) >= away
    return Drawn(arm, there, came, before, same_day, delayed)


def _answers(known: Bools, skill: Skill, generator: Generator) -> Bools:
    every = np.repeat(known, ITEMS // PIECES, axis=-1)
    chance = np.where(every, 1 - skill.p_slip, skill.p_guess)
    right: Bools = generator.random(chance.shape) < chance
    return right


def _odds(chance: float) -> float:
    return float(np.log(chance / (1 - chance)))


def _chance(odds: Floats) -> Floats:
    told: Floats = 1 / (1 + np.exp(-odds))
    return told


@dataclass(frozen=True, slots=True)
class Truth:
    """
    What a very large population tells when everybody comes.

    Attributes:
        estimate: mean difference of scores after 28 days, taught less waiting. g: the same in standard deviations
            within arms. alike: share of the variance of scores between clusters of those who wait. away: share of the
            waiting and of the taught who stay away from the last test.
    """

    estimate: float
    g: float
    alike: float
    away: tuple[float, float]


def truth(world: World, seed: int) -> Truth:
    """Each learner of one population, once taught and once waiting, with the same chance in all else."""
    told = []
    for arm in (0, 1):
        arms = np.full(POPULATION, arm, dtype=np.int64)
        told.append(draw(world, arms, 1, np.random.default_rng(seed)))
    waiting, taught = ((one.delayed.mean(axis=-1), one.there) for one in told)
    means = [float(score[there].mean()) for score, there in (waiting, taught)]
    spread = [float(score[there].var()) for score, there in (waiting, taught)]
    away = [1 - float(one.came[one.there].mean()) for one in told]
    difference = means[1] - means[0]
    return Truth(
        difference, difference / float(np.sqrt(sum(spread) / 2)), _intraclass(*waiting), (away[0], away[1])
    )


def _intraclass(score: Floats, there: Bools) -> float:
    """From an analysis of variance (Donner and Koval 1980)."""
    size = there.sum(axis=-1).ravel().astype(np.float64)
    sums = np.where(there, score, 0).sum(axis=-1).ravel()
    squares = float((np.where(there, score, 0) ** 2).sum())
    total, means = float(size.sum()), sums / size
    between = float((size * (means - sums.sum() / total) ** 2).sum()) / (len(size) - 1)
    within = (squares - float((size * means**2).sum())) / (total - len(size))
    usual = (total - float((size**2).sum()) / total) / (len(size) - 1)
    return (between - within) / (between + (usual - 1) * within)


def planted(world: World, g: float, seed: int) -> tuple[World, Truth]:
    """
    The world whose true effect is `g`; of 0 nobody learns by the lesson. Where the lesson cannot do as much, what it
    does at the most.
    """
    if not g:
        still = replace(world, skill=replace(world.skill, p_learn=0.0))
        return still, truth(still, seed)
    # The effect grows with the chance, and all but straight: two or three lines through its ends find it.
    low, high, at_low, at_high = 0.0, 1.0, 0.0, _taught(world, 1.0, seed)[1].g
    for _ in range(STEPS):
        chance = min(1.0, low + (high - low) * (g - at_low) / (at_high - at_low))
        tried, told = _taught(world, chance, seed)
        if abs(told.g - g) < NEAR:
            break
        if told.g < g:
            low, at_low = chance, told.g
        else:
            high, at_high = chance, told.g
    return tried, told


def _taught(world: World, chance: float, seed: int) -> tuple[World, Truth]:
    tried = replace(world, skill=replace(world.skill, p_learn=chance))
    return tried, truth(tried, seed)


def plain(trial: Trial) -> tuple[float, float]:
    """
    The interval that many reports print, for contrast: individuals, cluster-robust errors without any correction (CR0),
    and the normal distribution. Nothing else uses it.
    """
    where = np.unique(trial.cluster, return_inverse=True)[1]
    size = np.bincount(where).astype(np.float64)
    mean = np.bincount(where, weights=trial.before) / size
    design = np.column_stack((np.ones(len(where)), trial.arm, trial.before - mean[where], mean[where]))
    bread = np.linalg.pinv(design.T @ design)
    fit = bread @ design.T @ trial.after
    pull = (design @ bread[:, 1]) * (trial.after - design @ fit)
    error = float(np.sqrt((np.bincount(where, weights=pull) ** 2).sum()))
    half = NormalDist().inv_cdf(1 - (1 - measuring.SHARE) / 2) * error
    return float(fit[1]) - half, float(fit[1]) + half


@dataclass(frozen=True, slots=True)
class Row:
    """
    What became of all runs with so many clusters; shares of runs, 0 to 1.

    Attributes:
        clusters: of both arms together. headline, headline_g, learners, plain: intervals that held the truth, by
            `of_clusters` (in shares of items, and in g), `of_learners` and `plain`. power: headlines that found the
            planted effect. false: headlines that found one where none was. wide: half the interval's width in g, at
            the middle run.
    """

    clusters: int
    headline: float
    headline_g: float
    learners: float
    plain: float
    power: float
    false: float
    wide: float


def run(there: tuple[World, Truth], nothing: tuple[World, Truth], clusters: int, runs: int, seed: int) -> Row:
    """Draw so many trials with the planted effect and as many with none, and analyse each as a campaign's is."""
    arm = (np.arange(clusters) % 2).astype(np.int64)
    world, told = there
    generator = np.random.default_rng((seed, clusters, 1))
    held = np.zeros(4)
    found, widths = 0, []
    for trial in _trials(world, arm, runs, generator):
        headline, beside = measuring.of_clusters(trial), measuring.of_learners(trial)
        low, high = plain(trial)
        held += (
            _holds(headline.low, told.estimate, headline.high),
            _holds(headline.g_low, told.g, headline.g_high),
            _holds(beside.low, told.estimate, beside.high),
            _holds(low, told.estimate, high),
        )
        found += _found(headline)
        widths.append((headline.g_high - headline.g_low) / 2)
    generator = np.random.default_rng((seed, clusters, 0))
    false = sum(_found(measuring.of_clusters(trial)) for trial in _trials(nothing[0], arm, runs, generator))
    shares = held / runs
    return Row(
        clusters=clusters,
        headline=float(shares[0]),
        headline_g=float(shares[1]),
        learners=float(shares[2]),
        plain=float(shares[3]),
        power=found / runs,
        false=false / runs,
        wide=float(np.median(widths)),
    )


def _trials(world: World, arm: Ints, runs: int, generator: Generator) -> Iterator[Trial]:
    for begin in range(0, runs, TOGETHER):
        yield from draw(world, arm, min(TOGETHER, runs - begin), generator).trials()


def _holds(low: float, truth: float, high: float) -> bool:
    return low <= truth <= high


def _found(effect: Effect) -> bool:
    return not effect.low <= 0 <= effect.high
