"""The lineage, as Dagster's web server answers it."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

QUERY = """{
  assetNodes {
    assetKey { path }
    dependencyKeys { path }
    groupName
    kinds
    description
    owners { ... on TeamAssetOwner { team } }
    jobNames
    assetChecksOrError { ... on AssetChecks { checks { name } } }
  }
  schedulesOrError(
    repositorySelector: { repositoryName: "__repository__", repositoryLocationName: "sluice_pipeline.definitions" }
  ) {
    ... on Schedules { results { name cronSchedule } }
  }
}"""

LINEAGE = {
    "sms_spam_examples": set(),
    "user_messages": set(),
    "spam_dataset": {"sms_spam_examples", "user_messages"},
    "spam_bag_of_words": {"spam_dataset"},
    "non_spam_bag_of_words": {"spam_dataset"},
    "spam_training_dataframe": {"spam_dataset"},
    "spam_testing_dataframe": {"spam_dataset"},
    "candidate_model": {"spam_dataset"},
    "model_score": {
        "spam_bag_of_words",
        "non_spam_bag_of_words",
        "spam_training_dataframe",
        "spam_testing_dataframe",
        "candidate_model",
    },
    "model_file": {"model_score", "candidate_model"},
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def ask(port: int, query: str) -> dict[str, Any]:
    body = json.dumps({"query": query}).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}/graphql", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as response:
        answer: dict[str, Any] = json.load(response)
    return answer


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    (tmp_path / "dagster.yaml").write_text("telemetry:\n  enabled: false\n")
    number = free_port()
    command = [sys.executable, "-m", "dagster_webserver", "-m", "sluice_pipeline.definitions", "-h", "127.0.0.1", "-p", str(number)]
    environment = {
        **os.environ,
        "DAGSTER_HOME": str(tmp_path),
        "DAGSTER_DISABLE_TELEMETRY": "yes",
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]),
    }
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment, cwd=tmp_path)
    try:
        while True:
            assert process.poll() is None, (tmp_path / "log").read_text()
            try:
                ask(number, "{ version }")
                break
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)
        yield number
    finally:
        process.terminate()
        process.wait()


def test_the_web_server_shows_the_lineage_of_the_second_document(port: int) -> None:
    answer = ask(port, QUERY)["data"]
    nodes = {node["assetKey"]["path"][-1]: node for node in answer["assetNodes"]}
    assert {name: {key["path"][-1] for key in node["dependencyKeys"]} for name, node in nodes.items()} == LINEAGE
    for node in nodes.values():
        assert node["description"] and node["kinds"] and node["owners"]
        assert node["groupName"] == "retraining"
        assert {"retrain_job", "bag_of_words_job"} <= set(node["jobNames"])
    questions = {check["name"] for check in nodes["model_score"]["assetChecksOrError"]["checks"]}
    assert {"gate", "true_positive_rate_all", "false_positive_rate_new", "cost_all", "recall"} <= questions
    assert answer["schedulesOrError"]["results"] == [{"name": "monthly_retraining", "cronSchedule": "0 0 1 * *"}]
