"""The kinds of base models. Each is fitted to rows, predicts as its own library does, and returns the parameters of its graph."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.naive_bayes import MultinomialNB
from sklearn.svm import LinearSVC

from .arrays import FloatArray, LabelArray
from .boosted import BoostedTrees
from .config import Settings
from .fitted import FittedModel
from .forest import Forest


class Estimator(Protocol):
    """A fitted base model."""

    def margins(self, rows: csr_matrix) -> FloatArray:
        """Return the kind's output for each row: log-odds or another margin, or a probability; float64, shape (n,)."""
        ...

    def fitted(self) -> FittedModel:
        """Return the parameters for export."""
        ...


class FitEstimator(Protocol):
    """Fits an estimator."""

    def __call__(self, rows: csr_matrix, labels: LabelArray, weights: FloatArray, settings: Settings, seed: int) -> Estimator:
        """
        Fit to training rows.

        Parameters
        ----------
        rows : csr_matrix, shape (n, features)
            Inputs of the kind's `input_kind`.
        labels : ndarray of int8, shape (n,)
            1 spam, 0 ham.
        weights : ndarray of float64, shape (n,)
            How much each row counts.
        settings : mapping
            Settings of the kind.
        seed : int
            The same seed gives the same estimator.
        """
        ...


@dataclass(frozen=True)
class EstimatorKind:
    """
    A kind of base model.

    Attributes
    ----------
    fit : FitEstimator
        Fits an estimator of this kind.
    input_kind : {"weights", "counts"}
        Whether its rows are weighted (tf-idf), or are counts.
    output_kind : {"margin", "probability"}
        Whether it predicts a margin, which a Platt scale or the sigmoid turns into a probability, or the probability itself.
    """

    fit: FitEstimator
    input_kind: Literal["weights", "counts"] = "weights"
    output_kind: Literal["margin", "probability"] = "margin"


class LinearEstimator:
    """
    A linear model of scikit-learn.

    Parameters
    ----------
    estimator : object
        A fitted classifier: multinomial naive Bayes, or one with `coef_` and `decision_function`.
    """

    def __init__(self, estimator: Any) -> None:
        self.estimator = estimator

    def margins(self, rows: csr_matrix) -> FloatArray:
        """Return scikit-learn's decision function; for naive Bayes the log-odds of spam."""
        if isinstance(self.estimator, MultinomialNB):
            joint: FloatArray = self.estimator.predict_joint_log_proba(rows)
            return joint[:, 1] - joint[:, 0]
        margins: FloatArray = self.estimator.decision_function(rows)
        return margins

    def fitted(self) -> FittedModel:
        """Return weights and bias in float64."""
        estimator = self.estimator
        if isinstance(estimator, MultinomialNB):
            weights = estimator.feature_log_prob_[1] - estimator.feature_log_prob_[0]
            bias = float(estimator.class_log_prior_[1] - estimator.class_log_prior_[0])
        else:
            weights, bias = estimator.coef_[0].astype(np.float64), float(estimator.intercept_[0])
        return FittedModel(affine=(weights, bias), estimator=estimator)


def _linear(make: Callable[..., Any], seeded: bool = True) -> EstimatorKind:
    def fit(rows: csr_matrix, labels: LabelArray, weights: FloatArray, settings: Settings, seed: int) -> LinearEstimator:
        estimator = make(**settings, **({"random_state": seed} if seeded else {}))
        return LinearEstimator(estimator.fit(rows, labels, sample_weight=weights))

    return EstimatorKind(fit)


def _perceptron(**settings: Any) -> SGDClassifier:
    """
    Return the perceptron; with `average`, its averaged form.

    Y. Freund, R. Schapire, "Large margin classification using the perceptron algorithm", Machine Learning 37, 1999.
    """
    return SGDClassifier(loss="perceptron", penalty=None, learning_rate="constant", eta0=1.0, tol=None, **settings)


def _passive_aggressive(C: float, **settings: Any) -> SGDClassifier:  # noqa: N803 (scikit-learn's name)
    """
    Return PA-I (K. Crammer et al., "Online passive-aggressive algorithms", JMLR 7, 2006).

    Since scikit-learn 1.9 it is a schedule of SGD whose `eta0` is C.
    """
    return SGDClassifier(loss="hinge", penalty=None, learning_rate="pa1", eta0=C, tol=None, **settings)


class SharedWordsEstimator:
    """
    Naive Bayes over the words that both classes have.

    log-odds = ln(prior / (1 - prior)) + sum over words of count · ln(frequency in spam / frequency in ham), where the prior is the
    share of spam. There is no smoothing: words of one class only have no weight. This is the model of the second original system.

    Parameters
    ----------
    rows : csr_matrix, shape (n, features)
        Counts.
    labels : ndarray of int8, shape (n,)
        1 spam, 0 ham.
    """

    def __init__(self, rows: csr_matrix, labels: LabelArray) -> None:
        spam, ham = (np.asarray(rows[labels == label].sum(axis=0)).ravel() for label in (1, 0))
        shared = (spam > 0) & (ham > 0)
        self.weights = np.zeros(rows.shape[1])
        self.weights[shared] = np.log(spam[shared] / spam.sum()) - np.log(ham[shared] / ham.sum())
        prior = float(np.mean(labels == 1))
        self.bias = float(np.log(prior) - np.log1p(-prior))
        self.shared = int(shared.sum())

    def margins(self, rows: csr_matrix) -> FloatArray:
        """Return the log-odds of spam."""
        margins: FloatArray = rows @ self.weights + self.bias
        return margins

    def fitted(self) -> FittedModel:
        """Return weights and bias, and the number of shared words as a fact."""
        return FittedModel(affine=(self.weights, self.bias), facts={"shared_words": self.shared})


def _shared_words(rows: csr_matrix, labels: LabelArray, weights: FloatArray, settings: Settings, seed: int) -> Estimator:
    return SharedWordsEstimator(rows, labels)


class ForestEstimator:
    """A random forest over counts. The parameters are those of `Forest.grow`."""

    def __init__(self, rows: csr_matrix, labels: LabelArray, weights: FloatArray, settings: Settings, seed: int) -> None:
        self.forest = Forest.grow(rows, labels, weights, settings, seed)

    def margins(self, rows: csr_matrix) -> FloatArray:
        """Return probabilities of spam."""
        return self.forest.probabilities(rows)

    def fitted(self) -> FittedModel:
        """Return the trees."""
        return FittedModel(forest=self.forest.without_estimator(), estimator=self.forest.estimator)


class BoostedEstimator:
    """Boosted trees over counts. The parameters are those of `BoostedTrees.grow`."""

    def __init__(self, rows: csr_matrix, labels: LabelArray, weights: FloatArray, settings: Settings, seed: int) -> None:
        self.trees = BoostedTrees.grow(rows, labels, weights, settings, seed)

    def margins(self, rows: csr_matrix) -> FloatArray:
        """Return the log-odds of spam."""
        return self.trees.margins(rows)

    def fitted(self) -> FittedModel:
        """Return the trees."""
        return FittedModel(boosted=self.trees.without_booster(), estimator=self.trees.booster)


def _network(rows: csr_matrix, labels: LabelArray, weights: FloatArray, settings: Settings, seed: int) -> Estimator:
    # TensorFlow takes seconds to load, so only the process that trains a network loads it.
    from .network import NetworkEstimator

    return NetworkEstimator(rows, labels, weights, settings, seed)


ESTIMATOR_KINDS = {
    "naive-bayes": _linear(MultinomialNB, seeded=False),
    "logistic-regression": _linear(LogisticRegression),
    "linear-svm": _linear(LinearSVC),
    "perceptron": _linear(_perceptron),
    "passive-aggressive": _linear(_passive_aggressive),
    "shared-words": EstimatorKind(_shared_words),
    "network": EstimatorKind(_network),
    "boosted-trees": EstimatorKind(BoostedEstimator, input_kind="counts"),
    "random-forest": EstimatorKind(ForestEstimator, input_kind="counts", output_kind="probability"),
}
