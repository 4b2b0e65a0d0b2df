"""The random forest over counts, and its trees as the graphs have them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, csr_matrix
from sklearn.ensemble import RandomForestClassifier

# Leaf values are multiples of 2^-17 in [0, 1]: sums of up to 64 of them, a block, are exact in float32, in any order.
LEAF_STEP = 2.0**-17
LARGEST_BLOCK = 64


@dataclass(frozen=True)
class Tree:
    """One tree in arrays; -1 as `left` marks a leaf. A row goes left where count[feature] <= threshold."""

    left: NDArray[np.int32]
    right: NDArray[np.int32]
    feature: NDArray[np.int32]
    threshold: NDArray[np.float32]
    value: NDArray[np.float32]


@dataclass(frozen=True)
class Forest:
    estimator: RandomForestClassifier | None
    trees: list[Tree]
    # Trees in each exported graph.
    block: int
    # Probabilities for the training rows from the trees that did not see them.
    out_of_bag: NDArray[np.float64]

    @staticmethod
    def grow(
        rows: csr_matrix, labels: NDArray[np.int8], weights: NDArray[np.float64], settings: Mapping[str, object], seed: int
    ) -> "Forest":
        """`settings`: scikit-learn's, and `block`. Sparse throughout: scikit-learn splits on compressed columns."""
        given = {key: value for key, value in settings.items() if key not in ("block", "columns")}
        block = int(settings.get("block", LARGEST_BLOCK))
        if block > LARGEST_BLOCK:
            raise ValueError(f"a block of more than {LARGEST_BLOCK} trees has sums that float32 does not hold")
        estimator = RandomForestClassifier(bootstrap=True, oob_score=True, n_jobs=1, random_state=seed, **given)
        estimator.fit(csc_matrix(rows.astype(np.float32)), labels, sample_weight=weights)
        out_of_bag = estimator.oob_decision_function_[:, 1].astype(np.float64)
        seen_by_all = ~(estimator.oob_decision_function_.sum(axis=1) > 0)
        # A row that every tree has seen gets zeros or NaN; the mean says nothing of it.
        out_of_bag[seen_by_all] = float(np.mean(out_of_bag[~seen_by_all])) if not seen_by_all.all() else 0.5
        return Forest(estimator, [_rounded(one.tree_) for one in estimator.estimators_], block, out_of_bag)

    def without_estimator(self) -> "Forest":
        return replace(self, estimator=None)

    def leaf_bounds(self) -> tuple[float, float]:
        """No row can get a mean outside these: the means of the trees' lowest and highest leaves."""
        lowest = sum(float(tree.value[tree.left < 0].min()) for tree in self.trees)
        highest = sum(float(tree.value[tree.left < 0].max()) for tree in self.trees)
        return lowest / len(self.trees), highest / len(self.trees)

    def probabilities(self, counts: csr_matrix) -> NDArray[np.float64]:
        """As scikit-learn computes them; the rounded leaves differ by less than 2^-18 in the mean."""
        if counts.shape[0] == 0:
            return np.zeros(0)
        return self.estimator.predict_proba(counts.astype(np.float32))[:, 1]


def _rounded(tree) -> Tree:
    shares = tree.value[:, 0, :]
    spam = shares[:, 1] / np.maximum(shares.sum(axis=1), 1e-300)
    return Tree(
        left=tree.children_left.astype(np.int32),
        right=tree.children_right.astype(np.int32),
        feature=tree.feature.astype(np.int32),
        # Counts are whole numbers, so k + 0.5 parts them as the grown threshold does, and float32 holds it exactly.
        threshold=(np.floor(tree.threshold) + 0.5).astype(np.float32),
        value=(np.round(spam / LEAF_STEP) * LEAF_STEP).astype(np.float32),
    )
