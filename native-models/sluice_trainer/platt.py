"""Turns the margin of a base model into a probability."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from .arrays import FloatArray, LabelArray


@dataclass(frozen=True)
class PlattScale:
    """
    The function margin -> sigmoid(slope · margin + shift).

    Attributes
    ----------
    slope : float
        Above zero, so that a larger margin is a larger probability.
    shift : float
        Log-odds of spam at a margin of zero.
    """

    slope: float
    shift: float

    def __call__(self, margin: FloatArray) -> FloatArray:
        """Return the probability of spam for each margin; both float64, of the same shape."""
        return sigmoid(self.slope * margin + self.shift)


IDENTITY_SCALE = PlattScale(1.0, 0.0)
"""For margins that are log-odds already."""


def sigmoid(x: FloatArray) -> FloatArray:
    """Return 1 / (1 + exp(-x)) of each element, without overflow."""
    return 1 / (1 + np.exp(-np.clip(x, -700, 700)))


def fit_platt(margin: FloatArray, labels: LabelArray, weights: FloatArray, temperature: float = 1.0) -> PlattScale:
    """
    Fit a Platt scale [1]_ to margins of rows that the base model was not fitted to.

    The fit is scikit-learn's logistic regression on the one value, almost without regularization (C = 10,000 on margins of unit
    standard deviation). Targets are the labels themselves, without the prior correction of [1]_: thousands of rows make it
    negligible.

    Parameters
    ----------
    margin : ndarray of float64, shape (n,)
        Margins of the rows.
    labels : ndarray of int8, shape (n,)
        1 spam, 0 ham; both classes occur.
    weights : ndarray of float64, shape (n,)
        How much each row counts.
    temperature : float
        The log-odds are divided by this [2]_.

    Returns
    -------
    PlattScale
        Its slope is positive: a base model that is worse than chance gets a slope of almost zero, and not a negative one.

    Raises
    ------
    ValueError
        If `labels` has only one class.

    References
    ----------
    .. [1] J. Platt, "Probabilistic outputs for support vector machines and comparisons to regularized likelihood methods", Advances
       in Large Margin Classifiers, 1999.
    .. [2] C. Guo, G. Pleiss, Y. Sun, K. Weinberger, "On calibration of modern neural networks", ICML 2017.
    """
    spread = float(np.std(margin)) or 1.0
    fit = LogisticRegression(C=1e4, solver="lbfgs", max_iter=1_000)
    fit.fit(margin.reshape(-1, 1) / spread, labels, sample_weight=weights)
    slope = float(fit.coef_[0, 0]) / spread
    return PlattScale(max(slope, 1e-6) / temperature, float(fit.intercept_[0]) / temperature)
