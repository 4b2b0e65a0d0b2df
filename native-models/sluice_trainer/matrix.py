"""Reads the feature matrix that `src/training/feature-matrix.ts` writes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import numpy as np
from scipy.sparse import csr_matrix

from .arrays import BoolArray, FloatArray, IdArray, LabelArray, RowArray
from .config import Profile
from .errors import DataError
from .vectorizer import Features, most_frequent

FORMAT = 4

# The part of a row: for training, for testing, a text of our own whose scores are stored with the model, or what was made of a
# training message (a piece, or a changed copy), which only base models learn from.
TRAIN, TEST, PROBE, DERIVED = 0, 1, 2, 3

PARTS = ([TRAIN, DERIVED], [TEST], [PROBE])
"""What the rows of `Matrix.train`, `test` and `probe` are."""

CANDIDATES = 2
"""Multiple of the features of a family that is read, since each fold makes its own choice among them."""

ROWS_AT_ONCE = 4_096


@dataclass(frozen=True)
class Rows:
    """
    Some rows of the matrix, in the matrix's order.

    Attributes
    ----------
    counts : dict of str to csr_matrix of float32, shape (n, features)
        Feature family -> counts.
    labels : ndarray of int8, shape (n,)
        1 spam, 0 ham.
    weights : ndarray of float64, shape (n,)
        How much each row counts.
    groups : ndarray of int32, shape (n,)
        Rows with the same number, such as the messages of a conversation, stay in one fold.
    sources : ndarray of int32, shape (n,)
        Index of each row's data set.
    lengths : ndarray of int32, shape (n,)
        Number of words with a letter, known to a vocabulary or not.
    whole : ndarray of bool, shape (n,)
        False for what was made of a message: a piece of it, or a changed copy.
    """

    counts: dict[str, csr_matrix]
    labels: LabelArray
    weights: FloatArray
    groups: IdArray
    sources: IdArray
    lengths: IdArray
    whole: BoolArray

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.labels)

    def take(self, at: RowArray) -> Rows:
        """Return the rows with these indices."""
        counts = {family: matrix[at] for family, matrix in self.counts.items()}
        return Rows(counts, self.labels[at], self.weights[at], self.groups[at], self.sources[at], self.lengths[at], self.whole[at])


@dataclass(frozen=True)
class Matrix:
    """
    The matrix, with the features that a profile may use.

    Attributes
    ----------
    train, test, probe : Rows
        The rows of each part.
    source_names : list of str
        Names of the data sets.
    ids : dict of str to ndarray of int32, shape (features,)
        Feature family -> id in the file of each column that was read.
    features : dict of str to Features
        Feature family -> what is known of each column that was read.
    """

    train: Rows
    test: Rows
    probe: Rows
    source_names: list[str]
    ids: dict[str, IdArray]
    features: dict[str, Features]


def read_matrix(folder: Path, profile: Profile) -> Matrix:
    """
    Read the families of a profile, and of their features those that occur in enough training messages.

    Parameters
    ----------
    folder : Path
        Where the matrix was written.
    profile : Profile
        Its feature set must be the matrix's.

    Returns
    -------
    Matrix
        With the weights of the profile's `source_power`.

    Raises
    ------
    DataError
        If the matrix has another format or feature set, if its arrays do not fit together, or if a class has fewer than ten
        training messages.
    """
    facts = _facts(folder, profile)
    labels = np.load(folder / "labels.npy")
    parts = np.load(folder / "parts.npy")
    weights = np.load(folder / "weights.npy").astype(np.float64)
    groups = np.load(folder / "groups.npy")
    sources = np.load(folder / "sources.npy")
    lengths = np.load(folder / "lengths.npy")
    rows = len(labels)
    per_row = (("parts", parts), ("weights", weights), ("groups", groups), ("sources", sources), ("lengths", lengths))
    for name, array in per_row:
        if len(array) != rows:
            raise DataError(f"{name}.npy has {len(array)} rows and labels.npy {rows}: write the matrix again")
    is_train = parts == TRAIN
    for label, name in ((1, "spam"), (0, "ham")):
        found = int(np.sum(labels[is_train] == label))
        if found < 10:
            raise DataError(f"the training part has {found} {name} messages: at least 10 of each class are needed")
    weights = _weight_sources(weights, sources, is_train, profile.source_power)
    counts, ids, features = {}, {}, {}
    for family, config in profile.vocabulary.items():
        excluded = () if config.keep_obfuscation else facts["disguise"][family]
        flags = {name: np.load(folder / f"{family}.{name}.npy") == 1 for name in ("pairs", "form", "words")}
        for name, flag in flags.items():
            if len(flag) != facts["sizes"][family]:
                raise DataError(f"{family}.{name}.npy does not fit the vocabulary: write the matrix again")
        is_pair = flags["pairs"]
        file = _FamilyFile(folder, family, rows, len(is_pair))
        frequency, weighted = file.frequencies(is_train, np.where(is_train, weights, 0.0))
        frequency[np.asarray(excluded, np.int64)] = 0
        ids[family] = np.sort(most_frequent(config, frequency, weighted, is_pair, CANDIDATES))
        counts[family] = file.read(ids[family], [np.isin(parts, some) for some in PARTS])
        features[family] = Features(*(flags[name][ids[family]] for name in ("pairs", "form", "words")))

    def rows_of(part: int) -> Rows:
        at = np.isin(parts, PARTS[part])
        some = {family: of_parts[part] for family, of_parts in counts.items()}
        return Rows(some, labels[at], weights[at], groups[at], sources[at], lengths[at], (parts != DERIVED)[at])

    train, test, probe = (rows_of(part) for part in range(len(PARTS)))
    return Matrix(train, test, probe, list(facts["sources"]), ids, features)


def _weight_sources(weights: FloatArray, sources: IdArray, is_train: BoolArray, power: float) -> FloatArray:
    """
    Weight data sets by a power of their sizes.

    A data set of n training messages counts as n to the `power` would; the sum of all training weights stays the same. For several
    languages this is known as exponentially smoothed weighting (J. Devlin et al., multilingual BERT, 2018).
    """
    if power == 1:
        return weights
    sizes = np.bincount(sources[is_train], minlength=int(sources.max(initial=0)) + 1)
    scaled = weights * np.maximum(sizes, 1.0)[sources] ** (power - 1)
    total: float = weights[is_train].sum() / scaled[is_train].sum()
    return scaled * total


def _facts(folder: Path, profile: Profile) -> dict[str, Any]:
    try:
        facts: dict[str, Any] = json.loads((folder / "features.json").read_text(encoding="utf-8"))
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
        family for family in profile.families if family not in facts.get("sizes", {}) or family not in facts.get("disguise", {})
    ]
    if missing:
        raise DataError(f"the matrix has no {missing[0]}: write it again with this version of Sluice")
    return facts


class _FamilyFile:
    """
    The counts of one family on disk.

    They are read in slices of a mapped file: most features are dropped, and the file need not fit into memory.
    """

    def __init__(self, folder: Path, family: str, rows: int, size: int) -> None:
        self.family, self.rows, self.size = family, rows, size
        self.data = np.load(folder / f"{family}.data.npy", mmap_mode="r")
        self.indices = np.load(folder / f"{family}.indices.npy", mmap_mode="r")
        self.indptr = np.load(folder / f"{family}.indptr.npy").astype(np.int64)
        if len(self.indptr) != rows + 1 or self.indptr[-1] != len(self.data) or len(self.indices) != len(self.data):
            raise DataError(f"the arrays of {family!r} do not fit together: write the matrix again")

    def _slices(self) -> Sequence[slice]:
        return [slice(at, min(at + ROWS_AT_ONCE, self.rows)) for at in range(0, self.rows, ROWS_AT_ONCE)]

    def frequencies(self, is_train: BoolArray, weights: FloatArray) -> tuple[Any, FloatArray]:
        """
        Check all entries and count the document frequencies.

        Parameters
        ----------
        is_train : ndarray of bool, shape (rows,)
            Rows that are counted.
        weights : ndarray of float64, shape (rows,)
            How much a row adds to the weighted document frequency; zero for rows that are not for training.

        Returns
        -------
        frequency : ndarray of int64, shape (size,)
            Number of training rows with each feature.
        weighted : ndarray of float64, shape (size,)
            Sum of the weights of the rows with each feature.

        Raises
        ------
        DataError
            If a feature id or a count is invalid.
        """
        frequency, weighted = np.zeros(self.size, np.int64), np.zeros(self.size)
        for some in self._slices():
            ids = self.indices[self.indptr[some.start] : self.indptr[some.stop]]
            values = self.data[self.indptr[some.start] : self.indptr[some.stop]]
            if len(ids) and (ids.min() < 0 or ids.max() >= self.size):
                raise DataError(f"a feature id of {self.family!r} is outside its vocabulary: write the matrix again")
            if not np.isfinite(values).all() or (values <= 0).any():
                raise DataError(f"a count of {self.family!r} is not a positive number: write the matrix again")
            lengths = np.diff(self.indptr[some.start : some.stop + 1])
            frequency += np.bincount(ids[np.repeat(is_train[some], lengths)], minlength=self.size)
            weighted += np.bincount(ids, weights=np.repeat(weights[some], lengths), minlength=self.size)
        return frequency, weighted

    def read(self, kept: IdArray, parts: Sequence[BoolArray]) -> list[csr_matrix]:
        """
        Return the counts of some features.

        Parameters
        ----------
        kept : ndarray of int32, shape (kept,)
            Ids of the features, ascending.
        parts : sequence of ndarray of bool, shape (rows,)
            The rows of each part.

        Returns
        -------
        list of csr_matrix of float32, shape (rows of the part, kept)
            One for each part, with sorted indices. Their entries are mapped files, which need not fit into memory.
        """
        index = np.full(self.size, -1, np.int32)
        index[kept] = np.arange(len(kept), dtype=np.int32)
        written = [_MappedRows(len(kept)) for _ in parts]
        for some in self._slices():
            new_ids = index[self.indices[self.indptr[some.start] : self.indptr[some.stop]]]
            keep = new_ids >= 0
            values = self.data[self.indptr[some.start] : self.indptr[some.stop]][keep]
            ends = self.indptr[some.start : some.stop + 1] - self.indptr[some.start]
            indptr = np.concatenate(([0], np.cumsum(keep)))[ends]
            rows = csr_matrix((values, new_ids[keep], indptr), shape=(some.stop - some.start, len(kept)))
            rows.sort_indices()
            for part, at in zip(written, parts, strict=True):
                part.add(rows[at[some]])
        return [part.matrix() for part in written]


class _MappedRows:
    """Compressed sparse rows whose entries are written to files without a name, which end with the last use of the matrix."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.lengths: list[IdArray] = []
        # Their mapping outlives them, and they are in use until it is made.
        self.indices, self.data = TemporaryFile(), TemporaryFile()  # noqa: SIM115

    def add(self, rows: csr_matrix) -> None:
        """Append rows with sorted indices."""
        self.lengths.append(np.diff(rows.indptr))
        self.indices.write(rows.indices.astype(np.int32).tobytes())
        self.data.write(rows.data.astype(np.float32).tobytes())

    def matrix(self) -> csr_matrix:
        """Return all rows."""
        lengths = np.concatenate([np.zeros(1, np.int64), *self.lengths])
        indptr = np.cumsum(lengths, dtype=np.int64)
        entries = int(indptr[-1])
        indices, data = _mapped(self.indices, np.int32, entries), _mapped(self.data, np.float32, entries)
        matrix = csr_matrix((data, indices, indptr), shape=(len(lengths) - 1, self.width))
        matrix.has_sorted_indices = True
        return matrix


def _mapped(file: IO[bytes], dtype: type[np.generic], entries: int) -> Any:
    with file:
        file.flush()
        # An empty file cannot be mapped. Private: nothing is written to it, but not all of SciPy's code takes read-only arrays.
        return np.memmap(file, dtype, "c", shape=(entries,)) if entries else np.zeros(0, dtype)
