"""Which rows train the base models, which the blender, and which give the figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from .arrays import IdArray, RowArray
from .config import Blending, Profile
from .folds import assign_folds
from .matrix import Rows

BLENDINGS: tuple[Blending, ...] = ("two-way", "three-way", "out-of-fold")
"""What `--blending` accepts."""

FiguresName = Literal["out_of_fold", "blending_part", "validation_part", "held_out"]


@dataclass(frozen=True)
class Fold:
    """
    One fit of every base model.

    Attributes
    ----------
    train : ndarray of intp, shape (a,)
        Indices of the training part's rows that the base models are fitted to.
    valid : ndarray of intp, shape (b,)
        Indices of the rows that they predict; none of them is in `train`.
    """

    train: RowArray
    valid: RowArray


@dataclass(frozen=True)
class Split:
    """
    The use of each row of the training part.

    Attributes
    ----------
    folds : tuple of Fold
        The base models of the last one are exported.
    test_fold : int
        Index of the fold whose base models predict the testing part.
    blend_rows : ndarray of intp, shape (m,)
        Rows that the blender and the Platt scales are fitted to, each predicted by base models that were not fitted to it.
    figures_rows : ndarray of intp, shape (k,)
        Rows for the figures.
    figures_name : str
        The name of these rows' figures in `training.json`.
    blender_folds : ndarray of int32, shape (m,)
        The fold of each of `blend_rows` in the blender's own search.
    out_of_fold : bool
        Whether the last fold trains on all rows. A random forest's out-of-bag predictions then replace its out-of-fold ones.
    """

    folds: tuple[Fold, ...]
    test_fold: int
    blend_rows: RowArray
    figures_rows: RowArray
    figures_name: FiguresName
    blender_folds: IdArray
    out_of_fold: bool


def split_rows(rows: Rows, profile: Profile, blending: Blending, final: bool, seed: int) -> Split:
    """
    Split the training part for stacked generalization [1]_.

    Parameters
    ----------
    rows : Rows
        The training part. A group is never divided. Pieces of messages only train base models; nothing predicts them.
    profile : Profile
        Its number of folds.
    blending : Blending
        `out-of-fold`: each row is predicted once, as in [1]_. `two-way`: one half for the base models, the other half for the
        blender. `three-way`: one half for the base models, a quarter for the blender, a quarter for the figures. `hold-out`: seven
        tenths for the only base model, the rest for the figures.
    final : bool
        Whether to add a fold that trains on all rows. With `out-of-fold` there always is one.
    seed : int
        The same seed gives the same split.

    Returns
    -------
    Split
        Its indices refer to `rows`.

    References
    ----------
    .. [1] D. Wolpert, "Stacked generalization", Neural Networks 5, 1992.
    """
    every, whole = np.arange(len(rows)), rows.whole
    nothing = np.zeros(0, np.intp)

    def assign(at: RowArray, parts: int) -> IdArray:
        # A row with a weak label is a group without a message. It has no say in where messages go.
        groups = rows.groups[at]
        known = np.isin(groups, rows.groups[whole])
        folds: IdArray = groups % parts
        folds[known] = assign_folds(rows.labels[at[known]], groups[known], parts, seed)
        return folds

    if blending == "out-of-fold":
        fold_of_row = assign(every, profile.folds)
        folds = [Fold(np.flatnonzero(fold_of_row != f), np.flatnonzero((fold_of_row == f) & whole)) for f in range(profile.folds)]
        folds.append(Fold(every, nothing))
        messages = np.flatnonzero(whole)
        return Split(tuple(folds), len(folds) - 1, messages, messages, "out_of_fold", fold_of_row[whole], True)

    parts, train_parts, blend_parts = {"two-way": (2, 1, 1), "three-way": (4, 2, 1), "hold-out": (10, 7, 0)}[blending]
    part = assign(every, parts)
    train = np.flatnonzero(part < train_parts)
    blend = np.flatnonzero((part >= train_parts) & (part < train_parts + blend_parts) & whole)
    rest = np.flatnonzero((part >= train_parts + blend_parts) & whole)
    folds = [Fold(train, np.flatnonzero((part >= train_parts) & whole))]
    if final:
        folds.append(Fold(every, nothing))
    figures: dict[str, tuple[RowArray, FiguresName]] = {
        "two-way": (blend, "blending_part"),
        "three-way": (rest, "validation_part"),
        "hold-out": (rest, "held_out"),
    }
    figures_rows, figures_name = figures[blending]
    blender_folds = assign(blend, profile.folds) if len(blend) else np.zeros(0, np.int32)
    return Split(tuple(folds), 0, blend, figures_rows, figures_name, blender_folds, False)
