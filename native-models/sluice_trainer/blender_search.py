"""Chooses the blender's regularization, with early exit in mind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .arrays import BoolArray, FloatArray, IdArray, LabelArray
from .blender import Blend, fit_blend
from .config import BlenderConfig
from .platt import sigmoid


@dataclass(frozen=True)
class Candidate:
    """
    One combination of the blender's search, with its results on rows that it was not fitted to.

    Attributes
    ----------
    strength : float
        C of the regularization; 0 fixes the weights at the shares.
    expensive_share : float
        The factor on the shares of the expensive base models.
    losses : tuple of float
        Mean log-loss of each fold.
    undecided : float
        The share of ham that is not certainly ham before the expensive base models.
    blend : Blend
        Fitted to all rows.
    """

    strength: float
    expensive_share: float
    losses: tuple[float, ...]
    undecided: float
    blend: Blend

    @property
    def loss(self) -> float:
        """Mean of the folds' losses."""
        return float(np.mean(self.losses))


def undecided_before(
    blend: Blend,
    p: FloatArray,
    expensive: BoolArray,
    reject_min: float,
    reject_max: float,
    finish: Callable[[FloatArray], FloatArray] = sigmoid,
) -> tuple[BoolArray, BoolArray]:
    """
    Find the rows that the inexpensive base models leave undecided.

    An expensive base model may still predict anything from 0 to 1, which bounds the blended probability.

    Parameters
    ----------
    blend : Blend
        The blender.
    p : ndarray of float64, shape (n, models)
        Probabilities of all base models; those of expensive ones are not used.
    expensive : ndarray of bool, shape (models,)
        Base models that an early exit may skip.
    reject_min, reject_max : float
        The thresholds of the review band.
    finish : callable
        Turns calibrated log-odds of all rows into probabilities; it never falls.

    Returns
    -------
    not_certainly_ham : ndarray of bool, shape (n,)
        Rows that could still be above `reject_min`; such rows need an exact probability.
    open_band : ndarray of bool, shape (n,)
        Rows whose band is not certain.
    """
    if blend.identity:
        return np.zeros(len(p), bool), np.zeros(len(p), bool)
    known = blend.bias + p[:, ~expensive] @ blend.weights[~expensive]
    # A weight of the logistic blender may be negative.
    lowest = finish(blend.scale * (known + np.minimum(blend.weights[expensive], 0).sum()) + blend.shift)
    highest = finish(blend.scale * (known + np.maximum(blend.weights[expensive], 0).sum()) + blend.shift)
    not_certainly_ham = highest > reject_min
    same_band = (lowest > reject_max) | (highest <= reject_min) | ((lowest > reject_min) & (highest <= reject_max))
    return not_certainly_ham, ~same_band


def choose_blend(
    p: FloatArray,
    labels: LabelArray,
    weights: FloatArray,
    folds: IdArray,
    shares: FloatArray,
    expensive: BoolArray,
    config: BlenderConfig,
    reject_min: float,
) -> tuple[Blend, list[Candidate]]:
    """
    Search the strength of the regularization, and the shares of the expensive base models.

    Each combination is cross-validated. Only those count that leave at most `config.max_undecided_ham` of the ham undecided before
    the expensive base models (if there is none, those that leave least). Of them, the strongest regularization is chosen, and then
    the largest share, whose loss is within one standard error of the best [1]_. The error is that of the fold-by-fold difference.

    Parameters
    ----------
    p : ndarray of float64, shape (n, models)
        Out-of-fold probabilities of the base models.
    labels : ndarray of int8, shape (n,)
        1 spam, 0 ham; both classes occur in each fold's complement.
    weights : ndarray of float64, shape (n,)
        How much each row counts.
    folds : ndarray of int32, shape (n,)
        The fold of each row; at least two.
    shares : ndarray of float64, shape (models,)
        Proportions that the weights are drawn to.
    expensive : ndarray of bool, shape (models,)
        Base models that an early exit may skip.
    config : BlenderConfig
        The values to try.
    reject_min : float
        A row is ham if its probability is at most this.

    Returns
    -------
    blend : Blend
        The chosen one, fitted to all rows.
    candidates : list of Candidate
        All combinations.

    References
    ----------
    .. [1] L. Breiman, J. Friedman, R. Olshen, C. Stone, "Classification and Regression Trees", 1984, section 3.4.3.
    """
    candidates: list[Candidate] = []
    ham = labels == 0
    for strength in config.strengths:
        for expensive_share in config.expensive_shares:
            drawn_to = np.where(expensive, expensive_share, 1.0) * shares
            losses = []
            for fold in np.unique(folds):
                valid = folds == fold
                blend = fit_blend(p[~valid], labels[~valid], weights[~valid], drawn_to, strength, config.label_noise)
                blended = np.clip(blend.probabilities(p[valid]), 1e-12, 1 - 1e-12)
                per_row = -np.where(labels[valid] == 1, np.log(blended), np.log1p(-blended))
                losses.append(float(np.average(per_row, weights=weights[valid])))
            blend = fit_blend(p, labels, weights, drawn_to, strength, config.label_noise)
            not_certainly_ham, _ = undecided_before(blend, p, expensive, reject_min, reject_min)
            undecided = float(np.average(not_certainly_ham[ham], weights=weights[ham]))
            candidates.append(Candidate(strength, expensive_share, tuple(losses), undecided, blend))
    least = min(candidate.undecided for candidate in candidates)
    allowed = [candidate for candidate in candidates if candidate.undecided <= max(config.max_undecided_ham, least)]
    best = min(allowed, key=lambda candidate: candidate.loss)

    def within_one_standard_error(candidate: Candidate) -> bool:
        differences = np.subtract(candidate.losses, best.losses)
        return bool(differences.mean() <= np.std(differences, ddof=1) / np.sqrt(len(differences)))

    chosen = min(
        (candidate for candidate in allowed if candidate is best or within_one_standard_error(candidate)),
        key=lambda candidate: (candidate.strength, -candidate.expensive_share),
    )
    return chosen.blend, candidates
