"""Which fold a row belongs to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def deal_folds(
    labels: NDArray[np.int8], groups: NDArray[np.int32], folds: int, seed: int
) -> NDArray[np.int32]:
    """
    A group stays whole. Groups are shuffled and dealt, larger ones first, to the fold that has least of the group's class, so that
    each fold has about the same share of spam.
    """
    names, group_of, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    spam = np.bincount(group_of, weights=labels, minlength=len(names))
    shuffled = np.random.default_rng(seed).permutation(len(names))
    fold_of_group = np.zeros(len(names), dtype=np.int32)
    for mostly_spam in (True, False):
        chosen = shuffled[(spam[shuffled] * 2 > sizes[shuffled]) == mostly_spam]
        chosen = chosen[np.argsort(-sizes[chosen], kind="stable")]
        filled = np.zeros(folds)
        for group in chosen:
            fold = int(np.argmin(filled))
            fold_of_group[group] = fold
            filled[fold] += sizes[group]
    return fold_of_group[group_of]
