"""Reads the feature matrix that `src/training/feature-matrix.ts` writes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from .errors import DataError
from .profiles import Profile, VocabularyPlan
from .vectorizer import most_frequent

FORMAT = 3

# The part of a row: trained on, kept back for testing, or a text of our own that the model answers for the record.
TRAIN, TEST, PROBE = 0, 1, 2

# Of the features that a family may keep, so many times as many are read: each fold chooses its own among them.
CANDIDATES = 2
ROWS_AT_ONCE = 4_096


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
    # Per family, the id in the matrix on disk of each column that was read.
    ids: dict[str, NDArray[np.int32]]
    # Per family, of each column that was read, whether it is a pair of neighbours.
    pairs: dict[str, NDArray[np.bool_]]


def read_matrix(folder: Path, profile: Profile) -> Matrix:
    """
    Reads the families of the profile, and of their features those that enough training messages have. Raises DataError for another
    format or feature set, for arrays that do not fit, and where a class is missing.
    """
    facts = _facts(folder, profile)
    labels = np.load(folder / "labels.npy")
    parts = np.load(folder / "parts.npy")
    weights = np.load(folder / "weights.npy").astype(np.float64)
    groups = np.load(folder / "groups.npy")
    sources = np.load(folder / "sources.npy")
    rows = len(labels)
    for name, array in (("parts", parts), ("weights", weights), ("groups", groups), ("sources", sources)):
        if len(array) != rows:
            raise DataError(f"{name}.npy has {len(array)} rows and labels.npy {rows}: write the matrix again")
    for label, name in ((1, "spam"), (0, "ham")):
        found = int(np.sum(labels[parts == TRAIN] == label))
        if found < 10:
            raise DataError(f"the training part has {found} {name} messages: at least 10 of each class are needed")
    weights = _weigh_sources(weights, sources, parts == TRAIN, profile.source_power)
    counts, ids, pairs = {}, {}, {}
    for family, plan in profile.vocabulary.items():
        trained_on = np.where(parts == TRAIN, weights, 0.0), parts == TRAIN
        left_out = () if plan.disguise else facts["disguise"][family]
        is_pair = np.load(folder / f"{family}.pairs.npy") == 1
        if len(is_pair) != facts["sizes"][family]:
            raise DataError(f"{family}.pairs.npy does not fit the vocabulary: write the matrix again")
        counts[family], ids[family] = _counts(folder, family, rows, is_pair, plan, left_out, *trained_on)
        pairs[family] = is_pair[ids[family]]

    def part(which: int) -> Rows:
        at = np.flatnonzero(parts == which)
        return Rows(
            {family: counts[family][at] for family in counts}, labels[at], weights[at], groups[at], sources[at]
        )

    return Matrix(part(TRAIN), part(TEST), part(PROBE), list(facts["sources"]), ids, pairs)


def _weigh_sources(
    weights: NDArray[np.float64], sources: NDArray[np.int32], trained_on: NDArray[np.bool_], power: float
) -> NDArray[np.float64]:
    """A data set of n messages in the training part counts as n to the `power` would, all together for as much as before."""
    if power == 1:
        return weights
    sizes = np.bincount(sources[trained_on], minlength=int(sources.max(initial=0)) + 1)
    scaled = weights * np.maximum(sizes, 1.0)[sources] ** (power - 1)
    return scaled * (weights[trained_on].sum() / scaled[trained_on].sum())


def _facts(folder: Path, profile: Profile) -> dict:
    try:
        facts = json.loads((folder / "features.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"features.json of the matrix cannot be read ({error}): write the matrix again") from error
    if facts.get("format") != FORMAT:
        raise DataError(f"the matrix has format {facts.get('format')}, this trainer reads {FORMAT}: write it again")
    if facts.get("feature_set") != profile.feature_set:
        raise DataError(
            f"the matrix has features of the set {facts.get('feature_set')!r}, the profile {profile.name!r} was made for "
            f"{profile.feature_set!r}: write the matrix again with this version of Sluice"
        )
    missing = [
        family
        for family in profile.families
        if family not in facts.get("sizes", {}) or family not in facts.get("disguise", {})
    ]
    if missing:
        raise DataError(f"the matrix has no {missing[0]}: write it again with this version of Sluice")
    return facts


def _counts(
    folder: Path,
    family: str,
    rows: int,
    pairs: NDArray[np.bool_],
    plan: VocabularyPlan,
    left_out: Sequence[int],
    weights: NDArray[np.float64],
    trained_on: NDArray[np.bool_],
) -> tuple[csr_matrix, NDArray[np.int32]]:
    """Read in slices of a mapped file: the whole, of which most features are dropped, need not fit into memory."""
    size = len(pairs)
    data = np.load(folder / f"{family}.data.npy", mmap_mode="r")
    indices = np.load(folder / f"{family}.indices.npy", mmap_mode="r")
    indptr = np.load(folder / f"{family}.indptr.npy").astype(np.int64)
    if len(indptr) != rows + 1 or indptr[-1] != len(data) or len(indices) != len(data):
        raise DataError(f"the arrays of {family!r} do not fit together: write the matrix again")
    slices = [slice(at, min(at + ROWS_AT_ONCE, rows)) for at in range(0, rows, ROWS_AT_ONCE)]

    frequency, weighted = np.zeros(size, np.int64), np.zeros(size)
    for some in slices:
        ids = indices[indptr[some.start] : indptr[some.stop]]
        values = data[indptr[some.start] : indptr[some.stop]]
        if len(ids) and (ids.min() < 0 or ids.max() >= size):
            raise DataError(f"a feature id of {family!r} is outside its vocabulary: write the matrix again")
        if not np.isfinite(values).all() or (values <= 0).any():
            raise DataError(f"a count of {family!r} is not a positive number: write the matrix again")
        lengths = np.diff(indptr[some.start : some.stop + 1])
        frequency += np.bincount(ids[np.repeat(trained_on[some], lengths)], minlength=size)
        weighted += np.bincount(ids, weights=np.repeat(weights[some], lengths), minlength=size)
    frequency[np.asarray(left_out, np.int64)] = 0
    kept = np.sort(most_frequent(plan, frequency, weighted, pairs, CANDIDATES))
    place = np.full(size, -1, np.int32)
    place[kept] = np.arange(len(kept), dtype=np.int32)

    ids_read, values_read, starts = [], [], [np.zeros(1, np.int64)]
    end = 0
    for some in slices:
        places = place[indices[indptr[some.start] : indptr[some.stop]]]
        keep = places >= 0
        ids_read.append(places[keep])
        values_read.append(data[indptr[some.start] : indptr[some.stop]][keep])
        at = np.concatenate(([0], np.cumsum(keep)))[indptr[some.start + 1 : some.stop + 1] - indptr[some.start]]
        starts.append(at + end)
        end += int(keep.sum())
    matrix = csr_matrix(
        (
            np.concatenate(values_read) if values_read else np.zeros(0, np.float32),
            np.concatenate(ids_read) if ids_read else np.zeros(0, np.int32),
            np.concatenate(starts),
        ),
        shape=(rows, len(kept)),
    )
    matrix.sort_indices()
    return matrix, kept
