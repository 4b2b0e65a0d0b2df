"""Writes what `src/training/write-model.ts` makes a model folder of: graphs, kept features, and a file of facts."""

from __future__ import annotations

import json
from pathlib import Path

import joblib
import numpy as np
from numpy.typing import NDArray

from .blender import undecided_before
from .first_layer import Inputs
from .graphs import Dense, LinearPart, Network, TreeSpace, export_boosted, export_linear, export_trees
from .matrix import Matrix
from .metrics import figures
from .profiles import Profile
from .stacking import Member, Model

# Of every model folder, whether the profile has features of the family or not.
FAMILIES = ("words", "grams")

WEIGHTING = {
    "log-tf-idf": {"tf": "log", "norm": "l2"},
    "tf-idf": {"tf": "count", "norm": "l2"},
    "counts": {"tf": "count", "norm": "none"},
}


def export_model(model: Model, matrix: Matrix, profile: Profile, thresholds: tuple[float, float], out: Path) -> dict:
    """Answers the facts that are the same for the same data and seed; the caller adds times and writes them."""
    stages = _export_stages(model, profile, out)
    members = []
    for at, member in enumerate(model.members):
        low, high = member.fitted.forest.leaf_bounds() if member.fitted.forest is not None else (0.0, 1.0)
        members.append(
            {
                "name": member.plan.name,
                "families": list(member.plan.families),
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

    probes = model.columns("probe")
    # float64 [rows, members + 1]: each member's probability and, last, the blend's.
    np.save(out / "probes.npy", np.column_stack([probes, model.blend.probabilities(probes)]))
    train = matrix.train
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
        "prior": float(np.average(train.labels, weights=train.weights)),
        "spam": int(np.sum(train.labels == 1)),
        "ham": int(np.sum(train.labels == 0)),
        "sizes": {family: len(vectorizer) for family, vectorizer in model.vectorizers.items()},
        "member_facts": {member.plan.name: dict(member.fitted.facts) for member in model.members if member.fitted.facts},
        "figures": _all_figures(model, matrix, thresholds),
    }


def keep_estimators(model: Model, path: Path) -> None:
    """
    The fitted estimators as their libraries have them, for comparisons: inputs are tf-idf rows over the model's own ids, and
    counts for trees. A network is its layers.
    """
    joblib.dump(
        {
            "idf": {family: vectorizer.idf for family, vectorizer in model.vectorizers.items()},
            "members": [
                {
                    "name": member.plan.name,
                    "families": member.plan.families,
                    "estimator": member.fitted.layers if member.fitted.layers is not None else member.fitted.estimator,
                    "slope": member.platt.slope,
                    "shift": member.platt.shift,
                    "widths": Inputs(member.plan, model.vectorizers).widths,
                }
                for member in model.members
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


def _export_stages(model: Model, profile: Profile, out: Path) -> list[dict]:
    """Cheapest first, so that a message that is decided early needs no more; members are in the order of their stages."""
    stages: list[dict] = []
    linear = [at for at, member in enumerate(model.members) if member.fitted.forest is None and member.fitted.boosted is None]
    for only_words, name in ((True, "linear"), (False, "linear-grams")):
        some = [at for at in linear if (model.members[at].plan.families == ("words",)) == only_words]
        if some:
            stages.append(_export_linear(model, profile, some, name, out))
    for at, member in enumerate(model.members):
        inputs = Inputs(member.plan, model.vectorizers)
        space = TreeSpace(dict(zip(member.plan.families, inputs.widths, strict=True)))
        if member.fitted.boosted is not None:
            file = f"{member.plan.name}.onnx"
            boosted = member.fitted.boosted.scaled(member.platt.slope, member.platt.shift)
            columns = export_boosted(out / file, boosted.trees, boosted.base, space)
            facts = {"kind": "trees", "name": member.plan.name, "file": file, "families": list(columns)}
            stages.append({**facts, "member": at, "columns": columns})
        if member.fitted.forest is not None:
            stages += _export_forest(member, at, space, out)
    return stages


def _export_linear(model: Model, profile: Profile, at: list[int], name: str, out: Path) -> dict:
    plain = [i for i in at if model.members[i].fitted.affine is not None]
    networks = [i for i in at if model.members[i].fitted.layers is not None]
    families = [family for family in FAMILIES if any(family in model.members[i].plan.families for i in at)]
    parts = []
    for family in families:
        vectorizer = model.vectorizers[family]
        weights = np.zeros((len(vectorizer), len(plain)))
        for column, i in enumerate(plain):
            weights[:, column] = _scaled(model, model.members[i], family)
        parts.append(LinearPart(family, vectorizer.idf, weights))
    biases = [model.members[i].fitted.affine[1] * model.members[i].platt.slope + model.members[i].platt.shift for i in plain]
    file = f"{name}.onnx"
    export_linear(
        out / file,
        parts,
        np.array(biases, np.float64),
        [_network(model, model.members[i]) for i in networks],
        **WEIGHTING[profile.weighting],
    )
    return {"kind": "linear", "name": name, "file": file, "families": families, "members": plain + networks}


def _network(model: Model, member: Member) -> Network:
    (kernel, biases), *later = member.fitted.layers
    layers = [Dense(weights, bias, "relu") for weights, bias in later[:-1]]
    weights, bias = later[-1]
    # The Platt scale goes into the last layer, as it goes into the weights of the linear members.
    last = weights.astype(np.float64) * member.platt.slope, bias.astype(np.float64) * member.platt.slope + member.platt.shift
    first = {family: kernel[part] for family, part in _parts(model, member).items()}
    return Network(first, biases, "relu", [*layers, Dense(*last, "sigmoid")])


def _export_forest(member: Member, at: int, space: TreeSpace, out: Path) -> list[dict]:
    stages, forest = [], member.fitted.forest
    for number, first in enumerate(range(0, len(forest.trees), forest.block), start=1):
        trees = forest.trees[first : first + forest.block]
        name = f"forest-{number:03d}"
        columns = export_trees(out / f"{name}.onnx", trees, space)
        facts = {"kind": "forest", "name": name, "file": f"{name}.onnx", "families": list(columns)}
        stages.append({**facts, "member": at, "trees": len(trees), "columns": columns})
    return stages


def _parts(model: Model, member: Member) -> dict[str, slice]:
    """Where each family's features stand in the member's input."""
    parts, end = {}, 0
    for family, width in zip(member.plan.families, Inputs(member.plan, model.vectorizers).widths, strict=True):
        parts[family] = slice(end, end + width)
        end += width
    return parts


def _scaled(model: Model, member: Member, family: str) -> NDArray[np.float64]:
    """A linear member's weights of one family with the Platt scale folded in; zeros where it does not look at it."""
    part = _parts(model, member).get(family)
    if part is None:
        return np.zeros(len(model.vectorizers[family]))
    return member.fitted.affine[0][part] * member.platt.slope


def _strengths(model: Model, family: str, size: int) -> NDArray[np.float32]:
    """How far one occurrence of the feature pushes the blend's log-odds, all else equal: for explanations only."""
    total = np.zeros(size)
    for member, weight in zip(model.members, model.blend.weights, strict=True):
        if member.fitted.affine is not None and family in member.plan.families:
            total += weight * _scaled(model, member, family) * model.vectorizers[family].idf
    return total.astype(np.float32)


def _all_figures(model: Model, matrix: Matrix, thresholds: tuple[float, float]) -> dict:
    split, train = model.split, matrix.train
    answer: dict = {"thresholds": {"reject_min": thresholds[0], "reject_max": thresholds[1]}}
    for part, labels, sources, members in (
        (split.figures_name, train.labels[split.figures], train.sources[split.figures], model.columns("held", split.figures)),
        ("testing_part", matrix.test.labels, matrix.test.sources, model.columns("test")),
    ):
        answer[part] = {}
        if len(labels) == 0:
            continue
        p = model.blend.probabilities(members)
        answer[part]["all"] = figures(p, labels, *thresholds)
        for source, name in enumerate(matrix.source_names):
            at = sources == source
            if at.any():
                answer[part][name] = figures(p[at], labels[at], *thresholds)
        answer[part]["undecided"] = {
            what: _undecided(model, members, late, labels, thresholds) for what, late in _late(model).items() if late.any()
        }
        answer[part]["members_mcc_at_half"] = {
            member.plan.name: figures(members[:, at], labels, *thresholds)["mcc_at_half"]
            for at, member in enumerate(model.members)
        }
    return answer


def _late(model: Model) -> dict[str, NDArray[np.bool_]]:
    trees = [member.fitted.forest is not None or member.fitted.boosted is not None for member in model.members]
    return {
        "after_first_stage": model.late,
        "before_trees": np.array(trees),
        "before_forest": np.array([member.fitted.forest is not None for member in model.members]),
    }


def _undecided(model: Model, members, late, labels, thresholds) -> dict:
    not_ham, open_band = undecided_before(model.blend, members, late, *thresholds)
    return {
        label: {
            "notHam": round(float(np.mean(not_ham[labels == value])), 5),
            "none": round(float(np.mean(open_band[labels == value])), 5),
        }
        for label, value in (("spam", 1), ("ham", 0))
        if (labels == value).any()
    }


def write_facts(path: Path, facts: dict) -> None:
    path.write_text(json.dumps(facts, indent=1, allow_nan=False) + "\n", encoding="utf-8")
