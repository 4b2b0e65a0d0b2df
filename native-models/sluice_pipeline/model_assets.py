"""Assets of the model: its words, the model, its score, and its promotion."""

import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import numpy as np

from sluice_trainer.arrays import FloatArray
from sluice_trainer.errors import DataError
from sluice_trainer.metrics import classification_figures

from .bags import Bags, count_bags, read_words, spelled
from .checks import GATE_CHECKS, check_results
from .command import ANSWER_IS_NO, SUCCESS, SluiceCommand
from .data_assets import DATASET, GROUP, OWNERS, spam_dataset
from .frames import Frame, frame_of, read_frame
from .metadata import share, table
from .plots import odds_plot, precision_recall_plot, roc_plot, word_plot
from .resources import Database, Installation, ModelStore, Settings, Training, Workspace
from .scores import read_labels, score_held_out

SHOWN_WORDS = 24

SPAM_BAG, OTHER_BAG = "spam_bag_of_words", "non_spam_bag_of_words"
TRAINING_FRAME, TESTING_FRAME = "spam_training_dataframe", "spam_testing_dataframe"


def _part(key: str, kinds: set[str], description: str) -> dg.AssetSpec:
    return dg.AssetSpec(key, deps=[spam_dataset], group_name=GROUP, owners=OWNERS, kinds=kinds, description=description)


@dg.multi_asset(
    name="spam_model",
    specs=[
        _part(SPAM_BAG, {"json"}, "How often each word occurs in spam, of the words that spam and other messages share."),
        _part(OTHER_BAG, {"json"}, "How often each word occurs in messages that are not spam, of the words that both share."),
        _part(
            TRAINING_FRAME,
            {"numpy"},
            "The training messages as numbers, without text: label, source, words, and log-odds of spam by the bags of words.",
        ),
        _part(TESTING_FRAME, {"numpy"}, "The same for the held-out messages, which no model was trained on. It has no text."),
    ],
)
def spam_model(
    context: dg.AssetExecutionContext, sluice: Installation, training: Training, workspace: Workspace
) -> Iterator[dg.MaterializeResult]:
    """Count words: two bags of words, and two frames of what they make of each message."""
    dataset = workspace.needed(DATASET, DATASET)
    features = workspace.at("features")
    shutil.rmtree(features, ignore_errors=True)
    profile = training.profile.value
    with sluice.failures():
        sluice.command(context.log.info).run(
            "dataset", "features", str(dataset), "--profile", profile, "--out", str(features), "--json"
        )
    try:
        matrix, names = read_words(features, profile)
    except DataError as error:
        raise dg.Failure(str(error), allow_retries=False) from error
    bags = count_bags(matrix.train, names)
    for key, own, other in ((SPAM_BAG, bags.spam, bags.non_spam), (OTHER_BAG, bags.non_spam, bags.spam)):
        workspace.at(f"{key}.json").write_text(json.dumps(dict(zip(bags.words, own.tolist(), strict=True))), encoding="utf-8")
        yield dg.MaterializeResult(asset_key=key, metadata=_bag_metadata(bags, own, other))
    for key, rows in ((TRAINING_FRAME, matrix.train), (TESTING_FRAME, matrix.test)):
        frame = frame_of(rows, bags, matrix.source_names)
        frame.write(workspace.at(f"{key}.npz"))
        yield dg.MaterializeResult(asset_key=key, metadata=_frame_metadata(frame))
    shutil.rmtree(features)


def _bag_metadata(bags: Bags, own: FloatArray, other: FloatArray) -> dict[str, Any]:
    # Of the most frequent words, those whose frequencies differ most.
    frequent = np.argsort(-own, kind="stable")[: 10 * SHOWN_WORDS]
    telling = frequent[np.argsort(-(own / other)[frequent], kind="stable")][:SHOWN_WORDS]
    rows = [(spelled(bags.words[at]), share(own[at]), share(other[at]), round(float(own[at] / other[at]), 2)) for at in telling]
    return {
        "dagster/row_count": len(bags.words),
        "most telling words": table({"word": "string", "here": "string", "in the other bag": "string", "factor": "float"}, rows),
        "plot": dg.MetadataValue.md(
            word_plot([spelled(bags.words[at]) for at in telling], bags.spam[telling], bags.non_spam[telling])
        ),
    }


def _frame_metadata(frame: Frame) -> dict[str, Any]:
    columns = {name: str(getattr(frame, name).dtype) for name in Frame.__dataclass_fields__}
    known = frame.shared_words.sum() / max(1, frame.words.sum())
    return {
        "dagster/row_count": len(frame),
        "dagster/column_schema": dg.TableSchema(columns=[dg.TableColumn(name, kind) for name, kind in columns.items()]),
        "spam": int(frame.spam.sum()),
        "ham": int((~frame.spam).sum()),
        "by source": table({"source": "string", "spam": "int", "ham": "int"}, frame.by_source()),
        "share of words that the bags know": share(float(known)),
        "plot": dg.MetadataValue.md(odds_plot(frame.log_odds, frame.spam)),
    }


@dg.asset(
    group_name=GROUP,
    owners=OWNERS,
    kinds={"scikitlearn", "onnx"},
    deps=[spam_dataset],
    description="""The new model, trained on the training part of the data set; not yet active.

By default the ensemble of eight base models; with the profile `bag-of-words`, naive Bayes over the words of the two bags.""",
)
def candidate_model(
    context: dg.AssetExecutionContext, sluice: Installation, training: Training, workspace: Workspace
) -> dg.MaterializeResult:
    """Train a model."""
    dataset = workspace.needed(DATASET, DATASET)
    models = workspace.at("models")
    shutil.rmtree(models, ignore_errors=True)
    options = ["--profile", training.profile.value, "--jobs", str(training.jobs)]
    with sluice.failures():
        command = sluice.command(context.log.info)
        trained = command.run("train", "--dataset", str(dataset), "--out", str(models), *options, "--json").document()
    workspace.at("candidate.json").write_text(json.dumps(trained), encoding="utf-8")
    facts = json.loads(Path(trained["path"], "training.json").read_text(encoding="utf-8"))
    return dg.MaterializeResult(
        data_version=dg.DataVersion(trained["version"]),
        metadata={
            "version": trained["version"],
            "profile": training.profile.value,
            "trained on spam": trained["spam"],
            "trained on ham": trained["ham"],
            "steps": table({"step": "string", "seconds": "float", "peak MiB": "int"}, _steps(facts)),
        },
    )


def _steps(facts: dict[str, Any]) -> list[tuple[str, float, int | None]]:
    def mebibytes(step: dict[str, Any]) -> int | None:
        return round(step["peak_bytes"] / 2**20) if step.get("peak_bytes") else None

    return [(step["step"], round(step.get("seconds", 0), 1), mebibytes(step)) for step in facts.get("steps", [])]


@dg.asset(
    group_name=GROUP,
    owners=OWNERS,
    kinds={"scikitlearn"},
    deps=[SPAM_BAG, OTHER_BAG, TRAINING_FRAME, TESTING_FRAME, candidate_model],
    check_specs=GATE_CHECKS,
    # The schedule is monthly; a missed run shows, and two missed runs show in red.
    freshness_policy=dg.FreshnessPolicy.time_window(fail_window=timedelta(days=63), warn_window=timedelta(days=32)),
    description="""How good the new model is on held-out messages, beside the active model and the bags of words alone.

Each question that the gate asks before it promotes a model is an asset check.""",
)
def model_score(
    context: dg.AssetExecutionContext,
    sluice: Installation,
    database: Database,
    model_store: ModelStore,
    workspace: Workspace,
) -> dg.MaterializeResult:
    """Score the held-out messages with the new and the active model, and ask the gate."""
    dataset = workspace.needed(DATASET, DATASET)
    candidate = json.loads(workspace.needed("candidate_model", "candidate.json").read_text(encoding="utf-8"))
    with sluice.failures():
        command = sluice.command(context.log.info, database.settings(), model_store.settings())
        active = _active_version(command)
        report = None if active is None else _gate_report(command, active, candidate["path"], dataset)
        curves = {f"new: {candidate['version']}": score_held_out(command.with_settings(_only(Path(candidate["path"]))), dataset)}
        if active is not None:
            curves[f"active: {active}"] = score_held_out(command, dataset)
    spam = read_labels(dataset)
    workspace.at("score.json").write_text(json.dumps({"active": active, "report": report}), encoding="utf-8")
    thresholds = (report or {}).get("thresholds") or _thresholds(command)
    metadata = _score_metadata(curves, spam, thresholds)
    frame = read_frame(workspace.needed(TESTING_FRAME, f"{TESTING_FRAME}.npz"))
    plotted = {name: np.nan_to_num(scores, nan=0.0) for name, scores in curves.items()}
    if len(frame) == len(spam) and spam.any() and not spam.all():
        plotted["bags of words"] = frame.log_odds
        metadata["ROC"] = dg.MetadataValue.md(roc_plot(plotted, spam))
        metadata["precision and recall"] = dg.MetadataValue.md(precision_recall_plot(plotted, spam))
    return dg.MaterializeResult(metadata=metadata, check_results=list(check_results(report)))


def _active_version(command: SluiceCommand) -> str | None:
    """Return the version of the model that scores now; None if there is none."""
    answer = command.run("model", "list", "--json", allowed=(SUCCESS, ANSWER_IS_NO))
    return next((model["version"] for model in answer.document() if model["chosen"]), None)


def _gate_report(command: SluiceCommand, active: str, candidate: str, dataset: Path) -> dict[str, Any]:
    # No disagreements: they have people's texts.
    options = ["--data", str(dataset), "--disagreements", "0", "--json"]
    answer = command.run("model", "compare", active, candidate, *options, allowed=(SUCCESS, ANSWER_IS_NO))
    report: dict[str, Any] = answer.document()["report"]
    return report


def _only(model: Path) -> Settings:
    """Return the settings that select a model by its folder."""
    return {"SLUICE_MODEL__STORE": "folder", "SLUICE_MODEL__LOCAL_PATH": str(model.parent), "SLUICE_MODEL__VERSION": model.name}


def _thresholds(command: SluiceCommand) -> dict[str, float]:
    explained = command.run("config", "explain", "decide", "--json").document()
    named = {setting["name"].removeprefix("decide."): setting["value"] for setting in explained}
    return {name: float(named[name]) for name in ("rejectMin", "rejectMax")}


def _score_metadata(
    curves: dict[str, FloatArray], spam: np.ndarray[Any, np.dtype[np.bool_]], thresholds: dict[str, float]
) -> dict[str, Any]:
    reject_min, reject_max = thresholds["rejectMin"], thresholds["rejectMax"]
    rows = []
    metadata: dict[str, Any] = {"held-out spam": int(spam.sum()), "held-out ham": int((~spam).sum())}
    for name, scores in curves.items():
        scored = ~np.isnan(scores)
        figures = classification_figures(scores[scored], spam[scored].astype(np.int8), reject_min, reject_max)
        rows.append(
            (
                name,
                share(figures["spam_above_reject_max"]),
                share(figures["ham_above_reject_max"]),
                figures["mcc_at_half"],
                figures["roc_auc"],
                int((~scored).sum()),
            )
        )
        if len(rows) == 1:
            for key, figure in (
                ("TPR", "spam_above_reject_max"),
                ("FPR", "ham_above_reject_max"),
                ("MCC", "mcc_at_half"),
                ("ROC AUC", "roc_auc"),
            ):
                if figures[figure] is not None:
                    metadata[key] = figures[figure]
    columns = {"model": "string", "TPR": "string", "FPR": "string", "MCC": "float", "ROC AUC": "float", "not scored": "int"}
    return {**metadata, "figures": table(columns, rows), "spam above": reject_max}


MODEL_FILE = "model_file"


@dg.asset(
    name=MODEL_FILE,
    group_name=GROUP,
    owners=OWNERS,
    kinds={"onnx"},
    deps=["model_score", candidate_model],
    output_required=False,
    check_specs=[
        dg.AssetCheckSpec(
            "promoted", asset=MODEL_FILE, description="Did the new model become the active one? A refused one keeps its figures."
        )
    ],
    description="""The active model, in the model store. Running daemons switch to it.

Materialized when a new model is promoted: the first one at once, a later one if the gate says yes. At the end the data set
is removed.""",
)
def model_file(
    context: dg.AssetExecutionContext,
    sluice: Installation,
    database: Database,
    model_store: ModelStore,
    workspace: Workspace,
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Promote the new model, or write down why it was refused."""
    dataset = workspace.needed(DATASET, DATASET)
    candidate = json.loads(workspace.needed("candidate_model", "candidate.json").read_text(encoding="utf-8"))
    with sluice.failures():
        command = sluice.command(context.log.info, database.settings(), model_store.settings())
        options = ["--dataset", str(dataset), "--model", candidate["path"], "--json"]
        run = command.run("retrain", *options, allowed=(SUCCESS, ANSWER_IS_NO)).document()["run"]
    shutil.rmtree(dataset)
    promoted = run["state"] == "promoted"
    why = run["note"] or (run["report"] or {}).get("why", "")
    yield dg.AssetCheckResult(
        check_name="promoted",
        passed=promoted,
        severity=dg.AssetCheckSeverity.WARN,
        description=why,
        metadata={"state": run["state"], "candidate": candidate["version"], "active before": run["champion"] or "none"},
    )
    if promoted:
        yield dg.MaterializeResult(
            data_version=dg.DataVersion(candidate["version"]),
            metadata={"version": candidate["version"], "why": why},
        )
