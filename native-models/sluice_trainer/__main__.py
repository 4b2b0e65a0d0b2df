"""python -m sluice_trainer --matrix DIR --out DIR: exit 0, or 65 where the matrix cannot be trained on."""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import platform
import signal
import sys
import threading
from pathlib import Path

from .errors import DataError
from .export import export_model, keep_estimators, write_facts
from .matrix import read_matrix
from .processes import JobLost
from .profiles import PROFILES
from .progress import Progress
from .splits import BLENDINGS
from .stacking import Model, Order, fit_model

EXIT_DATA = 65
EXIT_LOST = 70

PACKAGES = ("numpy", "scipy", "scikit-learn", "xgboost-cpu", "tensorflow-cpu", "keras", "onnx")


def main() -> int:
    options = _options()
    if options.end_with_stdin:
        _end_with_stdin()
    progress = Progress()
    thresholds = (options.reject_min, options.reject_max)
    profile = PROFILES[options.profile]
    if options.blending is not None and profile.blender.kind == "identity":
        print(f"the profile {profile.name!r} has one member and nothing to blend: leave --blending out", file=sys.stderr)
        return EXIT_DATA
    order = Order(
        blending=options.blending or profile.blending,
        final=options.final,
        search=options.search,
        seed=options.seed,
        jobs=options.jobs,
        reject_min=options.reject_min,
        keep_estimators=options.keep_estimators is not None,
    )
    try:
        with progress.step("read matrix"):
            matrix = read_matrix(options.matrix, profile)
        model = fit_model(matrix, profile, order, progress)
    except DataError as error:
        print(error, file=sys.stderr)
        return EXIT_DATA
    except JobLost as error:
        print(error, file=sys.stderr)
        return EXIT_LOST
    with progress.step("export"):
        facts = export_model(model, matrix, profile, thresholds, options.out)
        if options.keep_estimators is not None:
            keep_estimators(model, options.keep_estimators)
    facts["blending"] = order.blending
    facts["final"] = order.final or order.blending == "out-of-fold"
    facts.update(_search_facts(model))
    facts["steps"] = progress.steps
    facts["environment"] = {
        "python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in PACKAGES},
    }
    write_facts(options.out / "facts.json", facts)
    return 0


def _search_facts(model: Model) -> dict:
    return {
        "settings": {member.plan.name: dict(member.plan.settings) for member in model.members},
        "member_search": {name: searched.tried for name, searched in model.searches.items()},
        "blender_search": [
            {
                "strength": c.strength,
                "late_share": c.late_share,
                "log_loss": round(c.loss, 6),
                "ham_undecided_before_late_members": round(c.undecided, 5),
                "chosen": c.blend is model.blend,
            }
            for c in model.choices
        ],
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="sluice_trainer", description=__doc__)
    parser.add_argument("--matrix", type=Path, required=True, help="folder that the feature matrix was written to")
    parser.add_argument("--out", type=Path, required=True, help="existing folder for graphs and facts")
    parser.add_argument("--profile", choices=sorted(PROFILES), default="default")
    parser.add_argument("--blending", choices=BLENDINGS, help="the profile's own where left out")
    parser.add_argument("--final", action="store_true", help="after the figures, refit the members on all of the training part")
    parser.add_argument("--search", action="store_true", help="search the grids of the members' settings first")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1, help="members trained at once; the result does not depend on it")
    parser.add_argument("--reject-min", type=float, default=0.5)
    parser.add_argument("--reject-max", type=float, default=0.7)
    parser.add_argument("--keep-estimators", type=Path, help="file for the fitted estimators (joblib)")
    parser.add_argument(
        "--end-with-stdin", action="store_true", help="end, with all processes of the group, when standard input ends"
    )
    return parser.parse_args()


def _end_with_stdin() -> None:
    """Whoever started the trainer holds its standard input open; when that is gone, nobody is left to train for."""

    def watch() -> None:
        while os.read(0, 1024):
            pass
        # The group is only then the trainer's own when it leads it.
        if os.getpgrp() == os.getpid():
            os.killpg(0, signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    sys.exit(main())
