"""The random forest over counts, and its trees as the graphs have them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.sparse import csc_matrix, csr_matrix
from sklearn.ensemble import RandomForestClassifier

from .arrays import FloatArray, LabelArray
from .config import Settings
from .tree import Tree

LEAF_STEP = 2.0**-17
"""Leaf values are multiples of this in [0, 1], so the sum of up to 64 of them is exact in float32, in any order."""

LARGEST_BLOCK = 64
"""The most trees of one graph."""


@dataclass(frozen=True)
class Forest:
    """
    A fitted random forest.

    Attributes
    ----------
    estimator : RandomForestClassifier or None
        None once it is no longer needed.
    trees : list of Tree
        Leaf values are the share of spam, rounded to a multiple of `LEAF_STEP`; a probability is their mean.
    block : int
        Number of trees in each exported graph.
    out_of_bag : ndarray of float64, shape (n,)
        Probabilities of the training rows, each from the trees that were not fitted to it.
    """

    estimator: RandomForestClassifier | None
    trees: list[Tree]
    block: int
    out_of_bag: FloatArray

    @staticmethod
    def grow(rows: csr_matrix, labels: LabelArray, weights: FloatArray, settings: Settings, seed: int) -> Forest:
        """
        Fit scikit-learn's random forest [1]_ with out-of-bag predictions [2]_.

        Rows stay sparse: scikit-learn splits on compressed columns.

        Parameters
        ----------
        rows : csr_matrix, shape (n, features)
            Counts.
        labels : ndarray of int8, shape (n,)
            1 spam, 0 ham.
        weights : ndarray of float64, shape (n,)
            How much each row counts.
        settings : mapping
            Settings of scikit-learn, and `block`.
        seed : int
            Seed of bootstrap and splits.

        Returns
        -------
        Forest
            With its estimator.

        Raises
        ------
        ValueError
            If `block` is larger than `LARGEST_BLOCK`.

        References
        ----------
        .. [1] L. Breiman, "Random forests", Machine Learning 45, 2001.
        .. [2] L. Breiman, "Out-of-bag estimation", technical report, University of California, Berkeley, 1996.
        """
        given = {key: value for key, value in settings.items() if key not in ("block", "columns")}
        block = int(settings.get("block", LARGEST_BLOCK))
        if block > LARGEST_BLOCK:
            raise ValueError(f"the sum over more than {LARGEST_BLOCK} trees is not exact in float32: block is {block}")
        estimator = RandomForestClassifier(bootstrap=True, oob_score=True, n_jobs=1, random_state=seed, **given)
        estimator.fit(csc_matrix(rows.astype(np.float32)), labels, sample_weight=weights)
        out_of_bag: FloatArray = estimator.oob_decision_function_[:, 1].astype(np.float64)
        in_every_bag = ~(estimator.oob_decision_function_.sum(axis=1) > 0)
        # A row that all trees were fitted to has no out-of-bag prediction (zeros or NaN): it gets the mean of the others.
        out_of_bag[in_every_bag] = float(np.mean(out_of_bag[~in_every_bag])) if not in_every_bag.all() else 0.5
        return Forest(estimator, [_rounded(one.tree_) for one in estimator.estimators_], block, out_of_bag)

    def without_estimator(self) -> Forest:
        """Return a copy without scikit-learn's object."""
        return replace(self, estimator=None)

    def leaf_bounds(self) -> tuple[float, float]:
        """Return the means of the trees' lowest and of their highest leaves; no probability is outside of them."""
        lowest = sum(float(tree.value[tree.left < 0].min()) for tree in self.trees)
        highest = sum(float(tree.value[tree.left < 0].max()) for tree in self.trees)
        return lowest / len(self.trees), highest / len(self.trees)

    def probabilities(self, counts: csr_matrix) -> FloatArray:
        """
        Return scikit-learn's probabilities; those of the rounded leaves differ by less than 2^-18.

        Parameters
        ----------
        counts : csr_matrix, shape (n, features)
            Counts of the columns that the forest was grown over.

        Returns
        -------
        ndarray of float64, shape (n,)
            Probability of spam.
        """
        if counts.shape[0] == 0:
            return np.zeros(0)
        assert self.estimator is not None
        probabilities: FloatArray = self.estimator.predict_proba(counts.astype(np.float32))[:, 1]
        return probabilities


def _rounded(tree: Any) -> Tree:
    shares = tree.value[:, 0, :]
    spam = shares[:, 1] / np.maximum(shares.sum(axis=1), 1e-300)
    return Tree(
        left=tree.children_left.astype(np.int32),
        right=tree.children_right.astype(np.int32),
        feature=tree.feature.astype(np.int32),
        # Counts are whole numbers, so k + 1/2 takes the same branches as the original threshold, and float32 holds it exactly.
        threshold=(np.floor(tree.threshold) + 0.5).astype(np.float32),
        value=(np.round(spam / LEAF_STEP) * LEAF_STEP).astype(np.float32),
    )
