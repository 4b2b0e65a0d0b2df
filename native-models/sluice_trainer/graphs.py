"""Exports members as ONNX graphs. Tensor names are those of `src/core/model-manifest.ts`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from .forest import Tree
from .vectorizer import SMALLEST_NORM

OPSET = 17
ML_OPSET = 3
IR_VERSION = 8


def export_linear(
    path: Path, idf: NDArray[np.float32], weights: NDArray[np.float64], biases: NDArray[np.float64]
) -> None:
    """
    ids int32 [B, L], counts float32 [B, L] -> scores float32 [B, K]. `weights` [V, K] and `biases` [K] have the members' Platt scales
    folded in. The id V pads: its idf and weights are zero. A row's scores depend on that row alone.
    """
    size, outputs = weights.shape
    padded_idf = np.append(idf, np.float32(0)).astype(np.float32)
    padded_weights = np.vstack([weights, np.zeros((1, outputs))]).astype(np.float32)
    constants = [
        numpy_helper.from_array(padded_idf, "idf"),
        numpy_helper.from_array(padded_weights, "weights"),
        numpy_helper.from_array(biases.astype(np.float32), "biases"),
        numpy_helper.from_array(np.array(1, np.float32), "one"),
        numpy_helper.from_array(np.array(SMALLEST_NORM, np.float32), "smallest_norm"),
        numpy_helper.from_array(np.array([1], np.int64), "axis_1"),
    ]
    nodes = [
        # max(count, 1) keeps the logarithm of padding finite; the padding's idf then makes it zero.
        helper.make_node("Max", ["counts", "one"], ["at_least_one"]),
        helper.make_node("Log", ["at_least_one"], ["logarithm"]),
        helper.make_node("Add", ["logarithm", "one"], ["term_frequency"]),
        helper.make_node("Gather", ["idf", "ids"], ["row_idf"], axis=0),
        helper.make_node("Mul", ["term_frequency", "row_idf"], ["row"]),
        helper.make_node("ReduceL2", ["row"], ["norm"], axes=[1], keepdims=1),
        helper.make_node("Max", ["norm", "smallest_norm"], ["guarded_norm"]),
        helper.make_node("Unsqueeze", ["row", "axis_1"], ["row_matrix"]),
        helper.make_node("Gather", ["weights", "ids"], ["row_weights"], axis=0),
        helper.make_node("MatMul", ["row_matrix", "row_weights"], ["products"]),
        helper.make_node("Squeeze", ["products", "axis_1"], ["sums"]),
        helper.make_node("Div", ["sums", "guarded_norm"], ["normalised"]),
        helper.make_node("Add", ["normalised", "biases"], ["log_odds"]),
        helper.make_node("Sigmoid", ["log_odds"], ["scores"]),
    ]
    graph = helper.make_graph(
        nodes,
        "linear",
        [
            helper.make_tensor_value_info("ids", TensorProto.INT32, ["B", "L"]),
            helper.make_tensor_value_info("counts", TensorProto.FLOAT, ["B", "L"]),
        ],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["B", outputs])],
        constants,
    )
    _save(graph, path, [helper.make_opsetid("", OPSET)])


def export_trees(path: Path, trees: Sequence[Tree]) -> NDArray[np.int64]:
    """
    columns float32 [B, C] -> tree_sum float32 [B, 1]: the sum of the trees' leaves. Answers the features that the trees test,
    ascending: column c of the input is feature answer[c].
    """
    tested = np.unique(np.concatenate([tree.feature[tree.left >= 0] for tree in trees]))
    nodes: dict[str, list] = {
        key: []
        for key in ("treeids", "nodeids", "featureids", "values", "modes", "truenodeids", "falsenodeids")
    }
    target: dict[str, list] = {key: [] for key in ("treeids", "nodeids", "ids", "weights")}
    for number, tree in enumerate(trees):
        for node in range(len(tree.left)):
            leaf = tree.left[node] < 0
            nodes["treeids"].append(number)
            nodes["nodeids"].append(node)
            nodes["featureids"].append(0 if leaf else int(np.searchsorted(tested, tree.feature[node])))
            nodes["values"].append(0.0 if leaf else float(tree.threshold[node]))
            nodes["modes"].append("LEAF" if leaf else "BRANCH_LEQ")
            nodes["truenodeids"].append(0 if leaf else int(tree.left[node]))
            nodes["falsenodeids"].append(0 if leaf else int(tree.right[node]))
            if leaf:
                target["treeids"].append(number)
                target["nodeids"].append(node)
                target["ids"].append(0)
                target["weights"].append(float(tree.value[node]))
    ensemble = helper.make_node(
        "TreeEnsembleRegressor",
        ["columns"],
        ["tree_sum"],
        domain="ai.onnx.ml",
        n_targets=1,
        aggregate_function="SUM",
        post_transform="NONE",
        **{f"nodes_{key}": value for key, value in nodes.items()},
        **{f"target_{key}": value for key, value in target.items()},
    )
    graph = helper.make_graph(
        [ensemble],
        "trees",
        # At least one column, since a forest of single leaves tests none.
        [helper.make_tensor_value_info("columns", TensorProto.FLOAT, ["B", max(1, len(tested))])],
        [helper.make_tensor_value_info("tree_sum", TensorProto.FLOAT, ["B", 1])],
    )
    _save(graph, path, [helper.make_opsetid("", OPSET), helper.make_opsetid("ai.onnx.ml", ML_OPSET)])
    return tested


def _save(graph: onnx.GraphProto, path: Path, opsets: list) -> None:
    model = helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION, producer_name="sluice")
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString(deterministic=True))
