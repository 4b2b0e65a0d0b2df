"""XGBoost over counts, and its trees as the graph has them."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import xgboost
from scipy.sparse import csr_matrix

from .arrays import FloatArray, LabelArray
from .config import Settings
from .tree import Tree


@dataclass(frozen=True)
class BoostedTrees:
    """
    Fitted boosted trees.

    Attributes
    ----------
    booster : xgboost.Booster or None
        None once it is no longer needed.
    trees : list of Tree
        Leaf values are summands of the log-odds of spam. Two branches of a tree may lead to the same node; see `_with_zeros`.
    base : float
        Log-odds to which the leaves are added.
    """

    booster: xgboost.Booster | None
    trees: list[Tree]
    base: float

    @staticmethod
    def grow(rows: csr_matrix, labels: LabelArray, weights: FloatArray, settings: Settings, seed: int) -> BoostedTrees:
        """
        Fit XGBoost [1]_ to sparse rows. A feature that a row lacks is missing to XGBoost.

        Parameters
        ----------
        rows : csr_matrix, shape (n, features)
            Counts.
        labels : ndarray of int8, shape (n,)
            1 spam, 0 ham.
        weights : ndarray of float64, shape (n,)
            How much each row counts.
        settings : mapping
            `rounds`, the number of trees, and settings of XGBoost.
        seed : int
            Seed of the sampling.

        Returns
        -------
        BoostedTrees
            With its booster.

        References
        ----------
        .. [1] T. Chen, C. Guestrin, "XGBoost: a scalable tree boosting system", KDD 2016.
        """
        given = {key: value for key, value in settings.items() if key not in ("rounds", "columns")}
        booster = xgboost.train(
            {
                "objective": "binary:logistic",
                "tree_method": "hist",
                "base_score": 0.5,
                "nthread": 1,
                "seed": seed,
                "verbosity": 0,
                **given,
            },
            xgboost.DMatrix(rows.astype(np.float32), label=labels, weight=weights, nthread=1),
            num_boost_round=int(settings["rounds"]),
        )
        raw = json.loads(booster.save_raw("json"))
        trees = [_with_zeros(tree) for tree in raw["learner"]["gradient_booster"]["model"]["trees"]]
        # A base score of one half is log-odds of zero.
        return BoostedTrees(booster, trees, 0.0)

    def without_booster(self) -> BoostedTrees:
        """Return a copy without XGBoost's object."""
        return replace(self, booster=None)

    def margins(self, rows: csr_matrix) -> FloatArray:
        """
        Return XGBoost's log-odds of spam.

        Parameters
        ----------
        rows : csr_matrix, shape (n, features)
            Counts of the columns that the trees were grown over.

        Returns
        -------
        ndarray of float64, shape (n,)
            Log-odds.
        """
        if rows.shape[0] == 0:
            return np.zeros(0)
        assert self.booster is not None
        matrix = xgboost.DMatrix(rows.astype(np.float32), nthread=1)
        margins: FloatArray = self.booster.predict(matrix, output_margin=True).astype(np.float64)
        return margins

    def scaled(self, slope: float, shift: float) -> BoostedTrees:
        """Return a copy with log-odds of slope · log-odds + shift, in leaves and base."""
        trees = [replace(tree, value=(tree.value.astype(np.float64) * slope).astype(np.float32)) for tree in self.trees]
        return replace(self, trees=trees, base=self.base * slope + shift)


def _with_zeros(tree: dict[str, Any]) -> Tree:
    """
    Convert a tree of XGBoost into one for counts where a missing feature is 0.

    XGBoost goes left if count < t. If the row lacks the feature, it takes the side that training chose. In the graph such a count
    is 0, and for whole counts "< t" is "<= ceil(t) - 1/2". So a missing feature goes left without further nodes. If training chose
    right, a node before it tests for 0 and leads to the same right child.
    """
    left: list[int] = []
    right: list[int] = []
    feature: list[int] = []
    threshold: list[float] = []
    value: list[float] = []

    def add(tested: int, cut: float, leaf: float) -> int:
        left.append(-1)
        right.append(-1)
        feature.append(tested)
        threshold.append(cut)
        value.append(leaf)
        return len(left) - 1

    def copy(node: int) -> int:
        if tree["left_children"][node] < 0:
            return add(0, 0.0, tree["split_conditions"][node])
        cut = float(np.ceil(np.float32(tree["split_conditions"][node])) - 0.5)
        tested = tree["split_indices"][node]
        at_zero = add(tested, 0.5, 0.0) if not tree["default_left"][node] and cut > 0 else -1
        if cut < 0:
            # No count is below the threshold: only a missing feature can go left.
            cut = 0.5 if tree["default_left"][node] else cut
        at = add(tested, cut, 0.0)
        # The right child first, so that the graph's depth-first order meets it as a plain child before it meets it as a shared one.
        right[at] = copy(tree["right_children"][node])
        left[at] = copy(tree["left_children"][node])
        if at_zero < 0:
            return at
        left[at_zero], right[at_zero] = right[at], at
        return at_zero

    root = copy(0)
    assert root == 0
    return Tree(
        np.array(left, np.int32),
        np.array(right, np.int32),
        np.array(feature, np.int32),
        np.array(threshold, np.float32),
        np.array(value, np.float32),
    )
