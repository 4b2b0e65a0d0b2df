"""What is trained, and how strongly it is held back. A profile is a constant: its name is in the manifest."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ForestShape:
    trees: int
    blocks: tuple[int, ...]
    leaves: int
    columns: int
    # Of the columns, the share that each split chooses from.
    tried_columns: float
    # Of the rows, the share that each tree is grown from.
    samples: float


@dataclass(frozen=True)
class Profile:
    name: str
    folds: int
    # At most so many features of a family are kept, and only those that so many training messages have.
    words: int
    words_min_df: int
    grams: int
    grams_min_df: int
    forest: ForestShape
    # The blender's search: strengths of regularisation (C, larger is weaker), and how many times more the late members are held
    # back. Of ham, at most the share `undecided` may need a late member.
    late_penalties: tuple[float, ...] = (1.0, 3.0, 10.0, 100.0)
    strengths: tuple[float, ...] = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 10.0)
    undecided: float = 0.03


PROFILES = {
    "default": Profile(
        name="default",
        folds=5,
        words=50_000,
        words_min_df=2,
        grams=50_000,
        grams_min_df=3,
        forest=ForestShape(trees=240, blocks=(40, 50, 50, 50, 50), leaves=240, columns=3_000, tried_columns=0.05, samples=0.6),
    ),
    "quick": Profile(
        name="quick",
        folds=3,
        words=8_000,
        words_min_df=1,
        grams=8_000,
        grams_min_df=2,
        forest=ForestShape(trees=30, blocks=(10, 20), leaves=60, columns=800, tried_columns=0.05, samples=0.6),
    ),
}
