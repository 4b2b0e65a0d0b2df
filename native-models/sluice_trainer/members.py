"""The linear members: estimators of the first layer whose margin is an affine function of the tf-idf row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.base import ClassifierMixin
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.naive_bayes import MultinomialNB
from sklearn.svm import LinearSVC


@dataclass(frozen=True)
class MemberPlan:
    name: str
    family: str
    make: Callable[[int], ClassifierMixin]


LINEAR_MEMBERS = (
    MemberPlan("naive-bayes", "words", lambda seed: MultinomialNB(alpha=0.02)),
    MemberPlan(
        "logistic-regression",
        "words",
        lambda seed: LogisticRegression(C=50, solver="liblinear", random_state=seed),
    ),
    MemberPlan(
        "linear-svm",
        "words",
        lambda seed: LinearSVC(C=2, random_state=seed, max_iter=5_000),
    ),
    MemberPlan(
        "perceptron",
        "words",
        lambda seed: SGDClassifier(
            loss="perceptron",
            penalty=None,
            learning_rate="constant",
            eta0=1.0,
            average=True,
            max_iter=20,
            tol=None,
            random_state=seed,
        ),
    ),
    MemberPlan(
        "passive-aggressive",
        "words",
        lambda seed: SGDClassifier(
            loss="hinge",
            penalty=None,
            learning_rate="pa1",
            eta0=0.3,
            average=True,
            max_iter=25,
            tol=None,
            random_state=seed,
        ),
    ),
    MemberPlan(
        "gram-logistic-regression",
        "grams",
        lambda seed: LogisticRegression(C=100, solver="liblinear", random_state=seed),
    ),
)


def affine(estimator: ClassifierMixin) -> tuple[NDArray[np.float64], float]:
    """Weights and bias of the margin towards spam (class 1)."""
    if isinstance(estimator, MultinomialNB):
        weights = estimator.feature_log_prob_[1] - estimator.feature_log_prob_[0]
        return weights, float(estimator.class_log_prior_[1] - estimator.class_log_prior_[0])
    return estimator.coef_[0].astype(np.float64), float(estimator.intercept_[0])


def margins(estimator: ClassifierMixin, rows: csr_matrix) -> NDArray[np.float64]:
    """As scikit-learn computes them; for naive Bayes the log-odds of its two classes."""
    if isinstance(estimator, MultinomialNB):
        joint = estimator.predict_joint_log_proba(rows)
        return joint[:, 1] - joint[:, 0]
    return estimator.decision_function(rows)


@dataclass(frozen=True)
class PlattScale:
    """probability = sigmoid(slope · margin + shift), slope > 0."""

    slope: float
    shift: float

    def __call__(self, margin: NDArray[np.float64]) -> NDArray[np.float64]:
        return sigmoid(self.slope * margin + self.shift)


def sigmoid(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return 1 / (1 + np.exp(-np.clip(x, -700, 700)))


def fit_platt(
    margin: NDArray[np.float64], labels: NDArray[np.int8], weights: NDArray[np.float64]
) -> PlattScale:
    """Fitted on margins of rows that the estimator has not seen. A member that is worse than chance is made harmless."""
    spread = float(np.std(margin)) or 1.0
    fit = LogisticRegression(C=1e4, solver="lbfgs", max_iter=1_000)
    fit.fit(margin.reshape(-1, 1) / spread, labels, sample_weight=weights)
    slope = float(fit.coef_[0, 0]) / spread
    return PlattScale(max(slope, 1e-6), float(fit.intercept_[0]))
