"""Exports trees as ONNX graphs. Tensor names are those of `src/core/model-manifest.ts`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper

from .graphs import ML_OPSET, OPSET, save_graph
from .tree import Tree


@dataclass(frozen=True)
class TreeSpace:
    """
    The columns that trees test: the features of the first family, then of the second, and so on.

    Attributes
    ----------
    sizes : mapping of str to int
        Family -> the number of its features in the base model's input, in this order.
    """

    sizes: Mapping[str, int] = field(default_factory=lambda: {"words": 2**31})

    def columns(self, tested: NDArray[np.integer]) -> dict[str, list[int]]:
        """
        Convert columns of the joint input into feature ids of each family.

        Parameters
        ----------
        tested : ndarray of int, shape (columns,)
            Columns of the joint input, ascending.

        Returns
        -------
        dict of str to list of int
            Family -> ids of its tested features, ascending, without families that have none; the first family with no id if no
            column is given.
        """
        ids_of_family: dict[str, list[int]] = {}
        first = 0
        for family, size in self.sizes.items():
            ids = tested[(tested >= first) & (tested < first + size)] - first
            if len(ids):
                ids_of_family[family] = [int(one) for one in ids]
            first += size
        return ids_of_family or {next(iter(self.sizes)): []}


WORDS_ONLY = TreeSpace()


def export_trees(path: Path, trees: Sequence[Tree], space: TreeSpace = WORDS_ONLY) -> dict[str, list[int]]:
    """
    Write the graph of a block of a forest's trees.

    The input is `columns` float32 [B, C]: the count of each tested feature, 0 if it is missing. The output is `tree_sum` float32
    [B, 1]: the sum of the trees' leaves.

    Parameters
    ----------
    path : Path
        The file to write.
    trees : sequence of Tree
        The trees of the block.
    space : TreeSpace
        The columns that the trees were grown over.

    Returns
    -------
    dict of str to list of int
        Family -> ids of the features that the trees test, ascending. The graph's input has these columns, family by family.
    """
    tested = _tested(trees)
    ensemble = _ensemble(trees, tested, "BRANCH_LEQ", "tree_sum")
    _save_trees(path, [ensemble], "tree_sum", len(tested))
    return space.columns(tested)


def export_boosted(path: Path, trees: Sequence[Tree], base_margin: float, space: TreeSpace = WORDS_ONLY) -> dict[str, list[int]]:
    """
    Write the graph of boosted trees.

    The input is that of `export_trees`. The output is `probability` float32 [B, 1]: sigmoid(base_margin + sum of leaves).

    Parameters
    ----------
    path : Path
        The file to write.
    trees : sequence of Tree
        Trees for counts where a missing feature is 0; XGBoost's own treat it as missing, see `boosted.BoostedTrees`.
    base_margin : float
        Log-odds of spam to which the leaves are added.
    space : TreeSpace
        The columns that the trees were grown over.

    Returns
    -------
    dict of str to list of int
        As `export_trees`.
    """
    tested = _tested(trees)
    ensemble = _ensemble(trees, tested, "BRANCH_LT", "margin", base_values=[float(base_margin)])
    _save_trees(path, [ensemble, helper.make_node("Sigmoid", ["margin"], ["probability"])], "probability", len(tested))
    return space.columns(tested)


def _tested(trees: Sequence[Tree]) -> NDArray[np.int64]:
    if not trees:
        return np.zeros(0, np.int64)
    return np.unique(np.concatenate([tree.feature[tree.left >= 0] for tree in trees])).astype(np.int64)


def _ensemble(trees: Sequence[Tree], tested: NDArray[np.int64], mode: str, output: str, **attributes: Any) -> onnx.NodeProto:
    nodes: dict[str, list[Any]] = {
        key: [] for key in ("treeids", "nodeids", "featureids", "values", "modes", "truenodeids", "falsenodeids")
    }
    target: dict[str, list[Any]] = {key: [] for key in ("treeids", "nodeids", "ids", "weights")}
    for number, tree in enumerate(trees):
        for node in range(len(tree.left)):
            leaf = tree.left[node] < 0
            nodes["treeids"].append(number)
            nodes["nodeids"].append(node)
            nodes["featureids"].append(0 if leaf else int(np.searchsorted(tested, tree.feature[node])))
            nodes["values"].append(0.0 if leaf else float(tree.threshold[node]))
            nodes["modes"].append("LEAF" if leaf else mode)
            nodes["truenodeids"].append(0 if leaf else int(tree.left[node]))
            nodes["falsenodeids"].append(0 if leaf else int(tree.right[node]))
            if leaf:
                target["treeids"].append(number)
                target["nodeids"].append(node)
                target["ids"].append(0)
                target["weights"].append(float(tree.value[node]))
    arrays: dict[str, Any] = {f"nodes_{key}": value for key, value in nodes.items()}
    arrays.update({f"target_{key}": value for key, value in target.items()})
    return helper.make_node(
        "TreeEnsembleRegressor",
        ["columns"],
        [output],
        domain="ai.onnx.ml",
        n_targets=1,
        aggregate_function="SUM",
        post_transform="NONE",
        **arrays,
        **attributes,
    )


def _save_trees(path: Path, nodes: Sequence[onnx.NodeProto], output: str, columns: int) -> None:
    # At least one column: trees that are single leaves test none, and a graph must have an input.
    inputs = [helper.make_tensor_value_info("columns", TensorProto.FLOAT, ["B", max(1, columns)])]
    outputs = [helper.make_tensor_value_info(output, TensorProto.FLOAT, ["B", 1])]
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid("ai.onnx.ml", ML_OPSET)]
    save_graph(path, "trees", nodes, inputs, outputs, opsets)
