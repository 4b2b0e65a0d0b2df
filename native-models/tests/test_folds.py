import numpy as np
import pytest

from sluice_trainer.arrays import IdArray, LabelArray
from sluice_trainer.folds import assign_folds


def labels_and_groups(seed: int = 0) -> tuple[LabelArray, IdArray]:
    """600 rows, 30 % spam, in groups of 1 to 6 rows."""
    random = np.random.default_rng(seed)
    groups = np.repeat(np.arange(600), random.integers(1, 7, 600))[:600].astype(np.int32)
    return (random.random(600) < 0.3).astype(np.int8), random.permutation(groups)


def test_assign_folds_uses_every_fold_and_no_other() -> None:
    folds = assign_folds(*labels_and_groups(), 5, seed=1)
    assert folds.shape == (600,)
    assert np.unique(folds).tolist() == [0, 1, 2, 3, 4]


def test_assign_folds_keeps_each_group_in_one_fold() -> None:
    labels, groups = labels_and_groups()
    folds = assign_folds(labels, groups, 5, seed=1)
    for group in np.unique(groups):
        assert len(np.unique(folds[groups == group])) == 1


@pytest.mark.parametrize("label", [0, 1])
def test_assign_folds_stratifies_single_rows_exactly(label: int) -> None:
    labels = (np.arange(503) % 7 == 0).astype(np.int8)
    folds = assign_folds(labels, np.arange(503, dtype=np.int32), 5, seed=2)
    counts = np.bincount(folds[labels == label], minlength=5)
    assert counts.max() - counts.min() <= 1


def test_assign_folds_stratifies_groups_approximately() -> None:
    labels, groups = labels_and_groups()
    folds = assign_folds(labels, groups, 5, seed=1)
    sizes = np.bincount(folds)
    shares = np.bincount(folds, weights=labels) / sizes
    assert sizes.max() - sizes.min() <= 6
    assert np.abs(shares - labels.mean()).max() < 0.08


def test_assign_folds_balances_one_large_group_with_small_ones() -> None:
    groups = np.concatenate([np.zeros(100, np.int32), np.arange(1, 101, dtype=np.int32)])
    folds = assign_folds(np.zeros(200, np.int8), groups, 2, seed=0)
    assert np.bincount(folds).tolist() == [100, 100]


def test_assign_folds_depends_on_the_seed_only() -> None:
    labels, groups = labels_and_groups()
    once = assign_folds(labels, groups, 5, seed=7)
    np.testing.assert_array_equal(once, assign_folds(labels, groups, 5, seed=7))
    assert (once != assign_folds(labels, groups, 5, seed=8)).any()
