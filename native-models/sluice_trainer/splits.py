"""Which rows train the members, which the blender, and which neither."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .folds import deal_folds
from .matrix import Rows
from .profiles import Profile

BLENDINGS = ("two-way", "three-way", "out-of-fold")


@dataclass(frozen=True)
class Round:
    """One fit of every member: on the rows `seen`, answering the rows `held`, indices of the training part."""

    seen: NDArray[np.intp]
    held: NDArray[np.intp]


@dataclass(frozen=True)
class Split:
    # In the last of them the members that are exported are fitted.
    rounds: tuple[Round, ...]
    # The round whose members answer the testing part for the figures.
    judged: int
    # Rows that the blender and the Platt scales are fitted to; members that answer them have not seen them.
    blended: NDArray[np.intp]
    # Rows for the figures, and what they are called there.
    figures: NDArray[np.intp]
    figures_name: str
    # Of each of `blended`, the fold that the blender's own search puts it in.
    folds: NDArray[np.int32]
    # Whether the last round's members have seen all rows, so that a forest's out-of-bag answers stand for its out-of-fold ones.
    out_of_fold: bool


def split_rows(rows: Rows, profile: Profile, blending: str, final: bool, seed: int) -> Split:
    """
    `out-of-fold`: every row is held once. `two-way`: half and half. `three-way`: half for the members, a quarter for the blender, a
    quarter for the figures. `hold-out`: seven tenths for the member, the rest for the figures. Groups stay whole. `final` adds a
    round on all rows; out of fold there always is one.
    """
    every = np.arange(len(rows))
    nothing = np.zeros(0, np.intp)

    def deal(at: NDArray[np.intp], parts: int) -> NDArray[np.int32]:
        return deal_folds(rows.labels[at], rows.groups[at], parts, seed)

    if blending == "out-of-fold":
        folds = deal(every, profile.folds)
        rounds = [Round(np.flatnonzero(folds != f), np.flatnonzero(folds == f)) for f in range(profile.folds)]
        rounds.append(Round(every, nothing))
        return Split(tuple(rounds), len(rounds) - 1, every, every, "out_of_fold", folds, True)

    parts, seen_parts, blended_parts = {"two-way": (2, 1, 1), "three-way": (4, 2, 1), "hold-out": (10, 7, 0)}[blending]
    part = deal(every, parts)
    seen = np.flatnonzero(part < seen_parts)
    blended = np.flatnonzero((part >= seen_parts) & (part < seen_parts + blended_parts))
    rest = np.flatnonzero(part >= seen_parts + blended_parts)
    rounds = [Round(seen, np.flatnonzero(part >= seen_parts))]
    if final:
        rounds.append(Round(every, nothing))
    figures, name = {
        "two-way": (blended, "blending_part"),
        "three-way": (rest, "validation_part"),
        "hold-out": (rest, "held_out"),
    }[blending]
    folds = deal(blended, profile.folds) if len(blended) else np.zeros(0, np.int32)
    return Split(tuple(rounds), 0, blended, figures, name, folds, False)
