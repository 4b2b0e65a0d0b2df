"""
The code location.

`npm run pipeline` starts Dagster with it and sets the variables that it reads. None of them begins with `SLUICE_`, since Sluice
refuses variables that are no setting.
"""

import json
import os
from pathlib import Path

import dagster as dg

from . import data_assets, model_assets
from .jobs import bag_of_words_job, monthly_retraining, retrain_job
from .resources import Database, Installation, ModelStore, Training, Workspace

ROOT = Path(__file__).resolve().parents[2]


def _definitions() -> dg.Definitions:
    program = json.loads(os.environ.get("PIPELINE_PROGRAM", "null")) or ["node", str(ROOT / "dist" / "sluice.js")]
    options = json.loads(os.environ.get("PIPELINE_OPTIONS", "[]"))
    folder = os.environ.get("PIPELINE_FOLDER") or str(Path("data", "pipeline", "work").absolute())
    return dg.Definitions(
        assets=dg.load_assets_from_modules([data_assets, model_assets]),
        jobs=[retrain_job, bag_of_words_job],
        schedules=[monthly_retraining],
        resources={
            "sluice": Installation(program=program, options=options, directory=os.environ.get("PIPELINE_DIRECTORY")),
            "database": Database(),
            "model_store": ModelStore(),
            "training": Training(),
            "workspace": Workspace(path=folder),
        },
    )


defs = _definitions()
