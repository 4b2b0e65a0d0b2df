"""From a member's margin to its probability."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression


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
    margin: NDArray[np.float64], labels: NDArray[np.int8], weights: NDArray[np.float64], temper: float = 1.0
) -> PlattScale:
    """
    Fitted on margins of rows that the estimator has not seen; the log-odds are then divided by `temper`. A member that is worse than
    chance is made harmless.
    """
    spread = float(np.std(margin)) or 1.0
    fit = LogisticRegression(C=1e4, solver="lbfgs", max_iter=1_000)
    fit.fit(margin.reshape(-1, 1) / spread, labels, sample_weight=weights)
    slope = float(fit.coef_[0, 0]) / spread
    return PlattScale(max(slope, 1e-6) / temper, float(fit.intercept_[0]) / temper)
