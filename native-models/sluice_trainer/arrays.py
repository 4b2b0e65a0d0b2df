"""Names for the array types that the signatures of this package share."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float64]
"""Margins, probabilities, weights."""

LabelArray: TypeAlias = NDArray[np.int8]
"""One class for each row: 1 spam, 0 ham."""

IdArray: TypeAlias = NDArray[np.int32]
"""Ids of features, groups, data sets or folds."""

RowArray: TypeAlias = NDArray[np.intp]
"""Indices of rows."""

BoolArray: TypeAlias = NDArray[np.bool_]
"""A mask over rows, features or base models."""
