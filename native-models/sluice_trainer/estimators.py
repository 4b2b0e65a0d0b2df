"""The kinds of members: each fits rows, answers margins as its own library computes them, and gives up what a graph needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.base import ClassifierMixin
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.naive_bayes import MultinomialNB
from sklearn.svm import LinearSVC

from .boosted import BoostedTrees
from .forest import Forest

Layers = list[tuple[NDArray[np.float32], NDArray[np.float32]]]


@dataclass(frozen=True)
class Fitted:
    """
    What is left of a member when its process has ended. Exactly one of the forms is there: `affine` (weights over the families' ids
    one after the other, and bias, in float64), `layers` of a network, `forest` or `boosted`.
    """

    affine: tuple[NDArray[np.float64], float] | None = None
    layers: Layers | None = None
    forest: Forest | None = None
    boosted: BoostedTrees | None = None
    # As the library has it, where comparisons want it.
    estimator: object = None
    facts: Mapping[str, object] = field(default_factory=dict)

    def without_estimator(self) -> "Fitted":
        return replace(self, estimator=None)


class Estimator(Protocol):
    def margins(self, rows: csr_matrix) -> NDArray[np.float64]: ...

    def fitted(self) -> Fitted: ...


@dataclass(frozen=True)
class Kind:
    """`sees`: `weights` (tf-idf rows) or `counts`. `answers`: `log-odds` of spam, or the `probability` itself."""

    fit: Callable[[csr_matrix, NDArray[np.int8], NDArray[np.float64], Mapping[str, object], int], Estimator]
    sees: str = "weights"
    answers: str = "log-odds"


class LinearEstimator:
    def __init__(self, estimator: ClassifierMixin) -> None:
        self.estimator = estimator

    def margins(self, rows: csr_matrix) -> NDArray[np.float64]:
        """As scikit-learn computes them; for naive Bayes the log-odds of its two classes."""
        if isinstance(self.estimator, MultinomialNB):
            joint = self.estimator.predict_joint_log_proba(rows)
            return joint[:, 1] - joint[:, 0]
        return self.estimator.decision_function(rows)

    def fitted(self) -> Fitted:
        estimator = self.estimator
        if isinstance(estimator, MultinomialNB):
            weights = estimator.feature_log_prob_[1] - estimator.feature_log_prob_[0]
            bias = float(estimator.class_log_prior_[1] - estimator.class_log_prior_[0])
        else:
            weights, bias = estimator.coef_[0].astype(np.float64), float(estimator.intercept_[0])
        return Fitted(affine=(weights, bias), estimator=estimator)


def _linear(make: Callable[..., ClassifierMixin], seeded: bool = True) -> Kind:
    def fit(rows, labels, weights, settings, seed):
        estimator = make(**settings, **({"random_state": seed} if seeded else {}))
        return LinearEstimator(estimator.fit(rows, labels, sample_weight=weights))

    return Kind(fit)


def _perceptron(**settings) -> SGDClassifier:
    return SGDClassifier(
        loss="perceptron", penalty=None, learning_rate="constant", eta0=1.0, tol=None, **settings
    )


def _passive_aggressive(C: float, **settings) -> SGDClassifier:
    # scikit-learn 1.9 has the passive-aggressive classifier as this schedule; eta0 is its C.
    return SGDClassifier(loss="hinge", penalty=None, learning_rate="pa1", eta0=C, tol=None, **settings)


class SharedWords:
    """
    Word by word, how often spam has it against how often ham has it, of the words that both have; the prior is the share of spam.
    log-odds = ln(prior / (1 − prior)) + Σ count · ln(frequency in spam / frequency in ham).
    """

    def __init__(self, rows: csr_matrix, labels: NDArray[np.int8], weights: NDArray[np.float64]) -> None:
        spam, ham = (np.asarray(rows[labels == label].sum(axis=0)).ravel() for label in (1, 0))
        shared = (spam > 0) & (ham > 0)
        self.weights = np.zeros(rows.shape[1])
        self.weights[shared] = np.log(spam[shared] / spam.sum()) - np.log(ham[shared] / ham.sum())
        prior = float(np.mean(labels == 1))
        self.bias = float(np.log(prior) - np.log1p(-prior))
        self.shared = int(shared.sum())

    def margins(self, rows: csr_matrix) -> NDArray[np.float64]:
        return rows @ self.weights + self.bias

    def fitted(self) -> Fitted:
        return Fitted(affine=(self.weights, self.bias), facts={"shared_words": self.shared})


class ForestEstimator:
    def __init__(self, rows, labels, weights, settings, seed) -> None:
        self.forest = Forest.grow(rows, labels, weights, settings, seed)

    def margins(self, rows: csr_matrix) -> NDArray[np.float64]:
        return self.forest.probabilities(rows)

    def fitted(self) -> Fitted:
        return Fitted(forest=self.forest.without_estimator(), estimator=self.forest.estimator)


class BoostedEstimator:
    def __init__(self, rows, labels, weights, settings, seed) -> None:
        self.trees = BoostedTrees.grow(rows, labels, weights, settings, seed)

    def margins(self, rows: csr_matrix) -> NDArray[np.float64]:
        return self.trees.margins(rows)

    def fitted(self) -> Fitted:
        return Fitted(boosted=self.trees.without_booster(), estimator=self.trees.booster)


def _network(rows, labels, weights, settings, seed) -> Estimator:
    # TensorFlow takes seconds to load: only the process that trains a network pays for it.
    from .network import NetworkEstimator

    return NetworkEstimator(rows, labels, weights, settings, seed)


KINDS = {
    "naive-bayes": _linear(MultinomialNB, seeded=False),
    "logistic-regression": _linear(LogisticRegression),
    "linear-svm": _linear(LinearSVC),
    "perceptron": _linear(_perceptron),
    "passive-aggressive": _linear(_passive_aggressive),
    "shared-words": Kind(lambda rows, labels, weights, settings, seed: SharedWords(rows, labels, weights)),
    "network": Kind(_network),
    "boosted-trees": Kind(BoostedEstimator, sees="counts"),
    "random-forest": Kind(ForestEstimator, sees="counts", answers="probability"),
}


def side_by_side(parts: list[csr_matrix]) -> csr_matrix:
    return parts[0] if len(parts) == 1 else hstack(parts, format="csr")
