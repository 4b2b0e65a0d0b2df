"""A decision tree in arrays, as the graphs take it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .arrays import IdArray


@dataclass(frozen=True)
class Tree:
    """
    A decision tree over counts.

    Counts are whole numbers and thresholds are k + 1/2, which float32 represents exactly. So "count <= threshold" and "count <
    threshold" are the same, in float32 as in float64.

    Attributes
    ----------
    left, right : ndarray of int32, shape (nodes,)
        Index of the child to the left (the count is below the threshold) and to the right; -1 as `left` marks a leaf.
    feature : ndarray of int32, shape (nodes,)
        The tested column of the base model's input.
    threshold : ndarray of float32, shape (nodes,)
        What the count is compared with.
    value : ndarray of float32, shape (nodes,)
        What a leaf adds to the sum over all trees.
    """

    left: IdArray
    right: IdArray
    feature: IdArray
    threshold: NDArray[np.float32]
    value: NDArray[np.float32]
