"""Synthetic rows and matrices for the tests."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from sluice_trainer.arrays import FloatArray, IdArray, LabelArray
from sluice_trainer.matrix import TEST, TRAIN, Matrix, Rows
from sluice_trainer.vectorizer import Features


def random_counts(rows: int, features: int, seed: int, density: float = 0.15) -> csr_matrix:
    """Return counts of 1 to 4; the features with small ids are frequent, and the first one is in every row."""
    random = np.random.default_rng(seed)
    frequency = np.minimum(density * 4 / (1 + 0.1 * np.arange(features)), 0.9)
    dense = random.integers(1, 5, (rows, features)) * (random.random((rows, features)) < frequency)
    dense[:, 0] = 1
    return csr_matrix(dense.astype(np.float32))


def random_labels(counts: csr_matrix, seed: int) -> LabelArray:
    """Return labels that depend on the counts, about a third of them spam."""
    random = np.random.default_rng(seed)
    score = counts @ random.normal(size=counts.shape[1])
    noisy = score + random.normal(scale=score.std() / 4, size=len(score))
    labels: LabelArray = (noisy > np.quantile(noisy, 0.67)).astype(np.int8)
    return labels


def plain_features(count: int) -> Features:
    """Return features that are words, and neither pairs nor of form."""
    return Features(np.zeros(count, bool), np.zeros(count, bool), np.ones(count, bool))


def make_rows(rows: int, seed: int, features: int = 40, group_size: int = 1) -> Rows:
    """Return rows with the families words and grams."""
    words, grams = random_counts(rows, features, seed), random_counts(rows, features, seed + 1)
    groups = (np.arange(rows) // group_size).astype(np.int32)
    weights = np.random.default_rng(seed + 2).uniform(0.5, 2, rows)
    counts = {"words": words, "grams": grams}
    lengths, whole = np.full(rows, features, np.int32), np.ones(rows, bool)
    return Rows(counts, random_labels(words, seed + 3), weights, groups, np.zeros(rows, np.int32), lengths, whole)


def make_matrix(rows: int, seed: int) -> Matrix:
    """Return a matrix whose parts are drawn in the same way."""
    train, test, probe = make_rows(rows, seed), make_rows(rows // 4, seed + 10), make_rows(10, seed + 20)
    features = train.counts["words"].shape[1]
    ids = {family: np.arange(features, dtype=np.int32) for family in train.counts}
    return Matrix(train, test, probe, ["synthetic"], ids, {family: plain_features(features) for family in ids})


def write_matrix(folder: Path, rows: Rows, parts: NDArray[np.int8] | None = None, **facts: Any) -> None:
    """Write rows as `src/training/feature-matrix.ts` does; without `parts`, every fifth row is for testing."""
    if parts is None:
        parts = np.where(np.arange(len(rows)) % 5 == 0, TEST, TRAIN).astype(np.int8)
    arrays: dict[str, NDArray[Any]] = {
        "labels": rows.labels,
        "parts": parts,
        "weights": rows.weights.astype(np.float32),
        "groups": rows.groups,
        "sources": rows.sources,
        "lengths": rows.lengths,
    }
    for family, counts in rows.counts.items():
        arrays[f"{family}.indptr"] = counts.indptr.astype(np.int32)
        arrays[f"{family}.indices"] = counts.indices.astype(np.int32)
        arrays[f"{family}.data"] = counts.data.astype(np.float32)
        arrays[f"{family}.pairs"] = np.zeros(counts.shape[1], np.int8)
        arrays[f"{family}.form"] = np.zeros(counts.shape[1], np.int8)
        arrays[f"{family}.words"] = np.ones(counts.shape[1], np.int8)
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)
    sizes = {family: counts.shape[1] for family, counts in rows.counts.items()}
    defaults = {
        "format": 4,
        "feature_set": "sluice-2",
        "sizes": sizes,
        "disguise": {family: [] for family in sizes},
        "sources": ["first", "second"],
    }
    (folder / "features.json").write_text(json.dumps({**defaults, **facts}))


def padded(counts: csr_matrix, width: int | None = None) -> tuple[IdArray, NDArray[np.float32]]:
    """Return ids and counts as the linear graphs take them; the id after the last feature is padding."""
    lengths = np.diff(counts.indptr)
    width = int(lengths.max()) if width is None else width
    ids = np.full((counts.shape[0], width), counts.shape[1], np.int32)
    values = np.zeros((counts.shape[0], width), np.float32)
    for row, length in enumerate(lengths):
        entries = slice(counts.indptr[row], counts.indptr[row + 1])
        ids[row, :length], values[row, :length] = counts.indices[entries], counts.data[entries]
    return ids, values


def run_graph(path: Path, inputs: dict[str, NDArray[Any]]) -> FloatArray:
    """Return the output of a graph in ONNX Runtime, as float64."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    output: NDArray[np.float32] = session.run(None, inputs)[0]
    return output.astype(np.float64)
