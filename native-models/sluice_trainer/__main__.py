"""python -m sluice_trainer --matrix DIR --out DIR: exit 0, or 65 where the matrix cannot be trained on."""

from __future__ import annotations

import argparse
import platform
import sys
from pathlib import Path

import numpy
import onnx
import scipy
import sklearn

from .errors import DataError
from .export import export_model, keep_estimators, write_facts
from .matrix import read_matrix
from .profiles import PROFILES
from .progress import Progress
from .stacking import fit_model

EXIT_DATA = 65


def main() -> int:
    parser = argparse.ArgumentParser(prog="sluice_trainer", description=__doc__)
    parser.add_argument("--matrix", type=Path, required=True, help="folder that the feature matrix was written to")
    parser.add_argument("--out", type=Path, required=True, help="existing folder for graphs and facts")
    parser.add_argument("--profile", choices=sorted(PROFILES), default="default")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1, help="threads for the forest; the result does not depend on it")
    parser.add_argument("--reject-min", type=float, default=0.5)
    parser.add_argument("--reject-max", type=float, default=0.7)
    parser.add_argument("--keep-estimators", type=Path, help="file for the fitted estimators (joblib)")
    options = parser.parse_args()

    progress = Progress()
    thresholds = (options.reject_min, options.reject_max)
    profile = PROFILES[options.profile]
    try:
        with progress.step("read matrix"):
            matrix = read_matrix(options.matrix)
    except DataError as error:
        print(error, file=sys.stderr)
        return EXIT_DATA
    model = fit_model(matrix.train, profile, options.reject_min, options.seed, options.jobs, progress)
    with progress.step("export"):
        facts = export_model(model, matrix, profile, thresholds, options.out)
        if options.keep_estimators is not None:
            keep_estimators(model, options.keep_estimators)
    facts["steps"] = progress.steps
    facts["blender_search"] = [
        {
            "strength": c.strength,
            "late_penalty": c.late_penalty,
            "log_loss": round(c.loss, 6),
            "ham_undecided_before_late_members": round(c.undecided, 5),
            "chosen": c.blend is model.blend,
        }
        for c in model.choices
    ]
    facts["environment"] = {
        "python": platform.python_version(),
        "numpy": numpy.__version__,
        "scipy": scipy.__version__,
        "scikit-learn": sklearn.__version__,
        "onnx": onnx.__version__,
    }
    write_facts(options.out / "facts.json", facts)
    return 0


if __name__ == "__main__":
    sys.exit(main())
