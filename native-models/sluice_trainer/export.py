"""Writes what `src/training/write-model.ts` makes a model folder of: graphs, kept features, and a file of facts."""

from __future__ import annotations

import json
from pathlib import Path

import joblib
import numpy as np
from numpy.typing import NDArray

from .blender import undecided_before
from .graphs import LinearPart, export_linear, export_trees
from .matrix import FAMILIES, Matrix
from .metrics import figures
from .profiles import Profile
from .stacking import FOREST_MEMBER, Model


def export_model(model: Model, matrix: Matrix, profile: Profile, thresholds: tuple[float, float], out: Path) -> dict:
    """Answers the facts that are the same for the same data and seed; the caller adds times and writes them."""
    stages = []
    for family, name, file in (("words", "linear", "linear.onnx"), ("grams", "linear-grams", "linear-grams.onnx")):
        at = [i for i, member in enumerate(model.linear) if member.plan.family == family]
        scaled = [model.linear[i].scaled() for i in at]
        weights = np.column_stack([weights for weights, _ in scaled])
        part = LinearPart(family, model.vectorizers[family].idf, weights)
        export_linear(out / file, [part], np.array([bias for _, bias in scaled]))
        stages.append({"kind": "linear", "name": name, "file": file, "families": [family], "members": at})
        np.save(out / f"{family}.columns.npy", model.vectorizers[family].columns)
        np.save(out / f"{family}.strengths.npy", _strengths(model, family))
    stages += _export_forest(model, profile, out)

    low, high = model.forest.leaf_bounds()
    members = [
        {"name": member.plan.name, "families": [member.plan.family], "min": 0.0, "max": 1.0} for member in model.linear
    ] + [{"name": FOREST_MEMBER, "families": ["words"], "min": low, "max": high}]
    for member, weight in zip(members, model.blend.weights, strict=True):
        member["weight"] = float(weight)

    _write_probes(model, matrix, out)
    train = matrix.train
    return {
        "members": members,
        "stages": stages,
        "blender": {
            "kind": "logistic",
            "bias": model.blend.bias,
            "calibration": {"scale": model.blend.scale, "shift": model.blend.shift},
        },
        "prior": float(np.average(train.labels, weights=train.weights)),
        "spam": int(np.sum(train.labels == 1)),
        "ham": int(np.sum(train.labels == 0)),
        "sizes": {family: len(model.vectorizers[family].columns) for family in FAMILIES},
        "figures": _all_figures(model, matrix, thresholds),
    }


def keep_estimators(model: Model, path: Path) -> None:
    """
    The fitted estimators as scikit-learn has them, for comparisons: inputs are tf-idf rows over the model's own ids (`idf`; tf is
    1 + ln count; rows of length 1), and counts over the word ids for the forest.
    """
    joblib.dump(
        {
            "idf": {family: model.vectorizers[family].idf for family in FAMILIES},
            "linear": [
                {
                    "name": member.plan.name,
                    "family": member.plan.family,
                    "estimator": member.estimator,
                    "slope": member.platt.slope,
                    "shift": member.platt.shift,
                }
                for member in model.linear
            ],
            "forest": model.forest.estimator,
            "forest_columns": int(model.forest.estimator.n_features_in_),
            "blender": {
                "weights": model.blend.weights,
                "bias": model.blend.bias,
                "scale": model.blend.scale,
                "shift": model.blend.shift,
            },
        },
        path,
    )


def _export_forest(model: Model, profile: Profile, out: Path) -> list[dict]:
    stages = []
    first = 0
    for number, trees in enumerate(profile.forest.blocks, start=1):
        file = f"forest-{number:03d}.onnx"
        columns = export_trees(out / file, model.forest.trees[first : first + trees])
        first += trees
        stages.append(
            {
                "kind": "forest",
                "name": f"forest-{number:03d}",
                "file": file,
                "families": list(columns),
                "member": len(model.linear),
                "trees": trees,
                "columns": columns,
            }
        )
    return stages


def _strengths(model: Model, family: str) -> NDArray[np.float32]:
    """How far one occurrence of the feature pushes the blend's log-odds, all else equal: for explanations only."""
    total = np.zeros(len(model.vectorizers[family].columns))
    for member, weight in zip(model.linear, model.blend.weights, strict=False):
        if member.plan.family == family:
            total += weight * member.scaled()[0]
    return (total * model.vectorizers[family].idf).astype(np.float32)


def _write_probes(model: Model, matrix: Matrix, out: Path) -> None:
    """probes.npy float64 [rows, members + 1]: each member's probability and, last, the blend's."""
    members = model.members(matrix.probe.counts) if len(matrix.probe) else np.zeros((0, len(model.member_names)))
    np.save(out / "probes.npy", np.column_stack([members, model.blend.probabilities(members)]))


def _all_figures(model: Model, matrix: Matrix, thresholds: tuple[float, float]) -> dict:
    late_grams = np.array([member.plan.family != "words" for member in model.linear] + [True])
    late_forest = np.array([False] * len(model.linear) + [True])
    answer: dict = {"thresholds": {"reject_min": thresholds[0], "reject_max": thresholds[1]}}
    test_members = model.members(matrix.test.counts) if len(matrix.test) else np.zeros((0, len(model.member_names)))
    for part, rows, members in (
        ("out_of_fold", matrix.train, model.out_of_fold),
        ("testing_part", matrix.test, test_members),
    ):
        p = model.blend.probabilities(members)
        answer[part] = {"all": figures(p, rows.labels, *thresholds)} if len(rows) else {}
        for source, name in enumerate(matrix.source_names):
            at = rows.sources == source
            if at.any():
                answer[part][name] = figures(p[at], rows.labels[at], *thresholds)
        if len(rows):
            undecided = {}
            for what, late in (("before_grams", late_grams), ("before_forest", late_forest)):
                not_ham, open_band = undecided_before(model.blend, members, late, *thresholds)
                undecided[what] = {
                    label: {
                        "notHam": round(float(np.mean(not_ham[rows.labels == value])), 5),
                        "none": round(float(np.mean(open_band[rows.labels == value])), 5),
                    }
                    for label, value in (("spam", 1), ("ham", 0))
                    if (rows.labels == value).any()
                }
            answer[part]["undecided"] = undecided
        if len(rows):
            answer[part]["members_mcc_at_half"] = {
                name: figures(members[:, at], rows.labels, *thresholds)["mcc_at_half"]
                for at, name in enumerate(model.member_names)
            }
    return answer


def write_facts(path: Path, facts: dict) -> None:
    path.write_text(json.dumps(facts, indent=1, allow_nan=False) + "\n", encoding="utf-8")
