"""Bags of words: how often the words of each class occur."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from sluice_trainer.arrays import FloatArray
from sluice_trainer.config import Profile
from sluice_trainer.matrix import Matrix, Rows, read_matrix
from sluice_trainer.profiles import PROFILES

WORDS = "words"


def words_profile(name: str) -> Profile:
    """Return the profile limited to words, all of which are kept: no bag of words has anything else."""
    profile = PROFILES[name]
    return replace(profile, vocabulary={WORDS: replace(PROFILES["bag-of-words"].vocabulary[WORDS])}, source_power=1.0)


@dataclass(frozen=True)
class Bags:
    """
    The words that both classes have, with their shares of all words of a class.

    Attributes
    ----------
    words : list of str
        The words, the most frequent first.
    columns : ndarray of int, shape (words,)
        Their columns in the matrix that they were counted in.
    spam, non_spam : ndarray of float64, shape (words,)
        The share of each word among all words of the class.
    spam_share : float
        The share of spam among the messages.
    """

    words: list[str]
    columns: NDArray[np.int64]
    spam: FloatArray
    non_spam: FloatArray
    spam_share: float

    def log_odds(self, counts: csr_matrix) -> FloatArray:
        """
        Return the log-odds of spam by naive Bayes over these words, as `sluice_trainer.estimators.SharedWordsEstimator` does.

        Parameters
        ----------
        counts : csr_matrix, shape (n, columns of the matrix)
            Counts of the words of each message.

        Returns
        -------
        ndarray of float64, shape (n,)
            Log-odds.
        """
        weights = np.log(self.spam) - np.log(self.non_spam)
        bias = float(np.log(self.spam_share) - np.log1p(-self.spam_share))
        odds: FloatArray = counts[:, self.columns] @ weights + bias
        return odds


def count_bags(rows: Rows, names: list[str]) -> Bags:
    """
    Count the words of both classes.

    Parameters
    ----------
    rows : Rows
        The messages to count in.
    names : list of str
        The word of each column.

    Returns
    -------
    Bags
        Without words that only one class has.
    """
    counts = rows.counts[WORDS]
    spam, non_spam = (np.asarray(counts[rows.labels == label].sum(axis=0), np.float64).ravel() for label in (1, 0))
    shared = np.flatnonzero((spam > 0) & (non_spam > 0))
    columns = shared[np.argsort(-(spam + non_spam)[shared], kind="stable")]
    return Bags(
        words=[names[column] for column in columns],
        columns=columns,
        spam=spam[columns] / spam.sum(),
        non_spam=non_spam[columns] / non_spam.sum(),
        spam_share=float(np.mean(rows.labels == 1)),
    )


def spelled(word: str) -> str:
    """Return a word of a vocabulary without the prefix that distinguishes it from other features (src/text/feature-names.ts)."""
    return word.removeprefix("t:").removeprefix("w:")


def read_words(folder: Path, profile: str) -> tuple[Matrix, list[str]]:
    """
    Read the words of a feature matrix.

    Parameters
    ----------
    folder : Path
        What `sluice dataset features` wrote.
    profile : str
        Name of the profile whose features it has.

    Returns
    -------
    matrix : Matrix
        Its words, with the training and the test messages.
    names : list of str
        The word of each column.

    Raises
    ------
    sluice_trainer.errors.DataError
        If the matrix is not whole, or a class has fewer than ten messages.
    """
    matrix = read_matrix(folder, words_profile(profile))
    names: list[str] = json.loads((folder / "words.json").read_text(encoding="utf-8"))
    return matrix, [names[at] for at in matrix.ids[WORDS]]
