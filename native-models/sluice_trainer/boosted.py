"""XGBoost over counts, and its trees as the graph has them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import xgboost
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from .forest import Tree


@dataclass(frozen=True)
class BoostedTrees:
    booster: xgboost.Booster | None
    # Leaves are shares of the log-odds. Two branches of a tree may lead to the same node; see `_with_zeros`.
    trees: list[Tree]
    base: float

    @staticmethod
    def grow(
        rows: csr_matrix, labels: NDArray[np.int8], weights: NDArray[np.float64], settings: Mapping[str, object], seed: int
    ) -> "BoostedTrees":
        """`settings`: `rounds`, and XGBoost's own. Sparse throughout: what a row does not have is missing to XGBoost."""
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
        # The base score of a half is log-odds of zero.
        return BoostedTrees(booster, trees, 0.0)

    def without_booster(self) -> "BoostedTrees":
        return replace(self, booster=None)

    def margins(self, rows: csr_matrix) -> NDArray[np.float64]:
        if rows.shape[0] == 0:
            return np.zeros(0)
        matrix = xgboost.DMatrix(rows.astype(np.float32), nthread=1)
        return self.booster.predict(matrix, output_margin=True).astype(np.float64)

    def scaled(self, slope: float, shift: float) -> "BoostedTrees":
        """With the Platt scale folded into leaves and base."""
        trees = [replace(tree, value=(tree.value.astype(np.float64) * slope).astype(np.float32)) for tree in self.trees]
        return replace(self, trees=trees, base=self.base * slope + shift)


def _with_zeros(tree: dict) -> Tree:
    """
    XGBoost goes left where count < t, and where the row lacks the feature to the side that training chose. In the graph such a count
    is 0, and whole counts c have c < t where c <= ⌈t⌉ − ½. So a feature that is lacked goes left by itself; where training chose
    right, a node before it asks for 0 and leads to the same right node.
    """
    left, right, feature, threshold, value = [], [], [], [], []

    def add(l: int, r: int, f: int, t: float, v: float) -> int:
        for values, one in ((left, l), (right, r), (feature, f), (threshold, t), (value, v)):
            values.append(one)
        return len(left) - 1

    def copy(node: int) -> int:
        if tree["left_children"][node] < 0:
            return add(-1, -1, 0, 0.0, tree["split_conditions"][node])
        cut = float(np.ceil(np.float32(tree["split_conditions"][node])) - 0.5)
        tested = tree["split_indices"][node]
        at_zero = add(0, 0, tested, 0.5, 0.0) if not tree["default_left"][node] and cut > 0 else -1
        if cut < 0:
            # No count is below: only what lacks the feature can go left.
            cut = 0.5 if tree["default_left"][node] else cut
        at = add(0, 0, tested, cut, 0.0)
        # The right side first, so that the graph's own order of nodes meets it as a plain child before as a shared one.
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
