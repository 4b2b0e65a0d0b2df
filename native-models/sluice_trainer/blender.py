"""The second layer: from the probabilities of the base models to one calibrated probability."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from .arrays import FloatArray, LabelArray
from .config import BlenderConfig
from .platt import sigmoid


@dataclass(frozen=True)
class Blend:
    """
    A fitted blender.

    log-odds = bias + sum of weight · probability; probability = sigmoid(scale · log-odds + shift).

    Attributes
    ----------
    weights : ndarray of float64, shape (models,)
        One for each base model.
    bias : float
        Log-odds at base model probabilities of zero.
    scale, shift : float
        The calibration; `scale` is above zero.
    identity : bool
        Whether the probability is that of the only base model instead.
    """

    weights: FloatArray
    bias: float
    scale: float = 1.0
    shift: float = 0.0
    identity: bool = False

    def log_odds(self, p: FloatArray) -> FloatArray:
        """
        Return the log-odds before calibration.

        Parameters
        ----------
        p : ndarray of float64, shape (n, models)
            Probabilities of the base models.

        Returns
        -------
        ndarray of float64, shape (n,)
            Log-odds of spam.
        """
        return self.bias + p @ self.weights

    def calibrated(self, p: FloatArray) -> FloatArray:
        """
        Return the log-odds after calibration; of a blend that is no identity.

        Parameters
        ----------
        p : ndarray of float64, shape (n, models)
            Probabilities of the base models.

        Returns
        -------
        ndarray of float64, shape (n,)
            Log-odds of spam.
        """
        return self.scale * self.log_odds(p) + self.shift

    def probabilities(self, p: FloatArray) -> FloatArray:
        """
        Return the calibrated probabilities.

        Parameters
        ----------
        p : ndarray of float64, shape (n, models)
            Probabilities of the base models.

        Returns
        -------
        ndarray of float64, shape (n,)
            Probability of spam.
        """
        if self.identity:
            return p[:, 0]
        return sigmoid(self.calibrated(p))


def fit_logistic(p: FloatArray, labels: LabelArray, weights: FloatArray, config: BlenderConfig, seed: int) -> Blend:
    """
    Fit scikit-learn's logistic regression with the configured settings.

    Parameters
    ----------
    p : ndarray of float64, shape (n, models)
        Probabilities of the base models.
    labels : ndarray of int8, shape (n,)
        1 spam, 0 ham.
    weights : ndarray of float64, shape (n,)
        How much each row counts.
    config : BlenderConfig
        Its `settings` go to scikit-learn.
    seed : int
        For solvers that shuffle.

    Returns
    -------
    Blend
        A weight may be negative.
    """
    fit = LogisticRegression(random_state=seed, **config.settings)
    fit.fit(p, labels, sample_weight=weights)
    return Blend(fit.coef_[0].astype(np.float64), float(fit.intercept_[0]))


def fit_blend(
    p: FloatArray,
    labels: LabelArray,
    weights: FloatArray,
    shares: FloatArray,
    strength: float,
    label_noise: float,
) -> Blend:
    """
    Fit a logistic regression with weights >= 0, and calibrate it.

    A base model may be ignored but not inverted, as in non-negative stacking [1]_. The L2 penalty draws the weights to a multiple
    of `shares` instead of to zero; the multiple is fitted too. L-BFGS-B [2]_ minimizes the loss. The calibration is a second fit of
    two numbers on the same rows, a Platt scale [3]_ for targets with label noise.

    Parameters
    ----------
    p : ndarray of float64, shape (n, models)
        Probabilities of the base models.
    labels : ndarray of int8, shape (n,)
        1 spam, 0 ham.
    weights : ndarray of float64, shape (n,)
        How much each row counts.
    shares : ndarray of float64, shape (models,)
        Proportions that the weights are drawn to; they need not add up to 1.
    strength : float
        C of the regularization; larger is weaker, and 0 fixes the weights at the multiple of `shares`.
    label_noise : float
        Assumed share of wrong labels, below 0.5.

    Returns
    -------
    Blend
        With weights >= 0 and a scale above zero.

    References
    ----------
    .. [1] L. Breiman, "Stacked regressions", Machine Learning 24, 1996.
    .. [2] R. Byrd, P. Lu, J. Nocedal, C. Zhu, "A limited memory algorithm for bound constrained optimization", SIAM Journal on
       Scientific Computing 16, 1995.
    .. [3] J. Platt, "Probabilistic outputs for support vector machines and comparisons to regularized likelihood methods", Advances
       in Large Margin Classifiers, 1999.
    """
    total = weights.sum()
    shares = shares / shares.sum()
    targets = np.where(labels == 1, 1 - label_noise, label_noise)
    start = calibrate(p @ shares, targets, weights)
    scale, shift = max(start[0], 1e-3), start[1]
    if strength == 0:
        return Blend(scale * shares, shift)
    penalty = 1 / (2 * strength * len(labels))

    # The unknowns are the weights, the multiple of the shares, and the bias.
    def loss(x: FloatArray) -> tuple[float, FloatArray]:
        log_odds = p @ x[:-2] + x[-1]
        deviation = x[:-2] - x[-2] * shares
        value = float(weights @ (np.logaddexp(0, log_odds) - targets * log_odds)) / total + penalty * float(deviation @ deviation)
        slope = weights * (sigmoid(log_odds) - targets) / total
        gradient = np.concatenate((p.T @ slope + 2 * penalty * deviation, [-2 * penalty * float(deviation @ shares), slope.sum()]))
        return value, gradient

    bounds = [(0.0, None)] * (p.shape[1] + 1) + [(None, None)]
    begin = np.concatenate((scale * shares, [scale, shift]))
    fit = minimize(loss, begin, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 2_000})
    blend = Blend(fit.x[:-2], float(fit.x[-1]))
    scale, shift = calibrate(blend.log_odds(p), targets, weights)
    # The result must be strictly increasing. A blend that does not separate the classes stays uncalibrated.
    return Blend(blend.weights, blend.bias, scale, shift) if scale > 1e-3 else blend


def calibrate(values: FloatArray, targets: FloatArray, weights: FloatArray) -> tuple[float, float]:
    """
    Fit a logistic regression on one value to targets that are probabilities, by Newton's method with step halving [1]_.

    `scipy.optimize.minimize` is not used: it compares losses, which float64 cannot tell apart close to the minimum, and ends up to
    3e-8 (L-BFGS-B, BFGS) or 3e-7 (trust-exact) away from it. Newton's steps use the gradient and end within 1e-9.

    Parameters
    ----------
    values : ndarray of float64, shape (n,)
        Log-odds to calibrate.
    targets : ndarray of float64, shape (n,)
        Probabilities of spam; their mean is between 0 and 1.
    weights : ndarray of float64, shape (n,)
        How much each row counts.

    Returns
    -------
    scale, shift : float
        Calibrated log-odds are scale · value + shift.

    References
    ----------
    .. [1] H.-T. Lin, C.-J. Lin, R. Weng, "A note on Platt's probabilistic outputs for support vector machines", Machine Learning
       68, 2007.
    """
    center = float(np.average(values, weights=weights))
    spread = float(np.sqrt(np.average((values - center) ** 2, weights=weights))) or 1.0
    x = (values - center) / spread
    prior = float(np.average(targets, weights=weights))
    point = np.array([1.0, np.log(prior / (1 - prior))])
    total = weights.sum()

    def loss(at: FloatArray) -> float:
        log_odds = at[0] * x + at[1]
        # A minimal penalty, so that there is a minimum even if the value separates the classes.
        value: float = float(weights @ (np.logaddexp(0, log_odds) - targets * log_odds)) / total + 1e-9 * float(at[0]) ** 2
        return value

    for _ in range(100):
        p = sigmoid(point[0] * x + point[1])
        error, curvature = weights * (p - targets) / total, weights * p * (1 - p) / total
        gradient = np.array([error @ x + 2e-9 * point[0], error.sum()])
        mixed = curvature @ x
        step = np.linalg.solve(np.array([[curvature @ x**2 + 2e-9, mixed], [mixed, curvature.sum() + 1e-12]]), gradient)
        length, before = 1.0, loss(point)
        while length > 1e-6 and loss(point - length * step) > before:
            length /= 2
        point = point - length * step
        if np.abs(length * step).max() < 1e-9:
            break
    scale = float(point[0]) / spread
    return scale, float(point[1]) - scale * center
