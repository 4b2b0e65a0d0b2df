"""How far the log-odds of a row are trusted, by how much of it the model knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from .arrays import BoolArray, FloatArray, IdArray, LabelArray, RowArray
from .platt import sigmoid
from .vectorizer import Vectorizer

WORD_STEPS = (0, 1, 2, 3, 4, 6, 9)
"""Numbers of known words from which a step begins."""

SHARE_STEPS = (0.0, 0.25, 0.5, 0.75)
"""Shares of known words among all words from which a step begins."""

MOST_BY_WORDS = (0.5, 0.5, 0.7, 0.85, 0.95, 1.0, 1.0)
"""
The highest factor of each step. Data sets hold few messages in languages that their models do not know, and none of them is spam: a
fit alone would trust a model in texts that it cannot read.
"""

MOST_BY_SHARE = (0.4, 0.7, 0.9, 1.0)
"""The same for the shares of known words."""

LEAST_TRUST = 0.05
"""A smaller factor would turn the log-odds into the prior."""

ROUNDS = 4
"""How often the two tables are fitted, each with the other one fixed."""


@dataclass(frozen=True)
class Knowledge:
    """
    What a model knows of some rows.

    Attributes
    ----------
    words : ndarray of int32, shape (n,)
        Number of known words with a letter, each as often as it occurs.
    share : ndarray of float64, shape (n,)
        Their share of all words with a letter; 1 without words, since none of them is unknown.
    """

    words: IdArray
    share: FloatArray

    @staticmethod
    def of(counts: csr_matrix, lengths: IdArray, vectorizer: Vectorizer, is_word: BoolArray) -> Knowledge:
        """
        Count the known words of some rows.

        Parameters
        ----------
        counts : csr_matrix, shape (n, features)
            Counts of the family words.
        lengths : ndarray of int32, shape (n,)
            Number of words with a letter, known or not.
        vectorizer : Vectorizer
            Its features are known.
        is_word : ndarray of bool, shape (features,)
            Whether a feature is a word with a letter.

        Returns
        -------
        Knowledge
            The same numbers as `workers/onnx-session.ts` computes.
        """
        known = vectorizer.select(counts)
        flags = is_word[vectorizer.columns].astype(np.float64)
        words = np.rint(known @ flags).astype(np.int32)
        return Knowledge(words, np.where(lengths == 0, 1.0, words / np.maximum(lengths, 1)))


@dataclass(frozen=True)
class Trust:
    """
    Fitted factors: log-odds become prior + factor · (log-odds - prior).

    Attributes
    ----------
    prior : float
        Log-odds of the prior.
    words : ndarray of float64, shape (len(WORD_STEPS),)
        Factor by the number of known words, ascending.
    share : ndarray of float64, shape (len(SHARE_STEPS),)
        Factor by the share of known words, ascending.
    most : float
        The highest probability of a row without a known word.
    """

    prior: float
    words: FloatArray
    share: FloatArray
    most: float

    def probabilities(self, log_odds: FloatArray, knowledge: Knowledge) -> FloatArray:
        """
        Return the probabilities of rows.

        Parameters
        ----------
        log_odds : ndarray of float64, shape (n,)
            Calibrated log-odds of the blend.
        knowledge : Knowledge
            Of the same rows.

        Returns
        -------
        ndarray of float64, shape (n,)
            Never falls as the log-odds of a row rise.
        """
        factor = self.words[_steps(knowledge.words, WORD_STEPS)] * self.share[_steps(knowledge.share, SHARE_STEPS)]
        p = sigmoid(np.where(factor == 1, log_odds, self.prior + factor * (log_odds - self.prior)))
        return np.where(knowledge.words == 0, np.minimum(p, self.most), p)

    def facts(self) -> dict[str, list[dict[str, float]]]:
        """Return the block `trust` of the manifest."""

        def table(steps: Sequence[float], factors: FloatArray) -> list[dict[str, float]]:
            return [{"from": start, "trust": float(factor)} for start, factor in zip(steps, factors, strict=True)]

        return {"words": table(WORD_STEPS, self.words), "share": table(SHARE_STEPS, self.share)}


def fit_trust(
    log_odds: FloatArray,
    knowledge: Knowledge,
    labels: LabelArray,
    weights: FloatArray,
    prior: float,
    label_noise: float,
    most: float,
) -> Trust:
    """
    Fit the factors to predictions for rows that the base models were not fitted to.

    Each factor minimizes the log-loss of its rows. Neighboring steps whose factors would fall are fitted as one, as in isotonic
    regression by pooling adjacent violators [1]_. The two tables are fitted in turns.

    Parameters
    ----------
    log_odds : ndarray of float64, shape (n,)
        Calibrated log-odds of the blend.
    knowledge : Knowledge
        Of the same rows, by the vocabularies of their folds.
    labels : ndarray of int8, shape (n,)
        1 spam, 0 ham.
    weights : ndarray of float64, shape (n,)
        How much each row counts.
    prior : float
        Probability of spam if nothing is known, between 0 and 1.
    label_noise : float
        Assumed share of wrong labels.
    most : float
        The highest probability of a row without a known word.

    Returns
    -------
    Trust
        Factors between `LEAST_TRUST` and those of `MOST_BY_WORDS` and `MOST_BY_SHARE` that never fall.

    References
    ----------
    .. [1] R. Barlow, D. Bartholomew, J. Bremner, H. Brunk, "Statistical Inference under Order Restrictions", 1972.
    """
    start = float(np.log(prior / (1 - prior)))
    distance = log_odds - start
    targets = np.where(labels == 1, 1 - label_noise, label_noise)
    by_words, by_share = _steps(knowledge.words, WORD_STEPS), _steps(knowledge.share, SHARE_STEPS)
    words, share = np.ones(len(WORD_STEPS)), np.ones(len(SHARE_STEPS))
    for _ in range(ROUNDS):
        words = _rising_factors(by_words, MOST_BY_WORDS, start, distance * share[by_share], targets, weights)
        share = _rising_factors(by_share, MOST_BY_SHARE, start, distance * words[by_words], targets, weights)
    return Trust(start, words, share, most)


def _steps(values: IdArray | FloatArray, steps: Sequence[float]) -> RowArray:
    return np.searchsorted(np.asarray(steps, np.float64), values, side="right") - 1


def _rising_factors(
    step: RowArray, most: Sequence[float], start: float, distance: FloatArray, targets: FloatArray, weights: FloatArray
) -> FloatArray:
    # Steps without rows have no factor of their own: they are fitted as one with a neighbor.
    blocks: list[tuple[list[int], float | None]] = []
    for number in range(len(most)):
        block = [number]
        factor = _factor(step == number, start, distance, targets, weights)
        while blocks and (factor is None or blocks[-1][1] is None or blocks[-1][1] > factor):
            block = blocks.pop()[0] + block
            factor = _factor(np.isin(step, block), start, distance, targets, weights)
        blocks.append((block, factor))
    factors = np.ones(len(most))
    for block, factor in blocks:
        factors[block] = 1.0 if factor is None else round(factor, 4)
    return np.minimum(factors, most)


def _factor(at: BoolArray, start: float, distance: FloatArray, targets: FloatArray, weights: FloatArray) -> float | None:
    """Return the factor with the lowest log-loss, by bisection of the loss's slope, which rises; None without rows."""
    if not at.any():
        return None
    d, y, w = distance[at], targets[at], weights[at]

    def slope(factor: float) -> float:
        return float((w * (sigmoid(start + factor * d) - y)) @ d)

    low, high = LEAST_TRUST, 1.0
    if slope(high) <= 0:
        return high
    if slope(low) >= 0:
        return low
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if slope(middle) < 0 else (low, middle)
    return (low + high) / 2
