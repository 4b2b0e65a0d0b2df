"""Reads the feature matrix that `src/training/feature-matrix.ts` writes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from .errors import DataError

FORMAT = 1
FEATURE_SET = "sluice-1"
FAMILIES = ("words", "grams")

# The part of a row: trained on, kept back for testing, or a text of our own that the model answers for the record.
TRAIN, TEST, PROBE = 0, 1, 2


@dataclass(frozen=True)
class Rows:
    """Some rows of the matrix, in the matrix's order."""

    counts: dict[str, csr_matrix]
    labels: NDArray[np.int8]
    weights: NDArray[np.float64]
    groups: NDArray[np.int32]
    sources: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True)
class Matrix:
    train: Rows
    test: Rows
    probe: Rows
    source_names: list[str]


def read_matrix(folder: Path) -> Matrix:
    """Raises DataError for another format or feature set, for arrays that do not fit, and where a class is missing."""
    facts = _facts(folder)
    labels = np.load(folder / "labels.npy")
    parts = np.load(folder / "parts.npy")
    weights = np.load(folder / "weights.npy").astype(np.float64)
    groups = np.load(folder / "groups.npy")
    sources = np.load(folder / "sources.npy")
    rows = len(labels)
    for name, array in (("parts", parts), ("weights", weights), ("groups", groups), ("sources", sources)):
        if len(array) != rows:
            raise DataError(f"{name}.npy has {len(array)} rows and labels.npy {rows}: write the matrix again")
    counts = {family: _counts(folder, family, rows, facts["sizes"][family]) for family in FAMILIES}

    def part(which: int) -> Rows:
        at = np.flatnonzero(parts == which)
        return Rows(
            {family: counts[family][at] for family in FAMILIES}, labels[at], weights[at], groups[at], sources[at]
        )

    train = part(TRAIN)
    for label, name in ((1, "spam"), (0, "ham")):
        found = int(np.sum(train.labels == label))
        if found < 10:
            raise DataError(f"the training part has {found} {name} messages: at least 10 of each class are needed")
    return Matrix(train, part(TEST), part(PROBE), list(facts["sources"]))


def _facts(folder: Path) -> dict:
    try:
        facts = json.loads((folder / "features.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"features.json of the matrix cannot be read ({error}): write the matrix again") from error
    if facts.get("format") != FORMAT:
        raise DataError(f"the matrix has format {facts.get('format')}, this trainer reads {FORMAT}: write it again")
    if facts.get("feature_set") != FEATURE_SET:
        raise DataError(
            f"the matrix has features of the set {facts.get('feature_set')!r}, this trainer was made for "
            f"{FEATURE_SET!r}: write the matrix again with this version of Sluice"
        )
    return facts


def _counts(folder: Path, family: str, rows: int, size: int) -> csr_matrix:
    data = np.load(folder / f"{family}.data.npy")
    indices = np.load(folder / f"{family}.indices.npy")
    indptr = np.load(folder / f"{family}.indptr.npy")
    if len(indptr) != rows + 1 or indptr[-1] != len(data) or len(indices) != len(data):
        raise DataError(f"the arrays of {family!r} do not fit together: write the matrix again")
    if len(indices) and (indices.min() < 0 or indices.max() >= size):
        raise DataError(f"a feature id of {family!r} is outside its vocabulary: write the matrix again")
    if not np.isfinite(data).all() or (data <= 0).any():
        raise DataError(f"a count of {family!r} is not a positive number: write the matrix again")
    matrix = csr_matrix((data, indices, indptr), shape=(rows, size))
    matrix.sort_indices()
    return matrix
