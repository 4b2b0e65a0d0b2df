"""
Trains a model: python -m sluice_trainer --matrix DIR --out DIR.

Exit codes: 0; 65 if the matrix cannot be trained on; 70 if the process of a base model fails.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import platform
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from .config import TrainingConfig
from .errors import DataError, JobError
from .export import export_model, write_estimators, write_facts
from .first_layer import sample_rows
from .matrix import Matrix, read_matrix
from .profiles import PROFILES
from .progress import Progress
from .splits import BLENDINGS
from .stacking import StackedModel, fit_model

EXIT_DATA = 65
EXIT_JOB = 70

PACKAGES = ("numpy", "scipy", "scikit-learn", "xgboost-cpu", "tensorflow-cpu", "keras", "onnx")
"""Distributions whose versions are stored with the model."""


def main() -> int:
    """Train a model as the command line states, and return the exit code."""
    options = _options()
    if options.end_with_stdin:
        _end_with_stdin()
    progress = Progress()
    thresholds = (options.reject_min, options.reject_max)
    profile = PROFILES[options.profile]
    if options.blending is not None and profile.blender.kind == "identity":
        print(f"the profile {profile.name!r} has one base model and nothing to blend: omit --blending", file=sys.stderr)
        return EXIT_DATA
    config = TrainingConfig(
        blending=options.blending or profile.blending,
        final=options.final,
        search=options.search,
        seed=options.seed,
        jobs=options.jobs,
        reject_min=options.reject_min,
        reject_max=options.reject_max,
        keep_estimators=options.keep_estimators is not None,
    )
    try:
        with progress.step("read matrix"):
            matrix = read_matrix(options.matrix, profile)
        model = fit_model(matrix, profile, config, progress)
    except DataError as error:
        print(error, file=sys.stderr)
        return EXIT_DATA
    except JobError as error:
        print(error, file=sys.stderr)
        return EXIT_JOB
    with progress.step("export"):
        facts = export_model(model, matrix, profile, thresholds, options.out)
        if options.keep_estimators is not None:
            write_estimators(model, options.keep_estimators)
    facts["blending"] = config.blending
    facts["final"] = config.final or config.blending == "out-of-fold"
    facts.update(_search_facts(model))
    samples = _samples(model, matrix, config.seed)
    if samples:
        facts["base_model_samples"] = samples
    facts["steps"] = progress.steps
    facts["environment"] = {
        "python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in PACKAGES},
    }
    write_facts(options.out / "facts.json", facts)
    return 0


def _search_facts(model: StackedModel) -> dict[str, Any]:
    return {
        "settings": {one.config.name: dict(one.config.settings) for one in model.base_models},
        "member_search": {name: search.trials for name, search in model.searches.items()},
        "blender_search": [
            {
                "strength": candidate.strength,
                "late_share": candidate.expensive_share,
                "log_loss": round(candidate.loss, 6),
                "ham_undecided_before_late_members": round(candidate.undecided, 5),
                "chosen": candidate.blend is model.blend,
            }
            for candidate in model.candidates
        ],
    }


def _samples(model: StackedModel, matrix: Matrix, seed: int) -> dict[str, dict[str, int]]:
    """Return, for each exported base model that was fitted to a sample, the number of its rows and of all rows."""
    at, counts = model.split.folds[-1].train, matrix.train.counts
    sizes = {
        one.config.name: len(sample_rows([counts[family] for family in one.config.families], at, seed)) for one in model.base_models
    }
    return {name: {"rows": rows, "of": len(at)} for name, rows in sizes.items() if rows < len(at)}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="sluice_trainer", description=__doc__)
    parser.add_argument("--matrix", type=Path, required=True, help="folder of the feature matrix")
    parser.add_argument("--out", type=Path, required=True, help="existing folder for graphs and facts")
    parser.add_argument("--profile", choices=sorted(PROFILES), default="default")
    parser.add_argument("--blending", choices=BLENDINGS, help="default: the profile's own")
    parser.add_argument("--final", action="store_true", help="fit the base models again on the whole training part")
    parser.add_argument("--search", action="store_true", help="search the grids of the base models' settings first")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1, help="base models trained at once; does not change the result")
    parser.add_argument("--reject-min", type=float, default=0.5)
    parser.add_argument("--reject-max", type=float, default=0.7)
    parser.add_argument("--keep-estimators", type=Path, help="file for the fitted estimators (joblib)")
    parser.add_argument(
        "--end-with-stdin", action="store_true", help="end, with all processes of the group, when standard input ends"
    )
    return parser.parse_args()


def _end_with_stdin() -> None:
    """End this process when its standard input ends: the process that started the trainer holds it open while it waits."""

    def watch() -> None:
        while os.read(0, 1024):
            pass
        # The process group belongs to the trainer only if the trainer leads it.
        if os.getpgrp() == os.getpid():
            os.killpg(0, signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    sys.exit(main())
