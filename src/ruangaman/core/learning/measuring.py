"""
What a group learned: the effect against those who wait, how sure that is, and what each question is worth.

Learners of one class or village are alike, so what is compared are classes, not children: the headline is an analysis
of covariance on the means of clusters, whose t interval holds what it says also with few clusters. The model of
individuals stands beside it, with the correction of Bell and McCaffrey (CR2) and Satterthwaite's degrees of freedom;
plain robust intervals cover far too little with eight clusters.

Shapes: arrays of one row a learner unless said otherwise; scores are shares of items right, 0 to 1.
"""

from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from ruangaman.core.errors import RuangAmanError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

FEWEST_CLUSTERS, FEWEST_LEARNERS = 8, 30
"""Clusters of both arms together, learners of each; below either nothing is said."""
SHARE: Final = 0.95


class NotEnoughData(RuangAmanError):
    """Too few clusters or learners for any statement."""

    code = "learning.not-enough-data"


@dataclass(frozen=True, slots=True)
class Trial:
    """
    Who was measured: one row a learner with both a test before and this one.

    Attributes:
        cluster: number of the class or village. arm: 1 of those who were taught, 0 of those who wait.
        before, after: scores.
    """

    cluster: Ints
    arm: Ints
    before: Floats
    after: Floats


@dataclass(frozen=True, slots=True)
class Effect:
    """A difference with its interval of 95 %: in shares of items, and in standard deviations (Hedges' g)."""

    estimate: float
    low: float
    high: float
    error: float
    degrees: float
    g: float
    g_low: float
    g_high: float


def enough(trial: Trial) -> bool:
    """Whether anything may be said."""
    clusters = len(np.unique(trial.cluster))
    arms = np.bincount(trial.arm, minlength=2)
    both = all(len(np.unique(trial.cluster[trial.arm == arm])) >= 2 for arm in (0, 1))
    return clusters >= FEWEST_CLUSTERS and bool(arms.min() >= FEWEST_LEARNERS) and both


def of_clusters(trial: Trial) -> Effect:
    """
    The headline: analysis of covariance on the means of clusters, each counting the same; clusters - 3 degrees.

    Raises:
        NotEnoughData: see `enough`.
    """
    _demand(trial)
    numbers, where = np.unique(trial.cluster, return_inverse=True)
    size = np.bincount(where).astype(np.float64)
    after, before, arm = (
        np.bincount(where, weights=one.astype(np.float64)) / size
        for one in (trial.after, trial.before, trial.arm)
    )
    design = np.column_stack((np.ones(len(numbers)), arm, before - before.mean()))
    bread, fit = _least_squares(design, after)
    rest = after - design @ fit
    degrees = float(len(numbers) - np.linalg.matrix_rank(design))
    error = float(np.sqrt(rest @ rest / degrees * bread[1, 1]))
    return _told(trial, float(fit[1]), error, degrees)


def of_learners(trial: Trial) -> Effect:
    """
    The model of individuals, with the learner's own score before and the mean of the cluster's.

    Errors are CR2 with Satterthwaite's degrees of freedom (Bell and McCaffrey 2002; Pustejovsky and Tipton 2018).

    Raises:
        NotEnoughData: see `enough`.
    """
    _demand(trial)
    _numbers, where = np.unique(trial.cluster, return_inverse=True)
    size = np.bincount(where).astype(np.float64)
    mean = np.bincount(where, weights=trial.before) / size
    design = np.column_stack(
        (
            np.ones(len(where)),
            trial.arm.astype(np.float64),
            trial.before - mean[where],
            mean[where] - trial.before.mean(),
        )
    )
    bread, fit = _least_squares(design, trial.after)
    rest = trial.after - design @ fit
    error, degrees = _corrected(design, rest, bread, where, at=1)
    return _told(trial, float(fit[1]), error, degrees)


def _demand(trial: Trial) -> None:
    if not enough(trial):
        raise NotEnoughData(
            clusters=len(np.unique(trial.cluster)),
            taught=int((trial.arm == 1).sum()),
            waiting=int((trial.arm == 0).sum()),
        )


def _least_squares(design: Floats, told: Floats) -> tuple[Floats, Floats]:
    bread: Floats = np.linalg.pinv(design.T @ design).astype(np.float64)
    return bread, bread @ design.T @ told


def _corrected(design: Floats, rest: Floats, bread: Floats, where: Ints, *, at: int) -> tuple[float, float]:
    """The error of one coefficient by CR2, and its degrees of freedom."""
    rows = np.split(np.argsort(where, kind="stable"), np.cumsum(np.bincount(where))[:-1])
    # What the term of a cluster is, as weights of all learners' own errors when these are alike and independent: its
    # weights in its own rows, less `design @ returned`. Of them only products between clusters are needed.
    own = np.zeros(len(rows))
    pulled = np.zeros((len(rows), design.shape[1]))
    total = 0.0
    for cluster, row in enumerate(rows):
        here = design[row]
        leverage = here @ bread @ here.T
        values, vectors = np.linalg.eigh(np.eye(len(row)) - leverage)
        root = np.where(values > 1e-10, 1 / np.sqrt(np.maximum(values, 1e-10)), 0.0)
        adjusted = (vectors * root) @ vectors.T
        weight = adjusted @ here @ bread[:, at]
        total += float(weight @ rest[row]) ** 2
        own[cluster], pulled[cluster] = weight @ weight, weight @ here
    returned = pulled @ bread
    crossed = pulled @ returned.T
    shared = np.diag(own) - crossed - crossed.T + returned @ (design.T @ design) @ returned.T
    degrees = float(np.trace(shared) ** 2 / (shared * shared).sum())
    return float(np.sqrt(total)), degrees


def _told(trial: Trial, estimate: float, error: float, degrees: float) -> Effect:
    half = float(stdtrit(degrees, 1 - (1 - SHARE) / 2)) * error
    spread = pooled_deviation(trial)
    learners = len(trial.arm) - 2
    small = 1 - 3 / (4 * learners - 1)
    g = [small * one / spread if spread else 0.0 for one in (estimate, estimate - half, estimate + half)]
    return Effect(estimate, estimate - half, estimate + half, error, degrees, *g)


def pooled_deviation(trial: Trial) -> float:
    """The standard deviation of the scores after, within the arms."""
    squares, count = 0.0, 0
    for arm in (0, 1):
        told = trial.after[trial.arm == arm]
        squares += float(((told - told.mean()) ** 2).sum())
        count += len(told) - 1
    return float(np.sqrt(squares / count))


def normalised_gain(before: float, after: float) -> float | None:
    """Of a group's means alone: the share of what was left to learn that was learned; none where all was known."""
    return None if before >= 1 else (after - before) / (1 - before)


@dataclass(frozen=True, slots=True)
class Recognised:
    """
    Telling danger from what is safe.

    Attributes:
        hits, alarms: shares of dangers seen, and of safe things taken for danger.
        sensitivity: d', log-linear corrected (Hautus 1995), so that 0 and all can be told too.
    """

    hits: float
    alarms: float
    sensitivity: float


def recognised(dangers: int, seen: int, safe: int, feared: int) -> Recognised:
    """From counts: dangers shown and seen, safe things shown and taken for danger."""
    normal = NormalDist()
    corrected = normal.inv_cdf((seen + 0.5) / (dangers + 1)) - normal.inv_cdf((feared + 0.5) / (safe + 1))
    return Recognised(seen / dangers if dangers else 0.0, feared / safe if safe else 0.0, corrected)
