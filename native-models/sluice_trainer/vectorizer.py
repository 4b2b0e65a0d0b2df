"""Turns counts into tf-idf weights, with the arithmetic of the exported graph but in float64."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from .arrays import BoolArray, FloatArray, IdArray, RowArray
from .config import VocabularyConfig, Weighting

SMALLEST_NORM = 1e-12
"""Lower bound of a row's norm, for rows without a known feature. The graph has the same constant."""


ROWS_AT_ONCE = 32_768
"""Rows of a mapped file that are in memory at once; a multiple of `network.PREDICTION_BATCH`, whose batches stay the same."""

ONE_SOURCE = 0.95
"""A feature with more than this share of its messages in one data set shows the data set rather than the class."""


def slices_of(at: RowArray) -> Iterator[RowArray]:
    """Return the indices of rows in slices of `ROWS_AT_ONCE`."""
    return (at[start : start + ROWS_AT_ONCE] for start in range(0, len(at), ROWS_AT_ONCE))


@dataclass(frozen=True)
class Features:
    """
    What is known of the features of a family.

    Attributes
    ----------
    pairs : ndarray of bool, shape (features,)
        Whether a feature is a pair of neighboring words.
    form : ndarray of bool, shape (features,)
        Whether a feature is of how a message looks (numbers, links, signs, capitals, length), and not of what it says.
    words : ndarray of bool, shape (features,)
        Whether a feature is a word with a letter.
    """

    pairs: BoolArray
    form: BoolArray
    words: BoolArray


def most_frequent(
    config: VocabularyConfig,
    frequency: NDArray[np.int64],
    weighted: FloatArray,
    pairs: BoolArray,
    times: int = 1,
) -> IdArray:
    """
    Choose features by document frequency.

    Parameters
    ----------
    config : VocabularyConfig
        The limits.
    frequency : ndarray of int64, shape (features,)
        The number of rows that have each feature.
    weighted : ndarray of float64, shape (features,)
        The sum of these rows' weights; it determines the order.
    pairs : ndarray of bool, shape (features,)
        Whether a feature is a pair of neighboring words.
    times : int
        Multiple of the configured maxima, for candidates that each fold chooses from.

    Returns
    -------
    ndarray of int32, shape (kept,)
        Ids of the kept features, the most frequent first; of equally frequent ones the smaller id first.
    """
    order = np.lexsort((np.arange(len(weighted)), -weighted))
    is_pair = pairs[order]
    order = order[frequency[order] >= np.where(is_pair, config.pair_min_df, config.min_df)]
    is_pair = pairs[order]
    order = order[~is_pair | (np.cumsum(is_pair) <= times * config.max_pairs)]
    return order[: times * config.max_features].astype(np.int32)


class Vectorizer:
    """
    Selects the features of one family and weights their counts.

    Parameters
    ----------
    config : VocabularyConfig
        Which features are kept.
    weighting : {"log-tf-idf", "tf-idf", "counts"}
        `log-tf-idf` is (1 + ln count) · idf, and `tf-idf` is count · idf [1]_; both are divided by the row's Euclidean length.
        `counts` leaves the counts as they are. The idf is smooth, as in scikit-learn: ln((1 + n) / (1 + df)) + 1.

    Attributes
    ----------
    columns : ndarray of int32, shape (kept,)
        Columns of the matrix that was fitted. The most frequent feature is first; this is the order of the ids in the model.
    idf : ndarray of float32, shape (kept,)
        float32 because the graph multiplies with it. Ones if the weighting is `counts`.

    References
    ----------
    .. [1] G. Salton, C. Buckley, "Term-weighting approaches in automatic text retrieval", Information Processing & Management 24,
       1988.
    """

    columns: IdArray
    idf: NDArray[np.float32]
    _index: IdArray

    def __init__(self, config: VocabularyConfig, weighting: Weighting = "log-tf-idf") -> None:
        self.config = config
        self.weighting = weighting

    def fit(
        self, counts: csr_matrix, weights: FloatArray, sources: IdArray, features: Features, at: RowArray | None = None
    ) -> Vectorizer:
        """
        Choose the features and compute their idf. Labels are not used.

        Parameters
        ----------
        counts : csr_matrix, shape (n, features)
            Counts of the training rows. They are read in slices, so that those of a mapped file need not fit into memory.
        weights : ndarray of float64, shape (n,)
            How much each row adds to a document frequency.
        sources : ndarray of int32, shape (n,)
            Index of each row's data set.
        features : Features
            What is known of the features.
        at : ndarray of intp, shape (m,), optional
            Indices of the rows that count; all rows by default.

        Returns
        -------
        Vectorizer
            This object.
        """
        at = np.arange(counts.shape[0]) if at is None else at
        frequency, weighted = np.zeros(counts.shape[1], np.int64), np.zeros(counts.shape[1])
        for some in slices_of(at):
            rows = counts[some]
            frequency += np.bincount(rows.indices, minlength=counts.shape[1])
            # One after the other, so that the sums do not depend on the slices.
            np.add.at(weighted, rows.indices, np.repeat(weights[some], np.diff(rows.indptr)))
        self.columns = most_frequent(self.config, frequency, weighted, features.pairs)
        self._index = np.full(counts.shape[1], -1, dtype=np.int32)
        self._index[self.columns] = np.arange(len(self.columns), dtype=np.int32)
        total = weights[at].sum()
        self.idf = (np.log((1 + total) / (1 + weighted[self.columns])) + 1).astype(np.float32)
        self.idf[features.form[self.columns]] *= np.float32(self.config.form_factor)
        self.idf[self._of_one_source(counts, frequency, features, sources, at)] *= np.float32(self.config.one_source_factor)
        if self.weighting == "counts":
            self.idf[:] = 1
        return self

    def _of_one_source(
        self, counts: csr_matrix, frequency: NDArray[np.int64], features: Features, sources: IdArray, at: RowArray
    ) -> BoolArray:
        """Return which kept features, other than those of form, occur almost only in one of several data sets."""
        names = np.unique(sources[at])
        if len(names) == 1 or self.config.one_source_factor == 1:
            return np.zeros(len(self.columns), bool)
        found = np.zeros((len(names), counts.shape[1]), np.int64)
        for some in slices_of(at):
            rows = counts[some]
            of_entry = np.repeat(sources[some], np.diff(rows.indptr))
            for number, name in enumerate(names):
                found[number] += np.bincount(rows.indices[of_entry == name], minlength=counts.shape[1])
        most: NDArray[np.int64] = found.max(axis=0)
        return (most[self.columns] > ONE_SOURCE * frequency[self.columns]) & ~features.form[self.columns]

    def __len__(self) -> int:
        """Return the number of kept features."""
        return len(self.columns)

    def select(self, counts: csr_matrix, first: int | None = None) -> csr_matrix:
        """
        Return the counts of the kept features under their new ids.

        Parameters
        ----------
        counts : csr_matrix, shape (n, features)
            Rows with the columns of the fitted matrix.
        first : int, optional
            Only the `first` most frequent of the kept features.

        Returns
        -------
        csr_matrix, shape (n, min(kept, first))
            With the data type of `counts`, and sorted indices.
        """
        width = len(self.columns) if first is None else min(first, len(self.columns))
        index = self._index[counts.indices]
        keep = (index >= 0) & (index < width)
        indptr = np.concatenate(([0], np.cumsum(keep)))[counts.indptr]
        selected = csr_matrix((counts.data[keep], index[keep], indptr), shape=(counts.shape[0], width))
        selected.sort_indices()
        return selected

    def transform(self, counts: csr_matrix) -> csr_matrix:
        """
        Return the weighted rows.

        Parameters
        ----------
        counts : csr_matrix, shape (n, features)
            Rows with the columns of the fitted matrix.

        Returns
        -------
        csr_matrix of float64, shape (n, kept)
            A row without a kept feature has no entry.
        """
        rows = self.select(counts).astype(np.float64)
        if self.weighting == "counts":
            return rows
        if self.weighting == "log-tf-idf":
            rows.data = 1 + np.log(np.maximum(rows.data, 1))
        rows.data *= self.idf[rows.indices]
        squares = np.bincount(
            np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr)), weights=rows.data**2, minlength=rows.shape[0]
        )
        norms = np.maximum(np.sqrt(squares), SMALLEST_NORM)
        rows.data /= np.repeat(norms, np.diff(rows.indptr))
        return rows
