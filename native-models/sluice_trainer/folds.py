"""Assigns rows to folds."""

from __future__ import annotations

import numpy as np

from .arrays import IdArray, LabelArray


def assign_folds(labels: LabelArray, groups: IdArray, folds: int, seed: int) -> IdArray:
    """
    Assign each row to a fold; stratified by class, with each group in one fold.

    Groups are shuffled. Then, larger ones first, each goes to the fold that has the fewest rows of groups with the same majority
    class. So each fold has about the same share of spam.

    Parameters
    ----------
    labels : ndarray of int8, shape (n,)
        1 spam, 0 ham.
    groups : ndarray of int32, shape (n,)
        Rows with the same number stay together.
    folds : int
        Number of folds.
    seed : int
        Seed of the shuffle. The same seed gives the same folds.

    Returns
    -------
    ndarray of int32, shape (n,)
        The fold of each row, from 0 to `folds` - 1.
    """
    names, group_of_row, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    spam = np.bincount(group_of_row, weights=labels, minlength=len(names))
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
    return fold_of_group[group_of_row]
