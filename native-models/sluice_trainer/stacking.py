"""From a matrix to fitted members with out-of-fold answers, and the blend over them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.base import ClassifierMixin

from .blender import Blend, Choice, choose_blend
from .folds import deal_folds
from .forest import Forest, grow_forest
from .matrix import FAMILIES, Rows
from .members import LINEAR_MEMBERS, MemberPlan, PlattScale, affine, fit_platt, margins
from .profiles import Profile
from .progress import Progress
from .vectorizer import Vectorizer

FOREST_MEMBER = "random-forest"


@dataclass(frozen=True)
class LinearMember:
    plan: MemberPlan
    estimator: ClassifierMixin
    platt: PlattScale

    def probabilities(self, rows: csr_matrix) -> NDArray[np.float64]:
        return self.platt(margins(self.estimator, rows))

    def scaled(self) -> tuple[NDArray[np.float64], float]:
        """Weights and bias with the Platt scale folded in: the probability is the sigmoid of their margin."""
        weights, bias = affine(self.estimator)
        return weights * self.platt.slope, bias * self.platt.slope + self.platt.shift


@dataclass(frozen=True)
class Model:
    vectorizers: dict[str, Vectorizer]
    linear: list[LinearMember]
    forest: Forest
    blend: Blend
    choices: list[Choice]
    out_of_fold: NDArray[np.float64]

    @property
    def member_names(self) -> list[str]:
        return [member.plan.name for member in self.linear] + [FOREST_MEMBER]

    def members(self, counts: dict[str, csr_matrix]) -> NDArray[np.float64]:
        """Each member's probability, [rows, members], in the order of the blender's weights."""
        tf_idf = {family: self.vectorizers[family].transform(counts[family]) for family in FAMILIES}
        columns = [member.probabilities(tf_idf[member.plan.family]) for member in self.linear]
        columns.append(self.forest.probabilities(self.vectorizers["words"].select(counts["words"])))
        return np.column_stack(columns)


def fit_model(rows: Rows, profile: Profile, reject_min: float, seed: int, jobs: int, progress: Progress) -> Model:
    folds = deal_folds(rows.labels, rows.groups, profile.folds, seed)
    out_of_fold = np.zeros((len(rows), len(LINEAR_MEMBERS) + 1))
    for fold in range(profile.folds):
        with progress.step(f"fold {fold + 1} of {profile.folds}"):
            held = np.flatnonzero(folds == fold)
            seen = np.flatnonzero(folds != fold)
            _, fitted = _fit_linear(_take(rows, seen), profile, seed, held_out=_take(rows, held))
            out_of_fold[held, :-1] = fitted
    scales = [fit_platt(out_of_fold[:, at], rows.labels, rows.weights) for at in range(len(LINEAR_MEMBERS))]
    for at, scale in enumerate(scales):
        out_of_fold[:, at] = scale(out_of_fold[:, at])

    with progress.step("linear members"):
        (vectorizers, estimators), _ = _fit_linear(rows, profile, seed)
    linear = [LinearMember(*parts) for parts in zip(LINEAR_MEMBERS, estimators, scales, strict=True)]
    with progress.step("forest"):
        counts = vectorizers["words"].select(rows.counts["words"])
        forest = grow_forest(counts, rows.labels, rows.weights, profile.forest, seed, jobs)
        out_of_fold[:, -1] = forest.out_of_bag
    with progress.step("blender"):
        late = np.array([plan.family != "words" for plan in LINEAR_MEMBERS] + [True])
        blend, choices = choose_blend(
            out_of_fold,
            rows.labels,
            rows.weights,
            folds,
            late,
            profile,
            reject_min,
        )
    return Model(vectorizers, linear, forest, blend, choices, out_of_fold)


def _take(rows: Rows, at: NDArray[np.intp]) -> Rows:
    counts = {family: matrix[at] for family, matrix in rows.counts.items()}
    return Rows(counts, rows.labels[at], rows.weights[at], rows.groups[at], rows.sources[at])


def _fit_linear(rows: Rows, profile: Profile, seed: int, held_out: Rows | None = None):
    """
    ((vectorizers, estimators), margins of the rows held out). The vocabulary and the idf too are made from `rows` alone, so that the
    rows held out have been seen by nothing.
    """
    limits = {"words": (profile.words, profile.words_min_df), "grams": (profile.grams, profile.grams_min_df)}
    vectorizers = {
        family: Vectorizer(*limits[family]).fit(rows.counts[family], rows.weights) for family in FAMILIES
    }
    tf_idf = {family: vectorizers[family].transform(rows.counts[family]) for family in FAMILIES}
    estimators = [
        plan.make(seed).fit(tf_idf[plan.family], rows.labels, sample_weight=rows.weights) for plan in LINEAR_MEMBERS
    ]
    if held_out is None:
        return (vectorizers, estimators), None
    held = {family: vectorizers[family].transform(held_out.counts[family]) for family in FAMILIES}
    answers = [
        margins(estimator, held[plan.family]) for plan, estimator in zip(LINEAR_MEMBERS, estimators, strict=True)
    ]
    return (vectorizers, estimators), np.column_stack(answers)
