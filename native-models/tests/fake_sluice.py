"""
Stands for the command `sluice` in tests of the pipeline: python fake_sluice.py COMMAND….

`FAKE_FOLDER` has `answers.json` (what is active, what the gate reports, which commands fail), the feature matrix (`matrix/`) and
the labels of the held-out messages (`labels.json`, a list). For each call, `calls.jsonl` gets a line of JSON with its arguments and
settings. It imports nothing but the standard library, so that it starts soon.
"""

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

VERSION = "20261201T000000Z-0000beef"


def main() -> int:
    """Answer one command."""
    arguments = sys.argv[1:]
    settings = {name: value for name, value in os.environ.items() if name.startswith("SLUICE_")}
    with (folder() / "calls.jsonl").open("a") as calls:
        calls.write(json.dumps({"arguments": arguments, "settings": settings, "cwd": os.getcwd()}) + "\n")
    answers = json.loads((folder() / "answers.json").read_text())
    name = " ".join(arguments[:2]) if arguments[0] in ("dataset", "model", "config") else arguments[0]
    if (failure := answers.get("failures", {}).get(name)) is not None:
        print(failure["message"], file=sys.stderr)
        return int(failure["code"])
    print(f"{name} …", file=sys.stderr)
    return COMMANDS[name](arguments, answers)


def folder() -> Path:
    """Return the folder of the test."""
    return Path(os.environ["FAKE_FOLDER"])


def held_out_labels() -> list[str]:
    """Return the labels of the held-out messages."""
    labels: list[str] = json.loads((folder() / "labels.json").read_text())
    return labels


def after(arguments: list[str], option: str) -> str:
    """Return the value of an option."""
    return arguments[arguments.index(option) + 1]


def answer(document: Any, code: int = 0) -> int:
    """Print a document."""
    print(json.dumps(document))
    return code


def explain(arguments: list[str], answers: dict[str, Any]) -> int:
    """Answer `config explain`."""
    if arguments[2] == "decide":
        return answer([{"name": "decide.rejectMin", "value": 0.5}, {"name": "decide.rejectMax", "value": 0.7}])
    return answer([{"name": "retrain.data.base", "value": ["corpus:own"]}])


def count(arguments: list[str], answers: dict[str, Any]) -> int:
    """Answer `dataset count`."""
    sets = [{"name": arguments[at + 1], "spam": 60, "ham": 140} for at, word in enumerate(arguments) if word == "--data"]
    tables = (
        [{"name": "training", "spam": 1, "ham": 2}, {"name": "messages", "spam": 3, "ham": 4}] if "--tables" in arguments else []
    )
    return answer({"sets": sets, "tables": tables, "reported": 5})


def assemble(arguments: list[str], answers: dict[str, Any]) -> int:
    """Write a data set whose held-out messages have the labels of the matrix that `features` writes."""
    out = Path(after(arguments, "--out"))
    out.mkdir(parents=True)
    labels = held_out_labels()
    messages = [
        {"text": f"message {at}", "label": label, "part": "new", "source": "own", "community": "c"}
        for at, label in enumerate(labels)
    ]
    (out / "held-out.jsonl").write_text("".join(json.dumps(message) + "\n" for message in messages))
    (out / "training.jsonl").write_text("")
    source = {"name": "own", "kind": "base", "read": 210, "rows": [], "leftOut": {"duplicate": 10, "contradiction": 0}}
    counts = {"training": {"spam": 50, "ham": 110}, "heldOut": {"spam": labels.count("spam"), "ham": labels.count("ham")}}
    facts = {
        "schema": 1,
        "labelsUntil": 1_700_000_000_000,
        "seed": 7,
        "sources": [{**source, **counts}],
        "hashes": {"training": "aa", "heldOut": "bb"},
        "contradictions": {"count": 2, "first": []},
    }
    (out / "data.json").write_text(json.dumps(facts))
    return answer(facts)


def features(arguments: list[str], answers: dict[str, Any]) -> int:
    """Write a matrix."""
    out = Path(after(arguments, "--out"))
    shutil.copytree(folder() / "matrix", out)
    facts = json.loads((out / "features.json").read_text())
    facts["feature_set"] = "bag-of-words-1" if after(arguments, "--profile") == "bag-of-words" else "sluice-2"
    (out / "features.json").write_text(json.dumps(facts))
    return answer({"path": str(out)})


def train(arguments: list[str], answers: dict[str, Any]) -> int:
    """Write a model's folder."""
    path = Path(after(arguments, "--out")) / VERSION
    path.mkdir(parents=True)
    (path / "training.json").write_text(json.dumps({"steps": [{"step": "fit", "seconds": 1.25, "peak_bytes": 2**20}]}))
    return answer({"version": VERSION, "path": str(path), "spam": 50, "ham": 110, "duplicates": 0})


def score(arguments: list[str], answers: dict[str, Any]) -> int:
    """Score by the labels, which a model cannot: the active model is wrong about every fourth message."""
    labels = held_out_labels()
    is_new = os.environ.get("SLUICE_MODEL__VERSION") == VERSION
    for at, _ in enumerate(Path(arguments[1]).read_text().splitlines()):
        right = is_new or at % 4 > 0
        print(json.dumps({"message_id": str(at), "probability": 0.9 if (labels[at] == "spam") == right else 0.1}))
    return 0


def models(arguments: list[str], answers: dict[str, Any]) -> int:
    """Answer `model list`."""
    active = answers["active"]
    return answer([{"version": active, "chosen": True}] if active else [], 0 if active else 1)


def compare(arguments: list[str], answers: dict[str, Any]) -> int:
    """Answer `model compare`."""
    report = answers["report"]
    return answer({"report": report}, 0 if report["promoted"] else 1)


def retrain(arguments: list[str], answers: dict[str, Any]) -> int:
    """Answer `retrain`."""
    report = answers["report"]
    promoted = report is None or report["promoted"]
    run = {"state": "promoted" if promoted else "refused", "note": "by the gate", "report": report, "champion": answers["active"]}
    return answer({"resumed": None, "run": run}, 0 if promoted else 1)


COMMANDS = {
    "config explain": explain,
    "dataset count": count,
    "dataset assemble": assemble,
    "dataset features": features,
    "train": train,
    "score": score,
    "model list": models,
    "model compare": compare,
    "retrain": retrain,
}

if __name__ == "__main__":
    sys.exit(main())
