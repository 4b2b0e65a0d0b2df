"""
python -m sluice_trainer.quality --matrix DIR --answers FILE --by folds|groups: trains a profile anew for each fold of a matrix and writes
what it says of the messages held back. For `npm run bench -- quality`.

The matrix has one data set, all of it in the training part, and any number of probes: as many blocks of one probe per message as there
are disguises, in the messages' order. What is learned of a fold is written as one line of JSON when the fold is done, and a fold that the file
has is not trained again.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedKFold

from .errors import DataError
from .matrix import Matrix, Rows, read_matrix
from .processes import JobLost
from .profiles import PROFILES
from .progress import Progress
from .stacking import Order, fit_model

FOLDS = 5


class Silent(Progress):
    def tell(self, *_, **__) -> None:
        pass


def main() -> int:
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
        for number, (name, seed, held) in enumerate(todo):
            if name in done:
                continue
            print(f"{name}, {number + 1} of {len(todo)}", file=sys.stderr, flush=True)
            began = time.monotonic()
            order = Order(profile.blending, False, False, seed, options.jobs, 0.5, False)
            answers = _answers(matrix, held, profile, order)
            line = {"part": name, "run": seed, **answers, "seconds": round(time.monotonic() - began, 1)}
            with options.answers.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
    except DataError as error:
        print(error, file=sys.stderr)
        return 65
    except JobLost as error:
        print(error, file=sys.stderr)
        return 70
    return 0


def _done(file: Path) -> set[str]:
    if not file.exists():
        return set()
    return {json.loads(line)["part"] for line in file.read_text(encoding="utf-8").splitlines()}


def _parts(rows: Rows, by: str, runs: int) -> list[tuple[str, int, NDArray[np.intp]]]:
    """(name, seed, rows held back), in the order of training."""
    if by == "groups":
        return [(f"group {group}", 0, np.flatnonzero(rows.groups == group)) for group in np.unique(rows.groups)]
    parts = []
    for seed in range(runs):
        folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
        for number, (_, held) in enumerate(folds.split(rows.labels, rows.labels)):
            parts.append((f"run {seed + 1}, fold {number + 1}", seed, held))
    return parts


def _answers(matrix: Matrix, held: NDArray[np.intp], profile, order: Order) -> dict:
    """Probabilities of the rows held, and of their disguised selves, block by block."""
    rows, probes = matrix.train, matrix.probe
    disguised = np.concatenate([held + at for at in range(0, len(probes), len(rows))]) if len(probes) else held[:1]
    seen = np.setdiff1d(np.arange(len(rows)), held)
    part = replace(
        matrix, train=_take(rows, seen), test=_take(rows, held), probe=_take(probes if len(probes) else rows, disguised)
    )
    model = fit_model(part, profile, order, Silent())

    def said(of: str) -> list[float]:
        return np.round(model.blend.probabilities(model.columns(of)), 6).tolist()

    return {
        "rows": held.tolist(),
        "probabilities": said("test"),
        "disguised": said("probe") if len(probes) else [],
        "weights": {
            member.plan.name: round(float(weight), 3)
            for member, weight in zip(model.members, model.blend.weights, strict=True)
        },
    }


def _take(rows: Rows, at: NDArray[np.intp]) -> Rows:
    counts = {family: matrix[at] for family, matrix in rows.counts.items()}
    return Rows(counts, rows.labels[at], rows.weights[at], rows.groups[at], rows.sources[at])


if __name__ == "__main__":
    sys.exit(main())
