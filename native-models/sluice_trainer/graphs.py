"""Exports members as ONNX graphs. Tensor names are those of `src/core/model-manifest.ts`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from .forest import Tree
from .vectorizer import SMALLEST_NORM

OPSET = 17
ML_OPSET = 3
IR_VERSION = 8

Activation = Literal["relu", "tanh", "sigmoid", "linear"]
ACTIVATIONS: dict[str, str] = {"relu": "Relu", "tanh": "Tanh", "sigmoid": "Sigmoid", "linear": "Identity"}


@dataclass(frozen=True)
class LinearPart:
    """What a linear graph knows of one family: V features, K members (those that don't look at the family have zeros)."""

    family: str
    # float [V]; ones where the feature set has no idf.
    idf: NDArray[np.floating]
    # float [V, K]: weights of the normalised tf-idf row; the members' Platt scales folded in.
    weights: NDArray[np.floating]


@dataclass(frozen=True)
class Dense:
    """One layer: activation(row @ weights + biases)."""

    # float [inputs, outputs]
    weights: NDArray[np.floating]
    # float [outputs]
    biases: NDArray[np.floating]
    activation: Activation


@dataclass(frozen=True)
class Network:
    """A network whose first layer stands over the same normalised rows as the linear members."""

    # Per family, float [V, H]; a family that is left out counts as zeros.
    first: Mapping[str, NDArray[np.floating]]
    # float [H]
    biases: NDArray[np.floating]
    activation: Activation
    # The layers after the first; the last has one output, its activation is `sigmoid` (with a Platt scale folded in, if there is one).
    layers: Sequence[Dense]


@dataclass(frozen=True)
class BoostedTree:
    """One tree of XGBoost in arrays, [nodes] each; -1 as `left` marks a leaf. A row goes left where count[feature] < threshold."""

    left: NDArray[np.integer]
    right: NDArray[np.integer]
    # In the joint space of all families' features, see `TreeSpace`.
    feature: NDArray[np.integer]
    # float32, as XGBoost keeps it: the graph takes the same branch for each float32 count.
    threshold: NDArray[np.float32]
    # float32: what a leaf adds to the margin.
    value: NDArray[np.float32]


@dataclass(frozen=True)
class TreeSpace:
    """
    The features that trees number: those of the first family, then of the second, and so on. `sizes`: family -> how many
    features of it the trees were grown over, in that order.
    """

    sizes: Mapping[str, int] = field(default_factory=lambda: {"words": 2**31})

    def columns(self, tested: NDArray[np.integer]) -> dict[str, list[int]]:
        """Per family that has any, the ids of its tested features, ascending; `tested` ascending, in the joint space."""
        answer: dict[str, list[int]] = {}
        first = 0
        for family, size in self.sizes.items():
            ids = tested[(tested >= first) & (tested < first + size)] - first
            if len(ids):
                answer[family] = [int(one) for one in ids]
            first += size
        return answer or {next(iter(self.sizes)): []}


def export_linear(
    path: Path,
    parts: Sequence[LinearPart],
    biases: NDArray[np.floating],
    networks: Sequence[Network] = (),
    *,
    tf: Literal["log", "count"] = "log",
    norm: Literal["l2", "none"] = "l2",
) -> None:
    """
    Per family f of `parts`: ids_<f> int32 [B, L], counts_<f> float32 [B, L] -> scores float32 [B, K + N]: first the K linear members,
    then the N networks.

    A row of a family is tf(count) · idf, `tf` being 1 + ln count or the count itself; under `l2` it is divided by its own length, each
    family's row for itself. A linear member is the sigmoid of Σ row · weights over all families plus its bias (`biases` [K]). The
    id V pads: its idf and weights are zero. A row's scores depend on that row alone.

    idf and weights of a family are one table [V + 1, C], idf folded into the weights, so that an id is one Gather of one or two
    lines of the cache: C is 8 or a multiple of 16.
    """
    outputs = len(biases)
    for part in parts:
        if part.weights.shape != (len(part.idf), outputs):
            raise ValueError(f"weights of {part.family}: {part.weights.shape}, expected {(len(part.idf), outputs)}")
    hidden = [len(network.biases) for network in networks]
    used = 1 + outputs + sum(hidden)
    width = 8 if used <= 8 else -(-used // 16) * 16

    graph = _Graph()
    graph.constant("one", np.array(1, np.float32))
    graph.constant("smallest_norm", np.array(SMALLEST_NORM, np.float32))
    graph.constant("axis_1", np.array([1], np.int64))
    graph.constant("axis_2", np.array([2], np.int64))
    inputs = []
    sums = []
    for part in parts:
        f = part.family
        table = np.zeros((len(part.idf) + 1, width))
        idf = part.idf.astype(np.float64)
        table[:-1, 0] = idf
        table[:-1, 1 : 1 + outputs] = part.weights * idf[:, None]
        at = 1 + outputs
        for network, size in zip(networks, hidden, strict=True):
            if f in network.first:
                table[:-1, at : at + size] = network.first[f] * idf[:, None]
            at += size
        graph.constant(f"table_{f}", table.astype(np.float32))
        inputs += [
            helper.make_tensor_value_info(f"ids_{f}", TensorProto.INT32, ["B", f"L_{f}"]),
            helper.make_tensor_value_info(f"counts_{f}", TensorProto.FLOAT, ["B", f"L_{f}"]),
        ]
        sums.append(_family_sums(graph, f, tf, norm))
    total = sums[0]
    for other in sums[1:]:
        total = graph.node("Add", [total, other])
    all_biases = np.concatenate([[0.0], biases, *[network.biases for network in networks], np.zeros(width - used)])
    graph.constant("biases", all_biases.astype(np.float32))
    log_odds = graph.node("Add", [total, "biases"])

    answers = []
    if outputs:
        answers.append(graph.node("Sigmoid", [graph.columns(log_odds, 1, 1 + outputs)]))
    at = 1 + outputs
    for number, (network, size) in enumerate(zip(networks, hidden, strict=True)):
        row = graph.node(ACTIVATIONS[network.activation], [graph.columns(log_odds, at, at + size)])
        at += size
        for depth, layer in enumerate(network.layers):
            weights, bias = f"network_{number}_{depth}_weights", f"network_{number}_{depth}_biases"
            graph.constant(weights, layer.weights.astype(np.float32))
            graph.constant(bias, layer.biases.astype(np.float32))
            row = graph.node(ACTIVATIONS[layer.activation], [graph.node("Gemm", [row, weights, bias])])
        answers.append(row)
    graph.node("Concat", answers, output="scores", axis=1)
    scores = helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["B", outputs + len(networks)])
    graph.save(path, "linear", inputs, [scores], [helper.make_opsetid("", OPSET)])


def _family_sums(graph: "_Graph", f: str, tf: str, norm: str) -> str:
    """Name of a float32 [B, C]: Σ tf · table over the family's features, divided by the row's length."""
    frequency = f"counts_{f}"
    if tf == "log":
        # max(count, 1) keeps the logarithm of padding finite; the padding's row of the table then makes it zero.
        frequency = graph.node("Add", [graph.node("Log", [graph.node("Max", [frequency, "one"])]), "one"])
    rows = graph.node("Gather", [f"table_{f}", f"ids_{f}"], axis=0)
    products = graph.node("MatMul", [graph.node("Unsqueeze", [frequency, "axis_1"]), rows])
    sums = graph.node("Squeeze", [products, "axis_1"])
    if norm == "none":
        return sums
    idf = graph.node("Squeeze", [graph.columns(rows, 0, 1, axis=2), "axis_2"])
    length = graph.node("ReduceL2", [graph.node("Mul", [frequency, idf])], axes=[1], keepdims=1)
    return graph.node("Div", [sums, graph.node("Max", [length, "smallest_norm"])])


def export_trees(
    path: Path, trees: Sequence[Tree], space: TreeSpace = TreeSpace()
) -> dict[str, list[int]]:
    """
    columns float32 [B, C] -> tree_sum float32 [B, 1]: the sum of the trees' leaves. Answers, per family, the ids of the features
    that the trees test, ascending: the input has a column for each of the first family, then for each of the second.
    """
    tested = _tested(trees)
    ensemble = _ensemble(trees, tested, "BRANCH_LEQ", "tree_sum")
    _save_trees(path, [ensemble], "tree_sum", len(tested))
    return space.columns(tested)


def export_boosted(
    path: Path, trees: Sequence[BoostedTree], base_margin: float, space: TreeSpace = TreeSpace()
) -> dict[str, list[int]]:
    """
    columns float32 [B, C] -> probability float32 [B, 1]: sigmoid(base_margin + Σ leaves). `base_margin` is a log-odds (what XGBoost's
    `base_score` is after its logit). Answers the columns as `export_trees` does. A column holds the count, 0 where the feature is
    absent; there are no missing values, so the estimator must have been trained with zeros present (a dense matrix, or `missing` set
    to what never occurs), else its default directions differ from these branches.
    """
    tested = _tested(trees)
    ensemble = _ensemble(trees, tested, "BRANCH_LT", "margin", base_values=[float(base_margin)])
    _save_trees(path, [ensemble, helper.make_node("Sigmoid", ["margin"], ["probability"])], "probability", len(tested))
    return space.columns(tested)


def _tested(trees: Sequence[Tree] | Sequence[BoostedTree]) -> NDArray[np.int64]:
    if not trees:
        return np.zeros(0, np.int64)
    return np.unique(np.concatenate([tree.feature[tree.left >= 0] for tree in trees])).astype(np.int64)


def _ensemble(
    trees: Sequence[Tree] | Sequence[BoostedTree], tested: NDArray[np.int64], mode: str, output: str, **more: object
) -> onnx.NodeProto:
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
            nodes["modes"].append("LEAF" if leaf else mode)
            nodes["truenodeids"].append(0 if leaf else int(tree.left[node]))
            nodes["falsenodeids"].append(0 if leaf else int(tree.right[node]))
            if leaf:
                target["treeids"].append(number)
                target["nodeids"].append(node)
                target["ids"].append(0)
                target["weights"].append(float(tree.value[node]))
    return helper.make_node(
        "TreeEnsembleRegressor",
        ["columns"],
        [output],
        domain="ai.onnx.ml",
        n_targets=1,
        aggregate_function="SUM",
        post_transform="NONE",
        **{f"nodes_{key}": value for key, value in nodes.items()},
        **{f"target_{key}": value for key, value in target.items()},
        **more,
    )


def _save_trees(path: Path, nodes: list, output: str, columns: int) -> None:
    graph = _Graph()
    graph.nodes += nodes
    # At least one column, since trees of single leaves test none.
    inputs = [helper.make_tensor_value_info("columns", TensorProto.FLOAT, ["B", max(1, columns)])]
    outputs = [helper.make_tensor_value_info(output, TensorProto.FLOAT, ["B", 1])]
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid("ai.onnx.ml", ML_OPSET)]
    graph.save(path, "trees", inputs, outputs, opsets)


class _Graph:
    """A graph under construction; values are known by their names."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self._constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, value: NDArray) -> None:
        self._constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)

    def node(self, kind: str, inputs: Sequence[str], output: str | None = None, **attributes: object) -> str:
        name = output or f"{kind.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def columns(self, value: str, first: int, end: int, axis: int = 1) -> str:
        """value[…, first:end] along `axis`."""
        for number in (first, end, axis):
            self.constant(f"at_{number}", np.array([number], np.int64))
        return self.node("Slice", [value, f"at_{first}", f"at_{end}", f"at_{axis}"])

    def save(self, path: Path, name: str, inputs: list, outputs: list, opsets: list) -> None:
        graph = helper.make_graph(self.nodes, name, inputs, outputs, list(self._constants.values()))
        model = helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION, producer_name="sluice")
        onnx.checker.check_model(model)
        path.write_bytes(model.SerializeToString(deterministic=True))
