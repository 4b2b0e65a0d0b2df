from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from synthetic import random_counts, random_labels, run_graph

from sluice_trainer.arrays import FloatArray, LabelArray
from sluice_trainer.boosted import BoostedTrees
from sluice_trainer.forest import LARGEST_BLOCK, Forest
from sluice_trainer.platt import sigmoid
from sluice_trainer.tree import Tree
from sluice_trainer.tree_graphs import TreeSpace, export_boosted, export_trees

COUNTS = random_counts(400, 30, seed=1)
LABELS: LabelArray = random_labels(COUNTS, seed=2)
# Rows that training has not seen, among them an empty one and one with large counts.
OTHER = csr_matrix(np.vstack([random_counts(300, 30, seed=3).toarray(), np.zeros((1, 30)), np.full((1, 30), 9)]))
WEIGHTS = np.random.default_rng(4).uniform(0.5, 2, 400)
FOREST_SETTINGS = {"n_estimators": 24, "max_leaf_nodes": 30, "block": 10}
BOOSTED_SETTINGS = {"rounds": 15, "max_depth": 4, "eta": 0.3, "subsample": 0.6}


def dense(counts: csr_matrix, columns: list[int]) -> dict[str, np.ndarray[tuple[int, int], np.dtype[np.float32]]]:
    return {"columns": counts.toarray()[:, columns].astype(np.float32)}


def forest_scores(forest: Forest, folder: Path) -> FloatArray:
    """Return the mean over all trees, as the scorer computes it from the blocks' sums."""
    total = np.zeros(OTHER.shape[0])
    for first in range(0, len(forest.trees), forest.block):
        columns = export_trees(folder / "block.onnx", forest.trees[first : first + forest.block])
        total += run_graph(folder / "block.onnx", dense(OTHER, columns["words"]))[:, 0]
    return total / len(forest.trees)


def test_forest_graphs_give_the_probabilities_of_scikit_learn(tmp_path: Path) -> None:
    forest = Forest.grow(COUNTS, LABELS, WEIGHTS, FOREST_SETTINGS, seed=0)
    scores = forest_scores(forest, tmp_path)
    np.testing.assert_allclose(scores, forest.probabilities(OTHER), atol=2.0**-18 + 1e-7)
    assert scores.std() > 0.05


def test_leaf_bounds_of_a_forest_enclose_all_its_probabilities(tmp_path: Path) -> None:
    forest = Forest.grow(COUNTS, LABELS, WEIGHTS, FOREST_SETTINGS, seed=0)
    low, high = forest.leaf_bounds()
    scores = forest_scores(forest, tmp_path)
    assert 0 <= low <= scores.min() < scores.max() <= high <= 1


def test_leaves_of_a_forest_block_add_up_exactly_in_float32_in_any_order() -> None:
    forest = Forest.grow(COUNTS, LABELS, WEIGHTS, {**FOREST_SETTINGS, "n_estimators": LARGEST_BLOCK, "block": LARGEST_BLOCK}, 0)
    # One leaf of each tree, neither 0 nor 1.
    inner = [tree.value[(tree.left < 0) & (tree.value > 0.1) & (tree.value < 0.9)] for tree in forest.trees]
    leaves = np.array([values[0] for values in inner if len(values)], np.float32)
    assert len(leaves) > LARGEST_BLOCK / 2
    backward = np.float32(0)
    for leaf in leaves[::-1]:
        backward = np.float32(backward + leaf)
    assert float(backward) == float(leaves.astype(np.float64).sum())


def test_out_of_bag_predictions_of_a_forest_are_worse_than_those_for_its_training_rows() -> None:
    forest = Forest.grow(COUNTS, LABELS, WEIGHTS, {"n_estimators": 60, "block": 60}, seed=0)
    assert np.isfinite(forest.out_of_bag).all()
    in_bag, out_of_bag = np.abs(forest.probabilities(COUNTS) - LABELS), np.abs(forest.out_of_bag - LABELS)
    assert out_of_bag.mean() > 1.5 * in_bag.mean()


@pytest.mark.filterwarnings("ignore:Some inputs do not have OOB scores", "ignore:invalid value encountered")
def test_a_row_in_every_bag_of_a_forest_gets_the_mean_out_of_bag_prediction_of_the_others() -> None:
    forest = Forest.grow(COUNTS, LABELS, WEIGHTS, {"n_estimators": 2}, seed=0)
    assert forest.estimator is not None
    in_every_bag = ~(forest.estimator.oob_decision_function_.sum(axis=1) > 0)
    assert 0 < in_every_bag.sum() < 400
    np.testing.assert_allclose(forest.out_of_bag[in_every_bag], forest.out_of_bag[~in_every_bag].mean())


def test_forest_refuses_a_block_whose_sum_is_not_exact() -> None:
    with pytest.raises(ValueError, match="64 trees"):
        Forest.grow(COUNTS, LABELS, WEIGHTS, {"n_estimators": 70, "block": 65}, seed=0)


@pytest.mark.parametrize("seed", range(5))
def test_boosted_graph_gives_the_probabilities_of_xgboost_although_it_has_no_missing_values(tmp_path: Path, seed: int) -> None:
    boosted = BoostedTrees.grow(COUNTS, LABELS, WEIGHTS, BOOSTED_SETTINGS, seed)
    columns = export_boosted(tmp_path / "boosted.onnx", boosted.trees, boosted.base)
    scores = run_graph(tmp_path / "boosted.onnx", dense(OTHER, columns["words"]))[:, 0]
    np.testing.assert_allclose(scores, sigmoid(boosted.margins(OTHER)), atol=1e-6)
    assert scores.std() > 0.05


def test_boosted_graph_includes_the_platt_scale(tmp_path: Path) -> None:
    boosted = BoostedTrees.grow(COUNTS, LABELS, WEIGHTS, BOOSTED_SETTINGS, seed=0)
    scaled = boosted.scaled(0.4, -0.3)
    columns = export_boosted(tmp_path / "boosted.onnx", scaled.trees, scaled.base)
    scores = run_graph(tmp_path / "boosted.onnx", dense(OTHER, columns["words"]))[:, 0]
    np.testing.assert_allclose(scores, sigmoid(0.4 * boosted.margins(OTHER) - 0.3), atol=1e-6)


def test_tree_space_splits_its_columns_by_feature_family() -> None:
    space = TreeSpace({"words": 10, "grams": 5})
    assert space.columns(np.array([0, 9, 10, 14])) == {"words": [0, 9], "grams": [0, 4]}
    assert space.columns(np.array([12])) == {"grams": [2]}
    assert space.columns(np.zeros(0, np.int64)) == {"words": []}


def test_tree_that_is_a_single_leaf_has_a_graph_with_one_unused_column(tmp_path: Path) -> None:
    none = np.array([-1], np.int32)
    leaf = Tree(none, none, none, np.zeros(1, np.float32), np.full(1, 0.25, np.float32))
    assert export_trees(tmp_path / "leaf.onnx", [leaf, leaf]) == {"words": []}
    np.testing.assert_array_equal(run_graph(tmp_path / "leaf.onnx", {"columns": np.zeros((3, 1), np.float32)}), 0.5)
