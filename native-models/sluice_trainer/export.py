"""Writes graphs, kept features and a file of facts, from which `src/training/write-model.ts` makes the model's folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal, TypedDict

import joblib
import numpy as np
from numpy.typing import NDArray

from .arrays import FloatArray
from .config import Profile, Weighting
from .figures import model_figures
from .first_layer import InputBuilder
from .graphs import Dense, LinearPart, Network, export_linear
from .matrix import Matrix
from .stacking import BaseModel, StackedModel
from .tree_graphs import TreeSpace, export_boosted, export_trees

FAMILIES = ("words", "grams")
"""The families of every model folder, whether the profile has features of them or not."""


class _GraphWeighting(TypedDict):
    tf: Literal["log", "count"]
    norm: Literal["l2", "none"]


GRAPH_WEIGHTING: dict[Weighting, _GraphWeighting] = {
    "log-tf-idf": {"tf": "log", "norm": "l2"},
    "tf-idf": {"tf": "count", "norm": "l2"},
    "counts": {"tf": "count", "norm": "none"},
}


def export_model(
    model: StackedModel, matrix: Matrix, profile: Profile, thresholds: tuple[float, float], out: Path
) -> dict[str, Any]:
    """
    Write graphs, kept features, their strengths, and the probes' scores.

    Parameters
    ----------
    model : StackedModel
        The model.
    matrix : Matrix
        What it was trained on.
    profile : Profile
        Its profile.
    thresholds : tuple of float
        `reject_min` and `reject_max`, for the figures.
    out : Path
        An existing folder.

    Returns
    -------
    dict
        The facts for the manifest and `training.json`. They are the same for the same data and seed.
    """
    stages = _export_stages(model, profile, out)
    members = []
    for at, one in enumerate(model.base_models):
        low, high = one.fitted.forest.leaf_bounds() if one.fitted.forest is not None else (0.0, 1.0)
        members.append(
            {
                "name": one.config.name,
                "families": list(one.config.families),
                "min": low,
                "max": high,
                "weight": float(model.blend.weights[at]),
            }
        )
    for family in FAMILIES:
        vectorizer = model.vectorizers.get(family)
        columns = np.zeros(0, np.int32) if vectorizer is None else matrix.ids[family][vectorizer.columns]
        np.save(out / f"{family}.columns.npy", columns)
        np.save(out / f"{family}.strengths.npy", _strengths(model, family, len(columns)))

    probes = model.probabilities("probe")
    # float64 [probes, models + 1]: the probability of each base model and, last, the model's; and the blend's without trust.
    np.save(out / "probes.npy", np.column_stack([probes, model.blended("probe")]))
    np.save(out / "probes.blend.npy", model.blend.probabilities(probes))
    train = matrix.train.take(np.flatnonzero(matrix.train.whole))
    return {
        "members": members,
        "stages": stages,
        "blender": {"kind": "identity"}
        if model.blend.identity
        else {
            "kind": "logistic",
            "bias": model.blend.bias,
            "calibration": {"scale": model.blend.scale, "shift": model.blend.shift},
        },
        "prior": model.prior,
        **({} if model.trust is None else {"trust": model.trust.facts()}),
        "spam": int(np.sum(train.labels == 1)),
        "ham": int(np.sum(train.labels == 0)),
        "sizes": {family: len(vectorizer) for family, vectorizer in model.vectorizers.items()},
        "member_facts": {one.config.name: dict(one.fitted.facts) for one in model.base_models if one.fitted.facts},
        "figures": model_figures(model, matrix, thresholds),
    }


def write_estimators(model: StackedModel, path: Path) -> None:
    """
    Write the fitted estimators as their libraries have them, for comparisons.

    Their inputs are tf-idf rows over the model's own ids, and counts for trees. A network is given as its layers.

    Parameters
    ----------
    model : StackedModel
        Trained with `keep_estimators`.
    path : Path
        The file to write (joblib).
    """
    joblib.dump(
        {
            "idf": {family: vectorizer.idf for family, vectorizer in model.vectorizers.items()},
            "members": [
                {
                    "name": one.config.name,
                    "families": one.config.families,
                    "estimator": one.fitted.layers if one.fitted.layers is not None else one.fitted.estimator,
                    "slope": one.platt.slope,
                    "shift": one.platt.shift,
                    "widths": InputBuilder(one.config, model.vectorizers).widths,
                }
                for one in model.base_models
            ],
            "blender": {
                "weights": model.blend.weights,
                "bias": model.blend.bias,
                "scale": model.blend.scale,
                "shift": model.blend.shift,
            },
        },
        path,
    )


def write_facts(path: Path, facts: dict[str, Any]) -> None:
    """
    Write facts as JSON.

    Parameters
    ----------
    path : Path
        The file to write.
    facts : dict
        The facts.

    Raises
    ------
    ValueError
        If a number is not finite, which JSON cannot represent.
    """
    path.write_text(json.dumps(facts, indent=1, allow_nan=False) + "\n", encoding="utf-8")


def _export_stages(model: StackedModel, profile: Profile, out: Path) -> list[dict[str, Any]]:
    """Write the graphs, the cheapest first, so that a message that is decided early needs no more of them."""
    stages: list[dict[str, Any]] = []
    linear = [at for at, one in enumerate(model.base_models) if one.fitted.is_linear]
    for only_words, name in ((True, "linear"), (False, "linear-grams")):
        some = [at for at in linear if (model.base_models[at].config.families == ("words",)) == only_words]
        if some:
            stages.append(_export_linear(model, profile, some, name, out))
    for at, one in enumerate(model.base_models):
        inputs = InputBuilder(one.config, model.vectorizers)
        space = TreeSpace(dict(zip(one.config.families, inputs.widths, strict=True)))
        if one.fitted.boosted is not None:
            file = f"{one.config.name}.onnx"
            boosted = one.fitted.boosted.scaled(one.platt.slope, one.platt.shift)
            columns = export_boosted(out / file, boosted.trees, boosted.base, space)
            facts = {"kind": "trees", "name": one.config.name, "file": file, "families": list(columns)}
            stages.append({**facts, "member": at, "columns": columns})
        if one.fitted.forest is not None:
            stages += _export_forest(one, at, space, out)
    return stages


def _export_linear(model: StackedModel, profile: Profile, at: list[int], name: str, out: Path) -> dict[str, Any]:
    affine = [i for i in at if model.base_models[i].fitted.affine is not None]
    networks = [i for i in at if model.base_models[i].fitted.layers is not None]
    families = [family for family in FAMILIES if any(family in model.base_models[i].config.families for i in at)]
    parts = []
    for family in families:
        vectorizer = model.vectorizers[family]
        weights = np.zeros((len(vectorizer), len(affine)))
        for column, i in enumerate(affine):
            weights[:, column] = _scaled_weights(model, model.base_models[i], family)
        parts.append(LinearPart(family, vectorizer.idf, weights))
    file = f"{name}.onnx"
    export_linear(
        out / file,
        parts,
        np.array([_scaled_bias(model.base_models[i]) for i in affine], np.float64),
        [_network(model, model.base_models[i]) for i in networks],
        **GRAPH_WEIGHTING[profile.weighting],
    )
    return {"kind": "linear", "name": name, "file": file, "families": families, "members": affine + networks}


def _network(model: StackedModel, one: BaseModel) -> Network:
    assert one.fitted.layers is not None
    (kernel, biases), *rest = one.fitted.layers
    layers = [Dense(weights, bias, "relu") for weights, bias in rest[:-1]]
    weights, bias = rest[-1]
    # The Platt scale is folded into the last layer, as it is into the weights of the linear base models.
    last = weights.astype(np.float64) * one.platt.slope, bias.astype(np.float64) * one.platt.slope + one.platt.shift
    first = {family: kernel[part] for family, part in _input_slices(model, one).items()}
    return Network(first, biases, "relu", [*layers, Dense(*last, "sigmoid")])


def _export_forest(one: BaseModel, at: int, space: TreeSpace, out: Path) -> list[dict[str, Any]]:
    stages, forest = [], one.fitted.forest
    assert forest is not None
    for number, first in enumerate(range(0, len(forest.trees), forest.block), start=1):
        trees = forest.trees[first : first + forest.block]
        name = f"forest-{number:03d}"
        columns = export_trees(out / f"{name}.onnx", trees, space)
        facts = {"kind": "forest", "name": name, "file": f"{name}.onnx", "families": list(columns)}
        stages.append({**facts, "member": at, "trees": len(trees), "columns": columns})
    return stages


def _input_slices(model: StackedModel, one: BaseModel) -> dict[str, slice]:
    """Return where each family's columns are in the base model's input."""
    slices, end = {}, 0
    widths = InputBuilder(one.config, model.vectorizers).widths
    for family, width in zip(one.config.families, widths, strict=True):
        slices[family] = slice(end, end + width)
        end += width
    return slices


def _scaled_weights(model: StackedModel, one: BaseModel, family: str) -> FloatArray:
    """Return a linear base model's weights of one family with the Platt scale folded in; zeros if it does not use the family."""
    part = _input_slices(model, one).get(family)
    if part is None:
        return np.zeros(len(model.vectorizers[family]))
    assert one.fitted.affine is not None
    return one.fitted.affine[0][part] * one.platt.slope


def _scaled_bias(one: BaseModel) -> float:
    assert one.fitted.affine is not None
    return one.fitted.affine[1] * one.platt.slope + one.platt.shift


def _strengths(model: StackedModel, family: str, size: int) -> NDArray[np.float32]:
    """Return how far one occurrence of each feature moves the blend's log-odds, all else equal; for explanations only."""
    total = np.zeros(size)
    for one, weight in zip(model.base_models, model.blend.weights, strict=True):
        if one.fitted.affine is not None and family in one.config.families:
            total += weight * _scaled_weights(model, one, family) * model.vectorizers[family].idf
    return total.astype(np.float32)
