"""Counts to tf-idf: the same arithmetic that the exported graph does, in float64."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from .profiles import VocabularyPlan

# Guards the norm of a row without one known feature; the graph has the same constant.
SMALLEST_NORM = 1e-12


def most_frequent(
    plan: VocabularyPlan, frequency: NDArray[np.int64], weighted: NDArray[np.float64], pairs: NDArray[np.bool_], times: int = 1
) -> NDArray[np.int32]:
    """Of columns with these document frequencies those that the plan keeps, or `times` as many; the most frequent first."""
    order = np.lexsort((np.arange(len(weighted)), -weighted))
    is_pair = pairs[order]
    order = order[frequency[order] >= np.where(is_pair, plan.pair_min_df, plan.min_df)]
    is_pair = pairs[order]
    order = order[~is_pair | (np.cumsum(is_pair) <= times * plan.most_pairs)]
    return order[: times * plan.most].astype(np.int32)


class Vectorizer:
    """
    Keeps the features that most messages have (`columns`: ids of the matrix that was read, most frequent first, which is the order of
    the ids in the model). `weighting`: `log-tf-idf` is (1 + ln count) · idf, `tf-idf` is count · idf, both with smooth idf and
    divided by the row's length; `counts` leaves counts as they are.
    """

    def __init__(self, plan: VocabularyPlan, weighting: str = "log-tf-idf") -> None:
        self.plan = plan
        self.weighting = weighting

    def fit(self, counts: csr_matrix, weights: NDArray[np.float64], pairs: NDArray[np.bool_]) -> "Vectorizer":
        """The choice looks at no label. `weights`: what each row counts for in the document frequencies; `pairs`: which columns are pairs."""
        frequency = np.bincount(counts.indices, minlength=counts.shape[1])
        weighted = np.bincount(
            counts.indices, weights=np.repeat(weights, np.diff(counts.indptr)), minlength=counts.shape[1]
        )
        self.columns = most_frequent(self.plan, frequency, weighted, pairs)
        self._place = np.full(counts.shape[1], -1, dtype=np.int32)
        self._place[self.columns] = np.arange(len(self.columns), dtype=np.int32)
        # float32, because that is what the graph multiplies with.
        total = weights.sum()
        self.idf = (np.log((1 + total) / (1 + weighted[self.columns])) + 1).astype(np.float32)
        if self.weighting == "counts":
            self.idf[:] = 1
        return self

    def __len__(self) -> int:
        return len(self.columns)

    def select(self, counts: csr_matrix, first: int | None = None) -> csr_matrix:
        """The counts of the kept features, or of the `first` of them, under their new ids."""
        width = len(self.columns) if first is None else min(first, len(self.columns))
        place = self._place[counts.indices]
        keep = (place >= 0) & (place < width)
        kept = np.concatenate(([0], np.cumsum(keep)))[counts.indptr]
        selected = csr_matrix((counts.data[keep], place[keep], kept), shape=(counts.shape[0], width))
        selected.sort_indices()
        return selected

    def transform(self, counts: csr_matrix) -> csr_matrix:
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
