"""Counts to tf-idf: the same arithmetic that the exported graph does, in float64."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

# Guards the norm of a row without one known feature; the graph has the same constant.
SMALLEST_NORM = 1e-12


class Vectorizer:
    """
    Keeps the features that most messages have (`columns`: ids in the full matrix, most frequent first, which is the order of the
    ids in the model), then (1 + ln count) · idf with smooth idf, divided by the row's length.
    """

    def __init__(self, most: int, min_df: int) -> None:
        self.most = most
        self.min_df = min_df

    def fit(self, counts: csr_matrix, weights: NDArray[np.float64]) -> "Vectorizer":
        """The choice looks at no label. `weights`: what each row counts for in the document frequencies."""
        frequency = np.bincount(counts.indices, minlength=counts.shape[1])
        weighted = np.bincount(
            counts.indices, weights=np.repeat(weights, np.diff(counts.indptr)), minlength=counts.shape[1]
        )
        order = np.lexsort((np.arange(len(weighted)), -weighted))
        self.columns = order[frequency[order] >= self.min_df][: self.most].astype(np.int32)
        self._place = np.full(counts.shape[1], -1, dtype=np.int32)
        self._place[self.columns] = np.arange(len(self.columns), dtype=np.int32)
        # float32, because that is what the graph multiplies with.
        total = weights.sum()
        self.idf = (np.log((1 + total) / (1 + weighted[self.columns])) + 1).astype(np.float32)
        return self

    def select(self, counts: csr_matrix) -> csr_matrix:
        """The counts of the kept features, under their new ids."""
        place = self._place[counts.indices]
        keep = place >= 0
        kept = np.concatenate(([0], np.cumsum(keep)))[counts.indptr]
        selected = csr_matrix(
            (counts.data[keep].astype(np.float64), place[keep], kept), shape=(counts.shape[0], len(self.columns))
        )
        selected.sort_indices()
        return selected

    def transform(self, counts: csr_matrix) -> csr_matrix:
        rows = self.select(counts)
        rows.data = (1 + np.log(np.maximum(rows.data, 1))) * self.idf[rows.indices]
        squares = np.bincount(
            np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr)), weights=rows.data**2, minlength=rows.shape[0]
        )
        norms = np.maximum(np.sqrt(squares), SMALLEST_NORM)
        rows.data /= np.repeat(norms, np.diff(rows.indptr))
        return rows
