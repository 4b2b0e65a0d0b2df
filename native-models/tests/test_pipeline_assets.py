import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import numpy as np
import pytest
from fake_sluice import VERSION
from synthetic import make_rows, write_matrix

from sluice_pipeline.definitions import defs
from sluice_pipeline.resources import Database, DatabaseKind, Installation, ModelStore, ModelStoreKind, Workspace
from sluice_trainer.matrix import TEST, TRAIN

REPORT: dict[str, Any] = {
    "gate": "sound",
    "champion": "v1",
    "challenger": VERSION,
    "promoted": True,
    "why": "All 3 checks are passed.",
    "thresholds": {"rejectMin": 0.4, "rejectMax": 0.6},
    "rates": {"all": {"champion": None, "challenger": {"spam": 1, "ham": 1, "truePositiveRate": 1.0, "falsePositiveRate": 0.0}}},
    "checks": [{"name": "truePositiveRate.all", "passed": True, "text": "as good", "figures": {"p": 0.01}}],
    "needed": None,
}

ASSETS = {
    "sms_spam_examples",
    "user_messages",
    "spam_dataset",
    "spam_bag_of_words",
    "non_spam_bag_of_words",
    "spam_training_dataframe",
    "spam_testing_dataframe",
    "candidate_model",
    "model_score",
    "model_file",
}


class Pipeline:
    """The jobs of the code location over a command that stands for Sluice."""

    def __init__(self, folder: Path, instance: dg.DagsterInstance) -> None:
        self.folder, self.instance = folder, instance
        self.work = folder / "work"
        rows = make_rows(200, seed=5)
        is_held_out = np.arange(200) < 40
        (folder / "matrix").mkdir()
        write_matrix(folder / "matrix", rows, np.where(is_held_out, TEST, TRAIN).astype(np.int8))
        (folder / "matrix" / "words.json").write_text(json.dumps([f"word{at}" for at in range(rows.counts["words"].shape[1])]))
        (folder / "labels.json").write_text(json.dumps(["spam" if label else "ham" for label in rows.labels[is_held_out]]))
        self.answer(active="v1", report=REPORT)

    def answer(self, **answers: Any) -> None:
        (self.folder / "answers.json").write_text(json.dumps(answers))

    def run(self, job: str = "retrain_job", **config: Any) -> dg.ExecuteInProcessResult:
        resources = {
            "sluice": Installation(
                program=[sys.executable, str(Path(__file__).with_name("fake_sluice.py"))],
                options=["--config", "c.yaml"],
                directory=str(self.folder),
                retries=1,
                retry_seconds=0,
            ),
            "workspace": Workspace(path=str(self.work)),
            "database": Database(kind=DatabaseKind.MYSQL, host="db.example.org", port=3307, password_file="/run/secrets/db"),
            "model_store": ModelStore(kind=ModelStoreKind.HDFS, hdfs_url="http://namenode:9870", hdfs_path="/models"),
        }
        replaced = dg.Definitions(assets=defs.assets, jobs=defs.jobs, resources={**(defs.resources or {}), **resources})
        return replaced.resolve_job_def(job).execute_in_process(instance=self.instance, raise_on_error=False, run_config=config)

    def calls(self, *command: str) -> list[dict[str, Any]]:
        all_calls = [json.loads(line) for line in (self.folder / "calls.jsonl").read_text().splitlines()]
        return [call for call in all_calls if call["arguments"][: len(command)] == list(command)]


@pytest.fixture
def pipeline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pipeline]:
    monkeypatch.setenv("FAKE_FOLDER", str(tmp_path))
    with dg.DagsterInstance.ephemeral() as instance:
        yield Pipeline(tmp_path, instance)


@pytest.fixture(scope="module")
def promoted(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Promoted"]:
    """Run the job once, with a gate that says yes."""
    folder = tmp_path_factory.mktemp("promoted")
    with dg.DagsterInstance.ephemeral() as instance, pytest.MonkeyPatch.context() as environment:
        environment.setenv("FAKE_FOLDER", str(folder))
        pipeline = Pipeline(folder, instance)
        yield pipeline, pipeline.run()


Promoted = tuple[Pipeline, dg.ExecuteInProcessResult]


def materialized(result: dg.ExecuteInProcessResult) -> dict[str, dict[str, Any]]:
    return {
        event.asset_key.to_user_string(): {
            name: value.value for name, value in event.step_materialization_data.materialization.metadata.items()
        }
        for event in result.get_asset_materialization_events()
        if event.asset_key is not None
    }


def checks(result: dg.ExecuteInProcessResult) -> dict[str, dg.AssetCheckEvaluation]:
    return {check.check_name: check for check in result.get_asset_check_evaluations()}


def test_the_job_materializes_every_asset_with_figures_and_plots(promoted: Promoted) -> None:
    _, result = promoted
    assert result.success
    found = materialized(result)
    assert set(found) == ASSETS
    assert found["user_messages"]["dagster/row_count"] == 10
    assert found["spam_dataset"]["contradictory messages left out"] == 2
    assert found["candidate_model"]["version"] == VERSION
    # The stand-in scores by the labels.
    assert (found["model_score"]["TPR"], found["model_score"]["FPR"], found["model_score"]["MCC"]) == (1.0, 0.0, 1.0)
    for asset, plots in (
        ("model_score", ["ROC", "precision and recall"]),
        ("spam_bag_of_words", ["plot"]),
        ("non_spam_bag_of_words", ["plot"]),
        ("spam_training_dataframe", ["plot"]),
    ):
        for plot in plots:
            assert found[asset][plot].startswith("![")
            assert "data:image/png;base64," in found[asset][plot]
            assert len(found[asset][plot]) < 60_000
    assert found["model_file"]["version"] == VERSION


def test_each_question_of_the_gate_is_a_check_of_the_score(pipeline: Pipeline) -> None:
    refused = [
        {"name": "truePositiveRate.all", "passed": True, "text": "as good", "figures": {"p": 0.01}},
        {"name": "falsePositiveRate.new", "passed": False, "text": "accuses more", "figures": {"p": 0.4}},
        {"name": "cost.all", "passed": None, "text": "too few", "figures": {"p": None}},
    ]
    pipeline.answer(active="v1", report={**REPORT, "promoted": False, "why": "It accuses more.", "checks": refused})
    result = pipeline.run()
    assert result.success
    found = checks(result)
    assert found["true_positive_rate_all"].passed
    assert (found["false_positive_rate_new"].passed, found["false_positive_rate_new"].severity) == (
        False,
        dg.AssetCheckSeverity.ERROR,
    )
    assert (found["cost_all"].passed, found["cost_all"].severity) == (False, dg.AssetCheckSeverity.WARN)
    assert not found["gate"].passed
    assert not found["promoted"].passed
    # Nothing was promoted, so the file is the one of the last promotion.
    assert set(materialized(result)) == ASSETS - {"model_file"}


def test_the_first_model_is_promoted_without_a_comparison(pipeline: Pipeline) -> None:
    pipeline.answer(active=None, report=None)
    result = pipeline.run()
    assert result.success
    assert set(materialized(result)) == ASSETS
    assert pipeline.calls("model", "compare") == []
    assert all(check.passed for check in checks(result).values())


def test_commands_get_the_database_and_the_model_store_as_settings(promoted: Promoted) -> None:
    pipeline, result = promoted
    assert result.success
    (call,) = pipeline.calls("retrain")
    settings = {
        "SLUICE_STORE__KIND": "mysql",
        "SLUICE_STORE__MYSQL__HOST": "db.example.org",
        "SLUICE_STORE__MYSQL__PORT": "3307",
        "SLUICE_STORE__MYSQL__PASSWORD_FILE": "/run/secrets/db",
        "SLUICE_MODEL__STORE": "hdfs",
        "SLUICE_MODEL__HDFS__URL": "http://namenode:9870",
        "SLUICE_MODEL__HDFS__PATH": "/models",
    }
    assert call["settings"] == settings
    assert call["arguments"][-2:] == ["--config", "c.yaml"]
    assert call["cwd"] == str(pipeline.folder)
    (assembled,) = pipeline.calls("dataset", "assemble")
    assert assembled["settings"]["SLUICE_RETRAIN__DATA__BASE"] == '["corpus:own"]'


def test_the_sms_spam_collection_is_used_where_its_file_is_configured(pipeline: Pipeline) -> None:
    config = {"sms_spam_examples": {"config": {"data": ["/data/SMSSpamCollection"]}}}
    assert pipeline.run(ops=config).success
    (assembled,) = pipeline.calls("dataset", "assemble")
    assert assembled["settings"]["SLUICE_RETRAIN__DATA__BASE"] == '["/data/SMSSpamCollection"]'


@pytest.mark.parametrize(("job", "profile"), [("retrain_job", "default"), ("bag_of_words_job", "bag-of-words")])
def test_each_job_trains_its_profile(pipeline: Pipeline, job: str, profile: str) -> None:
    assert pipeline.run(job).success
    for call in (*pipeline.calls("train"), *pipeline.calls("dataset", "features")):
        assert call["arguments"][call["arguments"].index("--profile") + 1] == profile


def test_no_text_remains_after_a_run(promoted: Promoted) -> None:
    pipeline, result = promoted
    assert result.success
    left = [path for path in pipeline.work.rglob("*") if path.is_file()]
    assert left
    assert not [path for path in left if b"message" in path.read_bytes()]
    assert pipeline.work.stat().st_mode & 0o077 == 0


def test_a_refused_command_fails_the_run_with_what_it_printed_and_is_not_tried_again(pipeline: Pipeline) -> None:
    failure = {"code": 65, "message": "DATA_INVALID: there is no spam"}
    pipeline.answer(active="v1", report=REPORT, failures={"dataset assemble": failure})
    result = pipeline.run()
    assert not result.success
    (failed,) = [event for event in result.all_events if event.event_type_value == "STEP_FAILURE"]
    assert "DATA_INVALID: there is no spam" in str(failed.event_specific_data)
    assert len(pipeline.calls("dataset", "assemble")) == 1
    assert set(materialized(result)) == {"sms_spam_examples", "user_messages"}


def test_a_service_that_is_unavailable_is_tried_again(pipeline: Pipeline) -> None:
    failure = {"code": 69, "message": "MODEL_STORE_FAILED: HDFS does not answer"}
    pipeline.answer(active="v1", report=REPORT, failures={"retrain": failure})
    result = pipeline.run()
    assert not result.success
    assert len(pipeline.calls("retrain")) == 2
    # What it needs for another try is still there.
    assert (pipeline.work / "spam_dataset" / "data.json").exists()


def test_an_asset_alone_says_what_to_do_when_the_data_set_was_removed(promoted: Promoted) -> None:
    pipeline, result = promoted
    assert result.success
    asset_defs = defs.resolve_job_def("retrain_job")
    result = dg.materialize(
        [asset for asset in defs.assets or [] if isinstance(asset, dg.AssetsDefinition)],
        selection=["candidate_model"],
        resources={
            "sluice": Installation(program=["false"]),
            "workspace": Workspace(path=str(pipeline.work)),
            "database": Database(),
            "model_store": ModelStore(),
            "training": asset_defs.resource_defs["training"],
        },
        raise_on_error=False,
    )
    assert not result.success
    (failed,) = [event for event in result.all_events if event.event_type_value == "STEP_FAILURE"]
    assert "Materialize spam_dataset and what depends on it" in str(failed.event_specific_data)


def test_the_schedule_is_monthly_and_off_until_it_is_turned_on() -> None:
    schedule = defs.resolve_schedule_def("monthly_retraining")
    assert (schedule.cron_schedule, schedule.execution_timezone, schedule.job_name) == ("0 0 1 * *", "UTC", "retrain_job")
    assert schedule.default_status is dg.DefaultScheduleStatus.STOPPED
