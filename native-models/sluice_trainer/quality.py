"""
Trains a profile again for each fold of a matrix and writes its probabilities for the other rows.

python -m sluice_trainer.quality --matrix DIR --answers FILE --by folds|groups: what `npm run bench -- quality` runs.

The matrix has one data set, all of it in the training part, and any number of probes: for each kind of obfuscation a block with one
probe for each message, in the messages' order. The result of a fold is written as one line of JSON when the fold is done. A fold
whose result is in the file already is not trained again.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from sklearn.model_selection import StratifiedKFold

from .arrays import RowArray
from .config import Profile, TrainingConfig
from .errors import DataError, JobError
from .matrix import Matrix, Rows, read_matrix
from .profiles import PROFILES
from .progress import Progress
from .stacking import fit_model

FOLDS = 5


class SilentProgress(Progress):
    """Stores steps and reports nothing."""

    def report(self, event: str, step: str, **details: object) -> None:
        """Do nothing."""


def main() -> int:
    """Train as the command line states, and return the exit code, as in `__main__`."""
    parser = argparse.ArgumentParser(prog="sluice_trainer.quality", description=__doc__)
    parser.add_argument("--matrix", type=Path, required=True)
    parser.add_argument("--answers", type=Path, required=True, help="JSON Lines, appended to")
    parser.add_argument("--by", choices=("folds", "groups"), required=True)
    parser.add_argument("--runs", type=int, default=3, help="of five folds each, with seeds 0, 1, …; groups have one run")
    parser.add_argument("--profile", choices=sorted(PROFILES), default="default")
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    profile = PROFILES[options.profile]
    try:
        matrix = read_matrix(options.matrix, profile)
        done = _done(options.answers)
        todo = _parts(matrix.train, options.by, options.runs)
        for number, (name, seed, valid) in enumerate(todo):
            if name in done:
                continue
            print(f"{name}, {number + 1} of {len(todo)}", file=sys.stderr, flush=True)
            began = time.monotonic()
            config = TrainingConfig(profile.blending, False, False, seed, options.jobs, 0.5, 0.7, False)
            results = _train_without(matrix, valid, profile, config)
            line = {"part": name, "run": seed, **results, "seconds": round(time.monotonic() - began, 1)}
            with options.answers.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
    except DataError as error:
        print(error, file=sys.stderr)
        return 65
    except JobError as error:
        print(error, file=sys.stderr)
        return 70
    return 0


def _done(file: Path) -> set[str]:
    if not file.exists():
        return set()
    return {json.loads(line)["part"] for line in file.read_text(encoding="utf-8").splitlines()}


def _parts(rows: Rows, by: str, runs: int) -> list[tuple[str, int, RowArray]]:
    """Return name, seed, and the rows to predict of each training, in the order of training."""
    if by == "groups":
        return [(f"group {group}", 0, np.flatnonzero(rows.groups == group)) for group in np.unique(rows.groups)]
    parts = []
    for seed in range(runs):
        folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
        for number, (_, valid) in enumerate(folds.split(rows.labels, rows.labels)):
            parts.append((f"run {seed + 1}, fold {number + 1}", seed, valid))
    return parts


def _train_without(matrix: Matrix, valid: RowArray, profile: Profile, config: TrainingConfig) -> dict[str, Any]:
    """Train on the other rows; return the probabilities of the rows `valid` and of their obfuscated forms, block by block."""
    rows, probes = matrix.train, matrix.probe
    obfuscated = np.concatenate([valid + at for at in range(0, len(probes), len(rows))]) if len(probes) else valid[:1]
    train = np.setdiff1d(np.arange(len(rows)), valid)
    part = replace(
        matrix,
        train=rows.take(train),
        test=rows.take(valid),
        probe=(probes if len(probes) else rows).take(obfuscated),
    )
    model = fit_model(part, profile, config, SilentProgress())

    def probabilities(of: Literal["test", "probe"]) -> list[float]:
        rounded: list[float] = np.round(model.blended(of), 6).tolist()
        return rounded

    return {
        "rows": valid.tolist(),
        "probabilities": probabilities("test"),
        "disguised": probabilities("probe") if len(probes) else [],
        "weights": {
            one.config.name: round(float(weight), 3) for one, weight in zip(model.base_models, model.blend.weights, strict=True)
        },
    }


if __name__ == "__main__":
    sys.exit(main())
