"""
compare_graphs.py MATRIX TRAINED: runs the graphs in ONNX Runtime's Python on the matrix's probes, and prints, as JSON, how far each
member and the blend are from what scikit-learn, XGBoost and Keras answered (`probes.npy`), and how many probes changed their band.
"""

import json
import os
import sys
from pathlib import Path

import numpy as np

os.environ["ORT_DISABLE_TELEMETRY"] = "1"
import onnxruntime  # noqa: E402  (reads the variable above)

PROBE = 2
NEAR = 1e-5


def main() -> None:
    matrix, trained = Path(sys.argv[1]), Path(sys.argv[2])
    facts = json.loads((trained / "facts.json").read_text())
    probes = np.flatnonzero(np.load(matrix / "parts.npy") == PROBE)
    sizes = json.loads((matrix / "features.json").read_text())["sizes"]
    rows = {family: Rows(matrix, trained, family, probes) for family in sizes}
    expected = np.load(trained / "probes.npy")
    # Of the blend itself: trust is no part of a graph.
    expected[:, -1] = np.load(trained / "probes.blend.npy")
    members = np.zeros((len(probes), len(facts["members"])))
    trees = {}
    for stage in facts["stages"]:
        session = onnxruntime.InferenceSession(trained / stage["file"], _options())
        if stage["kind"] == "linear":
            members[:, stage["members"]] = in_batches(
                len(probes), lambda at: session.run(None, _linear_inputs(stage, rows, at))[0]
            )
            continue
        answer = in_batches(len(probes), lambda at: session.run(None, _columns(stage, rows, at))[0])[:, 0]
        member = stage["member"]
        if stage["kind"] == "trees":
            members[:, member] = answer
        else:
            trees[member] = trees.get(member, 0) + stage["trees"]
            members[:, member] += answer
    for member, number in trees.items():
        members[:, member] /= number
    blend = _blend(facts, members)
    differences = np.abs(np.column_stack([members, blend]) - expected)
    names = [member["name"] for member in facts["members"]] + ["blend"]
    thresholds = [facts["figures"]["thresholds"][key] for key in ("reject_min", "reject_max")]
    before, after = expected[:, -1], blend
    near = np.min([np.abs(before - t) for t in thresholds], axis=0) <= NEAR
    moved = np.any([(before > t) != (after > t) for t in thresholds], axis=0) & ~near
    worst = dict(zip(names, differences.max(axis=0).tolist(), strict=True))
    print(json.dumps({"probes": len(probes), "worst": worst, "in_another_band": int(moved.sum())}))


class Rows:
    """The probes' counts of one family, under the model's ids."""

    def __init__(self, matrix: Path, trained: Path, family: str, probes) -> None:
        columns = np.load(trained / f"{family}.columns.npy")
        indptr, indices, data = (np.load(matrix / f"{family}.{part}.npy") for part in ("indptr", "indices", "data"))
        place = np.full(int(max(columns.max(initial=-1), indices.max(initial=-1))) + 1, -1)
        place[columns] = np.arange(len(columns))
        self.size = len(columns)
        self.rows = []
        for row in probes:
            ids, counts = place[indices[indptr[row] : indptr[row + 1]]], data[indptr[row] : indptr[row + 1]]
            self.rows.append((ids[ids >= 0].astype(np.int32), counts[ids >= 0]))

    def padded(self, at):
        some = [self.rows[row] for row in at]
        width = max(1, *(len(ids) for ids, _ in some))
        ids = np.full((len(some), width), self.size, np.int32)
        counts = np.zeros((len(some), width), np.float32)
        for row, (known, numbers) in enumerate(some):
            ids[row, : len(known)], counts[row, : len(known)] = known, numbers
        return ids, counts

    def dense(self, at, columns):
        place = np.full(self.size + 1, -1)
        place[columns] = np.arange(len(columns))
        dense = np.zeros((len(at), len(columns)), np.float32)
        for row, number in enumerate(at):
            ids, counts = self.rows[number]
            tested = place[ids] >= 0
            dense[row, place[ids[tested]]] = counts[tested]
        return dense


def in_batches(count, run):
    return np.concatenate([run(range(at, min(at + 256, count))) for at in range(0, count, 256)])


def _options():
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return options


def _linear_inputs(stage, rows, at):
    inputs = {}
    for family in stage["families"]:
        inputs[f"ids_{family}"], inputs[f"counts_{family}"] = rows[family].padded(at)
    return inputs


def _columns(stage, rows, at):
    dense = [rows[family].dense(at, columns) for family, columns in stage["columns"].items()]
    joined = np.concatenate(dense, axis=1)
    return {"columns": joined if joined.shape[1] else np.zeros((len(at), 1), np.float32)}


def _blend(facts, members):
    blender = facts["blender"]
    if blender["kind"] == "identity":
        return members[:, 0]
    log_odds = blender["bias"] + members @ np.array([member["weight"] for member in facts["members"]])
    return 1 / (1 + np.exp(-(blender["calibration"]["scale"] * log_odds + blender["calibration"]["shift"])))


if __name__ == "__main__":
    main()
