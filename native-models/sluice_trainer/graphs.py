"""
Exports base models as ONNX graphs. Tensor names are those of `src/core/model-manifest.ts`.

skl2onnx and onnxmltools are not used: early exit needs one graph for each model stage with several base models in it, and the sums
of a forest must be exact in float32.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from .vectorizer import SMALLEST_NORM

OPSET = 17
ML_OPSET = 3
IR_VERSION = 8

Activation: TypeAlias = Literal["relu", "tanh", "sigmoid", "linear"]
ACTIVATIONS: dict[Activation, str] = {"relu": "Relu", "tanh": "Tanh", "sigmoid": "Sigmoid", "linear": "Identity"}


@dataclass(frozen=True)
class LinearPart:
    """
    What a linear graph knows of one family.

    Attributes
    ----------
    family : str
        Name of the family; part of the names of its inputs.
    idf : ndarray of float, shape (features,)
        Ones if the feature set has no idf.
    weights : ndarray of float, shape (features, models)
        Weights of the normalized tf-idf row, with the Platt scales folded in; zeros for a base model that does not use the family.
    """

    family: str
    idf: NDArray[np.floating]
    weights: NDArray[np.floating]


@dataclass(frozen=True)
class Dense:
    """
    One layer of a network: activation(row @ weights + biases).

    Attributes
    ----------
    weights : ndarray of float, shape (inputs, outputs)
        Weights.
    biases : ndarray of float, shape (outputs,)
        Biases.
    activation : {"relu", "tanh", "sigmoid", "linear"}
        Activation function.
    """

    weights: NDArray[np.floating]
    biases: NDArray[np.floating]
    activation: Activation


@dataclass(frozen=True)
class Network:
    """
    A network whose input is the same normalized rows as that of the linear base models.

    Attributes
    ----------
    first : mapping of str to ndarray of float, shape (features, units)
        Family -> weights of the first layer. A family that is missing has zeros.
    biases : ndarray of float, shape (units,)
        Of the first layer.
    activation : {"relu", "tanh", "sigmoid", "linear"}
        Of the first layer.
    layers : sequence of Dense
        The other layers. The last one has one output and the activation `sigmoid`; a Platt scale is folded into it.
    """

    first: Mapping[str, NDArray[np.floating]]
    biases: NDArray[np.floating]
    activation: Activation
    layers: Sequence[Dense]


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
    Write the graph of linear base models and networks.

    Inputs are, for each family f, `ids_<f>` int32 [B, L] and `counts_<f>` float32 [B, L]. The output is `scores` float32 [B, K +
    N]: probabilities of the K linear base models, then of the N networks. The id V, the number of the family's features, is
    padding. A row's scores depend on that row only.

    The row of a family is tf(count) · idf. A linear base model is the sigmoid of the sum of row · weights over all families plus
    its bias. idf and weights of a family are one table [V + 1, C], with idf folded into the weights, so that an id is one Gather of
    one or two cache lines: C is 8 or a multiple of 16.

    Parameters
    ----------
    path : Path
        The file to write.
    parts : sequence of LinearPart
        One for each family.
    biases : ndarray of float, shape (K,)
        Of the linear base models.
    networks : sequence of Network
        Networks over the same rows.
    tf : {"log", "count"}
        Whether tf is 1 + ln count or the count itself.
    norm : {"l2", "none"}
        Whether each family's row is divided by its own Euclidean length.

    Raises
    ------
    ValueError
        If the shapes of weights, idf and biases do not fit together.
    """
    outputs = len(biases)
    for part in parts:
        if part.weights.shape != (len(part.idf), outputs):
            raise ValueError(f"weights of {part.family}: {part.weights.shape}, expected {(len(part.idf), outputs)}")
    used = 1 + outputs + sum(len(network.biases) for network in networks)
    width = 8 if used <= 8 else -(-used // 16) * 16

    graph = _Graph()
    graph.constant("one", np.array(1, np.float32))
    graph.constant("smallest_norm", np.array(SMALLEST_NORM, np.float32))
    graph.constant("axis_1", np.array([1], np.int64))
    graph.constant("axis_2", np.array([2], np.int64))
    inputs, sums = [], []
    for part in parts:
        graph.constant(f"table_{part.family}", _table(part, networks, width))
        inputs += [
            helper.make_tensor_value_info(f"ids_{part.family}", TensorProto.INT32, ["B", f"L_{part.family}"]),
            helper.make_tensor_value_info(f"counts_{part.family}", TensorProto.FLOAT, ["B", f"L_{part.family}"]),
        ]
        sums.append(_family_sums(graph, part.family, tf, norm))
    total = sums[0]
    for other in sums[1:]:
        total = graph.node("Add", [total, other])
    all_biases = np.concatenate([[0.0], biases, *[network.biases for network in networks], np.zeros(width - used)])
    graph.constant("biases", all_biases.astype(np.float32))
    log_odds = graph.node("Add", [total, "biases"])

    scores = []
    if outputs:
        scores.append(graph.node("Sigmoid", [graph.columns(log_odds, 1, 1 + outputs)]))
    at = 1 + outputs
    for number, network in enumerate(networks):
        scores.append(_network_scores(graph, network, number, log_odds, at))
        at += len(network.biases)
    graph.node("Concat", scores, output="scores", axis=1)
    output = helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["B", outputs + len(networks)])
    graph.save(path, "linear", inputs, [output], [helper.make_opsetid("", OPSET)])


def _table(part: LinearPart, networks: Sequence[Network], width: int) -> NDArray[np.float32]:
    """Return the family's table: a column of idf, then weights · idf of each linear base model and of each first layer's units."""
    table = np.zeros((len(part.idf) + 1, width))
    idf = part.idf.astype(np.float64)
    outputs = part.weights.shape[1]
    table[:-1, 0] = idf
    table[:-1, 1 : 1 + outputs] = part.weights * idf[:, None]
    at = 1 + outputs
    for network in networks:
        units = len(network.biases)
        if part.family in network.first:
            table[:-1, at : at + units] = network.first[part.family] * idf[:, None]
        at += units
    return table.astype(np.float32)


def _family_sums(graph: _Graph, family: str, tf: str, norm: str) -> str:
    """Add the sum of tf · table over the family's features, divided by the row's length; return its name (float32 [B, C])."""
    frequency = f"counts_{family}"
    if tf == "log":
        # max(count, 1) keeps the logarithm of padding finite; the padding's row of zeros in the table then makes the product zero.
        frequency = graph.node("Add", [graph.node("Log", [graph.node("Max", [frequency, "one"])]), "one"])
    rows = graph.node("Gather", [f"table_{family}", f"ids_{family}"], axis=0)
    products = graph.node("MatMul", [graph.node("Unsqueeze", [frequency, "axis_1"]), rows])
    sums = graph.node("Squeeze", [products, "axis_1"])
    if norm == "none":
        return sums
    idf = graph.node("Squeeze", [graph.columns(rows, 0, 1, axis=2), "axis_2"])
    length = graph.node("ReduceL2", [graph.node("Mul", [frequency, idf])], axes=[1], keepdims=1)
    return graph.node("Div", [sums, graph.node("Max", [length, "smallest_norm"])])


def _network_scores(graph: _Graph, network: Network, number: int, log_odds: str, at: int) -> str:
    """Add the layers of a network whose first layer's sums are the columns from `at`; return its output's name."""
    row = graph.node(ACTIVATIONS[network.activation], [graph.columns(log_odds, at, at + len(network.biases))])
    for depth, layer in enumerate(network.layers):
        weights, bias = f"network_{number}_{depth}_weights", f"network_{number}_{depth}_biases"
        graph.constant(weights, layer.weights.astype(np.float32))
        graph.constant(bias, layer.biases.astype(np.float32))
        row = graph.node(ACTIVATIONS[layer.activation], [graph.node("Gemm", [row, weights, bias])])
    return row


class _Graph:
    """A graph under construction. Values are identified by their names."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self._constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, value: NDArray[Any]) -> None:
        self._constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)

    def node(self, kind: str, inputs: Sequence[str], output: str | None = None, **attributes: Any) -> str:
        name = output or f"{kind.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def columns(self, value: str, first: int, end: int, axis: int = 1) -> str:
        """Add value[…, first:end] along `axis`; return its name."""
        for number in (first, end, axis):
            self.constant(f"at_{number}", np.array([number], np.int64))
        return self.node("Slice", [value, f"at_{first}", f"at_{end}", f"at_{axis}"])

    def save(
        self,
        path: Path,
        name: str,
        inputs: list[onnx.ValueInfoProto],
        outputs: list[onnx.ValueInfoProto],
        opsets: list[onnx.OperatorSetIdProto],
    ) -> None:
        save_graph(path, name, self.nodes, inputs, outputs, opsets, list(self._constants.values()))


def save_graph(
    path: Path,
    name: str,
    nodes: Sequence[onnx.NodeProto],
    inputs: Sequence[onnx.ValueInfoProto],
    outputs: Sequence[onnx.ValueInfoProto],
    opsets: Sequence[onnx.OperatorSetIdProto],
    constants: Sequence[onnx.TensorProto] = (),
) -> None:
    """
    Check a graph and write it; the same graph gives the same bytes.

    Parameters
    ----------
    path : Path
        The file to write.
    name : str
        Name of the graph.
    nodes, inputs, outputs, opsets, constants : sequence
        As ONNX has them.

    Raises
    ------
    onnx.checker.ValidationError
        If the graph is invalid.
    """
    graph = helper.make_graph(nodes, name, inputs, outputs, constants)
    model = helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION, producer_name="sluice")
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString(deterministic=True))
