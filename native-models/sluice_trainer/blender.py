"""The second layer: member probabilities in, calibrated log-odds out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from .platt import sigmoid
from .profiles import BlenderPlan


@dataclass(frozen=True)
class Blend:
    """log-odds = bias + Σ weight · member; probability = sigmoid(scale · log-odds + shift), or the one member itself."""

    weights: NDArray[np.float64]
    bias: float
    scale: float = 1.0
    shift: float = 0.0
    identity: bool = False

    def log_odds(self, members: NDArray[np.float64]) -> NDArray[np.float64]:
        return self.bias + members @ self.weights

    def probabilities(self, members: NDArray[np.float64]) -> NDArray[np.float64]:
        if self.identity:
            return members[:, 0]
        return sigmoid(self.scale * self.log_odds(members) + self.shift)


def fit_logistic(
    members: NDArray[np.float64], labels: NDArray[np.int8], weights: NDArray[np.float64], plan: BlenderPlan, seed: int
) -> Blend:
    """scikit-learn's logistic regression as the plan has it; a member may get a weight below zero."""
    fit = LogisticRegression(random_state=seed, **plan.settings)
    fit.fit(members, labels, sample_weight=weights)
    return Blend(fit.coef_[0].astype(np.float64), float(fit.intercept_[0]))


@dataclass(frozen=True)
class Choice:
    """One candidate of the search, and how it did on rows that it was not fitted to."""

    strength: float
    late_share: float
    # Mean log-loss of each fold.
    losses: tuple[float, ...]
    undecided: float
    blend: Blend

    @property
    def loss(self) -> float:
        return float(np.mean(self.losses))


def fit_blend(
    members: NDArray[np.float64],
    labels: NDArray[np.int8],
    weights: NDArray[np.float64],
    shares: NDArray[np.float64],
    strength: float,
    label_noise: float,
) -> Blend:
    """
    Logistic regression with weights of at least zero: a member may be ignored, never be read backwards. Weights are drawn to a multiple of
    `shares`, which is fitted too: `strength` is the C of that regularisation, 0 for no other weights than those. Calibrated by a second
    fit of two numbers on the same rows, with `label_noise` of the labels taken to be wrong.
    """
    total = weights.sum()
    shares = shares / shares.sum()
    targets = np.where(labels == 1, 1 - label_noise, label_noise)
    start = _calibrate(members @ shares, targets, weights)
    scale, shift = max(start[0], 1e-3), start[1]
    if strength == 0:
        return Blend(scale * shares, shift)
    penalty = 1 / (2 * strength * len(labels))

    # Unknown: the weights, the multiple, the bias.
    def loss(x: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        log_odds = members @ x[:-2] + x[-1]
        away = x[:-2] - x[-2] * shares
        value = float(weights @ (np.logaddexp(0, log_odds) - targets * log_odds)) / total + penalty * float(away @ away)
        slope = weights * (sigmoid(log_odds) - targets) / total
        return value, np.concatenate(
            (members.T @ slope + 2 * penalty * away, [-2 * penalty * float(away @ shares), slope.sum()])
        )

    bounds = [(0.0, None)] * (members.shape[1] + 1) + [(None, None)]
    begin = np.concatenate((scale * shares, [scale, shift]))
    fit = minimize(loss, begin, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 2_000})
    blend = Blend(fit.x[:-2], float(fit.x[-1]))
    scale, shift = _calibrate(blend.log_odds(members), targets, weights)
    # Strictly rising, whatever the data: a blend that finds nothing is left as it is.
    return Blend(blend.weights, blend.bias, scale, shift) if scale > 1e-3 else blend


def _calibrate(
    values: NDArray[np.float64], targets: NDArray[np.float64], weights: NDArray[np.float64]
) -> tuple[float, float]:
    """(scale, shift) of the logistic regression on one value whose targets are probabilities, by Newton's method."""
    centre = float(np.average(values, weights=weights))
    spread = float(np.sqrt(np.average((values - centre) ** 2, weights=weights))) or 1.0
    x = (values - centre) / spread
    prior = float(np.average(targets, weights=weights))
    at = np.array([1.0, np.log(prior / (1 - prior))])
    total = weights.sum()

    def loss(point: NDArray[np.float64]) -> float:
        log_odds = point[0] * x + point[1]
        # A breath of regularisation, so that there is an end where a value parts the classes.
        return float(weights @ (np.logaddexp(0, log_odds) - targets * log_odds)) / total + 1e-9 * point[0] ** 2

    for _ in range(100):
        p = sigmoid(at[0] * x + at[1])
        error, curve = weights * (p - targets) / total, weights * p * (1 - p) / total
        slope = np.array([error @ x + 2e-9 * at[0], error.sum()])
        mixed = curve @ x
        step = np.linalg.solve([[curve @ x**2 + 2e-9, mixed], [mixed, curve.sum() + 1e-12]], slope)
        length, before = 1.0, loss(at)
        while length > 1e-6 and loss(at - length * step) > before:
            length /= 2
        at = at - length * step
        if np.abs(length * step).max() < 1e-9:
            break
    scale = float(at[0]) / spread
    return scale, float(at[1]) - scale * centre


def undecided_before(
    blend: Blend, members: NDArray[np.float64], late: NDArray[np.bool_], reject_min: float, reject_max: float
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """
    Rows that the members not `late` leave open. First: could still be other than ham (such rows need an exact probability); second:
    the band itself is not certain.
    """
    if blend.identity:
        return np.zeros(len(members), bool), np.zeros(len(members), bool)
    known = blend.bias + members[:, ~late] @ blend.weights[~late]
    # Probabilities lie in [0, 1], and a weight may be below zero.
    lowest = sigmoid(blend.scale * (known + np.minimum(blend.weights[late], 0).sum()) + blend.shift)
    highest = sigmoid(blend.scale * (known + np.maximum(blend.weights[late], 0).sum()) + blend.shift)
    not_surely_ham = highest > reject_min
    same_band = (lowest > reject_max) | (highest <= reject_min) | ((lowest > reject_min) & (highest <= reject_max))
    return not_surely_ham, ~same_band


def choose_blend(
    members: NDArray[np.float64],
    labels: NDArray[np.int8],
    weights: NDArray[np.float64],
    folds: NDArray[np.int32],
    shares: NDArray[np.float64],
    late: NDArray[np.bool_],
    plan: BlenderPlan,
    reject_min: float,
) -> tuple[Blend, list[Choice]]:
    """
    Cross-validates each strength of regularisation with the shares of the late (dear) members lowered by each factor. Only candidates that
    leave few enough ham undecided before the late members count (where there is none, those that leave least). Of them, the strongest
    regularisation, and then the shares lowered least, whose loss is within one standard error of the best, the error being that of the
    difference fold by fold.
    """
    choices: list[Choice] = []
    ham = labels == 0
    for strength in plan.strengths:
        for late_share in plan.late_shares:
            drawn_to = np.where(late, late_share, 1.0) * shares
            losses = []
            for fold in np.unique(folds):
                held = folds == fold
                blend = fit_blend(members[~held], labels[~held], weights[~held], drawn_to, strength, plan.label_noise)
                p = np.clip(blend.probabilities(members[held]), 1e-12, 1 - 1e-12)
                per_row = -np.where(labels[held] == 1, np.log(p), np.log1p(-p))
                losses.append(float(np.average(per_row, weights=weights[held])))
            blend = fit_blend(members, labels, weights, drawn_to, strength, plan.label_noise)
            not_surely_ham, _ = undecided_before(blend, members, late, reject_min, reject_min)
            undecided = float(np.average(not_surely_ham[ham], weights=weights[ham]))
            choices.append(Choice(strength, late_share, tuple(losses), undecided, blend))
    least = min(choice.undecided for choice in choices)
    allowed = [choice for choice in choices if choice.undecided <= max(plan.undecided, least)]
    best = min(allowed, key=lambda choice: choice.loss)

    def within_one_error(choice: Choice) -> bool:
        differences = np.subtract(choice.losses, best.losses)
        return bool(differences.mean() <= np.std(differences, ddof=1) / np.sqrt(len(differences)))

    chosen = min(
        (choice for choice in allowed if choice is best or within_one_error(choice)),
        key=lambda choice: (choice.strength, -choice.late_share),
    )
    return chosen.blend, choices
