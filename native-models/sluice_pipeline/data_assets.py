"""Assets of the data: base sets, what users sent and people decided, and the data set made of both."""

import json
import shutil
from pathlib import Path
from typing import Any

import dagster as dg
from pydantic import Field

from .metadata import table
from .resources import Database, Installation, Settings, Workspace

GROUP = "retraining"
"""One for all assets: Dagster's page folds several, and shows the lineage of one at once."""

OWNERS = ["team:trust-and-safety"]
DATASET = "spam_dataset"
BASE_SETTING = "retrain.data.base"


class BaseData(dg.Config):
    """
    The base data.

    Attributes
    ----------
    data : list of str
        Data sets that every model is trained on, as `sluice train --data` takes them: the file of the SMS Spam Collection, other
        files, or corpora such as `corpus:own`. Without any, those of the setting `retrain.data.base`: corpora that are installed
        with Sluice.
    """

    data: list[str] = Field(default_factory=list)


@dg.asset(
    group_name=GROUP,
    owners=OWNERS,
    kinds={"csv"},
    description="""Public and own example messages, spam and ham, that every model is trained on.

The SMS Spam Collection, where its file is configured; else the corpora of the setting `retrain.data.base`.""",
)
def sms_spam_examples(
    context: dg.AssetExecutionContext, config: BaseData, sluice: Installation, workspace: Workspace
) -> dg.MaterializeResult:
    """Count the base data sets and write down which they are."""
    with sluice.failures():
        command = sluice.command(context.log.info)
        data = config.data or command.run("config", "explain", BASE_SETTING, "--json").document()[0]["value"]
        options = [word for one in data for word in ("--data", one)]
        counted = command.run("dataset", "count", *options, "--json").document()
    workspace.at("base.json").write_text(json.dumps(data), encoding="utf-8")
    return dg.MaterializeResult(metadata=_counts("data set", counted["sets"]))


@dg.asset(
    group_name=GROUP,
    owners=OWNERS,
    kinds={"sql", "table"},
    description="""What this site's users sent, with the labels that people gave.

The table `messages` (columns `spam` and `body`), the training table with what moderators decided, and users' reports that nobody
decided yet.""",
)
def user_messages(context: dg.AssetExecutionContext, sluice: Installation, database: Database) -> dg.MaterializeResult:
    """Count the labeled messages of the database."""
    with sluice.failures():
        counted = sluice.command(context.log.info, database.settings()).run("dataset", "count", "--tables", "--json").document()
    return dg.MaterializeResult(metadata={**_counts("table", counted["tables"]), "reported, not decided": counted["reported"]})


def _counts(what: str, counted: list[dict[str, Any]]) -> dict[str, Any]:
    rows = [(one["name"], one["spam"], one["ham"]) for one in counted]
    return {
        "dagster/row_count": sum(spam + ham for _, spam, ham in rows),
        "spam": sum(spam for _, spam, _ in rows),
        "ham": sum(ham for _, _, ham in rows),
        "by " + what: table({what: "string", "spam": "int", "ham": "int"}, rows),
    }


@dg.asset(
    group_name=GROUP,
    owners=OWNERS,
    kinds={"json"},
    deps=[sms_spam_examples, user_messages],
    description="""Examples and users' messages in one data set: without near-duplicates and contradictions, and split into what
models are trained on and what is held out to compare them on.

No held-out message has a near-duplicate among the others. The folder has people's texts; `model_file` removes it.""",
)
def spam_dataset(
    context: dg.AssetExecutionContext, sluice: Installation, database: Database, workspace: Workspace
) -> dg.MaterializeResult:
    """Assemble the data set."""
    base = workspace.needed("sms_spam_examples", "base.json").read_text(encoding="utf-8")
    folder = workspace.at(DATASET)
    shutil.rmtree(folder, ignore_errors=True)
    settings: Settings = {"SLUICE_RETRAIN__DATA__BASE": base}
    with sluice.failures():
        sluice.command(context.log.info, database.settings(), settings).run("dataset", "assemble", "--out", str(folder), "--json")
    return dg.MaterializeResult(metadata=_facts(folder))


def _facts(folder: Path) -> dict[str, Any]:
    facts = json.loads((folder / "data.json").read_text(encoding="utf-8"))
    rows = [
        (
            source["name"],
            source["kind"],
            source["read"],
            source["training"]["spam"],
            source["training"]["ham"],
            source["heldOut"]["spam"],
            source["heldOut"]["ham"],
            ", ".join(f"{count} {reason}" for reason, count in source["leftOut"].items() if count > 0),
        )
        for source in facts["sources"]
    ]
    columns = {
        "source": "string",
        "kind": "string",
        "read": "int",
        "training spam": "int",
        "training ham": "int",
        "held-out spam": "int",
        "held-out ham": "int",
        "left out": "string",
    }
    return {
        "dagster/row_count": sum(sum(row[3:7]) for row in rows),
        "training": sum(row[3] + row[4] for row in rows),
        "held out": sum(row[5] + row[6] for row in rows),
        "by source": table(columns, rows),
        "contradictory messages left out": facts["contradictions"]["count"],
        "SHA-256 of training": facts["hashes"]["training"],
        "SHA-256 of held out": facts["hashes"]["heldOut"],
        # A base data set does not say when it was labeled.
        **({"labels until": dg.MetadataValue.timestamp(facts["labelsUntil"] / 1000)} if facts["labelsUntil"] > 0 else {}),
        "seed": facts["seed"],
    }
