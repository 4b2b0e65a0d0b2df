"""Frames: a row of numbers for each message, and no text, since texts are people's."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sluice_trainer.arrays import FloatArray
from sluice_trainer.matrix import Rows

from .bags import WORDS, Bags


@dataclass(frozen=True)
class Frame:
    """
    The messages of one part.

    Attributes
    ----------
    spam : ndarray of bool, shape (n,)
        The label.
    source : ndarray of str, shape (n,)
        Name of the data set or table.
    words : ndarray of int, shape (n,)
        How many words a message has.
    shared_words : ndarray of int, shape (n,)
        How many of them both classes have.
    log_odds : ndarray of float64, shape (n,)
        Log-odds of spam by the two bags of words.
    """

    spam: NDArray[np.bool_]
    source: NDArray[np.str_]
    words: NDArray[np.int64]
    shared_words: NDArray[np.int64]
    log_odds: FloatArray

    def __len__(self) -> int:
        """Return the number of messages."""
        return len(self.spam)

    def write(self, path: Path) -> None:
        """Write the frame to a file of NumPy."""
        np.savez_compressed(path, **{name: getattr(self, name) for name in self.__dataclass_fields__})

    def by_source(self) -> list[tuple[str, int, int]]:
        """Return each source with its spam and its ham."""
        counts = Counter(zip(self.source.tolist(), self.spam.tolist(), strict=True))
        return [(name, counts[name, True], counts[name, False]) for name in sorted(set(self.source.tolist()))]


def read_frame(path: Path) -> Frame:
    """Read what `Frame.write` wrote."""
    with np.load(path, allow_pickle=False) as arrays:
        return Frame(**{name: arrays[name] for name in Frame.__dataclass_fields__})


def frame_of(rows: Rows, bags: Bags, source_names: list[str]) -> Frame:
    """Describe each message by its words and by what the bags of words make of them."""
    counts = rows.counts[WORDS]

    def total(matrix: object) -> NDArray[np.int64]:
        return np.asarray(matrix, np.int64).ravel()

    return Frame(
        spam=rows.labels == 1,
        source=np.asarray([source_names[at] for at in rows.sources], dtype=np.str_),
        words=total(counts.sum(axis=1)),
        shared_words=total(counts[:, bags.columns].sum(axis=1)),
        log_odds=bags.log_odds(counts),
    )
