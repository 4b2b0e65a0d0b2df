"""Fits one base model to all folds of a split: what runs in a base model's process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from scipy.sparse import csr_matrix, hstack

from .arrays import FloatArray, RowArray
from .config import MOST_ENTRIES, BaseModelConfig
from .estimators import ESTIMATOR_KINDS, Estimator
from .fitted import FittedModel
from .matrix import Matrix
from .processes import ReportProgress
from .splits import Split
from .vectorizer import Vectorizer, slices_of

Vectorizers: TypeAlias = Mapping[str, Vectorizer]
"""Feature family -> its vectorizer, fitted to the training rows of one fold."""


@dataclass(frozen=True)
class Predictions:
    """
    What a base model predicts: margins, or probabilities if that is the output of its kind.

    Attributes
    ----------
    valid : ndarray of float64, shape (training rows,)
        Predictions of the base models that were not fitted to the row; NaN for a row that all of them were fitted to.
    test : ndarray of float64, shape (testing rows,)
        Of the testing part, by the base model of the split's `test_fold`.
    probe : ndarray of float64, shape (probes,)
        Of the probes, by the base model that is exported.
    fitted : FittedModel
        The base model that is exported.
    """

    valid: FloatArray
    test: FloatArray
    probe: FloatArray
    fitted: FittedModel


class InputBuilder:
    """
    Builds the input of a base model: its families side by side, as weights or as counts.

    Parameters
    ----------
    config : BaseModelConfig
        Its families, kind and the setting `columns`.
    vectorizers : mapping of str to Vectorizer
        Fitted vectorizers of at least its families.

    Attributes
    ----------
    widths : list of int
        The number of columns of each family, in the order of the base model's families.
    """

    def __init__(self, config: BaseModelConfig, vectorizers: Vectorizers) -> None:
        self.config = config
        self.vectorizers = vectorizers
        self.widths = [min(len(vectorizers[family]), self._limit(family) or len(vectorizers[family])) for family in config.families]

    def __call__(self, counts: Mapping[str, csr_matrix], at: RowArray | None = None) -> csr_matrix:
        """
        Return the input for some rows.

        Parameters
        ----------
        counts : mapping of str to csr_matrix, shape (rows, features)
            Counts of each family, with the columns of the matrix that was read.
        at : ndarray of intp, shape (n,), optional
            Indices of the rows; all rows by default.

        Returns
        -------
        csr_matrix, shape (n, sum of widths)
            float64 weights, or float32 counts.
        """
        parts = []
        for family in self.config.families:
            rows = counts[family] if at is None else counts[family][at]
            vectorizer = self.vectorizers[family]
            if ESTIMATOR_KINDS[self.config.kind].input_kind == "weights":
                parts.append(vectorizer.transform(rows))
            else:
                parts.append(vectorizer.select(rows, self._limit(family)))
        return parts[0] if len(parts) == 1 else hstack(parts, format="csr")

    def _limit(self, family: str) -> int | None:
        limit: Mapping[str, int] | int | None = self.config.settings.get("columns")
        return limit.get(family) if isinstance(limit, Mapping) else limit


def fit_base_model(
    config: BaseModelConfig,
    matrix: Matrix,
    split: Split,
    vectorizers: Sequence[Vectorizers],
    seed: int,
    keep_estimator: bool,
    report: ReportProgress,
) -> Predictions:
    """
    Fit a base model to the training rows of each fold and predict its other rows.

    A random forest is fitted once if its out-of-bag predictions can replace out-of-fold ones (`split.out_of_fold`).

    Parameters
    ----------
    config : BaseModelConfig
        The base model.
    matrix : Matrix
        All rows.
    split : Split
        The folds.
    vectorizers : sequence of mapping
        The vectorizers of each fold.
    seed : int
        Seed of the estimator.
    keep_estimator : bool
        Whether to return the library's own object.
    report : callable
        Called before each fit.

    Returns
    -------
    Predictions
        Each row is predicted by a base model that was not fitted to it.
    """
    kind, rows = ESTIMATOR_KINDS[config.kind], matrix.train
    valid = np.full(len(rows), np.nan)
    test = np.zeros(0)
    out_of_bag = split.out_of_fold and config.kind == "random-forest"
    last = len(split.folds) - 1
    todo = [last] if out_of_bag else list(range(len(split.folds)))
    for done, number in enumerate(todo):
        report(done, len(todo))
        fold, inputs = split.folds[number], InputBuilder(config, vectorizers[number])
        at = sample_rows([rows.counts[family] for family in config.families], fold.train, seed)
        train = inputs(rows.counts, None if len(at) == len(rows) else at)
        estimator = kind.fit(train, rows.labels[at], rows.weights[at], config.settings, seed)
        del train
        if len(fold.valid):
            valid[fold.valid] = margins_of(estimator, inputs, rows.counts, fold.valid)
        if number == split.test_fold:
            test = margins_of(estimator, inputs, matrix.test.counts, np.arange(len(matrix.test)))
    fitted = estimator.fitted()
    if out_of_bag:
        assert fitted.forest is not None
        valid[at] = fitted.forest.out_of_bag
        others = np.setdiff1d(np.arange(len(rows)), at)
        valid[others] = margins_of(estimator, inputs, rows.counts, others)
    probe = margins_of(estimator, inputs, matrix.probe.counts, np.arange(len(matrix.probe)))
    return Predictions(valid, test, probe, fitted if keep_estimator else fitted.without_estimator())


def sample_rows(counts: Sequence[csr_matrix], at: RowArray, seed: int) -> RowArray:
    """
    Return the rows that a base model is fitted to.

    Parameters
    ----------
    counts : sequence of csr_matrix, shape (rows, features)
        Counts of its families.
    at : ndarray of intp, shape (n,)
        Indices of the rows that it may be fitted to, ascending.
    seed : int
        The same seed gives the same sample.

    Returns
    -------
    ndarray of intp, shape (m,)
        All of them if they have at most `MOST_ENTRIES` entries; otherwise as many as have so many on average. Ascending; drawn
        uniformly without replacement, so that their weights keep their meaning.
    """
    entries = sum(int(np.diff(matrix.indptr)[at].sum()) for matrix in counts)
    if entries <= MOST_ENTRIES:
        return at
    return np.sort(np.random.default_rng(seed).choice(at, int(len(at) * (MOST_ENTRIES / entries)), replace=False))


def margins_of(estimator: Estimator, inputs: InputBuilder, counts: Mapping[str, csr_matrix], at: RowArray) -> FloatArray:
    """
    Predict some rows, of which a slice at a time is in memory.

    Parameters
    ----------
    estimator : Estimator
        Fitted to the inputs of `inputs`.
    inputs : InputBuilder
        Of the same base model and fold.
    counts : mapping of str to csr_matrix, shape (rows, features)
        Counts of each family.
    at : ndarray of intp, shape (n,)
        Indices of the rows.

    Returns
    -------
    ndarray of float64, shape (n,)
        As `Estimator.margins` returns them.
    """
    margins = [estimator.margins(inputs(counts, some)) for some in slices_of(at)]
    return np.concatenate(margins) if margins else np.zeros(0)
