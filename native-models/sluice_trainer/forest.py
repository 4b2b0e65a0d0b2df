"""The random forest over word counts, grown so that float32 sums of its trees are exact."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, csr_matrix
from sklearn.ensemble import RandomForestClassifier

from .profiles import ForestShape

# Leaf values are multiples of 2^-14 in [0, 1]: sums of up to 256 of them are exact in float32, in any order.
LEAF_STEP = 2.0**-14


@dataclass(frozen=True)
class Tree:
    """One tree in arrays; -1 as `left` marks a leaf. A row goes left where count[feature] <= threshold."""

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    feature: NDArray[np.int64]
    threshold: NDArray[np.float32]
    value: NDArray[np.float32]


@dataclass(frozen=True)
class Forest:
    estimator: RandomForestClassifier
    trees: list[Tree]
    # Probabilities for the training rows from the trees that did not see them.
    out_of_bag: NDArray[np.float64]

    def leaf_bounds(self) -> tuple[float, float]:
        """No row can get a mean outside these: the means of the trees' lowest and highest leaves."""
        lowest = sum(float(tree.value[tree.left < 0].min()) for tree in self.trees)
        highest = sum(float(tree.value[tree.left < 0].max()) for tree in self.trees)
        return lowest / len(self.trees), highest / len(self.trees)

    def probabilities(self, counts: csr_matrix) -> NDArray[np.float64]:
        """Means over the rounded trees: what the exported graphs compute."""
        if counts.shape[0] == 0:
            return np.zeros(0)
        width = self.estimator.n_features_in_
        leaves = self.estimator.apply(counts[:, :width].astype(np.float32))
        total = np.zeros(counts.shape[0])
        for at, tree in enumerate(self.trees):
            total += tree.value[leaves[:, at]]
        return total / len(self.trees)


def grow_forest(
    counts: csr_matrix,
    labels: NDArray[np.int8],
    weights: NDArray[np.float64],
    shape: ForestShape,
    seed: int,
    jobs: int,
) -> Forest:
    """`counts`: of the kept word features, the most frequent first; the forest looks at the first `shape.columns`."""
    width = min(shape.columns, counts.shape[1])
    rows = counts[:, :width].astype(np.float32)
    estimator = RandomForestClassifier(
        n_estimators=shape.trees,
        max_leaf_nodes=shape.leaves,
        max_features=shape.tried_columns,
        max_samples=shape.samples,
        bootstrap=True,
        oob_score=True,
        n_jobs=jobs,
        random_state=seed,
    )
    estimator.fit(csc_matrix(rows), labels, sample_weight=weights)
    trees = [_rounded(one.tree_) for one in estimator.estimators_]
    out_of_bag = estimator.oob_decision_function_[:, 1].astype(np.float64)
    seen_by_all = ~(estimator.oob_decision_function_.sum(axis=1) > 0)
    # A row that every tree has seen gets zeros or NaN; the mean says nothing of it.
    out_of_bag[seen_by_all] = float(np.mean(out_of_bag[~seen_by_all])) if not seen_by_all.all() else 0.5
    return Forest(estimator, trees, out_of_bag)


def _rounded(tree) -> Tree:
    shares = tree.value[:, 0, :]
    spam = shares[:, 1] / np.maximum(shares.sum(axis=1), 1e-300)
    return Tree(
        left=tree.children_left.astype(np.int64),
        right=tree.children_right.astype(np.int64),
        feature=tree.feature.astype(np.int64),
        # Counts are whole numbers, so k + 0.5 parts them as the grown threshold does, and float32 holds it exactly.
        threshold=(np.floor(tree.threshold) + 0.5).astype(np.float32),
        value=(np.round(spam / LEAF_STEP) * LEAF_STEP).astype(np.float32),
    )
