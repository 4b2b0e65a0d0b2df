"""The pipeline over the real commands: bag of words, a small data set, the embedded database, and a folder of models."""

import json
import subprocess
from pathlib import Path
from typing import Any

import dagster as dg

from sluice_pipeline.definitions import defs
from sluice_pipeline.resources import Database, DatabaseKind, Installation, ModelStore, ModelStoreKind, Workspace

ENTRY = Path(__file__).parents[2] / "dist" / "sluice.js"


def sample(folder: Path, name: str, *options: str) -> str:
    """Write synthetic messages and return the path of their file."""
    path = folder / name
    path.write_bytes(subprocess.run(["node", str(ENTRY), "sample", *options], check=True, capture_output=True).stdout)
    return str(path)


def run(folder: Path, data: str, instance: dg.DagsterInstance) -> dg.ExecuteInProcessResult:
    resources: dict[str, Any] = {
        **(defs.resources or {}),
        # As `npm run pipeline -- --set …` gives them: every command has to take them.
        "sluice": Installation(
            program=["node", str(ENTRY)], options=["--set", "log.level=error"], directory=str(folder), retries=0
        ),
        "workspace": Workspace(path=str(folder / "work")),
        "database": Database(kind=DatabaseKind.LIBSQL, path=str(folder / "sluice.db")),
        "model_store": ModelStore(kind=ModelStoreKind.FOLDER, local_path=str(folder / "models")),
    }
    job = dg.Definitions(assets=defs.assets, jobs=defs.jobs, resources=resources).resolve_job_def("bag_of_words_job")
    config = {"ops": {"sms_spam_examples": {"config": {"data": [data]}}}}
    return job.execute_in_process(instance=instance, raise_on_error=False, run_config=config)


def test_the_first_model_becomes_active_and_a_second_one_is_compared_with_it(tmp_path: Path) -> None:
    data = sample(tmp_path, "messages.jsonl", "--count", "500", "--spam", "0.4", "--seed", "1")
    with dg.DagsterInstance.ephemeral() as instance:
        first = run(tmp_path, data, instance)
        assert first.success
        listed = subprocess.run(
            ["node", str(ENTRY), "model", "list", "--json", "--set", f"model.localPath={tmp_path / 'models'}"],
            check=True,
            capture_output=True,
            cwd=tmp_path,
        )
        (model,) = json.loads(listed.stdout)
        assert model["chosen"]
        score = first.asset_materializations_for_node("model_score")[0].metadata
        assert float(str(score["TPR"].value)) > 0.5
        assert all(check.passed for check in first.get_asset_check_evaluations())

        second = run(tmp_path, data, instance)
        assert second.success
        found = {check.check_name: check for check in second.get_asset_check_evaluations()}
        # The same data gives no better model.
        assert not found["gate"].passed
        assert not found["promoted"].passed
        assert not second.asset_materializations_for_node("model_file")
